"""What judges candidates before one is chosen: the fidelity classifier, the slot checker, or any `Scorer`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.candidates import Scorer
from tabtext.examples import Fidelity
from tabtext.record import Record, Triple
from tabtext.slots import SlotReport, Verdict, check

if TYPE_CHECKING:
    from datatuner.fidelity import FidelityClassifier, FidelityReport

LEAST = 1e-6
"""Probabilities below this count as this, so that their logarithms stay comparable."""

SLOTS = "slots"
"""The name of the slot checker where a classifier's name could stand."""


class Judged(NamedTuple):
    """A verdict on one text: a score (higher is better, a log-probability where there is one), the class (None where
    the judge knows none), the facts that it does not say right, and what is written of it."""

    score: float
    label: Fidelity | None
    unsaid: tuple[Triple, ...] = ()
    report: Mapping[str, Any] | None = None

    @property
    def passes(self) -> bool:
        """Whether the text is held to be accurate."""
        return self.label is Fidelity.ACCURATE


Judge = Callable[[Sequence[tuple[Record, str]]], list[Judged]]
"""From (record, text) pairs to a verdict on each."""


@lru_cache(maxsize=2)
def load_judge(name: str) -> Judge:
    """The slot checker for `slots`, else the fidelity classifier of this name, folder or hub id."""
    if name == SLOTS:
        return by_slots
    judge = _classifier(name).judge
    return lambda pairs: [_of_report(report) for report in judge(pairs)]


def refuse_too_long(name: str, pairs: Iterable[tuple[Record, str]]) -> None:
    """An InputError for a (record, text) that the judge of this name has no room for; the slot checker reads any."""
    if name == SLOTS:
        return
    for pair in pairs:
        _classifier(name).encoder.encode(*pair)


def _classifier(name: str) -> FidelityClassifier:
    """The classifier of this name; an InputError for one that is no model's but like `slots`."""
    from datatuner.judge import classifier
    from tabtext.models import refuse_near_name

    refuse_near_name(name, (SLOTS,))
    return classifier(name)


def by_slots(pairs: Sequence[tuple[Record, str]]) -> list[Judged]:
    """The slot checker's verdicts; the score is the number of errors, negative."""
    reports = [check(record, text) for record, text in pairs]
    return [
        Judged(-float(report.errors), slot_class(report), _unsaid(report.record, report.verdicts), report.to_json())
        for report in reports
    ]


def by_scorer(scorer: Scorer) -> Judge:
    """Any scorer as a judge without classes: QUALS, a model's own log-probability."""
    return lambda pairs: [Judged(scorer(record, [text])[0], None) for record, text in pairs]


def slot_class(report: SlotReport) -> Fidelity:
    """The class of a slot report: accurate without an error, else the worst of its faults in the paper's order."""
    found = {
        Fidelity.HALLUCINATION: bool(report.added),
        Fidelity.OMISSION: Verdict.MISSING in report.verdicts,
        Fidelity.REPETITION: Verdict.REPEATED in report.verdicts,
        Fidelity.VALUE_ERROR: Verdict.WRONG in report.verdicts,
    }
    return next((label for label, there in found.items() if there), Fidelity.ACCURATE)


def _of_report(report: FidelityReport) -> Judged:
    unsaid = _unsaid(report.record, report.verdicts)
    return Judged(math.log(max(report.accurate, LEAST)), report.label, unsaid, report.to_json())


def _unsaid(record: Record, verdicts: Sequence[Verdict]) -> tuple[Triple, ...]:
    return tuple(t for t, v in zip(record.triples, verdicts, strict=True) if v in (Verdict.MISSING, Verdict.WRONG))
