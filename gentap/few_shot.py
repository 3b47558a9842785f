"""Few-shot table-to-text: what pretraining on tables is worth when there are 50 to 500 examples (GenTaP, section 4).

Records (WebNLG, DART, E2E …) are read as tables. The pretrained model and the same backbone without pretraining learn
from the same draws of examples, and their scores stand in one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

from gentap.finetune import Finetuning, drawn, finetune_on
from gentap.table_qa import TableQA
from gentap.unpretrained import unpretrained
from tabtext.corpora.records import read_examples
from tabtext.errors import InputError
from tabtext.examples import QAExample, TextExample
from tabtext.identity import identity
from tabtext.record import Record
from tabtext.table import Table

if TYPE_CHECKING:
    from tabtext.metrics.base import Items

INSTRUCTION = "What does the table say?"
"""What stands in the place of the question."""

METRICS = ("sacrebleu", "sacrebleu_lc", "rougeL", "brevity_penalty")
SCORES = "few-shot.md"

PRETRAINED, NOT_PRETRAINED = "pretrained", "not pretrained"


@dataclass(frozen=True)
class FewShot:
    """How many examples are drawn, how often, and how many records of the dev split are scored."""

    shots: tuple[int, ...] = (50, 100, 200, 500)
    seeds: int = 3
    dev: int = 200
    beams: int = 4

    @classmethod
    def of(cls, shots: str, seeds: int) -> FewShot:
        """The numbers of shots from a text such as `50,100`."""
        if not re.fullmatch(r"\d+(,\d+)*", shots.replace(" ", "")):
            raise InputError(f"--shots {shots!r}: numbers with commas between them were expected, such as 50,100.")
        return cls(tuple(map(int, shots.split(","))), seeds)


FEW_SHOT = FewShot()


def few_shot(data: Path, output: Path, how: Finetuning, shots: FewShot = FEW_SHOT) -> str:
    """Fine-tune and score for every number of shots and seed, with and without pretraining, into folders of `output`.

    `data` is the folder of a data set of records. Writes `few-shot.md`, the means over the seeds and what pretraining
    adds to them, and returns its text. Runs that were finished are not trained again. Raises InputError where the
    folder holds those of other settings or inputs and `how.overwrite` is not set.
    """
    from tabtext.metrics.ablation import Condition, claim, write_compared

    train, dev = (list(read_examples(data, how.dataset, split)) for split in ("train", "dev"))
    if len(train) < max(shots.shots):
        raise InputError(f"{data}: holds {len(train):,} examples where {max(shots.shots):,} shots were asked for.")
    told = {**how.identity({"data": data, "inputs": identity(data)}), **asdict(shots)}
    fresh = output / "not-pretrained"
    folders = {
        (name, size, seed): output / f"{name}-{size}-{seed}".replace(" ", "-")
        for name, size, seed in product((NOT_PRETRAINED, PRETRAINED), shots.shots, range(shots.seeds))
    }
    table = output / SCORES if how.overwrite else None
    claim(output, told, models=[fresh, *folders.values()], table=table)
    systems = {NOT_PRETRAINED: unpretrained(how.model, fresh), PRETRAINED: how.model}
    conditions = []
    for size in shots.shots:
        for name, model in systems.items():
            said = [
                _run(train, dev, folders[name, size, seed], size, shots,
                     replace(how, model=model, dataset="jsonl", seed=seed))
                for seed in range(shots.seeds)
            ]  # fmt: skip
            against = f"{NOT_PRETRAINED}, {size} shots" if name == PRETRAINED else None
            conditions.append(Condition(f"{name}, {size} shots", said, against))
    return write_compared(output / SCORES, conditions, METRICS)


def record_table(record: Record) -> Table:
    """A record as a table: slots in one row under their names, other facts a row each."""
    facts = [triple.readable() for triple in record.triples]
    if record.is_slots:
        names, values = (tuple(column) for column in zip(*((f.predicate, f.object) for f in facts), strict=True))
        return Table.from_rows([names, values], title=record.act)
    title = facts[0].subject if facts else ""
    return Table.from_rows([("subject", "property", "value"), *facts], title=title)


def text_questions(examples: Iterable[TextExample]) -> Iterator[QAExample]:
    """A record and its first text as a question about a table and its answer."""
    for example in examples:
        text = example.texts[0]
        yield QAExample(example.id, INSTRUCTION, text, (text,), record_table(example.record))


def _run(
    train: Sequence[TextExample], dev: Sequence[TextExample], folder: Path, size: int, shots: FewShot, how: Finetuning
) -> Items:
    """What a model says of the dev records after learning from `size` examples; every system draws the same ones."""
    from tabtext.metrics.base import Items

    if not (folder / "model.safetensors").exists():
        learnt = text_questions(drawn(train, size, how.seed))
        finetune_on(list(learnt), folder, how, said=f"{size} texts of records")
    chosen = list(islice(dev, shots.dev))
    qa = TableQA.from_pretrained(folder, beams=shots.beams, threshold=0.0)
    asked = ((INSTRUCTION, record_table(example.record)) for example in chosen)
    answers = tuple(answer.text for answer in qa.answers(asked, on_error="skip"))
    return Items(answers, tuple(example.texts for example in chosen))
