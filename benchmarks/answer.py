"""Answers of `TableQA` in batches of like length, one by one, and by plain `generate` in the order of the file.

`python -m benchmarks answer` asks a fresh model, `python -m benchmarks answer FOLDER` the trained one in the folder.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from gentap import TableQA
from gentap.answers import Asked
from gentap.encode import structure_of
from gentap.model import DualDecoderT5
from gentap.model_settings import ModelSettings
from tabtext.batches import pad_features
from tabtext.models import from_scratch
from tabtext.table import Table

QUESTIONS, BATCH = 96, 8
ROWS = (1.8, 0.9)
"""Mean and deviation of the logarithm of a table's rows: 6 in the middle, the longest fill the model's input."""
WRITTEN = 16
"""Tokens written per answer: a fresh model does not know where to end."""
SIZE = "mini"


def measure(*models: str) -> Iterator[str]:
    """Questions per second of processor time in each way; batches are to be twice as fast as the other two."""
    asked = list(_asked(random.Random(0)))
    for model in models or ("",):
        qa = TableQA.from_pretrained(model, beams=1, composed=False) if model else _fresh(asked)
        qa.max_new_tokens = WRITTEN
        rates = {name: QUESTIONS / _timed(way, qa, asked) for name, way in WAYS.items()}
        ours = rates.pop("batches of like length")
        for name, rate in rates.items():
            yield f"batched {ours:.1f} questions/s, {name} {rate:.1f} questions/s: {ours / rate:.2f} times as fast"


def _fresh(asked: list[Asked]) -> TableQA:
    texts = (text for one in asked for row in (one.question, *one.table.rows) for text in row)
    made = from_scratch(SIZE, texts, structure=structure_of("keyed"))
    return TableQA(made, ModelSettings(threshold=0.0), beams=1)


def _asked(rng: random.Random) -> Iterator[Asked]:
    for number in range(QUESTIONS):
        rows = [[f"Town {rng.randrange(999)}", str(rng.randrange(1700, 2020))] for _ in range(_rows(rng))]
        table = Table.from_rows([["Town", "Built"], *rows], title=f"Lighthouses of coast {number}")
        yield Asked(f"When was the lighthouse of {rng.choice(rows)[0]} built?", table)


def _rows(rng: random.Random) -> int:
    return 1 + int(rng.lognormvariate(*ROWS))


def _timed(way: Callable[[TableQA, list[Asked]], object], qa: TableQA, asked: list[Asked]) -> float:
    way(qa, asked[:BATCH])
    start = time.process_time()
    way(qa, asked)
    return time.process_time() - start


def _batched(qa: TableQA, asked: list[Asked]) -> None:
    list(qa.answers(asked))


def _one_by_one(qa: TableQA, asked: list[Asked]) -> None:
    for one in asked:
        qa(one.question, one.table)


def _in_file_order(qa: TableQA, asked: list[Asked]) -> None:
    model, tokenizer = qa.seq2seq
    rows = [{"input_ids": qa.encoder.source(one.question, one.table).ids} for one in asked]
    for decoder in qa.settings.decoders:
        chosen = {"decoder_name": decoder} if isinstance(model, DualDecoderT5) else {}
        for first in range(0, len(rows), BATCH):
            batch = pad_features(rows[first : first + BATCH], int(tokenizer.pad_token_id), device=model.device)
            model.generate(**batch, **chosen, max_new_tokens=WRITTEN, do_sample=False)


WAYS: dict[str, Callable[[TableQA, list[Asked]], None]] = {
    "batches of like length": _batched,
    "one by one": _one_by_one,
    f"plain generate by {BATCH} in file order": _in_file_order,
}
