"""Choosing the cell a question asks for: what its words say, the clues, and the weights that are learnt for them."""

import json
import sys
from unittest.mock import patch

import numpy as np
import pytest
import torch

from gentap import TableQA
from gentap.cli import main
from gentap.encode import structure_of
from gentap.model import DualDecoderT5
from gentap.model_settings import ModelSettings
from gentap.rules.asked_for import cells_asked_for
from gentap.rules.choice import Choice
from gentap.rules.clues import CELL_CLUES, COLUMN_CLUES, MOST_ROWS, ROW_CLUES, clues
from gentap.rules.fit_choice import FITTING, _known, _loss, _share_right, answering
from gentap.rules.reading import read_question
from tabtext import Cell, InputError, Table
from tabtext.examples import QAExample
from tabtext.jsonl import dumps
from tabtext.matching import TableMatcher
from tabtext.models import from_scratch

PARTIES = Table.from_rows(
    [
        ["Party", "Votes", "Year"],
        ["Green List", "1,200", "1999"],
        ["Union of War", "300", "2001"],
        ["Centre", "5,000", "2010"],
        ["Total", "6,500", ""],
    ],
    title="Votes in Ostby",
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which party has the most votes?", {"extreme": 2}),
        ("Which party has the 2nd most votes?", {"extreme": 0, "relates": True}),
        ("Which party has the third highest votes?", {"extreme": 1}),
        ("Which party has the 9th most votes?", {"extreme": None}),
        ("Which party has fewer votes, Green List or Centre?", {"extreme": 0}),
        ("Which party has more than 1,000 votes?", {"compared": {0, 2}, "extreme": None}),
        ("Which party is from before 2005?", {"compared": {0, 1}, "above": True}),
        ("For which year does the party start with \"Green\"?", {"spelled": {0}}),
        ("For which year does the party end in 'War'?", {"spelled": {1}}),
        ("For which year does the party contain \"of\"?", {"spelled": {1}}),
        ("Which party has over 6 thousand votes?", {"compared": frozenset()}),
        ("Which parties have over 4 thousand votes?", {"compared": {2}}),
        ("Which party is there since 2001?", {"compared": {1, 2}, "best": ()}),
        ("Which contains \" \"?", {"spelled": frozenset()}),
        ("Which is better, Green List or Centre?", {"offers": True, "best": (0, 2), "extreme": None}),
        ("Which party is the most recent?", {"latest": 2, "weighs": True}),
        ("Which party was the earliest?", {"earliest": 0}),
        ("Which party is just below Centre?", {"best": (2,), "below": True, "above": False, "relates": True}),
        ("Other than Centre, which party is there?", {"excepts": True, "relates": True}),
        ("What is Union of War in the Votes in Ostby?", {"best": (1,)}),
        ("What are the Votes in Ostby of the Green List?", {"best": (0,)}),
        ("Which party got 300 votes?", {"best": (1,), "relates": False, "excepts": False}),
    ],
)  # fmt: skip
def test_what_the_words_say(question, expected):
    reading = read_question(question, TableMatcher(PARTIES))
    assert {name: getattr(reading, name) for name in expected} == expected


PEAKS = Table.from_rows(
    [
        ["Mountain", "Height (m)", "Time (s)", "Top speed", "Price"],
        ["Arn", "900", "310", "40", "$9"],
        ["Bel", "2,300", "250", "50", "$8"],
        ["Cor", "1,200", "240", "30", "$7"],
    ]
)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Which mountain is the tallest?", 1),
        ("Which mountain is the lowest?", 0),
        ("Who was the fastest?", 2),
        ("Which is the slowest?", 0),
        ("Which mountain is the heaviest?", None),
        ("Which mountain is it?", None),
        ("Which mountain is not the tallest?", None),
        ("Which two mountains are the tallest?", None),
        ("What has the highest number of sheep?", None),
        ("What is the lowest temperature?", None),
        ("Which is the highest peak?", 1),
        ("Apart from Bel, which is the tallest?", 2),
        ("Which is the tallest with less than 2,000 height?", 2),
        ("What is the least expensive mountain?", 2),
        ("Which is more expensive?", 0),
        ("Which mountains are expensive?", None),
    ],
)
def test_some_words_say_by_themselves_what_there_is_the_most_of(question, row):
    assert read_question(question, TableMatcher(PEAKS)).extreme == row


