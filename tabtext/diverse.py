"""Diverse beam search (Vijayakumar et al., AAAI 2018) with one hypothesis a group.

The groups choose one after the other at every step, each paying `strength` for a token as often as a group before it
took that token at that step. transformers 5 has no such search any more. Here each input is read once, and
groups that have said the same so far are one row of the decoder's batch: rows split where groups part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.batches import Features, length_batches, pad_features
from tabtext.beams import PromptDecoder
from tabtext.candidates import Candidate
from tabtext.errors import InputError
from tabtext.models import Seq2Seq, points
from tabtext.whole_names import WholeNames

if TYPE_CHECKING:
    import numpy as np
    import torch

BATCH_TOKENS = 1 << 15
"""Padded input tokens of a batch, times the groups."""

WINDOW = 512
"""Rows read ahead to find such of like length."""


@dataclass(frozen=True)
class DiverseSearch:
    """How many groups search, what a token costs per group that took it before, and how long a sequence may be.

    Lengths count tokens with the end; the defaults are those of QUALS.
    """

    groups: int = 60
    strength: float = 0.5
    min_length: int = 8
    max_length: int = 60

    def __post_init__(self) -> None:
        if self.groups < 1 or not 1 <= self.min_length <= self.max_length:
            raise InputError(
                f"A search needs at least one group and 1 <= min_length <= max_length; found {self.groups} groups, "
                f"min_length {self.min_length}, max_length {self.max_length}."
            )


class Hypothesis(NamedTuple):
    """What one group says: ids, with the end unless it ran into the limit, and the log-probability of each."""

    ids: tuple[int, ...]
    logprobs: tuple[float, ...]

    @property
    def logprob(self) -> float:
        """The log-probability of the whole; what groups pay each other is no part of it."""
        return sum(self.logprobs)


def diverse_candidates(
    seq2seq: Seq2Seq,
    rows: Iterable[Features],
    search: DiverseSearch,
    *,
    decode: Callable[[Sequence[int]], str] | None = None,
) -> Iterator[list[Candidate]]:
    """For each row one candidate per group, in the groups' order (the first is what greedy search finds)."""
    decode = decode or (lambda ids: str(seq2seq.tokenizer.decode(list(ids), skip_special_tokens=True)).strip())
    for found in diverse_hypotheses(seq2seq, rows, search):
        yield [Candidate(decode(one.ids), one.logprob) for one in found]


