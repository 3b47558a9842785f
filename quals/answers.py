"""Answer candidates of a text, without a tagger: dates, names, figures and noun phrases, found by their shape.

QAGS asks about what a named-entity and noun-phrase chunker finds. This one goes by capitals, digits and determiners;
what it takes wrongly costs a question that the text itself does not answer, and QAGS drops such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tabtext.metrics.match import answer_words
from tabtext.reading import FUNCTION_WORDS
from tabtext.sentences import sentence_spans
from tabtext.values import MONTHS

MAX_ANSWERS = 10
"""Candidates of a text, as in QAGS."""

MAX_NAME, MAX_PHRASE = 6, 4
"""Words of a name, and of a noun phrase behind its determiner; longer ones are cut there."""

_MONTH = "(?:" + "|".join(f"{name}|{name[:3]}\\.?" for name in MONTHS) + ")"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    rf"|{_MONTH} \d{{4}}|[12]\d{{3}})(?![\w-])"
)
_SCALE = r"(?:hundred|thousand|million|billion|per ?cent)\b|%|°[CF]?"
_FIGURE = re.compile(
    rf"(?<![\w.,-])[$€£¥]?\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?(?:\s?(?:{_SCALE})|[-–]\d+(?:[.,]\d+)*)?(?![\w-])"
)
_WORD = re.compile(r"[^\W_]+(?:[-'’./&][^\W_]+|,\d+)*")
_COUNTS = frozenset(_WORD.findall("one two three four five six seven eight nine ten eleven twelve"))
"""Determiners that belong to the answer: `three`, but not `the`."""

_DETERMINERS = _COUNTS | frozenset(
    _WORD.findall(
        "the a an his her its their our my this that these those every each another no some any several many few both"
    )
)
_LINKS = frozenset(_WORD.findall("of the de la le du del der den van von da di al el bin ibn"))
"""Small words inside names: `Bank of the West`, `Ursula von der Leyen`."""

_GRAMMAR = frozenset(
    _WORD.findall(
        """
        across along always am aren't around because behind being beyond can't cannot couldn't didn't doesn't don't
        done down even ever happened hasn't haven't herself him himself here i isn't it's itself just me might mine near
        never now off often onto ought ourselves shall themselves then though too toward towards unless upon us very
        wasn't well went weren't whereas whether who's within without won't wouldn't yours
        """
    )
)
_CLOSED = FUNCTION_WORDS | _DETERMINERS | _GRAMMAR
"""Words that no noun phrase goes on with: those that carry grammar rather than things."""


class Span(NamedTuple):
    """Characters [start, end) of a text."""

    start: int
    end: int


def answer_candidates(text: str, limit: int = MAX_ANSWERS) -> list[Span]:
    """At most `limit` spans that can be asked for, in the order of the text, no two with the same words.

    Dates and names come before figures, these before noun phrases behind a determiner, and other runs of content words
    fill up what is left. No two overlap, but a noun phrase may hold a name: `low-priced French pub`.
    """
    words = [Span(*found.span()) for found in _WORD.finditer(text)]
    kept: list[Span] = []
    seen: set[tuple[str, ...]] = set()
    for find in _KINDS:
        for span in find(text, words):
            said = tuple(answer_words(text[span.start : span.end]))
            if len(kept) >= limit:
                return sorted(kept)
            nested = find is noun_phrases
            if said and said not in seen and all(_apart(span, other, nested) for other in kept):
                seen.add(said)
                kept.append(span)
    return sorted(kept)


def _apart(span: Span, other: Span, nested: bool) -> bool:
    """Whether two spans share no character, or with `nested` the first holds the second whole."""
    holds = nested and span.start <= other.start and other.end <= span.end
    return span.end <= other.start or other.end <= span.start or holds


def dates(text: str, words: Sequence[Span]) -> Iterator[Span]:
    """Days, months with a year, and years."""
    yield from (Span(*found.span()) for found in _DATE.finditer(text))


def figures(text: str, words: Sequence[Span]) -> Iterator[Span]:
    """Numbers with their sign, scale or second half: `$5 million`, `12 %`, `28-24`."""
    yield from (Span(*found.span()) for found in _FIGURE.finditer(text))


def names(text: str, words: Sequence[Span]) -> Iterator[Span]:
    """Runs of capitalised words, small links between them and numbers behind them included.

    The first word of a sentence counts only if it is no function word.
    """
    first = {start for start, _ in sentence_spans(text)}
    place = 0
    while place < len(words):
        if not _is_capital(text, words[place], first):
            place += 1
            continue
        last = _name_end(text, words, place)
        end = words[last].end
        yield Span(words[place].start, end - 2 if text[end - 2 : end] in ("'s", "’s") else end)
        place = last + 1


def _name_end(text: str, words: Sequence[Span], place: int) -> int:
    """The index of the name's last word; links count only where a capital follows."""
    last = place
    for after in range(place + 1, min(len(words), place + MAX_NAME)):
        if not _adjoins(text, words[after - 1], words[after]):
            break
        word = text[words[after].start : words[after].end]
        if word[0].isupper() or (word[0].isdigit() and last == after - 1):
            last = after
        elif word not in _LINKS:
            break
    return last


