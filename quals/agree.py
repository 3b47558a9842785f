"""Does a score agree with people? Pearson, Spearman and AUC of any judges against human ratings, with intervals.

An interval is the middle 95 % of a bootstrap over sources: the texts about one source are drawn together, since
their ratings and scores depend on each other.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.corpora.judgements import Judgement
from tabtext.errors import InputError
from tabtext.jsonl import dumps
from tabtext.metrics.significance import RESAMPLES, SEED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quals.judges import Judge

    Floats = NDArray[np.float64]


class Estimate(NamedTuple):
    """A figure with the bounds of its 95 % interval; NaN where it has no meaning (all ratings or scores equal)."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:6.3f} [{self.low:6.3f}, {self.high:6.3f}]" if not math.isnan(self.value) else "-"


@dataclass(frozen=True)
class Agreement:
    """How a judge's scores go with people's ratings, on the `texts` that it gave a verdict on.

    AUC is the chance that a good text is scored higher than another one.
    """

    judge: str
    texts: int
    no_verdict: int
    pearson: Estimate
    spearman: Estimate
    auc: Estimate


@dataclass(frozen=True)
class Study:
    """The agreement of several judges with one rating. `good` is the rating from which on a text counts as good, of
    which there are `good_texts`; `sources` is what the bootstrap draws from."""

    rating: str
    good: float
    texts: int
    good_texts: int
    sources: int
    agreements: tuple[Agreement, ...]

    def __str__(self) -> str:
        width = max(len("judge"), *(len(found.judge) for found in self.agreements))
        lines = [
            f"{self.rating}: {self.texts:,} texts about {self.sources:,} sources; good: {self.good_texts:,} "
            f"with {self.good:g} or more; 95 % intervals by bootstrap over sources",
            f"{'judge':{width}}  {'texts':>6}  {'Pearson':^24}  {'Spearman':^24}  {'AUC':^24}",
        ]
        for found in self.agreements:
            figures = "  ".join(f"{figure!s:^24}" for figure in (found.pearson, found.spearman, found.auc))
            lines.append(f"{found.judge:{width}}  {found.texts:>6,}  {figures}".rstrip())
            if found.no_verdict:
                lines.append(f"{'':{width}}  {found.no_verdict:,} texts without a verdict left out")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The study as a JSON object; what is not a number is null."""
        return {**asdict(self), "agreements": [_jsonable(found) for found in self.agreements]}


def study(
    judged: Sequence[Judgement],
    judges: Mapping[str, Judge],
    rating: str = "",
    *,
    good: float | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Study:
    """The agreement of each judge with one rating (if the texts have but one, that one); without `good` a text is good
    from the median rating on.

    Texts that people did not rate are left out, and said. An InputError lists the ratings there are.
    """
    known = sorted({name for one in judged for name in one.ratings})
    rating = rating or (known[0] if len(known) == 1 else "")
    if rating not in known:
        raise InputError(f"No text has the rating {rating!r}; known: {', '.join(known) or 'none'}.")
    rated = [one for one in judged if not math.isnan(one.ratings.get(rating, math.nan))]
    if len(rated) < len(judged):
        print(f"agree: {len(judged) - len(rated):,} texts without the rating {rating} left out", file=sys.stderr)
    ratings = [one.ratings[rating] for one in rated]
    good = sorted(ratings)[len(ratings) // 2] if good is None else good
    sources = [one.item for one in rated]
    found = [
        agreement(name, judge(rated), ratings, sources, good, resamples=resamples, seed=seed)
        for name, judge in judges.items()
    ]
    return Study(rating, good, len(rated), sum(r >= good for r in ratings), len(set(sources)), tuple(found))


def agreement(
    name: str,
    scores: Sequence[float],
    ratings: Sequence[float],
    sources: Sequence[str],
    good: float,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """The agreement of scores with ratings of the same texts; NaN scores are left out and counted."""
    import numpy as np

    kept = [i for i, score in enumerate(scores) if not math.isnan(score)]
    x, y = (np.array([values[i] for i in kept], dtype=np.float64) for values in (scores, ratings))
    _, source = np.unique([sources[i] for i in kept], return_inverse=True)
    figures = _Figures(x, y, y >= good)
    value = figures(np.ones(len(kept)))
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(resamples if kept else 0):
        size = int(source.max()) + 1
        weights = np.bincount(rng.integers(size, size=size), minlength=size)[source]
        drawn.append(figures(weights.astype(np.float64)))
    estimates = [
        Estimate(v, *_middle(column)) for v, column in zip(value, np.array(drawn).reshape(-1, 3).T, strict=True)
    ]
    return Agreement(name, len(kept), len(scores) - len(kept), *estimates)


class _Figures:
    """Pearson, Spearman and AUC of fixed scores and ratings under any weights: how often each text was drawn."""

    def __init__(self, scores: Floats, ratings: Floats, good: NDArray[np.bool_]) -> None:
        import numpy as np

        self.scores, self.ratings, self.good = scores, ratings, good
        self.orders = [np.unique(values, return_inverse=True)[1] for values in (scores, ratings)]

    def __call__(self, weights: Floats) -> tuple[float, float, float]:
        score_ranks, rating_ranks = (_ranks(order, weights) for order in self.orders)
        pearson = _correlation(self.scores, self.ratings, weights)
        return pearson, _correlation(score_ranks, rating_ranks, weights), _auc(score_ranks, self.good, weights)


def _ranks(order: NDArray[np.int64], weights: Floats) -> Floats:
    """Ranks from 1, ties sharing their mean, of values that stand at `order` among the distinct ones."""
    import numpy as np

    if not len(order):
        return np.zeros(0)
    tied = np.bincount(order, weights=weights)
    return np.asarray((np.cumsum(tied) - (tied - 1) / 2)[order], dtype=np.float64)


def _correlation(x: Floats, y: Floats, weights: Floats) -> float:
    """Pearson's r of weighted pairs; NaN where one side does not vary."""
    total = weights.sum()
    if not total:
        return math.nan
    x, y = x - (weights * x).sum() / total, y - (weights * y).sum() / total
    scale = math.sqrt((weights * x * x).sum() * (weights * y * y).sum())
    return float((weights * x * y).sum() / scale) if scale > 1e-12 * total else math.nan


def _auc(ranks: Floats, good: NDArray[np.bool_], weights: Floats) -> float:
    """The area under the ROC curve (Mann and Whitney's U over all pairs); NaN where all are good or none is."""
    goods = weights[good].sum()
    bads = weights.sum() - goods
    if not goods or not bads:
        return math.nan
    return float(((weights * ranks)[good].sum() / goods - (goods + 1) / 2) / bads)


def _middle(values: Floats) -> tuple[float, float]:
    """The bounds of the middle 95 % of what is a number."""
    import numpy as np

    known = values[~np.isnan(values)]
    low, high = np.quantile(known, (0.025, 0.975)) if len(known) else (math.nan, math.nan)
    return float(low), float(high)


def _jsonable(found: Agreement) -> dict[str, Any]:
    figures = {
        name: [None if math.isnan(v) else v for v in getattr(found, name)] for name in ("pearson", "spearman", "auc")
    }
    return {"judge": found.judge, "texts": found.texts, "no_verdict": found.no_verdict, **figures}


FORMATS: dict[str, Callable[[Study], str]] = {"text": str, "json": lambda found: dumps(found.to_json())}
