"""The lexicon: the verb phrases that say predicates, written down in `lexicon.txt`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

PERSON, MADE, DEAL, ANY = "person", "made", "deal", ""
"""Kinds of subjects: a person, something made (a work, a dish, a product), an order or invoice, and any."""

_IS = frozenset({"instance of", "type", "is a", "kind"})
_KINDS = {
    **dict.fromkeys(("human", "person", "man", "woman", "scientist", "employee", "fictional character"), PERSON),
    **dict.fromkeys(
        ("film", "movie", "book", "novel", "song", "album", "painting", "video game", "dish", "product"), MADE
    ),
    **dict.fromkeys(("order", "invoice", "purchase order", "sale"), DEAL),
}

SHIPPED = Path(__file__).parent / "lexicon.txt"

Phrases = tuple[str, ...]
"""A verb phrase with a place for the value, and if there is one, another for values that are figures."""


def phrases(predicate: str, kind: str = ANY) -> Phrases:
    """The verb phrases for a predicate of a subject of this kind; none where it is not known, or where only subjects of
    another kind have one."""
    known = _named(predicate)
    only = next(iter(known.values())) if len(known) == 1 else ()
    return known.get(kind) or known.get(ANY) or only


def kind_of(facts: Iterable[tuple[str, str]]) -> str:
    """The kind of a subject by predicates and values: by what it is said to be, else by the predicates that only one
    kind has; any where as many speak for one kind as for another."""
    votes: Counter[str] = Counter()
    for predicate, value in facts:
        known = _named(predicate)
        if predicate in _IS:
            votes[_KINDS.get(value.lower(), ANY)] += 9
        elif len(known) == 1:
            votes[next(iter(known))] += 1
    del votes[ANY]
    best = votes.most_common(2)
    return best[0][0] if best and (len(best) == 1 or best[0][1] > best[1][1]) else ANY


def _named(predicate: str) -> dict[str, Phrases]:
    """Kind -> phrases of a predicate; commas in it, as in `languages spoken, written or signed`, are left out."""
    return _lexicon().get(predicate.lower().replace(",", ""), {})


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
