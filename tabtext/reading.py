"""Which questions of a reading-comprehension set can be asked from nothing but the sentence that answers them."""

from __future__ import annotations

import re
from functools import lru_cache

from tabtext.corpora.squad import ReadingExample
from tabtext.sentences import sentence_spans

MAX_SENTENCE_WORDS, MAX_ANSWER_WORDS = 60, 12
"""Longer ones are too much to learn from for a small model."""

STEM = 5
"""Words that begin with so many same letters count as forms of one word."""


def sentence_around(context: str, start: int, length: int) -> str | None:
    """The sentence of the context that holds these characters whole, or None."""
    for first, end in _sentences(context):
        if first <= start < end:
            return context[first:end].strip() if start + length <= end else None
    return None


def fault(example: ReadingExample, sentence: str | None) -> str | None:
    """Why the question cannot be asked from this sentence of its passage, or None where it can."""
    if sentence is None:
        return "answer not inside one sentence"
    if len(sentence.split()) > MAX_SENTENCE_WORDS or len(example.answer.split()) > MAX_ANSWER_WORDS:
        return "too long"
    question = example.question.strip()
    if not question.endswith("?"):
        return "no question mark"
    known = words(f"{sentence} {example.title}")
    if any(word.lower() not in known for word in _NAME_WORD.findall(" ".join(question.split()[1:]))):
        return "names what the sentence does not"
    if not content_words(question) & known - words(example.answer):
        return "shares nothing with the sentence"
    return None


def words(text: str) -> set[str]:
    """The words and numbers of a text, in lower case."""
    return {word.lower() for word in _WORD.findall(text)}


def content_words(text: str) -> set[str]:
    """The words of a text that are not function or question words."""
    return words(text) - FUNCTION_WORDS


def share_said(question: str, text: str) -> float:
    """The share, from 0 to 1, of the question's content words that the text has, in some form of the word."""
    asked = content_words(question)
    stems = {word[:STEM] for word in words(text)}
    return sum(word[:STEM] in stems for word in asked) / max(1, len(asked))


@lru_cache(maxsize=8)
def _sentences(context: str) -> list[tuple[int, int]]:
    """Where the sentences of a context begin and end; its questions come one after another."""
    return list(sentence_spans(context))


_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_NAME_WORD = re.compile(r"\b(?:[A-Z]\w+(?:['.-]\w+)*|\d[\d.,]*\d|\d)")
FUNCTION_WORDS = frozenset(
    _WORD.findall(
        """
        a about after again all also although an and another any are as at be became because become been
        before being between both but by called came can could despite did do does during each even first
        following for from gave get give given go had happened has have he held hence her here his how however
        i if in into is it its kind known last like made make many may more most much must my name named new
        no not now occurred of on one only or other our out over per said say she should since so some still
        such take than that the their them then there therefore these they this those thus to together took
        two type under until up upon use used using was we went were what when where whether which while who
        whom whose why will with within without would yet you
        """
    )
)
"""Words that say nothing of what a sentence is about."""
