"""Facts whose subject and object a text exchanges in so many words: `Bob's employer is Ada` where Ada's is Bob."""

from __future__ import annotations

import re
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


def exchanged(triple: Triple, text: str) -> bool:
    """Whether a text says of a fact's object what the fact says of its subject.

    Only what is said with both names as they are and the predicate's own words between or beside them is told: a
    possessive (`Bob's employer is Ada`, `Ada is the employer of Bob`), or verbs (`Oslo is part of Elm`, `B was followed
    by A`).
    """
    words = readable(triple.predicate, predicate=True)
    names = [re.sub(r"\s*\([^)]*\)$", "", readable(name)) for name in (triple.subject, triple.object)]
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
