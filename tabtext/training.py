"""The one place that builds a Trainer: bf16 where the hardware has it, batches of like length, a loss per token that
does not depend on how a batch is split, exact resume from sealed checkpoints, a budget in minutes.

transformers' own objects do the work: `arguments` gives `TrainingArguments` with our defaults, any of its fields may be
set, and `train` composes them with the model. A run that is killed and started again ends with the bytes of an
unbroken one (unless it is limited by time, since then the clock decides).
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.utils.data import DataLoader
from transformers import PrinterCallback, TrainerCallback, TrainingArguments
from transformers.models.t5.modeling_t5 import T5PreTrainedModel

from tabtext.batches import IGNORED, Collator, LengthBatches
from tabtext.checkpoints import disk_faults_as_such, locked, newest_valid, seal
from tabtext.errors import InputError
from tabtext.models import Seq2Seq, without_bars
from tabtext.training_clock import WARMUP_SHARE, Clock, Patience, Progress
from tabtext.training_evaluation import Evaluating, mean_loss
from tabtext.training_folder import CHECKPOINTS, claim, put_in_place

SAVE_STEPS = 500
"""Updates between checkpoints, and between evaluations where there are any."""

MIN_GAIN = 0.9
"""The share of fp32's time that bfloat16 may take at most to be used: rounding costs something, too."""


class Report(NamedTuple):
    """What a training run did, with all its parts where it was resumed: optimizer steps, seconds, the mean of the
    training loss over them, and the dev loss of the model that was kept. `per` is what both losses are means over."""

    steps: int
    seconds: float
    loss: float
    dev_loss: float | None
    per: str = "token"


def arguments(output: Path, *, learning_rate: float, **settings: Any) -> TrainingArguments:
    """`TrainingArguments` for a run into `output`, with our defaults; every field of it may be given.

    Nothing is reported anywhere unless `report_to` says so (`report_to="tensorboard"`).
    """
    defaults: dict[str, Any] = {
        "output_dir": str(output / CHECKPOINTS),
        "per_device_train_batch_size": 32,
        "per_device_eval_batch_size": 64,
        "learning_rate": learning_rate,
        "adam_beta2": 0.98,
        "weight_decay": 0.01,
        "warmup_steps": WARMUP_SHARE,
        "lr_scheduler_type": "linear",
        "num_train_epochs": 1.0,
        "save_steps": SAVE_STEPS,
        "save_total_limit": 2,
        "logging_steps": 50,
        "report_to": "none",
        "bf16": bf16_is_fast(),
        "use_cpu": not torch.accelerator.is_available(),
        "remove_unused_columns": False,
        "disable_tqdm": True,  # we show our own bar, on standard error
        "accelerator_config": {"even_batches": True, "split_batches": False},
    }
    return TrainingArguments(**(defaults | settings))


