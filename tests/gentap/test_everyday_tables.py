"""What people ask of tables they have: staff, prices, scores, timetables, elections; the cells that answer, or none.

`everyday/questions.jsonl` holds every question that was asked, also those that the rules still miss. Its `asked` is the
round in which it was written: after the rules were mended by what they missed in the rounds before.
"""

import json
from pathlib import Path

import pytest

from gentap.rules.compose import compose
from tabtext.matching import TableMatcher
from tabtext.readers import read_table

EVERYDAY = Path(__file__).parent / "everyday"


def _cases():
    for line in (EVERYDAY / "questions.jsonl").read_text("utf-8").splitlines():
        fields = json.loads(line)
        marks = [pytest.mark.xfail(reason="the rules miss it", strict=True)] if fields.get("missed") else []
        yield pytest.param(fields["table"], fields["question"], fields["answer"], marks=marks, id=fields["question"])


@pytest.mark.parametrize(("table", "question", "answers"), list(_cases()))
def test_the_cells_that_answer_are_found_without_a_model(table, question, answers):
    table = read_table(EVERYDAY / table)
    found = compose(question, TableMatcher(table))
    assert sorted(table[cell] for cell in (found.answers if found else ())) == sorted(answers)
