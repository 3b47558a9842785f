"""Checkpoints one can trust: complete or not counted, verified before a run goes on from them, one run per folder.

A checkpoint counts from the moment its manifest (sizes and SHA-256 of all its files) is in place, which is written
last, after every file has reached the disk. transformers itself would go on from a torn checkpoint with an error, and
from one without optimizer or random state with another result and no word.

A checkpoint of a run under FSDP holds weights and optimizer in shards, one of each process, all in one file system.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path

from tabtext.errors import InputError

MANIFEST = "manifest.json"
_WHOLE = ("model.safetensors*", "optimizer.pt")
_SHARDED = ("pytorch_model_fsdp_0/.metadata", "optimizer_0/.metadata")
"""Weights and optimizer as transformers names them, and under FSDP: the lists of shards, written after all of them."""

_NEEDED = ("scheduler.pt", "rng_state*.pth", "trainer_state.json")


def seal(checkpoint: Path) -> None:
    """Bring a checkpoint's files to the disk, then put their manifest beside them: from now on it counts."""
    files = sorted(file for file in checkpoint.rglob("*") if file.is_file() and file.name != MANIFEST)
    for path in (*files, *sorted({file.parent for file in files})):
        _sync(path)
    manifest = {
        file.relative_to(checkpoint).as_posix(): {"bytes": file.stat().st_size, "sha256": digest(file)}
        for file in files
    }
    partial = checkpoint / f".{MANIFEST}.partial"
    partial.write_text(json.dumps(manifest, indent=1))
    _sync(partial)
    partial.replace(checkpoint / MANIFEST)
    _sync(checkpoint)


def fault(checkpoint: Path) -> str | None:
    """What is wrong with a checkpoint, or None: unfinished, a file changed or gone, or less than resuming needs."""
    try:
        manifest = json.loads((checkpoint / MANIFEST).read_text())
    except FileNotFoundError:
        return "it was not finished"
    except ValueError:
        return f"its {MANIFEST} is damaged"
    for name, facts in manifest.items():
        file = checkpoint / name
        if not file.exists():
            return f"{name} is missing"
        if file.stat().st_size != facts["bytes"] or digest(file) != facts["sha256"]:
            return f"{name} is damaged"
    for pattern in (*(_SHARDED if _is_sharded(manifest) else _WHOLE), *_NEEDED):
        if not any(fnmatchcase(name, pattern) for name in manifest):
            return f"{pattern} is missing"
    return None


def newest_valid(folder: Path, *, sharded: bool = False) -> Path | None:
    """The newest whole checkpoint of a run's folder, None if there is no checkpoint; newer damaged ones are removed.

    Says on standard error which were damaged, how, and where it goes on. Raises InputError if none is whole, and if
    only one of checkpoint and run is `sharded`.
    """
    faults: list[tuple[Path, str]] = []
    for checkpoint in sorted(folder.glob("checkpoint-*"), key=_step, reverse=True):
        wrong = fault(checkpoint)
        if wrong is None:
            _check_layout(checkpoint, sharded)
            for damaged, reason in faults:
                print(f"{damaged.name}: {reason}; going on from {checkpoint.name}", file=sys.stderr)
                shutil.rmtree(damaged)
            return checkpoint
        faults.append((checkpoint, wrong))
    if any(reason != "it was not finished" for _, reason in faults):
        damaged, reason = faults[0]
        raise InputError(f"{damaged}: {reason}, and no older checkpoint is whole; pass --overwrite to start anew.")
    for unfinished, _ in faults:
        shutil.rmtree(unfinished)
    return None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; an InputError if another run holds it. A killed run's lock ends with it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"{folder}: another run is writing here; wait for it or name another folder.") from None
        yield


@contextmanager
def disk_faults_as_such(folder: Path) -> Iterator[None]:
    """Raise what safetensors and torch make of a full disk as the OSError that it is."""
    from safetensors import SafetensorError

    try:
        yield
    except (SafetensorError, RuntimeError) as error:
        if isinstance(error, SafetensorError) or "PytorchStreamWriter" in str(error) or "unexpected pos" in str(error):
            raise OSError(None, f"cannot be written to ({str(error).splitlines()[0]})", str(folder)) from None
        raise


def digest(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    hashed = sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            hashed.update(block)
    return hashed.hexdigest()


def _is_sharded(names: Iterable[str]) -> bool:
    """Whether files of these names are a checkpoint of a run under FSDP."""
    return any(name.startswith("pytorch_model_fsdp") for name in names)


def _check_layout(checkpoint: Path, sharded: bool) -> None:
    if _is_sharded(json.loads((checkpoint / MANIFEST).read_text())) != sharded:
        made, now = ("without", "under") if sharded else ("under", "without")
        raise InputError(
            f"{checkpoint}: was written {made} FSDP, and this run is {now} it; start it as before, or pass --overwrite."
        )


def _step(checkpoint: Path) -> int:
    number = checkpoint.name.rpartition("-")[2]
    return int(number) if number.isdigit() else -1


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
