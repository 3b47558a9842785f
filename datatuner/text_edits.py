"""Surgery on sentences: put words in a place, cut out what a place says, join sentences, and tidy what a cut leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from tabtext.examples import Fidelity
from tabtext.slots import Statement


def spliced(text: str, place: Statement, words: str) -> str:
    """The text with other words in a place, a capital where one stood, and `a` or `an` as they ask for."""
    old = text[place.start : place.end]
    if old[:1].isupper() and place.start == 0:
        words = words[:1].upper() + words[1:]
    before = text[: place.start]
    article = re.search(r"\b([Aa])n? $", before)
    if article:
        before = before[: article.start()] + article[1] + ("n " if re.match(r"[aeiou]|8|1[18]\b", words, re.I) else " ")
    return before + words + text[place.end :]


def sentence_around(text: str, place: Statement) -> tuple[int, int]:
    """Where the sentence of a place begins and ends."""
    start = max((found.end() for found in re.finditer(r"[.!?] ", text[: place.start])), default=0)
    end = re.search(r"[.!?](?= |$)", text[place.end :])
    return start, place.end + end.end() if end else len(text)


_LEAD = re.compile(
    r"(?:,? (?:and|but|which|that|while|with|in|near|at|on|for|by|from|of|has|have|is|are|was|were"
    r"|it|its|an?|the|also))+ $"
)
_JOINT = re.compile(r",|;| and | but | with | which | that | in | near | while ")
"""Where a sentence may be cut: the small words before what is cut, and what separates its pieces."""


def cuts_around(text: str, place: Statement) -> Iterator[tuple[int, int]]:
    """What may be cut to leave out what a place says: growing pieces of its sentence, up to all of it."""
    start, end = sentence_around(text, place)
    body_end = end - 1 if text[end - 1 : end] in (".", "!", "?") else end
    yield place.start, place.end
    lead = _LEAD.search(text[start : place.start])
    if lead:
        yield start + lead.start(), place.end
    begins = [start + found.start() for found in _JOINT.finditer(text[start : place.start])]
    ends = [place.end + found.start() for found in _JOINT.finditer(text[place.end : body_end])]
    for begin in begins[-2:]:
        yield from ((begin, stop) for stop in (*ends[:2], body_end))
    if len(text) > end - start:
        yield start, end


_SMALL = "and|or|with|in|for|at|near|by"
BROKEN = re.compile(
    r"\b(?:an?|the|its|their|for|with|in|at|of|by|on|to|from|and|but|is|are|was|has|have|near|serves?|that|which|called"
    r"|named|customer|located|price|number|part|or)[ ]?(?:[.,;:!?]|$)"
    r"|\b(?:an?|the|its) (?:and|with|in|near|is|are|for|at|that|while|of|on|by|has|but|or|to|,)\b"
    r"|(?:^|[.!?] )(?:is|are|has|have|was|were|and|but|which|with)\b"
    rf"|\b(?:{_SMALL}|from|do you think) (?:{_SMALL}|was|is)\b"
    r"|\b(?:is|are|was|were|has|have|serves|called) (?:and|or|but|which|that|while)\b"
    r"|\bthe area\b|^\W*$",
    re.IGNORECASE,
)
"""What a cut must not leave behind: words that wait for others, sentences without a subject."""


def joined(sentences: Sequence[str]) -> str:
    """Sentences as one text, a full stop put where one lacks its end mark."""
    ended = [s if s[-1] in ".!?\"')" else f"{s}." for s in sentences]
    return " ".join(ended)


def tidy(text: str) -> str:
    """The text without the double blanks and stray marks that a cut leaves."""
    text = " ".join(text.split())
    text = re.sub(r" ([.,;!?])", r"\1", text)
    text = re.sub(r"[,;]+([.!?])|([.!?]),", lambda m: m[1] or m[2], text)
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)
    text = re.sub(r"\b([Aa])n (?=[^aeiouAEIOU\W])", r"\1 ", text).lstrip(" ,;")
    return text[:1].upper() + text[1:] if text else text


_TOKEN = re.compile(r"\w+|[^\w\s]")
_UNSUPPORTED = frozenset({Fidelity.VALUE_ERROR, Fidelity.HALLUCINATION})
"""The classes whose edits put words into a text that its record does not support."""


def new_words(before: str, after: str) -> tuple[tuple[int, int], ...]:
    """Where `after` has words that `before` has not there, as characters [start, end) of `after`."""
    old, new = (list(_TOKEN.finditer(text)) for text in (before, after))
    edits = SequenceMatcher(None, [m[0] for m in old], [m[0] for m in new], autojunk=False).get_opcodes()
    places = [(low, high) for kind, _, _, low, high in edits if kind != "equal" and high > low]
    return tuple((new[low].start(), new[high - 1].end()) for low, high in places)


def unsupported(before: str, after: str, label: Fidelity) -> tuple[tuple[int, int], ...] | None:
    """The spans that a corruption of this class made unsupported: none of an omission or repetition, and None, not
    known, where words that were taken away made the rest say something else."""
    if label not in _UNSUPPORTED:
        return ()
    return new_words(before, after) or None
