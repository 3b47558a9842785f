"""The learnt parser: what words may stand for, what programs give, and how weights are learnt."""

import json
import random

import pandas as pd
import pytest
from typer.testing import CliRunner

from gentap.answers import EMPTY_QUESTION, Asked
from gentap.cli import app
from gentap.parser.about import LARGEST, WIDEST, About, too_large
from gentap.parser.answer import ParserQA, parser_answers
from gentap.parser.candidates import MOST_PROGRAMS, candidates
from gentap.parser.fit import ParserFitting, denotes, fit_parser
from gentap.parser.parse import likeliest, parse, read
from gentap.parser.programs import Program, run
from gentap.parser.question import Question
from gentap.parser.shapes import shape_of
from gentap.parser.weights import Weights
from gentap.parser.words import WordVectors
from tabtext.errors import InputError
from tabtext.table import Table

SHOP = Table(
    title="",
    header=("Item", "Maker", "Price", "In stock", "Reorder at", "Organic", "Arrived", "Opens", "Shelf"),
    rows=(
        ("Oat milk", "Mrs Bell", "£2.10", "4", "6", "yes", "13/03/25", "9:30", "A"),
        ("Rye bread", "Mr Lund", "£3.50", "0", "2", "no", "02/03/25", "11:00", "B"),
        ("Brie, soft", "Ana Roux", "£4.20", "9", "3", "no", "29/01/25", "14:15", ""),
        ("Plum jam", "Mr Lund", "£3.00", "12", "5", "yes", "20/02/25", "8:00", "A"),
    ),
)
ABOUT = About(SHOP)
RIDERS = Table(
    title="",
    header=("Rider", "Country", "Year", "Wins", "Born"),
    rows=(
        ("Jan Maas", "Netherlands", "1994", "3", "4 May 1970"),
        ("Ida Berg", "Norway", "1996", "8", "1 June 1972"),
        ("Uwe Kolb", "Germany", "1999", "3", "30 March 1969"),
        ("Lia Costa", "Italy", "2001", "1", "2 May 1975"),
    ),
)


def filters(question: str, table: Table = SHOP) -> set[tuple[str, str, tuple[int, ...]]]:
    asked = Question(question, About(table))
    return {(one.how, table.header[one.column], tuple(sorted(one.rows))) for one in asked.filters}


@pytest.mark.parametrize(
    ("question", "table", "expected"),
    [
        ("What does the oat milk cost?", SHOP, ("is", "Item", (0,))),
        ("What does brie cost?", SHOP, ("has", "Item", (2,))),
        ("Which is Mr Lund's?", SHOP, ("is", "Maker", (1, 3))),
        ("What costs more than £3.00?", SHOP, ("above", "Price", (1, 2))),
        ("What costs 3.00 or more?", SHOP, ("at least", "Price", (1, 2, 3))),
        ("What is between 3 and 4 pounds?", SHOP, ("between", "Price", (1, 3))),
        ("What is organic?", SHOP, ("yes", "Organic", (0, 3))),
        ("What is not organic?", SHOP, ("no", "Organic", (1, 2))),
        ("What has no shelf?", SHOP, ("nothing", "Shelf", (2,))),
        ("Of which do we have none in stock?", SHOP, ("none", "In stock", (1,))),
        ("What is below what we reorder at?", SHOP, ("below column", "In stock", (0, 1))),
        ("What is dearer than plum jam?", SHOP, ("above row", "Price", (1, 2))),
        ("Which opens before 10 am?", SHOP, ("below", "Opens", (0, 3))),
        ("What arrived before 1 March 2025?", RIDERS, None),
        ("Who won in 1999?", RIDERS, ("is", "Year", (2,))),
        ("Who won three times?", RIDERS, ("is number", "Wins", (0, 2))),
        ("How many Dutch riders are there?", RIDERS, ("is", "Country", (0,))),
        ("Who was born after 1 January 1972?", RIDERS, ("above", "Born", (1, 3))),
        ("Who has been racing since 1996?", RIDERS, ("at least", "Year", (1, 2, 3))),
    ],
)
def test_finds_the_conditions_a_question_may_set(question, table, expected):
    found = filters(question, table)
    assert expected is None or expected in found


def test_us_is_no_country_in_small_letters():
    table = Table(title="", header=("Team", "Country"), rows=(("A", "USA"), ("B", "Peru")))
    assert not any(how == "is" for how, _, _ in filters("What did it cost us?", table))
    assert ("is", "Country", (0,)) in filters("Which team is from the US?", table)


def program(question: str, *wanted: str, table: Table = SHOP) -> list[tuple[str, ...]]:
    """The answers of the programs of a question that are written with all of these words."""
    about = About(table)
    asked = Question(question, about)
    written = [(one, one.written(table.header)) for one in candidates(asked)]
    return [run(one, about.view, about.figures).answer for one, text in written if all(word in text for word in wanted)]


