"""Check texts against their records with the slot checker, and the people's references beside them.

The figure on references is the checker's floor: a slot error rate near it says nothing against a system.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from datatuner.texts import Said, is_plain, plain_texts, texts_by_id
from tabtext.errors import InputError
from tabtext.jsonl import display_name
from tabtext.record import Record
from tabtext.record_files import try_records
from tabtext.slots import ERROR_RATES, SlotReport, check, load_domain
from tabtext.stages import Source, Stage

ERRORS = ("missing", "added", "wrong", "repeated")
_FIGURES = frozenset(f"{who} {name}" for who in ("text", "reference") for name in ("texts", "facts", "faulty", *ERRORS))


class Work(NamedTuple):
    """A text to check, the place it was read from, its record, and the record's references; of a line that could not
    be read only why."""

    place: str
    text: str
    record: Record | None
    references: tuple[str, ...]
    fault: str = ""


def check_stage(domain: str = "auto") -> Stage:
    """The stage that writes a slot report per text; an InputError for a domain that there is not."""
    if domain != "auto":
        load_domain(domain)
    return Stage("check", {"domain": domain}, partial(_check, domain=domain), figures=_FIGURES)


def texts_with_records(records: str | Path, texts: str | Path, on_error: str = "stop") -> Source:
    """The texts of a file with their records: JSON Lines by `id`, or plain lines (`.txt`), one per record in order.

    A record that cannot be read is an InputError, or with `on_error="skip"` told on standard error, and its text cannot
    be checked.
    """
    return Source(_work(texts, _read(records, on_error)), "texts")


def summarize(counts: Mapping[str, int]) -> dict[str, Any]:
    """The summary of a run from its counts: of the texts, and under `references` of what people wrote."""
    whole = _summary("text", counts)
    if counts.get("reference texts"):
        whole["references"] = _summary("reference", counts)
    return whole


def _summary(who: str, counts: Mapping[str, int]) -> dict[str, Any]:
    texts, facts = counts.get(f"{who} texts", 0), counts.get(f"{who} facts", 0)
    errors = {name: counts.get(f"{who} {name}", 0) for name in ERRORS}
    rates = {
        name: sum(errors[error] for error in counted) / facts if facts else None
        for name, counted in ERROR_RATES.items()
    }
    faulty = counts.get(f"{who} faulty", 0) / texts if texts else None
    return {"texts": texts, "facts": facts, **errors, **rates, "faulty_texts": faulty}


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
    for error in ERRORS:
        counts[f"{who} {error}"] += report.count(error)


class _Records(NamedTuple):
    """The records of a file with their references by id, and the ids in order, None for one that cannot be read."""

    by_id: Mapping[str, tuple[Record, tuple[str, ...]]]
    order: Sequence[str | None]


def _read(path: str | Path, on_error: str) -> _Records:
    """The records of a file; the same record twice is one, two records of one id are an InputError."""
    by_id: dict[str, tuple[Record, tuple[str, ...]]] = {}
    order: list[str | None] = []
    for tried in try_records(path):
        if isinstance(tried, InputError):
            _refuse(tried, on_error)
            order.append(None)
            continue
        record, texts = tried
        known, their_texts = by_id.get(record.id, (record, texts))
        if known != record:
            raise InputError(
                f"{display_name(path)}: two different records have the id {record.id!r}; ids must be unique."
            )
        if record.id not in by_id:
            order.append(record.id)
        by_id[record.id] = (record, (*their_texts, *(text for text in texts if text not in their_texts)))
    if not by_id:
        raise InputError(f"{display_name(path)}: no records in it.")
    return _Records(by_id, order)


def _refuse(error: InputError, on_error: str) -> None:
    if on_error == "stop":
        raise InputError(f"{error} Mend it, or pass --on-error skip to leave such records out.")
    print(f"skipped: {error}", file=sys.stderr)


def _work(path: str | Path, records: _Records) -> Iterator[Work]:
    for said in _in_order(path, records.order) if is_plain(path) else texts_by_id(path):
        record, references = records.by_id.get(said.id, (None, ()))
        place = f"{display_name(path)}, line {said.line}, id {said.id!r}"
        yield Work(place, said.text, record, references, said.fault)


def _in_order(path: str | Path, ids: Sequence[str | None]) -> Iterator[Said]:
    for number, (identifier, text) in enumerate(zip(ids, plain_texts(path, len(ids)), strict=True), 1):
        if identifier is None:
            yield Said(number, fault=f"{display_name(path)}, line {number}: its record cannot be read.")
        else:
            yield Said(number, identifier, text)
