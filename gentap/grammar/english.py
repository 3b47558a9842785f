"""The English of grammar questions: headers as nouns, articles, plurals, ordinals, numbers as a column writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from gentap.grammar.header_words import (
    AMOUNTS,
    DATED_NAMES,
    LOWER,
    MEDALS,
    NOUNS,
    OTHER_NAMES,
    PLURALS,
    UNCOUNTABLE,
)
from gentap.grammar.value_kinds import BEARERS_OF_NAMES, KINDS, SIGNS
from tabtext.values import Kind, without_footnotes

_KNOWN = NOUNS | AMOUNTS | PLURALS | LOWER
_IRREGULAR = {
    "series": "series", "species": "species", "aircraft": "aircraft", "chassis": "chassis", "runner-up": "runners-up",
    "person": "people", "man": "men", "woman": "women", "child": "children",
}  # fmt: skip
_PARENTHESIS = re.compile(r"\s*\(([^()]{1,30})\)$")
_NUMBER_OF = re.compile(r"(?:total )?(?:number|no\.?|#) of (.+)", re.IGNORECASE)
_PREPOSITIONS = frozenset(("of", "at", "in", "on", "per", "for", "to", "from", "by", "into", "up"))
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")
_YOO = ("eu", "uni", "use", "usa", "u.", "uk", "one", "once", "ura", "uru", "us ")


class Noun(NamedTuple):
    """A header as a noun: what it reads in a question, its plural if it has one, and how it behaves.

    `counts` is true of nouns such as `points`, of which one can have many; `note` is what stood in parentheses;
    `known` is false of headers such as `Pts` or `1992–93`, of which no phrase should be made.
    """

    text: str
    plural: str
    is_plural: bool
    counts: bool
    note: str
    known: bool = True

    @property
    def with_article(self) -> str:
        """`a year`, `an area`, and plurals bare."""
        return self.text if self.is_plural else f"{article(self.text)} {self.text}"


@lru_cache(maxsize=1 << 14)
def noun(header: str) -> Noun:
    """A header as a noun: in lower case where all its words are common ones, else as written."""
    text, note = " ".join(header.split()), ""
    if (found := _PARENTHESIS.search(text)) and found.start() > 0:
        text, note = text[: found.start()], found[1]
    text = without_footnotes(text).rstrip(" :")
    text = OTHER_NAMES.get(text.lower(), text)
    if (found := _NUMBER_OF.match(text)) and (amount := noun(found[1])).is_plural:
        return amount._replace(counts=True)
    words = text.lower().split()
    if not words or words[-1] in LOWER - NOUNS or not all(map(_is_known, words)):
        return Noun(text, "", False, False, note, known=False)
    phrase, head = " ".join(words), _head_word(words)
    if head in AMOUNTS or head in PLURALS or (head not in NOUNS and _singular(head)):
        return Noun(phrase, phrase, True, head not in PLURALS and head == words[-1], note)
    if head in UNCOUNTABLE:
        return Noun(phrase, "", False, False, note)
    place = len(words) - 1 if head == words[-1] else words.index(head)
    return Noun(phrase, " ".join([*words[:place], plural(head), *words[place + 1 :]]), False, False, note)


def _is_known(word: str) -> bool:
    word = word.removesuffix("'s")
    return word in _KNOWN or bool(_singular(word))


def _singular(word: str) -> str:
    """The known noun of which a word is the plural, else an empty string."""
    for singular in (word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"):
        if singular != word and singular in NOUNS and plural(singular) == word:
            return singular
    return ""


def head_of(text: str) -> str:
    """The noun that a phrase speaks of, in the singular and lower case: `date` of `Dates of birth`."""
    return _head(text.lower())


@lru_cache(maxsize=1 << 14)
def _head(text: str) -> str:
    head = _head_word(text.split() or [""])
    return _singular(head) or head


def _head_word(words: Sequence[str]) -> str:
    """The last word before the first preposition."""
    return next((words[place - 1] for place in range(1, len(words)) if words[place] in _PREPOSITIONS), words[-1])


@lru_cache(maxsize=1 << 14)
def subject_kind(text: str) -> str:
    """What bears this noun: a person, a work, an event, a day, a period, a name of something; else a thing."""
    return next((kind for kind, heads in KINDS.items() if head_of(text) in heads), "thing")


def header_nouns(header: Sequence[str], kinds: Sequence[Kind]) -> list[Noun]:
    """The nouns of a table's headers, given what kind of values its columns hold.

    A table that counts gold, silver and bronze speaks of medals; the names in a table of nationalities are people.
    """
    lower = [" ".join(name.lower().split()) for name in header]
    if {"gold", "silver", "bronze"} <= set(lower):
        lower = [
            MEDALS.get(name, name) if kind is Kind.NUMBER else name for name, kind in zip(lower, kinds, strict=True)
        ]
    lower = [
        DATED_NAMES.get(name, name) if kind is Kind.DATE else name for name, kind in zip(lower, kinds, strict=True)
    ]
    nouns = [noun(new if new != old.lower() else old) for new, old in zip(lower, header, strict=True)]
    if not BEARERS_OF_NAMES.isdisjoint(naming.text for naming in nouns):
        bearer = next((kind for kind, signs in SIGNS.items() if any(naming.text in signs for naming in nouns)), "")
        nouns = [noun(bearer) if bearer and naming.text in BEARERS_OF_NAMES else naming for naming in nouns]
    return nouns


def plural(word: str) -> str:
    """The plural of an English noun in the singular."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    return word + "s"


