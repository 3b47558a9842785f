"""A record said without a model: plain sentences, the last resort where no text of a model says all of its facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from tabtext.record import Record
from tabtext.triples import Triple, readable


def plain_text(record: Record) -> str:
    """Every fact of a record in its own words, those that follow each other about one thing together: `Elm
    Hall's location is Oslo and the architect is Mia Berg. Elm Hall is family friendly and was opened in 1963.`

    A sentence for each fact would say the name again and again, which readers and judges take for repetition. A slot
    without a value is asked about in a request, and left out where other facts are told; of a record without facts the
    dialogue act stays.
    """
    name = next((t.object for t in record.triples if record.is_slots and t.predicate == "name" and t.object), "")
    told = [t for t in record.triples if t.object or "request" in record.act]
    facts = [t for t in told or record.triples if not (name and t.predicate == "name" and t.object == name)]
    named = [fact._replace(subject=fact.subject or name) for fact in facts]
    about = (sorted(its, key=_kind) for _, its in groupby(named, key=lambda fact: fact.subject))
    said = [_joined(list(alike)) for its in about for _, alike in groupby(its, key=_kind)]
    return " ".join(said) or (f"It is {readable(name)}." if name else f"{readable(record.act).capitalize()}.")


def _kind(fact: Triple) -> str:
    """How a fact is said: by a `question`, a `verb` of its own, or what is the `owner`'s."""
    if not fact.object:
        return "question"
    predicate = readable(fact.predicate, predicate=True)
    return "verb" if fact.object in ("yes", "no") or _VERB.match(predicate) else "owner"


def _joined(facts: Sequence[Triple]) -> str:
    """Facts of one kind about one thing as one sentence, only the first of which names it; questions stay apart."""
    sentences = [plain_sentence(fact, fact.object) for fact in facts]
    kind, subject = _kind(facts[0]), readable(facts[0].subject)
    if len(facts) == 1 or kind == "question":
        return " ".join(sentences)
    before, instead = (
        (f"{subject or 'It'} ", "") if kind == "verb" else (f"{subject}'s " if subject else "Its ", "the ")
    )
    first, *others = (sentence.removesuffix(".") for sentence in sentences)
    clauses = [first, *(instead + other.removeprefix(before) for other in others)]
    if any(mark in readable(fact.object) for fact in facts for mark in (",", " and ")):
        return f"{'; '.join(clauses)}."
    return f"{', '.join(clauses[:-1])} and {clauses[-1]}."


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
