"""Questions that others wrote about tables of their own, and by which neither rules nor weights were ever mended.

`unseen/questions.jsonl` may be asked, and no word of it may be learnt from: whoever mends something by what it shows
makes a new one. docs/results.md says what was right when it was first asked.
"""

import json
from pathlib import Path

import pytest

from gentap.answering import before
from gentap.answers import Asked
from gentap.parser.answer import ParserQA
from gentap.parser.fit import denotes
from tabtext.readers import read_table

UNSEEN = Path(__file__).parent / "unseen"
LEARNT = (Path(__file__).parents[2] / "recipes" / "everyday", Path(__file__).parent / "everyday")
"""What the parser has learnt from, beside WikiTableQuestions."""
RIGHT = 0.6
"""The share that must be right; docs/results.md has how many were."""


@pytest.fixture(scope="module")
def questions():
    return [json.loads(line) for line in (UNSEEN / "questions.jsonl").read_text("utf-8").splitlines()]


def test_most_are_answered_rightly_without_a_model(questions):
    tables = {one["table"]: read_table(UNSEEN / one["table"]) for one in questions}
    right = 0
    for one in questions:
        asked = Asked(one["question"], tables[one["table"]])
        answers = (next(answer([asked], on_error="skip")) for answer in before("a model"))
        found = next((answer.texts for answer in answers if answer.answerable), ())
        right += denotes(found, one["answer"]) if one["answer"] else not found
    assert right / len(questions) >= RIGHT


def test_the_surer_the_parser_is_the_oftener_it_is_right(questions):
    answers = [(ParserQA(read_table(UNSEEN / one["table"]))(one["question"]), one["answer"]) for one in questions]
    judged = sorted(
        ((a.score, denotes(a.texts, wanted)) for a, wanted in answers if a.answerable and wanted), reverse=True
    )
    sure, unsure = judged[: len(judged) // 3], judged[-len(judged) // 3 :]
    assert sum(right for _, right in sure) > 1.5 * sum(right for _, right in unsure)


def test_none_of_them_is_learnt_from(questions):
    learnt = {path.name for folder in LEARNT for path in folder.rglob("*")} - {"questions.jsonl"}
    assert learnt.isdisjoint(one["table"] for one in questions)
