"""Training pairs of the fidelity classifier: texts that say their record, and texts that we broke on purpose.

`paper` are the rules of the paper (`datatuner.paper_rules`), `typed` ours (`datatuner.typed_rules`), where one
corruption of each class is made of every text that the slot checker finds faultless.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from datatuner.paper_rules import PRESETS, paper_corruptions
from datatuner.typed_rules import RULES, Context, corrupt_once
from tabtext.errors import InputError, unknown_name
from tabtext.examples import Fidelity, FidelityExample, TextExample
from tabtext.jsonl import read_jsonl, refuse_existing, write_jsonl
from tabtext.record import Record
from tabtext.slots import domain_of, judge, load_domain
from tabtext.stages import Options, Source, Stage, run_stage

RULE_SETS = ("paper", "typed")
CAPS = {"train": 100_000}
OTHER_CAP = 10_000
"""The most items that balancing makes of a split, as in the paper."""

LENDERS = 10
"""How many other texts a corruption may borrow from."""


class Work(NamedTuple):
    """One text of a record, and (record, text) of others to borrow from, the first a neighbour in the data set."""

    record: Record
    text: str
    others: tuple[tuple[Record, str], ...]


def corruption_stage(rules: str, dataset: str = "auto") -> Stage:
    """The stage that makes corruptions of `Work`, by one of `RULE_SETS`."""
    if rules not in RULE_SETS:
        raise unknown_name("--rules", rules, RULE_SETS)
    process = partial(_by_paper, dataset=dataset) if rules == "paper" else _by_type
    return Stage("corrupt", {"rules": rules, "dataset": dataset}, process)


def work_of(examples: Iterable[TextExample], seed: int = 0) -> Source:
    """Every text of the examples as work, with texts drawn for it to borrow from: those whose record has a slot of
    its own with another value first."""
    pool = [example for example in examples if example.texts]
    if len(pool) < 2:
        raise InputError(f"Corruptions borrow from other records; found {len(pool)} with a text, 2 or more would do.")
    total = sum(len(example.texts) for example in pool)
    return Source(_work(pool, seed), "texts", total)


def _work(pool: Sequence[TextExample], seed: int) -> Iterator[Work]:
    holders: dict[str, list[int]] = {}
    for index, example in enumerate(pool):
        for predicate in {triple.predicate for triple in example.record.triples}:
            holders.setdefault(predicate, []).append(index)
    for index, example in enumerate(pool):
        rng = random.Random(f"{seed}/lenders/{index}")
        for text in example.texts:
            lenders = [pool[i] for i in _lenders(pool, index, holders, rng)]
            others = tuple((lender.record, _plain(rng.choice(lender.texts))) for lender in lenders)
            yield Work(example.record, _plain(text), others)


def _lenders(pool: Sequence[TextExample], index: int, holders: dict[str, list[int]], rng: random.Random) -> list[int]:
    """A neighbour of the same category and size where there is one, then others with the same slots, then any."""
    record = pool[index].record
    neighbours = [i for i in (index + 1, index - 1) if 0 <= i < len(pool) and _alike(pool[i].record, record)]
    chosen = dict.fromkeys(neighbours[:1] or [_another(len(pool), index, rng)])
    predicates = list(dict.fromkeys(triple.predicate for triple in record.triples))
    rng.shuffle(predicates)
    for predicate in predicates:
        chosen.update(dict.fromkeys(i for i in (rng.choice(holders[predicate]) for _ in range(2)) if i != index))
        if len(chosen) >= LENDERS - 2:
            break
    chosen.update(dict.fromkeys(_another(len(pool), index, rng) for _ in range(2)))
    return list(chosen)


def _another(size: int, index: int, rng: random.Random) -> int:
    """A random place other than this one."""
    return (index + rng.randrange(1, size)) % size


def _alike(one: Record, other: Record) -> bool:
    return one.category == other.category and len(one.triples) == len(other.triples)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _by_paper(work: Work, rng: random.Random, counts: Counter[str], dataset: str) -> Iterator[FidelityExample]:
    if not work.text:
        counts["empty text"] += 1
        return
    others = work.others if dataset == "webnlg" else work.others[-1:]
    preset = PRESETS.get(dataset, PRESETS["webnlg"])
    items = paper_corruptions(work.record, work.text, others[0][1], preset, rng)
    if not items:
        counts["left out by the preset's share"] += 1
    yield from items


def _by_type(work: Work, rng: random.Random, counts: Counter[str]) -> Iterator[FidelityExample]:
    """The text itself, and one confirmed corruption of each class, by a rule drawn for it."""
    domain = load_domain(domain_of(work.record))
    report = judge(work.record, work.text, domain)
    if report.errors or not work.record.triples:
        counts["text that the checker faults"] += 1
        return
    context = Context.of(work.record, work.text, work.others, domain)
    verdicts = tuple(verdict.value for verdict in report.verdicts)
    yield FidelityExample(work.record, work.text, (Fidelity.ACCURATE,), rule="reference", verdicts=verdicts, spans=())
    for label in (Fidelity.OMISSION, Fidelity.REPETITION, Fidelity.HALLUCINATION, Fidelity.VALUE_ERROR):
        rules = [rule for rule, (_, means) in RULES.items() if means is label]
        rng.shuffle(rules)
        made = next((item for item in (corrupt_once(context, rule, rng) for rule in rules) if item), None)
        if made is None:
            counts[f"no confirmed {label.value}"] += 1
        else:
            yield made


def write_balanced(stage: Stage, source: Source, options: Options, split: str) -> Counter[str]:
    """Run a corruption stage and write its items balanced; the unbalanced ones are kept beside them until then."""
    if str(options.output) == "-":
        raise InputError("Balancing needs all items before the first is written; name a file with --output.")
    refuse_existing(options.output, overwrite=options.overwrite)
    unbalanced = options.output.with_name(f"{options.output.name}.unbalanced.jsonl")
    counts = run_stage(stage, source, replace(options, output=unbalanced, overwrite=True))
    items = [FidelityExample.from_json(fields) for fields in read_jsonl(unbalanced)]
    rng = random.Random(f"{options.seed}/balance")
    kept = write_jsonl(options.output, balanced(items, rng, CAPS.get(split, OTHER_CAP)), overwrite=options.overwrite)
    print(f"balanced: {len(items):,} records in, {kept:,} records out", file=sys.stderr)
    unbalanced.unlink()
    return counts


def balanced(items: Sequence[FidelityExample], rng: random.Random, cap: int) -> list[FidelityExample]:
    """The paper's balancing: each class of n items gets min(most, 3n, most - n) of its own again, most being the
    largest class; then all are shuffled and cut to `cap`. An item of several labels counts for its first."""
    by_class: dict[Fidelity, list[FidelityExample]] = {}
    for item in items:
        by_class.setdefault(item.label[0], []).append(item)
    most = max(map(len, by_class.values()), default=0)
    more = [item for its in by_class.values() for item in rng.choices(its, k=min(most, 3 * len(its), most - len(its)))]
    every = [*items, *more]
    rng.shuffle(every)
    return every[:cap]
