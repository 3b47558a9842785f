"""`datatuner judge`: the classifier's verdict on every text of a file, and where the truth stands there how often it
is right: class by class, fact by fact, word by word."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from datatuner.calibration import calibration_error
from datatuner.fidelity import FidelityClassifier, FidelityReport
from tabtext.corpora.judgements import read_judgements
from tabtext.errors import InputError
from tabtext.examples import Fidelity, FidelityExample
from tabtext.identity import model_identity
from tabtext.jsonl import Line, read_lines
from tabtext.record import Record, record_and_texts
from tabtext.stages import Options, Source, Stage, run_stage

SHARD = 128
"""Texts read before the first verdict is written, so that such of like length share a batch."""


class Item(NamedTuple):
    """A text to judge with its record, and what is known of it where it is a pair that `datatuner corrupt` wrote."""

    id: str
    record: Record
    text: str
    truth: FidelityExample | None = None


def judge_texts(
    path: Path, options: Options, *, model: str, dataset: str = "jsonl", records: Path | None = None
) -> dict[str, Any]:
    """Write `id`, `score` (the probability of being accurate) and `fidelity` for every line of a file that holds a
    record and a `text`; the summary says how right that was, where lines have a `label`.

    `dataset` may be one of the sets that people judged (`tabtext.corpora.judgements`), `records` where its records are;
    `quals agree` compares the scores with people's.
    """
    classifier(model)
    tally = Tally()
    stage = Stage(
        "judge",
        {"model": model_identity(model)},
        process_shard=_Shard(model, tally),
        read=_Reader(model),
        shard_size=SHARD,
    )
    items = enumerate(read_lines(path), 1) if dataset == "jsonl" else _judged_items(path, dataset, records)
    run_stage(stage, Source(items, "texts"), options)
    return tally.summary()


def _judged_items(path: Path, dataset: str, records: Path | None) -> Iterator[Item]:
    """The texts of a set that people judged; an InputError where it does not hold their records."""
    for judgement in read_judgements(path, dataset, records):
        if not isinstance(judgement.source, Record):
            raise InputError(f"{path}: {dataset} does not hold the record of {judgement.id}; name it with --records.")
        yield Item(judgement.id, judgement.source, judgement.text)


def read_item(numbered: tuple[int, Line]) -> Item:
    """A line as an item; an InputError names its place."""
    number, line = numbered
    fields = line.json()
    try:
        if not isinstance(fields.get("text"), str):
            raise InputError(f"needs 'text' beside its record; found the fields {sorted(fields)}.")
        record, _ = record_and_texts(fields)
        truth = FidelityExample.from_json(fields) if "label" in fields else None
        return Item(str(fields.get("id") or number), record, fields["text"], truth)
    except InputError as error:
        raise InputError(f"{line.name}, line {line.number}: {error}") from None


@dataclass(frozen=True)
class _Reader:
    """`read_item` for one classifier, which must have room for the pair."""

    model: str

    def __call__(self, given: tuple[int, Line] | Item) -> Item:
        item = given if isinstance(given, Item) else read_item(given)
        classifier(self.model).encoder.encode(item.record, item.text)
        return item


@lru_cache(maxsize=1)
def classifier(model: str) -> FidelityClassifier:
    """The classifier of this name, loaded once."""
    return FidelityClassifier.from_pretrained(model)


@dataclass(frozen=True)
class _Shard:
    """The shard function of `judge_texts`."""

    model: str
    tally: Tally

    def __call__(self, items: list[Item], rngs: list[random.Random], counts: Counter[str]) -> Iterator[dict[str, Any]]:
        reports = classifier(self.model).judge((item.record, item.text) for item in items)
        for item, report in zip(items, reports, strict=True):
            if item.truth is not None:
                self.tally.add(item.truth, report)
            yield {"id": item.id, "score": round(report.accurate, 4), "fidelity": report.to_json()}


@dataclass
class Tally:
    """Counts how often reports agree with the truth."""

    judged: list[tuple[FidelityExample, FidelityReport]] = field(default_factory=list)

    def add(self, truth: FidelityExample, report: FidelityReport) -> None:
        """Take one more report into account."""
        self.judged.append((truth, report))

    def summary(self) -> dict[str, Any]:
        """Accuracy by class and of all, fact and word figures, and the calibration error of `accurate`; {} of nothing.

        A text counts as right where the likeliest class is one of its labels; `recall` and `precision` of a fault
        take all faults into account that are likelier there than not.
        """
        if not self.judged:
            return {}
        sure = [report.accurate for _, report in self.judged]
        whole = [Fidelity.ACCURATE in truth.label for truth, _ in self.judged]
        return {
            "texts": len(self.judged),
            "accuracy": _share(report.label in truth.label for truth, report in self.judged),
            "classes": {label.value: self._class(label) for label in Fidelity},
            "verdicts": self._verdicts(),
            "unsupported": self._words(),
            "calibration_error": calibration_error(sure, whole),
        }

    def _class(self, label: Fidelity) -> dict[str, Any]:
        holding = [(truth, report) for truth, report in self.judged if truth.label[0] is label]
        said = [truth for truth, report in self.judged if label in report.labels]
        true = [report for truth, report in self.judged if label in truth.label]
        return {
            "texts": len(holding),
            "accuracy": _share(report.label in truth.label for truth, report in holding),
            "recall": _share(label in report.labels for report in true),
            "precision": _share(label in truth.label for truth in said),
        }

    def _verdicts(self) -> dict[str, float | None]:
        """The share of facts judged right, by what is true of them."""
        pairs = [
            (known, verdict.value)
            for truth, report in self.judged
            for known, verdict in zip(truth.verdicts, report.verdicts, strict=False)
        ]
        return {name: _share(name == said for known, said in pairs if known == name)
                for name in sorted({known for known, _ in pairs})}  # fmt: skip

    def _words(self) -> dict[str, float | None]:
        """Precision and recall of the unsupported characters, of the texts where they are known."""
        both = [
            (_characters(report.unsupported), _characters(truth.spans))
            for truth, report in self.judged
            if truth.spans is not None
        ]
        shared = sum(len(said & known) for said, known in both)
        said, known = (sum(len(pair[side]) for pair in both) for side in (0, 1))
        return {"precision": shared / said if said else None, "recall": shared / known if known else None}


def _characters(spans: Sequence[tuple[int, int]]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def _share(found: Iterable[bool]) -> float | None:
    """How many are true, None of nothing."""
    every = list(found)
    return round(sum(every) / len(every), 4) if every else None


def summary_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """A summary as lines to read."""
    if not figures:
        return
    yield f"accuracy {figures['accuracy']:.1%} of {figures['texts']:,} texts"
    for name, row in figures["classes"].items():
        told = ", ".join(f"{key} {row[key]:.1%}" for key in ("accuracy", "recall", "precision") if row[key] is not None)
        yield f"  {name} ({row['texts']:,}): {told}"
    for name in ("verdicts", "unsupported"):
        rates = ", ".join(f"{key} {rate:.1%}" for key, rate in figures[name].items() if rate is not None)
        yield f"{name}: {rates}" if rates else f"{name}: not known"
    yield f"calibration error of accurate: {figures['calibration_error']:.3f}"
