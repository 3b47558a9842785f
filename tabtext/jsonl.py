"""JSON Lines in and out: one object per line, gzip or Zstandard by suffix, `-` for standard input and output.

Reading names file, line and column of what is wrong; writing a whole file happens beside it and ends with a rename.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from tabtext.errors import InputError
from tabtext.json_text import not_utf8, parse_json
from tabtext.zst import Frames, zstandard

_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")

MAX_LINE_BYTES = 256 * 2**20
"""A longer line is no record of ours but a file of another kind, or a decompression bomb."""


class Line(NamedTuple):
    """One line of a file, not parsed yet, and where it stands: `name` and `number` (from 1) go into errors."""

    name: str
    number: int
    text: bytes

    def utf8(self) -> str:
        """The line's text without blanks around it; an InputError where it is not UTF-8."""
        try:
            return self.text.decode().strip()
        except UnicodeDecodeError as error:
            raise not_utf8(f"{self.name}, line {self.number}", error) from None

    def json(self) -> dict[str, Any]:
        """The line's JSON object; an InputError says file, line and column where it is not one or says a key twice."""
        value = parse_json(self.text, self.name, self.number)
        if not isinstance(value, dict):
            raise InputError(f"{self.name}, line {self.number}: expected a JSON object, found {type(value).__name__}.")
        return value

    def text_of(self, fields: Mapping[str, Any], name: str) -> str:
        """The text in this field of the line's object; an InputError where there is none, or something else."""
        value = fields.get(name)
        if isinstance(value, str):
            return value
        place = f"{self.name}, line {self.number}"
        if name not in fields:
            raise InputError(f"{place}: needs the field {name!r}; found {sorted(fields)}.")
        raise InputError(f"{place}: the field {name!r} must be a text; found {value!r:.60}.")


def read_lines(path: str | Path) -> Iterator[Line]:
    """The lines of a file that are not blank, decompressed; a byte order mark is dropped."""
    name = display_name(path)
    number = 0
    with open_input(path) as file:
        try:
            for number, text in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES), b""), 1):
                if len(text) >= MAX_LINE_BYTES:
                    raise InputError(f"{name}, line {number}: longer than {MAX_LINE_BYTES >> 20} MiB; not JSON Lines.")
                if number == 1:
                    text = text.removeprefix(b"\xef\xbb\xbf")
                if text.strip():
                    yield Line(name, number, text)
        except _DAMAGES as error:
            raise _damaged(name, error, f" after line {number}") from None


def read_text(path: str | Path) -> str:
    """A file's whole text, decompressed, without a byte order mark; an InputError where it is not UTF-8."""
    with open_input(path) as file:
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise not_utf8(display_name(path), error) from None
    refuse_binary(text, display_name(path))
    return text


def read_json(path: str | Path) -> Any:
    """The value of a JSON file, decompressed; an InputError as `parse_json` says, and where there is no such file."""
    with open_input(path) as file:
        return parse_json(file.read(), display_name(path))


