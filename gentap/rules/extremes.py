"""Which rows a question means by their figures: that with the most or least of something, the n-th, the tallest, the
latest, those with more than a figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain

from gentap.grammar.alike import name_words, same_root, singular
from gentap.grammar.asking import ORDINALS
from gentap.grammar.header_words import words_of
from gentap.grammar.measures import COUNTED, SUPERLATIVES, VERB_END, ways
from gentap.grammar.units import in_one_unit
from gentap.grammar.verbs import PARTICIPLES
from gentap.rules.wanted import kinds_of, words_said
from tabtext.table import Table
from tabtext.values import EMPTY_MARKS, MONTHS, Kind, Value, clock_time

TIMES = frozenset(("year", "date", "season"))
"""Words of the names of columns that tell times."""

_YEAR = re.compile(r"\b[12]\d{3}\b")
_MOST = re.compile(
    rf"(?<!at )\b(?:(?:(?P<word>{'|'.join(ORDINALS)})|(?P<nth>\d{{1,3}})(?:st|nd|rd|th))[ -])?"
    r"(?:(?P<most>most|highest|largest|biggest|greatest|longest|latest)|"
    r"(?P<least>least|fewest|lowest|smallest|shortest|earliest)) "
    r"(?:(?:total )?(?:number|amount) of )?(?P<what>\w+(?: \w+)?)",
    re.IGNORECASE,
)
_OF_TWO = re.compile(
    r"\b(?:(?P<most>more|higher|larger|bigger|greater|longer|later)|"
    r"(?P<least>less|fewer|lower|smaller|shorter|earlier)) (?!than)(?P<what>\w+(?: \w+)?)",
    re.IGNORECASE,
)
COMPARES = re.compile(
    r"\b(?:(?P<more>(?:more|greater|higher|larger|later) than|over|above|after|since)|"
    r"(?P<less>(?:less|fewer|lower|smaller|earlier) than|under|below|before|prior to)) (?:the (?:year|season) )?"
    rf"(?P<figure>\d[\d,]*(?:\.\d+)?)\b(?! (?:{'|'.join(MONTHS)}))(?: (?P<scale>thousand|million|billion)\b)?",
    re.IGNORECASE,
)
"""Words that ask for the row with the most or least of something, or the n-th, for one of two, or for rows with more or
less than a figure."""
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_NOT = re.compile(r"\b(?:not|never)\b|n['’]t\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:(?!the )\w+ )?(?:\w+est|most|least)\b"
    r"|\bwhich (?:two|three|four|five)\b",
    re.IGNORECASE,
)
"""Words that ask for another row than the one with the most, or for several."""

_BY_VERB = re.compile(
    rf"\b(?P<verb>{'|'.join(COUNTED)}){VERB_END}\b(?: the)? (?P<degree>most|least)(?! \w*[^\W\d_]{{4}})", re.IGNORECASE
)
"""`who earns the most`."""
_BY_ANY_VERB = re.compile(
    r"\b(?P<verb>[a-z]{4,})(?:(?: the)? (?P<degree>most|least)(?: [a-z]+)?| (?P<time>first|earliest|last|latest))\W*$",
    re.IGNORECASE,
)
"""`which film grossed the most`, `who was hired first`."""
_NUMBERED = re.compile(rf"\b(?:(?P<word>{'|'.join(ORDINALS)})|(?P<nth>\d{{1,3}})(?:st|nd|rd|th)) (?P<what>[a-z]+)")
"""`the third track`."""
WINS = re.compile(r"\b(?:win|wins|won|winning|winners?|champions?|victor\w*|gold)\b", re.IGNORECASE)
WON = re.compile(r"(?:won|1st|1|winners?|gold|champions?)\b", re.IGNORECASE)
"""Words that ask for the rows that won, and words of such rows."""
_POLL = re.compile(
    r"\b(?:who|(?:which|what) \w+) (?:won|wins)\b.*\b(?:elections?|votes?|polls?|ballots?|primary)\b", re.IGNORECASE
)
_WON_IN = re.compile(r"\s*who (?:won|wins) in\b", re.IGNORECASE)
_OTHER_PLACE = re.compile(
    r"\b(?:silver|bronze|second|third|runners?-up|losers?|last|behind|beat\w*|defeat\w*|after|against)\b", re.IGNORECASE
)
_RESULT = frozenset(("pos", "position", "rank", "place", "result", "finish"))
_DEGREES = ("expensive", "populous")
"""Those that say so only with most or least before them."""
_OF_THINGS = ("highest", "lowest", "longest", "shortest", "largest", "biggest", "smallest")
"""Those that say so only of things: the highest mountain, but not the highest rate."""
_THINGS = words_of(
    "mountain peak summit hill volcano building tower skyscraper bridge tunnel dam city town village municipality "
    "country nation state province region county district island lake river stadium arena venue airport park song "
    "track film movie episode book road route street university school ship species animal person player one"
)
_NO_NOUNS = words_of("a an and are at by did does for from had has have in is of on or that the to was were who with")
_MEASURED = re.compile(
    rf"\b(?:(?:(?P<word>{'|'.join(ORDINALS)})|(?P<nth>\d{{1,3}})(?:st|nd|rd|th))[ -])?"
    rf"(?:(?P<degree>most|least|more|less) )?(?P<measure>{'|'.join(SUPERLATIVES)})\b(?: (?P<thing>[^\W\d_]+))?",
    re.IGNORECASE,
)


def extreme(question: str, bare: str, table: Table, rows: Collection[int], *, of_two: bool) -> int | None:
    """Of these rows that with the most or least of what the question names, or the n-th, if it names a column with an
    order; rows that sum others up are none. `bare` is the question without what it names, and `of_two` says that it
    names rows for a choice.
    """
    if _NOT.search(bare) or _SEVERAL.search(bare):
        return None
    found = _MOST.search(bare) or (_OF_TWO.search(bare) if of_two else None)
    nth = max((_nth(it.groupdict()) for it in (found, *_MEASURED.finditer(bare)) if it), default=0)
    for most, column in chain(_named(found, question, table), _measured(bare, question, table)):
        places = {row: place for row, place in _places(table, column).items() if row in rows}
        if len(places) > nth:  # the first place is the highest figure, and the lowest rank is the best
            first = most != (table.columns[column].kind is Kind.RANK)
            return sorted(places, key=lambda row: (places[row] if first else -places[row], row))[nth]
    return _numbered(bare, table, rows)


def _numbered(question: str, table: Table, rows: Collection[int]) -> int | None:
    """The one of these rows that has the number that the question gives a thing, under that thing's name."""
    for found in _NUMBERED.finditer(question.lower()):
        number = str(_nth(found.groupdict()) + 1)
        for column, name in enumerate(table.header):
            if name_words(name) == [singular(found["what"])]:
                its = [row for row in rows if table.rows[row][column].strip() == number]
                return its[0] if len(its) == 1 else None
    return None


