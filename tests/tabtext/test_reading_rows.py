"""SQuAD's questions as questions about a row."""

import json

import pytest

from tabtext.corpora.questions import read_questions
from tabtext.corpora.reading_rows import cells_of, kind_of

CONTEXT = "In Rome, Mara Lind (the Wren) won the Giro on 12 May 1990 with 41 points. It rained."


@pytest.fixture
def asked(tmp_path):
    """The examples of these questions with their answers."""

    def read(*questions):
        qas = [
            {"question": question, "answers": [{"text": answer, "answer_start": CONTEXT.find(answer)}]}
            for question, answer in questions
        ]
        paragraphs = [{"context": CONTEXT, "qas": qas}]
        (tmp_path / "squad.json").write_text(json.dumps({"data": [{"title": "The_Giro", "paragraphs": paragraphs}]}))
        return list(read_questions(tmp_path / "squad.json", "squad"))

    return read


def test_a_sentence_is_a_row_of_what_it_names(asked):
    (example,) = asked(("What race did Mara Lind win?", "Giro"))
    assert example.table.title == "The Giro"
    assert list(zip(example.table.header, *example.table.rows, strict=True)) == [
        ("Name", "Rome"), ("Name", "Mara Lind"), ("Name", "Wren"), ("Race", "Giro"), ("Date", "12 May 1990"),
        ("Number", "41"),
    ]  # fmt: skip
    assert example.evidence == ((0, 3),) and example.table[example.evidence[0]] == example.answer == "Giro"


def test_nothing_in_the_answer_is_told_twice(asked):
    (example,) = asked(("Who won the Giro?", "Mara Lind (the Wren)"))
    assert example.table.rows == (("Rome", "Mara Lind (the Wren)", "Giro", "12 May 1990", "41"),)


@pytest.mark.parametrize("sentence, cells", [
    ("Ann moved to New York with Will Smith in May 1999.", ["Ann", "New York", "Will Smith", "May 1999"]),
    ("It opened for Ann on May 12, 1990 in Rome.", ["Ann", "May 12, 1990", "Rome"]),
    ("In the Alps Émile Zola met Ann near Łódź.", ["Alps Émile Zola", "Ann", "Łódź"]),
    ("Annotated in 1910, her eBay list let Ann earn 10 dollars.", ["Annotated", "1910", "Ann", "10"]),
])  # fmt: skip
def test_what_names_there_are(sentence, cells):
    assert cells_of(sentence, "Ann") == cells


def test_what_the_sentence_does_not_name_is_left_out(asked):
    assert asked(("Who beat Otto Brand?", "Mara Lind"), ("What came down?", "rained")) == []


@pytest.mark.parametrize("cell, kind", [
    ("1999", "Year"), ("May 1999", "Date"), ("41", "Number"), ("£1,300", "Number"), ("12%", "Number"), ("Rome", "Name"),
    ("3456", "Number"), ("41 points", "Name"), ("Augustus", "Name"), ("Mayor", "Name"), ("May", "Date"),
])  # fmt: skip
def test_cells_have_kinds(cell, kind):
    assert kind_of(cell) == kind
