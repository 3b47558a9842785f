"""Runs: prediction files brought together with their references, scored, bounded and compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.metrics import DEFAULT_METRICS, load
from tabtext.metrics.base import Items, Metric
from tabtext.metrics.floors import bounds, usable
from tabtext.metrics.formats import Row
from tabtext.metrics.references import ANY_FIELD, Entry, Fields, match, read_predictions, read_references
from tabtext.metrics.significance import RESAMPLES, SEED, Comparison, compare, over_seeds, with_interval


class Run(NamedTuple):
    """A named system's predictions with their references."""

    name: str
    items: Items


@dataclass(frozen=True)
class Scoring:
    """How runs are scored: by which metrics, with how many resamples for intervals (0: none), from which seed."""

    metrics: tuple[str, ...] = DEFAULT_METRICS
    resamples: int = RESAMPLES
    seed: int = SEED
    encoder: str | None = None

    def load(self) -> list[Metric]:
        """The metrics, ready to compute."""
        options: dict[str, dict[str, Any]] = {"bertscore": {"encoder": self.encoder}}
        return [load(name, **options.get(name, {})) for name in dict.fromkeys(self.metrics)]


@dataclass(frozen=True)
class Wanted:
    """Where the references are: files, or with `dataset` the folder of a public data set of which `split` is taken."""

    paths: tuple[Path, ...]
    dataset: str | None = None
    split: str = "dev"
    fields: Fields = ANY_FIELD
    groups: int | None = None

    def read(self) -> list[Entry]:
        """The groups of references; an InputError where they are not as many as expected."""
        names = " and ".join(map(str, self.paths))
        found = read_references(self.paths, self.fields) if self.dataset is None else self._of_dataset()
        if self.groups is not None and len(found) != self.groups:
            raise InputError(f"{names}: {len(found):,} groups of references where {self.groups:,} were expected.")
        return found

    def _of_dataset(self) -> list[Entry]:
        from tabtext.corpora.records import read_examples

        if len(self.paths) != 1 or self.dataset is None:
            raise InputError("With --dataset, --references is one folder, the data set's.")
        examples = read_examples(self.paths[0], self.dataset, self.split)
        return [Entry(example.id, example.texts, example.to_json()) for example in examples]


def read_runs(predictions: Sequence[Path], wanted: Wanted) -> list[Run]:
    """A run per file of predictions, named after it."""
    groups = wanted.read()
    theirs = " and ".join(map(str, wanted.paths))
    names = run_names(predictions)
    return [
        Run(name, match(read_predictions(path, wanted.fields), groups, str(path), theirs))
        for name, path in zip(names, predictions, strict=True)
    ]


def run_names(paths: Sequence[Path]) -> list[str]:
    """Short distinct names for files: their names, or their whole paths where names repeat."""
    names = [path.name.split(".")[0] or str(path) for path in paths]
    return names if len(set(names)) == len(names) else [str(path) for path in paths]


def score_runs(runs: Sequence[Run], scoring: Scoring, *, seeds: bool = False, with_bounds: bool = True) -> list[Row]:
    """A row of scores per run, or one for all of them with `seeds`; then the floors and ceilings of their items."""
    metrics = scoring.load()
    rows = [_row(run.name, "system", run.items, metrics, scoring) for run in runs]
    if seeds:
        columns = zip(*(row.scores for row in rows), strict=True)
        name = f"{len(rows)} runs: {', '.join(run.name for run in runs)}"
        rows = [Row(name, [over_seeds(column) for column in columns])]
    if with_bounds:
        rows += bound_rows(runs[0].items, metrics, scoring)
    return rows


def bound_rows(items: Items, metrics: Sequence[Metric], scoring: Scoring) -> list[Row]:
    """The floors and ceilings of these items, each by the metrics that say something of it."""
    rows = []
    for bound in bounds(items, scoring.seed):
        if chosen := [metric for metric in metrics if usable(metric, bound)]:
            rows.append(_row(bound.name, bound.kind, bound.items, chosen, scoring))
    return rows


def compare_runs(first: Run, second: Run, scoring: Scoring) -> list[Comparison]:
    """The second run against the first, by every metric."""
    return [
        compare(metric, first.items, second.items, resamples=scoring.resamples or RESAMPLES, seed=scoring.seed)
        for metric in scoring.load()
    ]


def _row(name: str, kind: str, items: Items, metrics: Iterable[Metric], scoring: Scoring) -> Row:
    scores = []
    for metric in metrics:
        statistics = metric.checked_statistics(items)
        score = metric.score_from(items, statistics)
        scores.append(with_interval(score, metric, statistics, resamples=scoring.resamples, seed=scoring.seed))
    return Row(name, scores, kind)
