"""The programs that a question may be read as: its conditions put together in every way that some wording allows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, islice

from gentap.parser import triggers
from gentap.parser.anchors import overlap
from gentap.parser.programs import Filter, Program, common
from gentap.parser.question import Question

MOST_PROGRAMS = 1200
"""Programs of a question that are tried."""
MOST_COLUMNS = 16
"""Columns of a table that are told, counted or computed with, from the left."""
MOST_GAPS = 7
"""Columns of figures of which any two are compared."""

_NAMES = ("is", "has")
"""How names of cells set conditions."""

Rows = tuple[tuple[Filter, ...], bool]
"""Conditions that stand together, and whether any of them is enough."""


def candidates(asked: Question) -> list[Program]:
    """The programs that a question may be read as, each once, at most `MOST_PROGRAMS`."""
    programs = dict.fromkeys(islice(chain(_of_two(asked), _of_rows(asked)), 2 * MOST_PROGRAMS))
    return list(programs)[:MOST_PROGRAMS]


def _of_rows(asked: Question) -> Iterator[Program]:
    """What may be told of the rows that meet conditions, or of one of them."""
    picks = list(_picks(asked))
    for filters, either in _rows(asked):
        for pick, by in picks:
            near = pick in ("next", "previous")
            if (near and not filters) or (either and (near or pick in triggers.NTHS)):
                continue
            yield from _told(asked, Program(filters, either, pick, by))


# --- which rows


def _rows(asked: Question) -> Iterator[Rows]:
    """The conditions that may stand together: none, one, two that rows meet both or either of, three names."""
    filters = asked.filters
    yield (), False
    yield from (((one,), False) for one in filters)
    if triggers.NOT.search(asked.text):
        yield from _denied(asked)
    apart = [(one, other) for one, other in combinations(filters, 2) if not overlap(one, other)]
    yield from (((one, other), False) for one, other in apart if one.rows & other.rows and one.rows != other.rows)
    if triggers.OR.search(asked.text):
        yield from ((_ordered(one, other), True) for one, other in apart if _alike(one, other))
        for three in combinations(filters, 3):
            if all(_alike(*two) and not overlap(*two) for two in combinations(three, 2)):
                yield _ordered(*three), True


def _denied(asked: Question) -> Iterator[Rows]:
    """The rows that a name does not name, all of them or those that meet another condition."""
    body = asked.about.view.in_body
    for left in asked.filters:
        rest = body - left.rows
        if not rest or left.how not in _NAMES:
            continue
        without = left._replace(how="not", rows=rest)
        yield (without,), False
        for kept in asked.filters:
            if kept.column != left.column and not overlap(kept, left) and rest & kept.rows:
                yield (kept, without), False


def _alike(one: Filter, other: Filter) -> bool:
    """Whether two conditions name different rows by one column."""
    return one.how in _NAMES and other.how in _NAMES and one.column == other.column and not one.rows & other.rows


def _ordered(*filters: Filter) -> tuple[Filter, ...]:
    return tuple(sorted(filters, key=lambda one: one.start))


def _picks(asked: Question) -> Iterator[tuple[str, int | None]]:
    """Which of the rows: all, one by the table's order, or one by the order of a column."""
    yield "", None
    places = [place for place, form in triggers.NTHS.items() if form.search(asked.text)]
    if triggers.ENDS.search(asked.text):
        yield from ((place, None) for place in ("first", "last", *places))
    if triggers.NEAR.search(asked.text):
        yield from (("next", None), ("previous", None))
    if triggers.SUPERLATIVE.search(asked.text):
        for column in _figures(asked):
            if len(set(asked.about.figures.of(column).values())) > 1:
                ends = ("most", "least", *(f"{place} {end}" for place in places for end in ("most", "least")))
                yield from ((end, column) for end in ends)


# --- what is told of them


def _told(asked: Question, program: Program) -> Iterator[Program]:
    """What may be told of the rows that a program picks."""
    near = program.pick in ("next", "previous")
    known = {one.column for one in program.filters if one.how == "is" and not program.either and not near}
    if program.filters or program.pick:
        yield from (program._replace(column=column) for column in _columns(asked) if column not in known)
    if not program.pick:
        grouped = [column for column in _columns(asked) if _has_groups(asked, column) and column not in known]
        yield from _counts(asked, program, grouped)
        yield from _computed(asked, program)
        yield from _gaps(asked, program)
        yield from _whether(asked, program)


def _counts(asked: Question, program: Program, grouped: list[int]) -> Iterator[Program]:
    """How many rows there are, or different cells of a column, and which cell there is most often or several times."""
    if triggers.COUNTS.search(asked.text):
        yield program._replace(tells="count")
        yield from (program._replace(tells="count", column=column) for column in grouped)
    if triggers.SUPERLATIVE.search(asked.text) or triggers.COMMON.search(asked.text):
        yield from (program._replace(tells="commonest", column=column) for column in grouped)
    if triggers.REPEATED.search(asked.text):
        yield from (program._replace(tells="repeated", column=column) for column in grouped)


def _computed(asked: Question, program: Program) -> Iterator[Program]:
    for tells, trigger in (("sum", triggers.SUMS), ("average", triggers.MEANS)):
        if trigger.search(asked.text):
            yield from (program._replace(tells=tells, column=column) for column in _figures(asked))


def _gaps(asked: Question, program: Program) -> Iterator[Program]:
    """What two columns of one row differ by."""
    if program.filters and triggers.CHANGES.search(asked.text) and len(common(program.filters, program.either)) == 1:
        for column, by in combinations(_figures(asked)[:MOST_GAPS], 2):
            yield program._replace(tells="gap", column=column, by=by)


def _whether(asked: Question, program: Program) -> Iterator[Program]:
    """Whether rows meet the conditions."""
    if not program.filters or not triggers.YES_NO.match(asked.text):
        return
    if triggers.ANY.search(asked.text):
        yield program._replace(tells="whether any")
    tell_little = any(one.how in ("no", "something", "nothing") for one in program.filters)
    if len(program.filters) == 2 and not program.either and not tell_little:
        yield program._replace(tells="whether")


def _of_two(asked: Question) -> Iterator[Program]:
    """What two rows differ by, which of them has more, and whether both conditions hold of one."""
    differs, asks = triggers.DIFFERS.search(asked.text), triggers.YES_NO.match(asked.text)
    more = "whether less" if triggers.LESS.search(asked.text) else "whether more"
    if differs and triggers.SPAN.search(asked.text):
        yield from (Program(tells="difference", column=column) for column in _figures(asked))
    for two in combinations(sorted(asked.filters, key=lambda one: one.start), 2):
        one, other = two
        if overlap(one, other) or one.rows & other.rows:
            continue
        if differs and one.how in _NAMES and other.how in _NAMES:
            tells = ("difference", more) if asks else ("difference",)
            yield from (Program(two, True, tells=tell, column=column) for column in _figures(asked) for tell in tells)
        if asks and one.column != other.column:
            yield Program(two, tells="whether")


def _columns(asked: Question) -> range:
    return range(min(MOST_COLUMNS, asked.about.table.width))


def _figures(asked: Question) -> list[int]:
    """The columns that rows can be ordered by."""
    return [column for column in _columns(asked) if asked.about.figures.of(column)]


def _has_groups(asked: Question, column: int) -> bool:
    """Whether several rows may say the same in a column."""
    return len(asked.about.view.columns[column].rows_of) < len(asked.about.view.body)
