"""Beam search for language models: prompts are read once, and inputs that are done leave the batch.

What it finds is what transformers' own beam search finds, whose batches carry every finished input along until the last
one is done and read every prompt once per beam. `PromptDecoder` is the part that knows the model: rows that go on from
rows of the step before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.batches import Features, pad_features
from tabtext.models import Seq2Seq

if TYPE_CHECKING:
    import numpy as np
    import torch
    from transformers import GenerationConfig

    from tabtext.whole_names import WholeNames

_HEEDED = frozenset({
    "num_beams", "num_return_sequences", "max_new_tokens", "length_penalty", "early_stopping", "eos_token_id",
    "pad_token_id", "bos_token_id", "decoder_start_token_id", "do_sample", "transformers_version",
    "_from_model_config", "return_dict_in_generate", "output_scores", "output_logits",
})  # fmt: skip


class Hypothesis(NamedTuple):
    """A sequence's ids, with the end unless it ran into the limit, and its log-probability."""

    ids: list[int]
    logprob: float


def understands(config: GenerationConfig) -> bool:
    """Whether `beam_search` does all that a config asks for: greedy or beam search, without further processors."""
    asked = {name for name, value in config.to_diff_dict().items() if value is not None}
    return not config.do_sample and asked <= _HEEDED and config.max_new_tokens is not None


def beam_search(
    seq2seq: Seq2Seq, rows: Sequence[Features], config: GenerationConfig, names: WholeNames | None = None
) -> list[list[Hypothesis]]:
    """For each prompt its `num_return_sequences` best sequences (greedy: the one), best first; `names` of the prompts
    are said whole."""
    import torch

    width = config.num_beams or 1
    search = _Beams(
        len(rows), width, int(seq2seq.tokenizer.eos_token_id), int(config.max_new_tokens or 0),
        1.0 if config.length_penalty is None else config.length_penalty, bool(config.early_stopping) or width == 1,
    )  # fmt: skip
    with torch.inference_mode():
        decoder = PromptDecoder(seq2seq, rows)
        logprobs = decoder.start()
        while True:
            parents, tokens = search.choose(logprobs)
            if not len(parents):
                return [search.best(i)[: config.num_return_sequences or 1] for i in range(len(rows))]
            logprobs = decoder.step(parents, tokens)
            if names:
                logprobs = names.mask(logprobs, *search.running())


