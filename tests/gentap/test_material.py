"""What pretraining learns from: corpora, people's questions, statements, and what is kept out."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from gentap.asked import asked_of_cells, respelled
from gentap.held_out import HeldOut
from gentap.material import Material, QuestionSet, first_sentence
from tabtext import Cell, InputError, Table
from tabtext.examples import QAExample

RACES = Table(
    ("Rider", "Laps", "Result"), (("Ann Lee", "105", "Won"), ("Bo Ek", "99", "Lost"), ("Cy Dahl", "98", "Won"))
)


def asked(question, *answers):
    return QAExample("1", question, ", ".join(answers), answers, RACES)


def kept(*examples):
    counts = Counter()
    return list(asked_of_cells(examples, counts)), counts


def test_people_s_questions_are_kept_where_one_cell_answers_them():
    wanted = [asked("who won it last?", "cy  dahl"), asked("how many laps did bo ek ride?", "99")]
    unwanted = [asked("how many riders?", "98"), asked("who won?", "Ann Lee", "Cy Dahl"), asked("who fell?", "Di")]
    examples, counts = kept(*wanted, *unwanted)
    assert [(e.question, e.answer, e.evidence) for e in examples] == [
        ("Who won it last?", "Cy Dahl", (Cell(2, 0),)),
        ("How many laps did Bo Ek ride?", "99", (Cell(1, 1),)),
    ]
    assert counts == {"in": 3, "answered by no cell": 3}


def test_an_answer_that_stands_in_two_cells_has_no_evidence():
    [[example], _] = kept(asked("what was the first result?", "won"))
    assert (example.answer, example.evidence) == ("Won", ())


@pytest.mark.parametrize(
    ("question", "spelled"),
    [
        ("did ann lee beat bo ek?", "Did Ann Lee beat Bo Ek?"),
        ("who won it?", "Who won it?"),  # `Won` stands twice: no name
        ("is ann leeward?", "Is ann leeward?"),
        ("Was it ann lee?", "Was it ann lee?"),  # whoever writes capitals has spelled it
        ("", ""),
    ],
)
def test_names_are_spelled_as_in_the_table(question, spelled):
    assert respelled(question, RACES) == spelled


def test_a_table_is_known_by_what_it_holds():
    table = Table.from_rows([["Town", "River"], *([f"Town {i}", f"River {i}"] for i in range(9))], title="One")
    part = Table(("Place", "Stream"), table.rows[2:5], title="Other")
    years = Table(("Year",), tuple((str(1990 + i),) for i in range(9)))
    held_out = HeldOut([table, years])
    assert table in held_out and part in held_out
    assert Table(("Town",), (("Town 1",), ("Port A",), ("Port B",))) not in held_out
    assert years not in held_out  # years alone are in any table
    total = Table(("Sum",), (("Total",),))
    assert Table(("Town",), (("Total",), ("Port A",))) not in HeldOut([total])  # as is a word or two
    assert table not in HeldOut(())


def test_of_a_paragraph_the_first_sentence_is_learnt():
    assert first_sentence(asked("?", "Ann Lee won in 1999. Bo fell.")).answers == ("Ann Lee won in 1999.",)


@pytest.fixture
def corpus(tmp_path, write_corpus):
    return write_corpus(tmp_path / "corpus", tables=2)


def wikitablequestions(folder):
    """A release with one table and the questions asked of it."""
    (folder / "data").mkdir(parents=True)
    (folder / "csv/200-csv").mkdir(parents=True)
    lines = ['"Rider","Laps","Result"', *(",".join(f'"{text}"' for text in row) for row in RACES.rows)]
    (folder / "csv/200-csv/0.csv").write_text("\n".join(lines) + "\n")
    rows = [("nt-0", "who won first?", "csv/200-csv/0.csv", "Ann Lee"), ("nt-1", "how many?", "csv/200-csv/0.csv", "3")]
    header = ("id", "utterance", "context", "targetValue")
    (folder / "data/training.tsv").write_text("".join("\t".join(row) + "\n" for row in (header, *rows)))
    return folder / "data/training.tsv"


def test_sets_beside_the_corpora_give_the_form_of_their_answers(corpus, tmp_path):
    own = tmp_path / "own=short.jsonl"
    own.write_text(json.dumps(asked("Which rider has 99 laps?", "Bo Ek").to_json()) + "\n")
    people = wikitablequestions(tmp_path / "wtq")
    long = tmp_path / "long"
    long.mkdir()
    record = {"table": RACES.to_json(), "query": "Who won?", "summary": "Ann Lee won. Bo Ek lost.", "row_ids": [0]}
    (long / "part_1.json").write_text(json.dumps([record]))
    sets = tuple(map(QuestionSet.parse, (str(own), f"wikitablequestions={people}", f"qtsumm={long}")))
    material = Material([corpus], sets, statements=2)
    counts = Counter()
    short, sentences = list(material.examples("short", counts)), list(material.examples("long"))
    assert [e.question for e in short[:1] + short[5:]] == ["Who won first?", "Which rider has 99 laps?"]
    assert counts == {"in": 1, "answered by no cell": 1}
    assert [e.answer for e in sentences[:1] + sentences[5:]] == [
        "Ann Lee won.",
        "Ann Lee won first.",
        "Ostby has built 1800.",
    ]
    assert material.said[1:] == (
        "short questions (own=short.jsonl)",
        "short questions of wikitablequestions (training.tsv)",
        "long questions of qtsumm (long)",
    )
    assert [len(list(replace(material, limit=3).examples(form))) for form in ("short", "long")] == [3, 5]


def test_tables_that_are_held_out_are_not_learnt_from(corpus, tmp_path):
    own = tmp_path / "own.jsonl"
    own.write_text(json.dumps(asked("Which rider has 99 laps?", "Bo Ek").to_json()) + "\n")
    races = tmp_path / "races.csv"
    races.write_text("Rider,Laps\n" + "".join(f"{name},{laps}\n" for name, laps, _ in RACES.rows))
    material = Material([corpus], (QuestionSet.parse(str(own)),), exclude_tables=races)
    counts = Counter()
    assert len(list(material.examples("short", counts))) == 4
    assert counts == {"in": 1, "its table is held out": 1}


def test_a_set_that_is_not_known_is_named():
    with pytest.raises(InputError, match="data set of questions 'triviaqa'; known: fetaqa"):
        QuestionSet.parse("triviaqa=train.json")
    for missing in ("-", "no.jsonl", "qtsumm=no"):
        with pytest.raises(InputError, match=f"^{missing}: no such file or folder"):
            QuestionSet.parse(missing)


def test_names_are_spelled_alike_in_every_run():
    table = Table(("A", "B"), (("McDonald", "Mcdonald"), ("MCDONALD", "The Total")))
    assert respelled("did mcdonald win the total?", table) == "Did Mcdonald win the total?"
