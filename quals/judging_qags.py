"""The command `quals qags`: one text and its source, or JSON Lines of them, to scores and the questions behind them."""

from __future__ import annotations

import math
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from quals.items import Item, named_source, named_text, read_item
from quals.judging import WITHOUT
from quals.qags import QAGS, SETTINGS, QAGSReport, QAGSSettings
from tabtext.errors import InputError, unknown_name
from tabtext.identity import model_identity
from tabtext.jsonl import dumps, read_lines, refuse_existing
from tabtext.stages import Options, Source, Stage, run_stage

TEXTS = 16
"""Texts that are asked about together."""


@dataclass(frozen=True)
class QAGSJudging:
    """The models that ask and answer, how much is asked, and whether the questions are shown."""

    asker: str
    answerer: str
    settings: QAGSSettings = SETTINGS
    explain: bool = False


def score_one(source: str, text: str, how: QAGSJudging, format: str = "text") -> str:
    """The score of one text as `text` or `json`; both may be names of files."""
    if format not in FORMATS:
        raise unknown_name("--format", format, FORMATS)
    about = named_source(source)
    if about == "":
        raise InputError("--source is empty; there is nothing that could support the text.")
    (report,) = loaded(how).reports([(about, named_text(text, "--text"))])
    return FORMATS[format](report, how.explain)


def score_lines(items: Path, how: QAGSJudging, options: Options) -> Counter[str]:
    """Write every line with its `score` and `n_questions`; texts without evidence are counted, their score is null."""
    refuse_existing(options.output, overwrite=options.overwrite)
    loaded(how)
    models = {"asker": model_identity(how.asker), "answerer": model_identity(how.answerer)}
    stage = Stage("qags", {**asdict(how), **models}, process_shard=_Judge(how), read=read_item, shard_size=TEXTS,
                  figures=frozenset({WITHOUT}))  # fmt: skip
    counts = run_stage(stage, Source(read_lines(items), "texts"), options)
    if counts[WITHOUT]:
        print(f"qags: {counts[WITHOUT]:,} texts {WITHOUT}, their score is null", file=sys.stderr)
    return counts


@dataclass(frozen=True)
class _Judge:
    """Items to their lines with scores, many at once: the shard function of `qags`."""

    how: QAGSJudging

    def __call__(self, items: list[Item], rngs: list[random.Random], counts: Counter[str]) -> Iterator[dict[str, Any]]:
        reports = loaded(self.how).reports((item.source, item.text) for item in items)
        for item, report in zip(items, reports, strict=True):
            counts[WITHOUT] += not report.asked
            yield {**item.fields, **_fields(report, self.how.explain)}


@lru_cache(maxsize=1)
def loaded(how: QAGSJudging) -> QAGS:
    """The scorer of these settings, kept for the next shard."""
    return QAGS.from_pretrained(how.asker, how.answerer, how=how.settings)


def _fields(report: QAGSReport, explain: bool) -> dict[str, Any]:
    """The score (null where there is no evidence) and `n_questions`, with `explain` also the questions themselves."""
    fields = report.to_json()
    asked, dropped = fields.pop("asked"), fields.pop("dropped")
    del fields["text"]
    shown = {"questions": asked, "dropped": dropped} if explain else {}
    return {**fields, "n_questions": len(asked), **shown}


def _as_text(report: QAGSReport, explain: bool) -> str:
    if math.isnan(report.score):
        lines = ["no evidence (the text gives no question that it answers)"]
    else:
        lines = [f"{report.score:.3f} ({len(report.asked)} question{'s' * (len(report.asked) != 1)})"]
    if explain:
        asked = sorted(report.asked, key=lambda one: one.f1)
        lines += [
            f"  {one.f1:.2f}  {one.question}  source: {one.from_source!r}  text: {one.from_text!r}" for one in asked
        ]
        lines += [f"  dropped: {number:,} {reason}" for reason, number in sorted(report.dropped.items())]
    return "\n".join(lines)


FORMATS = {
    "text": _as_text,
    "json": lambda report, explain: dumps({"text": report.text, **_fields(report, explain)}),
}
"""How one text's score is shown, by name."""
