"""A record as a text: the facts about one thing in sentences, one thing after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tabtext.record import Record
from tabtext.triples import Triple, readable
from tabtext.verbal import lexicon
from tabtext.verbal.phrase import Said, verb_phrase
from tabtext.verbal.plain import plain_sentence
from tabtext.verbal.predicates import is_noun, is_plural, plural
from tabtext.verbal.values import is_figure, joined, with_the

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


class Told(NamedTuple):
    """A verb phrase, and the value that it ends in."""

    phrase: str
    end: str


class Thing(NamedTuple):
    """What is told of one thing: what it does or is, and what its own are (`client is Bright Ltd`)."""

    name: str
    kind: str
    told: tuple[Told, ...]
    owned: tuple[str, ...]


def said(record: Record) -> str:
    """A text that says every fact of a record once, and names things as they are written.

    A slot without a value is asked about in a request, and left out where other facts are told; of a record without
    facts the dialogue act stays.
    """
    facts = dict.fromkeys(fact for fact in record.triples if fact.object.strip() or "request" in record.act)
    name = next(
        (fact.object for fact in facts if record.is_slots and fact.predicate.lower() == "name" and fact.object), ""
    )
    told = [fact for fact in facts or record.triples if (fact.predicate.lower(), fact.object) != ("name", name)]
    if not told:
        return f"It is {readable(name)}." if name else f"{readable(record.act).capitalize()}."
    named = [fact._replace(subject=fact.subject or name or "It") for fact in told if fact.object]
    names = _names(named)
    asked = (plain_sentence(fact._replace(subject=fact.subject or name), "") for fact in told if not fact.object)
    by_subject: dict[str, list[Triple]] = {}
    for fact in named:
        by_subject.setdefault(fact.subject, []).append(fact)
    things = [_thing(one, by_subject[one], names) for one in _roots_first(by_subject)]
    return " ".join([*_sentences(things), *asked])


def _roots_first(facts: Mapping[str, Sequence[Triple]]) -> list[str]:
    """The subjects, each behind the one that speaks of it, else in their order."""
    spoken_of = {fact.object for own in facts.values() for fact in own if fact.object != fact.subject}
    waiting = [one for one in facts if one not in spoken_of] or list(facts)[:1]
    ordered = dict.fromkeys(waiting)
    for one in waiting:  # which grows as it is walked through
        others = dict.fromkeys(
            fact.object for fact in facts[one] if fact.object in facts and fact.object not in ordered
        )
        waiting += others
        ordered |= others
    return list(ordered | dict.fromkeys(facts))


def _names(facts: Sequence[Triple]) -> dict[str, str]:
    """How things are named: without what only tells one name from another, where that leaves them apart."""
    subjects = {fact.subject for fact in facts}
    short: dict[str, str] = {}
    for part in dict.fromkeys(part for fact in facts for part in (fact.subject, fact.object)):
        name = readable(part)
        qualified = ("_(" in part or part in subjects) and not is_figure(name)  # else it is a part of what is told
        short[name] = _QUALIFIER.sub("", name) if qualified else name
    times = Counter(short.values())
    return {name: short[name] if times[short[name]] == 1 else name for name in short}


def _thing(subject: str, facts: Sequence[Triple], names: dict[str, str]) -> Thing:
    """What the facts tell of a subject, those together that one phrase says."""
    own = [Said.of(fact.predicate, names[readable(fact.object)]) for fact in facts]
    kind = lexicon.kind_of(own)
    alike: dict[Any, list[Said]] = {}
    for fact in own:
        known = lexicon.phrases(fact.predicate, kind)
        alike.setdefault(known if known and "{predicate}" not in known[0] else fact.predicate, []).append(fact)
    phrases = [(its, verb_phrase(its, kind)) for its in alike.values()]
    owned = [_owned(its[0].predicate, [fact.value for fact in its]) for its, phrase in phrases if not phrase]
    told = [Told(phrase, _end(phrase, its)) for its, phrase in phrases if phrase]
    return Thing(with_the(names[readable(subject)]), kind, tuple(_merged(told)), tuple(owned))


def _end(phrase: str, facts: Iterable[Said]) -> str:
    """The value that a phrase ends in; of values of which one ends as the other does, the longer one."""
    values = {with_the(fact.value) for fact in facts}
    return max((value for value in values if phrase.endswith(f" {value}")), key=len, default="")


def _owned(words: str, values: Sequence[str]) -> str:
    """`client is Bright Ltd`, `clients are Ann and Bob`; in quotation marks what is no noun, `"bill to" is`."""
    if not is_noun(words):
        return f'"{words}" is {joined(values)}'
    if len(values) > 1 and not is_plural(words) and re.fullmatch(r"[\w ]*[A-Za-z]", words):
        words = plural(words)
    return f"{words} {'are' if is_plural(words) else 'is'} {joined(values)}"


def _merged(told: Sequence[Told]) -> list[Told]:
    """The phrases, time and place of one verb in one: `was born in Leeds on 1 May 1985`."""
    merged: list[Told] = []
    places: dict[str, int] = {}
    for one in told:
        verb = " ".join(one.phrase.split(" ", 2)[:2])
        if verb in places:
            merged[places[verb]] = Told(merged[places[verb]].phrase + one.phrase.removeprefix(verb), one.end)
            continue
        if verb in _SHARED:
            places[verb] = len(merged)
        merged.append(one)
    return merged


def _sentences(things: Sequence[Thing]) -> Iterator[str]:
    """The sentences about all things; what is little and about a thing just named stands behind its name."""
    told: set[str] = set()
    place = {thing.name: number for number, thing in enumerate(things)}
    little = {thing.name: thing for thing in things if not thing.owned and 0 < len(thing.told) <= MOST_ASIDE}
    for thing in things:
        if thing.name in told:
            continue
        told.add(thing.name)
        ends = dict.fromkeys(one.end for one in thing.told if one.end in little and one.end not in told)
        aside = min((little[end] for end in ends), key=lambda other: place[other.name], default=None)
        told |= {aside.name} if aside else set()
        yield from map(_ended, _about(thing, aside))


def _about(thing: Thing, aside: Thing | None) -> Iterator[str]:
    """The sentences about one thing, what is told of another behind the phrase that ends in its name."""
    phrases = [one.phrase for one in sorted(thing.told, key=lambda one: aside is not None and one.end == aside.name)]
    named = thing.kind == lexicon.PERSON or thing.name == "It"  # nobody says whether a person is he or she
    for first in range(0, len(phrases), MOST):
        clause = joined(phrases[first : first + MOST])
        if aside and first + MOST >= len(phrases):
            clause += (
                f", {'who' if aside.kind == lexicon.PERSON else 'which'} {joined([one.phrase for one in aside.told])}"
            )
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
