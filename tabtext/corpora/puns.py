"""Puns as published: ExPUNations (Sun et al., EMNLP 2022) over the texts of SemEval-2017 Task 7, and context-situated
puns (Sun et al., EMNLP 2022). Their licences allow no commercial use; they are read, never shipped.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.csv_text import csv_rows
from tabtext.detokenize import detokenized
from tabtext.errors import InputError
from tabtext.jsonl import read_json, read_text


class ExplainedPun(NamedTuple):
    """A pun with what annotators said of it: explanations, the keywords of each, and the mean funniness (0 to 5).

    `word` is the word that has two senses, empty where no file tells it.
    """

    id: str
    text: str
    explanations: tuple[str, ...]
    keywords: tuple[tuple[str, ...], ...]
    funniness: float
    word: str = ""


class ContextPun(NamedTuple):
    """Keywords of a situation and a pair of words, told to be usable for a pun there or not, and the pun if one was
    written: `word` is said, `alternative` is what it also brings to mind (the same word in a homographic pun)."""

    context: tuple[str, ...]
    word: str
    alternative: str
    senses: tuple[str, str]
    usable: bool
    pun: str = ""


_COLUMNS = ("context", "pun_word", "alter_word", "pun_word_sense", "alter_word_sense", "new_pun", "user_pun")


def read_contexts(path: str | Path) -> Iterator[ContextPun]:
    """The rows of `context_situated_pun.csv`, 4,551 of them; an InputError names columns that are missing."""
    for row in csv_rows(path, _COLUMNS):
        context = tuple(word.strip() for word in row["context"].split(",") if word.strip())
        senses = (row["pun_word_sense"], row["alter_word_sense"])
        pun = "" if row["user_pun"].strip() in ("", "{}") else row["user_pun"].strip()
        usable = row["new_pun"].strip().lower() == "yes"
        yield ContextPun(context, row["pun_word"], row["alter_word"], senses, usable, pun)


def read_expunations(path: str | Path, texts: Iterable[str | Path]) -> Iterator[ExplainedPun]:
    """The annotations of an ExPUNations file joined with the texts of SemEval's XML files, by id.

    Says on standard error how many have no text in these files. The pun's word is known where the `.gold` file of
    SemEval's second subtask lies beside the XML file of the same name.
    """
    known: dict[str, dict[str, str]] = {}
    words: dict[str, str] = {}
    for file in map(Path, texts):
        known.update(_tokens(file))
        if file.with_suffix(".gold").exists():
            words.update(_locations(file.with_suffix(".gold")))
    without = 0
    for fields in _annotations(Path(path)):
        tokens = known.get(str(fields.get("ID")))
        if tokens is None:
            without += 1
        else:
            try:
                yield _explained(fields, tokens, words)
            except TypeError:
                raise InputError(
                    f"{path}: the annotation of {fields['ID']} is not of ExPUNations' form; explanations, keywords and "
                    "marks of funniness are lists."
                ) from None
    if without:
        print(f"ExPUNations: {without:,} annotated puns left out, whose text no XML file holds", file=sys.stderr)


def _explained(fields: Mapping[str, Any], tokens: Mapping[str, str], words: Mapping[str, str]) -> ExplainedPun:
    identifier = str(fields["ID"])
    said = [str(text).strip() for text in fields.get("Natural language explanation", ())]
    keywords = [
        tuple(str(word).strip() for word in row if str(word).strip()) for row in fields.get("Joke keywords", ())
    ]
    marks = [float(mark) for mark in fields.get("Funniness (1-5)", ()) if isinstance(mark, int | float)]
    return ExplainedPun(
        identifier,
        detokenized(tokens.values()),
        tuple(text for text in said if text),
        tuple(row for row in keywords if row),
        sum(marks) / len(marks) if marks else 0.0,
        tokens.get(words.get(identifier, ""), ""),
    )


def _annotations(path: Path) -> list[dict[str, Any]]:
    rows = read_json(path)
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "ID" in row for row in rows):
        raise InputError(f"{path}: expected ExPUNations' list of annotations, each with an 'ID'.")
    return rows


def _tokens(path: Path) -> dict[str, dict[str, str]]:
    """The words of each text of a SemEval XML file, by text id and word id."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise InputError(f"{path}: not readable as XML ({error}).") from None
    return {
        text.get("id", ""): {word.get("id", ""): word.text or "" for word in text.findall("word")}
        for text in root.findall(".//text")
    }


def _locations(path: Path) -> dict[str, str]:
    """From text id to the id of its pun word, of the lines that tell one."""
    pairs = (line.split() for line in read_text(path).splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and pair[1].startswith(pair[0])}
