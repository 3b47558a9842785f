"""OTT-QA's release (Chen et al., ICLR 2021) as pages: each Wikipedia table with its section's text, its page's
introduction, and the introductions of the pages that its cells link to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.detokenize import detokenized
from tabtext.errors import InputError
from tabtext.identity import identity
from tabtext.jsonl import read_json
from tabtext.table import Table

TABLES, PASSAGES = "traindev_tables_tok", "traindev_request_tok"
"""The folders of the release: a file per table, and beside it, for some, a file of linked passages."""


class OttqaFile(NamedTuple):
    """A table's file, and the file of its linked passages where there is one."""

    path: str
    passages: str | None

    @property
    def identity(self) -> object:
        """What changes when a file does."""
        return (self.path, *identity(self.path, self.passages))

    def read(self) -> OttqaPage:
        """The page that the files describe; an InputError says what is wrong with them."""
        fields = _json_object(self.path)
        linked = _json_object(self.passages) if self.passages else {}
        try:
            title, section = _text(fields["title"]), _text(fields["section_title"]).replace(" -- ", " – ")
            table = Table(_cells(fields["header"]), tuple(map(_cells, fields["data"])), title=title, section=section)
            prose = (fields["section_text"], fields["intro"], *linked.values())
            return OttqaPage(str(fields["url"]), title, table, tuple(filter(None, map(_text, prose))))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise InputError(
                f"{self.path}: no table of OTT-QA, which has title, url, header, data, section_title, section_text "
                f"and intro ({type(error).__name__}: {error})."
            ) from None


class OttqaPage(NamedTuple):
    """What the release tells of a page: one of its tables, and prose by paragraph."""

    url: str
    title: str
    table: Table
    paragraphs: tuple[str, ...]


def is_ottqa(folder: Path) -> bool:
    """Whether a folder is the release."""
    return (folder / TABLES).is_dir()


def ottqa_files(folder: Path) -> Sequence[OttqaFile]:
    """The tables of the release by name, each with its passages."""
    return list(_files(folder))


def _files(folder: Path) -> Iterator[OttqaFile]:
    with_passages = {file.name for file in (folder / PASSAGES).glob("*.json")}
    for file in sorted((folder / TABLES).glob("*.json")):
        yield OttqaFile(str(file), str(folder / PASSAGES / file.name) if file.name in with_passages else None)


def _json_object(path: str) -> dict[str, Any]:
    fields = read_json(path)
    if not isinstance(fields, dict):
        raise InputError(f"{path}: holds no JSON object.")
    return fields


def _cells(row: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """A row of [text, links] pairs as texts."""
    return tuple(_text(cell[0]) for cell in row)


def _text(words: str) -> str:
    return detokenized(words.split())
