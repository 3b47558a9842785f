"""What the models that ship say about inputs of our own: answers, a text with a verdict per fact, and two scores.

A part whose model is not there says so in one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tabtext.models import shipped_models
from tabtext.readers import read_table
from tabtext.record import Record
from tabtext.report import Html, draw_table, element, facts, join
from tabtext.slots import check
from tabtext.verbal import said

ANSWERER, WRITER, JUDGE, SCORER = "gentap-mini", "datatuner-mini-e2e", "fidelity-mini", "quals-mini"

QUESTIONS = (
    "Which city hosted the games in 2008?",
    "When did the games in Athens open?",
    "How many nations took part in Sydney?",
)
RECORD = Record.from_triples(
    [
        ("", "name", "The Golden Fern"),
        ("", "eatType", "restaurant"),
        ("", "food", "Italian"),
        ("", "priceRange", "moderate"),
        ("", "area", "riverside"),
        ("", "near", "Calder Mill"),
    ],
    id="fern",
)
TRIPLES = Record.from_triples(
    [
        ("Ada_Fenn", "birthYear", "1841"),
        ("Ada_Fenn", "employer", "Calder_Bay_Trust"),
        ("Calder_Bay_Trust", "headquarters", "Norvik"),
        ("Ada_Fenn", "favouriteTool", "a brass sextant"),
    ]
)
SOURCE = (
    "The lighthouse of Calder Bay was built in 1874 by the engineer Ada Fenn. It stands 41 metres above the harbour "
    "of Norvik and was the first on the coast to burn oil."
)
TEXTS = ("The lighthouse of Calder Bay was built in 1874.", "The lighthouse of Calder Bay was built in 1921.")


class Part(NamedTuple):
    """A heading, what to print below it, and the same for a page."""

    heading: str
    lines: list[str]
    drawn: Html


def parts(table: Path) -> Iterator[Part]:
    """All parts, those of missing models with one line that says so; the questions are about `table`."""
    there = shipped_models()
    yield answers(table, ANSWERER) if ANSWERER in there else _missing("Answers of a model", ANSWERER)
    yield text_with_verdicts(JUDGE in there) if WRITER in there else _missing("A text from triples", WRITER)
    yield text_by_rules()
    yield scores() if SCORER in there else _missing("A true and a false text", SCORER)


def answers(path: Path, model: str) -> Part:
    """The model's answers to questions about a table, with the cells behind them."""
    from gentap import TableQA

    table = read_table(path)
    found = TableQA.from_pretrained(model, threshold=0.0)(QUESTIONS, table)
    lines, drawn = [], []
    for answer in found:
        cells = ", ".join(f"{table.header[cell.column]} = {table[cell]}" for cell in answer.evidence)
        said = f"cell: {answer.cell or 'none'}; in a sentence: {answer.text}"
        lines += [answer.question, f"    {said}", f"    evidence: {cells or 'none'}"]
        drawn += [element("h3", answer.question), element("p", said), draw_table(table, answer.evidence)]
    return Part(f"Asked about {path.name}, answered by {model}", lines, join(*drawn))


def text_with_verdicts(is_judge_there: bool) -> Part:
    """The most faithful of the writer's candidates for a restaurant's facts, and what it does to each of them."""
    from datatuner import Saying, say

    judge = JUDGE if is_judge_there else Saying.judge
    [chosen] = say([RECORD], Saying(model=WRITER, judge=judge))
    verdicts = [one if isinstance(one, str) else one["verdict"] for one in (chosen.judged.report or {})["verdicts"]]
    told = [(", ".join(filter(None, t.readable())), v) for t, v in zip(RECORD.triples, verdicts, strict=True)]
    text = chosen.candidate.text
    lines = [text, *(f"    {fact}: {verdict}" for fact, verdict in told)]
    who = f"{WRITER} ({chosen.source}), judged by {judge}"
    return Part(f"Six facts, said by {who}", lines, join(element("p", text), facts(told)))


def text_by_rules() -> Part:
    """What rules say of facts whose predicates no model learnt, and what the slot checker finds."""
    text = said(TRIPLES)
    errors = check(TRIPLES, text).errors
    lines = [text, *(f"    {' | '.join(triple)}" for triple in TRIPLES.triples), f"    errors found: {errors}"]
    return Part("Triples of any kind, said by rules", lines, join(*(element("p", line) for line in lines)))


def scores() -> Part:
    """The score of a text that its source supports, and of one that it does not."""
    from quals import QUALS

    found = QUALS.from_pretrained(SCORER)(SOURCE, TEXTS)
    said = [(text, f"{score:.2f}") for text, score in zip(TEXTS, found, strict=True)]
    lines = [SOURCE, *(f"    {score}  {text}" for text, score in said)]
    heading = f"A true and a false text, scored by {SCORER} (about 0 is supported, lower is less)"
    return Part(heading, lines, join(element("p", SOURCE), facts(said)))


def _missing(heading: str, model: str) -> Part:
    line = f"The model {model} is not in this installation; make models DATA=FOLDER makes it."
    return Part(heading, [line], element("p", line))
