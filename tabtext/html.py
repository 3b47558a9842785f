"""Tables in HTML pages: every `<table>` as a `Table`, as a reader of the page would see it.

Merged cells are repeated in every place they cover, header rows are joined, footnote marks, hidden sort keys and edit
links are left out, and a table inside a table is one of its own. Broken HTML is read the way browsers read it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from lxml import etree

from tabtext.errors import InputError
from tabtext.table import Table

Element: TypeAlias = etree._Element

MAX_COLSPAN = 1000
"""A cell that claims to be wider is one column wide, as the HTML standard has it."""
MAX_ROWSPAN = 65_534
"""A cell that claims to be higher is one row high."""
MAX_SPREAD_COLUMNS = 2000
"""A merged cell is spread over its columns until the row is this wide; from then on it is one cell."""
MAX_SPREAD_CELLS = 1_000_000
"""A table's merged cells are spread over their places until it has this many cells; from then on each is one cell."""
MAX_TABLE_CELLS = 20_000_000
"""A table that would have more cells, its short rows filled up, is refused."""
MAX_HEADER_ROWS = 5
"""More leading rows of header cells than this are rows of the body."""

LAYOUT_CLASSES = frozenset(
    ("navbox", "navbox-inner", "navbox-subgroup", "vertical-navbox", "sidebar", "infobox", "vcard", "biota", "metadata",
     "ambox", "tmbox", "mbox-small", "noprint", "persondata", "toc", "toccolours", "multicol", "succession-box")
)  # fmt: skip
"""Classes of tables that lay out a page, sum up its subject or link to other pages."""
HIDDEN_CLASSES = frozenset(("reference", "sortkey", "editsection", "mw-editsection", "noprint", "mw-cite-backlink"))
"""Classes of elements whose text is no part of the text around them."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MARKS = ("span", "sup", "small", "div", "p")
_BREAKS = ("br", "hr", "li", "p", "div", "dd", "dt")
_NEVER_SHOWN = ("style", "script", "template", "noscript")
_LINKS = re.compile(rb"""<(?:/?a|img)(?:\s[^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*)?>""")
"""The tags of links and pictures, in lower case, no `<` in an attribute: half of a page's bytes, none of its text."""
_HIDDEN_STYLE = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def html_tables(html: bytes | str, *, data_only: bool = False) -> list[Table]:
    """The tables of a page in document order; `data_only` leaves out layouts and what has no header (`holds_data`).

    A table's section is the nearest heading before it and its caption. A table without header cells has empty names
    in its header. Raises InputError where a table is too large to hold (`MAX_TABLE_CELLS`).
    """
    root = parse_html(html)
    return [] if root is None else take_tables(root, data_only=data_only)


def parse_html(html: bytes | str) -> Element | None:
    """The tree of a page without what it hides; None where there is nothing in it.

    Bytes are UTF-8 where they can be, else what the page declares, else Windows-1252. Most tags of links and pictures
    are taken out beforehand, since they cost more time and memory than all others; the text of links stays.
    """
    parser = etree.HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, huge_tree=True)
    root = etree.fromstring(_LINKS.sub(b"", _as_utf8(html)), parser)
    if root is not None:
        _drop_hidden(root)
    return root


def take_tables(root: Element, *, data_only: bool = False, title: str = "") -> list[Table]:
    """The tables under an element in document order; all but those without a header are emptied on the way.

    What is left in the tree is the prose around the tables, the cells of page layouts included.
    """
    found: list[Table] = []
    for place in reversed(list(_placed_tables(root))):
        element = place.element
        if data_only and is_layout(element):
            element.clear(keep_tail=True)
            continue
        if data_only and next(element.iter("th"), None) is None:
            continue
        grid = _Grid.of(element)
        if not grid.rows:
            continue
        table = Table.from_rows(grid.rows, header_rows=grid.header_rows, title=title, section=_section(place))
        if not data_only or holds_data(table):
            found.append(table)
        if grid.header_rows:
            element.clear(keep_tail=True)
    return found[::-1]


def is_layout(table: Element) -> bool:
    """Whether a `<table>` says of itself that it lays out the page: by role, or by the class of a known page part."""
    return table.get("role") == "presentation" or not LAYOUT_CLASSES.isdisjoint(table.get("class", "").split())


def holds_data(table: Table) -> bool:
    """Whether a table has named columns and at least two of them: what facts can be read from."""
    return table.width > 1 and len(table) > 0 and sum(map(bool, table.header)) > 1


def text_of(element: Element) -> str:
    """The text of an element, white space made single spaces."""
    text = etree.tostring(element, method="text", encoding="unicode", with_tail=False) if len(element) else element.text
    return " ".join(text.split()) if text else ""


class _Placed(NamedTuple):
    """A `<table>` and the last heading before it."""

    element: Element
    heading: Element | None


def _placed_tables(root: Element) -> Iterator[_Placed]:
    heading = None
    for element in root.iter("table", *_HEADINGS):
        if element.tag == "table":
            yield _Placed(element, heading)
        else:
            heading = element


def _section(place: _Placed) -> str:
    caption = place.element.find("caption")
    texts = [text_of(element) for element in (place.heading, caption) if element is not None]
    return ": ".join(text for text in dict.fromkeys(texts) if text)


