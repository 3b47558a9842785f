"""Finding many phrases in a text at word boundaries: a dictionary of phrases, looked into at every word.

For the few thousand cells of a page this needs no automaton: what it costs is one look-up per word of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

_ONE_LETTER_WORDS = "぀-ヿ㐀-䶿一-鿿豈-﫿"
_WORD = re.compile(rf"[{_ONE_LETTER_WORDS}]|[^\W{_ONE_LETTER_WORDS}]+")
_NUMBER_GOES_ON = re.compile(r"[.,]?\d")
_SHORT_NUMBER = re.compile(r"\d{1,3}")


def words_of(text: str) -> set[str]:
    """The distinct words of a text, as a `PhraseIndex` sees them."""
    return set(_WORD.findall(text))


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]`, which begins with a word, ends with one, and is no part of a longer number."""
    last = text[end - 1]
    if end < len(text) and last.isalnum() and text[end].isalnum() and not _stands_alone(last, text[end]):
        return False
    if last.isdigit() and _NUMBER_GOES_ON.match(text, end):
        return False
    if text[start].isdigit() and start > 1 and text[start - 1] in ".," and text[start - 2].isdigit():
        return False
    if _SHORT_NUMBER.fullmatch(text, start, end):
        return not (text[end : end + 1] == "-" and text[end + 1 : end + 2].isdigit()) and not (
            text[start - 1 : start] == "-" and text[start - 2 : start - 1].isdigit()
        )
    return True


def _stands_alone(*characters: str) -> bool:
    return any(_WORD.fullmatch(c) and re.match(rf"[{_ONE_LETTER_WORDS}]", c) for c in characters)


class PhraseIndex(Generic[T]):
    """Phrases, folded, each with what it stands for.

    In scripts written without spaces every character is a word of its own.
    """

    def __init__(self) -> None:
        self._entries: dict[str, list[T]] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, phrase: str, entry: T) -> None:
        """Let a phrase stand for something more; one without a letter or digit is never found."""
        first = _WORD.search(phrase)
        if first is None:
            return
        phrase = phrase[first.start() :]
        entries = self._entries.setdefault(phrase, [])
        if not entries:
            lengths = self._lengths.setdefault(first[0], [])
            if len(phrase) not in lengths:
                lengths.append(len(phrase))
        entries.append(entry)

    def find(self, text: str) -> Iterator[tuple[int, int, list[T]]]:
        """Every phrase in a folded text, overlapping ones too: start, end, entries."""
        lengths_of = self._lengths.get
        for word in _WORD.finditer(text):
            lengths = lengths_of(word[0])
            if lengths is None:
                continue
            start = word.start()
            for length in lengths:
                end = start + length
                entries = self._entries.get(text[start:end])
                if entries is not None and end <= len(text) and is_whole(text, start, end):
                    yield start, end, entries
