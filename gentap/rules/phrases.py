"""How a cell is said in words of its column: `with 115 votes`, `at the Royal National Theatre`, `in 2004`.

Which words stand before the cells of a column was counted in sentences about tables (`gentap fit-phrases`), but for
those before times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from gentap.grammar.alike import name_words, singular
from gentap.grammar.consistency import NO_VALUES
from gentap.grammar.english import article, noun, subject_kind
from gentap.grammar.flags import NO, YES
from gentap.grammar.header_words import NOUNS
from gentap.rules.told import measured, plain
from tabtext.errors import InputError
from tabtext.jsonl import atomic_output, dumps
from tabtext.table import Cell, Table
from tabtext.values import Kind, clock_time

SHIPPED = Path(__file__).with_name("phrases.json")

CELL, NAME, THE, MAYBE_THE = "…", "{header}", "the …", "(the) …"
"""In a pattern the cell, its column's name, and a cell that always or sometimes bears an article."""
AMOUNTS = "{amounts}"
"""What stands for the name of any column of so many of something, such as goals."""
FIGURES = frozenset(("number", "measure", "share", "score", "clock", "place"))
"""Kinds of cells that say little without their column's name."""
TIMES = {"year": "in …", "season": "in …", "month": "in …", "day": "on …"}
"""Kinds of times, and how they are said."""

_TIME_NAMES = frozenset(("year", "season", "date", "month", "day"))
"""Columns that hold the time of what their row is about."""
_NO_NAMES = NO_VALUES | YES | NO | {"home", "away", "neutral", "h", "a"}
_SEASON = re.compile(r"(?:1[5-9]|20)\d\d[-–/](?:\d\d|(?:1[5-9]|20)\d\d)")
_SCORE = re.compile(r"\d{1,3}[-–:]\d{1,3}\b.*")
_EDITION = re.compile(r"(?:(?:1[5-9]|20)\d\d|\d{1,3}(?:st|nd|rd|th)) [A-Z].*")
_TOWN = re.compile(r"[^\W\d_a-z][^,\d]*(?:, [^\W\d_a-z][^,\d]*){1,2}")
_NAMED = re.compile(r"[\"'“‘«(]?(?:[^\W_a-z]|\d).*")
"""How a name begins, and not a remark."""


class Phrase(NamedTuple):
    """A cell in words; what it is, its column's name, and the pattern, with what it stands behind (`bearing`)."""

    text: str
    cell: Cell
    kind: str
    name: str
    pattern: str
    behind: str

    @property
    def preposition(self) -> str:
        """The first of the words."""
        return self.text.partition(" ")[0]

    @property
    def said(self) -> str:
        """The words behind the preposition."""
        return self.text.partition(" ")[2]

    @property
    def counts(self) -> bool:
        """Whether it says how many of something: `with 3 goals`."""
        return self.pattern.endswith(NAME)


class Phrases(NamedTuple):
    """What was learnt: for a column's name and a kind of cell its pattern, ends of names that bear an article, and
    those of what one is `at`."""

    columns: Mapping[str, Mapping[str, str]]
    the: frozenset[str]
    at: frozenset[str]

    @classmethod
    def load(cls, path: Path | None = None) -> Phrases:
        """The phrases in a file, without one those that ship; an InputError where it holds none."""
        return _read(path) if path else _shipped()

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Write them into a file, a column a line."""
        columns = ",\n".join(f"  {dumps(name)}: {dumps(kinds)}" for name, kinds in sorted(self.columns.items()))
        ends = "".join(f',\n "{name}": {dumps(sorted(getattr(self, name)))}' for name in ("the", "at"))
        with atomic_output(path, overwrite=overwrite) as file:
            file.write(f'{{\n "columns": {{\n{columns}\n }}{ends}\n}}\n'.encode())

    def said(self, table: Table, cell: Cell) -> Phrase | None:
        """A cell in words of its column; None where none are known, and for a cell that is none."""
        header, text = table.header[cell.column].strip(), plain(table, cell)
        kind = finer(kind_of(table, cell), text, self.at)
        behind, _, pattern = self._pattern(header, kind).rpartition(": ")
        if not pattern:
            return None
        if kind in TIMES:
            said = pattern.replace(CELL, text) if kind != "day" or any(map(str.isalpha, text)) else ""
        elif NAME in pattern:
            said = _with_name(pattern, table, cell)
        else:
            said = self._with_article(pattern, text, kind)
        return Phrase(said, cell, kind, key_of(header), pattern, behind) if said else None

    def _pattern(self, header: str, kind: str) -> str:
        """How cells of this kind are said under this header; nothing where that is not known."""
        name = key_of(header)
        if kind in TIMES:
            return TIMES[kind] if name in _TIME_NAMES else ""
        of_name = self.columns.get(name, {})
        known = of_name.get(kind, "") or (of_name.get("text", "") if kind == "site" else "")  # `J. Park` is no park
        if not known and noun(header).counts:
            known = self.columns.get(AMOUNTS, {}).get(kind, "")
        return known

    def _with_article(self, pattern: str, text: str, kind: str) -> str:
        """The pattern with a name in it, behind its article; nothing of what is no name, or where an article that the
        pattern has is not known of the name."""
        if text.lower() in _NO_NAMES or not _NAMED.fullmatch(text):
            return ""
        bears = not text.lower().startswith("the ") and (end_of(text) in self.the or kind == "edition")
        if pattern.endswith(THE) and not bears:
            return ""
        has_one = bears and pattern.endswith((THE, MAYBE_THE))
        return f"{pattern.partition(' ')[0]} {'the ' if has_one else ''}{text}"


def key_of(header: str) -> str:
    """A column's name as it is compared: its words in the singular, `director` for `Directed by` and `Director(s)`."""
    return " ".join(word for word in name_words(noun(header).text) if len(word) > 1)


