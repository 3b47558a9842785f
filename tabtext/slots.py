"""The rule-based slot checker: does a text say each fact of its record, once, and nothing else of the same kind?

A domain finds in the text what it states about each slot (`tabtext.lexicons`); `judge` compares that with the facts.
Repetitions are found, unlike by the public E2E script, and counted in `slot_error_rate_repeats` alone. No checker is
perfect: a rate on human references is the floor below which a figure says more about the checker than about the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any, NamedTuple

from tabtext.errors import unknown_name
from tabtext.lexicons.negation import denial
from tabtext.lexicons.values import wordings
from tabtext.record import Record, Triple

POLAR = frozenset(("yes", "no"))
"""Values that are no words of a text, as of the slot `family friendly`."""

ERROR_RATES: Mapping[str, tuple[str, ...]] = {
    "slot_error_rate": ("missing", "added", "wrong"),
    "slot_error_rate_repeats": ("missing", "added", "wrong", "repeated"),
}
"""The rates of errors over all facts, and which errors each counts: published rates have no repetitions."""


class Verdict(str, Enum):
    """What a text does with one fact."""

    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"
    REPEATED = "repeated"


class Statement(NamedTuple):
    """What a text states at characters [start, end): a slot has one of these values (`low` and `1 out of 5` share
    their words, so one statement may mean several values).

    A statement that is not `sure` counts for a fact that it fits and makes another one wrong rather than missing, but
    is never held to be an addition.
    """

    slot: str
    values: frozenset[str]
    start: int
    end: int
    sure: bool = True


@dataclass(frozen=True)
class Domain:
    """How texts of one kind state slots.

    `find(record, text)` gives the text's statements. Values of `lists` are comma-separated items. A second statement
    counts as a repetition where it stands in another sentence or, in the same one, further off than `apart`
    characters; slots in `topics` (names, the kind of place) are how a text refers to its topic, and count only where
    both statements are in one clause. Behind a `denial` the slots in `deniable` (None: all) are
    not stated but denied.
    """

    name: str
    find: Callable[[Record, str], list[Statement]]
    lists: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    apart: int = 30
    denial: re.Pattern[str] | None = None
    deniable: frozenset[str] | None = None


@dataclass(frozen=True)
class SlotReport:
    """What a text does with the facts of its record: a verdict per fact, and what it adds."""

    record: Record
    verdicts: tuple[Verdict, ...]
    added: tuple[tuple[str, str], ...] = ()

    def facts(self, verdict: Verdict | str) -> tuple[Triple, ...]:
        """The facts with this verdict."""
        return tuple(t for t, v in zip(self.record.triples, self.verdicts, strict=True) if v == verdict)

    @property
    def errors(self) -> int:
        """Facts missing, wrong or repeated, plus values added."""
        return sum(verdict is not Verdict.OK for verdict in self.verdicts) + len(self.added)

    def count(self, error: str) -> int:
        """How many facts have this verdict, or for `added` how many values the text adds."""
        return len(self.added) if error == "added" else self.verdicts.count(Verdict(error))

    def to_json(self) -> dict[str, Any]:
        """The JSON object of this report: lists of [subject, predicate, object], and of [slot, value] for `added`."""
        found = {v.value: [list(t) for t in self.facts(v)] for v in (Verdict.MISSING, Verdict.WRONG, Verdict.REPEATED)}
        return {"id": self.record.id, **found, "added": [list(pair) for pair in self.added],
                "verdicts": [verdict.value for verdict in self.verdicts]}  # fmt: skip


def check(record: Record, text: str, domain: str = "auto") -> SlotReport:
    """Judge a text against its record; `domain` is one of `DOMAINS`, or `auto`: by the record's slots."""
    name = domain_of(record) if domain == "auto" else domain
    return judge(record, " ".join(text.split()), load_domain(name))


def slot_error_rate(reports: Iterable[SlotReport], *, repeats: bool = False) -> float:
    """Errors (missing, added, wrong, and if asked for repeated) over facts; NaN where there are no facts."""
    counted = ERROR_RATES["slot_error_rate_repeats" if repeats else "slot_error_rate"]
    errors = facts = 0
    for report in reports:
        errors, facts = errors + sum(map(report.count, counted)), facts + len(report.verdicts)
    return errors / facts if facts else float("nan")


def slot_scores(source: Any, texts: Sequence[str]) -> list[float]:
    """The checker as a `Scorer`: 1 without an error, lower by 1/facts for each; NaN where the source is no record with
    facts."""
    if not isinstance(source, Record) or not source.triples:
        return [float("nan")] * len(texts)
    domain = domain_of(source)
    return [1 - check(source, text, domain).errors / len(source.triples) for text in texts]


def judge(record: Record, text: str, domain: Domain) -> SlotReport:
    """Compare what a text states with what its record says; a slot without a value is asked about, not said."""
    gold: dict[str, set[str]] = {}
    for triple in record.triples:
        gold.setdefault(triple.predicate, set()).update(items(triple, domain))
    statements = list(_undenied(domain.find(record, text), gold, text, domain))
    foreign = [s for s in statements if not s.values & gold.get(s.slot, set()) and "" not in gold.get(s.slot, ())]
    verdicts = []
    for triple in record.triples:
        verdicts.append(_verdict(triple, statements, foreign, text, domain))
        if verdicts[-1] is Verdict.WRONG:
            foreign = _without_first(foreign, triple.predicate)
    added = dict.fromkeys((s.slot, " / ".join(sorted(s.values))) for s in foreign if s.sure)
    return SlotReport(record, tuple(verdicts), tuple(added))


