"""`datatuner evaluate`: a model's texts for a data set, scored against all references of each record.

Beside the usual metrics stand slot errors with the checker's own floor, the share of each fidelity class, and
breakdowns by number of facts and by whether the record's category was in the training data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datatuner.ranking import WEIGHT, Reranking
from datatuner.texts import is_plain, plain_texts, texts_by_id
from tabtext.corpora.records import read_examples
from tabtext.errors import InputError
from tabtext.examples import Fidelity, TextExample
from tabtext.jsonl import refuse_existing, write_jsonl
from tabtext.metrics.base import Items
from tabtext.metrics.evaluated import PREDICTIONS, SCORES, Evaluated, computable, named

if TYPE_CHECKING:
    from tabtext.metrics.base import Floats, Metric

METRICS = (
    "sacrebleu", "sacrebleu_lc", "meteor", "rougeL", "cider", "chrf", "ter", "length_ratio",
    "slot_error_rate", "slot_error_rate_repeats",
)  # fmt: skip
SHARES = tuple(f"fidelity_{fidelity.value}" for fidelity in Fidelity)
BROKEN_DOWN = ("sacrebleu", "chrf", "slot_error_rate_repeats")
"""The metrics of the breakdowns, where they are among those that are scored."""


@dataclass(frozen=True)
class Evaluating:
    """How texts are evaluated: by which `metrics`, on how many records, with how many resamples for intervals.

    With `judge` (`slots` or a classifier) the candidates are reranked by `policy` and `weight`, and the shares of its
    classes are told; `policy` `none` keeps the beam's first. `seen` is the data that the model was trained on, whose
    categories count as seen.
    """

    dataset: str = "auto"
    split: str = "dev"
    metrics: tuple[str, ...] = ()
    judge: str | None = None
    policy: str = "probability"
    weight: float = WEIGHT
    candidates: int = 5
    seen: Path | None = None
    resamples: int = 1000
    limit: int | None = None
    seed: int = 12345
    overwrite: bool = False


EVALUATING = Evaluating()


def evaluate(
    data: Path, output: Path, how: Evaluating = EVALUATING, *, model: str | None = None, texts: Path | None = None
) -> Evaluated:
    """Score a model's texts, or those of a file, for the records of `data`, and write both into the folder `output`.

    `predictions.jsonl` is written whatever becomes of the scoring. Raises InputError for data, models or texts that
    do not fit.
    """
    if (model is None) == (texts is None):
        raise InputError("Name a --model that says the records, or a file of --texts; found both or neither.")
    how = replace(how, metrics=named(how.metrics))
    for name in (PREDICTIONS, SCORES):
        refuse_existing(output / name, overwrite=how.overwrite)
    examples = list(islice((e for e in read_examples(data, how.dataset, how.split) if e.texts), how.limit))
    if not examples:
        raise InputError(f"{data}: no record with a reference text.")
    rows = _said(model, examples, how) if model else _read(texts or Path("-"), examples)
    if how.judge:
        rows = _judged(rows, examples, how)
    records = [_record(row, example) for row, example in zip(rows, examples, strict=True)]
    write_jsonl(output / PREDICTIONS, records, overwrite=how.overwrite)
    evaluated = _scored(model or str(texts), records, examples, how)
    evaluated.save(output)
    return evaluated


def _said(model: str, examples: Sequence[TextExample], how: Evaluating) -> list[dict[str, Any]]:
    """The model's candidates for each record, as `datatuner generate` writes them."""
    from tqdm import tqdm

    from datatuner.generate import Generation, Generator

    generator = Generator.from_pretrained(model)
    beams = Generation(candidates=how.candidates, beams=max(how.candidates, Generation.beams))
    found = generator.candidates((example.record for example in examples), how=beams)
    told = tqdm(found, total=len(examples), unit=" records", disable=None, file=sys.stderr)
    return [
        {"text": group[0].text, "logprob": group[0].logprob, "source": "model",
         "candidates": [{"text": one.text, "logprob": one.logprob} for one in group]}
        for group in told
    ]  # fmt: skip


def _read(path: Path, examples: Sequence[TextExample]) -> list[dict[str, Any]]:
    """The lines of a file of texts, one per record: by `id`, or where it is plain text in the records' order."""
    if is_plain(path):
        return [{"text": text} for text in plain_texts(path, len(examples))]
    by_id: dict[str, dict[str, Any]] = {}
    for said in texts_by_id(path):
        if said.fault:
            raise InputError(said.fault)
        by_id[said.id] = dict(said.fields)
    missing = [example.id for example in examples if example.id not in by_id]
    if missing:
        raise InputError(f"{path}: no text for {len(missing):,} of {len(examples):,} records, such as {missing[0]!r}.")
    return [by_id[example.id] for example in examples]


