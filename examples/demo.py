"""The main job on the inputs beside this file: from pages and tables to questions, and answers from the grammar alone.

Every step is a command anyone can type; the page that it writes shows what came out. `make demo` runs this.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from tabtext.jsonl import atomic_output, read_jsonl
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
SAMPLES = 12
ASKER_EPOCHS = 6
"""About a minute on two cores."""


def main() -> None:
    """Run every step that has not been run into the output folder yet, then show what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("out/demo"))
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    asker, corpus, mentions, short = (output / name for name in ("asker", "corpus", "mentions.jsonl", "short.jsonl"))
    step(mentions, "mine", HERE / "pages", "--output", mentions)
    step(
        asker / "model.safetensors", "train-asker", HERE / "asker_pairs.json", "--from-scratch", "tiny",
        "--epochs", ASKER_EPOCHS, "--batch-size", 16, "--output", asker,
    )  # fmt: skip
    step(short, "questions", HERE / "tables", HERE / "pages", "--output", short)
    step(corpus / "manifest.json", "synthesize", HERE / "pages", "--asker", asker, "--output", corpus)
    answers = [answered(question) for question in QUESTIONS]
    report = output / "index.html"
    with atomic_output(report, overwrite=True) as file:
        file.write(drawn(mentions, corpus, short, answers).encode())
    told(mentions, corpus, short, answers)
    print(f"\nEverything on one page: {report}")


def step(made: Path, *arguments: object) -> None:
    """Run `gentap ARGUMENTS` unless what it makes is there already."""
    words = ["gentap", *map(str, arguments)]
    print(f"\n$ {shlex.join(short_paths(words))}", flush=True)
    if made.exists():
        print(f"  (kept from an earlier run: {short_paths([str(made)])[0]})")
    else:
        run(*words[1:])


def run(*arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run `gentap ARGUMENTS`; the demo ends where that fails, and `gentap` has said why."""
    done = subprocess.run([sys.executable, "-m", "gentap", *arguments], check=False, text=True, **how)
    if done.returncode:
        sys.exit("The demo stopped; what was finished is kept.")
    return done


def answered(question: str) -> dict[str, object]:
    """The grammar's answer to a question about the table of games."""
    command = ["answer", "--model", "grammar", "--table", str(GAMES), "--format", "json", question]
    answer: dict[str, object] = json.loads(run(*command, stdout=subprocess.PIPE).stdout)
    return answer


def short_paths(words: list[str]) -> list[str]:
    """The words of a command with paths below this folder as one would type them."""
    return [os.path.relpath(word) if word.startswith("/") else word for word in words]


def told(mentions: Path, corpus: Path, short: Path, answers: list[dict[str, object]]) -> None:
    """Print samples of everything to the terminal."""
    print("\nSentences that speak of a row:")
    for record in samples(mentions):
        cells = ", ".join(f"{header} = {text}" for header, text in named_cells(record))
        print(f"  {record['sentence']}\n      {cells}")
    print("\nQuestions that such sentences answer (from an asker of 0.3 million weights; it stumbles):")
    for record in samples(corpus / "long" / "00000.jsonl.gz"):
        print(f"  {record['question']}\n      {record['sentence']}")
    print("\nQuestions of the grammar, with executed answers:")
    for record in samples(short):
        print(f"  [{record['type']}] {record['question']}\n      {'; '.join(record['answer']) or '(not in the table)'}")
    print(f"\nAsked about {short_paths([str(GAMES)])[0]}, answered by the grammar alone:")
    for answer in answers:
        print(f"  {answer['question']}\n      {answer['answer'] or 'not in this table'}")


def drawn(mentions: Path, corpus: Path, short: Path, answers: list[dict[str, object]]) -> str:
    """The same as one HTML page, with the tables drawn and the evidence marked."""
    from tabtext.readers import read_tables

    games = next(iter(read_tables(GAMES)))
    asked = [
        join_item(str(a["question"]), str(a["answer"] or "not in this table"), games, a["evidence"]) for a in answers
    ]
    mined = [join_item(r["sentence"], "", Table.from_json(r["table"]), r["cells"]) for r in samples(mentions, 4)]
    made = [
        join_item(r["question"], "; ".join(r["answer"]), Table.from_json(r["table"]), r["evidence"])
        for r in samples(short, 6)
    ]
    long = facts((r["question"], r["sentence"]) for r in samples(corpus / "long" / "00000.jsonl.gz"))
    return page(
        "From pages and tables to questions",
        "Made by make demo from the inputs in examples/. The marked cells are the evidence.",
        section("Asked about a table, answered by the grammar alone", *asked),
        section("Sentences that speak of a row", *mined),
        section("Questions that such sentences answer", long),
        section("Questions of the grammar", *made),
    )


def join_item(heading: str, text: str, table: Table, cells: object) -> Html:
    """A question or sentence, its answer, and the table with the cells behind it."""
    evidence = [Cell(*cell) for cell in cells]  # type: ignore[attr-defined]
    return element("div", element("h3", heading), element("p", text), draw_table(table, evidence))


def samples(path: Path, number: int = SAMPLES) -> Iterator[dict]:
    """Records from all over a file, always the same ones."""
    records = list(read_jsonl(path))
    return islice(records[:: max(1, len(records) // number)], number)


def named_cells(record: dict) -> Iterator[tuple[str, str]]:
    """The header and text of a mention's cells."""
    for row, column in record["cells"]:
        yield record["table"]["header"][column], record["table"]["rows"][row][column]


if __name__ == "__main__":
    main()
