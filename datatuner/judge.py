"""`datatuner judge`: the classifier's verdict on every text of a file, and where the truth stands there how often it
is right: class by class, fact by fact, word by word."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from datatuner.fidelity import FidelityClassifier, FidelityReport
from tabtext.corpora.judgements import read_judgements
from tabtext.errors import InputError
from tabtext.examples import Fidelity, FidelityExample
from tabtext.identity import model_identity
from tabtext.jsonl import Line, read_lines, refuse_existing
from tabtext.record import Record, record_and_texts
from tabtext.slots import Verdict
from tabtext.stages import Options, Source, Stage, run_stage

SHARD = 128
"""Texts read before the first verdict is written, so that such of like length share a batch."""

BINS, MILLION = 10, 1_000_000
"""Sections of probabilities that the calibration error compares with frequencies, summed up in millionths."""

FIGURES = frozenset(
    ("judged", "right", "said characters", "unsupported characters", "characters found",
     *(f"{name} {section}" for name in ("sure", "accurate") for section in range(BINS)),
     *(f"{label.value} {name}" for label in Fidelity for name in ("texts", "right", "true", "said", "found")),
     *(f"{verdict.value} {name}" for verdict in Verdict for name in ("facts", "facts found")))
)  # fmt: skip
"""What is counted of texts whose truth is known, so that a run that goes on knows it of all of them."""


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
    refuse_existing(options.output, overwrite=options.overwrite)
    classifier(model)
    stage = Stage("judge", {"model": model_identity(model)}, process_shard=_Shard(model), read=_Reader(model),
                  shard_size=SHARD, figures=FIGURES)  # fmt: skip
    items = enumerate(read_lines(path), 1) if dataset == "jsonl" else _judged_items(path, dataset, records)
    return summary(run_stage(stage, Source(items, "texts"), options))


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

    def __call__(self, items: list[Item], rngs: list[random.Random], counts: Counter[str]) -> Iterator[dict[str, Any]]:
        reports = classifier(self.model).judge((item.record, item.text) for item in items)
        for item, report in zip(items, reports, strict=True):
            if item.truth is not None:
                counts.update(agreeing(item.truth, report))
            yield {"id": item.id, "score": round(report.accurate, 4), "fidelity": report.to_json()}


def agreeing(truth: FidelityExample, report: FidelityReport) -> Counter[str]:
    """How far a report agrees with the truth, as numbers under the names in `FIGURES` that add up over texts."""
    holding, is_right = truth.label[0].value, report.label in truth.label
    section = min(BINS - 1, int(report.accurate * BINS))
    counts = Counter({
        "judged": 1,
        "right": is_right,
        f"{holding} texts": 1,
        f"{holding} right": is_right,
        f"sure {section}": round(report.accurate * MILLION),
        f"accurate {section}": MILLION * (Fidelity.ACCURATE in truth.label),
    })  # fmt: skip
    for label in Fidelity:
        is_true, is_said = label in truth.label, label in report.labels
        counts.update({f"{label.value} true": is_true, f"{label.value} said": is_said,
                       f"{label.value} found": is_true and is_said})  # fmt: skip
    for known, verdict in zip(truth.verdicts, report.verdicts, strict=False):
        counts.update({f"{known} facts": 1, f"{known} facts found": known == verdict.value})
    if truth.spans is not None:
        said, unsupported = _characters(report.unsupported), _characters(truth.spans)
        counts.update({"said characters": len(said), "unsupported characters": len(unsupported),
                       "characters found": len(said & unsupported)})  # fmt: skip
    return Counter({name: int(number) for name, number in counts.items() if number})


def summary(counts: Mapping[str, int]) -> dict[str, Any]:
    """Accuracy by class and of all, fact and word figures, and the calibration error of `accurate`, from the counts of
    all texts (`agreeing`); {} of nothing.

    A text counts as right where the likeliest class is one of its labels; `recall` and `precision` of a fault take all
    faults into account that are likelier there than not.
    """
    number = Counter(counts)
    if not number["judged"]:
        return {}
    gaps = (abs(number[f"sure {section}"] - number[f"accurate {section}"]) for section in range(BINS))
    found = number["characters found"]
    return {
        "texts": number["judged"],
        "accuracy": _share(number["right"], number["judged"]),
        "classes": {label.value: _class(label.value, number) for label in Fidelity},
        "verdicts": {v: _share(number[f"{v} facts found"], number[f"{v} facts"])
                     for v in sorted(verdict.value for verdict in Verdict) if number[f"{v} facts"]},
        "unsupported": {"precision": _share(found, number["said characters"]),
                        "recall": _share(found, number["unsupported characters"])},
        "calibration_error": sum(gaps) / MILLION / number["judged"],
    }  # fmt: skip


def _class(name: str, number: Mapping[str, int]) -> dict[str, Any]:
    return {
        "texts": number[f"{name} texts"],
        "accuracy": _share(number[f"{name} right"], number[f"{name} texts"]),
        "recall": _share(number[f"{name} found"], number[f"{name} true"]),
        "precision": _share(number[f"{name} found"], number[f"{name} said"]),
    }


def _characters(spans: Sequence[tuple[int, int]]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def _share(part: int, whole: int) -> float | None:
    """A part of a whole, None of nothing."""
    return round(part / whole, 4) if whole else None


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
