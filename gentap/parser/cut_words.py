"""`gentap word-vectors`: cut the vectors of common words down from a sentence encoder."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gentap.material import QuestionSet
from tabtext.corpora.questions import read_questions
from tabtext.errors import InputError

if TYPE_CHECKING:
    from gentap.parser.words import Floats

_WORD = re.compile(r"[a-z]{2,}")
_SEEN = 5
"""Questions and names of columns in which a word that the encoder has no piece of its own for must stand."""
_BATCH = 256


def cut_words(sets: Sequence[str], model: str, output: Path, *, dimensions: int = 48, overwrite: bool = False) -> int:
    """Write the vectors of the encoder's own words and of those in sets of questions, `[DATASET=]PATH` each; return
    how many.

    They are the means of the encoder's states for each word by itself, less what all have in common, turned to their
    main directions [words, dimensions], to length 1 and to whole numbers of 8 bits.
    """
    import numpy as np

    from tabtext.jsonl import atomic_output, refuse_existing

    refuse_existing(output, overwrite=overwrite)
    counts = Counter(
        word for part in map(QuestionSet.parse, sets) for text in _texts(part) for word in set(_WORD.findall(text))
    )
    words, vectors = _encoded(model, counts)
    vectors = vectors - vectors.mean(0)
    if min(vectors.shape) < dimensions:
        raise InputError(
            f"Model {model!r}: {len(words):,} words of {vectors.shape[1]} dimensions cannot be cut to {dimensions}."
        )
    directions = np.linalg.svd(vectors, full_matrices=False)[2][:dimensions]
    turned = vectors @ directions.T
    turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-6)
    with atomic_output(output, overwrite=overwrite) as file:
        np.savez_compressed(file, words=np.array(words), vectors=np.round(turned * 127).astype(np.int8))
    print(f"word-vectors: {len(words):,} words, {dimensions} dimensions", file=sys.stderr)
    return len(words)


def _texts(part: QuestionSet) -> Iterable[str]:
    """What questions say, and what their tables' columns are called."""
    for example in read_questions(part.path, part.dataset):
        yield example.question.lower()
        yield from (name.lower() for name in example.table.header)


def _encoded(model: str, counts: Counter[str]) -> tuple[list[str], Floats]:
    """The words, and their vectors [words, the encoder's dimensions]."""
    import numpy as np
    import torch

    from tabtext.models import load_encoder

    encoder, tokenizer = load_encoder(model)
    own = (word for word in tokenizer.get_vocab() if len(word) > 2 and _WORD.fullmatch(word))
    words = sorted({*own, *(word for word, count in counts.items() if count >= _SEEN)})
    found = []
    for start in range(0, len(words), _BATCH):
        batch = tokenizer(words[start : start + _BATCH], padding=True, return_tensors="pt")
        with torch.inference_mode():
            states, mask = encoder(**batch).last_hidden_state, batch["attention_mask"][..., None]
        found.append(((states * mask).sum(1) / mask.sum(1)).float().numpy())
    return words, np.concatenate(found)
