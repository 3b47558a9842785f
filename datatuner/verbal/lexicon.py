"""The lexicon: the verb phrases that say predicates, written down in `lexicon.txt`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

PERSON, MADE, ANY = "person", "made", ""
"""Kinds of subjects: a person, something made (a work, a dish, a product), and any."""

SHIPPED = Path(__file__).parent / "lexicon.txt"

Phrases = tuple[str, ...]
"""A verb phrase with a place for the value, and if there is one, another for values that are figures."""


def phrases(predicate: str, kind: str = ANY) -> Phrases:
    """The verb phrases for a predicate, in lower-case words, of a subject of this kind; none where it is not known."""
    known = _lexicon().get(predicate, {})
    return known.get(kind) or known.get(ANY) or next(iter(known.values()), ())


def kind_of(predicates: Iterable[str]) -> str:
    """The kind of a subject, by the predicates that only one kind has; any where they do not agree."""
    kinds = {next(iter(known)) for p in predicates if len(known := _lexicon().get(p, {})) == 1} - {ANY}
    return kinds.pop() if len(kinds) == 1 else ANY


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, dict[str, Phrases]]:
    """Predicate -> kind -> phrases."""
    lexicon: dict[str, dict[str, Phrases]] = {}
    for line in SHIPPED.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        names, said = line.split(" = ")
        kind, marked, rest = names.partition(": ")
        for name in (rest if marked else names).split(", "):
            own = lexicon.setdefault(name, {})
            if (kind if marked else ANY) in own:
                raise ValueError(f"{SHIPPED.name}: {name!r} is there twice.")
            own[kind if marked else ANY] = tuple(said.split(" / "))
    return lexicon
