"""A folder of shards: per step one file and one completion marker per shard, so that any step can stop and go on.

`FOLDER/STEP/NAME.jsonl.gz` holds a shard's records; `FOLDER/STEP/NAME.done`, written after it, its counts and checksum,
and a checksum of what it was made of, without which it is not taken for done.
A step is a pure function from a shard's name (and what earlier steps wrote under it) to records: processes run it here,
a cluster engine can run the same function elsewhere.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.jsonl import Line, atomic_output, read_lines
from tabtext.stages import HOW_TO_GO_ON, ShardResult
from tabtext.workers import in_order


class ShardFolder(NamedTuple):
    """The shards of one step."""

    path: Path

    def file(self, name: str) -> Path:
        """Where the shard's records are."""
        return self.path / f"{name}.jsonl.gz"

    def lines(self, name: str) -> Iterator[Line]:
        """The shard's records, not parsed yet."""
        return read_lines(self.file(name))

    def records(self, name: str) -> Iterator[dict[str, Any]]:
        """The shard's records."""
        return (line.json() for line in self.lines(name))

    def names(self) -> list[str]:
        """The names of the finished shards, sorted."""
        return sorted(marker.stem for marker in self.path.glob("*.done"))

    def made_of(self, name: str) -> str | None:
        """The checksum of what the shard was made of; None where it was not finished or its file is not whole."""
        try:
            marker = self._marker(name)
            return str(marker["made_of"]) if marker["bytes"] == self.file(name).stat().st_size else None
        except (OSError, ValueError, KeyError):
            return None

    def counts(self, name: str) -> Counter[str]:
        """The counts of a finished shard."""
        return Counter(self._marker(name)["counts"])

    def checksum(self, name: str) -> str:
        """The SHA-256 of a finished shard's file."""
        return str(self._marker(name)["sha256"])

    def write(self, name: str, result: ShardResult, made_of: str = "") -> None:
        """Write a shard, then its marker."""
        with atomic_output(self.file(name), overwrite=True) as file:
            file.write(result.lines)
        data = self.file(name).read_bytes()
        sums = {"bytes": len(data), "sha256": sha256(data).hexdigest(), "made_of": made_of}
        marker = {**sums, "counts": result.counts}
        with atomic_output(self.path / f"{name}.done", overwrite=True) as file:
            file.write(json.dumps(marker, indent=1).encode() + b"\n")

    def drop(self, name: str) -> None:
        """Remove a shard, its marker first."""
        (self.path / f"{name}.done").unlink(missing_ok=True)
        self.file(name).unlink(missing_ok=True)

    def _marker(self, name: str) -> dict[str, Any]:
        marker: dict[str, Any] = json.loads((self.path / f"{name}.done").read_bytes())
        return marker


class ShardWork(NamedTuple):
    """A shard's name, a checksum of what it is made of, and what the step's function takes."""

    name: str
    made_of: str
    arguments: tuple[object, ...]


def run_step(
    function: Callable[..., ShardResult],
    shards: Iterable[ShardWork],
    folder: ShardFolder,
    *,
    workers: int = 1,
    noun: str = "shards",
    total: int | None = None,
) -> Counter[str]:
    """Run `function(*arguments)` for every shard that is not done yet; returns the counts of all of them.

    Shards of an earlier run that the input no longer gives are removed. Raises InputError where a shard's input cannot
    be read and was not to be skipped; finished shards stay.
    """
    from tqdm import tqdm

    names: list[str] = []

    def waiting() -> Iterator[tuple[object, ...]]:
        for name, made_of, arguments in shards:
            names.append(name)
            if folder.made_of(name) != made_of:
                left.append((name, made_of))
                yield arguments

    left: list[tuple[str, str]] = []
    with tqdm(total=total, desc=folder.path.name, unit=f" {noun}", disable=None, file=sys.stderr) as bar:
        for number, result in enumerate(in_order(function, waiting(), workers)):
            for complaint in result.skipped:
                bar.write(f"skipped: {complaint}", file=sys.stderr)
            if result.stopped:
                kept = f"the finished shards are in {folder.path}"
                raise InputError(f"{result.complaints[-1]} Stopped here, {kept}; {HOW_TO_GO_ON}")
            name, made_of = left[number]
            folder.write(name, result, made_of)
            bar.update()
    for name in set(folder.names()).difference(names):
        folder.drop(name)
    return sum((folder.counts(name) for name in names), Counter())
