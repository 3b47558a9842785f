"""Files of sources with their reference texts, and of texts that a model wrote about them, joined by id."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from quals.items import source_of
from quals.sources import Source
from tabtext.errors import InputError
from tabtext.jsonl import read_lines


class Referenced(NamedTuple):
    """A source by its id, with the texts that people wrote about it."""

    id: str
    source: Source
    texts: tuple[str, ...]


def read_referenced(path: Path, limit: int | None = None) -> list[Referenced]:
    """The sources of a JSON Lines file (`source`, `table` or a record) with their `texts`, or one `text`.

    A line without `id` gets its number. An InputError names the line that lacks something or repeats an id.
    """
    found: dict[str, Referenced] = {}
    for line in islice(read_lines(path), limit):
        fields = line.json()
        place = f"{line.name}, line {line.number}"
        texts = fields.get("texts", fields.get("text"))
        texts = [texts] if isinstance(texts, str) else texts
        if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t.strip() for t in texts):
            raise InputError(f"{place}: needs 'texts', a list of texts, or 'text'; found the fields {sorted(fields)}.")
        name = str(fields.get("id", line.number))
        if name in found:
            raise InputError(f"{place}: a source with the id {name!r} came before; its texts belong on one line.")
        try:
            found[name] = Referenced(name, source_of(fields), tuple(texts))
        except InputError as error:
            raise InputError(f"{place}: {error}") from None
    if not found:
        raise InputError(f"{path}: holds no source.")
    return list(found.values())


def read_written(path: Path, sources: Sequence[Referenced]) -> dict[str, list[str]]:
    """The texts of a JSON Lines file by the id of their source: `candidates` with a `text` each, or `text`.

    Several lines may have one id. An InputError names the line with an id that no source has, or the first source
    that no line is about.
    """
    written: dict[str, list[str]] = {source.id: [] for source in sources}
    for line in read_lines(path):
        fields = line.json()
        place, name = f"{line.name}, line {line.number}", str(fields.get("id", ""))
        if name not in written:
            raise InputError(f"{place}: no source has the id {name!r}.")
        candidates = fields.get("candidates") or [fields]
        rows = candidates if isinstance(candidates, list) else [None]
        texts = [row.get("text") if isinstance(row, dict) else None for row in rows]
        if not all(isinstance(text, str) for text in texts):
            raise InputError(f"{place}: needs 'text', or a list of 'candidates' with a 'text' each.")
        written[name] += map(str, texts)
    missing = [name for name, texts in written.items() if not texts]
    if missing:
        raise InputError(f"{path}: no text for {len(missing):,} of {len(sources):,} sources, the first {missing[0]!r}.")
    return written
