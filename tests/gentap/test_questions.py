"""Sampled questions read back to their programs and execute to their answers; their English is right."""

import json
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

from gentap.cli import main
from gentap.grammar.answer import GrammarQA
from gentap.grammar.english import PLAIN, article, noun, number_style, ordinal
from gentap.grammar.executor import execute
from gentap.grammar.phrasing import phrasebook
from gentap.grammar.programs import parse_program
from gentap.grammar.reading import NotInTableError, OutsideLanguageError, read_question
from gentap.grammar.type_list import EXAMPLE, example
from gentap.grammar.types import TYPES
from gentap.grammar.view import TableView
from gentap.question_mix import QuestionMix
from gentap.questions import questions, table_questions
from tabtext.errors import InputError
from tabtext.shipped import shipped
from tabtext.table import Table

GAMES = Table.from_rows(
    [
        ["Game", "Team", "Player", "Points", "Year", "No.", "", "Won by"],
        ["The Final", "Reds", "Ann Lee", "1,120", "2001", "7", "x", "2"],
        ["Cup, round 2", "Blues", "Bo", "980", "2004", "7", "y", "1"],
        ["Which is which?", "Reds", "Cy", "85", "2006", "9", "z", "3"],
        ['"Open"', "Greens", "Di", "300", "2009", "11", "x", "4"],
    ]
)
ASKED = [
    ("What are the points of Ann Lee?", ["1,120"]),
    ("  what ARE the   points of ann lee", ["1,120"]),
    ("How many points does Bo have?!", ["980"]),
    ("Which player has a team of Greens?", ["Di"]),
    ("Which player has 7 under No.?", ["Ann Lee", "Bo"]),
    ("Which player has more than 900 points?", ["Ann Lee", "Bo"]),
    ("Which player has between 80 and 300 points and a team of reds?", ["Cy"]),
    ('Which player has a game of "The Final"?', ["Ann Lee"]),
    ("What is the year of Cup, round 2?", ["2004"]),
    ("What is the year of The Final?", ["2001"]),
    ("What is the year of Which is which??", ["2006"]),
    ("What is the year of Open?", ["2009"]),
    ("What is listed under Won by for Bo?", ["1"]),
    ("Apart from Ann Lee, which player has a team of Reds?", ["Cy"]),
    ("Which player has the second highest points?", ["Bo"]),
    ("Which player has the 3rd most points?", ["Di"]),
    ("Counting from the most points, where does Cy stand?", ["4th"]),
    ("How many rows have 7 under No.?", ["2"]),
    ("List the different teams.", ["Reds", "Blues", "Greens"]),
    ("How many years lie between the year of Bo and that of Di?", ["5"]),
    ("Is Bo the only player with a team of Blues?", ["yes"]),
    ("Does Bo have more points than Cy?", ["yes"]),
    ("What is the combined year?", []),
    ("Which game is from the year 2004?", ["Cup, round 2"]),
    ("Which game is from 2004?", ["Cup, round 2"]),
    ("Which player wasn't from the year 2001?", ["Bo", "Cy", "Di"]),
    ("How many games are from after the year 2003?", ["3"]),
    ("Which game is from the latest year?", ['"Open"']),
    ("Did Bo have more points than Cy?", ["yes"]),
    ("What's the year of Bo?", ["2004"]),
    ("What was year of Bo?", ["2004"]),
    ("How many points did Bo have?", ["980"]),
    ("Which player had most points?", ["Ann Lee"]),
    ("Which player had a team of Greens?", ["Di"]),
    ("How many players had a team of Reds?", ["2"]),
    ("Which players didn't have a team of Reds?", ["Bo", "Di"]),
    ("What are the point of Bo?", ["980"]),
    ("What is the year of Zoe?", None),
    ("Which player has a team of Purples?", []),
    ("What is the mascot of Bo?", None),
]


@pytest.mark.parametrize("question, answer", ASKED, ids=[question for question, _ in ASKED])
def test_questions_of_the_language_are_answered(question, answer):
    reply = GrammarQA(GAMES)(question)
    assert list(reply.texts) == (answer or [])
    assert reply.answerable == bool(answer)
    assert (reply.program is None) == (answer is None)


