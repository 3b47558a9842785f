"""`datatuner corrupt --from-model`: what a model itself gets wrong, as training pairs of the fidelity classifier.

Corruptions by rule look other than a model's own errors (Goyal and Durrett, NAACL 2021); those are found here among its
low-ranked candidates, where the slot checker faults them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from datatuner.generate import Generation, load_generator
from tabtext.errors import InputError
from tabtext.examples import Fidelity, FidelityExample, TextExample
from tabtext.identity import model_identity
from tabtext.jsonl import refuse_existing
from tabtext.record import Record, Triple
from tabtext.slots import SlotReport, Verdict, check
from tabtext.stages import Options, Source, Stage, run_stage

SHARD = 64
"""Records whose candidates are found together."""

NEGATIVES = Generation(candidates=8, search="diverse")
"""How candidates are found: diverse ones, since a beam's differ in a word."""

_LABELS = {
    Verdict.MISSING: Fidelity.OMISSION,
    Verdict.WRONG: Fidelity.VALUE_ERROR,
    Verdict.REPEATED: Fidelity.REPETITION,
}


def write_negatives(
    model: str, examples: Iterable[TextExample], options: Options, how: Generation = NEGATIVES
) -> Counter[str]:
    """Write the faulty candidates of a model for the records of examples, each once, with what the checker finds wrong
    in them."""
    refuse_existing(options.output, overwrite=options.overwrite)
    load_generator(model)
    stage = Stage(
        "corrupt", {"model": model_identity(model), **asdict(how)}, process_shard=_Shard(model, how), shard_size=SHARD
    )
    records = list(dict.fromkeys(example.record for example in examples))
    if not records:
        raise InputError("There are no records for a model to say.")
    return run_stage(stage, Source(records, "records", len(records)), options)


def faulty(record: Record, text: str) -> FidelityExample | None:
    """A text as a pair with the faults that the slot checker finds in it, None where it finds none."""
    report = check(record, text)
    if not report.errors:
        return None
    found = {_LABELS[verdict] for verdict in report.verdicts if verdict in _LABELS}
    if report.added:
        found.add(Fidelity.HALLUCINATION)
    verdicts = tuple(verdict.value for verdict in report.verdicts)
    spans = None if found & {Fidelity.HALLUCINATION, Fidelity.VALUE_ERROR} else ()
    labels = tuple(label for label in Fidelity if label in found)
    return FidelityExample(record, text, labels, _hit(report), "model", verdicts, spans)


def _hit(report: SlotReport) -> tuple[Triple, ...]:
    """The facts that a text gets wrong, and what it adds, as far as the checker names it."""
    own = (t for t, v in zip(report.record.triples, report.verdicts, strict=True) if v is not Verdict.OK)
    return (*own, *(Triple("", slot, value) for slot, value in report.added))


@dataclass(frozen=True)
class _Shard:
    """The shard function of `write_negatives`: of each record the lower half of its candidates is looked at."""

    model: str
    how: Generation

    def __call__(
        self, records: list[Record], rngs: list[random.Random], counts: Counter[str]
    ) -> Iterator[FidelityExample]:
        for record, candidates in zip(
            records, load_generator(self.model).candidates(records, how=self.how), strict=True
        ):
            for candidate in candidates[len(candidates) // 2 :]:
                example = faulty(record, candidate.text)
                if example is None:
                    counts["candidates without a fault"] += 1
                else:
                    yield example
