"""Totals, counts and times in everyday words, read as programs: `what is the total price`, `how many trains leave from
Oslo`, `who won no gold`, `which films came out in 2004`.
"""

from __future__ import annotations

import re

from gentap.grammar.alike import name_words, same_root, singular
from gentap.grammar.asking import DO, IS, NOUN, NUMBERS, VERB, WHO, forms, header, number
from gentap.grammar.conditions import as_date, ordering, select
from gentap.grammar.header_words import words_of
from gentap.grammar.pointing import (
    asked_column,
    column_called,
    column_of_time,
    counted_column,
    is_done,
    is_unique,
    standing,
)
from gentap.grammar.programs import Call
from gentap.grammar.view import ColumnView, TableView
from tabtext.values import Kind

_MEAN = frozenset(("average", "mean"))
_STANDING = words_of(
    "play plays played leave leaves left live lives lived work works go goes come comes start starts run"
)
_STANDING |= {"", "located", "based", "listed", "available", "open", "there"}
"""What is done by what stands in a row, whatever its column is called."""
_NO_TOTALS = frozenset(("rank", "year", "no", "number", "position", "place", "percentage", "percent", "share"))
"""Words of the names of columns that nobody adds up."""


def _total(view: TableView, found: re.Match[str]) -> Call | None:
    """`what is the total price`, `how many points were scored in total`."""
    column = _figures(view, found["noun"])
    mean = (found.groupdict().get("how") or "").lower() in _MEAN
    verb = found.groupdict().get("verb") or ""
    if (
        column is None
        or not is_done(view, column, verb)
        or (not mean and not _NO_TOTALS.isdisjoint(name_words(header(view, column))))
    ):
        return None
    return Call("average" if mean else "sum", (header(view, column),))


def _figures(view: TableView, noun: str) -> ColumnView | None:
    column = column_called(view, noun)
    return column if column and column.kind is Kind.NUMBER and ordering(view, column) else None


def _with_value(view: TableView, found: re.Match[str]) -> Call | None:
    """`how many trains leave from Oslo`."""
    preposition = found.groupdict().get("prep") or ""
    asked, condition = counted_column(view, found["kind"]), standing(view, preposition, found["value"])
    verb = (found.groupdict().get("verb") or "").lower()
    if not asked or not condition:
        return None
    rooted = any(same_root(word, verb) for word in name_words(str(condition.arguments[0])))
    return _how_many(view, asked, condition) if rooted or verb in _STANDING else None


def _of_kind(view: TableView, found: re.Match[str]) -> Call | None:
    """`how many cats are there`, of a column that says Cat."""
    for name in (found["kind"], singular(found["kind"])):
        condition = standing(view, "", name)
        if condition and len(select(condition, view).rows) > 1:  # one row may say how many there are
            return Call("count", (str(condition.arguments[0]), condition))
    return None


def _how_many(view: TableView, asked: ColumnView, condition: Call) -> Call | None:
    """The rows that meet a condition counted, or the figure that the one of them has, of points."""
    figures = sum(text[:1].isdigit() for text in asked.texts) > len(asked.texts) / 2
    if not figures and "number" not in name_words(header(view, asked)):
        return None if not is_unique(asked) else Call("count", (header(view, asked), condition))
    return Call("lookup", (header(view, asked), condition)) if len(select(condition, view).rows) == 1 else None


def _at_least(view: TableView, found: re.Match[str]) -> Call | None:
    """`who won at least two golds`, `how many teams won no gold`: whole numbers, so more than one golds, and 0."""
    column = _figures(view, found["noun"])
    if column is None or any(value.number != int(value.number) for value in column.values if value.kind is Kind.NUMBER):
        return None
    asked = asked_column(view, found["kind"])
    if asked is None or asked is column or not is_unique(asked):
        return None
    if not is_done(view, column, found.groupdict().get("verb") or ""):
        return None
    said = found.groupdict().get("least")
    if said and said not in ("a", "an") and not number(said, NUMBERS):
        return None
    least = 1 if said in ("a", "an") else number(said, NUMBERS)
    limit = ("above", str(least - 1)) if said else ("below", "1")
    condition = Call(limit[0], (header(view, column), limit[1]))
    if not said and not column.rows_of_text("0"):
        return None
    return Call("count" if found.groupdict().get("count") else "listing", (header(view, asked), condition))


