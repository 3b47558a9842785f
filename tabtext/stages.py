"""Running a stage: items in, records out as JSON Lines, the same bytes for any number of workers and after any kill.

A stage is a pure function from one shard of its input to one shard of its output. `run_stage` cuts the input into
shards of a fixed number of items, has worker processes run the function on them, and appends the results in order to
`OUTPUT.partial`; `OUTPUT.partial.journal` holds, for every finished shard, a checksum of its items, the length of the
partial file and the counts so far. A run that was killed, or stopped by a bad item that was then mended, goes on
behind the finished shards whose items are as they were. A cluster engine can call `Stage.run_shard` itself: it needs
nothing but the shard.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from tabtext.errors import InputError, unknown_name
from tabtext.identity import digest_of
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
    """The input of a stage: items one by one, and their number where it is known.

    An item should be light (a path, an unparsed line): workers do the reading. One that stands for a file has an
    `identity` (`tabtext.identity`), so that it is told from the same name with other contents; others have their value.
    """

    items: Iterable[Any]
    noun: str
    total: int | None = None


def run_stage(stage: Stage, source: Source, options: Options) -> Counter[str]:
    """Run a stage over all its input into `options.output` and report on standard error; returns the counts.

    The counts hold `in`, `out` and, per reason, what was dropped. Raises InputError where an item cannot be read and
    `on_error` is `stop`; what was finished by then stays in `OUTPUT.partial`, from which the next run goes on.
    """
    items: Iterator[Any] = iter(source.items)
    if options.limit is not None:
        items = islice(items, options.limit)
    total = source.total if options.limit is None else min(options.limit, source.total or options.limit)
    with _output(options) as output, _progress(stage, source, total) as bar:
        shards = output.resume(_fingerprint(stage, options), _shards(items, stage.shard_size))
        bar.update(output.items)
        for digest, result in _results(stage, shards, options):
            for complaint in result.skipped:
                bar.write(f"skipped: {complaint}", file=sys.stderr)
            output.append(result, digest)
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


class _Shard(NamedTuple):
    """Items, the number of the first, and a checksum of them."""

    items: list[Any]
    first: int
    digest: str


def _shards(items: Iterator[Any], size: int) -> Iterator[_Shard]:
    first = 0
    while shard := list(islice(items, size)):
        yield _Shard(shard, first, digest_of(shard))
        first += len(shard)


def _results(stage: Stage, shards: Iterable[_Shard], options: Options) -> Iterator[tuple[str, ShardResult]]:
    """What is made of every shard, with the shard's checksum."""
    digests: deque[str] = deque()

    def calls() -> Iterator[tuple[object, ...]]:
        for items, first, digest in shards:
            digests.append(digest)
            yield items, first, options.seed, options.on_error

    for result in in_order(stage.run_shard, calls(), options.workers):
        yield digests.popleft(), result


def _fingerprint(stage: Stage, options: Options) -> str:
    facts = [stage.name, dict(stage.settings), stage.shard_size, options.seed, options.limit]
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

    def append(self, result: ShardResult, digest: str) -> None:
        if result.lines:
            self.file.write(self.pack(result.lines))
        self.file.flush()
        self.counts.update(result.counts)
        self.items += result.counts["in"]
        if self.journal is not None and not result.stopped:
            state = {"input": digest, "bytes": self.file.tell(), "items": self.items, "counts": self.counts}
            with self.journal.open("a") as journal:
                journal.write(dumps(state) + "\n")

    def resume(self, fingerprint: str, shards: Iterator[_Shard]) -> Iterator[_Shard]:
        """The shards that are left to do: those behind the ones that the journal vouches for and that are as they were.

        What stands in the file and cannot be gone on from is dropped, and said.
        """
        if self.journal is None:
            return shards
        found = _journal_entries(self.journal)
        finished = found[1:] if found and found[0].get("run") == fingerprint else []
        kept, shards = _unchanged(finished, shards, self.file.seek(0, os.SEEK_END))
        if kept:
            self.items, self.counts = kept[-1]["items"], Counter(kept[-1]["counts"])
            changed = "; the input behind them has changed, and is read anew" if len(kept) < len(finished) else ""
            print(f"going on after {self.items:,} inputs that an earlier run finished{changed}", file=sys.stderr)
        elif len(found) > 1:
            print(f"starting anew: {self.path} is of a run with other input, settings or models", file=sys.stderr)
        self.file.truncate(kept[-1]["bytes"] if kept else 0)
        self.file.seek(0, os.SEEK_END)
        self.journal.write_text("".join(dumps(line) + "\n" for line in ({"run": fingerprint}, *kept)))
        return shards


def _unchanged(
    finished: Iterable[dict[str, Any]], shards: Iterator[_Shard], size: int
) -> tuple[list[dict[str, Any]], Iterator[_Shard]]:
    """The journal's entries for shards that are the same now and whole in a file of this size; the other shards."""
    kept: list[dict[str, Any]] = []
    for entry in finished:
        shard = next(shards, None)
        if shard is None:
            break
        if shard.digest != entry.get("input") or entry["bytes"] > size:
            return kept, chain([shard], shards)
        kept.append(entry)
    return kept, shards


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
def _output(options: Options) -> Iterator[_Output]:
    """The output of a run; the file takes its name when the run ends well."""
    if str(options.output) == "-":
        yield _Output(sys.stdout.buffer, None, None)
        return
    final = Path(options.output)
    partial, journal = (final.with_name(final.name + suffix) for suffix in (".partial", ".partial.journal"))
    with _held(partial, final, options.overwrite) as file:
        yield _Output(file, partial, journal)
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
