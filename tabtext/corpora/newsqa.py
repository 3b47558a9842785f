"""NewsQA and files of its shape: questions on news stories, answered by the span that most annotators chose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tabtext.corpora.squad import ReadingExample, read_articles
from tabtext.errors import InputError
from tabtext.jsonl import display_name


def read_newsqa(path: str | Path, split: str = "train") -> Iterator[ReadingExample]:
    """The questions of a split that have a consensus answer: `{"data": [{"text", "type", "questions": [{"q",
    "consensus": {"s", "e"}}]}]}`; a story without `type` is of every split."""
    for number, story in enumerate(read_articles(path), 1):
        try:
            examples = [*_of_story(story)] if story.get("type", split) == split else []
        except (AttributeError, KeyError, TypeError, ValueError):
            raise InputError(
                f"{display_name(path)}, story {number}: not of NewsQA's form; it needs 'text' and 'questions', each "
                "with 'q' and 'consensus', which has the characters 's' and 'e'."
            ) from None
        yield from examples


def _of_story(story: dict[str, Any]) -> Iterator[ReadingExample]:
    """The questions of a story that have a consensus answer."""
    text = story.get("text", "")
    for question in story.get("questions", ()):
        agreed = question.get("consensus", {})
        start, end = agreed.get("s"), agreed.get("e")
        if start is None or end is None:
            continue
        answer = text[start:end].strip()
        if answer:
            yield ReadingExample(text, question["q"].strip(), answer, text.index(answer, start))
