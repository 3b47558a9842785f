"""A table as questions see it: its columns under the nouns that name them, where each value occurs, and how a name or
a value is written so that it is read back.

The language of a table is its lexicon (headers and cells) among the words of the grammar. A name is written as it is
when it cannot be mistaken: it does not begin with a word of the grammar, and no shorter name of the table followed by
a word of the grammar begins it. Every other name stands in quotation marks. With that, reading a question by the
longest name at each place gives back the names it was written with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from gentap.grammar.english import Noun, NumberStyle, article, header_nouns, number_style
from gentap.grammar.value_kinds import BEHIND_THE
from gentap.grammar.vocabulary import Vocabulary
from tabtext.summary_rows import is_heading, is_rest, sums_up
from tabtext.table import Cell, Column, Table
from tabtext.values import EMPTY_MARKS, Kind, Value, parse_value, without_footnotes

QUOTES = (('"', '"'), ("“", "”"))
"""Opening and closing marks; a name that holds the first pair's is put into the second's."""

_SAYS_NOTHING = EMPTY_MARKS | {
    "(n/a)",
    "n.a.",
    "not applicable",
    "unknown",
    "not known",
    "tbc",
    "=",
    '"',
    "''",
    "″",
    "〃",
}
_WRAPPED = ('""', "“”", "''", "‘’", "«»")
_STOPS = ",?.!;:"

_TOP_ROWS, _LEFT_COLUMNS = 64, 32
_TOP_LEFT = tuple(tuple(Cell(row, column) for row in range(_TOP_ROWS)) for column in range(_LEFT_COLUMNS))
"""The places of cells column by column, made once for all tables of at most so many rows."""


@lru_cache(maxsize=1 << 17)
def fold(text: str) -> str:
    """Lower case with as many letters as the text has, so that places in one are places in the other."""
    low = text.lower()
    if len(low) == len(text) and "Σ" not in text:
        return low
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


@lru_cache(maxsize=1 << 17)
def reading(cell: str) -> tuple[str, str]:
    """A cell's text on one line without footnote marks or quotation marks around it, and its key.

    Keys are equal for cells that say the same; cells that say nothing have none.
    """
    text = without_footnotes(cell)
    if not text.isascii() or "  " in text or not text.isprintable():
        text = " ".join(text.split())
    if len(text) > 2 and text[0] + text[-1] in _WRAPPED and text.count(text[0]) == 1 + (text[0] == text[-1]):
        text = text[1:-1].strip()
    key = fold(text)
    return ("", "") if key in _SAYS_NOTHING else (text, key)


def _readings(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts and the keys of a column's cells."""
    texts, keys = zip(*map(reading, cells), strict=True) if cells else ((), ())
    return texts, keys


class ColumnView:
    """A column under the noun that names it, with the rows of each of its values."""

    def __init__(self, index: int, column: Column, cells: Iterable[str], naming: Noun) -> None:
        self.index = index
        self.kind = column.kind
        self.values: tuple[Value, ...] = column.values
        self.unit = column.unit
        self.noun = naming
        self.cells = tuple(cells)
        self.texts, self.keys = _readings(self.cells)
        self.rows_of: dict[str, list[int]] = {}
        for row, key in enumerate(self.keys):
            if key:
                self.rows_of.setdefault(key, []).append(row)

    @cached_property
    def places(self) -> tuple[Cell, ...]:
        """The cells' places in the table, row by row."""
        rows = len(self.cells)
        if self.index < len(_TOP_LEFT) and rows <= _TOP_ROWS:
            return _TOP_LEFT[self.index][:rows]
        return tuple([Cell(row, self.index) for row in range(rows)])

    @cached_property
    def joined(self) -> str:
        """The keys of its values, each on a line of its own, to search through all at once."""
        return "\n".join(("", *self.rows_of, ""))

    def is_year(self) -> bool:
        """Whether the column holds years, and says so."""
        return self.noun.text == "year" and (
            self.kind is Kind.DATE or 2 * sum(key[:4].isdecimal() for key in self.rows_of) > len(self.rows_of)
        )

    def rows_of_text(self, text: object) -> list[int]:
        """The rows of a value."""
        return self.rows_of.get(fold(str(text)), [])

    def canonical(self, text: str) -> str:
        """The first cell that says this, as it says it; a number or date matches cells that write it otherwise."""
        rows = self.rows_of.get(fold(text))
        if rows:
            return self.texts[rows[0]]
        value = parse_value(text)
        if value.kind in (Kind.NUMBER, Kind.DATE):
            for row, other in enumerate(self.values):
                if other.kind is value.kind and other.number == value.number and value.unit in ("", other.unit):
                    return self.texts[row]
        return text

    @cached_property
    def style(self) -> NumberStyle:
        """How this column writes its numbers."""
        texts = [value.text for value in self.values if value.kind is Kind.NUMBER]
        return number_style([reading(text)[0] for text in texts] or [""], self.unit)


