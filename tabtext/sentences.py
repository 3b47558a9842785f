"""Sentences of a text, by nupunkt, which knows abbreviations; on Python 3.10, where it does not run, by sentencex."""

from __future__ import annotations

import sys
from collections.abc import Iterator


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text as (start, end) offsets, without the white space around them; none of them is empty."""
    for start, end in _spans(text):
        sentence = text[start:end]
        if stripped := sentence.strip():
            start += sentence.index(stripped)
            yield start, start + len(stripped)


def split_sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text)]


if sys.version_info >= (3, 11):

    def _spans(text: str) -> Iterator[tuple[int, int]]:
        from nupunkt import sent_spans

        yield from sent_spans(text)

else:

    def _spans(text: str) -> Iterator[tuple[int, int]]:
        from sentencex import segment

        end = 0
        for sentence in segment("en", text):
            start = text.index(sentence, end)
            end = start + len(sentence)
            yield start, end
