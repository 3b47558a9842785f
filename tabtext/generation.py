"""The one place that calls `generate`: token ids in, candidates out, in input order, in batches of like length.

Rows are read a window at a time and sorted by length inside it, so that batches carry little padding and the input may
be endless. What a row gives does not depend on the rows it shares a batch with: sampling draws from a generator of the
row's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from tabtext.batches import Features, length_batches, pad_features
from tabtext.beams import beam_search, understands
from tabtext.candidates import Candidate
from tabtext.errors import InputError
from tabtext.models import Seq2Seq
from tabtext.whole_names import WholeNames

if TYPE_CHECKING:
    import torch
    from transformers import GenerationConfig

BATCH_TOKENS = 4096
"""Padded input tokens of a batch, times the sequences searched or sampled per row."""

WINDOW = 512
"""Rows read ahead to find such of like length."""


def generate(
    seq2seq: Seq2Seq,
    rows: Iterable[Features],
    config: GenerationConfig,
    *,
    batch_tokens: int = BATCH_TOKENS,
    window: int = WINDOW,
    seeds: Iterable[int] | None = None,
    decode: Callable[[list[int]], str] | None = None,
    **model_kwargs: Any,
) -> Iterator[list[Candidate]]:
    """For each row its `config.num_return_sequences` candidates, the likeliest first.

    `config` is transformers' own: greedy, beam search, or sampling (one draw per candidate; with the row's seed from
    `seeds`, else its number). `decode` makes text of a sequence's ids; by default special tokens are left out.
    A model that points at its input says a name that it has begun to the end (`tabtext.whole_names`). Works for
    encoder-decoders and, padded on the left, for decoders alone. `model_kwargs` go to the model as they are.
    """
    numbered = enumerate(rows)
    seeds = iter(seeds) if seeds is not None else None
    decode = decode or (lambda ids: str(seq2seq.tokenizer.decode(ids, skip_special_tokens=True)).strip())
    while ahead := list(islice(numbered, window)):
        row_seeds = list(islice(seeds, len(ahead))) if seeds else [number for number, _ in ahead]
        features = [row for _, row in ahead]
        results: list[list[Candidate]] = [[] for _ in ahead]
        for batch in length_batches([len(row["input_ids"]) for row in features], batch_tokens // _width(config)):
            chosen = [(features[i], row_seeds[i]) for i in batch]
            for i, sequences in zip(batch, _search(seq2seq, chosen, config, model_kwargs), strict=True):
                results[i] = [Candidate(decode(ids), logprob) for ids, logprob in sequences]
        yield from results


def _width(config: GenerationConfig) -> int:
    """How many sequences are under way for one row."""
    return max(config.num_beams or 1, config.num_return_sequences or 1)


Sequences = list[tuple[list[int], float]]
"""The candidates of one row: ids, without prompt and padding, and log-probability."""


def _search(
    seq2seq: Seq2Seq, rows: list[tuple[Features, int]], config: GenerationConfig, model_kwargs: Mapping[str, Any]
) -> list[Sequences]:
    """The candidates of each row of a batch; where memory runs out the batch is halved, and that is said."""
    import torch

    try:
        return _search_batch(seq2seq, rows, config, model_kwargs)
    except torch.OutOfMemoryError:
        if len(rows) == 1:
            length = len(rows[0][0]["input_ids"])
            raise InputError(
                f"Out of memory with one input of {length} tokens; use fewer beams or a smaller model."
            ) from None
    middle = len(rows) // 2
    print(f"out of memory: going on with batches of {middle} instead of {len(rows)}", file=sys.stderr)
    halves = rows[:middle], rows[middle:]
    return [sequences for half in halves for sequences in _search(seq2seq, half, config, model_kwargs)]


def _search_batch(
    seq2seq: Seq2Seq, rows: list[tuple[Features, int]], config: GenerationConfig, model_kwargs: Mapping[str, Any]
) -> list[Sequences]:
    import torch

    model, tokenizer = seq2seq
    names = WholeNames.of(seq2seq, [row for row, _ in rows])
    if not model.config.is_encoder_decoder and not model_kwargs and understands(config):
        found = beam_search(seq2seq, [row for row, _ in rows], config, names)
        return [[(hypothesis.ids, hypothesis.logprob) for hypothesis in its] for its in found]
    draws = (config.num_return_sequences or 1) if config.do_sample and (config.num_beams or 1) == 1 else 1
    features = [row for row, _ in rows for _ in range(draws)]
    seeds = [f"{seed}/{draw}" for _, seed in rows for draw in range(draws)]
    left = not model.config.is_encoder_decoder
    inputs = pad_features(features, tokenizer.pad_token_id, left=left, device=model.device)
    with torch.inference_mode():
        output = model.generate(**inputs, **model_kwargs, **_settings(config, tokenizer, seeds, names))
    prompt = inputs["input_ids"].shape[1] if left else 1
    sequences = _with_logprobs(output, config, prompt, tokenizer)
    each = len(sequences) // len(rows)
    grouped = [sequences[i : i + each] for i in range(0, len(sequences), each)]
    return [sorted(group, key=lambda pair: -pair[1]) for group in grouped] if draws > 1 else grouped


def _settings(
    config: GenerationConfig, tokenizer: Any, seeds: Sequence[str], names: WholeNames | None
) -> dict[str, Any]:
    """The arguments of `generate`: the config, what must be said whole, and for sampling our own draw, which depends on
    the row alone."""
    import copy

    config = copy.deepcopy(config)
    config.return_dict_in_generate = True
    config.output_scores = True
    config.output_logits = True
    config.pad_token_id = tokenizer.pad_token_id
    processors: list[Any] = [names] if names else []
    if config.do_sample and (config.num_beams or 1) == 1:
        processors.append(_RowSampling(config, seeds))
        config.do_sample, config.num_return_sequences = False, 1
        config.temperature = config.top_k = config.top_p = None
    return {"generation_config": config, **({"logits_processor": processors} if processors else {})}


class _RowSampling:
    """Chooses the next token of each sequence by its own random generator, and leaves it as the only one possible.

    Adding Gumbel noise and taking the best is drawing from the softmax (Gumbel-max trick).
    """

    def __init__(self, config: GenerationConfig, seeds: Sequence[str]) -> None:
        import random

        import torch
        from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

        self.warpers: list[Any] = []
        if config.temperature not in (None, 1.0):
            self.warpers.append(TemperatureLogitsWarper(float(config.temperature)))
        if config.top_k:
            self.warpers.append(TopKLogitsWarper(config.top_k))
        if config.top_p is not None and config.top_p < 1.0:
            self.warpers.append(TopPLogitsWarper(config.top_p))
        self.generators = [torch.Generator().manual_seed(random.Random(seed).getrandbits(63)) for seed in seeds]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """`scores` [rows, vocabulary] with all but one token of each row at minus infinity."""
        import torch

        for warper in self.warpers:
            scores = warper(input_ids, scores)
        uniform = torch.stack([torch.rand(scores.shape[1], generator=g) for g in self.generators]).to(scores.device)
        noise = -torch.log(-torch.log(uniform.clamp(1e-20, 1 - 1e-7)))
        chosen = (scores.float() + noise).argmax(-1, keepdim=True)
        return torch.full_like(scores, -float("inf")).scatter(1, chosen, 0.0)


def _with_logprobs(output: Any, config: GenerationConfig, prompt: int, tokenizer: Any) -> Sequences:
    """Each sequence's ids after the prompt up to its end, and the sum of its tokens' log-probabilities."""
    import torch

    tokens = output.sequences[:, prompt:]  # [sequences, steps]
    ends = tokens == tokenizer.eos_token_id
    written = ends.cumsum(-1) - ends.long() == 0  # up to and with the end token
    lengths = written.sum(-1)
    if getattr(output, "sequences_scores", None) is not None:
        penalty = config.length_penalty if config.length_penalty is not None else 1.0
        sums = output.sequences_scores.float() * lengths**penalty
    else:
        logits = torch.stack(output.logits, 1).float()  # [sequences, steps, vocabulary]
        chosen = logits.log_softmax(-1).gather(2, tokens[:, : logits.shape[1], None]).squeeze(2)
        sums = (chosen * written[:, : logits.shape[1]]).sum(-1)
    rows = zip(tokens.tolist(), lengths.tolist(), sums.tolist(), strict=True)
    return [(ids[:length], total) for ids, length, total in rows]