def diverse_hypotheses(
    seq2seq: Seq2Seq,
    rows: Iterable[Features],
    search: DiverseSearch,
    *,
    goes_on: int | None = None,
    batch_tokens: int = BATCH_TOKENS,
    window: int = WINDOW,
) -> Iterator[list[Hypothesis]]:
    """For each row what each group says, in the groups' order; rows come in batches of like length. The end never
    follows the token `goes_on`."""
    waiting = iter(rows)
    while ahead := list(islice(waiting, window)):
        results: list[list[Hypothesis]] = [[] for _ in ahead]
        for batch in length_batches([len(row["input_ids"]) for row in ahead], batch_tokens // search.groups):
            for i, found in zip(batch, _search(seq2seq, [ahead[i] for i in batch], search, goes_on), strict=True):
                results[i] = found
        yield from results


def _search(
    seq2seq: Seq2Seq, rows: Sequence[Features], search: DiverseSearch, goes_on: int | None
) -> list[list[Hypothesis]]:
    import torch

    with torch.inference_mode():
        decoder = (SharedDecoder if seq2seq.model.config.is_encoder_decoder else PromptDecoder)(seq2seq, rows)
        groups = _Groups(len(rows), search, int(seq2seq.tokenizer.eos_token_id), goes_on)
        names = WholeNames.of(seq2seq, rows)
        logprobs = decoder.start()
        while True:
            parents, tokens = groups.choose(logprobs)
            if not len(parents):
                return groups.hypotheses()
            logprobs = decoder.step(parents, tokens)
            if names:
                logprobs = names.mask(logprobs, *groups.running())


class SharedDecoder:
    """A batch of inputs, encoded once, and decoder rows that split: each row goes on from one of the step before."""

    def __init__(self, seq2seq: Seq2Seq, rows: Sequence[Features]) -> None:
        model, tokenizer = seq2seq
        self.model = model
        batch = pad_features(rows, tokenizer.pad_token_id, device=model.device)
        encoded = model.get_encoder()(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
        self.given = {"encoded": encoded.last_hidden_state, "attention_mask": batch["attention_mask"]}
        if points(model):
            self.given["decoder_source_ids"] = batch["input_ids"]
        self.cache: Any = None

    def start(self) -> torch.Tensor:
        """Log-probabilities [inputs, vocabulary] of the first token."""
        import torch

        first = self.model.config.decoder_start_token_id
        inputs = len(self.given["encoded"])
        return self._forward(torch.full((inputs,), first, device=self.model.device))

    def step(self, parents: np.ndarray, tokens: np.ndarray) -> torch.Tensor:
        """Log-probabilities [rows, vocabulary] after `tokens` [rows], each said by row `parents` [rows] of before."""
        import torch

        index = torch.as_tensor(parents, device=self.model.device)
        if len(index) != len(self.given["encoded"]) or not bool((index == torch.arange(len(index)).to(index)).all()):
            self.given = {name: tensor.index_select(0, index) for name, tensor in self.given.items()}
            self.cache.reorder_cache(index)
        return self._forward(torch.as_tensor(tokens, device=self.model.device))

    def _forward(self, tokens: torch.Tensor) -> torch.Tensor:
        from transformers.modeling_outputs import BaseModelOutput

        given = dict(self.given)
        output = self.model(
            encoder_outputs=BaseModelOutput(last_hidden_state=given.pop("encoded")),
            decoder_input_ids=tokens[:, None],
            past_key_values=self.cache,
            use_cache=True,
            **given,
        )
        self.cache = output.past_key_values
        return output.logits[:, -1].float().log_softmax(-1)


@dataclass
class _Groups:
    """What the groups of all inputs have said, and which row of the decoder's batch each of them goes on from."""

    inputs: int
    search: DiverseSearch
    end: int
    goes_on: int | None
    said: list[list[list[int]]] = field(default_factory=list)
    logprobs: list[list[list[float]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        import numpy as np

        self.said = [[[] for _ in range(self.search.groups)] for _ in range(self.inputs)]
        self.logprobs = [[[] for _ in range(self.search.groups)] for _ in range(self.inputs)]
        self.row = np.repeat(np.arange(self.inputs)[:, None], self.search.groups, 1)  # [inputs, groups]; -1: finished
        self.rows: list[tuple[int, list[int]]] = []  # the input of each row of the decoder, and what it has said
        self.length = 0

    def running(self) -> tuple[list[int], list[list[int]]]:
        """The input of each row, in order, and what it has said."""
        return [number for number, _ in self.rows], [said for _, said in self.rows]

    def choose(self, logprobs: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Let every group choose its next token from its row's `logprobs` [rows, vocabulary].

        Gives the rows to go on with: the row that each comes from, and the token that it says.
        """
        import numpy as np

        self.length += 1
        if self.length < self.search.min_length:
            logprobs[:, self.end] = -float("inf")
        if self.goes_on is not None:
            mid = [row for row, (_, said) in enumerate(self.rows) if said[-1] == self.goes_on]
            logprobs[mid, self.end] = -float("inf")
        top = logprobs.topk(min(self.search.groups, logprobs.shape[1]))  # a group never needs more than these
        values, ids = top.values.cpu().numpy(), top.indices.cpu().numpy()
        if np.isnan(values).any():
            raise InputError("The model gives probabilities that are not numbers; its weights are damaged or overflow.")
        next_rows: dict[tuple[int, int], int] = {}
        said: list[tuple[int, list[int]]] = []
        for i in range(self.inputs):
            taken: dict[int, int] = {}
            for group in range(self.search.groups):
                row = int(self.row[i, group])
                if row < 0:
                    continue
                rank = _best(values[row], ids[row], taken, self.search.strength)
                token = int(ids[row, rank])
                taken[token] = taken.get(token, 0) + 1
                self.said[i][group].append(token)
                self.logprobs[i][group].append(float(values[row, rank]))
                if token == self.end or self.length == self.search.max_length:
                    self.row[i, group] = -1
                    continue
                if (row, token) not in next_rows:
                    said.append((i, self.said[i][group]))
                self.row[i, group] = next_rows.setdefault((row, token), len(next_rows))
        self.rows = said
        pairs = np.array(list(next_rows), dtype=np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def hypotheses(self) -> list[list[Hypothesis]]:
        """What every group of every input said."""
        return [
            [Hypothesis(tuple(ids), tuple(logprobs)) for ids, logprobs in zip(said, theirs, strict=True)]
            for said, theirs in zip(self.said, self.logprobs, strict=True)
        ]


def _best(values: np.ndarray, ids: np.ndarray, taken: dict[int, int], strength: float) -> int:
    """The rank of the token that is best after the penalty; values fall, so the first one not taken ends the search."""
    best, best_rank = -float("inf"), 0
    for rank, token in enumerate(ids.tolist()):
        times = taken.get(token, 0)
        value = float(values[rank]) - strength * times
        if value > best:
            best, best_rank = value, rank
        if not times:
            break
    return best_rank
