"""Tables: from anything, with distinct names, typed columns, and a JSON form that comes back."""

import datetime
import decimal
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabtext.errors import InputError
from tabtext.headers import count_header_rows, distinct_headers
from tabtext.table import Cell, Table
from tabtext.values import Kind

HOSTILE = ["</s>", "<extra_id_0>", "row 1 :", "| a |", "שלום", "👩‍👩‍👧", "a\nb", '"', "\x1b[31m", ""]

MULTI_ROW = [
    (  # merged names split below, single names repeated
        [["Club", "Year", "League", "League"], ["Club", "Year", "Apps", "Goals"], ["A", "2001", "1", "0"]],
        ("Club", "Year", "League Apps", "League Goals"),
    ),
    (  # single names over empty cells, merged names left empty to the right
        [["Club", "League", "", "Cup", ""], ["", "Apps", "Goals", "Apps", "Goals"], ["A", "1", "0", "2", "1"]],
        ("Club", "League Apps", "League Goals", "Cup Apps", "Cup Goals"),
    ),
    (  # merged names filled already: what is empty above stays so
        [["Club", "League", "League", ""], ["Club", "Apps", "Goals", "Coach"], ["A", "1", "0", "Bo"]],
        ("Club", "League Apps", "League Goals", "Coach"),
    ),
    (  # every name merged, words over figures
        [["Who", "Who", "League", "League"], ["Club", "Year", "Apps", "Goals"], ["A", "2001", "1", "0"]],
        ("Who Club", "Who Year", "League Apps", "League Goals"),
    ),
    (  # two names repeated in place
        [["Who", "Event", "Run", "All", "All"], ["Who", "Event", "Time", "Time", "Rank"], ["A", "B", "9", "9", ""]],
        ("Who", "Event", "Run Time", "All Time", "All Rank"),
    ),
]  # fmt: skip
ONE_ROW = [
    [["Party", "Party", "Candidate", "Votes"], ["", "Red", "Ann", "12"], ["", "Blue", "Bob", "9"]],
    [["Event", "Men", "Mark", "Women", "Mark"], ["60 m", "Ann", "7.1", "Bea", "7.5"]],
    [["Group A", "Group A", "Group B", "Group B"], ["Peru", "Cuba", "Malta", "Iran"], ["a", "b", "c", "d"]],
    [["Home", "Home", "Away", "Away"], ["Ajax", "2", "Lyon", "1"], ["Roma", "0", "Porto", "3"]],
    [["name", ""], ["a", "b"], ["1", "2"]],
    [["a", "b"], ["c", "d"]],
    [["a"]],
    [],
]  # fmt: skip


@pytest.mark.parametrize(("rows", "header"), MULTI_ROW)
def test_header_rows_that_carry_sub_names_are_merged(rows, header):
    table = Table.from_rows(rows, header_rows=None)
    assert table.header == header
    assert table.rows == tuple(map(tuple, rows[2:]))


@pytest.mark.parametrize("rows", ONE_ROW)
def test_a_body_row_is_not_taken_for_a_header(rows):
    assert count_header_rows(rows) == min(1, len(rows))


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["a", "a", "a (2)"]], ("a", "a (3)", "a (2)")),
        ([["", "", "b\n c"]], ("", "", "b c")),
        ([["Medals", "Medals"], ["Gold", "Medals"]], ("Medals Gold", "Medals")),
        ([["-", "-", "Peak"], ["Year", "-", "US"]], ("Year", "", "Peak US")),
        ([], ("", "", "")),
    ],
)
def test_headers_are_distinct(rows, header):
    assert distinct_headers(rows, len(header)) == header


def test_the_column_that_says_more_keeps_a_shared_name():
    rows = [["Party", "Party", "Votes"], ["", "Red", "12"], ["", "Blue", "9"], ["Total", "Total", "21"]]
    assert Table.from_rows(rows).header == ("Party (2)", "Party", "Votes")


@given(st.lists(st.lists(st.sampled_from(["", "a", "b", "a (2)", "-"]), min_size=4, max_size=4), max_size=3))
def test_names_never_clash(rows):
    said = [name for name in distinct_headers(rows, 4) if name]
    assert len(set(said)) == len(said)


def test_ragged_rows_and_missing_values_become_text():
    table = Table.from_rows([["a"], [None, float("nan"), pd.NaT], [1.0, 2.5, pd.NA], [b"x", b"\xff", [1]]])
    assert table.header == ("a", "", "")
    assert table.rows == (("", "", ""), ("1", "2.5", ""), ("x", "ff", "[1]"))


