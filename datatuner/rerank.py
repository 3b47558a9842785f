"""`datatuner rerank`: choose among a record's candidates, mend what none of them says, and at last say it plainly.

`paper` sorts by the likeliest class, then by the place in the beam (DataTuner, section 4.3); `probability` by the
judge's score plus a weight times the model's log-probability, the weight fitted on dev.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from datatuner.generate import Generator, load_generator
from datatuner.judges import Judge, Judged, load_judge, refuse_too_long
from datatuner.repair import Repair, wordings
from tabtext.candidates import Candidate
from tabtext.errors import InputError, unknown_name
from tabtext.examples import Fidelity, TextExample
from tabtext.identity import digest_of, model_identity
from tabtext.jsonl import Line, display_name, read_lines, refuse_existing
from tabtext.record import Record, Triple
from tabtext.stages import Options, Source, Stage, run_stage
from tabtext.verbal import said

POLICIES = ("probability", "paper")
PRIORITY = (
    Fidelity.ACCURATE,
    Fidelity.VALUE_ERROR,
    Fidelity.REPETITION,
    Fidelity.OMISSION,
    Fidelity.HALLUCINATION,
)
"""The paper's order of classes, the best first."""

RULES = "rules"
"""The `source` of what rules say, and the name under which they are asked in a model's place."""

WEIGHT = 0.1
"""What a unit of log-probability counts beside the judge's score, where none was fitted on dev."""

SHARD = 128
"""Records whose candidates are judged together, and which are decoded again together."""


@dataclass(frozen=True)
class Reranking:
    """How a candidate is chosen: by which judge (`slots`, or a classifier), policy and weight.

    With `repair`, the name of the model that wrote the candidates, a record none of whose candidates passes and has
    the model's trust is decoded again with the missing facts forced; what that does not mend is said by rules
    (`tabtext.verbal`).
    """

    judge: str
    policy: str = POLICIES[0]
    weight: float = WEIGHT
    repair: str | None = None

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise unknown_name("--policy", self.policy, POLICIES)


class Ranked(NamedTuple):
    """A candidate with its verdict; `source` is `model`, `repaired` or `rules`."""

    candidate: Candidate
    judged: Judged
    source: str = "model"


class Work(NamedTuple):
    """The candidates of a record, in the order of the beam."""

    record: Record
    candidates: tuple[Candidate, ...]


def rank(candidates: Sequence[Candidate], judged: Sequence[Judged], how: Reranking) -> list[Ranked]:
    """The candidates from the best to the worst; ties keep the order of the beam, those without a verdict come last."""
    if how.policy == "paper":
        keys = [_priority(verdict) for verdict in judged]
    else:
        scores = [v.score + how.weight * c.logprob for c, v in zip(candidates, judged, strict=True)]
        keys = [float("inf") if score != score else -score for score in scores]
    order = sorted(range(len(candidates)), key=keys.__getitem__)
    return [Ranked(candidates[i], judged[i]) for i in order]


def _priority(verdict: Judged) -> float:
    if verdict.label is None:
        raise InputError("--policy paper sorts by class, and this judge gives none; use --policy probability.")
    return PRIORITY.index(verdict.label)


def best(
    works: Sequence[Work],
    judged: Sequence[Sequence[Judged]],
    how: Reranking,
    judge: Judge,
    generator: Generator | None = None,
) -> list[Ranked]:
    """The best candidate of each record, or where none passes and a generator is there what mends it."""
    ranked = [rank(work.candidates, its, how) for work, its in zip(works, judged, strict=True)]
    if generator is None:
        return [its[0] for its in ranked]
    taken = [
        next((one for one in its if one.judged.passes and generator.trusts(work.record, one.candidate)), None)
        for work, its in zip(works, ranked, strict=True)
    ]
    failed = [i for i, one in enumerate(taken) if one is None]
    mended = _repaired([(works[i], ranked[i][0].judged.unsaid) for i in failed], judge, generator)
    found = {i: one for i, one in zip(failed, mended, strict=True) if one}
    left = [i for i in failed if i not in found]
    found |= zip(left, said_by_rules([works[i].record for i in left], judge), strict=True)
    return [one or found[i] for i, one in enumerate(taken)]


def _repaired(
    wanted: Sequence[tuple[Work, tuple[Triple, ...]]], judge: Judge, generator: Generator
) -> list[Ranked | None]:
    """For each record the likeliest text with these facts forced into it that is fluent and that the judge passes."""
    found: dict[int, Ranked] = {}
    forced = [i for i, (_, unsaid) in enumerate(wanted) if unsaid]
    repairs = [
        Repair(work.record, [wordings(fact) for fact in unsaid], work.candidates)
        for work, unsaid in (wanted[i] for i in forced)
    ]
    for tried in zip_longest(*generator.repairs(repairs)):
        pairs = [(i, one) for i, one in zip(forced, tried, strict=True) if one and i not in found]
        verdicts = judge([(wanted[i][0].record, one.text) for i, one in pairs])
        found |= {i: Ranked(one, its, "repaired") for (i, one), its in zip(pairs, verdicts, strict=True) if its.passes}
    return [found.get(i) for i in range(len(wanted))]


def said_by_rules(records: Sequence[Record], judge: Judge) -> list[Ranked]:
    """The texts that rules make of records; no model wrote them, so they have no log-probability."""
    texts = [said(record) for record in records]
    verdicts = judge(list(zip(records, texts, strict=True)))
    return [Ranked(Candidate(text, float("nan")), its, RULES) for text, its in zip(texts, verdicts, strict=True)]


