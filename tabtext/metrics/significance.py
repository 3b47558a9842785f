"""Is a difference real? Bootstrap intervals, paired bootstrap, approximate randomisation, several seeds in a row.

All of it works on segment statistics, so that a thousand resamples of any metric cost one matrix product. The tests
follow Koehn 2004 and Riezler and Maxwell 2005 as sacreBLEU does, with the same generator: same seed, same p-value.
"""

from __future__ import annotations

import statistics as stats
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError
from tabtext.metrics.base import Items, Metric, Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tabtext.metrics.base import Floats

RESAMPLES = 1000
TRIALS = 10_000
SEED = 12345
LEVEL = 0.05
"""A system is called better when both tests give a smaller p-value."""
ROUNDING = 1e-9
"""Differences of scores closer than this are the same difference."""
_AT_ONCE = 2_000_000
"""Resampled items handled in one matrix product, to bound memory."""


@dataclass(frozen=True)
class Comparison:
    """Two systems by one metric: `second - first`, its 95 % interval, and the chance of so large a difference by luck.

    `better` is `first`, `second`, or `neither` where a p-value is not below `LEVEL` or the metric has no better end.
    """

    first: Score
    second: Score
    difference: float
    interval: tuple[float, float]
    p_bootstrap: float
    p_randomisation: float
    better: str

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{self.second.name}: {self.first.value:.4g} -> {self.second.value:.4g}, difference {self.difference:+.3g} "
            f"[{low:+.3g}, {high:+.3g}], p = {self.p_bootstrap:.4f} (paired bootstrap), "
            f"{self.p_randomisation:.4f} (approximate randomisation); better: {self.better} | {self.second.signature}"
        )

    def to_json(self) -> dict[str, Any]:
        """The comparison as a JSON object."""
        numbers = {name: getattr(self, name) for name in ("difference", "p_bootstrap", "p_randomisation", "better")}
        return {"first": self.first.to_json(), "second": self.second.to_json(), "interval": [*self.interval], **numbers}


@dataclass(frozen=True)
class Seeds:
    """One metric over several runs of the same system: the mean, and the deviation of a sample.

    `drawn` [resamples] holds the mean on other draws of items and runs, if it was computed: the interval is of these.
    Where two systems were run with the same seeds on the same items, `first - second` is how much one is above the
    other.
    """

    name: str
    values: tuple[float, ...]
    signature: str
    drawn: Floats | None = field(default=None, repr=False, compare=False)

    @property
    def mean(self) -> float:
        """The mean over the runs."""
        return stats.fmean(self.values)

    @property
    def deviation(self) -> float:
        """The sample standard deviation over the runs; 0 for a single run."""
        return stats.stdev(self.values) if len(self.values) > 1 else 0.0

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean, were both the items and the runs drawn again."""
        return None if self.drawn is None else _middle(self.drawn)

    def __sub__(self, other: Seeds) -> Seeds:
        if (self.name, self.signature, len(self.values)) != (other.name, other.signature, len(other.values)):
            raise InputError(f"Runs of {self.name} and of {other.name} on other data, or of another number, differ.")
        values = tuple(ours - theirs for ours, theirs in zip(self.values, other.values, strict=True))
        drawn = None if self.drawn is None or other.drawn is None else self.drawn - other.drawn
        return replace(self, values=values, drawn=drawn)

    def __str__(self) -> str:
        interval = f" [{self.interval[0]:.4g}, {self.interval[1]:.4g}]" if self.interval else ""
        runs = f"({len(self.values)} runs)"
        return f"{self.name}|{self.signature} = {self.mean:.4g} ± {self.deviation:.2g}{interval} {runs}"

    def to_json(self) -> dict[str, Any]:
        """Mean, deviation and the single values as a JSON object."""
        fields = {"name": self.name, "mean": self.mean, "deviation": self.deviation}
        interval = {"interval": list(self.interval)} if self.interval else {}
        return {**fields, "values": list(self.values), "signature": self.signature, **interval}


def over_seeds(scores: Sequence[Score]) -> Seeds:
    """The same metric's scores of several runs as one; an InputError where they are not of the same metric and data."""
    signatures = {(score.name, score.signature) for score in scores}
    if len(signatures) != 1:
        raise InputError(f"Only scores of one metric on the same data have a mean; found {sorted(signatures)}.")
    return Seeds(scores[0].name, tuple(score.value for score in scores), scores[0].signature)


