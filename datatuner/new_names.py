"""Records and their texts under invented names: what a model learns to point at, since it cannot know it by heart.

A data set about few restaurants teaches a small model these restaurants; the names of others it then half copies, half
makes up. The paper has no such step: its GPT-2 copied already.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from tabtext.record import Record
from tabtext.triples import Triple, readable

_NAME = re.compile(r"[^\W\d_a-z][^\[\]<>]*")
"""A value that begins with a capital letter."""
_NUMBER = re.compile(r"\d{2,}")
_BEGINNINGS = ("b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr",
               "v", "w", "z", "")  # fmt: skip
_MIDDLES = (*"aeiou" * 16, "ai", "ea", "ou", "oo", "y", *"éèáàíóúüöäåøñç")
"""One in eight is a letter that English lacks: names of the world have them."""
_ENDS = ("", "", "", "l", "n", "r", "s", "ck", "m", "nd", "rt", "x")


def renamed(record: Record, text: str, rng: random.Random) -> tuple[Record, str]:
    """The record and the text with every name and number that both have, as they stand, replaced by an invented one.

    The same name is replaced by the same one everywhere; subjects, objects and the text stay in step.
    """
    values = {readable(field) for triple in record.triples for field in (triple.subject, triple.object)}
    kept = [value for value in values if _NAME.fullmatch(value) or _NUMBER.fullmatch(value)]
    said = sorted((value for value in kept if _places(value).search(text)), key=lambda value: (-len(value), value))
    if not said:
        return record, text
    new = {value: invented_number(value, rng) if value.isdigit() else invented_name(rng) for value in said}
    anywhere = re.compile("|".join(_places(value).pattern for value in said))
    triples = tuple(Triple(_of(new, t.subject), t.predicate, _of(new, t.object)) for t in record.triples)
    return replace(record, triples=triples), anywhere.sub(lambda found: new[found[0]], text)


_LINKS = (" ",) * 12 + ("-", " & ", " of ", " de ", "'s ", " the ")
_NUMBERED = 0.1
"""The share of names that end in a number."""


def invented_name(rng: random.Random) -> str:
    """One to three capitalised words that no language has, now and then with a link between or a number behind."""
    name = _word(rng)
    for _ in range(rng.choice((0, 1, 1, 2))):
        name += rng.choice(_LINKS) + _word(rng)
    return f"{name} {rng.randrange(1, 100)}" if rng.random() < _NUMBERED else name


def invented_number(number: str, rng: random.Random) -> str:
    """Another number of as many digits."""
    return str(rng.randrange(10 ** (len(number) - 1), 10 ** len(number)))


def _word(rng: random.Random) -> str:
    syllables = range(rng.choice((1, 2, 2, 3)))
    return "".join(rng.choice(part) for _ in syllables for part in (_BEGINNINGS, _MIDDLES, _ENDS)).capitalize()


def _places(value: str) -> re.Pattern[str]:
    """Where a text has the value as whole words."""
    return re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")


def _of(new: dict[str, str], field: str) -> str:
    return new.get(readable(field), field)
