"""Pipe tables in Markdown text (GitHub Flavored Markdown, "Tables")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tabtext.errors import InputError
from tabtext.jsonl import display_name
from tabtext.readers.decoding import decode
from tabtext.readers.grid import Reading, grid_table
from tabtext.readers.limits import read_bytes
from tabtext.table import Table

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_LITERAL = re.compile(r"\\([*_`\[\]])|(`+)(.+?)(?<!`)\2(?!`)")
"""A character that an escape keeps from being a mark, or code."""
_LINK = re.compile(r'!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"]*")?\)')
_EMPHASIS = re.compile(
    r"(?<![\w*])(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s*])\1(?![\w*])|(?<!\w)(_{1,3})(?=[^\s_])(.+?)(?<=[^\s_])\3(?!\w)"
)
_HELD = re.compile("\0(\\d+)\0")
_BAR = re.compile(r"(?<!\\)\|")


def read_markdown(path: str | Path, reading: Reading) -> Iterator[Table]:
    """The pipe tables of a Markdown file outside code blocks, `section` being the heading above each."""
    name = display_name(path)
    lines = decode(read_bytes(path), name, reading.encoding).replace("\r\n", "\n").split("\n")
    found = 0
    for section, first, rows in _blocks(lines):
        found += 1
        numbers = [first, *range(first + 2, first + 1 + len(rows))]
        yield grid_table(f"{name}, line {first}", rows, reading, section=section, lines=numbers)
    if not found:
        raise InputError(f"{name}: no pipe table in this text; a line such as |---|---| must stand under its header.")


def _blocks(lines: list[str]) -> Iterator[tuple[str, int, list[list[str]]]]:
    """For every table: the heading above it, the number of its first line (from 1), its rows."""
    section, in_code, index = "", False, 0
    while index < len(lines):
        line = lines[index]
        if _FENCE.match(line):
            in_code = not in_code
        elif not in_code and (heading := _HEADING.fullmatch(line)):
            section = without_marks(heading[1])
        elif not in_code and _starts_table(lines, index):
            end = index + 2
            while end < len(lines) and "|" in lines[end]:
                end += 1
            rows = (split_row(row) for row in (line, *lines[index + 2 : end]))
            yield section, index + 1, [[without_marks(cell) for cell in row] for row in rows]
            index = end - 1
        index += 1


def _starts_table(lines: list[str], index: int) -> bool:
    """Whether a header stands here over a rule of as many cells."""
    if "|" not in lines[index] or index + 1 == len(lines) or "-" not in lines[index + 1]:
        return False
    return bool(_RULE.fullmatch(lines[index + 1])) and len(split_row(lines[index])) == len(split_row(lines[index + 1]))


def without_marks(text: str) -> str:
    """A text as Markdown shows it: without the marks of emphasis and code, links by their words. A lone star stays, and
    so do stars inside a word."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[1] or match[3].strip())
        return f"\0{len(held) - 1}\0"

    text = _LINK.sub(r"\1", _LITERAL.sub(hold, text))
    while (plain := _EMPHASIS.sub(lambda match: match[2] or match[4], text)) != text:
        text = plain
    return _HELD.sub(lambda match: held[int(match[1])], text)


def with_marks_escaped(text: str) -> str:
    """The text as it is to be written, so that `without_marks` gives it back."""
    return text if without_marks(text) == text else re.sub(r"([*_`\[\]])", r"\\\1", text)


def split_row(line: str) -> list[str]:
    """The cells of one line: outer bars dropped, an escaped bar is a bar."""
    line = line.strip()
    cells = _BAR.split(line)
    if line.startswith("|"):
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    return [cell.strip().replace("\\|", "|") for cell in cells]
