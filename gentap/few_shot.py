"""Few-shot table-to-text: what pretraining on tables is worth when there are 50 to 500 examples (GenTaP, section 4).

Records (WebNLG, DART, E2E …) are read as tables. The pretrained model and the same backbone without pretraining learn
from the same draws of examples, and their scores stand in one table.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from gentap.finetune import Finetuning, finetune_on
from gentap.model_settings import ModelSettings
from gentap.table_qa import TableQA
from tabtext.corpora.records import read_examples
from tabtext.errors import InputError
from tabtext.examples import QAExample, TextExample
from tabtext.jsonl import atomic_output
from tabtext.record import Record
from tabtext.table import Table

if TYPE_CHECKING:
    from tabtext.metrics.base import Items
    from tabtext.metrics.formats import Row

INSTRUCTION = "What does the table say?"
"""What stands in the place of the question."""

METRICS = ("sacrebleu", "sacrebleu_lc", "rougeL", "brevity_penalty")
SCORES = "few-shot.md"


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


def few_shot(data: Path, output: Path, how: Finetuning, shots: FewShot = FEW_SHOT) -> list[Row]:
    """Fine-tune and score for every number of shots and seed, with and without pretraining, into folders of `output`.

    `data` is the folder of a data set of records. Writes the table of results to `few-shot.md` and returns its rows,
    scores as means over the seeds. Runs that were finished are not trained again.
    """
    train, dev = (list(read_examples(data, how.dataset, split)) for split in ("train", "dev"))
    if len(train) < max(shots.shots):
        raise InputError(f"{data}: holds {len(train):,} examples where {max(shots.shots):,} shots were asked for.")
    systems = {"pretrained": how.model, "not pretrained": _unpretrained(how.model, output / "not-pretrained")}
    rows = []
    for size in shots.shots:
        for name, model in systems.items():
            scored = [
                _run(train, dev, output / f"{name}-{size}-{seed}".replace(" ", "-"), size, shots,
                     replace(how, model=model, dataset="jsonl", seed=seed, overwrite=False))
                for seed in range(shots.seeds)
            ]  # fmt: skip
            rows.append(_row(f"{name}, {size} shots", scored))
    from tabtext.metrics.formats import to_markdown

    with atomic_output(output / SCORES, overwrite=True) as file:
        file.write(to_markdown(rows).encode())
    return rows


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

    drawn = random.Random(f"{how.seed}/{size}").sample(range(len(train)), size)
    if not (folder / "model.safetensors").exists():
        finetune_on(list(text_questions(train[i] for i in drawn)), folder, how, said=f"{size} texts of records")
    chosen = list(islice(dev, shots.dev))
    qa = TableQA.from_pretrained(folder, beams=shots.beams, threshold=0.0)
    asked = ((INSTRUCTION, record_table(example.record)) for example in chosen)
    answers = tuple(answer.text for answer in qa.answers(asked, on_error="skip"))
    return Items(answers, tuple(example.texts for example in chosen))


def _row(name: str, runs: Sequence[Items]) -> Row:
    """The scores of one system, as means over its runs."""
    from tabtext.metrics import load
    from tabtext.metrics.formats import Row
    from tabtext.metrics.significance import over_seeds

    return Row(name, [over_seeds([load(metric).score(items) for items in runs]) for metric in METRICS])


def _unpretrained(model: str, folder: Path) -> str:
    """The model's backbone as pretraining found it: the T5 that it started from, or, where it was made from scratch,
    fresh weights of the same shape with the same tokenizer, which are written into `folder`."""
    import torch

    from gentap.model import DualDecoderT5
    from tabtext.copying import CopyT5, CopyT5Config

    start = backbone(model)
    if start != model or (folder / "model.safetensors").exists():
        return start if start != model else str(folder)
    qa = TableQA.from_pretrained(model)
    config = qa.seq2seq.model.config
    if not isinstance(qa.seq2seq.model, DualDecoderT5):
        raise InputError(f"Model {model!r}: is no pretrained dual-decoder model; make one with gentap pretrain.")
    own = ("model_type", "architectures", "table_qa", "copies", "scale_decoder_outputs", "table_ids", "cell_weight",
           "has_cells")  # fmt: skip
    torch.manual_seed(0)
    folded = getattr(qa.seq2seq.model.encoder, "folded", None)
    fresh = CopyT5(CopyT5Config(**{k: copy.deepcopy(v) for k, v in config.to_dict().items() if k not in own}))
    fresh.start_ready_to_copy()
    settings = ModelSettings(qa.settings.linearization, qa.settings.max_length, qa.settings.decoders)
    dual = DualDecoderT5.from_t5(fresh, copies=config.copies, table_ids=config.table_ids, folded=folded)
    TableQA(qa.seq2seq._replace(model=dual), settings).save_pretrained(folder)
    return str(folder)


def backbone(model: str) -> str:
    """The name of the T5 that pretraining, in one run or several, started from; of a model from scratch its own."""
    from tabtext.models import SIGNATURE, read_config, resolve

    folder = Path(resolve(model))
    if not (folder / SIGNATURE).is_file() or read_config(folder).get("copies"):  # only models from scratch copy
        return model
    made = json.loads((folder / SIGNATURE).read_bytes())["settings"]
    return backbone(made["model"]) if made.get("task") == "pretrain" and made["model"] else model
