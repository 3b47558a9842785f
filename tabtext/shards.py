"""A folder of shards: per step one file and one completion marker per shard, so that any step can stop and go on.

`FOLDER/STEP/NAME.jsonl.gz` holds a shard's records; `FOLDER/STEP/NAME.done`, written after it, its counts and checksum.
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

    def is_done(self, name: str) -> bool:
        """Whether the shard was finished and its file is still the one that was written."""
        try:
            marker = self._marker(name)
            return bool(marker["bytes"] == self.file(name).stat().st_size)
        except (OSError, ValueError, KeyError):
            return False

    def counts(self, name: str) -> Counter[str]:
        """The counts of a finished shard."""
        return Counter(self._marker(name)["counts"])

    def checksum(self, name: str) -> str:
        """The SHA-256 of a finished shard's file."""
        return str(self._marker(name)["sha256"])

    def write(self, name: str, result: ShardResult) -> None:
        """Write a shard, then its marker."""
        with atomic_output(self.file(name), overwrite=True) as file:
            file.write(result.lines)
        data = self.file(name).read_bytes()
        marker = {"bytes": len(data), "sha256": sha256(data).hexdigest(), "counts": result.counts}
        with atomic_output(self.path / f"{name}.done", overwrite=True) as file:
            file.write(json.dumps(marker, indent=1).encode() + b"\n")

    def _marker(self, name: str) -> dict[str, Any]:
        marker: dict[str, Any] = json.loads((self.path / f"{name}.done").read_bytes())
        return marker


def run_step(
    function: Callable[..., ShardResult],
    shards: Iterable[tuple[str, tuple[object, ...]]],
    folder: ShardFolder,
    *,
    workers: int = 1,
    noun: str = "shards",
    total: int | None = None,
) -> Counter[str]:
    """Run `function(*arguments)` for every (name, arguments) that is not done yet; returns the counts of all of them.

    Raises InputError where a shard's input cannot be read and was not to be skipped; finished shards stay.
    """
    from tqdm import tqdm

    names: list[str] = []

    def waiting() -> Iterator[tuple[object, ...]]:
        for name, arguments in shards:
            names.append(name)
            if not folder.is_done(name):
                open_names.append(name)
                yield arguments

    open_names: list[str] = []
    with tqdm(total=total, desc=folder.path.name, unit=f" {noun}", disable=None, file=sys.stderr) as bar:
        for number, result in enumerate(in_order(function, waiting(), workers)):
            for complaint in result.skipped:
                bar.write(f"skipped: {complaint}", file=sys.stderr)
            if result.stopped:
                kept = f"the finished shards are in {folder.path}"
                raise InputError(f"{result.complaints[-1]} Stopped here, {kept}; {HOW_TO_GO_ON}")
            folder.write(open_names[number], result)
            bar.update()
    return sum((folder.counts(name) for name in names), Counter())
