"""The main job on the inputs beside this file: from pages and tables to questions, answers, texts and verdicts.

Every step is a command anyone can type; the page that it writes shows what came out. `make demo` runs this, and with
PAGES=FOLDER also trains for a minute on pages of your own.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import demo_models
from demo_models import Part

from gentap.answers import Answer, Asked
from gentap.grammar.answer import grammar_answers
from gentap.parser.answer import parser_answers
from tabtext.jsonl import atomic_output, read_jsonl
from tabtext.models import shipped_models
from tabtext.readers import read_table
from tabtext.report import Html, draw_table, element, facts, page, section
from tabtext.table import Cell, Table

HERE = Path(__file__).resolve().parent
GAMES = HERE / "tables" / "summer_games.csv"
QUESTIONS = (
    "Which host city has the most athletes?",
    "What is the country of Sydney?",
    "How many host cities have more than 200 nations?",
    "What is the average number of nations?",
    "How many more athletes does London have than Athens?",
    "What is the country of Paris?",
)
EVERYDAY = (
    "Who hosted when the most athletes took part?",
    "How many games saw over 10,600 athletes?",
    "How many years went by between Athens and London?",
    "Did more nations come to Beijing than to Athens?",
    "Where did they go right after Sydney?",
)
"""Questions in words that no column has, read by the parser."""
SAMPLES = 12
ASKER, ANSWERER = "asker-mini", "gentap-mini"


def main() -> None:
    """Run every step that has not been run into the output folder yet, then show what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("out/demo"))
    parser.add_argument("--pages", type=Path, help="Folder of HTML of your own to train on for a minute.")
    options = parser.parse_args()
    output: Path = options.output
    output.mkdir(parents=True, exist_ok=True)
    report = output / "index.html"
    print(f"Everything will be on one page: {report}")
    made = Made(output / "mentions.jsonl", output / "short.jsonl", output / "corpus" / "long" / "00000.jsonl.gz")
    step(made.mentions, "mine", HERE / "pages", "--output", made.mentions)
    step(made.short, "questions", HERE / "tables", HERE / "pages", "--output", made.short)
    if ASKER in shipped_models():
        corpus = output / "corpus"
        step(corpus / "manifest.json", "synthesize", HERE / "pages", "--asker", ASKER, "--output", corpus)
        if options.pages:
            train_on(options.pages, output / "own")
    else:
        print(f"\nThe model {ASKER} is not in this installation: no questions are asked about the sentences.")
    games = read_table(GAMES)
    answers = [
        *grammar_answers(Asked(question, games) for question in QUESTIONS),
        *parser_answers(Asked(question, games) for question in EVERYDAY),
    ]
    shown = list(demo_models.parts(GAMES))
    with atomic_output(report, overwrite=True) as file:
        file.write(drawn(made, answers, shown).encode())
    told(made, answers, shown)
    print(f"\nEverything on one page: {report}")


class Made(NamedTuple):
    """The files that the steps make; `long` is missing where no asker is there."""

    mentions: Path
    short: Path
    long: Path


def train_on(pages: Path, output: Path) -> None:
    """Make a corpus of the user's own pages and train a model on it for a minute, the shipped one if it is there."""
    corpus, model = output / "corpus", output / "model"
    start = ("--model", ANSWERER) if ANSWERER in shipped_models() else ("--from-scratch", "tiny")
    step(corpus / "manifest.json", "synthesize", pages, "--asker", ASKER, "--output", corpus)
    step(model / "model.safetensors", "pretrain", corpus, *start, "--max-minutes", 1, "--output", model)
    print(f'Ask it: gentap answer --model {model} --table FILE "question"')


def step(made: Path, *arguments: object) -> None:
    """Run `gentap ARGUMENTS` unless what it makes is there already."""
    words = ["gentap", *map(str, arguments)]
    print(f"\n$ {shlex.join(short_paths(words))}", flush=True)
    if made.exists():
        print(f"  (kept from an earlier run: {short_paths([str(made)])[0]})")
    else:
        if subprocess.run([sys.executable, "-m", *words], check=False).returncode:
            sys.exit("The demo stopped; what was finished is kept.")  # gentap has said why


def short_paths(words: list[str]) -> list[str]:
    """The words of a command with paths below this folder as one would type them."""
    return [os.path.relpath(word) if word.startswith("/") else word for word in words]


def told(made: Made, answers: Sequence[Answer], shown: Sequence[Part]) -> None:
    """Print samples of everything to the terminal."""
    print("\nSentences that speak of a row:")
    for record in samples(made.mentions):
        cells = ", ".join(f"{header} = {text}" for header, text in named_cells(record))
        print(f"  {record['sentence']}\n      {cells}")
    if made.long.exists():
        print("\nQuestions that such sentences answer (from a small asker; it stumbles):")
    for record in samples(made.long):
        print(f"  {record['question']}\n      {record['sentence']}")
    print("\nQuestions of the grammar, with executed answers:")
    for record in samples(made.short):
        print(f"  [{record['type']}] {record['question']}\n      {'; '.join(record['answer']) or '(not in the table)'}")
    print(f"\nAsked about {short_paths([str(GAMES)])[0]}, answered by the grammar and the parser:")
    for answer in answers:
        print(f"  {answer.question}\n      {answer.text or 'not in this table'}  ({answer.origin})")
    for part in shown:
        print(f"\n{part.heading}:", *part.lines, sep="\n  ")


def drawn(made: Made, answers: Sequence[Answer], shown: Sequence[Part]) -> str:
    """The same as one HTML page, with the tables drawn and the evidence marked."""
    games = read_table(GAMES)
    asked = [join_item(a.question, a.text or "not in this table", games, a.evidence) for a in answers]
    mined = [join_item(r["sentence"], "", Table.from_json(r["table"]), r["cells"]) for r in samples(made.mentions, 4)]
    short = [
        join_item(r["question"], "; ".join(r["answer"]), Table.from_json(r["table"]), r["evidence"])
        for r in samples(made.short, 6)
    ]
    asks = facts((r["question"], r["sentence"]) for r in samples(made.long))
    long = [section("Questions that such sentences answer", asks)] if made.long.exists() else []
    return page(
        "From pages and tables to questions, answers and texts",
        "Made by make demo from the inputs in examples/. The marked cells are the evidence.",
        section("Asked about a table, answered by the grammar and the parser", *asked),
        *(section(part.heading, part.drawn) for part in shown),
        section("Sentences that speak of a row", *mined),
        *long,
        section("Questions of the grammar", *short),
    )


def join_item(heading: str, text: str, table: Table, cells: Iterable[Sequence[int]]) -> Html:
    """A question or sentence, its answer, and the table with the cells behind it."""
    evidence = [Cell(*cell) for cell in cells]
    return element("div", element("h3", heading), element("p", text), draw_table(table, evidence))


def samples(path: Path, number: int = SAMPLES) -> Iterator[dict]:
    """Records from all over a file, always the same ones; none where it was not made."""
    records = list(read_jsonl(path)) if path.exists() else []
    return islice(records[:: max(1, len(records) // number)], number)


def named_cells(record: dict) -> Iterator[tuple[str, str]]:
    """The header and text of a mention's cells."""
    for row, column in record["cells"]:
        yield record["table"]["header"][column], record["table"]["rows"][row][column]


if __name__ == "__main__":
    main()
