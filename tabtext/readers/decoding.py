"""Text from bytes whose encoding nobody stated: byte order marks, UTF-8, UTF-16, and Windows-1252 as the last guess."""

from __future__ import annotations

import codecs
import logging

from tabtext.errors import InputError
from tabtext.jsonl import refuse_binary

log = logging.getLogger(__name__)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """The text of a file; what had to be guessed or replaced is reported, and a few NUL characters are left out. An
    InputError where the bytes are no text."""
    encoding = encoding or _announced(data)
    text = _decoded(data, name, encoding) if encoding else _guessed(data, name)
    refuse_binary(text, name)
    if "\0" in text:
        log.warning(f"{name}: {text.count(chr(0)):,} NUL characters left out.")
        text = text.replace("\0", "")
    return text


def _announced(data: bytes) -> str | None:
    """The encoding that a byte order mark says, or that zero bytes in every other place give away."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    even, odd = data[0:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    half = min(len(data), _SAMPLE) / 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _decoded(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise InputError(f"{name}: unknown encoding {encoding!r}; try utf-8, utf-16, cp1252 or latin-1.") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}, line {line}: not {encoding} at byte {error.start}; save it as UTF-8.") from None


def _guessed(data: bytes, name: str) -> str:
    """UTF-8, if need be with its few broken bytes replaced; Windows-1252 where broken bytes outnumber whole letters."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    refuse_binary(data.decode("latin-1"), name)
    text = data.decode(errors="replace")
    broken = text.count("�")
    if broken < sum(character > "\x7f" for character in text) - broken:
        log.warning(f"{name}: {broken:,} bytes are not UTF-8 (the first in line {line}); each is replaced by �.")
        return text
    log.warning(f"{name}: not UTF-8 (line {line}); read as Windows-1252; save it as UTF-8 if letters look wrong.")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
