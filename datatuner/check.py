"""Check texts against their records with the slot checker, and the people's references beside them.

The figure on references is the checker's floor: a slot error rate near it says nothing against a system.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.jsonl import Line, display_name, read_lines
from tabtext.record import Record
from tabtext.record_files import read_records
from tabtext.slots import SlotReport, Verdict, check, load_domain
from tabtext.stages import Source, Stage

ERRORS = ("missing", "added", "wrong", "repeated")
_FIGURES = frozenset(f"{who} {name}" for who in ("text", "reference") for name in ("texts", "facts", "faulty", *ERRORS))


class Work(NamedTuple):
    """A text to check, the place it was read from, its record, and the record's references at its first text; of a
    line that could not be read only why."""

    place: str
    text: str
    record: Record | None
    references: tuple[str, ...]
    fault: str = ""


class Said(NamedTuple):
    """A text of a file and the id of its record; of a line that could not be read only why."""

    line: int
    id: str = ""
    text: str = ""
    fault: str = ""


def check_stage(domain: str = "auto") -> Stage:
    """The stage that writes a slot report per text; an InputError for a domain that there is not."""
    if domain != "auto":
        load_domain(domain)
    return Stage("check", {"domain": domain}, partial(_check, domain=domain), figures=_FIGURES)


def texts_with_records(records: str | Path, texts: str | Path) -> Source:
    """The texts of a file with their records: JSON Lines by `id`, or plain lines (`.txt`), one per record in order."""
    by_id = _by_id(records)
    read = _plain_texts if Path(texts).suffix == ".txt" else _json_texts
    identity = " ".join(_identity(path) for path in (records, texts))
    return Source(_work(texts, read(texts, list(by_id)), by_id), "texts", identity=identity)


def summarize(counts: Mapping[str, int]) -> dict[str, Any]:
    """The summary of a run from its counts: of the texts, and under `references` of what people wrote."""
    whole = _summary("text", counts)
    if counts.get("reference texts"):
        whole["references"] = _summary("reference", counts)
    return whole


def _summary(who: str, counts: Mapping[str, int]) -> dict[str, Any]:
    texts, facts = counts.get(f"{who} texts", 0), counts.get(f"{who} facts", 0)
    errors = {name: counts.get(f"{who} {name}", 0) for name in ERRORS}
    rate = sum(errors.values()) / facts if facts else None
    faulty = counts.get(f"{who} faulty", 0) / texts if texts else None
    return {"texts": texts, "facts": facts, **errors, "slot_error_rate": rate, "faulty_texts": faulty}


def _check(work: Work, rng: random.Random, counts: Counter[str], domain: str) -> Iterator[SlotReport]:
    if work.fault:
        raise InputError(work.fault)
    if work.record is None:
        raise InputError(f"{work.place}: no record has this id; the records file must hold every text's record.")
    report = check(work.record, work.text, domain)
    _tally("text", report, counts)
    for reference in work.references:
        _tally("reference", check(work.record, reference, domain), counts)
    yield report


def _tally(who: str, report: SlotReport, counts: Counter[str]) -> None:
    counts[f"{who} texts"] += 1
    counts[f"{who} facts"] += len(report.verdicts)
    counts[f"{who} faulty"] += report.errors > 0
    counts[f"{who} added"] += len(report.added)
    for verdict in (Verdict.MISSING, Verdict.WRONG, Verdict.REPEATED):
        counts[f"{who} {verdict.value}"] += report.verdicts.count(verdict)


def _by_id(path: str | Path) -> dict[str, tuple[Record, tuple[str, ...]]]:
    """The records of a file by id; the same record twice is one, two records of one id are an InputError."""
    by_id: dict[str, tuple[Record, tuple[str, ...]]] = {}
    for record, texts in read_records(path):
        known, their_texts = by_id.get(record.id, (record, texts))
        if known != record:
            raise InputError(
                f"{display_name(path)}: two different records have the id {record.id!r}; ids must be unique."
            )
        by_id[record.id] = (record, (*their_texts, *(text for text in texts if text not in their_texts)))
    if not by_id:
        raise InputError(f"{display_name(path)}: no records in it.")
    return by_id


def _work(
    path: str | Path, texts: Iterable[Said], by_id: Mapping[str, tuple[Record, tuple[str, ...]]]
) -> Iterator[Work]:
    seen: set[str] = set()
    for said in texts:
        record, references = by_id.get(said.id, (None, ()))
        place = f"{display_name(path)}, line {said.line}, id {said.id!r}"
        yield Work(place, said.text, record, () if said.id in seen else references, said.fault)
        seen.add(said.id)


def _json_texts(path: str | Path, ids: list[str]) -> Iterator[Said]:
    for line in read_lines(path):
        try:
            yield _json_text(line)
        except InputError as error:
            yield Said(line.number, fault=str(error))


def _json_text(line: Line) -> Said:
    fields = line.json()
    if "text" not in fields or "id" not in fields:
        raise InputError(f"{line.name}, line {line.number}: needs 'id' and 'text'; found the fields {sorted(fields)}.")
    return Said(line.number, str(fields["id"]), line.text_of(fields, "text"))


def _plain_texts(path: str | Path, ids: list[str]) -> Iterator[Said]:
    lines = [(line.number, line.utf8()) for line in read_lines(path)]
    if len(lines) != len(ids):
        raise InputError(f"{path}: {len(lines):,} texts for {len(ids):,} records; plain lines need one per record.")
    for identifier, (number, text) in zip(ids, lines, strict=True):
        yield Said(number, identifier, text)


def _identity(path: str | Path) -> str:
    """What changes when the input does: its name, size and time of change."""
    if str(path) == "-" or not Path(path).exists():
        return str(path)
    status = Path(path).stat()
    return f"{path} {status.st_size} {status.st_mtime_ns}"
