"""The building blocks of a self-contained HTML page: elements, a drawn table with its evidence, a table of scores.

A plain string is text and gets escaped wherever it goes; only `Html` is markup. A page loads nothing and runs nothing:
its content security policy allows its own style sheet, by hash, and that alone.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from tabtext.table import Cell, Table

if TYPE_CHECKING:
    from tabtext.metrics.base import Score

MAX_ROWS = 60
"""A drawn table shows at most this many rows beside those with evidence, and says how many it leaves out."""

_VOID = frozenset({"meta", "br", "hr"})


class Html(str):
    """Markup that may go into a page as it is; made by `element`, `join` and what is built from them."""


def element(tag: str, *children: str, **attributes: str | int | float | bool | None) -> Html:
    """`<tag …>children</tag>`; plain strings are escaped, attributes that are None or False are left out.

    An attribute's trailing underscore goes and others become hyphens: `class_="soft"`, `aria_label="Scores"`.
    """
    words = [tag]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        words.append(name if value is True else f'{name}="{_escaped(str(value))}"')
    opening = f"<{' '.join(words)}>"
    return Html(opening if tag in _VOID else f"{opening}{join(*children)}</{tag}>")


def join(*parts: str, separator: str = "") -> Html:
    """Parts one after the other; plain strings are escaped."""
    return Html(separator.join(part if isinstance(part, Html) else _escaped(part) for part in parts))


def page(title: str, *sections: str, lang: str = "en") -> Html:
    """A whole page that needs no other file; each section is `Html`, or a plain string that becomes a paragraph."""
    css = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    digest = b64encode(sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Html(css)),
    )
    blocks = [part if isinstance(part, Html) else element("p", part) for part in sections]
    body = element("body", element("main", element("h1", title), *blocks))
    return join(Html("<!doctype html>\n"), element("html", head, Html("\n"), body, lang=lang), Html("\n"))


def section(heading: str, *parts: str) -> Html:
    """A part of a page under its own heading; plain strings become paragraphs."""
    blocks = [part if isinstance(part, Html) else element("p", part) for part in parts]
    return join(Html("\n"), element("section", element("h2", heading), *blocks))


def facts(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> Html:
    """Names and what they are, one pair a line: question, answer, reference …"""
    listed = pairs.items() if isinstance(pairs, Mapping) else pairs
    return element("dl", *(join(element("dt", name), element("dd", text)) for name, text in listed))


def draw_table(table: Table, highlighted: Iterable[Cell] = (), *, max_rows: int = MAX_ROWS) -> Html:
    """A table with its evidence marked; of a long one the first rows and those with evidence, gaps said."""
    marked = set(highlighted)
    evident = {row for row, _ in marked}
    shown = [row for row in range(len(table)) if row < max_rows or row in evident]
    lines: list[Html] = []
    for previous, row in zip([-1, *shown], shown, strict=False):
        lines += _gap(row - previous - 1, table.width)
        lines.append(_row(table.rows[row], {column for r, column in marked if r == row}))
    lines += _gap(len(table) - (shown[-1] + 1 if shown else 0), table.width)
    name = " · ".join(filter(None, (table.title, table.section)))
    header = element("tr", *(element("th", column, scope="col") for column in table.header))
    parts = [element("caption", name)] if name else []
    return _scrolling(element("table", *parts, element("thead", header), element("tbody", *lines)), name or "Table")


def score_table(scores: Iterable[Score]) -> Html:
    """Scores one a line: name, value, 95 % interval, and the signature to quote with it."""
    lines = [
        element(
            "tr",
            element("th", score.name, scope="row"),
            element("td", f"{score.value:.4g}", class_="number"),
            element("td", "{:.4g} to {:.4g}".format(*score.interval) if score.interval else "", class_="number"),
            element("td", element("code", f"{score.name}|{score.signature}")),
        )
        for score in scores
    ]
    names = ("Metric", "Score", "95 % interval", "Signature")
    header = element("tr", *(element("th", name, scope="col") for name in names))
    return _scrolling(element("table", element("thead", header), element("tbody", *lines)), "Scores")


def grid(corner: str, columns: Sequence[str], rows: Mapping[str, Sequence[str]], label: str) -> Html:
    """A table of short entries: one named row per system, one column per metric, numbers to the right."""
    header = element("tr", element("th", corner, scope="col"), *(_heading(name) for name in columns))
    lines = [
        element("tr", element("th", name, scope="row"), *(element("td", entry, class_="number") for entry in entries))
        for name, entries in rows.items()
    ]
    return _scrolling(element("table", element("thead", header), element("tbody", *lines)), label)


def _heading(name: str) -> Html:
    return element("th", name, scope="col", class_="number")


def _row(cells: Sequence[str], marked: set[int]) -> Html:
    return element(
        "tr",
        *(
            element("td", element("mark", text), class_="evidence") if column in marked else element("td", text)
            for column, text in enumerate(cells)
        ),
    )


def _gap(rows: int, width: int) -> list[Html]:
    if rows <= 0:
        return []
    return [element("tr", element("td", f"⋮ {rows:,} rows not shown", colspan=width), class_="gap")]


def _scrolling(table: Html, label: str) -> Html:
    """A wide table scrolls by itself, also from the keyboard."""
    return element("div", table, class_="scroll", role="region", aria_label=label, tabindex=0)


def _escaped(text: str) -> str:
    """Text as HTML: markup characters escaped; control characters and lone surrogates, which HTML forbids, replaced."""
    plain = "".join(c if c.isprintable() or c in "\n\t" or not _forbidden(c) else "�" for c in text)
    return escape(plain, quote=True)


def _forbidden(character: str) -> bool:
    code = ord(character)
    return code < 32 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE
