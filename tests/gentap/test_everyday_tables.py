"""What people ask of tables they have: staff, prices, scores, timetables, elections; what answers as `gentap answer`
without a model finds it, computed or chosen by rules, or nothing.

`everyday/questions.jsonl` holds every question that was asked, also those that are still missed. Its `asked` is the
round in which it was written, after the rules were mended by what they missed in the rounds before: up to 5 by the
rules' own author, in 6 by a reader who knew none of them.
"""

import json
from pathlib import Path

import pytest

from gentap.grammar.answer import GrammarQA
from gentap.rules.compose import compose
from tabtext.errors import InputError
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
    table = read_table(EVERYDAY / table)
    assert sorted(_computed(table, question) or _found(table, question)) == sorted(answers)


def _computed(table, question):
    try:
        return GrammarQA(table)(question).texts
    except InputError:
        return ()


def _found(table, question):
    found = compose(question, TableMatcher(table))
    return [table[cell] for cell in (found.answers if found else ())]
