"""`datatuner ablate`: what the state embeddings and the fidelity classifier are each worth, over several seeds.

The rows of the paper's ablation: no states, states, and states with the candidates reranked; each is trained, or where
its folder holds a finished model taken as it is, then scored on dev.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from datatuner.evaluate import METRICS, Evaluating, evaluate
from datatuner.train import Training
from tabtext.errors import InputError
from tabtext.identity import identity, model_identity
from tabtext.metrics.evaluated import PREDICTIONS, SCORES, computable, named

if TYPE_CHECKING:
    from tabtext.metrics.base import Items

TABLE = "ablation.md"


class Given(NamedTuple):
    """What a condition gives: the states that the model is trained with, whether candidates are reranked, and the
    condition that it is set beside."""

    states: str
    reranked: bool
    against: str | None = None


CONDITIONS = {
    "no states": Given("none", False),
    "states": Given("fine", False, "no states"),
    "states + classifier": Given("fine", True, "states"),
}


@dataclass(frozen=True)
class Ablation:
    """How every condition is trained and scored, and with how many seeds; `evaluating.judge` judges all of them and
    reranks in the last."""

    training: Training
    evaluating: Evaluating
    seeds: int = 3


def ablate(data: Path, output: Path, how: Ablation) -> str:
    """Train and score every condition with every seed into folders of `output`, write `ablation.md`, return its text:
    means over the seeds, and what each condition adds. What was finished by an earlier run is not done again."""
    from tabtext.metrics.ablation import Condition, claim, write_compared

    if how.evaluating.judge is None:
        raise InputError("The ablation's last row reranks; name a --judge: slots, or a classifier.")
    if not data.is_dir():
        raise InputError(
            f"{data}: the ablation trains on a data set's train split and scores its dev; name its folder."
        )
    how = replace(how, evaluating=replace(how.evaluating, metrics=named(how.evaluating.metrics)))
    models = [*map(model_identity, (how.training.model, how.evaluating.judge))]
    claim(output, {**asdict(how), "data": data, "inputs": identity(data), "models": models})
    conditions = []
    for name, given in CONDITIONS.items():
        runs = [_said(data, output, name, seed, how) for seed in range(how.seeds)]
        conditions.append(Condition(name, runs, given.against))
        print(f"ablate: {name}, {how.seeds} seeds: done", file=sys.stderr)
    return write_compared(output / TABLE, conditions, tuple(computable(how.evaluating.metrics or METRICS)))


def _said(data: Path, output: Path, name: str, seed: int, how: Ablation) -> Items:
    """What is said under one condition and with one seed, from its folder or said now."""
    from tabtext.metrics.ablation import said_in

    given = CONDITIONS[name]
    model = output / f"{given.states}-{seed}"
    _trained(data, model, replace(how.training, states=given.states, seed=seed))
    folder = output / f"{name.replace(' + ', '-').replace(' ', '-')}-{seed}"
    if not (folder / SCORES).exists():
        policy = how.evaluating.policy if given.reranked else "none"
        (folder / PREDICTIONS).unlink(missing_ok=True)  # of a run that was killed before its scores
        evaluate(data, folder, replace(how.evaluating, policy=policy), model=str(model))
    return said_in(folder)


def _trained(data: Path, model: Path, training: Training) -> None:
    """Train a model unless its folder holds a finished one."""
    from datatuner.train import train_generator

    if not (model / "model.safetensors").exists():
        train_generator(data, model, training)