def kind_of(table: Table, cell: Cell) -> str:
    """What a cell is: a year, a day, a number, a score … or text."""
    value = table.columns[cell.column].values[cell.row]
    text = plain(table, cell)
    if _SEASON.fullmatch(text):
        return "season"
    if clock_time(text) is not None:
        return "clock"
    if value.kind is Kind.NUMBER:
        return "share" if value.unit == "%" else "measure" if value.unit else "number"
    if value.date:
        return "day" if value.date.day else "month" if value.date.month else "year"
    if value.kind in (Kind.RANK, Kind.PAIR):
        return "place" if value.kind is Kind.RANK else "score"
    if _EDITION.fullmatch(text):
        return "edition"
    if text[:1].isdigit():
        return "score" if _SCORE.fullmatch(text) else "figure"
    return "text"


def finer(kind: str, text: str, at: frozenset[str]) -> str:
    """Of text whether it names a site, by ends of what one is at, or a town with its country; any other kind as is."""
    if kind != "text":
        return kind
    end = end_of(text)
    return "site" if end in at else "town" if _TOWN.fullmatch(text) and end not in NOUNS else kind


def end_of(text: str) -> str:
    """By what a name bears an article or not: its last word, or the one before `of` with it."""
    first, of, _ = text.partition(",")[0].partition(" of ")
    return f"{first.split()[-1]}{of}".strip().lower() if first.split() else ""


def is_event(header: str) -> bool:
    """Whether a column's cells are events, whose names may be figures: `100 m`."""
    return subject_kind(noun(header).text) == "event"


def _with_name(pattern: str, table: Table, cell: Cell) -> str:
    """A figure in its pattern: `with a time of 9:58`, `with 1 goal`; nothing of none, and where a sentence cannot say
    the header."""
    header, unit, text = table.header[cell.column], measured(table, cell)[1], plain(table, cell)
    name = noun(header)
    if text == "0" or (name.note and not unit) or not _is_clear(header, table):
        return ""
    *first, last = name.text.split()
    said = " ".join([*first, singular(last) if text == "1" else last])
    filled = pattern.replace(f"a {NAME}", f"{article(name.text)} {name.text}")
    return filled.replace(NAME, said).replace(CELL, unit or text)


def _is_clear(header: str, table: Table) -> bool:
    """Whether a header is a noun that tells its column: no abbreviation, no two headers run together, and none of
    which a word must go, `Seats won`, beside another of the like, `Seats contested`."""
    name = noun(header)
    words = name_words(name.text)
    if not name.known or len(set(words)) < len(words) or len(words) > 3:
        return False
    alike = sum(words[-1] in name_words(other) for other in table.header)
    return alike < 2 or name_words(header) == words


@lru_cache(maxsize=1)
def _shipped() -> Phrases:
    return _read(SHIPPED)


def _read(path: Path) -> Phrases:
    try:
        held = json.loads(path.read_bytes())
        columns = {name: {kind: str(said) for kind, said in kinds.items()} for name, kinds in held["columns"].items()}
        the, at = (frozenset(map(str, held[name])) for name in ("the", "at"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: holds no phrases as `gentap fit-phrases` writes them ({error}).") from None
    if strange := [said for kinds in columns.values() for said in kinds.values() if CELL not in said]:
        raise InputError(f"{path}: has the phrase {strange[0]!r}, in which no {CELL} stands for a cell.")
    return Phrases(columns, the, at)
