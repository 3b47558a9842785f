"""A record said without a model: a plain sentence per fact, the last resort where no text of a model says them all."""

from __future__ import annotations

import re

from tabtext.record import Record
from tabtext.triples import Triple, readable


def plain_text(record: Record) -> str:
    """Every fact of a record in a sentence of its own: `Alimentum's food is Indian. Alimentum is family friendly.`

    A slot without a value is asked about in a request, and left out where other facts are told; of a record without
    facts the dialogue act stays.
    """
    name = next((t.object for t in record.triples if record.is_slots and t.predicate == "name" and t.object), "")
    told = [t for t in record.triples if t.object or "request" in record.act]
    facts = [t for t in told or record.triples if not (name and t.predicate == "name" and t.object == name)]
    said = [plain_sentence(fact._replace(subject=fact.subject or name), fact.object) for fact in facts]
    return " ".join(said) or (f"It is {readable(name)}." if name else f"{readable(record.act).capitalize()}.")


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
    if re.match(r"(?:has|is|was|had) ", predicate):
        return f"{subject or 'It'} {predicate} {readable(value)}."
    verb = "are" if predicate.endswith("s") and not predicate.endswith(("ss", "us")) else "is"
    return f"{owner} {predicate} {verb} {readable(value)}."