@pytest.mark.parametrize(
    ("question", "wanted", "expected"),
    [
        ("How many things does Mr Lund make?", ("count of", "is 'Mr Lund'"), ("2",)),
        ("How many makers are there?", ("count Maker of all",), ("3",)),
        ("Who makes most of these?", ("commonest Maker of all",), ("Mr Lund",)),
        ("Who makes more than one?", ("repeated Maker of all",), ("Mr Lund",)),
        ("What does everything cost together?", ("sum Price of all",), ("£12.80",)),
        ("What does it cost on average?", ("average Price of all",), ("£3.20",)),
        ("What is the dearest?", ("cells Item of most Price of all",), ("Brie, soft",)),
        ("What is the second dearest?", ("cells Item of second most Price of all",), ("Rye bread",)),
        ("What came in first?", ("cells Item of least Arrived of all",), ("Brie, soft",)),
        ("What is listed last?", ("cells Item of last of all",), ("Plum jam",)),
        ("What comes after rye bread?", ("cells Item of next", "'rye bread'"), ("Brie, soft",)),
        ("How much more is brie than oat milk?", ("difference Price",), ("2.1",)),
        ("Is brie dearer than oat milk?", ("whether more Price",), ("yes",)),
        ("Is oat milk cheaper than brie?", ("whether less Price",), ("yes",)),
        ("Is plum jam from Mr Lund?", ("whether of", "'plum jam' and", "'Mr Lund'"), ("yes",)),
        ("Is there anything from Mr Lund over £9?", ("whether any of rows where Maker is 'Mr Lund'",), ("yes",)),
    ],
)
def test_programs_give_what_they_say(question, wanted, expected):
    assert expected in program(question, *wanted)


def test_a_program_without_rows_to_count_has_no_answer():
    about = About(Table(title="", header=("A",), rows=()))
    assert run(Program(column=0), about.view, about.figures).answer == ()
    assert parse("What is the A?", about) is None


def test_years_of_two_digits_are_of_the_century_that_people_mean():
    born = About(Table(title="", header=("Born",), rows=(("13/03/85",), ("02/11/07",))))
    assert born.figures.of(0) == {0: 19850313, 1: 20071102}


def test_a_frame_is_asked_as_a_table_is():
    frame = pd.DataFrame({"Rider": ["Ann", "Bob"], "Wins": [3, 5]})
    assert ParserQA(frame)("Who has the most wins?").cell == "Bob"


def test_short_dates_are_ordered_only_where_days_can_be_told_from_months():
    assert list(ABOUT.figures.of(6)) == [0, 1, 2, 3]
    unclear = About(Table(title="", header=("Day",), rows=(("01/02/25",), ("03/04/25",))))
    assert not unclear.figures.of(0) or unclear.figures.of(0)[0] != 20250201


@pytest.mark.parametrize(
    ("cells", "shape"),
    [
        (("Mr Lund", "Mrs Bell", "Dr No"), "person"),
        (("A-12", "B-7", "C-113"), "code"),
        (("Ana Roux", "Ida Berg", "Jan Maas"), "names"),
        (("£2", "£3.10", "£4"), "money"),
        (("9:30", "14:00", "8:15"), "time"),
        (("open", "shut", "open", "shut"), "word, few"),
        (("It was far too loud for us", "We had a very good time there"), "text"),
        (("", ""), "empty"),
    ],
)
def test_says_what_cells_look_like(cells, shape):
    about = About(Table(title="", header=("X",), rows=tuple((cell,) for cell in cells)))
    assert shape_of(about.view.columns[0]) == shape


def test_words_are_near_in_meaning():
    vectors = WordVectors.shipped()
    pay, salary, river, unknown = vectors.of(["pay", "salary", "river", "qqqqx"])
    assert pay @ salary > 0.5 > pay @ river and not unknown.any()


@pytest.mark.parametrize(
    ("answer", "wanted", "expected"),
    [
        (("£12.80",), ("12.8",), True),
        (("Ann", "Bob"), ("Bob", "Ann"), True),
        (("Ann",), ("Ann", "Bob"), False),
        (("2",), ("3",), False),
    ],
)
def test_tells_whether_answers_denote_the_same(answer, wanted, expected):
    assert denotes(answer, wanted) is expected


# --- what ships


