"""What cells mean: figures with units, dates, ranks, pairs, and what only looks like one."""

import pytest

from tabtext.values import Kind, clock_time, parse_value, without_footnotes

NUMBERS = [
    ("0", 0, ""), ("-0", 0, ""), ("1,234", 1234, ""), ("12,34,567", 1234567, ""), ("5 000", 5000, ""), (" 12 ", 12, ""),
    ("-3", -3, ""), ("−3.5%", -3.5, "%"), ("–3", -3, ""), ("+1", 1, ""), (".5", 0.5, ""), ("0.5", 0.5, ""),
    ("1e+20", 1e20, ""), ("1e-05", 1e-5, ""), ("٣٤", 34, ""),
    ("1.234,56", 1234.56, ""), ("1,23", 1.23, ""), ("−89,90 €", -89.9, "€"),
    ("12 %", 12, "%"), ("5%*", 5, "%"), ("1,234[a]", 1234, ""),
    ("$5.2m", 5.2e6, "$"), ("US$ 5", 5, "US$"), ("5 €", 5, "€"), ("100 USD", 100, "USD"), ("Rs. 500", 500, "Rs."),
    ("€5 million", 5e6, "€"), ("5 million", 5e6, ""), ("28h", 28, "h"), ("800m", 800, "m"), ("10 000 m", 10000, "m"),
    ("1010 kg/m³", 1010, "kg/m³"), ("24 knots", 24, "knots"), ("3 acts", 3, "acts"), ("145 °F", 145, "°F"),
    ("1.73 m (5 ft 8 in)", 1.73, "m"), ("76 kg (168 lb)", 76, "kg"),
]  # fmt: skip
DATES = [
    ("1 January 2001", (2001, 1, 1)), ("January 1, 2001", (2001, 1, 1)), ("1st Jan. 2001", (2001, 1, 1)),
    ("Sunday, 9 August 1972", (1972, 8, 9)), ("1933 May 7", (1933, 5, 7)), ("May 2001", (2001, 5, 0)),
    ("1 July", (0, 7, 1)), ("July 4", (0, 7, 4)), ("29 February", (0, 2, 29)), ("2001-02-03", (2001, 2, 3)),
    ("2001-02-03 00:00:00", (2001, 2, 3)), ("12.5.1999", (1999, 5, 12)), ("8 July 1997[4]", (1997, 7, 8)),
]  # fmt: skip
RANKS = [("10th", 10), ("1ST", 1), ("2nd place", 2), ("40.", 40), ("3=", 3), ("=3", 3), ("#8", 8), ("3ª", 3)]
PAIRS = [("2–1", (2, 1)), ("102-98", (102, 98)), ("1–0*", (1, 0)), ("3 — 3", (3, 3))]
TEXTS = [
    "1950s", "480i", "12B", "230P/LINEAR", "107 Piccadilly", "50 Cent", "6\nCalifornia", "10 pm", "07.30", "007", "00",
    "2004–05", "1999–2000", "1:48.11", "7:05:02", "25:23", "54 (12)", "(1,234)", "1/2", "½", "5²", "1.23,56", "1,2",
    "1_000", "inf", "$", "+", "30 February", "2020-13-45", "2020-01-02 03:04:00",
    "Tuesday", "March", "Maya", "11/19/97",
    "4 x 100 m", "</s>", "<extra_id_0>", "row 1 :", "שלום 12", "🏆", "1" * 41 + " m", "December 26, 1979\n(#79000211)",
]  # fmt: skip
EMPTY = ["", " ", "-", "—", "n/a", "N/A", "NaN", "None", "?", "TBD"]


@pytest.mark.parametrize(("text", "number", "unit"), NUMBERS)
def test_numbers(text, number, unit):
    value = parse_value(text)
    assert (value.kind, value.unit, value.text) == (Kind.NUMBER, unit, text)
    assert value.number == pytest.approx(number)
    assert str(value.number) != "-0.0"


@pytest.mark.parametrize(("text", "date"), DATES)
def test_dates_sort_by_their_number(text, date):
    value = parse_value(text)
    assert (value.kind, value.date) == (Kind.DATE, date)
    assert value.number == date[0] * 10_000 + date[1] * 100 + date[2]


@pytest.mark.parametrize(("text", "place"), RANKS)
def test_ranks(text, place):
    assert parse_value(text)[:3] == (Kind.RANK, text, place)


@pytest.mark.parametrize(("text", "pair"), PAIRS)
def test_pairs(text, pair):
    value = parse_value(text)
    assert (value.kind, value.pair) == (Kind.PAIR, pair)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_not_wholly_a_value_is_text(text):
    assert parse_value(text).kind is Kind.TEXT


@pytest.mark.parametrize("text", EMPTY)
def test_marks_for_nothing(text):
    assert parse_value(text).kind is Kind.EMPTY


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Paris*", "Paris"),
        ("10.2 †", "10.2"),
        ("a[1][2]", "a"),
        ("Rio (a)", "Rio"),
        ("[10]", "[10]"),
        ("*", "*"),
        ("", ""),
    ],
)
def test_footnotes_go_but_a_mark_alone_stays(text, bare):
    assert without_footnotes(text) == bare


@pytest.mark.parametrize(
    "times",
    [
        ("2:58", "3:45", "12:01", "75:30"),
        ("2:58.9", "3:45", "1:02:45.3"),
        ("06:30", "11:00", "23:59"),
        ("12:05 am", "7:30 a.m.", "12:10 PM", "1:15 pm"),
    ],
)
def test_times_sort_by_what_they_say(times):
    keys = list(map(clock_time, times))
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


@pytest.mark.parametrize("text", ["3", "3:7", "3:75", "0-3", "2:1", "12:30 Oslo", ""])
def test_what_is_no_time_has_none(text):
    assert clock_time(text) is None
