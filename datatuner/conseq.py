"""`datatuner conseq`: a trained model learns to say the good of chosen texts and not to say the others (ConSeq)."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tabtext.errors import InputError
from tabtext.identity import identity, model_identity
from tabtext.jsonl import read_lines
from tabtext.record import Record, record_and_texts
from tabtext.stages import summary
from tabtext.training_settings import ContrastiveTraining

if TYPE_CHECKING:
    from datatuner.states import StateEncoder
    from tabtext.contrastive import Contrast
    from tabtext.training import Report


class Chosen(NamedTuple):
    """A text about a record, and whether it is to be said."""

    record: Record
    text: str
    is_good: bool


CONTRASTING = ContrastiveTraining()


def train_on_contrast(chosen: Path, model: str, output: Path, how: ContrastiveTraining = CONTRASTING) -> Report:
    """Train a generator on the texts of a file and save it into the folder `output`; what was dropped is said.

    Raises InputError for a line that is no chosen text, and where there is none to say.
    """
    from datatuner.generate import Generator
    from tabtext.contrastive import train_contrastive

    texts = list(read_chosen(chosen))
    generator = Generator.from_pretrained(model)
    contrasts = list(_contrasts(generator.encoder, texts))
    known = {"begins_with": model_identity(model), "inputs": identity(chosen)}
    facts = {"task": "conseq", "model": model, "data": str(chosen), **known}
    return train_contrastive(generator.seq2seq, contrasts, output, how, facts)


def read_chosen(path: Path) -> Iterator[Chosen]:
    """The texts of a JSON Lines file: a record, `text`, and `good`, true for one to be said."""
    for line in read_lines(path):
        fields = line.json()
        try:
            if not isinstance(fields.get("text"), str) or not isinstance(fields.get("good"), bool):
                raise InputError(f"needs a record, 'text', and 'good' (true or false); found {sorted(fields)}.")
            record, _ = record_and_texts(fields)
        except InputError as error:
            raise InputError(f"{line.name}, line {line.number}: {error}") from None
        yield Chosen(record, fields["text"], fields["good"])


def _contrasts(encoder: StateEncoder, texts: list[Chosen]) -> Iterator[Contrast]:
    from tabtext.contrastive import Contrast

    counts: Counter[str] = Counter()
    for one in texts:
        counts["in"] += 1
        row = encoder.example(one.record, one.text)
        counts["out" if row else f"longer than {encoder.positions} tokens"] += 1
        if row:
            yield Contrast(row, one.is_good, one.record.id)
    print(summary("conseq", "texts", counts), file=sys.stderr)
