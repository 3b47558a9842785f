"""`datatuner ablate`: what the state embeddings and the fidelity classifier are each worth, over several seeds.

The rows of the paper's ablation: no states, states, and states with the candidates reranked; each is trained, or where
its folder holds a finished model taken as it is, then scored on dev.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from datatuner.evaluate import Evaluating, evaluate
from datatuner.train import Training
from tabtext.errors import InputError
from tabtext.jsonl import atomic_output
from tabtext.metrics.evaluated import PREDICTIONS, SCORES

if TYPE_CHECKING:
    from tabtext.metrics.base import Score
    from tabtext.metrics.formats import Row

TABLE = "ablation.md"


class Condition(NamedTuple):
    """A row of the table: its name, the states that the model is given, and whether candidates are reranked."""

    name: str
    states: str
    reranked: bool


CONDITIONS = (
    Condition("no states", "none", False),
    Condition("states", "fine", False),
    Condition("states + classifier", "fine", True),
)


@dataclass(frozen=True)
class Ablation:
    """How every condition is trained and scored, and with how many seeds; `evaluating.judge` judges all of them and
    reranks in the last."""

    training: Training
    evaluating: Evaluating
    seeds: int = 3


def ablate(data: Path, output: Path, how: Ablation) -> list[Row]:
    """Train and score every condition with every seed into folders of `output`, write `ablation.md`, return its rows:
    means over the seeds. What was finished by an earlier run is not done again."""
    from tabtext.metrics.formats import Row, to_markdown
    from tabtext.metrics.significance import over_seeds

    if how.evaluating.judge is None:
        raise InputError("The ablation's last row reranks; name a --judge: slots, or a classifier.")
    if not data.is_dir():
        raise InputError(
            f"{data}: the ablation trains on a data set's train split and scores its dev; name its folder."
        )
    rows = []
    for condition in CONDITIONS:
        runs = [_scores(data, output, condition, seed, how) for seed in range(how.seeds)]
        rows.append(Row(condition.name, [over_seeds(column) for column in zip(*runs, strict=True)]))
        print(f"ablate: {condition.name}, {how.seeds} seeds: done", file=sys.stderr)
    with atomic_output(output / TABLE, overwrite=True) as file:
        file.write(to_markdown(rows).encode())
    return rows


def _scores(data: Path, output: Path, condition: Condition, seed: int, how: Ablation) -> list[Score]:
    """The scores of one condition and seed, from its folder or made now."""
    model = output / f"{condition.states}-{seed}"
    _trained(data, model, replace(how.training, states=condition.states, seed=seed))
    folder = output / f"{condition.name.replace(' + ', '-').replace(' ', '-')}-{seed}"
    if not (folder / SCORES).exists():
        policy = how.evaluating.policy if condition.reranked else "none"
        (folder / PREDICTIONS).unlink(missing_ok=True)  # of a run that was killed before its scores
        evaluate(data, folder, replace(how.evaluating, policy=policy), model=str(model))
    return list(_read(folder / SCORES))


def _trained(data: Path, model: Path, training: Training) -> None:
    """Train a model unless its folder holds a finished one."""
    from datatuner.train import train_generator

    if not (model / "model.safetensors").exists():
        train_generator(data, model, training)


def _read(path: Path) -> Iterator[Score]:
    from tabtext.metrics.base import Score

    for fields in json.loads(path.read_text())["scores"]:
        yield Score(fields["name"], fields["value"], fields["signature"])
