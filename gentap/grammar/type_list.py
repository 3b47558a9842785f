"""The list of question types, each with what it asks and an example about one small table."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from gentap.grammar.types import TYPES
from gentap.questions import GrammarQuestion, QuestionMix, table_questions
from tabtext.table import Table

EXAMPLE = Table.from_rows(
    [
        ["Peak", "Country", "Height (m)", "Climbers", "First ascent", "Range"],
        ["Mount Orlen", "Ostmark", "4,812", "1,200", "14 July 1871", "Grey Range"],
        ["Saddle Peak", "Ostmark", "3,970", "860", "2 August 1880", "Grey Range"],
        ["Tor Velm", "Valdoria", "5,106", "340", "9 June 1902", "High Velm"],
        ["The Needle", "Valdoria", "4,455", "95", "21 July 1931", "High Velm"],
        ["Mount Brack", "Sandrey", "2,318", "2,400", "3 May 1865", "Coast Range"],
        ["Little Orlen", "Ostmark", "3,105", "1,750", "30 May 1866", "Grey Range"],
    ],
    title="Mountains",
)


def example(name: str, seed: int = 0) -> GrammarQuestion:
    """A question of one type about the example table."""
    mix = QuestionMix(per_table=1, types=(name,))
    for attempt in range(100):
        for question in table_questions(EXAMPLE, random.Random(f"{seed}/{name}/{attempt}"), mix, Counter()):
            return question
    raise AssertionError(f"the example table serves no question of type {name!r}")


def list_types() -> Iterator[str]:
    """A line for each type, and below it an example with its answer."""
    for name, kind in TYPES.items():
        question = example(name)
        yield f"{name:18} {kind.description}"
        yield f"{'':18} {question.question} -> {', '.join(question.result.answer) or 'not in this table'}"