STAFF = Table.from_rows(
    [
        ["Name", "Salary", "Manager", "Pos"],
        ["Ann", "$52", "Bob", "2"],
        ["Bob", "$71", "Eve", "1"],
        ["Eve", "$120", "", "3"],
    ]
)


@pytest.mark.parametrize(
    ("question", "row"),
    [("Who earns the most?", 2), ("Who earned the least?", 0), ("Who earns the most awards?", None), ("Who won?", 1),
     ("Who won the fewest?", None), ("Who did not win?", None), ("Who won silver?", None), ("Who is it?", None)],
)  # fmt: skip
def test_who_won_and_who_earns_the_most(question, row):
    assert read_question(question, TableMatcher(STAFF)).extreme == row


@pytest.mark.parametrize(
    ("question", "own", "cells"),
    [
        ("Who is the manager of Bob?", None, [Cell(1, 2)]),  # and not Ann, whose manager is Bob
        ("Who is Eve's manager?", None, []),
        ("Who is Eve's manager?", Cell(1, 0), []),  # a model's guess of another row
        ("What is Eve's salary?", Cell(0, 1), [Cell(2, 1)]),
    ],
)
def test_an_empty_cell_is_no_reason_to_answer_with_another_row(question, own, cells):
    assert cells_asked_for(question, TableMatcher(STAFF), own) == cells


def test_the_label_of_a_row_and_the_name_of_a_column_are_enough():
    table = Table.from_rows([["Month", "Jan", "Feb"], ["High (C)", "3", "5"], ["Rain (mm)", "60", "48"]])
    for question, cell in (("What is the high in Feb?", Cell(0, 2)), ("How much rain falls in Jan?", Cell(1, 1))):
        assert cells_asked_for(question, TableMatcher(table)) == [cell]
        assert cells_asked_for(question, TableMatcher(table), Cell(0, 1)) == [cell]
    assert cells_asked_for("What is the low in Mar?", TableMatcher(table)) == []


@pytest.mark.parametrize("rows", [[["A", "B"]], [[]], []])
def test_a_table_without_cells_answers_nothing(rows):
    matcher = TableMatcher(Table.from_rows(rows))
    assert not any(cells_asked_for(question, matcher) for question in ("Who is A?", "?", ""))


def test_an_empty_cell_under_a_longer_name_is_none_of_a_shorter_one():
    table = Table.from_rows([["Shop", "Sold", "Sold in May"], ["A1", "5", "3"], ["B2", "9", ""]])
    assert cells_asked_for("How many did B2 sell in May?", TableMatcher(table)) == []
    assert cells_asked_for("How many did A1 sell in May?", TableMatcher(table)) == [Cell(0, 2)]


def test_what_has_none_of_something_is_a_row_with_that_empty():
    matcher = TableMatcher(STAFF)
    assert cells_asked_for("Who has no manager?", matcher, Cell(0, 0)) == [Cell(2, 0)]


def test_columns_named_by_figures_are_told_apart():
    table = Table.from_rows(
        [["Item", "2020", "2021", "2022"], ["Travel", "1,200", "0", "3,000"], ["Rent", "9", "8", "7"]]
    )
    found = clues(read_question("How much was spent on travel in 2021?", TableMatcher(table)), table)
    assert [dict(zip(COLUMN_CLUES, column, strict=True))["name said"] for column in found.columns] == [0, 0, 1, 0]
    assert not found.cells[0, 2, CELL_CLUES.index("nothing")]


def test_what_a_question_says_of_the_title_names_no_cell():
    table = Table.from_rows([["Film", "Year"], ["Arun", "2000"], ["Bruce Lee", "2015"]], title="Arun Vijay")
    reading = {
        question: read_question(question, TableMatcher(table)) for question in ("Who is Arun Vijay?", "Who is Arun?")
    }
    assert [reading.best for reading in reading.values()] == [(), (0,)]
    titled = Table.from_rows([table.header, *table.rows], title="The Bruce Lee")
    assert read_question("When was Bruce Lee made?", TableMatcher(titled)).best == (1,)  # a whole cell stays one


def test_a_heading_across_a_row_and_a_label_are_told():
    table = Table.from_rows([["", "Ann", "Ben"], ["Career", "Career", "Career"], ["Medals", "3", "4"]])
    found = clues(read_question("Which medal did Ann win?", TableMatcher(table)), table)
    rows = [dict(zip(ROW_CLUES, row, strict=True)) for row in found.rows]
    assert [row["one text"] for row in rows] == [1, 0] and [row["label alike"] for row in rows] == [0, 1]


