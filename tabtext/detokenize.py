"""From words set apart by blanks, as many data sets give them, back to a text as people write it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPACES = (
    (r" ([.,;:!?%)\]}'’”]|n't\b|'\w+)", r"\1"),
    (r"([(\[{“$]) ", r"\1"),
    (r" - ", "-"),
    (r"(?<=\w['’]) (?=(?:t|s|d|m|ll|re|ve)\b)", ""),
)
"""Blanks between tokens that a text does not have."""


def detokenized(words: Iterable[str]) -> str:
    """Words as a text, marks put to the words that they belong to."""
    text = " ".join(words)
    for pattern, replacement in _SPACES:
        text = re.sub(pattern, replacement, text)
    return re.sub(r'" (.*?) "', r'"\1"', text).strip()