def _as_utf8(html: bytes | str) -> bytes:
    if isinstance(html, str):
        return html.encode(errors="replace")
    for mark, encoding in _BOMS:
        if html.startswith(mark):
            return html.decode(encoding, errors="replace").encode(errors="replace")
    try:
        html.decode()
        return html
    except UnicodeDecodeError:
        declared = _CHARSET.search(html[:4096])
        return html.decode(_known_encoding(declared[1] if declared else b""), errors="replace").encode(errors="replace")


def _known_encoding(name: bytes) -> str:
    """The declared encoding where Python has it as a text encoding, else Windows-1252."""
    try:
        "".encode(found := name.decode("ascii", "replace"))
        return found
    except LookupError:
        return "windows-1252"


def _drop_hidden(root: Element) -> None:
    """Empty what is not shown, and put a space after every line, item and block, so that words stay apart.

    Rows and cells are looked at where they are read.
    """
    for element in root.iter(*_BREAKS):
        tail = element.tail
        if not tail or not tail[0].isspace():
            element.tail = f" {tail or ''}"
    etree.strip_elements(root, *_NEVER_SHOWN, with_tail=False)
    for element in list(root.iter(*_MARKS)):
        if _is_hidden_class(element.get("class")) or _is_hidden_style(element.get("style")):
            element.clear(keep_tail=True)


@lru_cache(maxsize=1 << 12)
def _is_hidden_class(names: str | None) -> bool:
    return names is not None and not HIDDEN_CLASSES.isdisjoint(names.split())


@lru_cache(maxsize=1 << 12)
def _is_hidden_style(style: str | None) -> bool:
    return style is not None and bool(_HIDDEN_STYLE.search(style))


class _Grid(NamedTuple):
    """The cells of a `<table>` by row, merged cells repeated, and how many of the rows are the header."""

    rows: list[list[str]]
    header_rows: int

    @classmethod
    def of(cls, table: Element) -> _Grid:
        rows: list[list[str]] = []
        hanging: dict[int, tuple[str, int]] = {}
        header_rows, in_header, budget = 0, True, MAX_SPREAD_CELLS
        for cells, in_head in _rows(table):
            row = _spread(cells, hanging, budget)
            if not row:
                continue
            if (budget := budget - len(row)) <= 0:
                hanging.clear()
            rows.append(row)
            in_header = in_header and (in_head or all(cell.tag == "th" for cell in cells))
            header_rows += in_header
        width = max(map(len, rows), default=0)
        if width * len(rows) > MAX_TABLE_CELLS:
            raise InputError(
                f"A table of {len(rows):,} rows has one of {width:,} cells; split it, or leave the page out."
            )
        return cls(rows, _header_depth(rows, header_rows))


def _header_depth(rows: list[list[str]], leading: int) -> int:
    """How many of the leading rows of header cells are the header: all, unless that leaves no body."""
    if leading < len(rows) and leading <= MAX_HEADER_ROWS:
        return leading
    return min(leading, 1)


def _rows(table: Element) -> Iterator[tuple[list[Element], bool]]:
    """The cells of every row of a table but not of tables in it, and whether the row stands in `<thead>`."""
    stray: list[Element] = []
    for child in table:
        if child.tag in ("td", "th"):
            stray.append(child)
            continue
        if stray:
            yield stray, False
            stray = []
        if child.tag == "tr":
            if not _is_hidden_style(child.get("style")):
                yield _cells(child), False
        elif child.tag in ("thead", "tbody", "tfoot"):
            for cells, _ in _rows(child):
                yield cells, child.tag == "thead"
    if stray:
        yield stray, False


def _cells(row: Element) -> list[Element]:
    return list(row.iterchildren("td", "th"))


def _spread(cells: list[Element], hanging: dict[int, tuple[str, int]], budget: int) -> list[str]:
    """One row of the grid; `hanging` holds the cells that reach down into this row: text and rows left, by column."""
    row: list[str] = []
    for cell in cells:
        while hanging and len(row) in hanging:
            row.append(_from_above(len(row), hanging))
        text = text_of(cell)
        if not cell.attrib:
            row.append(text)
            continue
        if _is_hidden_style(cell.get("style")):
            continue
        width, height = _span(cell, "colspan", MAX_COLSPAN), _span(cell, "rowspan", MAX_ROWSPAN)
        for _ in range(width if width <= min(budget, MAX_SPREAD_COLUMNS) - len(row) else 1):
            hanging.pop(len(row), None)
            if height > 1 and budget > 0:
                hanging[len(row)] = (text, height - 1)
            row.append(text)
    if hanging:
        row += [_from_above(column, hanging) for column in range(len(row), max(hanging) + 1)]
    return row if cells else []


def _from_above(column: int, hanging: dict[int, tuple[str, int]]) -> str:
    text, left = hanging.pop(column, ("", 0))
    if left > 1:
        hanging[column] = (text, left - 1)
    return text


def _span(cell: Element, name: str, limit: int) -> int:
    written = cell.get(name)
    if written is None or not written.strip().isdecimal():
        return 1
    span = int(written)
    return span if 1 <= span <= limit else 1