def _places(table: Table, column: int) -> Mapping[int, int]:
    """The order of a column's rows, from the highest figure, latest date or longest time on."""
    if ordered := table.places[column].of:
        figures = in_one_unit([table.columns[column].values[row] for row in ordered])
        if table.columns[column].kind is not Kind.NUMBER:
            return ordered
        order = sorted(set(figures or ()), reverse=True)
        return {row: order.index(figure) for row, figure in zip(ordered, figures or (), strict=False)}
    said = {
        row: texts[column] for row, texts in enumerate(table.rows) if texts[column].strip().lower() not in EMPTY_MARKS
    }
    times = {row: time for row, text in said.items() if (time := clock_time(text)) is not None}
    order = sorted(set(times.values()), reverse=True) if len(times) == len(said) else []
    return {row: order.index(time) for row, time in times.items()} if len(order) > 1 else {}


def winner(question: str, table: Table, rows: Collection[int]) -> int | None:
    """The one of these rows that won, by a column of positions or results, if the question asks for who won."""
    if not WINS.search(question) or _NOT.search(question) or _OTHER_PLACE.search(question):
        return None
    for column, name in enumerate(table.header):
        if not _RESULT.isdisjoint(name_words(name)):
            won = [row for row in rows if WON.fullmatch(table.rows[row][column].strip())]
            if won:
                return won[0] if len(won) == 1 else None
    return _most_votes(table, rows) if _POLL.search(question) or _WON_IN.match(question) else None


def _most_votes(table: Table, rows: Collection[int]) -> int | None:
    """The one of these rows with most votes."""
    for column, name in enumerate(table.header):
        places = {row: place for row, place in table.places[column].of.items() if row in rows}
        if "vote" in name_words(name) and places:
            return min(places, key=places.__getitem__)  # the first place is the highest figure
    return None