class TableView:
    """A table's columns by name, its values by place, and its lexicon among the `words` of a grammar."""

    def __init__(self, table: Table, words: Vocabulary) -> None:
        self.table = table
        self.words = words
        nouns = _distinct_nouns(table)
        cells = tuple(zip(*table.rows, strict=True)) if table.rows else ((),) * table.width
        self.columns = [
            ColumnView(index, column, cells[index], nouns[index]) for index, column in enumerate(table.columns)
        ]
        self.by_header = {name: index for index, name in enumerate(table.header) if name.strip()}
        self._written: dict[str, str | None] = {}

    @cached_property
    def forms(self) -> Mapping[str, int]:
        """The ways to name each column (its noun, its whole header, its plural), folded."""
        forms: dict[str, int] = {}
        named = [column for column in self.columns if column.noun.text]
        for column in named:
            forms.setdefault(fold(column.noun.text), column.index)
        for column in named:
            forms.setdefault(fold(" ".join(self.table.header[column.index].split())), column.index)
        for column in named:
            if column.noun.plural:
                forms.setdefault(fold(column.noun.plural), column.index)
        return forms

    @cached_property
    def years(self) -> frozenset[str]:
        """The headers of the columns of years."""
        return frozenset(self.table.header[column.index] for column in self.columns if column.is_year())

    @cached_property
    def owners(self) -> Mapping[str, int]:
        """The column in which a value occurs, or -1 where it occurs in several."""
        owners: dict[str, int] = {}
        for column in self.columns:
            usable = bool(column.noun.text)
            for key in column.rows_of:
                owners[key] = -1 if key in owners or not usable else column.index
        return owners

    @cached_property
    def body(self) -> list[int]:
        """The rows that are neither totals of others, nor the rest that is not listed, nor headings or notes."""
        left_out = {
            row for column in self.columns for key, rows in column.rows_of.items() if sums_up(key) for row in rows
        }
        left_out |= self.rest
        if self.table.width > 2:
            start = self.table.header[:2]
            left_out.update(row for row, cells in enumerate(self.table.rows) if is_heading(cells, start))
        return [row for row in range(len(self.table)) if row not in left_out]

    @cached_property
    def rest(self) -> frozenset[int]:
        """The rows that sum up what is not listed: `Other parties`."""
        return frozenset(
            rows[0]
            for column in self.columns[:2]
            for key, rows in column.rows_of.items()
            if is_rest(key) and len(rows) == 1 and 2 * len(column.rows_of) > len(column.keys)
        )

    @cached_property
    def in_body(self) -> frozenset[int]:
        """The rows of `body`, to look up."""
        return frozenset(self.body)

    def column_like(self, text: str) -> int | None:
        """The only column whose name has all words of this text, in the singular or plural."""
        words = _singulars(fold(text))
        found = {index for form, index in self.forms.items() if words <= _singulars(form)}
        return found.pop() if words and len(found) == 1 else None

    def named(self, header: str) -> ColumnView | None:
        """The column with this header."""
        index = self.by_header.get(header)
        return None if index is None else self.columns[index]

    def column_text(self, column: ColumnView) -> str | None:
        """How a question writes a column's name; None where it cannot."""
        return self.written(column.noun.text)

    def plural_text(self, column: ColumnView) -> str | None:
        """How a question writes a column's name in the plural; None where it has none."""
        plural = column.noun.plural
        return self.written(plural) if plural and self.forms.get(fold(plural)) == column.index else None

    def column_with_article(self, column: ColumnView) -> str | None:
        """A column's name behind `a` or `an`, or bare in the plural; None for headers that are no nouns."""
        text = self.written(column.noun.text) if column.noun.known else None
        bare = column.noun.is_plural or column.noun.text.endswith("money")
        return text if text is None or bare else f"{article(text)} {text}"

    def written(self, text: str) -> str | None:
        """A name or value as a question writes it: plain if that is read back, else quoted; None if neither is."""
        found = self._written.get(text, "")
        if found == "":
            found = self._written[text] = text if self.is_plain(text) else quoted(text)
        return found

    def is_plain(self, text: str) -> bool:
        """Whether this name needs no quotation marks."""
        key = fold(text)
        if not key or key[0] in _OPENERS or key[-1] in ",?!;:" or (key[-1] == "." and self.has(key[:-1])):
            return False
        words = key.split(" ")
        if words[0][0] in _STOPS or (words[0].strip(_STOPS) in self.words and not self._is_one_name(words)):
            return False
        followers = self.followers
        for end in range(1, len(words)):
            if words[end].strip(_STOPS) in followers:
                shorter = " ".join(words[:end])
                if self.has(shorter) or self.has(shorter.rstrip(_STOPS)) or is_literal(shorter):
                    return False
        return True

    def _is_one_name(self, words: list[str]) -> bool:
        """Whether a name that begins with a word of the grammar, such as `the Needle`, can be nothing but this name."""
        second = words[1].rstrip(_STOPS) if len(words) > 1 else ""
        if not second or self.words.goes_on(words[0], second):
            return False
        if not self.words.leads_to_a_name(words[0]):
            return True
        return second not in self._first_words and not any(is_literal(" ".join(words[1:end])) for end in (2, 3, 4))

    @cached_property
    def _first_words(self) -> frozenset[str]:
        """The first words of all names and values."""
        return frozenset(key.split(" ", 1)[0].rstrip(_STOPS) for key in (*self.owners, *self.forms))

    def is_behind_the(self, key: str) -> bool:
        """Whether a question says `the` before this folded value, which needs no quotation marks."""
        if key[key.rfind(" ") + 1 :] not in BEHIND_THE or "," in key or key.startswith(("the ", "a ", "an ")):
            return False
        return self.is_plain(key) and not any(form.startswith(key) for form in self.forms)

    def has(self, key: str) -> bool:
        """Whether the lexicon has this folded name or value."""
        return key in self.owners or key in self.forms

    @cached_property
    def lexicon(self) -> Mapping[str, list[tuple[str, bool]]]:
        """Names and values by their first word, the longest first, each with whether it may stand plain."""
        lexicon: dict[str, list[tuple[str, bool]]] = {}
        behind_the = {f"the {key}" for key in self.owners if self.is_behind_the(key)}
        for key in sorted({*self.owners, *self.forms, *behind_the}, key=len, reverse=True):
            first = key.split(" ", 1)[0].rstrip(_STOPS)
            lexicon.setdefault(first, []).append((key, key in behind_the or self.is_plain(key)))
        return lexicon

    @cached_property
    def followers(self) -> frozenset[str]:
        """The words that may come right after a name: those of the grammar and the first words of columns."""
        return self.words | {form.split(" ", 1)[0] for form in self.forms}


