"""Running a stage: items in, records out as JSON Lines, the same bytes for any number of workers and after any kill.

A stage is a pure function from one shard of its input to one shard of its output. `run_stage` cuts the input into
shards of a fixed number of items, has worker processes run the function on them, and appends the results in order to
`OUTPUT.partial`; `OUTPUT.partial.journal` holds, for every finished shard, the length of the partial file and the
counts so far. A run that was killed goes on from its last finished shard. A cluster engine can call `Stage.run_shard`
itself: it needs nothing but the shard.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO, Any

from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import compression, dumps, refuse_existing
from tabtext.workers import in_order

ON_ERROR = ("stop", "skip")
HOW_TO_GO_ON = "mend it and run the same command again, or pass --on-error skip to leave such inputs out."


@dataclass(frozen=True)
class Options:
    """What every stage takes: where the records go, the seed, and how the work is done.

    `limit` is the number of input items read at most. `workers`, `overwrite` and `on_error` never change a record.
    """

    output: Path = Path("-")
    seed: int = 0
    workers: int = 1
    limit: int | None = None
    overwrite: bool = False
    on_error: str = "stop"

    def __post_init__(self) -> None:
        if self.on_error not in ON_ERROR:
            raise unknown_name("--on-error", self.on_error, ON_ERROR)
        if self.workers < 1:
            raise InputError(f"--workers is {self.workers}; it takes 1 or more.")


@dataclass(frozen=True)
class Stage:
    """A named step from items to records.

    `process(item, rng, counts)` gives an item's records and adds to `counts` why others were dropped; it must depend
    on nothing else, and be picklable. `settings` is all that its records depend on beside the input and the seed.
    A stage that gains from seeing many items at once (a model) gives `process_shard(items, rngs, counts)` instead, and
    `read(item)` where an item may be bad input: what it makes of the readable ones goes to `process_shard`.
    `figures` are names in `counts` that tell about the records and are no reasons for a drop.
    """

    name: str
    settings: Mapping[str, object] = field(default_factory=dict)
    process: Callable[[Any, random.Random, Counter[str]], Iterable[object]] | None = None
    process_shard: Callable[[list[Any], list[random.Random], Counter[str]], Iterable[object]] | None = None
    read: Callable[[Any], Any] | None = None
    shard_size: int = 32
    figures: frozenset[str] = frozenset()

    def run_shard(self, items: list[Any], first: int, seed: int | str, on_error: str = "stop") -> ShardResult:
        """The records of items number `first`, `first + 1`, … as lines, with counts and with the complaints of
        items that could not be read (`on_error="skip"`) or the one that stops the run."""
        counts: Counter[str] = Counter()
        rngs = [random.Random(f"{seed}/{self.name}/{first + offset}") for offset in range(len(items))]
        lines: list[str] = []
        complaints: list[str] = []
        if self.process_shard is not None:
            return self._run_whole(items, rngs, on_error)
        assert self.process is not None, "a stage has process or process_shard"
        for item, rng in zip(items, rngs, strict=True):
            item_counts: Counter[str] = Counter()
            try:
                records = [_line(record) for record in self.process(item, rng, item_counts)]
            except InputError as error:
                complaints.append(str(error))
                if on_error == "stop":
                    return ShardResult("".join(lines).encode(), counts, complaints, stopped=True)
                item_counts, records = Counter({"bad input": 1}), []
            counts.update(item_counts)
            counts["in"] += 1
            counts["out"] += len(records)
            lines.extend(records)
        return ShardResult("".join(lines).encode(), counts, complaints)

    def _run_whole(self, items: list[Any], rngs: list[random.Random], on_error: str) -> ShardResult:
        """`run_shard` for a stage that sees all items of a shard at once; before a fatal one, those before it."""
        assert self.process_shard is not None
        counts: Counter[str] = Counter()
        complaints: list[str] = []
        readable = []
        for item, rng in zip(items, rngs, strict=True):
            try:
                readable.append((self.read(item) if self.read else item, rng))
            except InputError as error:
                complaints.append(str(error))
                if on_error == "stop":
                    break
                counts["bad input"] += 1
        stopped = bool(complaints) and on_error == "stop"
        inputs, their_rngs = [item for item, _ in readable], [rng for _, rng in readable]
        lines = [_line(record) for record in self.process_shard(inputs, their_rngs, counts)] if readable else []
        counts["in"] += len(readable) + counts["bad input"]
        counts["out"] += len(lines)
        return ShardResult("".join(lines).encode(), counts, complaints, stopped)


@dataclass(frozen=True)
class ShardResult:
    """What `Stage.run_shard` made of a shard: JSON lines, counts, complaints; `stopped` after a fatal complaint."""

    lines: bytes
    counts: Counter[str]
    complaints: list[str]
    stopped: bool = False

    @property
    def skipped(self) -> list[str]:
        """The complaints of inputs that were passed over."""
        return self.complaints[:-1] if self.stopped else self.complaints


@dataclass(frozen=True)
class Source:
    """The input of a stage: items one by one, their number where it is known, and what identifies them for resuming.

    An item should be light (a path, an unparsed line): workers do the reading.
    """

    items: Iterable[Any]
    noun: str
    total: int | None = None
    identity: str = ""


def run_stage(stage: Stage, source: Source, options: Options) -> Counter[str]:
    """Run a stage over all its input into `options.output` and report on standard error; returns the counts.

    The counts hold `in`, `out` and, per reason, what was dropped. Raises InputError where an item cannot be read and
    `on_error` is `stop`; what was finished by then stays in `OUTPUT.partial`, from which the next run goes on.
    """
    items: Iterator[Any] = iter(source.items)
    if options.limit is not None:
        items = islice(items, options.limit)
    total = source.total if options.limit is None else min(options.limit, source.total or options.limit)
    with _output(options, _fingerprint(stage, source, options)) as output, _progress(stage, source, total) as bar:
        done = sum(1 for _ in islice(items, output.items))
        bar.update(done)
        for result in _results(stage, _shards(items, stage.shard_size, done), options):
            for complaint in result.skipped:
                bar.write(f"skipped: {complaint}", file=sys.stderr)
            output.append(result)
            if result.stopped:
                raise InputError(f"{result.complaints[-1]} Stopped here{_kept(output)}; {HOW_TO_GO_ON}")
            bar.update(result.counts["in"])
    told = {name: number for name, number in output.counts.items() if name not in stage.figures}
    print(summary(stage.name, source.noun, told), file=sys.stderr)
    return output.counts


def summary(name: str, noun: str, counts: Mapping[str, int]) -> str:
    """One line: what came in, what came out, and what was dropped and why."""
    dropped = [f"{number:,} {reason}" for reason, number in sorted(counts.items()) if reason not in ("in", "out")]
    line = f"{name}: {counts.get('in', 0):,} {noun} in, {counts.get('out', 0):,} records out"
    return line + (f"; dropped: {', '.join(dropped)}" if dropped else "")


def _line(record: object) -> str:
    """A record as a line; a stage may give the finished JSON text itself."""
    return (record if isinstance(record, str) else dumps(record)) + "\n"


def _shards(items: Iterator[Any], size: int, first: int) -> Iterator[tuple[list[Any], int]]:
    while shard := list(islice(items, size)):
        yield shard, first
        first += len(shard)


def _results(stage: Stage, shards: Iterable[tuple[list[Any], int]], options: Options) -> Iterator[ShardResult]:
    calls = ((items, first, options.seed, options.on_error) for items, first in shards)
    return in_order(stage.run_shard, calls, options.workers)


def _fingerprint(stage: Stage, source: Source, options: Options) -> str:
    facts = [stage.name, dict(stage.settings), stage.shard_size, source.identity, options.seed, options.limit]
    return sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _kept(output: _Output) -> str:
    return f", the {output.counts['out']:,} records before it are in {output.path}" if output.path else ""


def _progress(stage: Stage, source: Source, total: int | None) -> Any:
    from tqdm import tqdm

    return tqdm(total=total, desc=stage.name, unit=f" {source.noun}", disable=None, file=sys.stderr, dynamic_ncols=True)


class _Output:
    """Where shards' lines go in order, and how many items and which counts they stand for."""

    def __init__(self, file: IO[bytes], path: Path | None, journal: Path | None) -> None:
        self.file, self.path, self.journal = file, path, journal
        self.items = 0
        self.counts: Counter[str] = Counter()
        self.pack = compression(path.with_suffix("")).block if path else bytes

    def append(self, result: ShardResult) -> None:
        if result.lines:
            self.file.write(self.pack(result.lines))
        self.file.flush()
        self.counts.update(result.counts)
        self.items += result.counts["in"]
        if self.journal is not None and not result.stopped:
            state = {"bytes": self.file.tell(), "items": self.items, "counts": self.counts}
            with self.journal.open("a") as journal:
                journal.write(dumps(state) + "\n")

    def resume(self, fingerprint: str) -> None:
        """Go on after the last shard that the journal vouches for, or start afresh where it is of another run."""
        assert self.journal is not None
        entries = _journal_entries(self.journal)
        same_run = bool(entries) and entries[0].get("run") == fingerprint
        size = self.file.seek(0, os.SEEK_END)
        entry = next((e for e in reversed(entries[1:]) if e["bytes"] <= size), None) if same_run else None
        self.file.truncate(entry["bytes"] if entry else 0)
        self.file.seek(0, os.SEEK_END)
        if entry:
            self.items, self.counts = entry["items"], Counter(entry["counts"])
            kept = entries[: entries.index(entry) + 1]
            self.journal.write_text("".join(dumps(line) + "\n" for line in kept))
            print(f"going on after {self.items:,} inputs that an earlier run finished", file=sys.stderr)
        else:
            self.journal.write_text(dumps({"run": fingerprint}) + "\n")