def test_an_empty_cell_leaves_no_answer_unless_a_column_of_its_name_has_one():
    table = Table.from_rows(
        [["Town", "Votes", "Votes (2)", "Dogs"], ["Ostby", "", "300", "5"], ["Velmar", "-", "", "4"]]
    )
    matcher = TableMatcher(table)
    assert cells_asked_for("How many votes has Ostby?", matcher) == [Cell(0, 2)]
    assert cells_asked_for("How many votes has Velmar?", matcher) == []


def test_a_margin_is_nothing_but_what_is_called_so():
    table = Table.from_rows([["Candidate", "Votes"], ["Ann Lee", "900"], ["Bob Roe", "700"], ["Majority", "200"]])
    question = "By how many votes did Ann Lee win?"
    assert cells_asked_for(question, TableMatcher(table)) == [Cell(2, 1)]
    assert cells_asked_for(question, TableMatcher(Table.from_rows([table.header, *table.rows[:2]]))) == []


def test_clues_have_their_places_and_know_the_models_cell():
    found = clues(read_question("How many votes did Centre get?", TableMatcher(PARTIES)), PARTIES, Cell(2, 1))
    assert [part.shape for part in found[1:]] == [
        (4, len(ROW_CLUES)), (3, len(COLUMN_CLUES)), (4, 3, len(CELL_CLUES)), (4, 3),
    ]  # fmt: skip
    row = dict(zip(ROW_CLUES, found.rows[2], strict=True))
    column = dict(zip(COLUMN_CLUES, found.columns[1], strict=True))
    assert row["the best"] and row["the model's"] and column["how many number"] and column["the word"]
    assert found.cells[2, 1, CELL_CLUES.index("the model's")] and not found.cells[2, 1, CELL_CLUES.index("no model's")]
    assert dict(zip(ROW_CLUES, found.rows[3], strict=True))["a sum"] and not found.says[3, 2]


def test_of_a_long_table_the_rows_that_are_spoken_of_are_looked_at():
    long = Table.from_rows([["Town", "Built"], *([f"Town {i}", str(1000 + i)] for i in range(2000))])
    found = clues(read_question("When was Town 1500 built?", TableMatcher(long)), long)
    assert len(found.numbers) == MOST_ROWS and {1499, 1500, 1501, 1999} <= set(found.numbers)


@pytest.mark.parametrize(
    ("answer", "evidence", "cells"),
    [
        ("1,200", [], {(0, 1)}),
        ("Centre got 5,000 votes.", [Cell(2, 0), Cell(2, 1)], {(2, 1)}),
        ("Nobody.", [], set()),
        ("300", [Cell(1, 1)], {(1, 1)}),
    ],
)
def test_the_cells_that_answer(answer, evidence, cells):
    example = QAExample("", "How many votes did Centre get?", answer, (answer,), PARTIES, tuple(evidence))
    assert answering(example) == cells


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("Which is better, Green List or Centre?", []),  # no clue says which
        ("Which party has fewer votes, Green List or Centre?", [(0, 0)]),
        ("Which party comes after Green List?", [(1, 0)]),
        ("Which parties have more than 1,000 votes?", [(2, 0), (0, 0)]),
        ('Which party starts with "Cen"?', [(2, 0)]),
        ("In which year was Union of War there?", [(1, 2)]),
    ],
)
def test_what_is_chosen_is_what_the_words_ask_for(question, cells):
    found = cells_asked_for(question, TableMatcher(PARTIES))
    assert sorted(found) == sorted(cells)


def test_a_model_may_bring_weights_of_its_own(tmp_path, lighthouses):
    made = from_scratch("tiny", ["Town Built Ostby"], structure=structure_of("keyed"), seed=1)
    qa = TableQA(made._replace(model=DualDecoderT5.from_t5(made.model.cpu())), ModelSettings(max_length=96))
    qa.save_pretrained(tmp_path / "plain")
    assert TableQA.from_pretrained(tmp_path / "plain").choice is None
    shipped = Choice.load()
    qa.choice = shipped._replace(bias=shipped.bias + 1)
    qa.save_pretrained(tmp_path / "own")
    assert np.allclose(TableQA.from_pretrained(tmp_path / "own").choice.bias, shipped.bias + 1, atol=1e-3)