_OPENERS = frozenset(opening for opening, _ in QUOTES)


def quoted(text: str) -> str | None:
    """The text in quotation marks that it does not hold itself."""
    for opening, closing in QUOTES:
        if opening not in text and closing not in text and text:
            return f"{opening}{text}{closing}"
    return None


def is_literal(text: str) -> bool:
    """Whether a text is a number, date or rank by itself."""
    return parse_value(text.rstrip(_STOPS)).kind in (Kind.NUMBER, Kind.DATE, Kind.RANK, Kind.PAIR)


def _singulars(text: str) -> set[str]:
    """The words of a folded text without the endings of the plural."""
    return {word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s") for word in text.split()}


def _distinct_nouns(table: Table) -> list[Noun]:
    """The nouns of a header; where two columns share one, the headers as written, or none where these are the same."""
    header, nouns = table.header, header_nouns(table.header, [column.kind for column in table.columns])
    keys = [fold(naming.text) for naming in nouns]
    if len(set(keys)) == len(keys):
        return nouns
    taken: set[str] = set()
    for index, name in enumerate(header):
        if keys.count(keys[index]) > 1:
            text = " ".join(name.split())
            text = "" if fold(text) in taken or fold(text) in keys[:index] else text
            nouns[index] = Noun(text, "", False, False, nouns[index].note, known=False)
        taken.add(fold(nouns[index].text))
    return nouns
