"""Ablations: conditions run with several seeds, in one table with intervals, and by how much one is above another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from operator import sub
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.jsonl import atomic_output
from tabtext.metrics import load
from tabtext.metrics.base import Items
from tabtext.metrics.evaluated import PREDICTIONS
from tabtext.metrics.formats import Row, to_markdown
from tabtext.metrics.references import match, read_predictions, read_references
from tabtext.metrics.significance import over_runs
from tabtext.models import WEIGHTS

SETTINGS = "ablation.json"


class Condition(NamedTuple):
    """What was said under one condition, with one seed after the other; `against` is the name of the condition, among
    those before it, that it is set beside."""

    name: str
    runs: Sequence[Items]
    against: str | None = None


def claim(output: Path, settings: Mapping[str, Any], *, models: Sequence[Path] = (), table: Path | None = None) -> None:
    """Make a folder an ablation's own; an InputError where it, or one of the folders of its `models`, holds one with
    other settings or inputs, whose models and answers would be taken for these.

    With `table`, which is what a finished one leaves, that and the models are dropped, to be made anew; those of this
    very ablation only where it is finished.
    """
    path, said = output / SETTINGS, json.dumps(settings, default=str, indent=1, sort_keys=True)
    same = path.exists() and path.read_text() == said
    weights = [model / WEIGHTS for model in models]
    if table is not None and not (same and not table.exists()):
        for old in (table, *weights):
            old.unlink(missing_ok=True)
    elif not same and any(file.exists() for file in (path, *weights)):
        raise InputError(
            f"{output}: holds an ablation with other settings or inputs ({SETTINGS}); name another folder."
        )
    output.mkdir(parents=True, exist_ok=True)
    path.write_text(said)


def said_in(folder: Path) -> Items:
    """What an evaluation's folder holds: predictions with their references and fields."""
    path = folder / PREDICTIONS
    return match(read_predictions(path), read_references([path]), str(path), str(path))


def compared(conditions: Sequence[Condition], metrics: Sequence[str]) -> str:
    """A table of all conditions, and one of the differences between those that are set beside each other."""
    loaded = [load(name) for name in metrics]
    scores = {one.name: [over_runs(metric, one.runs) for metric in loaded] for one in conditions}
    differences = [
        Row(f"{one.name} − {one.against}", list(map(sub, scores[one.name], scores[one.against])))
        for one in conditions
        if one.against is not None
    ]
    tables = [Row(*named) for named in scores.items()], differences
    return "\n".join(to_markdown(table) for table in tables if table)


def write_compared(path: Path, conditions: Sequence[Condition], metrics: Sequence[str]) -> str:
    """`compared`, written into a file."""
    report = compared(conditions, metrics)
    with atomic_output(path, overwrite=True) as file:
        file.write(report.encode())
    return report
