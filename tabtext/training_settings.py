"""What every training is told: how long it takes, in what batches, how fast it learns, from which seed.

A task's own class inherits these fields, sets its defaults and adds what only it knows. Nothing here loads torch before
`arguments` or `train` is called, so that command lines can read the defaults.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabtext.identity import model_identity

if TYPE_CHECKING:
    from transformers import TrainingArguments

    from tabtext.models import Seq2Seq
    from tabtext.training import Report

LEARNING_RATE = 2e-3
"""The highest learning rate where none is given; it suits a small model from scratch."""


def per_token(kind: str = "", weight: float = 1.0) -> str:
    """The `per` of a loss (`tabtext.training.Report`) that is summed with tokens of this kind counting `weight` times,
    and divided by the number of all tokens, whatever they count."""
    return "token" if weight == 1 else f"token, the loss of {kind} times {weight:g}"


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """How a model is trained.

    `max_minutes` limits the run by time; otherwise it takes `epochs`, or stops after `patience` evaluations without
    gain and keeps the best. Every process passes over `batch_size` examples at once, and an update takes `accumulation`
    such passes. `learning_rate` is the highest of the run; None is what suits the task. `tensorboard` writes logs
    beside the checkpoints. `overwrite` replaces what the output folder holds.
    """

    max_minutes: float | None = None
    epochs: float = 3.0
    batch_size: int = 32
    accumulation: int = 1
    learning_rate: float | None = None
    patience: int | None = None
    tensorboard: bool = False
    seed: int = 0
    overwrite: bool = False

    @property
    def rate(self) -> float:
        """The highest learning rate; a task with a default of its own for None says it here."""
        return self.learning_rate or LEARNING_RATE

    def arguments(self, output: Path, **more: Any) -> TrainingArguments:
        """These settings as transformers takes them, for a run into the folder `output`; `more` are fields of its."""
        from tabtext.training import arguments, early_stopping

        chosen = {
            "seed": self.seed,
            "num_train_epochs": self.epochs,
            "per_device_train_batch_size": self.batch_size,
            "gradient_accumulation_steps": self.accumulation,
            "learning_rate": self.rate,
            "report_to": "tensorboard" if self.tensorboard else "none",
            **(early_stopping(self.patience) if self.patience else {}),
        }
        return arguments(output, **(chosen | more))

    def identity(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What tells one run from another: every setting that its result depends on, and `facts` (task, data); the
        model that it begins with is told by what its files hold, too."""
        begins_with = model_identity(getattr(self, "model", None))
        return {**asdict(self), "overwrite": None, "begins_with": begins_with, **facts}

    def train(
        self, seq2seq: Seq2Seq, examples: Sequence[Any], output: Path, facts: Mapping[str, Any], **composed: Any
    ) -> Report:
        """Train the model as set on `examples`, into the folder `output`; `composed` is as in `tabtext.training.train`.

        Raises InputError as that does, and where the folder holds a run of other settings or other `facts`.
        """
        from tabtext.training import train

        return train(
            seq2seq, examples, self.arguments(output), max_minutes=self.max_minutes, patience=self.patience,
            settings=self.identity(facts), overwrite=self.overwrite, **composed,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ModelTraining(TrainingSettings):
    """How a model is made: from the one called `model` (a name, folder or hub id), else anew, of the size
    `from_scratch`; on `limit` examples of the data at most."""

    model: str | None = None
    from_scratch: str = "mini"
    limit: int | None = None


@dataclass(frozen=True, kw_only=True)
class ContrastiveTraining(TrainingSettings):
    """How a model learns what to say and what not to (`tabtext.contrastive`).

    Texts not to be said count `weight` times, and with `spare_shared` only in tokens that no text to be said about the
    same source has. The numbers are those of Nan et al. (ACL 2021) but for the learning rate, which was 3e-6 for BART
    large.
    """

    weight: float = 1.0
    spare_shared: bool = False
    epochs: float = 2.0
    batch_size: int = 16
    learning_rate: float = 3e-5
