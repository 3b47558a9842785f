"""What changed: any judges' mean scores of the texts before and after, with an interval for the difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quals.judges import Judge
from quals.references import Referenced
from tabtext.corpora.judgements import Judgement
from tabtext.errors import InputError
from tabtext.jsonl import dumps
from tabtext.metrics.significance import RESAMPLES, SEED


@dataclass(frozen=True)
class Change:
    """A judge's mean score of `texts` texts before and after, and the 95 % interval of the difference (paired
    bootstrap); texts that had no verdict before or after are left out and counted."""

    judge: str
    before: float
    after: float
    interval: tuple[float, float]
    texts: int
    no_verdict: int

    @property
    def difference(self) -> float:
        """After minus before; above 0 is better."""
        return self.after - self.before

    def __str__(self) -> str:
        if not self.texts:
            return f"{self.judge}: no verdict on any of {self.no_verdict:,} texts"
        low, high = self.interval
        left_out = f", {self.no_verdict:,} without a verdict left out" if self.no_verdict else ""
        return (
            f"{self.judge}: {self.before:.4g} -> {self.after:.4g}, difference {self.difference:+.3g} "
            f"[{low:+.3g}, {high:+.3g}] ({self.texts:,} texts{left_out})"
        )

    def to_json(self) -> dict[str, Any]:
        """The change as a JSON object; what is not a number is null."""
        figures = {"before": self.before, "after": self.after, "difference": self.difference}
        known = {name: None if math.isnan(value) else value for name, value in figures.items()}
        interval = [None if math.isnan(bound) else bound for bound in self.interval]
        return {"judge": self.judge, **known, "interval": interval, "texts": self.texts, "no_verdict": self.no_verdict}


def changes(
    before: Sequence[Judgement],
    after: Sequence[Judgement],
    judges: Mapping[str, Judge],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> list[Change]:
    """How each judge's scores changed from one text to the other about the same source, pair by pair."""
    if [one.item for one in before] != [one.item for one in after]:
        raise InputError("Before and after must be about the same sources, in the same order.")
    return [_change(name, judge(before), judge(after), resamples, seed) for name, judge in judges.items()]


def first_texts(sources: Sequence[Referenced], written: Mapping[str, Sequence[str]]) -> list[Judgement]:
    """The first text written about each source, to be judged."""
    return [Judgement(one.id, one.source, written[one.id][0], references=one.texts) for one in sources]


def _change(name: str, before: Sequence[float], after: Sequence[float], resamples: int, seed: int) -> Change:
    import numpy as np

    both = np.array([before, after], dtype=np.float64).reshape(2, -1)
    known = both[:, ~np.isnan(both).any(axis=0)]
    size = known.shape[1]
    if not size:
        return Change(name, math.nan, math.nan, (math.nan, math.nan), 0, len(before))
    difference, rng = known[1] - known[0], np.random.default_rng(seed)
    means = [difference[rng.integers(size, size=size)].mean() for _ in range(resamples)]
    low, high = np.quantile(means, (0.025, 0.975))
    first, second = known.mean(axis=1)
    return Change(name, float(first), float(second), (float(low), float(high)), size, len(before) - size)


FORMATS: dict[str, Callable[[Change], str]] = {"text": str, "json": dumps}
"""How a change is written, by name."""