@pytest.mark.parametrize(
    ("question", "table", "expected"),
    [
        ("Who makes the oat milk?", SHOP, "Mrs Bell"),
        ("How many of these are organic?", SHOP, "2"),
        ("What's the cheapest thing on the list?", SHOP, "Oat milk"),
        ("What does the rye bread cost?", SHOP, "£3.50"),
        ("Where is Ida Berg from?", RIDERS, "Norway"),
        ("How many riders won more than 2 times?", RIDERS, "3"),
        ("Who won in 1999?", RIDERS, "Uwe Kolb"),
        ("Which rider had the most wins?", RIDERS, "Ida Berg"),
        ("How many wins did Jan Maas and Ida Berg have in total?", RIDERS, "11"),
    ],
)
def test_what_ships_reads_everyday_questions(question, table, expected):
    found = parse(question, About(table))
    assert found is not None and found.result.answer == (expected,) and found.result.evidence


def test_answers_say_the_program_and_how_sure_it_is():
    (answer,) = parser_answers([Asked("How many of these are organic?", SHOP)])
    assert (answer.model, answer.answerable) == ("parser", True) and 0 < answer.score <= 1
    assert "2" in answer.text and answer.to_json()["program"].startswith("count")
    (cell,) = parser_answers([Asked("Who makes the oat milk?", SHOP)])
    assert cell.cell == "Mrs Bell" and "Mrs Bell" in cell.text and cell.evidence


def test_what_is_less_sure_than_the_threshold_is_no_answer():
    (answer,) = parser_answers([Asked("Who makes the oat milk?", SHOP)], threshold=1.1)
    assert not answer.answerable and "below 1.1" in answer.reason


def test_an_empty_question_stops_or_is_an_answer_with_the_reason():
    with pytest.raises(InputError, match="empty"):
        list(parser_answers([Asked(" ", SHOP)]))
    (answer,) = parser_answers([Asked(" ", SHOP)], on_error="skip")
    assert not answer.is_read and answer.reason == EMPTY_QUESTION