def bf16_is_fast() -> bool:
    """Whether this hardware gains by bfloat16: CUDA from Ampere on, CPUs with AMX or AVX512-BF16 that multiply matrices
    faster in it, which some virtual ones do not (measured once a process, some 30 ms)."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    has_it = capabilities.get("amx_bf16") or capabilities.get("avx512_bf16")
    return bool(has_it) and _seconds_to_multiply(torch.bfloat16) < MIN_GAIN * _seconds_to_multiply(torch.float32)


@cache
def _seconds_to_multiply(dtype: torch.dtype) -> float:
    """The time of one product of two square matrices of this type, the best of several."""
    matrix = torch.ones(512, 512, dtype=dtype)

    def seconds() -> float:
        start = time.perf_counter()
        matrix @ matrix
        return time.perf_counter() - start

    return min(seconds() for _ in range(8))


def early_stopping(patience: int) -> dict[str, Any]:
    """The settings for `arguments` with which `train(..., patience=...)` keeps the model of the best evaluation."""
    return {
        "eval_strategy": "steps",
        "eval_steps": SAVE_STEPS,
        "save_steps": SAVE_STEPS,
        "load_best_model_at_end": True,
        "metric_for_best_model": "eval_loss",
        "greater_is_better": False,
        "save_total_limit": max(2, patience + 1),
    }


def train(
    seq2seq: Seq2Seq,
    examples: Sequence[Mapping[str, Any]],
    arguments: TrainingArguments,
    *,
    dev: Sequence[Mapping[str, Any]] | None = None,
    max_minutes: float | None = None,
    patience: int | None = None,
    settings: Mapping[str, Any] | None = None,
    overwrite: bool = False,
    callbacks: Sequence[TrainerCallback] = (),
    collator: Collator | None = None,
    own_loss: bool = False,
    loss: Callable[..., torch.Tensor] | None = None,
    per: str = "token",
    finish: Callable[[Path], object] | None = None,
) -> Report:
    """Train the model on `examples` (`input_ids`, `labels`, end token included) and save it in the output folder.

    With `max_minutes` the run ends after that time however many epochs it takes, its learning rate reaching zero then;
    with `patience` (and the arguments of `early_stopping`) it ends when so many evaluations on `dev` brought no gain.
    `settings` is what the run depends on beside its arguments (data, seed): they sign the model, and a folder that
    holds checkpoints of other settings is refused. `collator` makes batches of examples of another shape; the loss per
    token is `token_loss`, or `loss`, or with `own_loss` the model's own, which must heed `num_items_in_batch`; where
    that is no plain mean over tokens, `per` says what it is (`training_settings.per_token`). `finish` is called by the
    first process with the folder of the trained model before it is moved into place, where a run that is killed does
    without both: what it writes there comes along. Raises InputError for NaN losses (naming the examples), a folder in
    use, no examples, patience without dev data. Under `accelerate launch` or `torchrun` every process calls it; under
    FSDP the folder has the whole model afterwards, and each process a part.
    """
    checkpoints = Path(str(arguments.output_dir))
    output = checkpoints.parent
    _refuse_too_little(examples, dev, patience)
    is_first = arguments.process_index == 0
    with locked(output) if is_first else nullcontext():
        if is_first:
            claim(output, {**(settings or {}), "vocabulary": seq2seq.vocabulary_sha256}, overwrite)
        clock = Clock(max_minutes)
        trainer = _trainer(
            seq2seq, examples, arguments, clock, dev=dev, patience=patience, callbacks=callbacks, collator=collator,
            loss=None if own_loss else loss or token_loss,
        )  # fmt: skip
        with trainer.accelerator.main_process_first():
            start = newest_valid(checkpoints, sharded=trainer.is_fsdp_enabled)
        with without_bars():
            result = trainer.train(resume_from_checkpoint=str(start) if start else None)
        seconds = clock.seconds()
        dev_loss = trainer.evaluate()["eval_loss"] if dev else None
        report = Report(result.global_step, seconds, mean_loss(trainer.state.log_history), dev_loss, per)
        _keep(trainer, seq2seq, {"settings": settings or {}, "report": report._asdict()}, finish)
    return report


def _refuse_too_little(examples: Sequence[object], dev: Sequence[object] | None, patience: int | None) -> None:
    """An InputError where there is nothing to learn from, or nothing to measure the gain on."""
    if not examples:
        raise InputError("There is nothing to train on: no example was left.")
    if patience and not dev:
        raise InputError(
            "--patience needs dev data to measure the gain on, and there is none; name a dev file or give more data, "
            "some of which is then held out, or leave --patience out."
        )


def token_loss(
    outputs: Any, labels: torch.Tensor, num_items_in_batch: torch.Tensor | int | None = None
) -> torch.Tensor:
    """The mean negative log-likelihood per target token of the whole update, however it is split into batches.

    `outputs.logits` [rows, steps, vocabulary], `labels` [rows, steps]. transformers hands T5 the same count but T5
    ignores it, so that its loss and gradients grow with the number of accumulation steps.
    """
    logits = outputs["logits"] if isinstance(outputs, dict) else outputs[0]
    total = torch.nn.functional.cross_entropy(
        logits.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return total / (num_items_in_batch if num_items_in_batch is not None else (labels != IGNORED).sum())


class _Numbered(Sequence[dict[str, Any]]):
    """Examples that know their number, so that a message can name them."""

    def __init__(self, examples: Sequence[Mapping[str, Any]]) -> None:
        self.examples = examples

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, row: Any) -> Any:
        return {**self.examples[row], "row": row}


class _Trainer(Evaluating):
    """transformers' Trainer with our batches, sealed checkpoints, a NaN guard and halved batches when memory is out."""

    def __init__(self, *, clock: Clock, **composed: Any) -> None:
        super().__init__(**composed)
        self.clock = clock
        self.passed: list[dict[str, Any]] = []  # batches of this update whose gradients are in the weights

    def whole_weights(self) -> dict[str, torch.Tensor]:
        """All weights by name; under FSDP, where each process holds a part, on the first process only.

        Gathered from shards, a weight that several modules share comes once for each, of which the first is kept.
        """
        weights: dict[str, torch.Tensor] = self.accelerator.get_state_dict(self.model_wrapped)
        if not self.is_fsdp_enabled:
            return weights
        model: Any = self.model
        own = {name for name, _ in chain(model.named_parameters(), model.named_buffers())}
        return {name: weight for name, weight in weights.items() if name in own}

    def get_train_dataloader(self) -> DataLoader[Any]:
        assert isinstance(self.train_dataset, _Numbered) and isinstance(self.data_collator, Collator)
        lengths = list(map(self.data_collator.length, self.train_dataset.examples))
        batches = LengthBatches(lengths, self._train_batch_size, self.args.seed)
        loader: DataLoader[Any] = DataLoader(
            self.train_dataset,  # type: ignore[arg-type]
            batch_sampler=batches,
            collate_fn=self.data_collator,
            num_workers=self.args.dataloader_num_workers,
            pin_memory=self.args.dataloader_pin_memory and torch.cuda.is_available(),
        )
        return self.accelerator.prepare(loader)

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        if self.clock.minutes is None:
            return super().create_scheduler(num_training_steps, optimizer)
        if self.lr_scheduler is None:
            chosen: Any = optimizer or self.optimizer
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(chosen, self.clock.rate)
            self._created_lr_scheduler = True
        return self.lr_scheduler

    def get_batch_samples(self, *args: Any, **kwargs: Any) -> Any:
        self.passed = []
        return super().get_batch_samples(*args, **kwargs)

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> torch.Tensor:
        loss = None
        with suppress(torch.OutOfMemoryError):  # left before the halves are tried: the error holds the failed pass
            taken = {name: value for name, value in inputs.items() if name != "rows"}
            loss = super().training_step(model, taken, num_items_in_batch)
        if loss is None:
            return self._halved_step(model, inputs, num_items_in_batch)
        if not bool(torch.isfinite(loss)):
            step, numbers = self.state.global_step, inputs["rows"].tolist() if "rows" in inputs else []
            raise InputError(
                f"The loss is {float(loss)} at step {step}, in the batch of examples {numbers}; "
                "lower the learning rate, or look at these examples. The last checkpoint is kept."
            )
        self.passed.append(inputs)
        return loss

    def _halved_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any) -> torch.Tensor:
        """The same step in two halves: their losses, sums over tokens by the update's count, add up to the same.

        The failed pass may have left some of its gradients, so all are dropped and the passes before it done again.
        """
        size = len(inputs["labels"])
        if size < 2 or num_items_in_batch is None:
            raise InputError("Out of memory with a single example; use a smaller model or --max-length.")
        if self.args.world_size > 1:  # the passes done again would wait for the other processes
            raise InputError(f"Out of memory with {size} examples in one of several processes; lower --batch-size.")
        print(f"out of memory: this batch of {size} goes in halves", file=sys.stderr)
        model.zero_grad()
        before, self.passed = self.passed, []
        for batch in before:
            self.training_step(model, batch, num_items_in_batch)
        halves = [{k: v[part] for k, v in inputs.items()} for part in (slice(size // 2), slice(size // 2, None))]
        return sum((self.training_step(model, half, num_items_in_batch) for half in halves), torch.tensor(0.0))

    def _save_checkpoint(self, model: torch.nn.Module, trial: Any) -> None:
        if not all(bool(torch.isfinite(parameter).all()) for parameter in model.parameters()):
            raise InputError(f"A weight is not a number after step {self.state.global_step}; lower the learning rate.")
        with disk_faults_as_such(Path(str(self.args.output_dir)).parent):
            super()._save_checkpoint(model, trial)
        self.accelerator.wait_for_everyone()  # every process writes its random state
        if self.args.should_save:
            seal(Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}")


def _trainer(
    seq2seq: Seq2Seq,
    examples: Sequence[Mapping[str, Any]],
    arguments: TrainingArguments,
    clock: Clock,
    *,
    dev: Sequence[Mapping[str, Any]] | None,
    patience: int | None,
    callbacks: Sequence[TrainerCallback],
    collator: Collator | None,
    loss: Callable[..., torch.Tensor] | None,
) -> _Trainer:
    """The trainer of one run, what it is told as in `train`; without `loss` the model's own counts. It fits the model
    to the hardware: weights in fp32, the attention that is fast, what sharding needs."""
    trainer = _Trainer(
        model=seq2seq.model.float().train(),  # updates as small as ours are lost in bf16 weights
        args=arguments if clock.minutes is None else _until_stopped(arguments),
        train_dataset=_Numbered(examples),
        eval_dataset=dev,
        data_collator=collator or Collator(seq2seq.model, seq2seq.tokenizer.pad_token_id),
        compute_loss_func=loss,
        callbacks=[clock, Progress(clock), *callbacks, *([Patience(patience)] if patience else [])],
        clock=clock,
    )
    trainer.remove_callback(PrinterCallback)  # it prints to standard output
    _fit_to_hardware(seq2seq.model, trainer)
    return trainer


def _keep(
    trainer: _Trainer, seq2seq: Seq2Seq, made: Mapping[str, Any], finish: Callable[[Path], object] | None
) -> None:
    """Put the trained model, signed with how it was `made`, into the output folder with what `finish` adds to it, and
    drop the checkpoints. Every process calls it, since each may hold a part of the weights; the first writes."""
    weights = trainer.whole_weights()
    seq2seq.model.eval()
    if trainer.args.process_index == 0:
        checkpoints = Path(str(trainer.args.output_dir))
        put_in_place(seq2seq, checkpoints.parent, weights, made, finish)
        shutil.rmtree(checkpoints, ignore_errors=True)
    trainer.accelerator.wait_for_everyone()


def _fit_to_hardware(model: Any, trainer: _Trainer) -> None:
    """The attention that is fast on this device, and what sharding needs where the run is sharded."""
    _choose_attention(model, trainer.args)
    if trainer.is_fsdp_enabled:
        _prepare_to_shard(model, trainer.accelerator.state.fsdp_plugin)


def _choose_attention(model: Any, arguments: TrainingArguments) -> None:
    """On a CPU, let T5 write its attention out: its trained bias keeps torch from the fused kernel, and what is left
    of that costs a third more."""
    if arguments.device.type == "cpu" and isinstance(model, T5PreTrainedModel):
        model.set_attn_implementation("eager")


def _prepare_to_shard(model: Any, fsdp: Any) -> None:
    """Let encoder and decoders hold one embedding instead of several with one weight: FSDP shards weights module by
    module, and refuses a weight that two of them have. Raises InputError where it could not go on from a checkpoint."""
    kind = fsdp.state_dict_type.name
    if fsdp.fsdp_version != 2 or kind != "SHARDED_STATE_DICT":
        raise InputError(
            f"FSDP {fsdp.fsdp_version} with {kind} cannot load tied embeddings from a checkpoint; "
            "set fsdp_version: 2 and fsdp_state_dict_type: SHARDED_STATE_DICT."
        )
    if model.config.is_encoder_decoder:
        model.set_input_embeddings(model.get_input_embeddings())


def _until_stopped(arguments: TrainingArguments) -> TrainingArguments:
    """The arguments with epochs enough for any budget of minutes."""
    arguments.num_train_epochs, arguments.max_steps = 10_000.0, -1
    return arguments