def rerank_file(candidates: Path, examples: Iterable[TextExample], options: Options, how: Reranking) -> Counter[str]:
    """Write the best text of every line that `datatuner generate` wrote: `id`, `text`, `logprob`, `candidates` with
    their scores, `fidelity` and `source`."""
    refuse_existing(options.output, overwrite=options.overwrite)
    load_judge(how.judge)
    if how.repair:
        load_generator(how.repair)
    by_id = _by_id(examples)
    facts = {
        **asdict(how), "judge": model_identity(how.judge), "repair": model_identity(how.repair),
        "records": digest_of(list(by_id.items())),
    }  # fmt: skip
    stage = Stage(
        "rerank", facts, process_shard=_Shard(how), read=_Reader(by_id, how.judge), shard_size=SHARD,
        figures=frozenset({"repaired", RULES, "passing"}),
    )  # fmt: skip
    return run_stage(stage, Source(_lines(candidates), "records"), options)


def read_work(candidates: Path, examples: Iterable[TextExample]) -> Iterator[Work]:
    """The candidates of a file with their records, matched by `id`.

    Raises InputError where there are none, for the line that has no record, and for an id that two records share.
    """
    by_id = _by_id(examples)
    return (_work(line, by_id) for line in _lines(candidates))


def _lines(candidates: Path) -> Iterator[Line]:
    line = None
    for line in read_lines(candidates):
        yield line
    if line is None:
        raise InputError(f"{display_name(candidates)}: no candidates in it; datatuner generate writes them.")


def _work(line: Line, by_id: Mapping[str, Record]) -> Work:
    fields = line.json()
    place = f"{line.name}, line {line.number}"
    record = by_id.get(str(fields.get("id", "")))
    if record is None:
        raise InputError(f"{place}: none of the {len(by_id):,} records has the id {fields.get('id')!r}.")
    return Work(record, tuple(read_candidates(fields, place)))


def _by_id(examples: Iterable[TextExample]) -> dict[str, Record]:
    by_id: dict[str, Record] = {}
    for example in examples:
        if by_id.setdefault(example.id, example.record) != example.record:
            raise InputError(
                f"Two records have the id {example.id!r}; candidates are matched by it, so name them apart."
            )
    if not by_id:
        raise InputError("There are no records to match the candidates with; name the file that they were made from.")
    return by_id


def read_candidates(fields: Mapping[str, Any], place: str) -> Iterator[Candidate]:
    """The candidates of a line, or its one text; an InputError names the place where one is not whole."""
    rows = fields.get("candidates") or [fields]
    if not isinstance(rows, list):
        raise InputError(f"{place}: 'candidates' must be a list; found {str(rows)[:60]!r}.")
    for row in rows:
        if not isinstance(row, Mapping) or not isinstance(row.get("text"), str):
            raise InputError(f"{place}: a candidate needs 'text' and 'logprob'; found {str(row)[:60]!r}.")
        if not isinstance(row.get("logprob"), int | float):
            raise InputError(f"{place}: the candidate {row['text'][:40]!r} has no log-probability ('logprob').")
        yield Candidate(row["text"], float(row["logprob"]))


@dataclass(frozen=True)
class _Reader:
    """From a line to its candidates with their record, which the judge must have room for."""

    by_id: Mapping[str, Record]
    judge: str

    def __call__(self, line: Line) -> Work:
        work = _work(line, self.by_id)
        try:
            refuse_too_long(self.judge, [(work.record, candidate.text) for candidate in work.candidates])
        except InputError as error:
            raise InputError(f"{line.name}, line {line.number}: {error}") from None
        return work


@dataclass(frozen=True)
class _Shard:
    """The shard function of `rerank_file`."""

    how: Reranking

    def __call__(self, works: list[Work], rngs: list[random.Random], counts: Counter[str]) -> Iterator[dict[str, Any]]:
        judge, how = load_judge(self.how.judge), self.how
        generator = load_generator(how.repair) if how.repair else None
        verdicts = judge_all(works, judge)
        every = best(works, verdicts, how, judge, generator)
        for work, judged, chosen in zip(works, verdicts, every, strict=True):
            counts["passing"] += chosen.judged.passes
            if chosen.source != "model":
                counts[chosen.source] += 1
            yield ranked_row(work, judged, chosen)


def judge_all(works: Sequence[Work], judge: Judge) -> list[list[Judged]]:
    """The verdicts on every candidate of every record, in one go."""
    verdicts = iter(judge([(work.record, candidate.text) for work in works for candidate in work.candidates]))
    return [[next(verdicts) for _ in work.candidates] for work in works]


def ranked_row(work: Work, judged: Iterable[Judged], chosen: Ranked) -> dict[str, Any]:
    """What is written of a record: the chosen text, and every candidate with its score."""
    rows = [
        {"text": c.text, "logprob": c.logprob, "scores": {"judge": round(v.score, 4)}}
        | ({"class": v.label.value} if v.label else {})
        for c, v in zip(work.candidates, judged, strict=True)
    ]
    text, logprob = chosen.candidate.text, chosen.candidate.logprob
    known = {} if chosen.judged.report is None else {"fidelity": _classed(chosen.judged)}
    return {"id": work.record.id, "text": text, "logprob": None if logprob != logprob else round(logprob, 4),
            "candidates": rows, **known, "source": chosen.source}  # fmt: skip


def _classed(judged: Judged) -> dict[str, Any]:
    """The verdict as written, which always names its class."""
    label = {} if judged.label is None else {"class": judged.label.value}
    return {**label, **(judged.report or {})}
