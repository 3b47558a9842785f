"""What is asked of a table, and what is not: questions whose answer a careful reader would dispute."""

from collections.abc import Iterator

import pytest

from gentap.grammar.conditions import select
from gentap.grammar.phrasing import phrasebook
from gentap.grammar.view import TableView
from gentap.question_mix import QuestionMix
from gentap.questions import GrammarQuestion, questions
from tabtext.table import Table

SEEDS = range(12)

FERRIES = Table.from_rows(
    [
        ["Ferry", "Port", "Owner", "Crew"],
        ["Alma", "Hull", "Orr & Sons", "11"],
        ["Brisa", "Hull", "Tay Lines", "12"],
        ["Cora", "Leith", "Tay Lines", "7"],
        ["Dawn", "Leith", "Forth Boats", "3"],
        ["Echo", "Leith", "Ness Ferries", "9"],
    ]
)


def asked(table: Table, *types: str) -> Iterator[GrammarQuestion]:
    """The questions of these types that are asked of a table, by several seeds."""
    for seed in SEEDS:
        for _, question in questions([table], QuestionMix(40, types), seed):
            yield question


def test_only_is_asked_of_a_row_that_meets_the_condition():
    view = TableView(FERRIES, phrasebook().words)
    answers = set()
    for question in asked(FERRIES, "only"):
        _, known, condition = question.program.arguments
        assert set(select(known, view).rows) <= set(select(condition, view).rows), question.question
        answers.update(question.result.answer)
    assert answers == {"yes", "no"}


def conditions(question: GrammarQuestion) -> list[tuple[str, ...]]:
    """The name, column and values of each condition of a question."""
    calls = [argument for argument in question.program.arguments if not isinstance(argument, str)]
    return [(call.name, *map(str, call.arguments)) for call in calls]


BANDS = Table.from_rows(
    [
        ["Song", "Artist", "Genre", "Label"],
        ["Low Tide", "Ada Moss", "folk", "Kelp"],
        ["Two Gulls", "Ada Moss", "folk", "Kelp"],
        ["The Pier", "Ada Moss feat. Ben Orr", "rock", "Reef"],
        ["Harbour", "Ben Orr", "rock", "Reef"],
        ["Harbour (live)", "Ben Orr", "rock / folk", "Reef"],
    ]
)


def test_no_value_is_asked_for_that_another_cell_names_beside_others():
    questions = list(asked(BANDS))
    said = {condition for question in questions for condition in conditions(question) if condition[0] == "equals"}
    assert {("equals", "Label", "Kelp"), ("equals", "Song", "Low Tide")} <= said
    assert not said & {
        ("equals", "Artist", "Ada Moss"),
        ("equals", "Artist", "Ben Orr"),
        ("equals", "Genre", "folk"),
        ("equals", "Genre", "rock"),
        ("equals", "Song", "Harbour"),
    }


FARMERS = ["Ann", "Bob", "Cid", "Dee", "Eve", "Flo"]


@pytest.mark.parametrize(
    "values, counted",
    [
        (["goat", "goat", "sheep", "cow", "cow", "cow"], True),
        (["goat", "goat", "sheep, goat", "cow", "cow", "cow"], False),
        (["Goat", "goat", "sheep", "cow", "cow", "cow"], False),
        (["donkey", "donkey", "donkeys", "cow", "cow", "cow"], False),
        (["chicken", "chickan", "sheep", "cow", "cow", "cow"], False),
        (["goat", "goat (lame)", "sheep", "cow", "cow", "cow"], False),
        (["goat", "goat", "others", "cow", "cow", "cow"], False),
        (["goat", "goat", "no breed", "cow", "cow", "cow"], False),
        (["pen a", "pen a", "pen b", "pen c", "pen c", "pen c"], True),
    ],
)
def test_values_are_counted_where_each_cell_says_one_thing_in_one_way(values, counted):
    table = Table.from_rows([["Farmer", "Breed"], *zip(FARMERS, values, strict=True)])
    types = {question.type for question in asked(table, "distinct", "most-frequent")}
    assert types == ({"distinct", "most-frequent"} if counted else set())


@pytest.mark.parametrize(
    "header, cells",
    [
        ("Attendance", ["3 May 1901", "3 May 1901", "4 May 1901", "5 May 1901"]),
        ("Conference", ["12–6", "12–6", "10–8", "9–9"]),
        ("Month", ["Highest rain", "Lowest rain", "Mean rain", "Days with rain"]),
        ("Date", ["12", "12", "15", "18"]),
    ],
)
def test_nothing_is_asked_of_a_column_whose_cells_are_not_what_its_header_says(header, cells):
    names = ["Ann Lee", "Bo Fox", "Cy Moss", "Di Orr"]
    table = Table.from_rows(
        [["Player", header, "Town"], *zip(names, cells, ["Ayr", "Ayr", "Wick", "Oban"], strict=True)]
    )
    programs = [str(question.program) for question in asked(table)]
    assert programs and not any(f'"{header}"' in program for program in programs)


TALLY = Table.from_rows(
    [
        ["Club", "Town", "Founded", "Wins", "Goals"],
        ["Ash", "Ayr", "1901", "0", "4"],
        ["Ash", "Ayr", "1902", "5", "9"],
        ["Elm", "Wick", "1903", "6", "7"],
        ["Oak", "Oban", "1904", "8", "6"],
        ["Yew", "Oban", "1907", "3", "2"],
        ["Total", "", "", "22", "28"],
    ]
)


def test_limits_are_never_zero_and_bounds_have_something_between_them():
    said = {condition for question in asked(TALLY) for condition in conditions(question)}
    assert {name for name, *_ in said} >= {"above", "below", "between", "after"}
    assert not any(name in ("above", "below") and value == "0" for name, _, value, *_ in said)
    bounds = [values for name, _, *values in said if name == "between"]
    assert bounds and all(float(high) - float(low) > 1 for low, high in bounds)


def test_no_question_speaks_of_all_rows_where_one_is_a_total():
    programs = [question.program for question in asked(TALLY, "all", "most", "percentage", "negation")]
    assert not any(
        p.name in ("every", "most", "percentage", "count_without") and len(p.arguments) == 1 for p in programs
    )


def test_nothing_is_added_up_below_a_scale_or_converted_that_is_converted_already():
    rows = [
        ["Ann", "7.5", "180 cm (5 ft 11 in)"],
        ["Bo", "8.1", "175 cm (5 ft 9 in)"],
        ["Cy", "9", "169 cm (5 ft 7 in)"],
    ]
    table = Table.from_rows([["Player", "Viewers (millions)", "Height"], *rows])
    assert {question.type for question in asked(table)} >= {"rank-of", "difference"}
    programs = [str(question.program) for question in asked(table, "sum", "average", "unit")]
    assert not any("Viewers" in program or program.startswith("in_unit") for program in programs)
