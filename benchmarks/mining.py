"""`gentap mine` on pages: megabytes of HTML per second, ours and a plain implementation in turns on the same pages.

The plain one does what one writes first: prose split into sentences at full stops, and for
every table one regular expression that is the alternation of its cells, run over every sentence.

`python -m benchmarks mining FOLDER_OF_HTML_PAGES`
"""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

from gentap.mine import MinePage
from gentap.pages import PageFile, page_source
from tabtext.errors import InputError

SAMPLE_BYTES = 5_000_000
"""As many pages are measured, evenly spread over the folder; the plain implementation takes minutes for more."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def measure(*paths: str) -> Iterator[str]:
    """MB of HTML per second of processor time of both, their ratio, and the sentences that each finds."""
    if not paths:
        yield "needs data; run: python -m benchmarks mining FOLDER_OF_HTML_PAGES"
    for path in paths:
        files = _sample(path)
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        _ours(files[:3])
        ours, theirs = _timed(_ours, files), _timed(_plain, files)
        yield (
            f"{path}: {megabytes / ours[0]:.1f} MB/s on one core with {ours[1]:,} mentions, plain regular expressions "
            f"{megabytes / theirs[0]:.2f} MB/s with {theirs[1]:,}: {theirs[0] / ours[0]:.0f} times as fast "
            f"({len(files):,} pages, {megabytes:.1f} MB)"
        )


def _sample(path: str) -> list[Path]:
    files = [Path(item.path) for item in page_source(path).items if isinstance(item, PageFile)]
    if not files:
        raise InputError(f"{path}: the benchmark needs a folder of HTML files.")
    total = sum(file.stat().st_size for file in files)
    return files[:: max(1, total // SAMPLE_BYTES)]


def _timed(mine: object, files: list[Path]) -> tuple[float, int]:
    begin = time.process_time()
    found = mine(files)  # type: ignore[operator]
    return time.process_time() - begin, found


def _ours(files: list[Path]) -> int:
    stage, rng = MinePage(), Random(0)
    return sum(1 for file in files for _ in stage(PageFile(str(file)), rng, Counter()))


def _plain(files: list[Path]) -> int:
    return sum(_plain_page(file.read_text(errors="replace")) for file in files)


def _plain_page(html: str) -> int:
    from lxml import html as lxml_html

    page = lxml_html.document_fromstring(html or "<p>")
    prose = [" ".join(element.text_content().split()) for element in page.iter("p", "li")]
    sentences = [sentence for text in prose for sentence in _SENTENCE_END.split(text)]
    found: set[str] = set()
    for table in page.iter("table"):
        rows_of = _rows_of(table)
        if rows_of:
            cells = re.compile(r"\b(?:" + "|".join(map(re.escape, rows_of)) + r")\b")
            found.update(sentence for sentence in sentences if _names_two_of_a_row(cells.findall(sentence), rows_of))
    return len(found)


def _rows_of(table: object) -> dict[str, set[int]]:
    rows_of: dict[str, set[int]] = defaultdict(set)
    for index, row in enumerate(table.iter("tr")):  # type: ignore[attr-defined]
        for cell in row.iter("td", "th"):
            if text := " ".join(cell.text_content().split()):
                rows_of[text].add(index)
    return rows_of


def _names_two_of_a_row(texts: list[str], rows_of: dict[str, set[int]]) -> bool:
    rows = Counter(row for text in set(texts) for row in rows_of[text])
    return any(count > 1 for count in rows.values())