def article(phrase: str) -> str:
    """`a` or `an`, by the sound that the phrase begins with."""
    bare = phrase.lstrip("\"“‘'(«[")
    low = bare.lower()
    if low.startswith(_SILENT_H):
        return "an"
    first_word = re.split(r"[^\w.]", bare, maxsplit=1)[0]
    if first_word.isdigit():
        return "an" if re.match(r"8|11(\d{3})*$|18(\d{2}|\d{3})*$", first_word) else "a"
    spelled_out = first_word.isupper() and (len(first_word) == 1 or not re.search("[AEIOUY]", first_word))
    if spelled_out:
        return "an" if first_word[0] in "AEFHILMNORSX" else "a"
    return "an" if low[:1] in tuple("aeiouáéíóúàèäëïöüåæøœ") and not low.startswith(_YOO) else "a"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 12th, 13th, 21st, 112th."""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


class NumberStyle(NamedTuple):
    """How a column writes its numbers: decimals, whether all have as many, thousands separators, its unit, and whether
    a comma stands before the decimals."""

    decimals: int = 0
    fixed: bool = False
    separators: bool = False
    prefix: str = ""
    suffix: str = ""
    comma: bool = False

    def format(self, number: float, more_decimals: int = 0) -> str:
        """A number in this style; `more_decimals` are allowed where they are needed."""
        decimals = self.decimals + more_decimals
        text = f"{half_up(abs(number), decimals):{',' if self.separators else ''}.{decimals}f}"
        if "." in text:
            whole, fraction = text.split(".")
            fraction = fraction.rstrip("0")
            if self.fixed:
                fraction = fraction.ljust(self.decimals, "0")
            text = f"{whole}.{fraction}" if fraction else whole
        text = text.translate(_SWAPPED) if self.comma else text
        sign = "-" if number < 0 and text.strip("0.,") else ""
        return f"{sign}{self.prefix}{text}{self.suffix}"


def half_up(number: float, decimals: int) -> float | Decimal:
    """A number rounded as people round: 10.625 is 10.63."""
    if number >= 1e15 or number == int(number):
        return number
    return Decimal(f"{number:.{decimals + 8}f}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


_SWAPPED = str.maketrans(",.", ".,")
_WITH_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}\b|(?<![\d.,])\d+,\d{2}\b(?![\d.,])")
PLAIN = NumberStyle()
_FIGURE = re.compile(r"\d[\d,]*(?:\.(\d+))?|\.(\d+)")
_SCALED = re.compile(r"[mbtr]+illion|thousand|[$€£¥]\s?[\d.,]+\s?(?:k|m|mn|b|bn|tn)\b", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]*[$€£¥₹₽₩₪]|USD|EUR|GBP|CHF|Rs\.?")


def number_style(texts: Sequence[str], unit: str) -> NumberStyle:
    """The style of the cells of a number column whose shared unit is `unit`."""
    comma = any(map(_WITH_COMMA.search, texts))
    texts = [text.translate(_SWAPPED) for text in texts] if comma else texts
    figures = [found for text in texts if (found := _FIGURE.search(text))]
    decimals = [len(found[1] or found[2] or "") for found in figures]
    scaled = any(_SCALED.search(text) for text in texts)
    decimals = [0] if scaled else decimals
    separators = scaled or any("," in found[0] for found in figures)
    prefix, suffix = "", ""
    if unit and (found := _CURRENCY.fullmatch(unit)) and not texts[0].rstrip().endswith(unit):
        prefix = unit if not unit[-1].isalpha() else unit + " "
        separators = True
    elif unit:
        suffix = unit if f" {unit}" not in texts[0].replace("\u00a0", " ") else " " + unit
    widest = max(decimals, default=0)
    return NumberStyle(min(widest, 6), bool(widest) and min(decimals) == widest, separators, prefix, suffix, comma)