@pytest.mark.parametrize("name", TYPES)
def test_every_type_has_an_example_that_reads_back(name):
    view = TableView(EXAMPLE, phrasebook().words)
    for seed in range(5):
        question = example(name, seed)
        assert question.type == name
        assert read_question(question.question, view) == question.program
        assert execute(parse_program(str(question.program)), view) == question.result
        assert bool(question.result.answer) == (name != "unanswerable")


_ODD = [
    "",
    "#",
    "%",
    "No.",
    "Year",
    "Years",
    "Name",
    "name",
    "Points",
    "How many",
    "the",
    "Gold (2)",
    "Total",
    "N/A",
    "1990",
    'a "b"',
    "“c”",
    "Date of birth",
    "Which is the",
    "Height (m)",
    "Ünit, of",
    "Σς",
    "в",
    "В",
    "?",
    "points of",
]
_CELLS = [
    "",
    "-",
    "1",
    "2",
    "12",
    "12 km",
    "3rd",
    "1,234",
    "$5.2m",
    "45%",
    "2001",
    "2002",
    "1 May 2001",
    "May 2001",
    "Ann",
    "Ann and Bo",
    "Ann of",
    "Bo",
    "the",
    "The End",
    "The End?",
    "What is the",
    "12 points",
    "12 and",
    "x, which",
    "x",
    '"q"',
    'say "no"',
    '“p” "r"',
    "</s>",
    "<extra_id_0>",
    "row 1 :",
    "a | b",
    "tab\tand\nline",
    "Total",
    "é – 東京",
    "İstanbul",
    "ΟΔΟΣ",
    "Reds*",
    "Reds",
    "reds[a]",
    "5'11\"",
    "No",
    "No.",
    "and",
    ",",
    "?",
    "שלום",
    "🏔",
    "1st",
    "2–1",
    "\x00",
    "\ud800",
]
_text = st.text(max_size=8)
tables = st.integers(2, 5).flatmap(
    lambda width: st.tuples(
        st.lists(st.sampled_from(_ODD) | _text, min_size=width, max_size=width),
        st.lists(st.lists(st.sampled_from(_CELLS) | _text, min_size=width, max_size=width), min_size=2, max_size=7),
    )
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables, st.integers(0, 1000))
def test_sampled_questions_read_back_and_execute_to_their_answers(cells, seed):
    header, rows = cells
    table = Table.from_rows([header, *rows])
    view = TableView(table, phrasebook().words)
    for question in table_questions(table, random.Random(seed), QuestionMix(per_table=12), Counter()):
        assert read_question(question.question, view) == question.program, question.question
        assert parse_program(str(question.program)) == question.program
        assert execute(question.program, view) == question.result
        assert question.result.single_cell == (
            len(question.result.cells) == 1 and question.result.answer == (table[question.result.cells[0]],)
        )
        record = json.loads(question.record("{}"))
        assert record["answer"] == list(question.result.answer) and record["program"] == str(question.program)
        assert all(table[cell] is not None for cell in question.result.evidence)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(from_lark(Lark((shipped("grammars") / "question.lark").read_text(), import_paths=[str(shipped("grammars"))])))
def test_whatever_the_grammar_says_is_read_or_refused_in_a_sentence(text):
    try:
        program = read_question(text, TableView(GAMES, phrasebook().words))
    except (OutsideLanguageError, NotInTableError) as error:
        assert "\n" not in str(error)
    else:
        execute(program, TableView(GAMES, phrasebook().words))


def test_same_seed_same_questions():
    made = [list(questions([GAMES, EXAMPLE], QuestionMix(20), seed)) for seed in (1, 1, 2)]
    first, again, other = ([question.question for _, question in each] for each in made)
    assert first == again != other
    assert len(first) == len(set(first)) == 40


def test_only_the_types_asked_for_and_single_cells():
    asked = [q for _, q in questions([EXAMPLE], QuestionMix(30, ("rank", "lookup", "count"), single_cell=True))]
    assert {q.type for q in asked} == {"rank", "lookup"}
    assert all(q.result.single_cell and EXAMPLE[q.result.cells[0]] == q.result.answer[0] for q in asked)


