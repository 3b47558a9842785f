"""The programs that a question may be read as: its conditions put together in every way that some wording allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from gentap.parser.anchors import overlap
from gentap.parser.programs import Filter, Program
from gentap.parser.question import Question

MOST_PROGRAMS = 1200
MOST_COLUMNS = 16
_SUPERLATIVE = re.compile(
    r"\b(?:\w{2,}est|most|least|top|best|worst|max(?:imum)?|min(?:imum)?|first|last|latest|recent|leading|lead|fewer|more|less"
    r"|\w{2,}er|main|peak|win|won|winner|bottom|final|favou?rite|prefer\w*|expensive|greater|better|worse|earliest|record)\b",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"\b(?:next|after|before|previous\w*|prior|follow\w*|preced\w*|above|below|under|succe\w*|behind|ahead|then|later|earlier"
    r"|listed|directly|immediately|right|just|came|come|comes)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:first|last|top|bottom|second|third|initial\w*|final\w*|recent\w*|latest|earliest|start\w*|begin\w*|end\w*|list\w*|open\w*|original\w*"
    r"|newest|oldest|current\w*|debut\w*)\b",
    re.IGNORECASE,
)
_NTHS = {
    "second": re.compile(r"\b(?:second|2nd|runner-?up)\b", re.IGNORECASE),
    "third": re.compile(r"\b(?:third|3rd)\b", re.IGNORECASE),
}
_COUNTS = re.compile(r"\b(?:how many|number of|total|amount of|count|how often|times|quantity)\b", re.IGNORECASE)
_SUMS = re.compile(
    r"\b(?:total\w*|sum|combined|altogether|overall|together|in all|all|how many|how much|collectively|add\w*|come to|amount|both|between them|owe\w*|cost|bill)\b",
    re.IGNORECASE,
)
_MEANS = re.compile(r"\b(?:average\w*|mean|typical\w*|on average|per)\b", re.IGNORECASE)
_DIFFERS = re.compile(
    r"\b(?:difference|differ|more|less|fewer|between|than|longer|older|younger|taller|margin|higher|lower|larger|greater|gap"
    r"|ahead|further|farther|bigger|heavier|cheaper|later|earlier|shorter|smaller|better|faster|elapsed|passed|separat\w*|dearer|exceed\w*|extra|compared|after|before|beat|warmer|colder|heavier)\b",
    re.IGNORECASE,
)
_REPEATED = re.compile(
    r"\b(?:more than one|more than once|twice|two|both|different|at least two|at least twice|several|multiple|two or more|again|repeat\w*|same)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b", re.IGNORECASE)
_ANY = re.compile(
    r"\b(?:any|there|anyone|anybody|someone|somebody|ever|anything|something|all|every\w*)\b", re.IGNORECASE
)
_LESS = re.compile(
    r"\b(?:less|fewer|lower|smaller|cheaper|younger|lighter|shorter|earlier|faster|before|sooner|slower|worse)\b",
    re.IGNORECASE,
)
_OR = re.compile(r"\bor\b|\band\b|\bthan\b|,|\bbetween\b|\bboth\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|no|without|other|except|besides|excluding|apart|isn['’]t|aren['’]t|didn['’]t|wasn['’]t|doesn['’]t"
                  r"|don['’]t|haven['’]t|hasn['’]t|weren['’]t|can['’]t|outside|nobody|none|else|non)\b", re.IGNORECASE)  # fmt: skip


def candidates(asked: Question) -> list[Program]:
    """The programs that a question may be read as, each once, at most `MOST_PROGRAMS`."""
    found: dict[Program, None] = {}
    for program in _programs(asked):
        found.setdefault(program)
        if len(found) >= MOST_PROGRAMS:
            break
    return list(found)


def _programs(asked: Question) -> Iterator[Program]:
    yield from _of_two(asked)
    picks = list(_picks(asked))
    for filters, either in _rows(asked):
        for pick, by in picks:
            if pick and either and pick not in ("most", "least", "first", "last"):  # the others are of all rows
                continue
            if pick in ("next", "previous") and not filters:
                continue
            yield from _told(asked, Program(filters, either, pick, by))


def _rows(asked: Question) -> Iterator[tuple[tuple[Filter, ...], bool]]:
    """The conditions that may stand together, and whether any of them is enough."""
    body = asked.about.view.in_body
    filters = asked.filters
    denies = _NOT.search(asked.text) is not None
    yield (), False
    for one in filters:
        yield (one,), False
    if denies:
        for one in filters:
            rest = body - one.rows
            if rest and one.how in ("is", "has"):
                yield (one._replace(how="not", rows=rest),), False
    may_be_either = _OR.search(asked.text) is not None
    for one, other in combinations(filters, 2):
        if overlap(one, other):
            continue
        if one.rows & other.rows and one.rows != other.rows:
            yield (one, other), False
        if may_be_either and one.column == other.column and one.how in ("is", "has") and not one.rows & other.rows:
            yield tuple(sorted((one, other), key=lambda its: its.start)), True
        if denies and one.column != other.column:
            for kept, left in ((one, other), (other, one)):
                if left.how in ("is", "has") and (rest := body - left.rows) & kept.rows:
                    yield (kept, left._replace(how="not", rows=rest)), False
    if may_be_either:
        for three in combinations(filters, 3):
            if len({one.column for one in three}) == 1 and not any(overlap(*two) for two in combinations(three, 2)):
                yield tuple(sorted(three, key=lambda its: its.start)), True


def _picks(asked: Question) -> Iterator[tuple[str, int | None]]:
    yield "", None
    about, text = asked.about, asked.text
    nths = [pick for pick, form in _NTHS.items() if form.search(text)]
    if _ENDS.search(text):
        yield "first", None
        yield "last", None
        for word, pick in (("second", "second"), ("third", "third")):
            if word in asked.low:
                yield pick, None
    if _NEAR.search(text):
        yield "next", None
        yield "previous", None
    if _SUPERLATIVE.search(text):
        for column in range(min(MOST_COLUMNS, about.table.width)):
            if len(set(about.figures.of(column).values())) > 1:
                yield "most", column
                yield "least", column
                for pick in nths:
                    yield f"{pick} most", column
                    yield f"{pick} least", column


def _told(asked: Question, program: Program) -> Iterator[Program]:
    about, text = asked.about, asked.text
    width = min(MOST_COLUMNS, about.table.width)
    fixed = {one.column for one in program.filters if one.how == "is"} if not program.either else set()
    for column in range(width):
        if (program.filters or program.pick) and (column not in fixed or program.pick in ("next", "previous")):
            yield program._replace(column=column)
    if program.pick:
        return
    if _COUNTS.search(text):
        yield program._replace(tells="count")
        for column in range(width):
            if column not in fixed and len(about.view.columns[column].rows_of) < len(about.view.body):
                yield program._replace(tells="count", column=column)
    if _SUPERLATIVE.search(text) or "often" in asked.low or "common" in asked.low:
        for column in range(width):
            if len(about.view.columns[column].rows_of) < len(about.view.body) and column not in fixed:
                yield program._replace(tells="commonest", column=column)
    sums, means = _SUMS.search(text), _MEANS.search(text)
    if sums or means:
        for column in range(width):
            if about.figures.of(column):
                if sums:
                    yield program._replace(tells="sum", column=column)
                if means:
                    yield program._replace(tells="average", column=column)
    if _REPEATED.search(text):
        for column in range(width):
            if column not in fixed and len(about.view.columns[column].rows_of) < len(about.view.body):
                yield program._replace(tells="repeated", column=column)
    holds = not any(one.how in ("no", "something", "nothing") for one in program.filters)
    if _YES_NO.match(text) and program.filters and _ANY.search(text):
        yield program._replace(tells="whether any")
    if _YES_NO.match(text) and len(program.filters) == 2 and not program.either and holds:
        yield program._replace(tells="whether")


def _of_two(asked: Question) -> Iterator[Program]:
    """What two rows differ by, and which of them has more."""
    about = asked.about
    columns = [column for column in range(min(MOST_COLUMNS, about.table.width)) if about.figures.of(column)]
    whether = _YES_NO.match(asked.text) is not None
    if not _DIFFERS.search(asked.text):
        return
    if "difference" in asked.low or "between" in asked.low or "range" in asked.low:
        for column in columns:
            yield Program(tells="difference", column=column)
    named = [one for one in asked.filters if one.how in ("is", "has")]
    for one, other in combinations(sorted(named, key=lambda its: its.start), 2):
        if overlap(one, other) or one.rows & other.rows:
            continue
        for column in columns:
            if (
                column in (one.column, other.column)
                and len({one.column, other.column}) == 1
                and not about.view.columns[column].values
            ):
                continue
            yield Program((one, other), True, tells="difference", column=column)
            if whether:
                yield Program(
                    (one, other),
                    True,
                    tells="whether less" if _LESS.search(asked.text) else "whether more",
                    column=column,
                )
    if whether:
        for one, other in combinations(asked.filters, 2):
            if not overlap(one, other) and one.column != other.column and not one.rows & other.rows:
                yield Program((one, other), tells="whether")