def refuse_binary(text: str, name: str) -> None:
    """An InputError where more than a few of the characters are control characters, which no text has."""
    controls = len(_CONTROLS.findall(text))
    if controls > max(2, len(text) // 100):
        raise InputError(
            f"{name}: not text; {controls:,} of its {len(text):,} characters are control characters. Name a text file, "
            "or give the file the suffix of what it is."
        )


_DAMAGES = (EOFError, gzip.BadGzipFile, zlib.error)
"""What reading a compressed file raises where it is not whole."""


def _damaged(name: str, error: Exception, place: str = "") -> InputError:
    return InputError(f"{name}: damaged or cut short{place} ({str(error).rstrip('.')}); get it anew.")


def read_jsonl(
    path: str | Path, on_error: str = "stop", counts: Counter[str] | None = None
) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file.

    A line that is not a JSON object stops with an InputError, or with `on_error="skip"` is reported on standard error,
    counted in `counts["bad line"]` and passed over.
    """
    for line in read_lines(path):
        try:
            yield line.json()
        except InputError as error:
            if on_error != "skip":
                raise
            print(f"skipped: {error}", file=sys.stderr)
            if counts is not None:
                counts["bad line"] += 1


def dumps(record: object) -> str:
    """A record as one line of JSON, without the newline; letters stay letters, a lone surrogate is escaped."""
    text = json.dumps(record, ensure_ascii=False, default=_jsonable)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(record, default=_jsonable)
    return text


def write_jsonl(path: str | Path, records: Iterable[object], *, overwrite: bool = False) -> int:
    """Write records to a file that appears whole or not at all; returns their number."""
    count = 0
    with atomic_output(path, overwrite=overwrite) as file:
        for record in records:
            file.write(dumps(record).encode() + b"\n")
            count += 1
    return count


def display_name(path: str | Path) -> str:
    """How errors name a file: its path, or `standard input`."""
    return "standard input" if str(path) == "-" else str(path)


@contextmanager
def open_input(path: str | Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, decompressed by suffix (.gz, .zst); an InputError where it is missing or not whole."""
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    path = Path(path)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except IsADirectoryError:
        raise InputError(f"{path}: a folder, where a file was expected.") from None
    except PermissionError:
        raise InputError(f"{path}: not readable (permission denied).") from None
    with file, compression(path).reader(file) as plain:
        try:
            yield plain
        except _DAMAGES as error:
            raise _damaged(str(path), error) from None


@contextmanager
def atomic_output(path: str | Path, *, overwrite: bool = False) -> Iterator[IO[bytes]]:
    """A file to write that takes its name only when all went well (`-` is standard output)."""
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(path)
    refuse_existing(path, overwrite=overwrite)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            with compression(path).writer(file) as plain:
                yield plain
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """An InputError, before any work, when the output is there already and may not be replaced, or cannot be written as
    named; `-` always can."""
    if str(path) == "-":
        return
    compression(path)
    if path.is_dir():
        raise InputError(f"{path}: the output is a folder; name a file.")
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: the output is a device or a pipe; write to - and redirect it.")
    if path.exists() and not overwrite:
        raise InputError(f"{path}: exists already; pass --overwrite to replace it.")
    folder = next((parent for parent in path.parents if parent.exists()), Path())
    if not folder.is_dir():
        raise InputError(f"{folder}: a file, where a folder is needed; name another.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{path}: cannot be written, the folder {folder} is read-only for you; name another.")


def refuse_summary(summary: Path | None, output: Path, *, overwrite: bool) -> None:
    """An InputError, before any work, where a summary of the output could not be written when that is done."""
    if summary is None:
        return
    if summary.resolve() == output.resolve():
        raise InputError(f"{summary}: named both for --summary and for --output; name two files.")
    refuse_existing(summary, overwrite=overwrite)


class Compression(NamedTuple):
    """How one file suffix is read and written; written members are the same bytes at any time of day."""

    reader: Callable[[IO[bytes]], Any]
    writer: Callable[[IO[bytes]], Any]
    block: Callable[[bytes], bytes]
    """A whole compressed member; members may be joined end to end."""


def compression(path: Path) -> Compression:
    """The compression that a file's suffix asks for; an InputError for one that we neither read nor write."""
    suffix = path.suffix.lower()
    if suffix in _FOREIGN:
        raise InputError(f"{path}: {suffix} is neither read nor written; take .gz, .zst or no compression.")
    return _COMPRESSIONS.get(suffix, _PLAIN)


@contextmanager
def _as_is(file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield file


def _gzip_writer(file: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)


def _zstd_reader(file: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(Frames(file), 1 << 20)


def _zstd_writer(file: IO[bytes]) -> Any:
    return zstandard().ZstdCompressor(level=6).stream_writer(file, closefd=False)


_FOREIGN = frozenset((".bz2", ".xz", ".lzma", ".lz4", ".br", ".z", ".zip", ".7z"))
_PLAIN = Compression(_as_is, _as_is, bytes)
_COMPRESSIONS = {
    ".gz": Compression(
        lambda file: gzip.GzipFile(fileobj=file), _gzip_writer, lambda data: gzip.compress(data, 6, mtime=0)
    ),
    ".zst": Compression(_zstd_reader, _zstd_writer, lambda data: zstandard().ZstdCompressor(level=6).compress(data)),
}


def _jsonable(value: object) -> object:
    if hasattr(value, "to_json"):
        return value.to_json()
    raise TypeError(f"{type(value).__name__} has no JSON form")
