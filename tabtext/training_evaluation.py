"""The loss that a training run reports: on dev data the training's own, as of one update that holds all examples.

transformers takes the mean of the batches' means, so that a token of a short text counts more than one of a long text,
and the figure changes with the size of the batches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.utils.data import DataLoader
from transformers import Trainer
from transformers.trainer_utils import EvalLoopOutput

from tabtext.batches import IGNORED


class Evaluating(Trainer):
    """transformers' Trainer, whose dev loss does not depend on batches or the number of processes.

    What is divided and by what are those of training: the loss for `num_items_in_batch` items is a sum over that, and
    the items are the labels that are not `IGNORED`. So it is per token, and for a classifier per row.
    """

    def get_eval_dataloader(self, eval_dataset: Any = None) -> DataLoader[Any]:
        """Every `world_size`-th batch. All processes get equally many, since shards of a model wait for each other:
        the last may be one from the start, which does not count."""
        examples: Any = self.eval_dataset if eval_dataset is None else eval_dataset
        size, rank, processes = self.args.eval_batch_size, self.args.process_index, self.args.world_size
        batches = [list(range(len(examples)))[first : first + size] for first in range(0, len(examples), size)]
        rounds = -(-len(batches) // processes)
        return DataLoader(
            examples,
            batch_sampler=[batches[(turn * processes + rank) % len(batches)] for turn in range(rounds)],
            collate_fn=self.data_collator,
            num_workers=self.args.dataloader_num_workers,
        )

    def evaluation_loop(
        self,
        dataloader: DataLoader[Any],
        description: str,
        prediction_loss_only: bool | None = None,
        ignore_keys: list[str] | None = None,
        metric_key_prefix: str = "eval",
    ) -> EvalLoopOutput:
        """The loss over all batches of all processes."""
        own: Any = self.model
        model: Any = self._wrap_model(own, training=False)
        model.eval()
        number: int = len(dataloader.dataset)  # type: ignore[arg-type]
        counted = -(-number // self.args.eval_batch_size)
        sums = torch.zeros(2, dtype=torch.float64)
        for turn, batch in enumerate(dataloader):
            summed = self._summed(model, batch)
            if turn * self.args.world_size + self.args.process_index < counted:
                sums += summed
        if self.args.world_size > 1:
            sums = self.accelerator.reduce(sums.to(self.args.device), "sum")
        loss = float(sums[0] / sums[1])
        return EvalLoopOutput((), None, {f"{metric_key_prefix}_loss": loss}, number)  # type: ignore[arg-type]

    def _summed(self, model: Any, batch: Mapping[str, Any]) -> torch.Tensor:
        """The summed loss of a batch and the number of its items, [2]."""
        inputs = self._prepare_inputs({name: values for name, values in batch.items() if name != "rows"})
        items = (batch["labels"] != IGNORED).sum()
        scale = 1  # by which a trainer of several devices raises the loss
        if self.args.average_tokens_across_devices:
            scale = self.args.n_gpu if self.args.n_gpu > 1 else self.accelerator.num_processes
        with torch.no_grad(), self.compute_loss_context_manager():
            loss: Any = self.compute_loss(model, inputs, num_items_in_batch=scale)
        return torch.stack([loss.sum().double().cpu(), items.double().cpu()])


def mean_loss(history: Sequence[Mapping[str, Any]]) -> float:
    """The mean of the training loss over all updates that the log of a run tells of, also those of the parts before."""
    total, steps = 0.0, 0
    for entry in history:
        if "loss" in entry:
            total += entry["loss"] * (entry["step"] - steps)
            steps = entry["step"]
    return total / max(1, steps)
