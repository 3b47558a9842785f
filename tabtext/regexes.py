"""Strings that a regular expression matches, at random: how the terminals of a grammar are sampled."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

Sampler = Callable[[random.Random], str]

MORE = 5
"""An open repetition (`*`, `+`, `{2,}`) is taken at most this many times beyond its minimum."""

TRIES = 200
"""How many samples are tried for one that the pattern matches."""

_PRINTABLE = "".join(map(chr, range(32, 127)))
_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
}


def regex_sampler(pattern: str) -> Sampler:
    """A function that gives a random match of the pattern; a ValueError says why none can be made.

    Negated classes and `.` give printable ASCII. Anchors and look-arounds are passed over and the sample is checked;
    a pattern of which nearly no sample passes is refused, and so are back-references.
    """
    sampler, matches = _sequence(_parsed(pattern)), re.compile(pattern).fullmatch

    def checked(rng: random.Random) -> str:
        for _ in range(TRIES):
            if matches(text := sampler(rng)):
                return text
        raise ValueError(f"none of {TRIES} samples matches it")

    checked(random.Random(0))
    return checked


def _parsed(pattern: str) -> Any:
    """The pattern as Python's own regex parser sees it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            from re import _parser as parser
        except ImportError:
            import sre_parse as parser
    try:
        return parser.parse(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression ({error})") from None


def _sequence(items: Any) -> Sampler:
    samplers = [_item(str(operation), argument) for operation, argument in items]
    if len(samplers) == 1:
        return samplers[0]
    return lambda rng: "".join(sampler(rng) for sampler in samplers)


def _item(operation: str, argument: Any) -> Sampler:
    if operation == "LITERAL":
        return lambda rng: chr(argument)
    if operation in ("IN", "NOT_LITERAL", "ANY"):
        return _one_of(_characters(operation, argument))
    if operation == "BRANCH":
        branches = [_sequence(branch) for branch in argument[1]]
        return lambda rng: branches[int(rng.random() * len(branches))](rng)
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        low, high, inner = argument
        return _repeated(_sequence(inner), int(low), min(int(high), int(low) + MORE))
    if operation in ("AT", "ASSERT", "ASSERT_NOT"):
        return lambda rng: ""
    if operation == "SUBPATTERN":
        return _sequence(argument[-1])
    raise ValueError(f"it uses {operation.lower().replace('_', ' ')}, of which no sample can be made")


def _repeated(inner: Sampler, low: int, high: int) -> Sampler:
    return lambda rng: "".join(inner(rng) for _ in range(rng.randint(low, high)))


def _one_of(characters: str) -> Sampler:
    if not characters:
        raise ValueError("it has a character class without printable members")
    return lambda rng: characters[int(rng.random() * len(characters))]


def _characters(operation: str, argument: Any) -> str:
    """The characters to choose from for a class, a negated literal or a dot."""
    if operation == "ANY":
        return _PRINTABLE
    members: Sequence[Any] = argument if operation == "IN" else [("LITERAL", argument)]
    negated = operation == "NOT_LITERAL"
    found: list[str] = []
    for kind, value in members:
        kind = str(kind)
        if kind == "NEGATE":
            negated = True
        elif kind == "LITERAL":
            found.append(chr(value))
        elif kind == "RANGE":
            found.extend(map(chr, range(value[0], min(value[1], value[0] + 255) + 1)))
        else:
            found.extend(_category(str(value)))
    return "".join(c for c in _PRINTABLE if c not in found) if negated else "".join(dict.fromkeys(found))


def _category(name: str) -> str:
    if name in _CATEGORIES:
        return _CATEGORIES[name]
    members = _CATEGORIES[name.replace("_NOT", "")]
    return "".join(c for c in _PRINTABLE if c not in members)
