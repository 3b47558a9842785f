"""NewsQA and files of its shape: questions on news stories, answered by the span that most annotators chose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tabtext.corpora.squad import ReadingExample, read_articles


def read_newsqa(path: str | Path, split: str = "train") -> Iterator[ReadingExample]:
    """The questions of a split that have a consensus answer: `{"data": [{"text", "type", "questions": [{"q",
    "consensus": {"s", "e"}}]}]}`; a story without `type` is of every split."""
    for story in read_articles(path):
        if story.get("type", split) != split:
            continue
        text = story.get("text", "")
        for question in story.get("questions", ()):
            agreed = question.get("consensus", {})
            start, end = agreed.get("s"), agreed.get("e")
            if start is None or end is None:
                continue
            answer = text[start:end].strip()
            if answer:
                yield ReadingExample(text, question["q"].strip(), answer, text.index(answer, start))
