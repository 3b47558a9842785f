"""Temperatures that make a classifier's probabilities mean what they say (Guo et al., ICML 2017).

One per head, fitted to pairs that the classifier was not trained on: the logits are divided by it, so that no verdict
changes, only how sure it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from tabtext.batches import IGNORED

if TYPE_CHECKING:
    import torch

    from datatuner.fidelity_input import FidelityRow
    from datatuner.fidelity_model import FidelityOutput

_COLDEST, _HOTTEST = 0.1, 10.0
_STEPS = 40
"""The range of temperatures looked into, and how often the search narrows it by a golden section."""


def fit_temperatures(outputs: Sequence[FidelityOutput], rows: Sequence[FidelityRow]) -> dict[str, float]:
    """The temperature of each head with the least loss on these labels; 1 where there are none."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    classes = (
        torch.stack([output.classes for output in outputs]),
        torch.tensor([list(row["labels"]) for row in rows]).float(),
    )
    facts = _known((output.facts for output in outputs), (row["fact_labels"] for row in rows))
    spans = _known((output.spans for output in outputs), (row["span_labels"] for row in rows))
    binary = binary_cross_entropy_with_logits
    return {
        "classes": temperature(lambda t: float(binary(classes[0] / t, classes[1]))),
        "facts": temperature(lambda t: float(cross_entropy(facts[0] / t, facts[1]))) if len(facts[1]) else 1.0,
        "spans": temperature(lambda t: float(binary(spans[0] / t, spans[1].float()))) if len(spans[1]) else 1.0,
    }


def temperature(loss: Callable[[float], float]) -> float:
    """The temperature at which a loss is least: golden-section search on its logarithm."""
    low, high = math.log(_COLDEST), math.log(_HOTTEST)
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(_STEPS):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if loss(math.exp(left)) < loss(math.exp(right)):
            high = right
        else:
            low = left
    return round(math.exp((low + high) / 2), 4)


def calibration_error(probabilities: Sequence[float], happened: Sequence[bool], bins: int = 10) -> float:
    """How far probabilities are from frequencies: the mean distance over equally wide bins, weighted by their size."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for probability, true in zip(probabilities, happened, strict=True):
        held.setdefault(min(bins - 1, int(probability * bins)), []).append((probability, true))
    gaps = (abs(sum(p for p, _ in pairs) - sum(true for _, true in pairs)) for pairs in held.values())
    return sum(gaps) / len(probabilities) if probabilities else 0.0


def _known(logits: Iterable[torch.Tensor], labels: Iterable[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """All logits that have a label, of all rows, and their labels; a row may have one more label than logits."""
    import torch

    pairs = [(found, torch.tensor(list(given)[: len(found)])) for found, given in zip(logits, labels, strict=True)]
    every, targets = torch.cat([found for found, _ in pairs]), torch.cat([given for _, given in pairs]).long()
    known = targets != IGNORED
    return every[known], targets[known]
