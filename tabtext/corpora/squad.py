"""Reading-comprehension sets: SQuAD v1.1 and v2.0 JSON, and any file of that shape (Rajpurkar et al., 2016, 2018)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.jsonl import display_name, read_json


class ReadingExample(NamedTuple):
    """One question about a passage, with an answer that stands in the passage at character `start`."""

    context: str
    question: str
    answer: str
    start: int
    title: str = ""


def read_squad(path: str | Path) -> Iterator[ReadingExample]:
    """The answerable questions of a SQuAD file, each with its first answer.

    The answer always equals `context[start:][:len(answer)]`; where the file's own offset is off, the first occurrence
    is taken, and a question whose answer does not occur is left out. Train has 87,599 questions, dev 10,570.
    """
    for number, article in enumerate(read_articles(path), 1):
        try:
            examples = [*_of_article(article)]
        except (AttributeError, KeyError, TypeError):
            raise InputError(
                f"{display_name(path)}, article {number}: not of SQuAD's form; it needs 'paragraphs' with 'context' "
                "and 'qas', each with 'question' and 'answers', a list of objects with 'text'."
            ) from None
        yield from examples


def _of_article(article: dict[str, Any]) -> Iterator[ReadingExample]:
    """The answerable questions of an article."""
    title = str(article.get("title", "")).replace("_", " ")
    for paragraph in article.get("paragraphs", ()):
        context = paragraph.get("context", "")
        for question in paragraph.get("qas", ()):
            for answer in question.get("answers", ())[:1]:
                start = _offset(context, answer)
                if start is not None:
                    yield ReadingExample(context, question["question"].strip(), answer["text"], start, title)


def read_articles(path: str | Path) -> list[dict[str, Any]]:
    """The objects of the list `data` of a JSON file; an InputError where there is none."""
    content = read_json(path)
    articles = content.get("data") if isinstance(content, dict) else None
    if not isinstance(articles, list):
        raise InputError(f"{display_name(path)}: expected SQuAD JSON or NewsQA's, with a list 'data'; found none.")
    return articles


def _offset(context: str, answer: dict[str, Any]) -> int | None:
    """Where the answer stands in the context, or None."""
    text, start = answer["text"], answer.get("answer_start", -1)
    if start >= 0 and context.startswith(text, start):
        return start
    found = context.find(text)
    return found if found >= 0 and text else None
