"""Any record of facts: is each value in the text, and does it name figures or things that no value accounts for?

A fact counts as said where its object is (and its subject is somewhere). Predicates are not checked, but where a text
says a fact the other way round, or another's value, in the predicate's own words (`tabtext.lexicons.roles`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tabtext.folding import fold_key
from tabtext.lexicons.negation import denial, negated
from tabtext.lexicons.roles import exchanged, misattributed, misplaced
from tabtext.lexicons.values import ADJECTIVES, Place, find_values, verbatim
from tabtext.record import Record
from tabtext.slots import Domain, Statement
from tabtext.triples import Triple, readable
from tabtext.values import MONTHS

FIGURE, NAME = "figure", "name"
"""The slots of what a text says beyond the values of its record."""

ANY = frozenset({"yes", "no", "true", "false", "none", "dont_care", "dontcare", ""})
"""Objects that are not said in words of their own."""

POLARITY = {"yes": True, "true": True, "no": False, "false": False}
_VERB = re.compile(r"^(?:is|are|was|were|has|have|had) ")

_FIGURE = re.compile(r"(?<![\w.,])-?\d[\d,.:/–-]*\d|(?<![\w.,-])\d(?![\w])")
_CAPITALISED = re.compile(
    r"(?<![.!?:\"'“(] )(?<!^)(?<![\w.])[^\W\d_a-zà-öø-ÿ][\w'’.-]*"
    r"(?: (?:of |the |de |and )?[^\W\d_a-zà-öø-ÿ][\w'’.-]*)+"
    r"|(?<![.!?:\"'“(] )(?<!^)(?<![\w.])[A-Z][a-zà-öø-ÿ]{4,}"
)
_WORD = re.compile(r"[^\W_]+")
_ORDINARY = frozenset(
    [
        *(month.lower() for month in MONTHS),
        *("president", "queen", "king", "mayor", "minister"),
        *("the", "a", "an", "it", "its", "he", "she", "they", "this", "that", "his", "her", "their"),
        *("in", "on", "at", "of", "and", "is", "was", "i"),
    ]
)
"""Words that a capital does not make a name."""


class Extra(NamedTuple):
    """A figure or a name in a text that no value accounts for."""

    slot: str
    text: str
    place: Place


def find(record: Record, text: str) -> list[Statement]:
    """What a text states of a record's facts, and what else it names.

    A figure or name that nothing accounts for stands in for the missing fact of its kind, if there is one.
    """
    values = list(dict.fromkeys(v for t in record.triples for v in (t.object, t.subject) if v.lower() not in ANY))
    subjects = {triple.subject for triple in record.triples}
    found = dict(zip(values, find_values(text, values, subjects), strict=True))
    stated = list(_stated(record, text, found))
    said = {statement.slot for statement in stated}
    missing = [t for t in record.triples if t.predicate not in said or not found.get(t.object, True)]
    extras = list(_extras(record, text, [place for places in found.values() for place in places]))
    for triple in missing:
        extra = next((e for e in extras if e.slot == (FIGURE if _is_figure(triple.object) else NAME)), None)
        if extra:
            extras.remove(extra)
            stated.append(Statement(triple.predicate, frozenset({extra.text}), *extra.place))
    return [*stated, *(Statement(extra.slot, frozenset({extra.text}), *extra.place) for extra in extras)]


def _stated(record: Record, text: str, found: dict[str, list[Place]]) -> Iterator[Statement]:
    """The facts whose object and subject are in the text; places beyond the first count as repetitions only for an
    object that no other fact holds."""
    uses = Counter(value for triple in set(record.triples) for value in (triple.subject, triple.object))
    for triple in record.triples:
        values = frozenset({triple.object})
        if triple.object.lower() in ANY:
            contrary = _contrary(triple, text)
            yield Statement(triple.predicate, frozenset({f"not {triple.object}"}) if contrary else values, 0, 0, False)
        elif found.get(triple.subject, True):
            if _turned_round(triple, record, text):
                yield Statement(triple.predicate, frozenset({f"not {triple.object}"}), 0, 0, False)
                continue
            places = found[triple.object] if uses[triple.object] == 1 else found[triple.object][:1]
            yield from (Statement(triple.predicate, values, *place) for place in places)


def _turned_round(triple: Triple, record: Record, text: str) -> bool:
    """Whether a text says a fact of its object, of another subject, or of its own by another fact's value."""
    mutual = (triple.object, triple.predicate, triple.subject) in record.triples
    if triple.subject and not mutual and exchanged(triple, text):
        return True
    return misattributed(triple, record.triples, text) or misplaced(triple, record.triples, text)


def _contrary(triple: Triple, text: str) -> bool:
    """Whether a text has the predicate's words of a fact that is true or not, and always says the contrary."""
    if triple.object.lower() not in POLARITY:
        return False
    words = _VERB.sub("", readable(triple.predicate, predicate=True))
    denied = [negated(text, *place) for place in (*verbatim(text, words), *verbatim(text, words.replace(" ", "-")))]
    return bool(denied) and POLARITY[triple.object.lower()] not in (not no for no in denied)


def _extras(record: Record, text: str, taken: Sequence[Place]) -> Iterator[Extra]:
    known = _known_words(record.triples)
    for slot, pattern in ((FIGURE, _FIGURE), (NAME, _CAPITALISED)):
        for match in pattern.finditer(text):
            place = Place(*match.span())
            if any(place.start < other.end and other.start < place.end for other in taken):
                continue
            words = [fold_key(word) for word in _WORD.findall(match[0])]
            if not any(word in known or (slot == NAME and word[:4] in known) for word in words):
                yield Extra(slot, match[0], place)


def _known_words(triples: Iterable[Triple]) -> set[str]:
    """The words of all names and values, their first four letters, and the adjectives of places."""
    known: set[str] = set(_ORDINARY)
    for triple in triples:
        for part in triple:
            words = _WORD.findall(fold_key(readable(part, predicate=part == triple.predicate)))
            known.update(words, (word[:4] for word in words if len(word) > 3))
            known.update(ADJECTIVES.get(fold_key(readable(part)), "").split())
            known.add("".join(word[0] for word in words))
    return known


def _is_figure(value: str) -> bool:
    return bool(re.fullmatch(r"[-+]?\W?\d[\d.,:/–-]*(?: ?\w{0,10})?", value))


_DENIAL = denial(
    r"(?:(?:the|an?|its|his|her) \w+ (?:of|in|for|from|to|at|by)|the|an?|any|its|his|her|in|on|at|by|of|from|for|to"
    r"|with|as|be|been|have|had|serve|(?!allow|permit)\w+(?:ed|en|orn|wn))", 4,
)  # fmt: skip
DOMAIN = Domain("triples", find, apart=60, denial=_DENIAL)
