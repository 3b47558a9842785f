"""A record as a text: the facts about one thing in sentences, one thing after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from datatuner.templates import plain_sentence
from datatuner.verbal import lexicon
from datatuner.verbal.phrase import Said, verb_phrase
from datatuner.verbal.values import is_figure, joined, with_the
from tabtext.record import Record
from tabtext.triples import Triple, readable

MOST = 3
"""Verb phrases of one sentence."""

MOST_ASIDE = 2
"""Verb phrases about a thing that may stand in a clause behind its name."""

_SHARED = frozenset(
    f"was {participle}" for participle in ("born", "founded", "opened", "completed", "released", "built", "launched")
)
"""Verbs of which place and time are said in one phrase."""
_QUALIFIER = re.compile(r" \([a-zà-ÿ][^()]*\)$")
"""What tells a name from another in an encyclopedia: `AIDS (journal)`."""


class Thing(NamedTuple):
    """What is told of one thing: what it does or is, and what its own are (`client is Bright Ltd`)."""

    name: str
    kind: str
    phrases: tuple[str, ...]
    owned: tuple[str, ...]


def said(record: Record) -> str:
    """A text that says every fact of a record once, and names things as they are written.

    A slot without a value is asked about in a request, and left out where other facts are told; of a record without
    facts the dialogue act stays.
    """
    facts = dict.fromkeys(fact for fact in record.triples if fact.object or "request" in record.act)
    name = next(
        (fact.object for fact in record.triples if record.is_slots and fact.predicate == "name" and fact.object), ""
    )
    told = [fact for fact in facts or record.triples if fact != ("", "name", name)]
    if not told:
        return f"It is {readable(name)}." if name else f"{readable(record.act).capitalize()}."
    named = [fact._replace(subject=fact.subject or name or "It") for fact in told if fact.object]
    names = _names(named)
    asked = (plain_sentence(fact._replace(subject=fact.subject or name), "") for fact in told if not fact.object)
    return " ".join([*_sentences([_thing(one, named, names) for one in _roots_first(named)]), *asked])


def _roots_first(facts: Sequence[Triple]) -> list[str]:
    """The subjects, each behind the one that speaks of it, else in their order."""
    subjects = list(dict.fromkeys(fact.subject for fact in facts))
    spoken_of = {fact.object for fact in facts if fact.object != fact.subject}
    ordered = [one for one in subjects if one not in spoken_of] or subjects[:1]
    for one in ordered:  # which grows as it is walked through
        objects = dict.fromkeys(fact.object for fact in facts if fact.subject == one)
        ordered += [other for other in objects if other in subjects and other not in ordered]
    return [*ordered, *(one for one in subjects if one not in ordered)]


def _names(facts: Iterable[Triple]) -> dict[str, str]:
    """How things are named: without what only tells one name from another, where that leaves them apart."""
    full = {readable(part) for fact in facts for part in (fact.subject, fact.object)}
    short = {name: name if is_figure(name) else _QUALIFIER.sub("", name) for name in full}
    times = Counter(short.values())
    return {name: short[name] if times[short[name]] == 1 else name for name in full}


def _thing(subject: str, facts: Sequence[Triple], names: dict[str, str]) -> Thing:
    """What the facts tell of a subject, those together that one phrase says."""
    own = [Said.of(fact.predicate, names[readable(fact.object)]) for fact in facts if fact.subject == subject]
    kind = lexicon.kind_of(fact.predicate for fact in own)
    alike: dict[Any, list[Said]] = {}
    for fact in own:
        known = lexicon.phrases(fact.predicate, kind)
        alike.setdefault(known if known and "{predicate}" not in known[0] else fact.predicate, []).append(fact)
    phrases = [(its, verb_phrase(its, kind)) for its in alike.values()]
    owned = [_owned(its[0].predicate, [fact.value for fact in its]) for its, phrase in phrases if not phrase]
    return Thing(with_the(names[readable(subject)]), kind, tuple(_merged([p for _, p in phrases if p])), tuple(owned))


def _owned(words: str, values: Sequence[str]) -> str:
    """`client is Bright Ltd`, `clients are Ann and Bob`."""
    plural = words.endswith("s") and not words.endswith(("ss", "us", "is"))
    if len(values) > 1 and not plural:
        words, plural = f"{words}s", True
    return f"{words} {'are' if plural else 'is'} {joined(values)}"


def _merged(phrases: Sequence[str]) -> list[str]:
    """The phrases, time and place of one verb in one: `was born in Leeds on 1 May 1985`."""
    merged: list[str] = []
    for phrase in phrases:
        verb = " ".join(phrase.split(" ")[:2])
        same = next((i for i, other in enumerate(merged) if verb in _SHARED and other.startswith(f"{verb} ")), None)
        if same is None:
            merged.append(phrase)
        else:
            merged[same] += phrase.removeprefix(verb)
    return merged


def _sentences(things: Sequence[Thing]) -> Iterator[str]:
    """The sentences about all things; what is little and about a thing just named stands behind its name."""
    told: set[str] = set()
    for thing in things:
        if thing.name in told:
            continue
        others = [one for one in things if one.name != thing.name and one.name not in told and _fits_aside(one)]
        aside = next((one for one in others if any(_ends_in(phrase, one.name) for phrase in thing.phrases)), None)
        told |= {thing.name, *([aside.name] if aside else [])}
        yield from map(_ended, _about(thing, aside))


def _fits_aside(thing: Thing) -> bool:
    return not thing.owned and 0 < len(thing.phrases) <= MOST_ASIDE


def _ends_in(phrase: str, name: str) -> bool:
    return phrase.endswith(f" {name}")


def _about(thing: Thing, aside: Thing | None) -> Iterator[str]:
    """The sentences about one thing, what is told of another behind the phrase that ends in its name."""
    phrases = sorted(thing.phrases, key=lambda phrase: aside is not None and _ends_in(phrase, aside.name))
    named = thing.kind == lexicon.PERSON or thing.name == "It"  # nobody says whether a person is he or she
    for first in range(0, len(phrases), MOST):
        clause = joined(phrases[first : first + MOST])
        if aside and first + MOST >= len(phrases):
            clause += f", {'who' if aside.kind == lexicon.PERSON else 'which'} {joined(aside.phrases)}"
        yield f"{thing.name if named or not first else 'It'} {clause}"
    if thing.owned:
        its = thing.name == "It" or (phrases and not named)
        others = "its" if its else "the"
        owner = "Its" if its else f"{thing.name}'s"
        yield joined([f"{owner} {thing.owned[0]}", *(f"{others} {one}" for one in thing.owned[1:])])


def _ended(sentence: str) -> str:
    """A sentence with its capital and its full stop; a name that is written small stays so."""
    sentence = sentence[0].upper() + sentence[1:] if sentence.startswith("the ") else sentence
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
