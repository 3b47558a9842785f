"""One fact: subject, predicate and object, as written or as words."""

from __future__ import annotations

import re
from typing import NamedTuple

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LITERAL = re.compile(r'"(?P<text>.*)"(?:@[A-Za-z0-9-]+|\^\^\S+)?', re.DOTALL)


class Triple(NamedTuple):
    """One fact, its parts as written in the source."""

    subject: str
    predicate: str
    object: str

    def readable(self) -> Triple:
        """The fact with its names as words."""
        return Triple(readable(self.subject), readable(self.predicate, predicate=True), readable(self.object))


def readable(name: str, *, predicate: bool = False) -> str:
    """A name as words: `Alan_Bean` is `Alan Bean`; as a predicate `birthPlace` is `birth place`.

    Only predicates are split at capitals and lower-cased, since names of things such as `McLaren` must stay whole.
    """
    words = " ".join(name.replace("_", " ").split())
    return _CAMEL.sub(" ", words).lower() if predicate else words


def literal_text(value: str) -> str:
    """The text of an RDF literal: `"12"^^xsd:int` is `12` and `"Wien"@de` is `Wien`."""
    found = _LITERAL.fullmatch(value.strip())
    return found["text"] if found else value.strip()
