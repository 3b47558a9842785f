"""What people ask of tables they have: staff, prices, scores, timetables, elections; what answers as `gentap answer`
without a model finds it, computed or chosen by rules, or nothing.

`everyday/questions.jsonl` holds every question that was asked, also those that are still missed. Its `asked` is the
round in which it was written, after the rules were mended by what they missed in the rounds before: up to 5 by the
rules' own author, from 6 on by others who knew none of them. The parser has learnt from all of them, so that this tells
what has changed and not how often it is right: that `test_unseen_questions.py` does.
"""

import json
from pathlib import Path

import pytest

from gentap.answering import before
from gentap.answers import Asked
from gentap.parser.fit import denotes
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
def test_what_answers_is_found_without_a_model(table, question, answers):
    found = _found(read_table(EVERYDAY / table), question)
    assert sorted(found) == sorted(answers) or denotes(found, answers)


def _found(table, question):
    """What the grammar computes, else what the parser is sure of, else what the rules choose."""
    for answerer in before("rules"):
        (answer,) = answerer([Asked(question, table)], on_error="skip")
        if answer.answerable:
            return answer.texts
    found = compose(question, TableMatcher(table))
    return [table[cell] for cell in (found.answers if found else ())]
