"""Sentences composed by rules: of which cells, and how they are said."""

import json

import pytest

from gentap.answering import answer_command
from gentap.answers import RULES, Asked
from gentap.asked_for import cells_asked_for, wanted
from gentap.compose import compose, composed_answers, first_question
from tabtext import Cell, InputError, Table
from tabtext.matching import TableMatcher

ROLES = Table.from_rows(
    [
        ["Year", "Title", "Role", "Votes", "Notes"],
        ["2008", "Stargate Atlantis", "Dusty", "1,200", "1 episode"],
        ["2008", "My Boys", "Meredith", "900", ""],
        ["2011", "True Blood", "Luna", "3,400", "main"],
        ["2013", "The League", "Tiffany", "-", ""],
    ],
    title="Janina Gavankar",
)


@pytest.fixture(scope="module")
def matcher():
    return TableMatcher(ROLES)


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("What role did she play in True Blood?", [(2, 2)]),
        ("What roles did she play in 2008?", [(0, 2), (1, 2)]),
        ("Which shows was she in in 2008?", [(0, 1), (1, 1)]),
        ("When did she play Luna?", [(2, 0)]),
        ("How many votes did My Boys get?", [(1, 3)]),
        ("Which show got the most votes?", [(2, 1)]),
        ("Which show got the fewest votes?", [(1, 1)]),
        ("What roles did she play from 2010 to 2013?", [(2, 2), (3, 2)]),
        ("Who wrote it?", []),
        ("How many votes did The League get?", []),  # a mark for nothing is no answer
    ],
)
def test_a_question_asks_for_cells_by_its_words(matcher, question, cells):
    assert cells_asked_for(question, matcher) == cells


def test_a_models_cell_counts_among_the_words_and_alone_where_the_question_relates_rows(matcher):
    own = Cell(0, 2)
    assert cells_asked_for("Who wrote it?", matcher, own) == [own]
    assert cells_asked_for("What did she play in My Boys?", matcher, own) == [Cell(1, 2)]
    assert cells_asked_for("Which role is listed right before Meredith?", matcher, own) == [own]


@pytest.mark.parametrize(
    ("question", "wh", "words", "verb", "several"),
    [
        ("What films did Ann make?", "what", ("film",), "", True),
        ("In which year did Ann win?", "which", ("year",), "", False),
        ("What was the role of Ann?", "what", ("role",), "", False),
        ("Who were the winners?", "who", ("winner", "who"), "", True),
        ("Who managed Celtic?", "who", ("who",), "managed", False),
        ("How many votes did Ann get?", "how many", ("vote",), "", False),
        ("When was it?", "when", ("when",), "", False),
        ("In the 1999 race, what's the time of Ann?", "what", ("time",), "", False),
        ("Tell me the votes for Ann", "", ("vote",), "", False),
        ("Name the winner.", "", ("winner",), "", False),
        ("Ann won.", "", (), "", False),
    ],
)
def test_what_is_wanted(question, wh, words, verb, several):
    assert wanted(question) == (wh, words, verb, several)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("When did Ann win it and for which film?", "When did Ann win it"),
        ("In 1999, who won the cup, and how?", "who won the cup in 1999"),
        ("How long did she stay? Who paid?", "How long did she stay"),
        ("Who won and who lost?", "Who won and who lost"),  # two words say too little
        ("Which bread and butter did she buy?", "Which bread and butter did she buy"),
    ],
)
def test_of_several_questions_the_first_is_answered(question, first):
    assert first_question(question) == first


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What role did Janina play in True Blood?", "Janina played Luna in True Blood (2011, Votes 3,400)."),
        ("What roles did Janina play in 2008?",
         "Janina played Dusty (Stargate Atlantis) and Meredith (My Boys) in 2008."),
        ("When and where did Janina portray Tiffany?", "Janina portrayed Tiffany: 2013 (The League)."),
        ("How did My Boys do?", "My Boys: Meredith (2008, Votes 900)."),
    ],
)  # fmt: skip
def test_a_sentence_says_the_answer_and_what_else_its_row_says(matcher, question, text):
    found = compose(question, matcher)
    assert found.text == text
    assert all(ROLES[cell].strip() in text for cell in found.cells) and found.cell in found.cells


def test_every_cell_said_is_evidence_and_no_note_is_said(matcher):
    found = compose("When did Janina play Dusty?", matcher)
    assert found.cells == ((0, 0), (0, 1), (0, 2), (0, 3)) and "episode" not in found.text


def test_without_weights_it_answers_or_says_that_nothing_is_named(matcher):
    asked = [Asked("What role did Janina play in True Blood?", ROLES), Asked("Who wrote it?", ROLES), Asked(" ", ROLES)]
    answer, none, empty = composed_answers(asked, on_error="skip")
    assert (answer.cell, answer.model, answer.composed, answer.answerable) == ("Luna", RULES, True, True)
    assert not none.answerable and "find no cell" in none.reason
    assert not empty.answerable and "empty" in empty.reason
    with pytest.raises(InputError, match="empty"):
        list(composed_answers([Asked(" ", ROLES)]))


def test_the_command_lets_the_grammar_speak_first_and_then_the_rules(tmp_path, capsys):
    path = tmp_path / "roles.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in [ROLES.header, *ROLES.rows]))
    asked = tmp_path / "asked.jsonl"
    questions = ["Which title has the most votes?", "What roles did Janina play in 2008?"]
    asked.write_text("".join(json.dumps({"question": question}) + "\n" for question in questions))
    answer_command("", str(path), model=RULES, questions=asked, format="json")
    exact, guessed = map(json.loads, capsys.readouterr().out.splitlines())
    assert (exact["model"], exact["composed"], exact["answer"]) == ("grammar", False, "True Blood")
    assert (guessed["model"], guessed["composed"]) == ("rules", True)
    assert guessed["evidence"] == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]
