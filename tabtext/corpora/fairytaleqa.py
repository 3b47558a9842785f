"""FairytaleQA (Xu et al., ACL 2022): questions on sections of stories; those whose answer stands in the section."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tabtext.corpora.squad import ReadingExample
from tabtext.csv_text import csv_rows
from tabtext.errors import InputError

QUESTIONS = ("question", "answer1", "cor_section", "ex-or-im1")


def read_fairytaleqa(folder: str | Path, split: str = "train") -> Iterator[ReadingExample]:
    """The explicit questions of a split whose answer occurs in their sections, from `questions/SPLIT/*-questions.csv`
    and `section-stories/SPLIT/*-story.csv`. The files have 8,548 questions in train and 1,025 in val; many of them are
    answered in other words than the story's and left out."""
    files = sorted((Path(folder) / "questions" / split).glob("*-questions.csv"))
    if not files:
        raise InputError(f"{folder}: no questions/{split}/*-questions.csv in it; name the folder of FairytaleQA.")
    for file in files:
        story = Path(folder) / "section-stories" / split / file.name.replace("-questions.csv", "-story.csv")
        sections = {row["section"]: " ".join(row["text"].split()) for row in csv_rows(story, ("section", "text"))}
        for row in csv_rows(file, QUESTIONS):
            numbers = row["cor_section"].split(",")
            context = " ".join(sections.get(number.strip(), "") for number in numbers)
            answer = " ".join(row["answer1"].split()).rstrip(".")
            start = context.lower().find(answer.lower()) if answer else -1
            if row["ex-or-im1"] == "explicit" and start >= 0:
                said = context[start : start + len(answer)]
                yield ReadingExample(context, " ".join(row["question"].split()), said, start)