def _journal_entries(journal: Path) -> list[dict[str, Any]]:
    """The journal's whole lines; one cut off by a kill is left out."""
    entries = []
    for line in journal.read_bytes().splitlines() if journal.exists() else ():
        try:
            entries.append(json.loads(line))
        except ValueError:
            break
    return entries


@contextmanager
def _output(options: Options, fingerprint: str) -> Iterator[_Output]:
    """The output of a run; the file takes its name when the run ends well."""
    if str(options.output) == "-":
        yield _Output(sys.stdout.buffer, None, None)
        return
    final = Path(options.output)
    partial, journal = (final.with_name(final.name + suffix) for suffix in (".partial", ".partial.journal"))
    with _held(partial, final, options.overwrite) as file:
        output = _Output(file, partial, journal)
        output.resume(fingerprint)
        yield output
        file.flush()
        os.fsync(file.fileno())
        partial.replace(final)
        journal.unlink(missing_ok=True)


@contextmanager
def _held(partial: Path, final: Path, overwrite: bool) -> Iterator[IO[bytes]]:
    """The unfinished file, locked for this run: never one that another run has finished and renamed meanwhile.

    Raises InputError where another run holds it, or the output is there and may not be replaced.
    """
    refuse_existing(final, overwrite=overwrite)
    final.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"{final}: another run is writing this output; wait for it or name another.") from None
        if _is_named(file, partial):
            if final.exists() and not overwrite and not partial.stat().st_size:
                partial.unlink()
            refuse_existing(final, overwrite=overwrite)
            yield file
            return
    with _held(partial, final, overwrite) as file:
        yield file


def _is_named(file: IO[bytes], path: Path) -> bool:
    """Whether an open file is the one that has this name now."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
