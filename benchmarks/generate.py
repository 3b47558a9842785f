"""`datatuner generate` on records: ours, plain padded `generate` in file order, and one at a time without a cache.

All three search the same beams with the same model, by the same rule for names, and must say the same. The third is
how the original works.

`python -m benchmarks generate MODEL RECORDS.jsonl`
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import torch
from transformers import GenerationConfig

from datatuner.generate import GENERATION, Generator
from tabtext.batches import Features, pad_features
from tabtext.record_files import read_records
from tabtext.whole_names import WholeNames

RECORDS, SINGLES = 192, 6
"""Records measured, evenly spread over the file; the slowest way gets so many of them."""

BATCH = 32
"""Records of a padded batch in file order."""

Texts = list[list[str]]


def measure(*paths: str) -> Iterator[str]:
    """Records per second of processor time of the three, the ratios (goals: 2 and 20), and whether they agree."""
    if len(paths) != 2:
        yield "needs a model and records; run: python -m benchmarks generate MODEL RECORDS.jsonl"
        return
    generator = Generator.from_pretrained(paths[0])
    every = [record for record, _ in read_records(paths[1])]
    chosen = every[:: max(1, len(every) // RECORDS)][:RECORDS]
    prompts = [generator.prompts(record)[0] for record in chosen]
    singles = prompts[:: max(1, len(prompts) // SINGLES)][:SINGLES]
    _ours(generator, prompts[:2])
    ours, our_texts = _timed(lambda: _ours(generator, prompts))
    padded, padded_texts = _timed(lambda: _plain(generator, prompts, BATCH, use_cache=True))
    single, single_texts = _timed(lambda: _plain(generator, singles, 1, use_cache=False))
    fast, middle, slow = len(prompts) / ours, len(prompts) / padded, len(singles) / single
    same = sum(texts == theirs for texts, theirs in zip(our_texts, padded_texts, strict=True))
    alone = sum(texts == our_texts[prompts.index(prompt)] for prompt, texts in zip(singles, single_texts, strict=True))
    yield (
        f"{fast:.1f} records/s ({GENERATION.beams} beams and candidates), padded in file order {middle:.1f}: "
        f"{fast / middle:.1f} times as fast, the same candidates for {same} of {len(prompts)}"
    )
    yield (
        f"one at a time without a cache {slow:.2f} records/s: {fast / slow:.0f} times as fast, the same candidates for "
        f"{alone} of {len(singles)}"
    )


def _timed(say: Callable[[], Texts]) -> tuple[float, Texts]:
    begin = time.process_time()
    texts = say()
    return time.process_time() - begin, texts


def _ours(generator: Generator, prompts: Sequence[Features]) -> Texts:
    return [[one.text for one in found] for found in generator.said([[prompt] for prompt in prompts], GENERATION)]


def _plain(generator: Generator, prompts: Sequence[Features], size: int, *, use_cache: bool) -> Texts:
    """What one writes first: batches as they come, padded on the left, and transformers' own beam search."""
    model, tokenizer = generator.seq2seq
    config = GenerationConfig(
        num_beams=GENERATION.beams,
        num_return_sequences=GENERATION.candidates,
        max_new_tokens=generator.encoder.settings.max_new_tokens,
        length_penalty=GENERATION.length_penalty,
        early_stopping=True,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        use_cache=use_cache,
    )
    texts: Texts = []
    waiting = iter(prompts)
    while batch := list(islice(waiting, size)):
        inputs = pad_features(batch, tokenizer.pad_token_id, left=True)
        with torch.inference_mode():
            names = WholeNames(tokenizer, [row["input_ids"] for row in batch])
            output = model.generate(**inputs, generation_config=config, logits_processor=[names])
        written = output[:, inputs["input_ids"].shape[1] :].tolist()
        said = [text.strip() for text in generator.encoder.codec.decode(written)]
        rows = [said[i : i + GENERATION.candidates] for i in range(0, len(said), GENERATION.candidates)]
        texts += [list(dict.fromkeys(row)) for row in rows]
    return texts
