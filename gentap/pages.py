"""Pages: HTML documents with tables and prose, from folders, archives, JSON Lines and OTT-QA, as mining reads them."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, NamedTuple

from gentap.ottqa import OttqaFile, is_ottqa, ottqa_files
from tabtext.errors import InputError
from tabtext.html import Element, parse_html, take_tables, text_of
from tabtext.identity import identity
from tabtext.json_text import parse_json
from tabtext.jsonl import Line, read_lines
from tabtext.sentences import split_sentences
from tabtext.stages import Source
from tabtext.table import Table

MAX_PAGE_BYTES = 64 * 2**20
"""A larger page is refused: it is no page but a bomb."""

MAX_METADATA_BYTES = 2**20
"""A larger `.json` file beside a page in an archive is not read."""

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
LINES_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson")

_NO_PROSE = frozenset(
    ("references", "reflist", "refbegin", "toc", "navbox", "catlinks", "hatnote", "dablink", "gallery", "thumb",
     "thumbcaption", "vertical-navbox", "metadata", "noprint")
)  # fmt: skip
"""Classes of elements that hold notes, links and captions rather than prose."""


@dataclass(frozen=True)
class Page:
    """A document: its tables that hold data, each titled with the page's title, and its prose by paragraph."""

    url: str
    title: str
    tables: tuple[Table, ...]
    paragraphs: tuple[str, ...]

    @classmethod
    def from_html(cls, html: bytes | str, *, url: str = "", title: str = "") -> Page:
        """A page from HTML; without a title it has that of `<title>` or of the first heading.

        Paragraphs and list items count as prose; tables that lay out the page, notes and link lists do not.
        """
        root = parse_html(html)
        if root is None:
            return cls(url, title, (), ())
        title = title or _own_title(root)
        return cls(url, title, tuple(take_tables(root, data_only=True, title=title)), tuple(_paragraphs(root)))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The prose by sentence."""
        return tuple(chain.from_iterable(map(split_sentences, self.paragraphs)))


def _own_title(root: Element) -> str:
    elements = (root.find(".//title"), root.find(".//h1"))
    return next((text for element in elements if element is not None and (text := text_of(element))), "")


def _paragraphs(root: Element) -> Iterator[str]:
    for element in list(root.iter("div", "ol", "ul")):
        names = element.get("class")
        if names and not _NO_PROSE.isdisjoint(names.split()):
            element.clear(keep_tail=True)
    for element in root.iter("p", "li", "dd"):
        if element.tag == "p" or next(element.iterdescendants("li"), None) is None:
            text = text_of(element)
            if text:
                yield text


class PageFile(NamedTuple):
    """A page in a file of its own; a `.json` file beside it may hold its title and url."""

    path: str

    @property
    def identity(self) -> object:
        """What changes when the page or what is told of it does."""
        return (self.path, *identity(self.path, Path(self.path).with_suffix(".json")))


class PageMember(NamedTuple):
    """A page in a zip archive, read by the worker; `checksums` are the archive's own of page and metadata."""

    archive: str
    name: str
    metadata: str | None
    checksums: tuple[int, ...]


class PageBytes(NamedTuple):
    """A page as it came out of a tar archive, not parsed yet."""

    name: str
    html: bytes
    metadata: bytes | None


class LargePage(NamedTuple):
    """A page of an archive that is too large to be read; reading it says so."""

    name: str
    size: int


Item = PageFile | PageMember | PageBytes | LargePage | OttqaFile | Line


def page_source(path: str | Path) -> Source:
    """The pages of a folder of HTML files, a tar or zip archive of them, or JSON Lines with `html`, `title` and `url`.

    The folder of OTT-QA's release is read as such. `-` is JSON Lines on standard input. Items are light: `read_page`
    makes a page of one.
    """
    text, name = str(path), PurePath(path).name.lower()
    if text == "-" or name.endswith(LINES_SUFFIXES):
        return Source(read_lines(path), "pages")
    path = Path(path)
    if path.is_dir() and is_ottqa(path):
        tables = ottqa_files(path)
        return Source(tables, "pages", len(tables))
    if path.is_dir():
        files = sorted(str(file) for file in path.rglob("*") if file.suffix.lower() in HTML_SUFFIXES)
        if not files:
            raise InputError(f"{path}: no page in this folder; known suffixes: {' '.join(HTML_SUFFIXES)}.")
        return Source(map(PageFile, files), "pages", len(files))
    if not path.exists():
        raise InputError(f"{path}: no such file or folder.")
    if name.endswith(TAR_SUFFIXES):
        return Source(_tar_pages(path), "pages")
    if name.endswith(".zip"):
        return Source(_zip_pages(path), "pages")
    if name.endswith(HTML_SUFFIXES):
        return Source([PageFile(text)], "pages", 1)
    known = " ".join((*HTML_SUFFIXES, *TAR_SUFFIXES, ".zip", *LINES_SUFFIXES))
    raise InputError(f"{path}: not a kind of file that holds pages; give a folder, or a file ending in {known}.")


