"""How a cell is said in a sentence: on one line, with the unit or the label that its column's name holds."""

from __future__ import annotations

import re

from tabtext.table import Cell, Table
from tabtext.values import Kind, is_unit, without_footnotes

_BARE = re.compile(r"[+\-−–]?\d[\d,]*(?:\.\d+)?")
"""A figure without a unit."""
_IN_BRACKETS = re.compile(r"(?P<name>.*?)\s*[(\[](?:in )?(?P<unit>[^()\[\]]+)[)\]]\s*", re.IGNORECASE)
_CURRENCIES = frozenset("$€£¥")
_SCALE = re.compile(r"(?P<scale>thousand|million|billion|trillion)s?", re.IGNORECASE)
_PERCENT = re.compile(r"%|percent(?:age)?|(?:share|percent(?:age)?|%) of (?:the )?votes?|votes? ?%", re.IGNORECASE)
_DURATION = re.compile(r"(?:seconds|minutes|hours|days|weeks|months|years)", re.IGNORECASE)
_LABEL = re.compile(
    r"line|season|room|platform|episode|round|week|game|match|order|invoice|flight|route|chapter|stage|lap|group|section|"
    r"district|ward|gate|track|level|lane|bus|heat|car|unit|step|version|volume|issue|session|building|house|floor|hall",
    re.IGNORECASE,
)
"""Names of columns without which a number says nothing."""


def told(table: Table, cell: Cell, *, labelled: bool = True) -> str:
    """What a cell says: `8,611` under `Height (m)` as `8,611 m`, and if it is `labelled` `12` under `Line` as
    `Line 12`."""
    text, header = plain(table, cell), table.header[cell.column].strip()
    if labelled and _LABEL.fullmatch(header) and text.isdecimal():
        return f"{header} {text}"
    return measured(table, cell)[1] or text


def told_beside(table: Table, cell: Cell) -> str:
    """What a cell says beside others: a bare figure under its column's name."""
    text, column = plain(table, cell), table.columns[cell.column]
    if column.kind not in (Kind.NUMBER, Kind.RANK) or not text.lstrip("+-−–")[:1].isdigit():
        return text
    name, said = measured(table, cell)
    return f"{name} {said or text}".strip()


def plain(table: Table, cell: Cell) -> str:
    """What a cell says, on one line and without its footnote marks."""
    return " ".join(without_footnotes(table[cell]).split())


def measured(table: Table, cell: Cell) -> tuple[str, str]:
    """The name of a cell's column without its unit, and the cell with it; the name and nothing where there is none."""
    text, header = plain(table, cell), table.header[cell.column].strip()
    if not _BARE.fullmatch(text):
        return header, ""
    if _PERCENT.fullmatch(header):
        return "" if header == "%" else header, f"{text}%"
    if _DURATION.fullmatch(header):
        return "", f"{text} {header.lower() if text != '1' else header.lower().removesuffix('s')}"
    found = _IN_BRACKETS.fullmatch(header)
    if not found or not found["name"]:
        return header, ""
    if scale := _SCALE.fullmatch(found["unit"]):
        return found["name"], f"{text} {scale['scale'].lower()}"
    if found["unit"] == "%":
        return found["name"], f"{text}%"
    if found["unit"] in _CURRENCIES:
        return found["name"], f"{found['unit']}{text}"
    return (found["name"], f"{text} {found['unit']}") if is_unit(found["unit"]) else (header, "")
