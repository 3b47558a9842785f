"""What is asked of a table, and what is not: questions whose answer a careful reader would dispute."""

from collections.abc import Iterator

from gentap.grammar.conditions import select
from gentap.grammar.phrasing import phrasebook
from gentap.grammar.view import TableView
from gentap.question_mix import QuestionMix
from gentap.questions import GrammarQuestion, questions
from tabtext.table import Table

SEEDS = range(12)

FERRIES = Table.from_rows(
    [
        ["Ferry", "Port", "Owner", "Crew"],
        ["Alma", "Hull", "Orr & Sons", "11"],
        ["Brisa", "Hull", "Tay Lines", "12"],
        ["Cora", "Leith", "Tay Lines", "7"],
        ["Dawn", "Leith", "Forth Boats", "3"],
        ["Echo", "Leith", "Ness Ferries", "9"],
    ]
)


def asked(table: Table, *types: str) -> Iterator[GrammarQuestion]:
    """The questions of these types that are asked of a table, by several seeds."""
    for seed in SEEDS:
        for _, question in questions([table], QuestionMix(40, types), seed):
            yield question


def test_only_is_asked_of_a_row_that_meets_the_condition():
    view = TableView(FERRIES, phrasebook().words)
    answers = set()
    for question in asked(FERRIES, "only"):
        _, known, condition = question.program.arguments
        assert set(select(known, view).rows) <= set(select(condition, view).rows), question.question
        answers.update(question.result.answer)
    assert answers == {"yes", "no"}
