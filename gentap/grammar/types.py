"""The types of question, by name: how one is sampled, what it asks, how many answers it may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gentap.grammar import number_types, row_types
from gentap.grammar.profile import Profile
from gentap.grammar.sampling import Sampler


class QuestionType(NamedTuple):
    """A type of question. What a sampled program's answer is, and whether it may be asked, running it decides."""

    sample: Sampler
    description: str
    most_answers: int = 1
    share: float = 1.0
    """The share of tables that can serve the type: rare types are preferred where they can be."""
    needs: Callable[[Profile], object] = lambda table: True
    """What a table must have, by its profile, for the sampler to be called; nothing, unless said."""


FEW, MANY = 3, 10

TYPES: dict[str, QuestionType] = {
    "lookup": QuestionType(row_types.lookup, "the cell of a row named by one value", share=0.94),
    "conjunction": QuestionType(row_types.conjunction, "the row that meets two conditions", FEW, share=0.82),
    "comparison": QuestionType(
        row_types.comparison, "rows above or below a number", FEW, share=0.29, needs=lambda table: table.measures
    ),
    "between": QuestionType(
        row_types.between, "rows between two numbers or dates", FEW, share=0.49, needs=lambda table: table.ordered
    ),
    "spelling": QuestionType(
        row_types.spelling,
        "rows whose text starts with, ends with or contains a word",
        FEW,
        share=0.57,
        needs=lambda table: table.texts and table.rows,
    ),
    "date-order": QuestionType(
        row_types.date_order, "rows before or after a date", FEW, share=0.4, needs=lambda table: table.dated
    ),
    "negation": QuestionType(
        row_types.negation,
        "rows that do not have a value, or how many",
        FEW,
        share=0.8,
        needs=lambda table: table.categories,
    ),
    "exception": QuestionType(
        row_types.exception,
        "the rows that meet a condition, apart from one",
        FEW,
        share=0.5,
        needs=lambda table: table.entities and table.categories,
    ),
    "list": QuestionType(
        row_types.listing, "all rows that meet a condition, or all values of a column", MANY, share=0.75
    ),
    "adjacent": QuestionType(
        row_types.adjacent, "the row before or after one", share=0.89, needs=lambda table: table.entities
    ),
    "two-hops": QuestionType(
        row_types.two_hops,
        "a row found through another row, or through the highest or lowest",
        FEW,
        share=0.55,
        needs=lambda table: table.entities,
    ),
    "count": QuestionType(number_types.count, "how many rows meet a condition", share=0.91),
    "distinct": QuestionType(
        number_types.distinct, "how many different values a column has", share=0.73, needs=lambda table: table.sorts
    ),
    "most-frequent": QuestionType(
        number_types.most_frequent, "the value that occurs most often", share=0.7, needs=lambda table: table.countable
    ),
    "percentage": QuestionType(
        number_types.percentage, "the share of rows that meet a condition, or of a sum that a row has", share=0.92
    ),
    "sum": QuestionType(
        number_types.total("sum", additive=True),
        "the sum of a column, over all rows or some",
        share=0.22,
        needs=lambda table: table.additive,
    ),
    "average": QuestionType(
        number_types.total("average", additive=False),
        "the average of a column, over all rows or some",
        share=0.24,
        needs=lambda table: table.measures,
    ),
    "extreme": QuestionType(
        number_types.extreme,
        "the highest or lowest number, the earliest or latest date",
        share=0.66,
        needs=lambda table: table.ordered,
    ),
    "superlative": QuestionType(
        number_types.superlative,
        "the row with the highest or lowest number, or the first or last date",
        share=0.56,
        needs=lambda table: table.ordered,
    ),
    "superlative-among": QuestionType(
        number_types.superlative_among,
        "the highest or lowest of the rows that meet a condition",
        share=0.11,
        needs=lambda table: table.measures and table.categories,
    ),
    "rank": QuestionType(
        number_types.rank, "the row that is the n-th highest or lowest", share=0.25, needs=lambda table: table.ranked
    ),
    "rank-of": QuestionType(
        number_types.rank_of,
        "which place a row takes by a number",
        share=0.21,
        needs=lambda table: table.measures and table.entities,
    ),
    "compare-two": QuestionType(
        number_types.compare_two,
        "which of two rows has more, or is earlier",
        share=0.56,
        needs=lambda table: table.ordered and table.entities,
    ),
    "difference": QuestionType(
        number_types.difference,
        "by how much two rows differ",
        share=0.26,
        needs=lambda table: table.measures and table.entities,
    ),
    "ratio": QuestionType(
        number_types.ratio,
        "how many times as much one row has as another",
        share=0.19,
        needs=lambda table: table.additive and table.entities,
    ),
    "date-distance": QuestionType(
        number_types.date_distance,
        "the years or days between two dates",
        share=0.34,
        needs=lambda table: table.dated and table.entities,
    ),
    "unit": QuestionType(
        number_types.unit_aware,
        "a number in another unit or scale",
        share=0.08,
        needs=lambda table: table.converted and table.entities,
    ),
    "yes-no": QuestionType(
        row_types.yes_no,
        "whether a row has a value, or more than another",
        share=0.89,
        needs=lambda table: table.entities and table.others,
    ),
    "only": QuestionType(
        row_types.only,
        "whether a row is the only one that meets a condition",
        share=0.88,
        needs=lambda table: table.entities and table.others,
    ),
    "all": QuestionType(row_types.all_or_most("every"), "whether all rows meet a condition", share=0.54),
    "most": QuestionType(row_types.all_or_most("most"), "whether most rows meet a condition", share=0.71),
    "unanswerable": QuestionType(row_types.unanswerable, "a question that the table does not answer", 0, share=0.43),
}
"""The types by name."""
