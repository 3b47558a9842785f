"""From a question to a program: names and values found by the table's lexicon, the rest read by the grammar.

At each place the longest name, value or number is taken; what is none of them and no word of the grammar is a value
that the table does not have. User text becomes a token, never structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gentap.grammar.phrasing import COLUMN_SLOTS, LISTS, ROW_SLOTS, Phrase, Phrasebook, phrasebook
from gentap.grammar.programs import Call
from gentap.grammar.slots import related_column
from gentap.grammar.value_kinds import RELATIONS
from gentap.grammar.view import QUOTES, TableView, fold
from tabtext.errors import InputError
from tabtext.values import Kind, parse_value

if TYPE_CHECKING:
    from lark import Token, Tree

LONGEST_LITERAL = 4
"""Words of the longest date or number with its unit."""

_STOPS = ",?.!;:"
_CLOSING = dict(QUOTES)
_ORDINALS = {"second": "2", "third": "3"}


class OutsideLanguageError(InputError):
    """The question is not one that the grammar can read."""


class NotInTableError(InputError):
    """The question is read, and names a column or a value that the table does not have."""


def read_question(question: str, view: TableView) -> Call:
    """The program of a question about this table.

    Where the strict reading fails, a name that ought to stand in quotation marks is found without them too, then the
    past tense, contractions and left-out articles are read as what the grammar says in their place. Raises
    OutsideLanguageError, with the nearest phrase, or NotInTableError.
    """
    book = phrasebook()
    missing: NotInTableError | None = None
    for strict, meant in ((True, _AS_SAID), (False, _AS_SAID), (False, _MEANT_OF_ONE), (False, _MEANT_OF_MANY)):
        tree = _tree(question, view, book, strict, meant)
        if tree is None:
            continue
        try:
            return _counted(question, _call(tree, view, book), view)
        except NotInTableError as error:
            missing = missing or error
    raise missing or OutsideLanguageError(
        f"The grammar has no question like {question.strip()[:200]!r}; the nearest it has is: {nearest(question, book)}"
    )


def _counted(question: str, program: Call, view: TableView) -> Call:
    """The program that counts, where a question asks how many of no figures: `how many patients does Ann have`."""
    asked = view.named(str(program.arguments[0])) if program.name == "lookup" else None
    if (
        asked
        and asked.kind is Kind.TEXT
        and fold(question).lstrip().startswith(("how many ", "what is the number of "))
    ):
        return Call("count", program.arguments)
    return program


def nearest(question: str, book: Phrasebook) -> str:
    """The phrase that shares the most words with a question, its slots in capitals."""
    asked = {word.strip(_STOPS) for word in fold(question).split()} & book.words

    def likeness(phrase: Phrase) -> float:
        words = {word.strip(_STOPS) for part in phrase.parts if isinstance(part, str) for word in part.split()}
        return len(words & asked) / max(1, len(words | asked))

    phrase = max(book.phrases(), key=likeness)
    text = "".join(part if isinstance(part, str) else _SHOWN.get(part.slot, part.slot.upper()) for part in phrase.parts)
    return f"{text[0].upper()}{text[1:]}?"


_SHOWN = {
    **dict.fromkeys(COLUMN_SLOTS, "COLUMN"), **dict.fromkeys(ROW_SLOTS, "VALUE"),
    **dict.fromkeys(("columns", "bearers", "several", "asked_many", "day_many", "period_many"), "COLUMNS"),
    "a_column": "a COLUMN", "a_trait": "a COLUMN", "the_date": "dated", "nth": "NTH",
    "feature": "a COLUMN of VALUE", "equal": "a COLUMN of VALUE", "compared": "a COLUMN above VALUE",
    "within": "a COLUMN between VALUE and VALUE", "spelled": 'a COLUMN starting with "TEXT"',
    "ordered": "a COLUMN before VALUE", "fitted": "with a COLUMN of VALUE",
    **dict.fromkeys(("being", "being_equal"), "from the COLUMN VALUE"), "being_within": "dated between VALUE and VALUE",
    "being_ordered": "dated before VALUE", **dict.fromkeys(("given", "given_equal"), "VALUE the COLUMN"),
    "given_otherwise": "VALUE not the COLUMN", "given_compared": "the COLUMN above VALUE",
    "given_within": "the COLUMN between VALUE and VALUE", "given_ordered": "the COLUMN before VALUE",
    **dict.fromkeys(("spelt", "spelt_of_many"), 'COLUMN start with "TEXT"'),
}  # fmt: skip


def _tree(
    question: str, view: TableView, book: Phrasebook, strict: bool, meant: Mapping[str, str]
) -> Tree[Token] | None:
    from lark.exceptions import UnexpectedInput

    found = tokens(question, view, book, strict, meant)
    try:
        return book.grammar.parse(_completed(found, view, book) if meant else found)
    except UnexpectedInput:
        return None


_AS_SAID: Mapping[str, str] = {}
_MEANT = {
    "was": "is", "were": "are", "what's": "what is", "isn't": "is not", "wasn't": "is not", "aren't": "are not",
    "weren't": "are not", "doesn't": "does not", "don't": "do not", "biggest": "largest", "greatest": "largest",
    "least": "fewest", "newest": "latest", "oldest": "earliest",
}  # fmt: skip
_MEANT_OF_ONE = {**_MEANT, "had": "has", "did": "does", "didn't": "does not"}
_MEANT_OF_MANY = {**_MEANT, "had": "have", "did": "do", "didn't": "do not"}
"""Words that the grammar does not have, and what it says in their place."""

_SUPERLATIVES = frozenset(("highest", "lowest", "largest", "smallest", "most", "fewest", "latest", "earliest"))


def _completed(found: list[Token], view: TableView, book: Phrasebook) -> list[Token]:
    """The tokens with the articles that were left out, and with the only column of years before a bare year."""
    from lark import Token

    words = book.grammar.words
    superlatives = {words[word] for word in _SUPERLATIVES}
    article = Token(words["the"], "the")
    completed: list[Token] = []
    for place, token in enumerate(found):
        before = found[place - 1].type if place else ""
        asks = place == 2 and found[0].type == words["what"] and before in (words["is"], words["are"])
        orders = before in (words["has"], words["with"]) and token.type in superlatives
        if (asks and token.type != words["the"]) or orders:
            completed.append(article)
        elif before == words["from"] and token.type == "NUMBER" and len(view.years) == 1:
            completed += [article, Token("NAME", next(iter(view.years)))]
        completed.append(token)
    return completed


def tokens(
    question: str, view: TableView, book: Phrasebook, strict: bool = True, meant: Mapping[str, str] = _AS_SAID
) -> list[Token]:
    """The words of the grammar, names, numbers and commas of a question, in order; `meant`: other words for some."""
    from lark import Token

    text = " ".join(question.split())
    folded = fold(text)
    found: list[Token] = []
    place, unknown = 0, -1
    while place < len(text):
        kind, end = _token_at(text, folded, place, view, book, strict)
        said = meant.get(folded[place:end].replace("’", "'"), "") if kind == "UNKNOWN" else ""
        if kind == "UNKNOWN" and not said:
            unknown = place if unknown < 0 else unknown
        elif unknown >= 0:
            found.append(Token("NAME", text[unknown:place].strip(" ")))
            unknown = -1
        if kind == "QUOTED":
            found.append(Token(kind, text[place + 1 : end - 1]))
        elif said:
            found += [Token(book.grammar.words[word], word) for word in said.split()]
        elif kind == "NAME" and folded.startswith("the ", place) and not view.has(folded[place:end]):
            found.append(Token(kind, text[place + 4 : end]))
        elif kind not in ("UNKNOWN", "SKIP"):
            found.append(Token(kind, text[place:end]))
        place = end
    if unknown >= 0:
        found.append(Token("NAME", text[unknown:].strip(" " + _STOPS)))
    return found


def _token_at(text: str, folded: str, place: int, view: TableView, book: Phrasebook, strict: bool) -> tuple[str, int]:
    """The kind of the token that begins here and where it ends."""
    letter = text[place]
    if letter == " ":
        return "SKIP", place + 1
    name_end = _name_end(folded, place, view, strict)
    if letter in _CLOSING and (strict or not name_end):
        closing = text.find(_CLOSING[letter], place + 1)
        if closing > place + 1 and _ends_at(text, closing + 1):
            return "QUOTED", closing + 1
    literal_end, kind = _literal_end(text, folded, place, book)
    if name_end or literal_end:
        return ("NAME", name_end) if name_end > literal_end else (kind, literal_end)
    if letter == "," and place and text[place - 1] != " ":
        return book.grammar.words[","], place + 1
    end = _word_end(folded, place)
    if end == place:
        return "SKIP", place + 1
    word = folded[place:end]
    return (book.grammar.words[word], end) if word in book.words else ("UNKNOWN", end)


def _word_end(text: str, place: int) -> int:
    """Where the word that begins here ends, without punctuation behind it."""
    end = text.find(" ", place)
    end = len(text) if end < 0 else end
    while end > place and text[end - 1] in _STOPS:
        end -= 1
    return end


def _ends_at(text: str, end: int) -> bool:
    """Whether a name may end here: before a space or the end, with or without punctuation between."""
    while end < len(text) and text[end] in _STOPS:
        end += 1
    return end == len(text) or text[end] == " "


def _name_end(folded: str, place: int, view: TableView, strict: bool) -> int:
    """The end of the longest name of the lexicon that begins here, else 0."""
    first = folded[place:].split(" ", 1)[0].rstrip(_STOPS)
    for key, plain in view.lexicon.get(first, ()):
        if folded.startswith(key, place) and (plain or not strict) and _ends_at(folded, place + len(key)):
            return place + len(key)
    return 0


def _literal_end(text: str, folded: str, place: int, book: Phrasebook) -> tuple[int, str]:
    """The end of the longest number, date or rank that begins here, and the terminal that it is; else 0."""
    best, kind = 0, ""
    end = place
    for count in range(LONGEST_LITERAL):
        start = end + 1 if count else place
        if start >= len(text):
            break
        if count and folded[start : _word_end(folded, start)] in book.words:
            break
        end = _word_end(text, start)
        value = parse_value(text[place:end])
        fits = value.kind in _LITERALS if count == 0 else value.kind is Kind.DATE or value.unit in _LITERAL_UNITS
        if fits:
            best, kind = end, "ORDINAL" if value.kind is Kind.RANK else "NUMBER"
        if end < len(text) and text[end] != " ":
            if text[end] != "," or text[end + 1 : end + 2] != " ":
                break
            end += 1
    return best, kind


_LITERALS = (Kind.NUMBER, Kind.DATE, Kind.RANK, Kind.PAIR)
_LITERAL_UNITS = frozenset(
    [
        "km",
        "m",
        "cm",
        "mm",
        "mi",
        "ft",
        "kg",
        "g",
        "lb",
        "t",
        "ha",
        "s",
        "min",
        "h",
        "%",
        "million",
        "billion",
        "thousand",
        "miles",
        "metres",
        "feet",
    ]
)


def _call(tree: Tree[Token], view: TableView, book: Phrasebook) -> Call:
    """The program of a tree: columns, calls, values, in this order."""
    columns: list[str] = []
    calls: list[Call] = []
    values: list[str] = []
    name = str(tree.data)
    for child in _subtrees(tree):
        kind, text = str(child.data), str(child.children[0]) if child.children else ""
        if kind in COLUMN_SLOTS:
            columns.append(_header("date" if kind == "the_date" else text, view))
            if kind in _ASKING and name in LISTS and _is_plural(text, columns[-1], view):
                name = "listing"
        elif kind in ROW_SLOTS:
            calls.append(_entity(kind, text, view))
        elif kind == "nth":
            values.append(text[:-2])
        elif kind in ("value", "fragment"):
            values.append(text)
        elif kind in _ORDINALS:
            values.append(_ORDINALS[kind])
        elif kind in book.units:
            values.append(kind)
        else:
            calls.append(_call(child, view, book))
    if name in _COMPARING and columns:
        column = view.columns[view.by_header[columns[0]]]
        values = [column.canonical(value) for value in values]
    return Call(name, (*columns, *calls, *values))


_ASKING = frozenset(("asked", "day", "period"))
"""Slots in which the number of the column says whether one row or many are asked for."""


def _is_plural(text: str, header: str, view: TableView) -> bool:
    noun = view.columns[view.by_header[header]].noun
    return fold(text) == fold(noun.plural) != fold(noun.text)


def _subtrees(tree: Tree[Token]) -> list[Tree[Token]]:
    """The slots and conditions of a tree."""
    return [child for child in tree.children if not isinstance(child, str)]


_COMPARING = frozenset(("equals", "above", "below", "between", "before", "after"))


def _header(text: str, view: TableView) -> str:
    index = view.forms.get(fold(text), view.column_like(text))
    if index is None:
        columns = ", ".join(name for name in view.table.header if name)
        raise NotInTableError(f"The table has no column {text!r}; its columns: {columns}.")
    return view.table.header[index]


def _entity(kind: str, text: str, view: TableView) -> Call:
    """The condition that picks the rows of a value that stands without its column."""
    related = related_column(kind, view, text) if kind in RELATIONS else -1
    index = view.owners.get(fold(text)) if related < 0 else related
    if index is None:
        raise NotInTableError(f"The table has no cell {text!r}.")
    if index < 0:
        having = (column.index for column in view.columns if column.noun.text and fold(text) in column.rows_of)
        index = next(having, None)
    if index is None:
        raise NotInTableError(f"The cell {text!r} stands in no column that has a name.")
    column: Any = view.columns[index]
    return Call("equals", (view.table.header[index], column.canonical(text)))