def read_page(item: Item) -> Page:
    """The page that an item stands for; an InputError says what is wrong with it."""
    html: bytes | str
    if isinstance(item, OttqaFile):
        page = item.read()
        return Page(page.url, page.title, (page.table,), page.paragraphs)
    if isinstance(item, Line):
        fields = item.json()
        name, html = f"{item.name}, line {item.number}", fields.get("html", "")
        if not isinstance(html, str) or "html" not in fields:
            raise InputError(f"{name}: a page needs the field 'html' as text; found {', '.join(fields) or 'nothing'}.")
    else:
        try:
            name, html, metadata = _contents(item)
        except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise InputError(f"{item[0]}: a page of it cannot be read ({error}).") from None
        fields = _metadata(name, metadata)
    try:
        return Page.from_html(html, url=_text(fields, "url"), title=_text(fields, "title"))
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def _contents(item: PageFile | PageMember | PageBytes | LargePage) -> PageBytes:
    if isinstance(item, PageBytes):
        return item
    if isinstance(item, LargePage):
        raise _too_large(*item)
    if isinstance(item, PageMember):
        with zipfile.ZipFile(item.archive) as archive:
            metadata = archive.read(item.metadata) if item.metadata else None
            return PageBytes(f"{item.archive}: {item.name}", archive.read(item.name), metadata)
    path = Path(item.path)
    if path.stat().st_size > MAX_PAGE_BYTES:
        raise _too_large(item.path, path.stat().st_size)
    beside = path.with_suffix(".json")
    return PageBytes(item.path, path.read_bytes(), beside.read_bytes() if beside.is_file() else None)


def _metadata(name: str, metadata: bytes | None) -> dict[str, Any]:
    fields = parse_json(metadata or b"{}", f"{name}: the .json file beside it")
    if not isinstance(fields, dict):
        raise InputError(f"{name}: the .json file beside it holds no JSON object.")
    return fields


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _tar_pages(path: Path) -> Iterator[PageBytes | LargePage]:
    """The pages of a tar archive in its order; a first pass collects the `.json` members, wherever they stand."""
    try:
        with tarfile.open(path) as archive:
            metadata = {
                member.name: archive.extractfile(member).read()  # type: ignore[union-attr]
                for member in archive
                if member.isfile() and member.name.endswith(".json") and member.size <= MAX_METADATA_BYTES
            }
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.lower().endswith(HTML_SUFFIXES):
                    if member.size > MAX_PAGE_BYTES:
                        yield LargePage(f"{path}: {member.name}", member.size)
                        continue
                    html = archive.extractfile(member).read()  # type: ignore[union-attr]
                    yield PageBytes(f"{path}: {member.name}", html, metadata.get(_beside(member.name)))
    except (tarfile.TarError, EOFError, OSError, lzma.LZMAError, zlib.error) as error:
        raise InputError(f"{path}: damaged or cut short ({error}).") from None


def _zip_pages(path: Path) -> Iterator[PageMember | LargePage]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename: member for member in archive.infolist()}
    except zipfile.BadZipFile as error:
        raise InputError(f"{path}: damaged or cut short ({error}).") from None
    for name, member in members.items():
        if name.lower().endswith(HTML_SUFFIXES):
            if member.file_size > MAX_PAGE_BYTES:
                yield LargePage(f"{path}: {name}", member.file_size)
                continue
            beside = members.get(_beside(name))
            metadata = beside if beside and beside.file_size <= MAX_METADATA_BYTES else None
            checksums = tuple(found.CRC for found in (member, metadata) if found)
            yield PageMember(str(path), name, metadata.filename if metadata else None, checksums)


def _beside(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(".json"))


def _too_large(name: str, size: int) -> InputError:
    return InputError(f"{name}: {size:,} bytes, where a page has at most {MAX_PAGE_BYTES:,}.")
