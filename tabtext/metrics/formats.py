"""Scores as text to paste, JSON, Markdown and LaTeX: a row per system, a column per metric, signatures always there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tabtext.metrics.base import Score
from tabtext.metrics.significance import Comparison, Seeds


class Row(NamedTuple):
    """One system's scores; `kind` is `system`, or `floor`, `gold` or `ceiling` for what stands beside the systems."""

    system: str
    scores: Sequence[Score | Seeds]
    kind: str = "system"


def short(score: Score | Seeds) -> str:
    """The number alone; over seeds with its deviation, and the interval of the mean where it has one."""
    if not isinstance(score, Seeds):
        return f"{score.value:.4g}"
    interval = f" [{score.interval[0]:.4g}, {score.interval[1]:.4g}]" if score.interval else ""
    return f"{score.mean:.4g} ± {score.deviation:.2g}{interval}"


def to_text(rows: Sequence[Row]) -> str:
    """One line per score of a system, its name before it where there are several; floors and ceilings as a grid."""
    systems, bounds = ([row for row in rows if (row.kind == "system") is own] for own in (True, False))
    prefix = "{}: " if len(systems) > 1 else ""
    lines = [f"{prefix.format(row.system)}{score}" for row in systems for score in row.scores]
    if bounds:
        names = metric_names(bounds)
        cells = [["", *names], *([f"{row.system} ({row.kind})", *_cells(row, names)] for row in bounds)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines += ["", *("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)]
    return "\n".join(lines) + "\n"


def to_json(rows: Sequence[Row]) -> str:
    """A list of systems with their scores at full precision."""
    systems = [{"system": r.system, "kind": r.kind, "scores": [score.to_json() for score in r.scores]} for r in rows]
    return json.dumps(systems, ensure_ascii=False, indent=1) + "\n"


def to_markdown(rows: Sequence[Row]) -> str:
    """A table, and below it the signature of every column."""
    names = metric_names(rows)
    lines = [f"| system | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}"]
    lines += [f"| {_md(row.system)} | {' | '.join(_cells(row, names))} |" for row in rows]
    return "\n".join([*lines, "", *(f"- `{signature}`" for signature in signatures(rows))]) + "\n"


def to_latex(rows: Sequence[Row]) -> str:
    """A tabular for booktabs, the signatures as comments above it."""
    names = metric_names(rows)
    comments = [f"% {signature}" for signature in signatures(rows)]
    head = " & ".join(["system", *map(_tex, names)]) + r" \\"
    body = [" & ".join([_tex(row.system), *map(_tex, _cells(row, names))]) + r" \\" for row in rows]
    top = [rf"\begin{{tabular}}{{l{'r' * len(names)}}}", r"\toprule", head, r"\midrule"]
    return "\n".join([*comments, *top, *body, r"\bottomrule", r"\end{tabular}"]) + "\n"


def metric_names(rows: Sequence[Row]) -> list[str]:
    """The metrics of any row, in the order in which they first come."""
    return list(dict.fromkeys(score.name for row in rows for score in row.scores))


def signatures(rows: Sequence[Row]) -> list[str]:
    """The different signatures of all scores, each with its metric's name."""
    return list(dict.fromkeys(f"{score.name}|{score.signature}" for row in rows for score in row.scores))


FORMATS: dict[str, Callable[[Sequence[Row]], str]] = {
    "text": to_text,
    "json": to_json,
    "markdown": to_markdown,
    "latex": to_latex,
}

COMPARISON_FORMATS: dict[str, Callable[[Sequence[Comparison]], str]] = {
    "text": lambda comparisons: "".join(f"{comparison}\n" for comparison in comparisons),
    "json": lambda comparisons: json.dumps([comparison.to_json() for comparison in comparisons], indent=1) + "\n",
}


def _cells(row: Row, names: Sequence[str]) -> list[str]:
    by_name = {score.name: short(score) for score in row.scores}
    return [by_name.get(name, "") for name in names]


def _md(text: str) -> str:
    return re.sub(r"([|*_`<\\\[\]])", r"\\\1", " ".join(text.split()))


def _tex(text: str) -> str:
    escaped = re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", r"\textbackslash "))
    return escaped.replace("±", r"$\pm$").replace("~", r"\textasciitilde ").replace("^", r"\textasciicircum ")