def test_tables_without_questions_are_counted():
    counts = Counter()
    empty = Table.from_rows([["A", "B"], ["-", ""], ["", ""]])
    one_row = Table.from_rows([["A", "B"], ["1", "2"]])
    one_column = Table.from_rows([["A"], ["1"], ["2"]])
    assert list(questions([empty, one_row, one_column, Table.from_rows([["A"]])], counts=counts)) == []
    assert counts == {
        "tables without a question": 1,
        "tables with fewer than two rows": 2,
        "tables of one column": 1,
    }


def test_years_and_ranks_are_never_added_up():
    table = Table.from_rows(
        [
            ["Name", "Year", "Rank", "No.", "Share (%)"],
            *([n, str(1990 + i * i), str(i * i), str(i + i * i), f"{i}.5"] for i, n in enumerate("abcdef")),
        ]
    )
    assert not list(questions([table], QuestionMix(types=("sum",))))


ORDINALS = {
    1: "1st",
    2: "2nd",
    3: "3rd",
    4: "4th",
    10: "10th",
    11: "11th",
    12: "12th",
    13: "13th",
    14: "14th",
    21: "21st",
    22: "22nd",
    23: "23rd",
    101: "101st",
    111: "111th",
    112: "112th",
    113: "113th",
    1002: "1002nd",
}


def test_ordinals():
    assert {number: ordinal(number) for number in ORDINALS} == ORDINALS


@pytest.mark.parametrize(
    "phrase, expected",
    [
        ("year", "a"),
        ("area", "an"),
        ("hour", "an"),
        ("unit", "a"),
        ("university", "a"),
        ("MVP", "an"),
        ("UK hit", "a"),
        ("8", "an"),
        ("11", "an"),
        ("18", "an"),
        ("80", "an"),
        ("1", "a"),
        ("event", "an"),
        ("Euro", "a"),
        ('"age"', "an"),
    ],
)
def test_articles(phrase, expected):
    assert article(phrase) == expected


@pytest.mark.parametrize(
    "header, text, plural",
    [
        ("Year", "year", "years"),
        ("Country", "country", "countries"),
        ("Points", "points", "points"),
        ("Pts", "points", "points"),
        ("ERA", "ERA", ""),
        ("Opened", "opening date", "opening dates"),
        ("Height (m)", "height", "heights"),
        ("Runner-up", "runner-up", "runners-up"),
        ("Series", "series", "series"),
        ("Date of birth", "date of birth", "dates of birth"),
        ("Number of seats", "seats", "seats"),
        ("Population density", "population density", ""),
        ("Opponent#", "opponent", "opponents"),
        ("France", "France", ""),
    ],
)
def test_headers_as_nouns(header, text, plural):
    assert noun(header)[:2] == (text, plural)


@pytest.mark.parametrize(
    "cells, unit, number, text",
    [
        (["1", "2"], "", 429.0, "429"),
        (["1,234", "5"], "", 12345, "12,345"),
        (["$5", "$7"], "$", 1234, "$1,234"),
        (["1.5", "2.25"], "", 3.5, "3.5"),
        (["1.0", "2.5"], "", 3.0, "3.0"),
        (["5 km", "6 km"], "km", 11, "11 km"),
        (["5%", "6%"], "%", 11, "11%"),
        ([".500", ".750"], "", 1.25, "1.250"),
        (["$5.2 million"], "$", 5.2e6, "$5,200,000"),
        (["3"], "", -4, "-4"),
    ],
)
def test_numbers_are_written_as_the_column_writes_them(cells, unit, number, text):
    assert number_style(cells, unit).format(number) == text


def test_plain_numbers():
    assert PLAIN.format(3.0) == "3" and PLAIN.format(-0.2) == "0" and PLAIN.format(2.345, more_decimals=2) == "2.35"
    assert PLAIN.format(10.625, more_decimals=2) == "10.63" and PLAIN.format(1.005, more_decimals=2) == "1.01"


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "games.csv"
    path.write_text("City,Year\nAthens,2004\nBeijing,2008\nLondon,2012\n")
    return path