def _at_a_time(view: TableView, found: re.Match[str]) -> Call | None:
    """`which films came out in 2004`, `how many people joined in May 2010`."""
    said = found.groupdict()
    column, asked = column_of_time(view, said["done"].split()[0]), asked_column(view, said["kind"])
    if column is None or asked is None or asked is column or not as_date(said["when"]):
        return None
    within = Call("between", (header(view, column), said["when"], said["when"]))
    return _how_many(view, asked, within) if said.get("count") else Call("listing", (header(view, asked), within))


def _in_stock(view: TableView, found: re.Match[str]) -> Call | None:
    """`which products are out of stock`: those of which there are none."""
    column, asked = _figures(view, found["noun"]), asked_column(view, found["kind"])
    if column is None or asked is None:
        return None
    limit = ("below", "1") if found["out"].startswith("out") else ("above", "0")
    return Call("listing", (header(view, asked), Call(limit[0], (header(view, column), limit[1]))))


_IN_ALL = r"(?:in total|altogether|overall|in all)"
_PREPOSITION = "from|to|in|at|on|for|by|with"
_LEAST = rf"at least (?P<least>an?|{'|'.join(NUMBERS)}|\d+)"

_ON_THE_LIST = rf"(?: {IS} (?:there|listed|(?:on|in) (?:the|this) (?:list|table)))?"

FORMS = forms(
    (rf"how many (?P<kind>{NOUN}) {DO} (?P<value>.+) have", _with_value),
    (rf"how many (?P<kind>{NOUN}) {IS} (?:still |already |currently |now )?(?P<value>.+)", _with_value),
    (rf"how many (?P<kind>{NOUN}) {IS} there", _of_kind),
    (rf"what {IS} the (?P<how>total|combined|overall|average|mean) (?P<noun>{NOUN})", _total),
    (rf"what {IS} the (?P<how>sum|total|average|mean) of (?:all )?(?:the )?(?P<noun>{NOUN})", _total),
    (rf"how (?:many|much) (?P<noun>{NOUN}) {IS} (?P<verb>[a-z]+) {_IN_ALL}", _total),
    (
        rf"how many (?P<kind>{NOUN}) (?:{IS} )?(?:(?P<verb>{VERB}) )?(?P<prep>{_PREPOSITION}) "
        rf"(?P<value>.+?){_ON_THE_LIST}",
        _with_value,
    ),
    (rf"(?P<count>how many) (?P<kind>{NOUN}) (?P<verb>{VERB}) {_LEAST} (?P<noun>{NOUN})", _at_least),
    (rf"{WHO} (?P<verb>{VERB}) {_LEAST} (?P<noun>{NOUN})", _at_least),
    (rf"(?P<count>how many) (?P<kind>{NOUN}) (?P<verb>{VERB}) no (?P<noun>{NOUN})", _at_least),
    (rf"{WHO} {IS} (?P<out>out of|in) (?P<noun>stock)", _in_stock),
    (rf"{WHO} (?P<verb>{VERB}) no (?P<noun>{NOUN})", _at_least),
    (rf"{WHO} (?:did not|didn't|did n't) (?P<verb>{VERB}) any (?P<noun>{NOUN})", _at_least),
    (rf"(?P<count>how many) (?P<kind>{NOUN}) (?:{IS} )?(?P<done>{VERB}(?: out)?) (?:in|on) (?P<when>.+)", _at_a_time),
    (rf"{WHO} (?:{IS} )?(?P<done>{VERB}(?: out)?) (?:in|on) (?P<when>.+)", _at_a_time),
)
"""The forms that they take, each with what reads it."""
