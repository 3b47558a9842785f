"""How long a training run may take, the learning rate's course over that time, when it stops for want of gain, and what
is shown of it meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any

import torch
from accelerate.utils import broadcast
from transformers import EarlyStoppingCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_callback import ExportableState
from transformers.trainer_utils import IntervalStrategy

WARMUP_SHARE = 0.03
"""The share of a run in which the learning rate rises."""

_DECAY_SHARE = 0.6
"""The share at the end of a run limited by time in which it falls to zero."""


class Clock(TrainerCallback, ExportableState):
    """Counts the seconds of a run over all its parts, ends it at its budget, and gives the learning rate's course.

    `used` is how much of the budget is used, from 0 to 1: read once an update, in several processes by the first one's
    clock, so that all learn at one rate and none waits for gradients of one that has stopped.
    """

    def __init__(self, minutes: float | None, before: float = 0.0) -> None:
        self.minutes, self.before = minutes, before
        self.started = time.monotonic()
        self.used = 0.0

    def seconds(self) -> float:
        """Seconds trained, those of resumed parts included."""
        return self.before + time.monotonic() - self.started

    def rate(self, step: int) -> float:
        """The learning rate's factor: rising, level, and in the last part of the budget falling to zero."""
        rise = min(1.0, self.used / WARMUP_SHARE, (step + 1) / 100)
        return rise * min(1.0, (1.0 - self.used) / _DECAY_SHARE)

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Start the clock, after the seconds of the parts before."""
        self.before = float(_kept(self, state).get("seconds", 0.0))
        self.started = time.monotonic()

    def on_pre_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Read the clock for this update."""
        if self.minutes:
            self.used = min(1.0, self.seconds() / (60 * self.minutes))
            if args.world_size > 1:
                self.used = float(broadcast(torch.tensor(self.used, device=args.device)))

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Stop when the budget is used up; where there are evaluations, the last updates get theirs."""
        if self.used >= 1.0:
            control.should_training_stop = True
            if args.eval_strategy != IntervalStrategy.NO:
                control.should_evaluate = control.should_save = True
        return control

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps: the seconds."""
        return {"args": {"minutes": self.minutes}, "attributes": {"seconds": self.seconds()}}


class Patience(EarlyStoppingCallback):
    """transformers' early stopping, which goes on counting where the part of the run before stopped.

    A run that had been stopped for want of gain takes one more update, which is not looked at: the best is kept anyway.
    """

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Take up the number of evaluations without gain from the checkpoint."""
        super().on_train_begin(args, state, control)
        self.early_stopping_patience_counter = int(_kept(self, state).get("early_stopping_patience_counter", 0))

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Stop where the part before had lost patience."""
        if self.early_stopping_patience_counter >= self.early_stopping_patience:
            control.should_training_stop, control.should_evaluate, control.should_save = True, False, False
        return control


def _kept(callback: TrainerCallback, state: TrainerState) -> Mapping[str, Any]:
    """What the checkpoint that a run goes on from keeps of a callback; nothing at its start.

    transformers would restore all callbacks or none, and the control of the flow with them.
    """
    kept: Any = state.stateful_callbacks or {}
    attributes: Mapping[str, Any] = kept.get(type(callback).__name__, {}).get("attributes", {})
    return attributes


class Progress(TrainerCallback):
    """A bar on standard error with rate and time left; where there is no terminal, a line now and then."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.bar: Any = None
        self.said = ""

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Open the bar, in seconds where the run is limited by time, else in updates."""
        from tqdm import tqdm

        minutes = self.clock.minutes
        total, unit = (60 * minutes, "s") if minutes else (state.max_steps, " updates")
        self.bar = tqdm(total=total, unit=unit, desc="training", disable=None, file=sys.stderr, dynamic_ncols=True)

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Move the bar; have the loss logged before what is saved, so that the log of a resumed run has no gap."""
        control.should_log = control.should_log or control.should_save or control.should_training_stop
        done = min(self.clock.seconds(), self.bar.total) if self.clock.minutes else state.global_step
        self.bar.update(round(done, 1) - self.bar.n)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, float] | None = None,
        **_: Any,
    ) -> None:
        """Say the loss."""
        shown = {name: logs[name] for name in ("loss", "eval_loss") if logs and name in logs}
        if not shown or self.bar is None:
            return
        self.said = ", ".join(f"{name.replace('eval_', 'dev ')} {value:.3f}" for name, value in shown.items())
        self.bar.set_postfix_str(f"update {state.global_step}, {self.said}")
        if self.bar.disable:
            print(f"training: update {state.global_step}, {self.clock.seconds():.0f} s, {self.said}", file=sys.stderr)

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Close the bar."""
        self.bar.close()