def noun_phrases(text: str, words: Sequence[Span]) -> Iterator[Span]:
    """The words behind a determiner, up to a function word, a sign, or what looks like a verb."""
    place = 0
    while place < len(words):
        word = text[words[place].start : words[place].end].lower()
        place += 1
        if word not in _DETERMINERS:
            continue
        last = _run_end(text, words, place - 1, place + MAX_PHRASE)
        if last >= place:
            first = place - 1 if word in _COUNTS else place
            yield Span(words[first].start, words[last].end)
            place = last + 1


def bare_phrases(text: str, words: Sequence[Span]) -> Iterator[Span]:
    """Other runs of content words, as they are all there is in a text without capitals."""
    place = 0
    while place < len(words):
        last = _run_end(text, words, place - 1, place + MAX_PHRASE - 1, starts=True)
        word = text[words[place].start : words[place].end]
        if last > place or (last == place and len(word) > 1 and not _like_a_verb(word)):
            yield Span(words[place].start, words[last].end)
        place = max(last, place) + 1


def _run_end(text: str, words: Sequence[Span], before: int, stop: int, *, starts: bool = False) -> int:
    """The index of the last of the content words that follow word `before`, or `before`; with `starts` a sign may stand
    before the first of them."""
    last = before
    for after in range(before + 1, min(len(words), stop)):
        word = text[words[after].start : words[after].end]
        apart = not _adjoins(text, words[after - 1], words[after]) and not (starts and after == before + 1)
        if apart or word.lower() in _CLOSED or _is_letter(word) or (last > before and _like_a_verb(word)):
            break
        last = after
    return last


def _like_a_verb(word: str) -> bool:
    """Whether a word looks like a verb's form: `walked`, but not `low-priced`."""
    return word.islower() and "-" not in word and len(word) > 4 and word.endswith(("ed", "ing"))


def _is_letter(word: str) -> bool:
    """Whether a word is a single small letter, such as the one of a possessive that stands apart."""
    return len(word) == 1 and word.islower()


def _is_capital(text: str, word: Span, first: set[int]) -> bool:
    said = text[word.start : word.end]
    return said[0].isupper() and not (said.lower() in _CLOSED and (word.start in first or len(said) == 1))


def _adjoins(text: str, word: Span, other: Span) -> bool:
    """Whether nothing but a space stands between two words, or the full stop of an initial."""
    between = text[word.end : other.start]
    return between == " " or (between == ". " and word.end - word.start == 1) or between == " & "


_KINDS: tuple[Callable[[str, Sequence[Span]], Iterator[Span]], ...] = (
    dates,
    names,
    figures,
    noun_phrases,
    bare_phrases,
)