def _judged(rows: Sequence[dict[str, Any]], examples: Sequence[TextExample], how: Evaluating) -> list[dict[str, Any]]:
    """The rows with the candidate that the policy chooses, and what the judge says of it."""
    from datatuner.judges import load_judge
    from datatuner.ranking import Work, judge_all, rank
    from datatuner.rerank import ranked_row, read_candidates

    judge = load_judge(how.judge or "")
    works = [
        Work(example.record, tuple(read_candidates(_choices(row, how), f"Record {example.id!r}")))
        for row, example in zip(rows, examples, strict=True)
    ]
    ranking = Reranking(how.judge or "", "paper" if how.policy == "none" else how.policy, how.weight)
    chosen = [
        (work, judged, rank(work.candidates, judged, ranking)[0])
        for work, judged in zip(works, judge_all(works, judge), strict=True)
    ]
    return [ranked_row(work, judged, first) for work, judged, first in chosen]


def _choices(row: dict[str, Any], how: Evaluating) -> dict[str, Any]:
    """What may be chosen from a row: its candidates, or with the policy `none` its text alone."""
    names = set(row) if how.policy != "none" else {"text", "logprob"}
    return {"logprob": 0.0, **{name: value for name, value in row.items() if name in names}}


def _record(row: dict[str, Any], example: TextExample) -> dict[str, Any]:
    """A line of predictions.jsonl: what was said of a record, the record, and its references."""
    said: dict[str, Any] = {name: row[name] for name in ("candidates", "fidelity", "logprob", "source") if name in row}
    return {**example.record.to_json(), "prediction": row["text"], **said, "references": list(example.texts)}


def _scored(
    name: str, records: Sequence[dict[str, Any]], examples: Sequence[TextExample], how: Evaluating
) -> Evaluated:
    from tabtext.metrics.runs import Run, Scoring, score_runs

    judged = all("fidelity" in record for record in records)
    wanted = how.metrics or (*METRICS, *(SHARES if judged else ()))
    fields = tuple(
        {**example.record.to_json(), **_fidelity(row)} for row, example in zip(records, examples, strict=True)
    )
    items = Items(
        tuple(record["prediction"] for record in records),
        tuple(example.texts for example in examples),
        tuple(example.id for example in examples),
        fields,
    )
    scoring = Scoring(tuple(computable(wanted)), how.resamples, how.seed)
    rows = score_runs([Run(name, items)], scoring)
    return Evaluated(rows, _facts(name, examples, how), _breakdowns(items, scoring.load(), how))


def _fidelity(record: dict[str, Any]) -> dict[str, Any]:
    return {"fidelity": record["fidelity"]["class"]} if "fidelity" in record else {}


def _breakdowns(items: Items, metrics: Iterable[Metric], how: Evaluating) -> dict[str, dict[str, Any]]:
    """Scores by number of facts, by dialogue act or category, and of seen and unseen categories, where there are."""
    from tabtext.metrics.breakdowns import breakdown, labels

    chosen: dict[str, tuple[Metric, Floats]] = {
        metric.name: (metric, metric.checked_statistics(items)) for metric in metrics if metric.name in BROKEN_DOWN
    }
    kinds: dict[str, frozenset[str] | None] = {"facts": None, "category": None, "act": None}
    if how.seen is not None:
        kinds["seen"] = frozenset(
            example.record.category
            for example in read_examples(how.seen, how.dataset, "train")
            if example.record.category
        )
    found = {}
    for by, seen in kinds.items():
        try:
            parts = labels(items, by, seen=seen)
        except InputError:
            if by == "seen":
                raise
            continue
        if by == "seen" or len(set(parts)) > 1:
            found[by] = {name: breakdown(metric, statistics, parts) for name, (metric, statistics) in chosen.items()}
    return found


def _facts(name: str, examples: Sequence[TextExample], how: Evaluating) -> dict[str, Any]:
    """What belongs beside the scores."""
    settings = {key: value for key, value in asdict(how).items() if key not in ("overwrite", "metrics") and value}
    references = sum(len(example.texts) for example in examples)
    return {"n": len(examples), "texts": name, "references": references,
            "evaluating": {key: str(value) for key, value in settings.items()}}  # fmt: skip
