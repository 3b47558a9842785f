"""How likely a pair is given a source: one teacher-forced pass per batch of pairs, every source encoded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from quals.qagen import QAGen
from tabtext.batches import IGNORED, length_batches, pad_features
from tabtext.errors import InputError
from tabtext.models import points

if TYPE_CHECKING:
    import torch

ENCODER_TOKENS = 8192
"""Padded tokens of a batch that is encoded."""

PASS_TOKENS = 8192
"""Padded tokens of a teacher-forced pass, those of source and pair counted."""

REMEMBERED = 512
"""Encoded windows that are kept for further pairs."""


class Asked(NamedTuple):
    """A pair's ids, end included, and the window of ids that they are read with."""

    window: tuple[int, ...]
    ids: tuple[int, ...]


Read = tuple[Sequence[Sequence[int]], Sequence[tuple[int, ...]]]
"""The windows of a source, and the ids of the pairs that are read with them."""


class Likelihood:
    """Log-probabilities of pairs; remembers the windows that it has encoded."""

    def __init__(self, qagen: QAGen) -> None:
        self.model, self.tokenizer = qagen.seq2seq
        self._encoded: OrderedDict[tuple[int, ...], torch.Tensor] = OrderedDict()

    def __call__(self, asked: Sequence[Asked]) -> list[tuple[float, ...]]:
        """The log-probability of each id of each pair. An InputError where one is not a number."""
        import torch

        with torch.inference_mode():
            states = self._states(list(dict.fromkeys(one.window for one in asked)))
            results: list[tuple[float, ...]] = [()] * len(asked)
            for batch in length_batches([len(one.window) + len(one.ids) for one in asked], PASS_TOKENS):
                for i, logprobs in zip(batch, self._pass([asked[i] for i in batch], states), strict=True):
                    results[i] = logprobs
        return results

    def best(self, read: Sequence[Read]) -> list[list[tuple[float, ...]]]:
        """For every source, the log-probabilities of each of its pairs in the window where the pair is likeliest."""
        asked = [Asked(tuple(window), ids) for windows, pairs in read for ids in pairs for window in windows]
        found = iter(self(asked))
        return [[max((next(found) for _ in windows), key=fmean) for _ in pairs] for windows, pairs in read]

    def _states(self, windows: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], torch.Tensor]:
        """The encoder's output [length, width] of each window, from memory where it is known."""
        new = [window for window in windows if window not in self._encoded]
        for batch in length_batches([len(window) for window in new], ENCODER_TOKENS):
            padded = pad_features(
                [{"input_ids": new[i]} for i in batch], self.tokenizer.pad_token_id, device=self.model.device
            )
            states = self.model.get_encoder()(**padded).last_hidden_state
            for i, state in zip(batch, states, strict=True):
                self._encoded[new[i]] = state[: len(new[i])].clone()
        wanted = {window: self._encoded[window] for window in windows}
        for window in windows:
            self._encoded.move_to_end(window)
        while len(self._encoded) > REMEMBERED:
            self._encoded.popitem(last=False)
        return wanted

    def _pass(self, asked: Sequence[Asked], states: dict[tuple[int, ...], torch.Tensor]) -> Iterator[tuple[float, ...]]:
        """Teacher-forced log-probabilities of one batch."""
        import torch
        from transformers.modeling_outputs import BaseModelOutput

        windows = list(dict.fromkeys(one.window for one in asked))
        sources = pad_features(
            [{"input_ids": w} for w in windows], self.tokenizer.pad_token_id, device=self.model.device
        )
        encoded = torch.nn.utils.rnn.pad_sequence([states[window] for window in windows], batch_first=True)
        row = torch.tensor([windows.index(one.window) for one in asked], device=self.model.device)
        labels = pad_features([{"input_ids": one.ids} for one in asked], IGNORED, device=self.model.device)["input_ids"]
        given = {"decoder_source_ids": sources["input_ids"][row]} if points(self.model) else {}
        logits = self.model(
            encoder_outputs=BaseModelOutput(last_hidden_state=encoded[row]),
            attention_mask=sources["attention_mask"][row],
            decoder_input_ids=self.model.prepare_decoder_input_ids_from_labels(labels=labels),
            **given,
        ).logits.float()  # [pairs, steps, vocabulary]
        found = logits.gather(2, labels.clamp(min=0)[..., None]).squeeze(2) - logits.logsumexp(2)
        if not bool(torch.isfinite(found[labels != IGNORED]).all()):
            raise InputError("The model gives probabilities that are not numbers; its weights are damaged or overflow.")
        for one, logprobs in zip(asked, found.tolist(), strict=True):
            yield tuple(logprobs[: len(one.ids)])
