"""The weight of a model's log-probability beside a judge's score, fitted on candidates of dev.

Best is what a reader would choose: near the references (chrF) and without slot errors (`slot_error_rate_repeats`),
each in percent, the errors counted by the slot checker, which need not be the judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from pathlib import Path
from typing import NamedTuple

from datatuner.judges import Judged, load_judge
from datatuner.ranking import Reranking, Work, judge_all, rank
from datatuner.rerank import read_work
from tabtext.errors import InputError
from tabtext.examples import TextExample
from tabtext.metrics import Items, load
from tabtext.slots import check, slot_error_rate

WEIGHTS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 100.0)
"""What is tried: from the judge alone to the beam alone."""


class Fitted(NamedTuple):
    """A weight, the chrF of what it chooses, its slot errors per fact, both in percent, and their difference."""

    weight: float
    chrf: float
    slot_error_rate_repeats: float

    @property
    def gain(self) -> float:
        """What is to be highest."""
        return self.chrf - self.slot_error_rate_repeats

    def to_text(self) -> str:
        """The option and what it gives, in a line."""
        rate = f"slot_error_rate_repeats {self.slot_error_rate_repeats:.2f} %"
        return f"--weight {self.weight}: chrF {self.chrf:.2f}, {rate}"


def fit_weight(candidates: Path, examples: Iterable[TextExample], judge: str) -> list[Fitted]:
    """What each of `WEIGHTS` gives on these candidates, the best first; the records must have references."""
    examples = list(examples)
    references = {example.id: example.texts for example in examples if example.texts}
    works = [work for work in read_work(candidates, examples) if work.record.id in references]
    if not works:
        raise InputError(f"{candidates}: none of its records has a reference text; a weight is fitted to those.")
    judged = judge_all(works, load_judge(judge))
    groups = tuple(references[work.record.id] for work in works)
    found = [_fitted(Reranking(judge, weight=weight), works, judged, groups) for weight in WEIGHTS]
    return sorted(found, key=lambda one: -one.gain)


def _fitted(
    how: Reranking, works: Sequence[Work], judged: Sequence[Sequence[Judged]], references: tuple[tuple[str, ...], ...]
) -> Fitted:
    """What a weight chooses, measured."""
    texts = [rank(work.candidates, its, how)[0].candidate.text for work, its in zip(works, judged, strict=True)]
    chrf = load("chrf").score(Items(tuple(texts), references)).value
    reports = [check(work.record, text) for work, text in zip(works, texts, strict=True)]
    rate = slot_error_rate(reports, repeats=True)
    return Fitted(how.weight, chrf, 0.0 if isnan(rate) else 100 * rate)
