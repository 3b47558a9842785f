"""Exact match, token F1 as SQuAD has it, and the denotation accuracy of WikiTableQuestions: are two short answers the
same thing?

Denotation accuracy follows the rules of that data set's evaluator (Pasupat and Liang 2015, version 1.0.2): texts are
normalised, numbers and dates compared as such, and a list must have the same items in any order.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tabtext.metrics.base import Items, MeanMetric

ITEM_SEPARATOR = "|"
"""Between the items of a list answer; `\\p` stands for the sign itself, as in the data set's files."""

_QUOTES = str.maketrans({"‘": "'", "’": "'", "´": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-",
                         "‑": "-", "‒": "-", "−": "-"})  # fmt: skip
_NOTES = re.compile(r"((?<!^)\[[^\]]*\]|\[\d+\]|[•♦†‡*#+])*$")
_DETAILS = re.compile(r"(?<!^)( \([^)]*\))*$")
_QUOTED = re.compile(r'^"([^"]*)"$')
_DATE = re.compile(r"(\d+|xxxx|xx)-(\d+|xx)-(\d+|xx)")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")
_ESCAPE = re.compile(r"\\([pn\\])")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)
CLOSE = 1e-6


class ExactMatch(MeanMetric):
    """The share of predictions, in percent, that are one of their references, spaces at the ends aside."""

    name = "exact_match"
    scale = 100.0
    settings = ("case:mixed",)

    def segment_scores(self, items: Items) -> list[float]:
        """1 where the prediction is a reference, else 0."""
        return [
            float(prediction.strip() in {reference.strip() for reference in references})
            for prediction, references in zip(items.predictions, items.references, strict=True)
        ]


class TokenF1(MeanMetric):
    """Mean F1, in percent, of the words that a short answer shares with its best reference (Rajpurkar et al. 2016)."""

    name = "token_f1"
    scale = 100.0
    settings = ("rules:squad-1.1",)

    def segment_scores(self, items: Items) -> list[float]:
        """F1 of every item, from 0 to 1."""
        return [
            max(token_f1(prediction, reference) for reference in references)
            for prediction, references in zip(items.predictions, items.references, strict=True)
        ]


def token_f1(prediction: str, reference: str) -> float:
    """The F1 of two answers' words; 1 where neither has any, 0 where only one has."""
    predicted, wanted = answer_words(prediction), answer_words(reference)
    if not predicted or not wanted:
        return float(predicted == wanted)
    return 2 * (Counter(predicted) & Counter(wanted)).total() / (len(predicted) + len(wanted))


def answer_words(text: str) -> list[str]:
    """The words of an answer as SQuAD's evaluator compares them: in small letters, no punctuation, no articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_WITHOUT_PUNCTUATION)).split()


class DenotationAccuracy(MeanMetric):
    """The share of predictions, in percent, that denote what one of their references denotes.

    A list of several items is written with `|` between them, in predictions and references alike.
    """

    name = "denotation_accuracy"
    scale = 100.0
    settings = ("rules:wtq-1.0.2",)

    def segment_scores(self, items: Items) -> list[float]:
        """1 where prediction and reference denote the same, else 0."""
        return [
            float(any(same_denotation(prediction, reference) for reference in references))
            for prediction, references in zip(items.predictions, items.references, strict=True)
        ]


class Denoted(NamedTuple):
    """What one item of an answer stands for: its normalised text, and the number or date (-1: not given) it is."""

    text: str
    number: float | None = None
    date: tuple[int, int, int] | None = None

    @property
    def identity(self) -> object:
        """Equal for items that a list counts once: the same number, else the same date, else the same text."""
        return self.number if self.number is not None else self.date or self.text

    def matches(self, other: Denoted) -> bool:
        """Whether both have the same text, or close numbers, or the same date."""
        if self.text == other.text:
            return True
        if self.number is not None and other.number is not None:
            return abs(self.number - other.number) < CLOSE
        return self.date is not None and self.date == other.date

    @classmethod
    def of(cls, text: str) -> Denoted:
        """What this text denotes; a date of which only the year is given is a number."""
        normal, bare = normalize(text), text.strip().lower()
        if _NUMBER.fullmatch(bare):
            return cls(normal, float(bare))
        if parts := _DATE.fullmatch(bare):
            year, month, day = (-1 if part.startswith("x") else int(part) for part in parts.groups())
            if month == day == -1 != year:
                return cls(normal, float(year))
            if (month == -1 or 1 <= month <= 12) and (day == -1 or 1 <= day <= 31) and max(month, day) > 0:
                return cls(normal, date=(year, month, day))
        return cls(normal)


def joined(texts: Iterable[str]) -> str:
    """Texts as one answer of several items, which none of them can end by what it holds."""
    return ITEM_SEPARATOR.join(text.replace("\\", "\\\\").replace(ITEM_SEPARATOR, "\\p") for text in texts)


def same_denotation(prediction: str, reference: str) -> bool:
    """Whether two answers have as many different items and each item of the reference is one of the prediction."""
    predicted, wanted = denoted(prediction), denoted(reference)
    return len(predicted) == len(wanted) and all(any(item.matches(other) for other in predicted) for item in wanted)


def denoted(answer: str) -> list[Denoted]:
    """The different items of an answer; an empty answer is one empty item."""
    items = (Denoted.of(_ESCAPE.sub(_unescaped, item)) for item in answer.split(ITEM_SEPARATOR))
    return list({item.identity: item for item in items}.values())


def normalize(text: str) -> str:
    """A text without accents, notes, bracketed details, outer quotes and final stop, lower-cased, spaces single."""
    decomposed = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in decomposed if unicodedata.category(c) != "Mn").translate(_QUOTES)
    previous = None
    while previous != text:
        previous = text
        text = _NOTES.sub("", text.strip())
        text = _DETAILS.sub("", text.strip())
        text = _QUOTED.sub(r"\1", text.strip())
    return " ".join(text.removesuffix(".").lower().split())


def _unescaped(found: re.Match[str]) -> str:
    return {"p": "|", "n": "\n"}.get(found[1], found[1])
