"""Words of questions and of columns' names, compared: in the singular, by their roots, by what stands for the same."""

from __future__ import annotations

import re
from itertools import takewhile

from gentap.grammar.header_words import words_of

_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = (
    "film films movie movies show shows series drama dramas program programs programme song songs single singles track "
    "tracks album albums book books game games work works production productions title titles play plays episode",
    "role roles part parts character characters",
    "club clubs team teams side",
    "award awards nomination nominations prize honor honour category",
    "position positions office post job",
    "date dates year years season period when",
    "place venue location city country nation nationality stadium where town site headquarter base hometown birthplace",
    "name names person people winner winners player players candidate candidates artist driver rider athlete nominee "
    "recipient member director actor actress author writer manager coach who whom",
    "author writer wrote written",
    "result results outcome place position pos rank finish performance how",
    "margin majority difference lead",
    "score scores record points",
    "max maximum highest high",
    "min minimum lowest low",
)
"""Words of questions and of columns' names that stand for each other."""

FUNCTION_WORDS = words_of("a an the of in at by it his her its their many much first last")
"""Words of a column's name that name nothing."""


def singular(word: str) -> str:
    """A word without the end of most plurals, for comparing words; it need not be a noun."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _like() -> dict[str, frozenset[str]]:
    like: dict[str, set[str]] = {}
    for group in _ALIKE:
        words = set(map(singular, group.split()))
        for word in words:
            like.setdefault(word, {word}).update(words)
    return {word: frozenset(words) for word, words in like.items()}


_LIKE = _like()


def name_words(header: str) -> list[str]:
    """The words of a column's name, in the singular."""
    words = _WORD.findall(header.lower().replace("%", " percentage "))
    return [singular(word) for word in words if word not in FUNCTION_WORDS] or words


def same_root(word: str, verb: str) -> bool:
    """Whether a word names who does what a verb says: `manager`, `managed`."""
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, verb, strict=False)))
    return alike >= max(3, len(verb) - 2)


def stands_for(word: str, kind: str) -> bool:
    """Whether a word of a column's name, in the singular, may stand for a kind of thing that is asked for."""
    return word in _LIKE.get(kind, (kind,))
