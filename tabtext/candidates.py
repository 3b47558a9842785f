"""Generated texts, what judges them, and choosing: the fidelity classifier, QUALS, the slot checker and a model's own
log-probability are all a `Scorer`, and `rerank` takes any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Candidate:
    """A generated text and the natural logarithm of its probability under the model that wrote it, end included."""

    text: str
    logprob: float


class Scorer(Protocol):
    """A judge of texts about one source (a `Record`, a `Table`, a document): higher is better, NaN is no verdict."""

    def __call__(self, source: Any, texts: Sequence[str]) -> list[float]:
        """One score per text, in order."""


def rerank(source: Any, candidates: Iterable[Candidate], scorer: Scorer) -> list[Candidate]:
    """The candidates from the best-scored to the worst; ties keep their order, those without a verdict come last.

    Raises ValueError if the scorer gives another number of scores than there are candidates.
    """
    candidates = list(candidates)
    scores = scorer(source, [candidate.text for candidate in candidates]) if candidates else []
    if len(scores) != len(candidates):
        raise ValueError(f"The scorer gave {len(scores)} scores for {len(candidates)} candidates.")
    keys = [float("inf") if score != score else -score for score in scores]
    return [candidate for _, candidate in sorted(zip(keys, candidates, strict=True), key=lambda pair: pair[0])]
