"""Text made comparable: letter case, accents, Unicode forms, white space, dashes and quotation marks evened out.

Folding may change a text's length (`ß` is two letters, a combining accent none), so a `Folded` text knows where each of
its characters stood: what is found in it is reported in offsets of the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_DASHES = "‐‑‒–—―−﹘﹣－⁃"
_SINGLE_QUOTES = "‘’‚‛′`´ʼʹ"
_DOUBLE_QUOTES = "“”„‟″«»〝〞＂"
_DROPPED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_SAME = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_SINGLE_QUOTES, "'"),
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **dict.fromkeys(_DROPPED, ""),
}
_ACCENTS = re.compile("[\u0300-\u036f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_UNEVEN_SPACE = re.compile(r"[\t\n\r\f\v]|\s\s")


class Folded(NamedTuple):
    """A folded text and, where its characters do not stand one for one for the original's, their offsets in it."""

    text: str
    offsets: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, not empty, stands in the original."""
        return (start, end) if self.offsets is None else (self.offsets[start], self.offsets[end])


def fold(text: str) -> Folded:
    """The text folded, with the way back to its own offsets."""
    even = "  " not in text and (text.isprintable() or not _UNEVEN_SPACE.search(text))
    if even and text.isascii():
        return Folded(text.lower())
    if even and all(len(_fold_character(character)) == 1 for character in _NOT_ASCII.findall(text)):
        return Folded(_NOT_ASCII.sub(_fold_found, text).lower())
    return _with_offsets([_fold_character(character) for character in text])


def fold_key(text: str) -> str:
    """The folded text alone, its white space made single spaces: for what is looked up in a `Folded` text."""
    return " ".join((text if text.isascii() else _NOT_ASCII.sub(_fold_found, text)).lower().split())


def _with_offsets(pieces: list[str]) -> Folded:
    letters: list[str] = []
    offsets: list[int] = []
    for index, piece in enumerate(pieces):
        for letter in piece:
            if letter != " " or not letters or letters[-1] != " ":
                letters.append(letter)
                offsets.append(index)
    return Folded("".join(letters), (*offsets, len(pieces)))


def _fold_found(found: re.Match[str]) -> str:
    return _fold_character(found[0])


@lru_cache(maxsize=1 << 16)
def _fold_character(character: str) -> str:
    if (same := _SAME.get(character)) is not None:
        return same
    if character.isspace():
        return " "
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", character.casefold()))
    return unicodedata.normalize("NFC", bare).replace("\u2044", "/")