def _named(found: re.Match[str] | None, question: str, table: Table) -> Iterator[tuple[bool, int]]:
    """The columns that a question names behind most or least, and whether it asks for the most."""
    if found:
        yield from ((bool(found["most"]), column) for column in _columns_of(kinds_of(found["what"]), question, table))


def _measured(bare: str, question: str, table: Table) -> Iterator[tuple[bool, int]]:
    """The columns of what words such as tallest measure."""
    for found in _BY_VERB.finditer(bare):
        is_most = found["degree"].lower() == "most"
        yield from ((is_most, column) for column in _columns_of(COUNTED[found["verb"].lower()], question, table))
    if by_verb := _BY_ANY_VERB.search(bare):
        verb, most = (
            by_verb["verb"].lower(),
            (by_verb["degree"] or by_verb["time"]).lower() in ("most", "last", "latest"),
        )
        words = (set(name_words(name)) - _RESULT for name in table.header)
        yield from ((most, column) for column, its in enumerate(words) if any(same_root(word, verb) for word in its))
    things = _THINGS | set(name_words(table.header[0] if table.header else ""))
    for found in _MEASURED.finditer(bare):
        word, degree, thing = (found[name] and found[name].lower() for name in ("measure", "degree", "thing"))
        if (word in _DEGREES) != bool(degree):
            continue
        if word in _OF_THINGS and thing and thing not in _NO_NOUNS and singular(thing) not in things:
            continue
        for most, nouns in ways(word):
            is_most = most != (degree in ("least", "less"))
            yield from ((is_most, column) for column in _columns_of(nouns, question, table))


def _nth(found: Mapping[str, str | None]) -> int:
    """Which of the most or least is asked for, 0 for the very most."""
    word, figure = found.get("word"), found.get("nth")
    return ORDINALS.index(word.lower()) if word else max(1, int(figure)) - 1 if figure else 0


def _columns_of(words: Collection[str], question: str, table: Table) -> list[int]:
    """The columns in whose names one of these words is, those first of which the question says most."""
    asked = _tokens(question)
    fit = [column for column, name in enumerate(table.header) if set(words) & set(name_words(name))]
    said = {column: _tokens(table.header[column]) & asked for column in fit}
    return sorted(fit, key=lambda column: (-len(said[column]), column))


def _tokens(text: str) -> set[str]:
    """The words and figures of a text, in the singular."""
    return set(map(singular, re.findall(r"\w+", text.lower())))


def compared(question: str, table: Table) -> frozenset[int]:
    """The rows with more or less than a figure, in the column whose name the question says, or of a year in one of
    times."""
    found = COMPARES.search(question)
    if not found:
        return frozenset()
    figure = float(found["figure"].replace(",", "")) * _SCALES.get((found["scale"] or "").lower(), 1)
    is_year = _YEAR.fullmatch(found["figure"]) is not None
    times = [column for column in range(table.width) if is_year and tells_times(table, column)]
    for column in dict.fromkeys(chain(times, _columns_of(words_said(question), question, table))):
        its, ordered = table.columns[column], table.places[column].of
        if ordered and its.kind in (Kind.DATE, Kind.NUMBER):
            numbers = {row: _figure(its.values[row]) for row in ordered}
            more, since = bool(found["more"]), (found["more"] or "").lower() == "since"
            return frozenset(
                row for row, number in numbers.items() if (since if number == figure else (number > figure) == more)
            )
    return frozenset()


def outermost(table: Table, rows: Collection[int], furthest: Callable[..., int]) -> int | None:
    """Of these rows the one with the latest time (`min`) or the earliest (`max`), if a column tells times."""
    for column in range(table.width):
        if tells_times(table, column):
            places = {row: place for row, place in table.places[column].of.items() if row in rows}
            if places:
                return furthest(places, key=places.__getitem__)
    return None


def _figure(value: Value) -> float:
    return value.date.year if value.date else value.number


def tells_times(table: Table, column: int) -> bool:
    """Whether a column's cells are times, by their kind or by its name: a time, or what was done then, of years."""
    words = name_words(table.header[column])
    done = len(words) == 1 and (words[0] in PARTICIPLES or words[0].endswith("ed"))
    years = done and all(_YEAR.fullmatch(row[column].strip()) for row in table.rows)
    return years or table.columns[column].kind is Kind.DATE or not TIMES.isdisjoint(words)
