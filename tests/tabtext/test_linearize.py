"""Tables as pieces: the styles, and what stays when the budget is small."""

import pytest

from tabtext import Cell, InputError, Table
from tabtext.linearize import ORDERS, STYLES, Cut, linearize

GAMES = Table(
    ("Year", "Host", "Nations"),
    (("2004", "Athens", "201"), ("2008", "Beijing", "204"), ("2012", "London", "")),
    title="Summer Games",
)


def words(texts):
    return [len(text.split()) for text in texts]


@pytest.mark.parametrize(
    "style, expected",
    [
        (
            "keyed",
            "<title> Summer Games <row> Year <value> 2004 <cell> Host <value> Athens <cell> Nations <value> 201 "
            "<row> Year <value> 2008 <cell> Host <value> Beijing <cell> Nations <value> 204 "
            "<row> Year <value> 2012 <cell> Host <value> London",
        ),
        (
            "plain",
            "<title> Summer Games <header> Year <cell> Host <cell> Nations <row> 2004 <cell> Athens <cell> 201 "
            "<row> 2008 <cell> Beijing <cell> 204 <row> 2012 <cell> London <cell>",
        ),
        (
            "ordered",
            "<title> Summer Games <header> Year <cell> Host <cell> Nations "
            "<row> <low1> 2004 <cell> Athens <cell> <low1> 201 <row> <high2> 2008 <cell> Beijing <cell> <high1> 204 "
            "<row> <high1> 2012 <cell> London <cell>",
        ),
    ],
)
def test_styles(style, expected):
    assert str(linearize(GAMES, style=style)) == expected


@pytest.mark.parametrize("style", STYLES)
def test_every_text_piece_of_a_cell_says_which(style):
    for piece in linearize(GAMES, style=style).pieces:
        assert piece.cell is None or GAMES[piece.cell] == piece.text


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("budget", [24, 30, 40, 400])
def test_never_more_tokens_than_the_budget(style, budget):
    table = Table(("Name", "Town"), tuple((f"name {i}", f"town {i}") for i in range(60)), title="List")
    made = linearize(table, "Where is name 37 ?", style=style, budget=budget, lengths=words)
    assert sum(piece.is_structure or len(piece.text.split()) for piece in made.pieces) <= budget
    assert 37 in made.rows
    assert made.cut.rows == 60 - len(made.rows)


def test_rows_stay_in_order_and_the_evidence_stays():
    table = Table(("Name", "Town"), tuple((f"name{i}", f"town{i}") for i in range(50)))
    made = linearize(table, "Where is name7?", budget=36, lengths=words, keep=[Cell(49, 1)])
    assert made.rows == tuple(sorted(made.rows)) and {7, 49} <= set(made.rows)
    assert str(made.cut) == f"left out to fit the model: {50 - len(made.rows)} rows"


def test_columns_go_by_the_question():
    table = Table(tuple(f"column {i}" for i in range(300)), (tuple(f"v{i}" for i in range(300)),))
    made = linearize(table, "What is the value of v250 ?", budget=60, lengths=words)
    assert {0, 250} <= set(made.columns) and len(made.columns) < 20


def test_a_long_cell_is_shortened_and_counted():
    table = Table(("a", "b"), (("x " * 500, "y"),))
    made = linearize(table, budget=60, lengths=words)
    assert made.cut == Cut(cells=1) and made.rows == (0,)


@pytest.mark.parametrize("style", STYLES)
def test_where_no_whole_row_fits_its_cells_go_by_the_question(style):
    long = " and so on" * 3
    table = Table(
        tuple(f"c{i}" for i in range(9)),
        tuple(tuple(f"v{row}{i}{long}" for i in range(9)) for row in range(5)),
        title="Nine columns",
    )
    made = linearize(table, "What is c7 of v30 ?", style=style, budget=50, lengths=words)
    assert made.rows == (3,) and {0, 7} <= set(made.columns) and made.cut.columns == 9 - len(made.columns) > 0
    assert sum(1 if piece.is_structure else len(piece.text.split()) for piece in made.pieces) <= 50


def test_nothing_fits():
    with pytest.raises(InputError, match="Not one cell of the table 'Summer Games' fits into 5 tokens"):
        linearize(GAMES, budget=5, lengths=words)


def test_text_never_becomes_structure():
    table = Table(("<row>",), (("<cell>",),))
    assert [p.is_structure for p in linearize(table).pieces] == [True, False, True, False]


def test_unknown_style():
    with pytest.raises(InputError, match="Unknown linearisation 'markdown'; known: keyed, ordered, plain"):
        linearize(GAMES, style="markdown")


def marks(values):
    made = linearize(Table(("n",), tuple((value,) for value in values)), style="ordered")
    return [piece.text for piece in made.pieces if piece.text in ORDERS]


def test_figures_are_marked_by_their_place_from_either_end_and_in_eighths_between():
    found = marks([str(n) for n in range(40, 0, -1)])
    assert found[:4] == ["<high1>", "<high2>", "<high3>", "<high4>"] and found[-2:] == ["<low2>", "<low1>"]
    assert found[4:36] == [f"<middle{eighth}>" for eighth in range(1, 9) for _ in range(4)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["5", "7", "5"], ["<low1>", "<high1>", "<low1>"]),
        (["5", "5"], []),
        (["1,000", "999.5", "–"], ["<high1>", "<low1>"]),
        (["May 2011", "June 2010", "1 May 2012"], ["<high2>", "<low1>", "<high1>"]),
        (["ten", "nine", "eight"], []),
    ],
)
def test_equal_values_share_a_place_and_what_has_none_has_no_mark(values, expected):
    assert marks(values) == expected


def test_marks_are_those_of_the_whole_table_where_rows_are_cut():
    table = Table(("Name", "Points"), tuple((f"name{i}", str(i)) for i in range(50)))
    made = linearize(table, "Where is name20 ?", style="ordered", budget=24, lengths=words)
    assert "<middle5> 20" in str(made) and len(made.rows) < 8


def test_neighbours_of_the_best_row_and_ends_of_named_columns_stay():
    table = Table(("Name", "Points"), tuple((f"name{i}", str(abs(i - 30))) for i in range(50)))
    beside = linearize(table, "Who is above name20 ?", budget=26, lengths=words)
    assert {19, 20, 21} <= set(beside.rows)
    ends = linearize(table, "Who has the most points ?", budget=20, lengths=words)
    assert {0, 30} <= set(ends.rows)


def test_rows_that_sum_others_up_have_no_place():
    table = Table(("Party", "Votes"), (("Reds", "5"), ("Greens", "7"), ("Majority", "2"), ("Total", "12")))
    found = [piece.text for piece in linearize(table, style="ordered").pieces if piece.is_structure]
    assert [mark for mark in found if mark in ORDERS] == ["<low1>", "<high1>"]