def _undenied(
    statements: Iterable[Statement], gold: Mapping[str, Collection[str]], text: str, domain: Domain
) -> Iterator[Statement]:
    """The statements; a denied one of a slot that the record has says another value than it names, if that is the
    record's, and else nothing."""
    for statement in statements:
        slot, values = statement.slot, statement.values
        deniable = slot in gold and (domain.deniable is None or slot in domain.deniable)
        if not (deniable and domain.denial and domain.denial.search(text[: statement.start])):
            yield statement
        elif values.intersection(gold[slot]):
            yield statement._replace(values=frozenset(f"not {value}" for value in values), sure=False)


def worded(record: Record, text: str) -> Record:
    """The record with its names and values as the text words them, where rules can tell that it says them in other
    words: `June 1, 2009` for 2009-06-01, `Imagine` for Imagine (John Lennon song), `inexpensive` for less than £20.

    What is or is not (`POLAR`) stays so, and values that the text has as they are, and those that it does not say.
    """
    values = (value for triple in record.triples for value in (triple.object, triple.subject) if value not in POLAR)
    said = wordings(text, list(dict.fromkeys(values)))
    slots = _slot_wordings(record, text)

    def in_words(triple: Triple) -> Triple:
        words = slots.get(triple) or said.get(triple.object, triple.object)
        return Triple(said.get(triple.subject, triple.subject), triple.predicate, words)

    return replace(record, triples=tuple(map(in_words, record.triples))) if said or slots else record


def _slot_wordings(record: Record, text: str) -> dict[Triple, str]:
    """How a text words those slots whose words a lexicon knows, where it does not deny them."""
    domain = domain_of(record)
    found: dict[Triple, str] = {}
    for statement in load_domain(domain).find(record, text) if domain != "triples" else ():
        words = text[statement.start : statement.end]
        for triple in record.triples:
            value = triple.object
            fits = statement.slot == triple.predicate and value in statement.values and value not in POLAR
            if fits and words and value.lower() not in text.lower() and not _DENIED.search(text[: statement.start]):
                found.setdefault(triple, words)
    return found


_DENIED = denial(r"[\w-]+", 2)


def items(triple: Triple, domain: Domain) -> list[str]:
    """The values that a fact's object holds: several where the slot is a list."""
    if triple.predicate in domain.lists:
        return [item.strip() for item in triple.object.split(",")]
    return [triple.object]


def _verdict(
    triple: Triple, statements: Sequence[Statement], foreign: Sequence[Statement], text: str, domain: Domain
) -> Verdict:
    if not triple.object:
        return Verdict.OK
    own = [s for s in statements if s.slot == triple.predicate]
    said = {item: [s for s in own if item in s.values] for item in items(triple, domain)}
    if not all(said.values()):
        return Verdict.WRONG if any(s.slot == triple.predicate for s in foreign) else Verdict.MISSING
    repeated = any(_repeats(places, text, domain) for places in said.values())
    return Verdict.REPEATED if repeated else Verdict.OK


def _repeats(places: Sequence[Statement], text: str, domain: Domain) -> bool:
    """Whether a sure statement of one value says it again, rather than more fully."""
    for first, second in pairwise(places):
        if not second.sure:
            continue
        between = text[first.end : second.start]
        if first.slot in domain.topics:
            if not _CLAUSE.search(between):
                return True
        elif _SENTENCE.search(between) or second.start - first.end > domain.apart:
            return True
    return False


_SENTENCE = re.compile(r"[.!?](?:\s|$)")
_CLAUSE = re.compile(r"[.!?,;:()]|\b(?:and|but|which|that|where|with|because|since|as|though|while)\b", re.IGNORECASE)


def _without_first(statements: Sequence[Statement], slot: str) -> list[Statement]:
    index = next(i for i, s in enumerate(statements) if s.slot == slot)
    return [*statements[:index], *statements[index + 1 :]]


def longest(statements: Iterable[Statement]) -> list[Statement]:
    """Of statements that overlap only the longest (then the first), in the order of the text."""
    kept: list[Statement] = []
    for statement in sorted(statements, key=lambda s: (s.start - s.end, not s.sure, s.start)):
        if all(statement.end <= other.start or other.end <= statement.start for other in kept):
            kept.append(statement)
    return sorted(kept, key=lambda s: s.start)


DOMAINS = ("e2e", "viggo", "triples")
"""Each a module of `tabtext.lexicons` with a `DOMAIN`."""


@cache
def load_domain(name: str) -> Domain:
    """A domain by name."""
    if name not in DOMAINS:
        raise unknown_name("domain", name, ["auto", *DOMAINS])
    domain: Domain = import_module(f"tabtext.lexicons.{name}").DOMAIN
    return domain


def domain_of(record: Record) -> str:
    """The domain whose slots and acts a record has, else `triples`."""
    predicates = {triple.predicate for triple in record.triples}
    if record.is_slots and predicates:
        for name in ("e2e", "viggo"):
            if predicates <= import_module(f"tabtext.lexicons.{name}").SLOTS:
                return name
    return "triples"
