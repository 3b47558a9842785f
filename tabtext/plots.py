"""Bar plots as inline SVG: no script, no font, no file from elsewhere, readable without seeing colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tabtext.report import Html, element, join

WIDTH, LABEL_WIDTH, VALUE_WIDTH = 420, 130, 48
BAR, GAP, FONT = 13, 9, 11


def bar_plot(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Html:
    """Horizontal bars: one group per label, one bar per named series, values (none below 0) written at their ends."""
    names = list(series)
    largest = max((abs(value) for values in series.values() for value in values), default=0) or 1
    step = len(names) * BAR + GAP
    scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / largest
    groups = [
        _group(label, number * step, [values[number] for values in series.values()], scale)
        for number, label in enumerate(labels)
    ]
    height = len(labels) * step + GAP
    axis = element("line", class_="axis", x1=LABEL_WIDTH, x2=LABEL_WIDTH, y1=0, y2=height)
    said = "; ".join(
        f"{label}: {', '.join(f'{name} {values[i]:.4g}' for name, values in series.items())}"
        for i, label in enumerate(labels)
    )
    svg = element("svg", axis, *groups, viewBox=f"0 0 {WIDTH} {height}", role="img", aria_label=f"{title}. {said}")
    order = f" Bars from top to bottom: {', '.join(names)}." if len(names) > 1 else ""
    return element("figure", element("figcaption", title + "." + order), svg)


def _group(label: str, top: float, values: Sequence[float], scale: float) -> Html:
    middle = top + GAP + len(values) * BAR / 2 + 4
    parts = [element("text", _cut(label), x=LABEL_WIDTH - 6, y=middle, text_anchor="end", font_size=FONT)]
    for number, value in enumerate(values):
        y = top + GAP + number * BAR
        width = max(0.0, value * scale)
        shade = round(1 - 0.55 * number / max(1, len(values) - 1), 2)
        bar = element(
            "rect", class_="bar", x=LABEL_WIDTH, y=y, width=f"{width:.1f}", height=BAR - 2, fill_opacity=shade
        )
        parts.append(bar)
        parts.append(element("text", f"{value:.3g}", x=f"{LABEL_WIDTH + width + 4:.1f}", y=y + BAR - 3, font_size=FONT))
    return join(*parts)


def _cut(label: str) -> str:
    return label if len(label) <= 22 else label[:21] + "…"
