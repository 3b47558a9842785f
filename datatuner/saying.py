"""`datatuner say`: a text for each record that says its facts and no others, with a verdict on every fact.

A model's likeliest candidate that the slot checker passes, else one of a wider search, else one decoded anew with what
was missing, else what rules say (`tabtext.verbal`), which need no model and know any predicate.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import compress
from operator import not_
from typing import Any

from datatuner.generate import Generation, Generator, load_generator
from datatuner.judges import SLOTS, load_judge
from datatuner.mending import best, said_by_rules
from datatuner.ranking import RULES, Ranked, Reranking, Work, judge_all
from datatuner.rerank import SHARD, ranked_row
from tabtext.errors import InputError
from tabtext.examples import TextExample
from tabtext.identity import model_identity
from tabtext.jsonl import refuse_existing
from tabtext.record import Record
from tabtext.stages import Options, Source, Stage, run_stage


@dataclass(frozen=True, kw_only=True)
class Saying:
    """How records are said: by the `rules` alone or by a model with them, and who judges its candidates."""

    model: str = RULES
    judge: str = SLOTS
    candidates: int = 5


SAYING = Saying()


def say(records: Sequence[Record], how: Saying = SAYING) -> list[Ranked]:
    """The text of each record, with its verdict and its `source`: `model`, `repaired` or `rules`.

    What the model cannot read or never learnt rules say. Raises InputError for a model or judge that there is not.
    """
    judge = load_judge(how.judge)
    if how.model == RULES:
        return said_by_rules(records, judge)
    generator = load_generator(how.model)
    generation = Generation(candidates=how.candidates, beams=max(how.candidates, Generation.beams), split=True)
    knows = [_knows(generator, record) for record in records]
    known = list(compress(records, knows))
    candidates = generator.candidates(known, how=generation)
    works = [Work(record, tuple(its)) for record, its in zip(known, candidates, strict=True)]
    by_model = iter(best(works, judge_all(works, judge), Reranking(how.judge), judge, generator))
    by_rules = iter(said_by_rules(list(compress(records, map(not_, knows))), judge))
    return [next(by_model if it_knows else by_rules) for it_knows in knows]


def _knows(generator: Generator, record: Record) -> bool:
    """Whether a model has learnt from such facts and has room for them."""
    try:
        return generator.encoder.knows(record) and bool(generator.prompts(record, split=True))
    except InputError:
        return False


def say_file(examples: Iterable[TextExample], options: Options, how: Saying = SAYING) -> Counter[str]:
    """Write the text of every record: `id`, `text`, `logprob` (none of the rules'), `fidelity` and `source`."""
    from tabtext.models import refuse_near_name

    refuse_existing(options.output, overwrite=options.overwrite)
    refuse_near_name(how.model, (RULES,))
    load_judge(how.judge)
    model = None if how.model == RULES else model_identity(how.model)
    stage = Stage(
        "say", {**asdict(how), "model": model, "judge": model_identity(how.judge)}, process_shard=_Shard(how),
        shard_size=SHARD, figures=frozenset({"repaired", RULES, "passing"}),
    )  # fmt: skip
    return run_stage(stage, Source((example.record for example in examples), "records"), options)


@dataclass(frozen=True)
class _Shard:
    """The shard function of `say_file`."""

    how: Saying

    def __call__(
        self, records: list[Record], rngs: list[random.Random], counts: Counter[str]
    ) -> Iterator[dict[str, Any]]:
        for record, chosen in zip(records, say(records, self.how), strict=True):
            counts["passing"] += chosen.judged.passes
            if chosen.source != "model":
                counts[chosen.source] += 1
            row = ranked_row(Work(record, ()), (), chosen)
            yield {name: value for name, value in row.items() if name != "candidates"}
