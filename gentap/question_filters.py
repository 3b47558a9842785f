"""What makes a generated question useless, by reason, so that drops can be counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from gentap.asker_data import AskerInput
from tabtext.reading import content_words, share_said, words

MIN_WORDS, MAX_WORDS = 4, 40
MIN_SAID = 0.5
"""The share of a question's content words that its sentence or entries must have; other words are often no words."""

_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_QUESTION_WORD = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_FOR_NUMBERS = re.compile(r"\bhow (?:many|much)\b|\b(?:what|which) (?:year|date|season)\b|\bwhen\b", re.IGNORECASE)
_FOR_AMOUNTS = re.compile(r"\bhow (?:many|much)\b", re.IGNORECASE)
_FOR_NAMES = re.compile(r"\bwh(?:o|om|ose)\b", re.IGNORECASE)
_NUMBER_WORD = re.compile(
    r"\d|\b(?:no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|billion|first|"
    r"January|February|March|April|May|June|July|August|September|October|November|December)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"[12]\d{3}|.*\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b.*"
)
_STUTTER = re.compile(r"([^\W\d_]{2,})\1{2}")
_NAME = re.compile(r"\b(?:[A-Z]\w*|\d[\d.,]*\d|\d)")


def degenerate(question: str, source: AskerInput) -> str | None:
    """Why a question generated for this input is of no use, or None."""
    return next((reason for reason, holds in FAULTS.items() if holds(question, source)), None)


def names_another(question: str, values: Sequence[str]) -> bool:
    """Whether the question says most of one of these texts, the other cells of the row: without any, it asks of any
    row."""
    return any(content_words(value) and share_said(value, question) > 0.5 for value in values)


def _sequence(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _no_question_mark(question: str, source: AskerInput) -> bool:
    return not question.rstrip().endswith("?")


def _wrong_length(question: str, source: AskerInput) -> bool:
    return not MIN_WORDS <= len(question.split()) <= MAX_WORDS


def _no_question_word(question: str, source: AskerInput) -> bool:
    return not _QUESTION_WORD.search(question)


def _loops(question: str, source: AskerInput) -> bool:
    """A word twice in a row, the same three words again, or the same letters over and over."""
    said = _sequence(question)
    triples = list(zip(said, said[1:], said[2:], strict=False))
    if _STUTTER.search(question):
        return True
    return len(set(triples)) < len(triples) or any(a == b for a, b in pairwise(said))


def _copies_sentence(question: str, source: AskerInput) -> bool:
    return _contains(_sequence(source.sentence), _sequence(question))


def _tells_answer(question: str, source: AskerInput) -> bool:
    return _contains(_sequence(question), _sequence(source.asked.value))


def _invents_names(question: str, source: AskerInput) -> bool:
    """A capitalised word (but the first) or a number that the sentence and its entries do not have."""
    known = words(_said(source))
    plain = {part for word in known for part in re.split(r"[^\w]+", word)}
    said = _NAME.findall(question)[question[:1].isupper() :]
    return any(name.lower().strip(".,") not in known | plain for name in said)


def _asks_for_another_kind(question: str, source: AskerInput) -> bool:
    """How many, or when, where the answer holds no number, or how many where it is a date; who, where it begins with a
    figure."""
    answer = source.asked.value
    if _FOR_AMOUNTS.search(question) and _DATE.fullmatch(answer):
        return True
    if _FOR_NUMBERS.search(question) and not _NUMBER_WORD.search(answer):
        return True
    return bool(_FOR_NAMES.search(question)) and answer[:1].isdigit()


def _says_it_otherwise(question: str, source: AskerInput) -> bool:
    return share_said(question, _said(source)) < MIN_SAID


def _said(source: AskerInput) -> str:
    """The sentence and all its entries in one text."""
    return " ".join([source.sentence, *(text for entry in (source.asked, *source.given) for text in entry)])


def _contains(longer: list[str], shorter: list[str]) -> bool:
    """Whether the shorter sequence stands in the longer one as a whole."""
    size = len(shorter)
    return bool(shorter) and any(longer[i : i + size] == shorter for i in range(len(longer) - size + 1))


FAULTS: dict[str, Callable[[str, AskerInput], bool]] = {
    "no question mark": _no_question_mark,
    "too short or too long": _wrong_length,
    "no question word": _no_question_word,
    "repeats itself": _loops,
    "copies the sentence": _copies_sentence,
    "tells the answer": _tells_answer,
    "names what the sentence does not": _invents_names,
    "asks for another kind of answer": _asks_for_another_kind,
    "in other words than the sentence": _says_it_otherwise,
}
"""Reason -> whether it holds; the first that holds is counted."""
