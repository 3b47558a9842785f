"""`datatuner rerank`: the best candidate of every record of a file, or what mends it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datatuner.generate import load_generator
from datatuner.judges import Judged, load_judge, refuse_too_long
from datatuner.mending import best
from datatuner.ranking import RULES, Ranked, Reranking, Work, judge_all
from tabtext.candidates import Candidate
from tabtext.errors import InputError
from tabtext.examples import TextExample
from tabtext.identity import digest_of, model_identity
from tabtext.jsonl import Line, display_name, read_lines, refuse_existing
from tabtext.record import Record
from tabtext.stages import Options, Source, Stage, run_stage

SHARD = 128
"""Records whose candidates are judged together, and which are decoded again together."""


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
