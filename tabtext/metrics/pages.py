"""The report: one page with the scores of some runs, their breakdowns, and the examples worth reading."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.errors import InputError
from tabtext.metrics import load
from tabtext.metrics.base import Items, Metric
from tabtext.metrics.breakdowns import BREAKDOWNS, breakdown, labels
from tabtext.metrics.floors import table_of
from tabtext.metrics.formats import Row, metric_names, short, signatures
from tabtext.metrics.runs import Run, Scoring, compare_runs, score_runs
from tabtext.plots import bar_plot
from tabtext.record import FORMS, Record
from tabtext.report import Html, draw_table, element, facts, grid, join, page, section
from tabtext.table import Cell

if TYPE_CHECKING:
    from tabtext.metrics.base import Floats

ORDER_BY = "chrf"
"""The metric that tells the worst and the most changed examples: it says something of a single short text."""
MOST_PARTS = 12
"""A breakdown with more parts is shown only where a person asks for it."""


class Shown(NamedTuple):
    """What a report shows: breakdowns (None: all that fit), the categories seen in training, how many examples."""

    by: tuple[str, ...] | None = None
    seen: Container[str] | None = None
    examples: int = 10


def report_page(runs: Sequence[Run], scoring: Scoring, shown: Shown) -> Html:
    """The page for these runs, which all answer the same items; later runs are compared with the first."""
    rows = score_runs(runs, scoring)
    metric = scoring.load()[0]
    sections = [section("Scores", _scores(rows), _signatures(rows))]
    if len(runs) > 1:
        sections.append(section("Are the differences real?", *_differences(runs, scoring)))
    if plots := _plots(runs, metric, shown):
        sections.append(section(f"Breakdowns by {metric.name}", element("div", *plots, class_="plots")))
    sections += _example_sections(runs, shown.examples)
    names = ", ".join(run.name for run in runs)
    return page(f"Report: {names}", f"{len(runs[0].items):,} items, {len(runs)} systems.", *sections)


def _scores(rows: Sequence[Row]) -> Html:
    names = metric_names(rows)
    lines = {}
    for row in rows:
        by_name = {score.name: short(score) for score in row.scores}
        name = row.system if row.kind == "system" else f"{row.system} ({row.kind})"
        lines[name] = [by_name.get(name, "") for name in names]
    return grid("System", names, lines, "Scores")


def _signatures(rows: Sequence[Row]) -> Html:
    listed = [element("li", element("code", signature)) for signature in signatures(rows)]
    return element("details", element("summary", "Signatures to quote with the numbers"), element("ul", *listed))


def _differences(runs: Sequence[Run], scoring: Scoring) -> list[Html]:
    parts = []
    columns = ("first", "second", "difference", "95 % interval", "p (bootstrap)", "p (randomisation)", "better")
    usable = Scoring(_testable(scoring), scoring.resamples, scoring.seed, scoring.encoder)
    for run in runs[1:]:
        lines = {
            c.first.name: [
                f"{c.first.value:.4g}", f"{c.second.value:.4g}", f"{c.difference:+.3g}",
                "{:+.3g} to {:+.3g}".format(*c.interval), f"{c.p_bootstrap:.4f}", f"{c.p_randomisation:.4f}", c.better,
            ]
            for c in compare_runs(runs[0], run, usable)
        }  # fmt: skip
        title = f"{runs[0].name} (first) and {run.name} (second)"
        parts += [element("h3", title), grid("Metric", columns, lines, title)]
    return parts


def _testable(scoring: Scoring) -> tuple[str, ...]:
    return tuple(metric.name for metric in scoring.load() if metric.resamples)


def _plots(runs: Sequence[Run], metric: Metric, shown: Shown) -> list[Html]:
    statistics = [metric.checked_statistics(run.items) for run in runs]
    found = []
    for by in (*BREAKDOWNS, "seen") if shown.by is None else shown.by:
        try:
            parts = labels(runs[0].items, by, seen=shown.seen)
        except InputError:
            if shown.by is not None:
                raise
            continue
        if shown.by is not None or 2 <= len({part for part in parts if part is not None}) <= MOST_PARTS:
            found.append(_plot(by, metric, runs, statistics, parts))
    return found


def _plot(
    by: str, metric: Metric, runs: Sequence[Run], statistics: Sequence[Floats], parts: Sequence[str | None]
) -> Html:
    by_run = {run.name: breakdown(metric, own, parts) for run, own in zip(runs, statistics, strict=True)}
    named = [f"{part.label} ({part.size:,})" for part in by_run[runs[0].name]]
    values = {name: [part.value for part in found] for name, found in by_run.items()}
    return bar_plot(f"{metric.name} by {by.replace('-', ' ')}, items in brackets", named, values)


def _example_sections(runs: Sequence[Run], count: int) -> list[Html]:
    if not count or not all(runs[0].items.references):
        return []
    metric = load(ORDER_BY)
    scores = [metric.value(metric.statistics(run.items)).tolist() for run in runs]
    last = scores[-1]
    worst = sorted(range(len(last)), key=lambda i: (last[i], i))[:count]
    sections = [section(f"Worst of {runs[-1].name}, by {ORDER_BY}", *(_example(runs, scores, i) for i in worst))]
    if len(runs) > 1:
        changed = sorted(range(len(last)), key=lambda i: (-abs(last[i] - scores[0][i]), i))[:count]
        title = f"Most changed from {runs[0].name} to {runs[-1].name}, by {ORDER_BY}"
        sections.append(section(title, *(_example(runs, scores, i) for i in changed)))
    return sections


def _example(runs: Sequence[Run], scores: Sequence[Sequence[float]], index: int) -> Html:
    items = runs[0].items
    fields = items.fields[index] if items.fields else {}
    lines = [("Question", fields["question"])] if isinstance(fields.get("question"), str) else []
    lines += [("Record", text)] if (text := _record(fields)) else []
    lines += [("Reference", text) for text in items.references[index]]
    said = [(run.name, _said(run.items, index, own[index])) for run, own in zip(runs, scores, strict=True)]
    name = items.ids[index] if items.ids else str(index + 1)
    return element("article", element("h3", f"Item {name}"), facts([*lines, *said]), _table(fields), class_="example")


def _said(items: Items, index: int, score: float) -> Html:
    return join(items.predictions[index] or "(empty)", " ", element("span", f"{ORDER_BY} {score:.1f}", class_="soft"))


def _record(fields: Any) -> str:
    if not any(form in fields for form in FORMS):
        return ""
    return "; ".join(" | ".join(filter(None, triple)) for triple in Record.from_json(fields).triples)


def _table(fields: Any) -> Html:
    table = table_of(fields)
    if table is None:
        return Html("")
    marked = fields.get("evidence") or table.highlighted or fields.get("predicted_evidence") or ()
    return draw_table(table, [Cell(row, column) for row, column in marked])
