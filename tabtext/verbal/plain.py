"""A fact in a plain sentence of its own words, whatever its predicate is."""

from __future__ import annotations

import re

from tabtext.triples import Triple, readable

_VERB = re.compile(r"(?:has|is|was|had) ")


def plain_sentence(triple: Triple, value: str) -> str:
    """A fact in a sentence made of its own words: `Its food is Indian.`, `It is not family friendly.`"""
    subject, predicate = readable(triple.subject), readable(triple.predicate, predicate=True)
    owner = f"{subject}'s" if subject else "Its"
    if not value:
        return f"What about {owner if subject else 'its'} {re.sub(r'^(?:has|is) ', '', predicate)}?"
    if value in ("yes", "no"):
        verb, rest = ("has", predicate[4:]) if predicate.startswith("has ") else ("is", predicate)
        no = "" if value == "yes" else (" no" if verb == "has" else " not")
        return f"{subject or 'It'} {verb}{no} {rest}."
    if _VERB.match(predicate):
        return f"{subject or 'It'} {predicate} {readable(value)}."
    head = predicate.partition(" of ")[0]
    verb = "are" if head.endswith("s") and not head.endswith(("ss", "us")) else "is"
    return f"{owner} {predicate} {verb} {readable(value)}."
