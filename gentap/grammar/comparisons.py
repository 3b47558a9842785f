"""Comparisons in everyday words, read as programs: `who is taller, Ann or Bob`, `the second tallest`, `how old is Ann`.

Which column they compare by, no word of the question may say: what adjectives and verbs measure says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gentap.grammar.alike import name_words, same_root, singular
from gentap.grammar.asking import DO, FIGURE, IS, NOUN, NUMBERS, ORDINALS, VERB, WHO, forms, header, number
from gentap.grammar.calculations import two
from gentap.grammar.conditions import as_date, ordering, select
from gentap.grammar.measures import COUNTED, MEASURED_BY, SUPERLATIVES, VERB_END, ways
from gentap.grammar.pointing import (
    asked_column,
    column_called,
    column_of_time,
    column_with,
    is_done,
    is_unique,
    row_called,
    standing,
)
from gentap.grammar.programs import Call
from gentap.grammar.view import ColumnView, TableView, fold, is_literal
from tabtext.values import Kind, parse_value

_BARE = "expensive", "populous"
"""Adjectives that are compared with more and most."""
_COMPARATIVES = {word.removesuffix("st") + "r": word for word in SUPERLATIVES if word not in _BARE}
_MORE = {
    "better": True, "worse": False,
    "more": True, "higher": True, "larger": True, "greater": True, "bigger": True, "longer": True, "later": True,
    "fewer": False, "less": False, "lower": False, "smaller": False, "shorter": False, "earlier": False,
}  # fmt: skip
_MOST = {
    "most": True, "highest": True, "largest": True, "greatest": True, "biggest": True, "longest": True, "latest": True,
    "best": True, "worst": False,
    "fewest": False, "least": False, "lowest": False, "smallest": False, "shortest": False, "earliest": False,
}  # fmt: skip
_BEYOND = {
    "more than": True, "greater than": True, "higher than": True, "over": True, "above": True,
    "less than": False, "fewer than": False, "lower than": False, "under": False, "below": False,
}  # fmt: skip
_EARLIEST = {"first": False, "earliest": False, "earlier": False, "last": True, "latest": True, "later": True}
_THAN = rf"(?:(?P<measure>{'|'.join(_COMPARATIVES)})|(?P<degree>more|less) (?P<bare>{'|'.join(_BARE)}))"
_IS_MORE = rf"{IS} (?:the )?{_THAN}(?: one| {NOUN})?"
_HAS_MORE = rf"(?P<verb>{VERB}) (?:(?:an?|the) )?(?P<more>{'|'.join(_MORE)})(?: (?P<noun>{NOUN}))?"
_THAN_SO_MANY = rf"(?P<more>{'|'.join(_BEYOND)}) (?P<b>{FIGURE}) (?P<noun>{NOUN})"
_EITHER = r"[,:;]? (?:out of |between |of )?(?P<two>.+)"
_AMONG = r"(?: (?:in|from|of|at|by|on|for|among) (?P<among>.+))?"
_NTH = rf"(?:(?P<nth>{'|'.join(ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))[ -])?"
_SINGLE = "|".join(word for word in SUPERLATIVES if word not in _BARE)
_THE_MOST = rf"(?:(?P<measure>{_SINGLE})|(?P<degree>most|least) (?P<bare>{'|'.join(_BARE)}))"
_SOME = rf"(?:top )?(?P<some>{'|'.join(NUMBERS[1:])}|\d{{1,2}})"

_RANKS = frozenset(("rank", "position", "pos", "place", "order", "choice", "seed", "no"))
_JUDGED = frozenset(("score", "rating", "mark", "grade", "point", "average", "review"))
"""What is best where there is most of it."""

# --- what is compared by


def _by(view: TableView, found: re.Match[str]) -> tuple[ColumnView, bool] | None:
    """The column that a question compares by, and whether it wants more of it."""
    said = found.groupdict()
    if word := said.get("bare") or said.get("measure"):
        superlative = _COMPARATIVES.get(word.lower(), word.lower())
        less = (said.get("degree") or "").lower() in ("less", "least")
        fit = [(column_with(view, nouns), most != less) for most, nouns in ways(superlative)]
        found_by = [(column, more) for column, more in fit if column and _is_ordered(view, column)]
        return found_by[0] if len(found_by) == 1 else None if found_by else _by_place(view, found)
    more, verb = {**_MORE, **_MOST, **_BEYOND}[said["more"].lower()], (said.get("verb") or "").lower()
    if noun := said.get("noun"):
        column = _of_noun(view, noun, verb, is_judged=said["more"].lower() in ("best", "worst", "better", "worse"))
    else:
        known = next((known for known in COUNTED if re.fullmatch(known + VERB_END, verb)), None)
        column = column_with(view, COUNTED[known]) if known else None
    return (column, more) if column and _is_ordered(view, column) else None


def _of_noun(view: TableView, noun: str, verb: str, *, is_judged: bool) -> ColumnView | None:
    """The column of what there is more of, as it is called or as what is done names it: Won, of `won more games`."""
    last = singular(noun.lower().split()[-1])
    column = column_called(view, noun)
    if column is None and last in ("game", "match"):
        fit = [its for its in view.columns if any(same_root(word, verb) for word in name_words(header(view, its)))]
        column = fit[0] if len(fit) == 1 else None
    if column is None or (is_judged and (last not in _JUDGED or column.kind is not Kind.NUMBER)):
        return None  # `the best time`, of which there is least
    return column if is_done(view, column, verb) else None


def _by_place(view: TableView, found: re.Match[str]) -> tuple[ColumnView, bool] | None:
    """The column that stands for what is measured where nothing is named so: `the fastest in the marathon`."""
    column = column_called(view, found.groupdict().get("among") or "")
    if not column or not _is_ordered(view, column):
        return None
    word = found["measure"].lower()
    adjective, most = SUPERLATIVES[_COMPARATIVES.get(word, word)]
    times = adjective == "fast" and column.kind is Kind.TEXT
    return (column, most != times) if times or (adjective == "warm" and column.kind is Kind.NUMBER) else None


def _is_ordered(view: TableView, column: ColumnView) -> bool:
    """Whether more of a column is more: not of ranks, of which the highest is the least."""
    ranks = not _RANKS.isdisjoint(name_words(header(view, column)))
    return not ranks and (bool(ordering(view, column)) or column.kind is Kind.DATE)


def _dated(view: TableView, found: re.Match[str]) -> tuple[ColumnView, bool] | None:
    """The column of when what a question says was done, and whether it wants the later."""
    column = column_of_time(view, found["done"])
    return (column, _EARLIEST[found["when"].lower()]) if column else None


def _two(view: TableView, said: str) -> tuple[Call, Call] | None:
    """The rows of `Ann or Bob`."""
    for parts in _halves(said):
        first, second = (row_called(view, part) for part in parts)
        if first and second and first != second:
            return first, second
    return None


def _halves(said: str) -> Iterator[Sequence[str]]:
    for link in re.finditer(r",? (?:or|and) ", said):
        yield said[: link.start()].removeprefix("either ").removeprefix("both "), said[link.end() :]


# --- the forms


def _of_two(view: TableView, found: re.Match[str]) -> Call | None:
    """`who is taller, Ann or Bob`."""
    by = _dated(view, found) if "done" in found.groupdict() else _by(view, found)
    two = _two(view, found["two"])
    if not by or not two:
        return None
    return Call("larger" if by[1] else "smaller", (str(two[0].arguments[0]), header(view, by[0]), *two))


def _is_it(view: TableView, found: re.Match[str]) -> Call | None:
    """`is Ann taller than Bob`."""
    by = _by(view, found)
    first, second = row_called(view, found["a"]), row_called(view, found["b"])
    among = found.groupdict().get("among")
    if not by or not first or not second or first == second or (among and column_called(view, among) is not by[0]):
        return None
    return Call("verify_larger" if by[1] else "verify_smaller", (header(view, by[0]), first, second))


def _by_how_much(view: TableView, found: re.Match[str]) -> Call | None:
    """`how much taller is Ann than Bob`."""
    by = _by(view, found)
    first, second = row_called(view, found["a"]), row_called(view, found["b"])
    if not by or not first or not second or first == second:
        return None
    figures = two(view, by[0], select(first, view), select(second, view))
    if not figures or (figures[0] > figures[1]) != by[1] or figures[0] == figures[1]:
        return None  # it is less, and not more
    if by[0].kind is Kind.DATE:
        return Call("years_between", (header(view, by[0]), first, second))
    return Call("excess", (header(view, by[0]), *((first, second) if by[1] else (second, first))))


def _than(view: TableView, found: re.Match[str]) -> Call | None:
    """`who is taller than Ann`, `how many players are taller than 180 cm`."""
    by = _by(view, found)
    row = None if is_literal(found["b"]) or found["b"] == "zero" else row_called(view, found["b"])
    limit = _limit(view, by[0], found["b"], row) if by else None
    if not by or limit is None:
        return None
    column, more = by
    name = ("after" if more else "before") if column.kind is Kind.DATE else "above" if more else "below"
    asked = asked_column(view, found["kind"], row)
    if asked is None:
        return None
    condition = Call(name, (header(view, column), limit))
    return Call("count" if found.groupdict().get("count") else "listing", (header(view, asked), condition))


def _limit(view: TableView, column: ColumnView, said: str, row: Call | None) -> str | None:
    """The figure or date that others are to be more or less than: that of the row that is named, or the one said."""
    said = "0" if said == "zero" else said
    value = parse_value(said)
    if column.kind is Kind.DATE and as_date(said):
        return said
    if value.kind is Kind.NUMBER and column.kind is Kind.NUMBER:
        unit = value.unit.lower()
        if unit in ("", column.unit.lower()):
            return said
        return f"{value.number:.15g}" if unit in column.noun.note.lower().split() and not column.unit else None
    rows = view.named(str(row.arguments[0])).rows_of_text(row.arguments[1]) if row else []  # type: ignore[union-attr]
    return column.texts[rows[0]] if len(rows) == 1 and column.texts[rows[0]] else None


def _the_most(view: TableView, found: re.Match[str]) -> Call | None:
    """`who is the tallest player`, `who earns the second most`."""
    by = _dated(view, found) if "done" in found.groupdict() else _by(view, found)
    asked = asked_column(view, found.groupdict().get("kind") or found.groupdict().get("thing"))
    if not by or asked is None or asked is by[0] or asked.kind is Kind.NUMBER or not is_unique(asked):
        return None
    headers = header(view, asked), header(view, by[0])
    nth, among = number(found.groupdict().get("nth"), ORDINALS), found.groupdict().get("among")
    among = None if among and column_called(view, among) is by[0] else among
    if nth > 1:
        return None if among else Call("nth_highest" if by[1] else "nth_lowest", (*headers, str(nth)))
    if not among:
        return Call("argmax" if by[1] else "argmin", headers)
    some = standing(view, "", among)
    return Call("argmax_among" if by[1] else "argmin_among", (*headers, some)) if some else None


def _the_figure(view: TableView, found: re.Match[str]) -> Call | None:
    """`what was the highest price`."""
    by = _by(view, found)
    if not by or singular(fold(by[0].noun.text).split()[-1]) != singular(fold(found["noun"]).split()[-1]):
        return None  # `the largest tower`, beside Tower height
    names = ("latest", "earliest") if by[0].kind is Kind.DATE else ("maximum", "minimum")
    return Call(names[0] if by[1] else names[1], (header(view, by[0]),))


def _placed(view: TableView, found: re.Match[str]) -> Call | None:
    """`who came second in maths`, of marks."""
    column, asked = column_called(view, found["noun"]), asked_column(view, None)
    if column is None or asked is None or column.kind is not Kind.NUMBER or not _is_ordered(view, column):
        return None
    if "golf" in found["noun"].lower() or not is_unique(asked):
        return None
    return Call("nth_highest", (header(view, asked), header(view, column), str(number(found["nth"], ORDINALS))))


def _some_most(view: TableView, found: re.Match[str]) -> Call | None:
    """`who are the two tallest players`: those with more than the third."""
    by, some = _by(view, found), number(found["some"], NUMBERS)
    asked = asked_column(view, found.groupdict().get("kind") or found.groupdict().get("thing"))
    if not by or asked is None or asked.kind is Kind.NUMBER or not is_unique(asked):
        return None
    column, most = by
    keys = ordering(view, column)
    rows = sorted(keys, key=keys.__getitem__, reverse=most)
    if not 0 < some < len(rows) or keys[rows[some]] == keys[rows[some - 1]]:  # as high as one that is not among them
        return None
    name = ("after" if most else "before") if column.kind is Kind.DATE else "above" if most else "below"
    return Call("listing", (header(view, asked), Call(name, (header(view, column), column.texts[rows[some]]))))


def _how(view: TableView, found: re.Match[str]) -> Call | None:
    """`how tall is Ann`, `how many goals did Ann score`, `how much does it cost`."""
    said = found.groupdict()
    row = row_called(view, found["a"])
    if not row:
        return None
    if said.get("noun"):
        column = column_called(view, said["noun"])
        column = column if column and is_done(view, column, said.get("verb") or "") else None
    else:
        verb = next((verb for verb in COUNTED if re.fullmatch(verb + VERB_END, said.get("verb") or "")), None)
        nouns = COUNTED[verb] if verb else MEASURED_BY.get((said.get("adjective") or "").lower(), ())
        column = column_with(view, nouns)
    if column is None or column.kind is not Kind.NUMBER:
        return None
    return Call("lookup", (header(view, column), row))


FORMS = forms(
    (rf"{WHO} (?:takes?|took|lasts?|lasted) (?:the )?{_NTH}(?P<measure>longest|shortest)", _the_most),
    (rf"{WHO} (?:takes?|took|lasts?|lasted) (?P<measure>longer|shorter){_EITHER}", _of_two),
    (rf"{IS} (?P<a>.+?) {_THAN} than (?P<b>.+?)(?: (?:in|on) (?P<among>.+))?", _is_it),
    (rf"(?:{DO}|has|have|had) (?P<a>.+?) {_HAS_MORE} than (?P<b>.+)", _is_it),
    (rf"how much {_THAN} {IS} (?P<a>.+?) than (?P<b>.+)", _by_how_much),
    (
        rf"how (?:much|many) (?P<more>more|less|fewer)(?: (?P<noun>{NOUN}))? {DO} (?P<a>.+?) (?P<verb>{VERB})"
        r" than (?P<b>.+)",
        _by_how_much,
    ),
    (rf"(?P<count>how many) (?P<kind>{NOUN}) {IS} {_THAN} than (?P<b>.+)", _than),
    (rf"(?P<count>how many) (?P<kind>{NOUN}) {_HAS_MORE} than (?P<b>.+)", _than),
    (rf"(?P<count>how many) (?P<kind>{NOUN}) (?P<verb>{VERB}) {_THAN_SO_MANY}", _than),
    (rf"{WHO} (?P<verb>{VERB}) {_THAN_SO_MANY}", _than),
    (rf"{WHO} {VERB} (?:an? )?(?P<noun>{NOUN}) (?:of )?(?P<more>{'|'.join(_BEYOND)}) (?P<b>{FIGURE}\S*)", _than),
    (rf"{WHO} {VERB} (?P<more>better|worse) (?:in|at) (?P<noun>{NOUN}){_EITHER}", _of_two),
    (rf"{WHO} (?:came|finished) (?P<nth>{'|'.join(ORDINALS[1:])}) in (?P<noun>{NOUN})", _placed),
    (rf"{WHO} {IS} {_THAN} than (?P<b>.+)", _than),
    (rf"{WHO} {IS} (?P<more>over|above|under|below) (?P<b>zero|{FIGURE}) in (?P<noun>.+)", _than),
    (rf"{WHO} {_HAS_MORE} than (?P<b>.+)", _than),
    (rf"{WHO} {_IS_MORE}{_EITHER}", _of_two),
    (rf"{WHO} {_HAS_MORE}{_EITHER}", _of_two),
    (rf"{WHO} (?:{IS} )?(?P<done>[a-z]+) (?P<when>{'|'.join(_EARLIEST)}){_EITHER}", _of_two),
    (rf"which (?:one )?(?:of|out of|between) (?P<two>.+? and .+?),? {_IS_MORE}", _of_two),
    (rf"which (?:one )?(?:of|out of|between) (?P<two>.+? and .+?),? {_HAS_MORE}", _of_two),
    (rf"(?:of|between|out of) (?P<two>.+? and .+?), {WHO} {_IS_MORE}", _of_two),
    (rf"(?:of|between|out of) (?P<two>.+? and .+?), {WHO} {_HAS_MORE}", _of_two),
    (rf"{IS} (?P<two>.+ or .+?) (?:the )?{_THAN}", _of_two),
    (rf"{DO} (?P<two>.+ or .+?) {_HAS_MORE}", _of_two),
    (rf"{WHO} {IS} the {_NTH}{_THE_MOST}(?: (?P<thing>{NOUN}))?{_AMONG}", _the_most),
    (
        rf"{WHO} (?P<verb>{VERB}) (?:the )?{_NTH}(?P<more>{'|'.join(_MOST)})(?: (?P<noun>{NOUN}))?{_AMONG}",
        _the_most,
    ),
    (rf"{WHO} (?:{IS} )?(?P<done>[a-z]+) (?P<when>{'|'.join(_EARLIEST)})", _the_most),
    (rf"what {IS} the (?P<more>{'|'.join(_MOST)}) (?:(?:number|amount) of )?(?P<noun>{NOUN})", _the_figure),
    (
        rf"{WHO} {IS} the (?P<when>{'|'.join(_EARLIEST)}) (?P<thing>{NOUN})(?: to be)? (?P<done>[a-z]+)",
        _the_most,
    ),
    (rf"{WHO} {IS} the {_SOME} {_THE_MOST}(?: (?P<thing>{NOUN}))?", _some_most),
    (rf"which {_SOME} (?P<kind>{NOUN}) {IS} the {_THE_MOST}", _some_most),
    (
        rf"which {_SOME} (?P<kind>{NOUN}) (?P<verb>{VERB}) the (?P<more>{'|'.join(_MOST)})"
        rf"(?: (?P<noun>{NOUN}))?",
        _some_most,
    ),
    (rf"how (?P<adjective>{'|'.join(MEASURED_BY)}) {IS} (?P<a>.+)", _how),
    (rf"how much {DO} (?P<a>.+?) (?P<verb>{VERB})", _how),
    (rf"(?:what|how many points) {DO} (?P<a>.+?) (?:get|score|achieve|have) (?:in|on|for|at) (?P<noun>{NOUN})", _how),
    (rf"how many (?P<noun>{NOUN}) (?:{DO}|has|have) (?P<a>.+?) (?P<verb>[a-z]+)", _how),
)
"""The forms that comparisons take, each with what reads it; the first that reads one counts."""
