"""What comes of evaluating a model: scores, breakdowns, and the facts that belong beside them, as text and JSON.

`datatuner evaluate` and `gentap evaluate` both end here, so that their files and reports look alike.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.jsonl import atomic_output
from tabtext.metrics import load
from tabtext.metrics.base import Metric
from tabtext.metrics.breakdowns import Part
from tabtext.metrics.formats import Row, to_text

PREDICTIONS, SCORES = "predictions.jsonl", "scores.json"
"""The files of an evaluation's folder."""


class Evaluated(NamedTuple):
    """A row of scores per system and floor, the first being the model's; the facts beside them; and under the name of
    a breakdown and a metric the model's score on each part."""

    rows: Sequence[Row]
    facts: Mapping[str, Any]
    by: Mapping[str, Mapping[str, Sequence[Part]]] = {}

    def to_json(self) -> dict[str, Any]:
        """`scores` of the model, `n`, the floors, the breakdowns, and the facts."""
        scores, *others = ([score.to_json() for score in row.scores] for row in self.rows)
        named = [
            {"system": row.system, "kind": row.kind, "scores": other}
            for row, other in zip(self.rows[1:], others, strict=True)
        ]
        parts = {
            by: {metric: [part._asdict() for part in found] for metric, found in metrics.items()}
            for by, metrics in self.by.items()
        }
        return {"scores": scores, "n": self.facts["n"], "beside": named, **({"by": parts} if parts else {}),
                **self.facts}  # fmt: skip

    def to_text(self) -> str:
        """The facts, then the scores with their signatures, then the breakdowns."""
        facts = "".join(f"{name}: {_said(value)}\n" for name, value in self.facts.items())
        return facts + to_text(self.rows) + "".join(self._breakdown_lines())

    def _breakdown_lines(self) -> Iterator[str]:
        for by, metrics in self.by.items():
            yield f"\nby {by}\n"
            for metric, parts in metrics.items():
                yield f"  {metric}: {'; '.join(f'{p.label} ({p.size:,}) {p.value:.4g}' for p in parts)}\n"

    def save(self, folder: Path) -> None:
        """Write the scores into an evaluation's folder."""
        with atomic_output(folder / SCORES, overwrite=True) as file:
            file.write(json.dumps(self.to_json(), ensure_ascii=False, indent=1).encode() + b"\n")


def computable(metrics: Iterable[str]) -> Iterator[str]:
    """The metrics that can be computed here; of the others it is said what they lack."""
    for name in metrics:
        try:
            _try_out(load(name))
        except InputError as error:
            print(f"evaluate: without {name}: {error}", file=sys.stderr)
        else:
            yield name


def named(metrics: Iterable[str]) -> tuple[str, ...]:
    """The metrics that a person named, with commas between; before any other work an InputError says which of them is
    unknown, or what it lacks to be computed here."""
    names = tuple(name.strip() for several in metrics for name in several.split(","))
    for name in names:
        _try_out(load(name))
    return names


def _try_out(metric: Metric) -> None:
    """Raise InputError where the metric cannot be computed; one that reads fields of the items has no trial."""
    if metric.needs_references:
        metric.compute(["a text"], ["a text"])


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {entry}" for name, entry in value.items())
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
