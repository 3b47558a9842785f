"""The folder that a training run writes: claimed at its start so that no two runs mix, at its end holding the model.

A folder with weights holds a trained model; one with checkpoints alone holds a run that may go on.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabtext.checkpoints import disk_faults_as_such
from tabtext.errors import InputError
from tabtext.models import CHOICE, SIGNATURE, WEIGHTS, Seq2Seq

if TYPE_CHECKING:
    import torch

CHECKPOINTS = "checkpoints"
RUN_FILE = "run.json"


def claim(output: Path, settings: Mapping[str, Any], overwrite: bool) -> None:
    """Make the folder this run's own; refuse a finished model or another run's checkpoints unless `overwrite`.

    What a model before brought beside its weights goes: it is not of the new one.
    """
    run, model = output / RUN_FILE, output / WEIGHTS
    facts = json.dumps(settings, sort_keys=True, default=str)
    same = run.exists() and run.read_text() == facts
    if overwrite and not (same and not model.exists()):
        shutil.rmtree(output / CHECKPOINTS, ignore_errors=True)
        model.unlink(missing_ok=True)
    elif model.exists():
        raise InputError(f"{output}: holds a trained model already; pass --overwrite to replace it.")
    elif (output / CHECKPOINTS).exists() and run.exists() and not same:
        raise InputError(f"{output}: holds checkpoints of a run with other settings, data or models; pass --overwrite.")
    (output / CHOICE).unlink(missing_ok=True)
    run.write_text(facts)


def put_in_place(
    seq2seq: Seq2Seq,
    output: Path,
    weights: dict[str, torch.Tensor],
    made: Mapping[str, Any],
    finish: Callable[[Path], object] | None,
) -> None:
    """Write the model, signed with how it was `made`, beside its place, let `finish` add to that folder, then move it:
    a run that is killed before leaves no weights in `output`."""
    partial = _saved_beside(seq2seq, output, weights, made)
    if finish:
        finish(partial)
    _move_into_place(partial, output)


def _saved_beside(seq2seq: Seq2Seq, output: Path, weights: dict[str, torch.Tensor], made: Mapping[str, Any]) -> Path:
    """Write the model, signed with how it was `made`, into a folder beside its place."""
    partial = output / ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    versions = {name: version(name) for name in ("tabtext", "torch", "transformers")}
    with disk_faults_as_such(output):
        seq2seq.save(partial, weights)
    (partial / SIGNATURE).write_text(json.dumps({**made, "versions": versions}, indent=1, default=str) + "\n")
    return partial


def _move_into_place(partial: Path, output: Path) -> None:
    """Move what a folder holds into the other, weights last: with them the model counts as trained."""
    for file in sorted(partial.iterdir(), key=lambda file: file.suffix == ".safetensors"):
        file.replace(output / file.name)
    partial.rmdir()