def test_a_long_or_wide_table_is_not_searched():
    rows = tuple((f"Name {row}", str(row)) for row in range(LARGEST // 2 + 1))
    (answer,) = parser_answers(
        [Asked("Who has the most points?", Table(title="", header=("Name", "Points"), rows=rows))]
    )
    assert not answer.answerable and f"{LARGEST:,}" in answer.reason
    wide = Table(title="", header=tuple(map(str, range(WIDEST + 1))), rows=())
    assert too_large(wide) and not too_large(SHOP)


def test_no_question_makes_more_programs_than_are_tried():
    header = tuple(f"Points {letter}" for letter in "ABCDEFGHIJKLMNOPQRST")
    rows = tuple(tuple(str(row * column % 7) for column in range(20)) for row in range(30))
    asked = Question(
        "How many more points than 3 or 4 has the first after the most?",
        About(Table(title="", header=header, rows=rows)),
    )
    assert 0 < len(candidates(asked)) <= MOST_PROGRAMS


# --- learning


def questions(path, count: int = 40):
    """A file of questions of two kinds about tables that differ."""
    rng = random.Random(1)
    with path.open("w") as file:
        for number in range(count):
            names = rng.sample(["Ann", "Bob", "Cid", "Dora", "Eve", "Finn"], 4)
            points, years = rng.sample(range(10, 99), 4), rng.sample(range(1950, 2000), 4)
            table = {
                "header": ["Name", "Points", "Year"],
                "rows": [[n, str(p), str(y)] for n, p, y in zip(names, points, years, strict=True)],
            }
            if number % 2:
                question, answer = "Who flubbed the most?", names[years.index(max(years))]
            else:
                question, answer = f"How much zing has {names[1]}?", str(points[1])
            file.write(json.dumps({"question": question, "answer": [answer], "table": table}) + "\n")
    return path


def test_learns_words_from_answers_alone_and_writes_the_same_file_again(tmp_path):
    data = questions(tmp_path / "questions.jsonl")
    share = fit_parser([str(data)], tmp_path / "weights.json.gz", ParserFitting(passes=4))
    assert share == 1.0
    weights = Weights.load(tmp_path / "weights.json.gz")
    table = Table(title="", header=("Name", "Points", "Year"), rows=(("Gus", "5", "1990"), ("Hal", "7", "1980")))
    book, found = read("Who flubbed the most?", About(table))
    assert likeliest(book, found, weights).result.answer == ("Gus",)
    fit_parser([str(data)], tmp_path / "again.json.gz", ParserFitting(passes=4))
    assert Weights.load(tmp_path / "again.json.gz") == weights


def test_the_command_refuses_a_file_that_is_there_and_questions_it_cannot_learn_from(tmp_path):
    data = questions(tmp_path / "questions.jsonl", 20)
    out = tmp_path / "weights.json.gz"
    out.write_text("mine")
    command = ["fit-parser", str(data), "-o", str(out)]
    result = CliRunner().invoke(app, command)
    assert isinstance(result.exception, InputError) and out.read_text() == "mine"
    strange = tmp_path / "strange.jsonl"
    strange.write_text('{"question": "Why?", "answer": ["because"], "table": {"header": ["A"], "rows": [["b"]]}}\n')
    with pytest.raises(InputError, match="no program gives the answer"):
        fit_parser([str(strange)], tmp_path / "none.json.gz")
    assert not (tmp_path / "none.json.gz").exists()


@pytest.mark.parametrize(
    "held",
    [b"", b"{", b"[]", b'{"linear": {"a": "b"}, "hidden": {}, "bias": [], "units": []}',
     b'{"linear": {"a": NaN}, "hidden": {}, "bias": [], "units": []}',
     b'{"linear": {}, "hidden": {"a": [1, 2]}, "bias": [1], "units": [1]}'],
)  # fmt: skip
def test_broken_weights_are_named_in_one_sentence(tmp_path, held):
    path = tmp_path / "weights.json"
    path.write_bytes(held)
    with pytest.raises(InputError, match=r"weights\.json"):
        Weights.load(path)


def test_broken_vectors_are_named_in_one_sentence(tmp_path):
    path = tmp_path / "words.npz"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputError, match=r"words\.npz"):
        WordVectors.load(path)


# --- nasty tables and questions


@pytest.mark.parametrize(
    "question",
    [
        "Who won sınce 1996?",
        "Aprıl or the fıfties or the ſixteenth century",
        f"{'İ' * 40} top 3, first 2 or 1 or more?",
    ],
)
def test_letters_that_only_fold_to_ascii_crash_nothing(question):
    Question(question, About(RIDERS)).filters  # noqa: B018
    parse(question, About(RIDERS))
    assert ("at least", "Year", (1, 2, 3)) in filters("Who won sınce 1996?", RIDERS)


def test_what_overflows_is_no_answer():
    about = About(Table(title="", header=("N", "V"), rows=(("a", "9" * 400), ("b", "8" * 400))))
    for tells in ("sum", "average", "difference"):
        assert run(Program(tells=tells, column=1), about.view, about.figures).answer == ()


def test_short_dates_are_not_added_and_differ_by_years():
    table = Table(title="", header=("Day",), rows=(("13/03/23",), ("14/01/25",)))
    about = About(table)
    assert run(Program(tells="sum", column=0), about.view, about.figures).answer == ()
    assert run(Program(tells="difference", column=0), about.view, about.figures).answer == ("2",)


def test_dates_without_a_year_do_not_differ_by_years():
    about = About(Table(title="", header=("Day",), rows=(("4 May",), ("5 June 1970",))))
    assert run(Program(tells="difference", column=0), about.view, about.figures).answer == ()


def test_the_row_that_is_named_is_the_evidence_of_the_next_one():
    about = About(SHOP)
    asked = Question("What comes after rye bread?", about)
    wanted = next(one for one in candidates(asked) if one.pick == "next" and one.column == 0)
    assert run(wanted, about.view, about.figures).evidence == [(2, 0), (1, 0)]


def test_headers_of_several_lines_or_with_signs_for_terminals_stay_in_their_line():
    assert Program(column=0, pick="first").written(["A\n\x1b[31mB"]) == "cells A [31mB of first of all rows"


@pytest.mark.parametrize(
    "held",
    [b'{"linear": {}, "hidden": {}, "bias": 1, "units": [1]}',
     b'{"linear": {}, "hidden": {"a": 1}, "bias": [1], "units": [1]}',
     b'{"linear": {"a": 1' + b"0" * 400 + b'}, "hidden": {}, "bias": [1], "units": [1]}'],
)  # fmt: skip
def test_weights_of_a_wrong_form_are_named_in_one_sentence(tmp_path, held):
    path = tmp_path / "weights.json"
    path.write_bytes(held)
    with pytest.raises(InputError, match=r"weights\.json"):
        Weights.load(path)


def test_questions_that_are_all_held_out_teach_nothing(tmp_path):
    data = questions(tmp_path / "questions.jsonl", 10)
    with pytest.raises(InputError, match="held out"):
        fit_parser([str(data)], tmp_path / "none.json.gz", ParserFitting(held_out=1))
    assert not (tmp_path / "none.json.gz").exists()


def test_a_bar_within_a_cell_does_not_end_it():
    table = Table(title="", header=("Name", "Points"), rows=(("a|b", "3"), ("c", "2")))
    answer = ParserQA(table, in_sentences=False)("Who has the most points?")
    assert answer.texts == ("a|b",) and answer.text == r"a\pb"
    assert denotes(("a|b",), ("a|b",)) and not denotes(("a", "b"), ("a|b",))