@pytest.fixture(scope="module")
def questions(tmp_path_factory, lighthouses):
    """A file of questions about towns, each answered by one cell."""
    path = tmp_path_factory.mktemp("questions") / "questions.jsonl"
    asked = [
        {"question": question, "answer": [table.rows[i][column]], "evidence": [[i, column]], "table": table.to_json()}
        for table in map(lighthouses, range(12)) for i, (town, year) in enumerate(table.rows)
        for question, column in ((f"In which year was {town} built?", 1), (f"Which town has built {year}?", 0))
    ]  # fmt: skip
    path.write_text("".join(dumps(one) + "\n" for one in asked))
    return path


def run(*arguments):
    """The exit status of `gentap fit-choice ARGUMENTS`."""
    with patch.object(sys, "argv", ["gentap", "fit-choice", *map(str, arguments)]), pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_clues_unknown_when_weights_were_learnt_count_nothing_and_clues_unknown_now_are_refused(tmp_path):
    held = Choice.load().to_json()
    del held["rows"]["one text"]
    (tmp_path / "older.json").write_text(dumps(held))
    older = Choice.load(tmp_path / "older.json")
    assert not older.rows[ROW_CLUES.index("one text")].any() and np.allclose(older.units, Choice.load().units)
    held["rows"]["moon"] = held["units"]
    (tmp_path / "later.json").write_text(dumps(held))
    with pytest.raises(InputError, match="'moon', which this version"):
        Choice.load(tmp_path / "later.json")


def test_questions_that_the_rules_keep_from_their_answer_are_counted_as_wrong(tmp_path):
    asked = QAExample("", "Which town is Ostby?", "Ostby", ("Ostby",), towns())
    known = _known(asked, None)
    assert not known.answers.any() and _share_right(Choice.load(), [known]) == 0
    assert _known(QAExample("", "Who?", "Nobody", ("Nobody",), towns()), None) is None


def test_weights_are_learnt_and_made_again(questions, tmp_path, capsys):
    assert run(questions, "--units", 8, "--passes", 6, "-o", tmp_path / "choice.json") == 0
    assert "100.0% of those held out" in capsys.readouterr().err
    assert run(questions, "--units", 8, "--passes", 6, "-o", tmp_path / "again.json") == 0
    assert (tmp_path / "choice.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    choice, matcher = Choice.load(tmp_path / "choice.json"), TableMatcher(towns())
    assert cells_asked_for("In which year was Velmar built?", matcher, choice=choice) == [Cell(1, 1)]
    assert run(questions, "-o", tmp_path / "choice.json") == 2
    assert "exists" in capsys.readouterr().err


def towns():
    return Table.from_rows([["Town", "Built"], ["Ostby", "1990"], ["Velmar", "2000"], ["Hallam", "-"]])


def test_what_is_learnt_is_what_is_used():
    choice, table = Choice.load(), towns()
    known = _known(QAExample("", "In which year was Velmar built?", "2000", ("2000",), table), None)
    weights = [torch.from_numpy(np.array(part)) for part in choice]
    odds = np.exp(choice.worth(known.clues)) * known.clues.says
    probability = odds[known.answers.numpy()].sum() / odds.sum()
    assert float(_loss(weights, known)) * 16 == pytest.approx(-np.log(probability), abs=1e-4)
    assert FITTING.units == len(choice.units)


def test_too_few_questions_and_broken_weights_are_said(questions, tmp_path, capsys):
    assert run(questions, "--limit", 5, "-o", tmp_path / "few.json") == 2
    assert "5 questions that cells answer; 20 are needed" in capsys.readouterr().err
    held = Choice.load().to_json()
    broken = {"not JSON": "{", "other clues": dumps({**held, "rows": {}}), "of no shape": dumps({**held, "bias": [1]}),
              "no numbers": dumps({**held, "bias": [float("nan")] * FITTING.units})}  # fmt: skip
    for name, text in broken.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(InputError, match=f"{name}: (holds no weights|its weights do not fit)"):
            Choice.load(tmp_path / name)
    with pytest.raises(InputError, match="holds no weights"):
        Choice.load(tmp_path / "absent")


def test_what_ships_knows_every_clue_and_is_small():
    from gentap.rules.choice import SHIPPED

    held = json.loads(SHIPPED.read_text())
    assert set(held["rows"]) == set(ROW_CLUES) and set(held["columns"]) == set(COLUMN_CLUES)
    assert SHIPPED.stat().st_size < 100_000
