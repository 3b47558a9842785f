"""Scores one can trust and compare: metrics offline, references grouped, a signature on every number.

    >>> from tabtext.metrics import load
    >>> print(load("sacrebleu").compute(["Beijing hosted in 2008."], ["Beijing hosted them in 2008."]))

`METRICS` names them all. Heavy back-ends load when a metric first computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import Any

from tabtext.errors import unknown_name
from tabtext.metrics.base import Items, Metric, Score

__all__ = ["DEFAULT_METRICS", "METRICS", "Items", "Metric", "Score", "load", "score"]


def _made_by(module: str, name: str, *args: Any, **settings: Any) -> Callable[..., Metric]:
    """A function that makes a metric, importing its module only then."""

    def make(**options: Any) -> Metric:
        made: Metric = getattr(import_module(f"tabtext.metrics.{module}"), name)(*args, **settings, **options)
        return made

    return make


_bleu, _rouge, _counts = (partial(_made_by, module) for module in ("bleu", "rouge", "counts"))

METRICS: dict[str, Callable[..., Metric]] = {
    "sacrebleu": _bleu("Bleu"),
    "sacrebleu_lc": _bleu("Bleu", lowercase=True),
    "chrf": _bleu("ChrF"),
    "chrf++": _bleu("ChrF", words=2),
    "ter": _bleu("Ter"),
    "length_ratio": _bleu("LengthRatio"),
    "brevity_penalty": _bleu("BrevityPenalty"),
    **{kind: _rouge("Rouge", kind) for kind in ("rouge1", "rouge2", "rougeL", "rougeLsum")},
    **{f"{kind}_stem": _rouge("Rouge", kind, stem=True) for kind in ("rouge1", "rouge2", "rougeL", "rougeLsum")},
    "meteor": _made_by("meteor", "Meteor"),
    "meteor_nltk_ws": _made_by("meteor", "MeteorNltk", "ws"),
    "meteor_nltk_word": _made_by("meteor", "MeteorNltk", "word"),
    "cider": _made_by("cider", "Cider"),
    "bertscore": _made_by("bertscore", "BertScore"),
    "exact_match": _made_by("match", "ExactMatch"),
    "token_f1": _made_by("match", "TokenF1"),
    "denotation_accuracy": _made_by("match", "DenotationAccuracy"),
    "slot_error_rate": _counts("SlotErrorRate"),
    "slot_error_rate_repeats": _counts("SlotErrorRate", repeats=True),
    **{
        f"fidelity_{fidelity}": _counts("FidelityShare", fidelity)
        for fidelity in ("accurate", "omission", "repetition", "hallucination", "value_error")
    },
    **{f"distinct{order}": _counts("Distinct", order) for order in (1, 2, 3)},
}
"""Every metric by name; calling the entry makes it."""

DEFAULT_METRICS = ("sacrebleu", "sacrebleu_lc", "chrf", "rouge1", "rouge2", "rougeL", "length_ratio", "brevity_penalty")
"""What is scored unless told otherwise: all that needs nothing beside the package itself."""


def load(name: str, **options: Any) -> Metric:
    """The metric of this name; `bertscore` takes `encoder`, `layer` and `device`. Unknown names list the known ones."""
    if name not in METRICS:
        raise unknown_name("metric", name, METRICS)
    return METRICS[name](**options)


def score(items: Items, metrics: Iterable[str] = DEFAULT_METRICS) -> list[Score]:
    """The scores of these items by these metrics."""
    return [load(name).score(items) for name in metrics]
