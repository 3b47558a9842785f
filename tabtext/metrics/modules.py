"""Our metrics as `evaluate.Metric` modules, for code that speaks `evaluate`; none of them comes from the hub.

    >>> import evaluate
    >>> from tabtext.metrics.modules import as_module
    >>> both = evaluate.combine([as_module("sacrebleu_lc"), as_module("rougeL")])
    >>> both.compute(predictions=["a b c d"], references=[["a b c d", "a b c"]])

Importing `evaluate` takes seconds, so this module is for those who need it; `tabtext.metrics` itself never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import datasets
import evaluate

from tabtext.metrics import load
from tabtext.metrics.base import Metric

_TEXT = datasets.Value("string")
_FEATURES = [
    datasets.Features({"predictions": _TEXT, "references": datasets.Sequence(_TEXT)}),
    datasets.Features({"predictions": _TEXT, "references": _TEXT}),
]


class Module(evaluate.Metric):
    """One of our metrics; `compute` gives its value under its name, and the signature under `<name>_signature`."""

    def __init__(self, metric: Metric, **settings: Any) -> None:
        self.metric = metric
        super().__init__(**settings)
        self.info.module_name = metric.name

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=self.metric.__doc__ or "",
            citation="",
            inputs_description="predictions: texts; references: a text or a list of texts each",
            features=_FEATURES,
        )

    def _compute(
        self, predictions: Sequence[str], references: Sequence[str] | Sequence[Sequence[str]]
    ) -> dict[str, Any]:
        score = self.metric.compute(predictions, references)
        return {score.name: score.value, f"{score.name}_signature": f"{score.name}|{score.signature}"}


def as_module(name: str, **options: Any) -> Module:
    """The metric of this name as an `evaluate.Metric`; `options` are those of `tabtext.metrics.load`."""
    return Module(load(name, **options), keep_in_memory=True)
