"""The words of a question: as they stand, without their endings, and which of them stand for nothing in a table."""

from __future__ import annotations

import re
from typing import NamedTuple

from gentap.grammar.alike import singular
from gentap.grammar.header_words import words_of

_TOKEN = re.compile(
    r"[$€£]?\d[\d.,:/-]*\d(?:%|[^\W\d_]{1,3}\b)?|[$€£]?\d(?:%|[^\W\d_]{1,3}\b)?"
    r"|[^\W_]+(?:(?!['’]s\b)['’.&/-][^\W_]+)*|[%#+]"
)
_SMALL = words_of(
    "a an the of in on at by to for from with as and or is are was were be been being do does did has have had "
    "having it its his her their them they he she we us our my your you i this that these those there what which "
    "who whom whose when where why how many much more most less least than no not any some all each every other "
    "another only if so can could will would should may might must also very just too total number amount list "
    "name tell me give show please"
)
"""Words that stand for nothing in a table by themselves."""
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_POWERS = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
NUMBER_WORDS = {
    **{word: str(number) for number, word in enumerate(_ONES)},
    **{word: str(10 * number) for number, word in enumerate(_TENS, 2)},
    **{word: str(number) for word, number in _POWERS.items()},
}
"""Numbers of one word, in figures."""


_DAYS = words_of("monday tuesday wednesday thursday friday saturday sunday")
"""Words that tables write by their first three letters."""


class Token(NamedTuple):
    """A word of a question at `question[start:end]`, in small letters, and without its endings."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def is_small(self) -> bool:
        """Whether it stands for nothing in a table."""
        return self.text in _SMALL


def stem(word: str) -> str:
    """A word without most endings of the plural, of tenses and of comparison, for comparing words."""
    word = singular(word.lower())
    if word in _DAYS:
        return word[:3]
    for ending in ("ing", "ed", "er", "est", "ion", "or"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] in "ey" else word


_ALSO_ASCII = str.maketrans("ıİſ\u212a", "iIsK")


def in_ascii(text: str) -> str:
    """A text, as long as before, with the plain letter for each of the four others that regular expressions which
    ignore case take for it, so that what they find can be looked up: `sınce`."""
    return text.translate(_ALSO_ASCII)


def lowered(text: str) -> str:
    """A text in small letters that stand where the capitals stood: `İ` becomes two letters otherwise."""
    low = text.lower()
    return low if len(low) == len(text) else in_ascii(text).lower()


def tokens(text: str) -> list[Token]:
    """The words and figures of a text, from left to right."""
    return [Token(found[0].lower(), stem(found[0]), found.start(), found.end()) for found in _TOKEN.finditer(text)]
