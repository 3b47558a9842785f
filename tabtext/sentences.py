"""Sentences of a text, by nupunkt, which knows abbreviations."""

from __future__ import annotations


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, without the white space around them; none of them is empty."""
    from nupunkt import sent_spans

    spans = sent_spans(text)
    return [sentence for start, end in spans if (sentence := text[start:end].strip())]