def test_a_frame_of_every_dtype():
    frame = pd.DataFrame({
        "float32": np.array([0.1, np.nan], "float32"),
        "gaps": [3.0, None],
        "Int64": pd.array([1, None], dtype="Int64"),
        "category": pd.Categorical(["a", None]),
        "when": pd.to_datetime(["2020-01-01", None]),
        "string": pd.Series(["x", None], dtype="string"),
        "object": [datetime.date(2020, 1, 2), pd.NaT],
        "bool": [True, None],
        "list": [np.array([1, 2]), {"a": 1}],
        "decimal": [decimal.Decimal("1.50"), None],
    })  # fmt: skip
    frame.index = [7, 7]
    table = Table.from_frame(frame, title="T")
    assert table.header == tuple(frame.columns)
    assert table.rows[0] == ("0.1", "3", "1", "a", "2020-01-01", "x", "2020-01-02", "True", "[1, 2]", "1.50")
    assert set(table.rows[1]) == {"", '{"a": 1}'}


@pytest.mark.parametrize(
    ("frame", "header", "rows"),
    [
        (pd.DataFrame(), (), ()),
        (pd.DataFrame({"a": []}), ("a",), ()),
        (
            pd.DataFrame([[1, 2]], columns=["a", "a"], index=pd.Index([9], name="a")),
            ("a", "a (2)", "a (3)"),
            (("9", "1", "2"),),
        ),
        (pd.DataFrame([[1, 2]], columns=[None, 3]), ("", "3"), (("1", "2"),)),
        (
            pd.DataFrame([[1, 2]], pd.Index([5], name="k"), pd.MultiIndex.from_product([["A"], ["x", "y"]])),
            ("k", "A x", "A y"),
            (("5", "1", "2"),),
        ),
        (
            pd.DataFrame({"v": [1]}, index=pd.MultiIndex.from_tuples([("a", "b")], names=["p", None])),
            ("p", "level 1", "v"),
            (("a", "b", "1"),),
        ),
    ],
)  # fmt: skip
def test_frames_of_every_shape(frame, header, rows):
    table = Table.from_frame(frame)
    assert (table.header, table.rows) == (header, rows)


def test_a_million_rows_take_seconds():
    frame = pd.DataFrame({"n": np.arange(1_000_000), "s": "x"})
    start = time.process_time()
    table = Table.from_frame(frame)
    assert len(table) == 1_000_000 and table.rows[-1] == ("999999", "x")
    assert time.process_time() - start < 20


def test_to_frame_and_back():
    table = Table.from_rows([["a", "b"], HOSTILE[:2], HOSTILE[2:4]])
    assert Table.from_frame(table.to_frame()).rows == table.rows


@given(st.lists(st.tuples(st.text() | st.sampled_from(HOSTILE), st.text()), max_size=5))
def test_json_comes_back(rows):
    table = Table.from_rows([["a", "b"], *rows], title="t", section="s", id="i", highlighted=[(0, 1)])
    assert Table.from_json(table.to_json()) == table


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "'header' and 'rows'"),
        ({"header": ["a"], "rows": ["b"]}, "lists of cells"),
        ({"header": ["a"], "rows": [["b"]], "highlighted": [1]}, "highlighted"),
    ],
)
def test_bad_json_is_said(fields, said):
    with pytest.raises(InputError, match=said):
        Table.from_json(fields)


COLUMNS = [
    ("Year", ["2001", "2002", "c. 2003", "2004", "2005"], Kind.DATE, ""),
    ("Opened", ["1901", "", "1950"], Kind.DATE, ""),
    ("From", ["1901", "1950"], Kind.DATE, ""),
    ("Issued", ["1901", "1950", "1952–56", "1960", "1961"], Kind.DATE, ""),
    ("Issued", ["1901", "1950", "19520"], Kind.NUMBER, ""),
    ("Votes", ["1901", "1950"], Kind.NUMBER, ""),
    ("Code", ["1901", "2950"], Kind.NUMBER, ""),
    ("Share", ["1 %", "2%", "-"], Kind.NUMBER, "%"),
    ("Prize", ["$5", "€5"], Kind.NUMBER, ""),
    ("Place", ["1st", "2nd", "3=", "4th", "DNF"], Kind.RANK, ""),
    ("Score", ["2–1", "0–0"], Kind.PAIR, ""),
    ("Season", ["2001–02", "2002–03"], Kind.TEXT, ""),
    ("Mixed", ["1", "a", "2", "b"], Kind.TEXT, ""),
    ("Nothing", ["", "-", "n/a"], Kind.EMPTY, ""),
    ("None", [], Kind.EMPTY, ""),
]


@pytest.mark.parametrize(("name", "cells", "kind", "unit"), COLUMNS)
def test_columns_have_kinds_and_units(name, cells, kind, unit):
    column = Table.from_rows([[name], *([cell] for cell in cells)]).columns[0]
    assert (column.kind, column.unit, len(column.values)) == (kind, unit, len(cells))
    assert [value.text for value in column.values] == cells


def test_a_row_of_the_wrong_width_is_refused():
    with pytest.raises(InputError, match="row 1 has 1 cells where the header has 2"):
        Table(("a", "b"), (("1", "2"), ("3",)), id="x")


def test_cells_are_named_by_place():
    assert Table.from_rows([["a"], ["b"], ["c"]])[Cell(1, 0)] == "c"
