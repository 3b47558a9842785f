"""Questions per second from `grammars/question.lark`: ours about tables, with executed answers, against two peers
that write bare sentences of the same grammar, without a table (hypothesis.extra.lark, nltk.parse.generate)."""

from __future__ import annotations

import random
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from gentap.grammar.phrasing import phrasebook
from gentap.question_mix import QuestionMix
from gentap.questions import table_questions
from tabtext.grammar import Grammar, Slot
from tabtext.jsonl import dumps
from tabtext.readers import table_source, tables_of
from tabtext.shipped import shipped
from tabtext.table import Table

TABLES = 300
PASSES = 5
"""Our own rate is the best of so many passes, since other work on the machine only ever takes away."""

SENTENCES = {"ours, bare": 50_000, "nltk": 50_000, "hypothesis": 300}
"""How many sentences each writes; rates are in processor time."""


def measure(*paths: str) -> Iterator[str]:
    """Our questions per second about the tables of these files (else of `examples`), and the peers' sentences."""
    items = table_source(paths or ["examples/tables"]).items
    tables = list(islice((table for item in items for table in tables_of(item)), TABLES))
    ours = _questions_per_second(tables)
    yield f"{ours:,.0f} questions/s with executed answers and evidence about {len(tables)} tables"
    grammar = phrasebook().grammar
    bare = _rate((grammar.sample(rng) for rng in [random.Random(1)] * SENTENCES["ours, bare"]), "ours, bare")
    yield f"{bare:,.0f} sentences/s without a table"
    for name, sentences in _PEERS.items():
        try:
            theirs = _rate(sentences(grammar), name)
        except ImportError as error:
            yield f"{name}: not measured ({error})"
            continue
        yield (
            f"{name} writes {theirs:,.0f} sentences/s: ours with answers are {ours / theirs:.2f} times as fast, "
            f"ours without a table {bare / theirs:.2f}"
        )


def _questions_per_second(tables: list[Table]) -> float:
    """The rate of the whole stage: typed views, programs, execution, records, all but reading and writing files."""
    phrasebook()  # compiled once per process
    return max(_pass_rate(tables * max(1, TABLES // len(tables))) for _ in range(PASSES))


def _pass_rate(tables: list[Table]) -> float:
    written = [dumps(table.to_json()) for table in tables]
    fresh = [Table.from_json(table.to_json()) for table in tables]
    start, number = time.process_time(), 0
    for seed, (table, text) in enumerate(zip(fresh, written, strict=True)):
        for question in table_questions(table, random.Random(seed), QuestionMix(), Counter()):
            question.record(text)
            number += 1
    return number / (time.process_time() - start)


def _rate(sentences: Iterable[str], name: str) -> float:
    start = time.process_time()
    number = sum(1 for _ in islice(sentences, SENTENCES[name]))
    return number / (time.process_time() - start)


def _nltk(grammar: Grammar) -> Iterator[str]:
    """nltk's enumeration, in order, of the same rules; a terminal with a pattern stands for itself."""
    from nltk import CFG, Nonterminal, Production
    from nltk.parse.generate import generate

    def part(part: str | Slot) -> Any:
        if not isinstance(part, Slot):
            return part
        return Nonterminal(part.name) if part.name in grammar.rules else part.name

    rules = [
        Production(Nonterminal(name), [part(p) for p in alternative.parts])
        for name, alternatives in grammar.rules.items()
        for alternative in alternatives
    ]
    for words in generate(CFG(Nonterminal("start"), rules)):
        yield " ".join(words)


def _hypothesis(grammar: Grammar) -> Iterator[str]:
    """hypothesis' random sentences, all drawn in one test."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis.extra.lark import from_lark
    from lark import Lark

    folder = shipped("grammars")
    strategy = from_lark(Lark(Path(folder / "question.lark").read_text(), import_paths=[str(folder)]))
    drawn: list[str] = []

    @settings(
        max_examples=SENTENCES["hypothesis"], database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def draw(text: str) -> None:
        drawn.append(text)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        draw()
    yield from drawn


_PEERS: dict[str, Callable[[Grammar], Iterator[str]]] = {"nltk": _nltk, "hypothesis": _hypothesis}