def over_runs(metric: Metric, runs: Sequence[Items], *, resamples: int = RESAMPLES, seed: int = SEED) -> Seeds:
    """A metric over several runs of a system on the same items, with its interval where resampling means something.

    Two or three runs tell little of how runs differ: an interval over so few is narrower than one over many would be.
    """
    import numpy as np

    statistics = [metric.checked_statistics(items) for items in runs]
    seeds = over_seeds([metric.score_from(*run) for run in zip(runs, statistics, strict=True)])
    if not resamples or not metric.resamples:
        return seeds
    values = np.stack([resampled(metric, its, resamples, seed) for its in statistics])
    runs_drawn = np.random.default_rng([seed, len(runs)]).integers(len(runs), size=values.shape)
    mean, drawn = values.mean(axis=0), np.take_along_axis(values, runs_drawn, axis=0).mean(axis=0)
    wider = (len(runs) / (len(runs) - 1)) ** 0.5 if len(runs) > 1 else 1.0  # as the deviation of a sample is
    return replace(
        seeds, drawn=mean + wider * (drawn - mean), signature=f"{seeds.signature}|bs:{resamples}|seed:{seed}"
    )


def with_interval(
    score: Score, metric: Metric, statistics: Floats, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Score:
    """The score with its 95 % bootstrap interval; as it is where resampling means nothing to the metric."""
    if not resamples or not metric.resamples:
        return score
    values = resampled(metric, statistics, resamples, seed)
    return replace(score, interval=_middle(values), signature=f"{score.signature}|bs:{resamples}|seed:{seed}")


def compare(
    metric: Metric, first: Items, second: Items, *, resamples: int = RESAMPLES, trials: int = TRIALS, seed: int = SEED
) -> Comparison:
    """Two systems' predictions for the same items, by one metric."""
    import numpy as np

    ours, theirs = (metric.checked_statistics(items) for items in (first, second))
    how = f"|bs:{resamples}|ar:{trials}|seed:{seed}"
    scores = [metric.score_from(*side) for side in ((first, ours), (second, theirs))]
    before, after = (replace(score, signature=score.signature + how) for score in scores)
    if not metric.resamples:
        raise InputError(f"{metric.name} has no paired test: a resampled corpus repeats its items.")
    difference = after.value - before.value
    drawn = resampled(metric, theirs, resamples, seed) - resampled(metric, ours, resamples, seed)
    p_bootstrap = _p_value(np.abs(drawn) - np.abs(drawn).mean(), abs(difference))
    p_randomisation = _p_value(np.abs(randomised(metric, ours, theirs, trials, seed)), abs(difference))
    real = max(p_bootstrap, p_randomisation) < LEVEL and difference != 0 and metric.higher_is_better is not None
    better = ("second" if (difference > 0) == metric.higher_is_better else "first") if real else "neither"
    return Comparison(before, after, difference, _middle(drawn), p_bootstrap, p_randomisation, better)


def resampled(metric: Metric, statistics: Floats, resamples: int, seed: int) -> Floats:
    """The metric's value on that many corpora drawn with replacement, shape [resamples]."""
    import numpy as np

    size = len(statistics)
    rng = np.random.default_rng(seed)
    sums = []
    for count in _chunks(resamples, size):
        drawn = rng.choice(size, size=(count, size), replace=True)
        weights = np.stack([np.bincount(row, minlength=size) for row in drawn]).astype(np.float64)
        sums.append(weights @ statistics)
    return metric.value(np.concatenate(sums))


def randomised(metric: Metric, first: Floats, second: Floats, trials: int, seed: int) -> Floats:
    """The difference after each item's two predictions were swapped or not by a coin, shape [trials]."""
    import numpy as np

    rng = np.random.default_rng(seed)
    both = first.sum(axis=0) + second.sum(axis=0)
    differences = []
    for count in _chunks(trials, len(first)):
        kept: NDArray[np.float64] = rng.integers(2, size=(count, len(first)), dtype=bool).astype(np.float64)
        ours = second.sum(axis=0) + kept @ (first - second)
        differences.append(metric.value(ours) - metric.value(both - ours))
    return np.concatenate(differences)


def _chunks(total: int, size: int) -> Iterator[int]:
    """`total` split so that each part times `size` stays within memory; whole words of random bits in each part."""
    step = max(32, _AT_ONCE // size // 32 * 32)
    while total > 0:
        yield min(step, total)
        total -= step


def _p_value(differences: Floats, real: float) -> float:
    """How often chance did better than the real difference, one added so that it is never 0."""
    return float(((differences > real + ROUNDING).sum() + 1) / (len(differences) + 1))


def _middle(values: Floats) -> tuple[float, float]:
    """The bounds of the middle 95 %."""
    import numpy as np

    ordered = np.sort(values)
    tail = len(ordered) // 40
    return float(ordered[tail]), float(ordered[len(ordered) - tail - 1])