class PromptDecoder:
    """A batch of prompts, padded on the left, and rows that split: each goes on from one of the step before.

    States (`token_type_ids`) of what is written are that of the prompt's last token.
    """

    def __init__(self, seq2seq: Seq2Seq, rows: Sequence[Features]) -> None:
        from tabtext.beam_cache import beam_cache

        model, tokenizer = seq2seq
        self.model = model
        self.prompts: dict[str, torch.Tensor] = pad_features(
            rows, tokenizer.pad_token_id, left=True, device=model.device
        )
        self.mask = self.prompts.pop("attention_mask")
        self.state = self.prompts["token_type_ids"][:, -1:] if "token_type_ids" in self.prompts else None
        self.cache: Any = beam_cache(model.config)

    def start(self) -> torch.Tensor:
        """Log-probabilities [prompts, vocabulary] of the first token."""
        positions = (self.mask.cumsum(-1) - 1).clamp(min=0)
        self.position = positions[:, -1:]
        return self._forward(self.prompts["input_ids"], positions, self.prompts.get("token_type_ids"))

    def step(self, parents: torch.Tensor | np.ndarray, tokens: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Log-probabilities [rows, vocabulary] after `tokens` [rows], each said by row `parents` [rows] of before."""
        import torch

        parents, tokens = (torch.as_tensor(each, device=self.model.device) for each in (parents, tokens))
        if len(parents) != len(self.mask) or not bool((parents == torch.arange(len(parents)).to(parents)).all()):
            self.cache.reorder_cache(parents)
            self.mask, self.position = self.mask[parents], self.position[parents]
            self.state = None if self.state is None else self.state[parents]
        self.position = self.position + 1
        self.mask = torch.cat([self.mask, self.mask.new_ones(len(self.mask), 1)], 1)
        return self._forward(tokens[:, None], self.position, self.state)

    def _forward(self, ids: torch.Tensor, positions: torch.Tensor, states: torch.Tensor | None) -> torch.Tensor:
        given = {} if states is None else {"token_type_ids": states}
        output = self.model(
            input_ids=ids, attention_mask=self.mask, position_ids=positions, past_key_values=self.cache,
            use_cache=True, logits_to_keep=1, **given,
        )  # fmt: skip
        self.cache = output.past_key_values
        logprobs: torch.Tensor = output.logits[:, -1].float().log_softmax(-1)
        return logprobs


@dataclass
class _Beams:
    """The running and the finished hypotheses of every input that is not done.

    Scores are log-probabilities while a hypothesis runs, and once it has ended divided by length ** `penalty`. An
    input is done when `width` have ended and `eager` is set or no running one can do better.
    """

    inputs: int
    width: int
    end: int
    limit: int
    penalty: float
    eager: bool
    ended: list[list[tuple[float, Hypothesis]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        import torch

        self.ended = [[] for _ in range(self.inputs)]
        self.active = list(range(self.inputs))
        self.scores = torch.zeros(self.inputs, 1)  # [active, running]
        self.said = torch.zeros(self.inputs, 1, 0, dtype=torch.long)  # [active, running, steps]

    def best(self, number: int) -> list[Hypothesis]:
        """The ended hypotheses of an input, best first."""
        return [hypothesis for _, hypothesis in self.ended[number]]

    def running(self) -> tuple[list[int], list[list[int]]]:
        """The input of each running hypothesis, in order, and what it has said."""
        return [number for number in self.active for _ in range(self.said.shape[1])], self.said.flatten(0, 1).tolist()

    def choose(self, logprobs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Go one token on from `logprobs` [rows, vocabulary], the rows being the running hypotheses in order.

        Gives the rows to go on with: the row that each comes from, and the token that it says.
        """
        import torch

        logprobs = logprobs.cpu()
        active, running = self.scores.shape
        vocabulary = logprobs.shape[1]
        total = (logprobs.view(active, running, vocabulary) + self.scores[:, :, None]).flatten(1)
        scores, places = total.topk(min(2 * self.width, total.shape[1]))  # as many as could end, and as many to go on
        beams, tokens = places // vocabulary, places % vocabulary
        steps = self.said.shape[2] + 1
        over = (tokens == self.end) | (steps == self.limit)
        self._collect(scores, beams, tokens, over)
        keep = over.int().argsort(dim=1, stable=True)[:, : self.width]
        scores = scores.masked_fill(over, -float("inf")).gather(1, keep)
        beams, tokens = beams.gather(1, keep), tokens.gather(1, keep)
        undone = [i for i, number in enumerate(self.active) if not self._done(number, scores[i], steps)]
        going = torch.tensor(undone, dtype=torch.long)
        self.active = [self.active[i] for i in undone]
        self.scores = scores[going]
        said = self.said[going].gather(1, beams[going, :, None].expand(-1, -1, steps - 1))
        self.said = torch.cat([said, tokens[going, :, None]], 2)
        rows = (going[:, None] * running + beams[going]).flatten()
        return rows, tokens[going].flatten()

    def _collect(self, scores: torch.Tensor, beams: torch.Tensor, tokens: torch.Tensor, over: torch.Tensor) -> None:
        """Keep those of the best `width` continuations that are over, if they beat the worst that ended before."""
        for i, rank in over[:, : self.width].nonzero().tolist():
            ids = [*self.said[i, int(beams[i, rank])].tolist(), int(tokens[i, rank])]
            logprob = float(scores[i, rank])
            ended = self.ended[self.active[i]]
            ended.append((logprob / len(ids) ** self.penalty, Hypothesis(ids, logprob)))
            ended[:] = nlargest(self.width, ended, key=lambda scored: scored[0])

    def _done(self, number: int, scores: torch.Tensor, steps: int) -> bool:
        """Whether an input needs no further step; `scores` are those of its running hypotheses, best first."""
        ended = self.ended[number]
        best = float(scores[0])
        if best == -float("inf"):
            return True
        return len(ended) == self.width and (self.eager or best / steps**self.penalty <= ended[-1][0])
