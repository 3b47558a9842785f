"""Training on texts to say and texts not to say: likelihood of the one, unlikelihood of the other, token by token.

The loss of ConSeq (Nan et al., ACL 2021, section 4): -Σ log p over the tokens of good texts, -Σ log(1 - p) over those
of bad ones (Welleck et al., ICLR 2020), divided by the number of tokens. The paper's label smoothing is left out: a
model that points at its input gives most of the vocabulary next to no probability, and smoothing would be most of its
loss.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch

from tabtext.batches import IGNORED, Collator
from tabtext.errors import InputError
from tabtext.models import Seq2Seq
from tabtext.training import Report
from tabtext.training_settings import ContrastiveTraining, per_token

NOT_SAID = -1000
"""The label of a token that is not to be said is this minus its id, so that one tensor holds both kinds."""


class Contrast(NamedTuple):
    """The features of one text for a model (`input_ids`, `labels`, …), whether it is to be said or not to be said, and
    the name of its source.

    Labels are as transformers has them: for a model with an encoder the text, end included; for a decoder alone one
    label per input token, the token itself or `IGNORED`.
    """

    features: Mapping[str, Sequence[int]]
    is_good: bool
    source: str = ""


def spare_shared(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """The contrasts with bad texts unlearnt only in the tokens that no good text about their source has.

    Most tokens of a text about a record are right even if one fact is wrong, and unlikelihood of those teaches a model
    to avoid what it should say. The paper has no such step. A bad text of which nothing is left is dropped.
    """
    said: dict[str, set[int]] = {}
    for contrast in contrasts:
        if contrast.is_good:
            said.setdefault(contrast.source, set()).update(contrast.features["labels"])
    kept = []
    for contrast in contrasts:
        labels, spared = contrast.features["labels"], said.get(contrast.source, set())
        if not contrast.is_good:
            labels = [IGNORED if label in spared else label for label in labels]
        if any(label != IGNORED for label in labels):
            kept.append(contrast._replace(features={**contrast.features, "labels": labels}))
    return kept


def contrastive_loss(
    outputs: Any, labels: torch.Tensor, num_items_in_batch: torch.Tensor | int | None = None, *, weight: float = 1.0
) -> torch.Tensor:
    """The loss per token of the whole update, however it is split into batches; bad texts count `weight` times.

    `outputs.logits` [rows, steps, vocabulary], `labels` [rows, steps], which stand at the places that predict them.
    """
    logits = outputs["logits"] if isinstance(outputs, dict) else outputs[0]
    counted = labels != IGNORED
    logits, labels = logits[counted].float(), labels[counted]  # [tokens, vocabulary], [tokens]
    bad = labels <= NOT_SAID
    targets = torch.where(bad, NOT_SAID - labels, labels)[:, None]
    whole = logits.logsumexp(-1)
    likelihood = (logits.gather(1, targets)[:, 0] - whole)[~bad]
    return -(likelihood.sum() + weight * _log_others(logits[bad], targets[bad], whole[bad]).sum()) / (
        num_items_in_batch if num_items_in_batch is not None else counted.sum()
    )


def _log_others(logits: torch.Tensor, targets: torch.Tensor, whole: torch.Tensor) -> torch.Tensor:
    """log(1 - p) of the targets, [tokens], as the log-probability of everything else.

    So its gradient is finite also where p is 1 within rounding, and pulls the logit down by p at most.
    """
    others = logits.scatter(1, targets, -float("inf"))
    return others.logsumexp(-1) - whole


class ContrastiveCollator(Collator):
    """Contrasts to a padded batch; labels stand where they are predicted, those of bad texts as `NOT_SAID` - id."""

    def __call__(self, examples: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        """As `Collator`'s, of features with `is_good`."""
        batch = super().__call__([{k: v for k, v in example.items() if k != "is_good"} for example in examples])
        labels = batch["labels"]
        if not self.model.config.is_encoder_decoder:
            labels = torch.cat([labels[:, 1:], torch.full_like(labels[:, :1], IGNORED)], dim=1)
        bad = torch.tensor([not example["is_good"] for example in examples])[:, None]
        batch["labels"] = torch.where(bad & (labels != IGNORED), NOT_SAID - labels, labels)
        return batch


def train_contrastive(
    seq2seq: Seq2Seq,
    contrasts: Sequence[Contrast],
    output: Path,
    how: ContrastiveTraining,
    facts: Mapping[str, Any],
    finish: Callable[[Path], object] | None = None,
) -> Report:
    """Train the model on texts to say and not to say and save it into the folder `output`; `facts` name the data, and
    `finish` is as in `tabtext.training.train`.

    Raises InputError where there are none to say: unlikelihood alone unlearns everything.
    """
    if not any(contrast.is_good for contrast in contrasts):
        raise InputError(f"None of the {len(contrasts):,} texts is one to say; choose more, by a larger --share.")
    contrasts = spare_shared(contrasts) if how.spare_shared else contrasts
    examples = [{**contrast.features, "is_good": contrast.is_good} for contrast in contrasts]
    return how.train(
        seq2seq, examples, output, facts,
        collator=ContrastiveCollator(seq2seq.model, int(seq2seq.tokenizer.pad_token_id)),
        loss=partial(contrastive_loss, weight=how.weight), per=per_token("texts not to be said", how.weight),
        finish=finish,
    )  # fmt: skip