def gentap(monkeypatch, capsys, *arguments):
    """Exit status, standard output and error of the program."""
    monkeypatch.setattr("sys.argv", ["gentap", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    out, err = capsys.readouterr()
    return end.value.code or 0, out, err


def test_the_same_bytes_for_any_number_of_workers(tmp_path, csv, monkeypatch, capsys):
    for workers in (1, 2):
        output = tmp_path / f"{workers}.jsonl"
        status, _, err = gentap(
            monkeypatch, capsys, "questions", csv, "-o", output, "--workers", workers, "--per-table", 10, "--verify"
        )
        assert status == 0 and "1 files in, 10 records out" in err
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    item = json.loads((tmp_path / "1.jsonl").read_text().splitlines()[0])
    assert list(item) == ["question", "answer", "type", "program", "evidence", "single_cell", "table"]


def test_types_are_listed_with_examples(monkeypatch, capsys):
    status, out, _ = gentap(monkeypatch, capsys, "questions", "--list-types")
    assert status == 0 and len(out.splitlines()) == 2 * len(TYPES) and len(TYPES) >= 24


def test_answer_as_text_and_as_json(csv, tmp_path, monkeypatch, capsys):
    question = "Which city has a year of 2008?"
    status, out, _ = gentap(monkeypatch, capsys, "answer", "--table", csv, question)
    assert status == 0 and out.startswith("Beijing\n  evidence: (1, 0) 'Beijing', (1, 1) '2008'\n  (grammar: lookup")
    status, out, _ = gentap(monkeypatch, capsys, "answer", "--table", csv, "--format", "json", question)
    assert json.loads(out) == {
        "question": question,
        "answer": "Beijing",
        "cell": "Beijing",
        "evidence": [[1, 0], [1, 1]],
        "score": 1.0,
        "answerable": True,
        "reason": None,
        "cut": None,
        "program": 'lookup("City", equals("Year", "2008"))',
        "model": "grammar",
        "composed": False,
    }
    asked = tmp_path / "asked.jsonl"
    asked.write_text('{"question": "Which city has a year of 1900?"}\n{"question": "What is the year of London?"}\n')
    status, out, _ = gentap(monkeypatch, capsys, "answer", "--table", csv, "--questions", asked, "--format", "json")
    assert status == 0 and [json.loads(line)["answerable"] for line in out.splitlines()] == [False, True]
    asked.write_text('{"question": "Tell me a story"}\n')
    arguments = ("answer", "--table", csv, "--questions", asked, "--on-error", "skip")
    status, out, _ = gentap(monkeypatch, capsys, *arguments)
    assert status == 0 and out.startswith("question not read: The grammar has no question like 'Tell me a story'")


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (["--table", "CSV", "Tell me a story"], "The grammar has no question like 'Tell me a story'; the nearest"),
        (["--table", "CSV", " "], "The question is empty"),
        (["--table", "CSV"], "Ask one question"),
        (["Which city has a year of 2008?"], "pass --table"),
        (["--table", "CSV", "--model", "./oracle", "x"], "Model './oracle': no such folder."),
        (["--table", "CSV", "--format", "pdf", "x"], "Unknown --format 'pdf'; known: html, json, text"),
        (["--table", "missing.csv", "x"], "missing.csv"),
    ],
)
def test_wrong_use_is_one_sentence(arguments, complaint, csv, monkeypatch, capsys):
    given_arguments = [str(csv) if argument == "CSV" else argument for argument in arguments]
    status, out, err = gentap(monkeypatch, capsys, "answer", *given_arguments)
    assert status == 2 and out == "" and complaint in err and "Traceback" not in err


def test_unknown_types_are_refused(csv, monkeypatch, capsys):
    status, _, err = gentap(monkeypatch, capsys, "questions", csv, "--types", "lookup,magic")
    assert status == 2 and "Unknown question type 'magic'; known: adjacent" in err


def test_asking_for_nothing_is_refused():
    with pytest.raises(InputError, match="--per-table is 0"):
        QuestionMix(per_table=0)
