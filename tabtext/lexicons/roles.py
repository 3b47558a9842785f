"""Facts that a text turns round in so many words: `Bob's employer is Ada` where Ada's is Bob, `its height is 3` where
that is its weight, `Ada is the head of Elm` where she heads Oak."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tabtext.triples import Triple, readable

_EITHER_WAY = frozenset({
    "spouse", "partner", "sibling", "siblings", "brother", "sister", "twin", "friend", "colleague", "cousin",
    "relative", "neighbour", "neighbor", "rival", "opponent", "married", "borders", "bordered", "related", "associated",
    "type", "kind", "sort", "form", "variety", "variation", "example", "city", "town", "state",
})  # fmt: skip
"""Words for what holds both ways, and for kinds: `Elm is a type of tree` says that Elm's type is tree."""

_BE = r"(?:is|are|was|were)"
_VERB = re.compile(r"(?:.* )?(?:\w+ed|by|of)")
_ADDED = r" (?:number|code|identifier|id|name|rating|value)"
"""What a predicate is called with or without."""


def exchanged(triple: Triple, text: str) -> bool:
    """Whether a text says of a fact's object what the fact says of its subject.

    Only what is said with both names as they are and the predicate's own words between or beside them is told: a
    possessive (`Bob's employer is Ada`, `Ada is the employer of Bob`), or verbs (`Oslo is part of Elm`, `B was followed
    by A`).
    """
    words = readable(triple.predicate, predicate=True)
    names = [_bare(name) for name in (triple.subject, triple.object)]
    if not words or not all(names) or names[0] == names[1] or not _EITHER_WAY.isdisjoint(words.split()):
        return False
    return all(name in text for name in names) and bool(_pattern(*names, words).search(text))


@lru_cache(maxsize=1 << 12)
def _pattern(subject: str, object: str, words: str) -> re.Pattern[str]:
    """What says a fact the wrong way round."""
    one, other, said = (re.escape(each) for each in (subject, object, words))
    forms = [
        rf"{other}['’]s? {said}(?: {_BE}|,)? {one}",
        rf"{one} {_BE} {other}['’]s? {said}",
        rf"{one} {_BE} (?:the|an?) {said} of {other}",
        rf"(?:[Tt]he|[Aa]n?) {said} of {other} {_BE} {one}",
    ]
    if _VERB.fullmatch(words):
        verb = re.escape(re.sub(rf"^{_BE} ", "", words))
        forms.append(rf"{other}(?:, (?:who|which)\b[^.;,]*,)? (?:{_BE} |has been )?{verb} {one}")
    return re.compile(rf"(?<!\w)(?<!of )(?<!and )(?<!, )(?<!['’]s )(?:{'|'.join(forms)})(?!\w|['’]s|,? and )")


def misattributed(triple: Triple, facts: Iterable[Triple], text: str) -> bool:
    """Whether a text gives the value of another of these facts, about the same subject, under this one's name: `LCCN
    number 1588-2632` where that is the ISSN.

    Only what stands behind the predicate's own words is told, and not of predicates of which one is in the other
    (`club`, `youth club`), nor where the words end a value (`Elm School is …`) or follow their own (`the centre
    position is …`).
    """
    own, value = _head(triple.predicate), _bare(triple.object).lower()
    others = [(_head(fact.predicate), _bare(fact.object).lower()) for fact in facts if fact.subject == triple.subject]
    held = (value, *(name.removesuffix(own).rstrip() for _, name in others if name.endswith(f" {own}")))
    places = [
        place for place in _behind(own).finditer(text) if not text[: place.start()].lower().rstrip().endswith(held)
    ]
    its = {name for head, name in others if head == own}
    return any(
        _gives(place, text, name)
        and name not in its
        and not (name in value or value in name or _overlap(own, head))
        and not text[: place.start()].lower().endswith(f"{head} ")
        and not text[place.end() + len(name) :].lower().startswith(f" {value}")
        for place in places
        for head, name in others
    )


@lru_cache(maxsize=1 << 12)
def _behind(head: str) -> re.Pattern[str]:
    """A predicate's words and what links them to a value."""
    return re.compile(rf"(?<!\w){re.escape(head)}(?:{_ADDED})?(?P<link>(?: (?:{_BE}|of|=)|:)?) ", re.IGNORECASE)


def _gives(found: re.Match[str], text: str, name: str) -> bool:
    """Whether a value, in small letters, stands behind a predicate's words; one without a figure wants a verb between
    them, and only a bare figure may have `of`."""
    end = found.end() + len(name)
    if text[found.end() : end].lower() != name or text[end : end + 1].isalnum():
        return False
    link = found["link"].strip().lower()
    if link == "of":
        return re.fullmatch(r"[\d\W]+", name) is not None and not re.fullmatch(r"[12]\d{3}", name)
    return bool(link) or re.search(r"\d", name) is not None


def misplaced(triple: Triple, facts: Iterable[Triple], text: str) -> bool:
    """Whether a text says a fact, in the predicate's own words, of what another of these facts is about and not it."""
    head, value, own = _head(triple.predicate), _bare(triple.object), _bare(triple.subject)
    if not own or len(head) < 3 or not re.search(rf" {re.escape(head)}s? of |['’]s? {re.escape(head)}(?!\w)", text):
        return False
    has = {_bare(fact.subject) for fact in facts if _head(fact.predicate) == head and _bare(fact.object) == value}
    others = {_bare(fact.subject) for fact in facts} - has
    others = {
        name for name in others if name in text and not any(name in each or each in name for each in (own, value))
    }
    return bool(others) and bool(_of_another(head, value, tuple(sorted(others, key=len, reverse=True))).search(text))


@lru_cache(maxsize=1 << 10)
def _of_another(head: str, value: str, others: tuple[str, ...]) -> re.Pattern[str]:
    """What says of one of these others what its value is by a predicate's words."""
    other, said, head = "|".join(map(re.escape, others)), re.escape(value), re.escape(head)
    forms = [
        rf"{said},? (?:{_BE} )?(?:one of )?(?:the|an?) {head}s? of (?:the )?(?:{other})",
        rf"[Tt]he {head} of (?:the )?(?:{other}) {_BE} (?:\w+ ){{0,2}}{said}",
        rf"(?:{other})['’]s? {head}(?: {_BE}|,)? {said}",
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?=[.,;:!?]|$| (?:and|where|which|who|whose|with|in)\b)")


@lru_cache(maxsize=1 << 12)
def _head(predicate: str) -> str:
    """A predicate in words, without what it is called with or without."""
    return re.sub(rf"(?:{_ADDED})+$", "", readable(predicate, predicate=True).lower())


@lru_cache(maxsize=1 << 12)
def _overlap(one: str, other: str) -> bool:
    """Whether one of two predicates is in the other, or too short to be told from other words."""
    one, other = (words.replace(" ", "").rstrip("s") for words in (one, other))
    return one in other or other in one or len(one) < 3


@lru_cache(maxsize=1 << 12)
def _bare(name: str) -> str:
    """A name in words, without what stands in brackets behind it."""
    return re.sub(r"\s*\([^)]*\)$", "", readable(name))
