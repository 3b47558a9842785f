"""From a trained folder to one that can be given away: weights in 16 bits, only what loading needs, a card, checksums.

The same folder, recipe and results give the same bytes. Loading gives single precision again (the config says so) and
verifies every file (`tabtext.models.checked_folder`).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabtext.checkpoints import digest
from tabtext.errors import InputError
from tabtext.jsonl import read_json
from tabtext.metrics.base import Score
from tabtext.model_card import Result, Weights, card
from tabtext.model_kinds import CONFIG, read_config
from tabtext.model_recipes import RECIPE, SIZE, ModelRecipe
from tabtext.models import LOADED, SIGNATURE, WEIGHTS, checked_folder, weight_files

if TYPE_CHECKING:
    import torch

LARGEST = 25_000_000
"""Bytes that a packed file may have."""

_FOLDERS = re.compile(r"(?<![\w./])/(?:[^/\s]+/)*")
"""The folders in front of an absolute path's last part, also in `squad=/data/train.json`."""

CARD = "README.md"


def pack(
    folder: Path,
    output: Path,
    recipe: ModelRecipe,
    *,
    size: str = SIZE,
    results: Sequence[Result] = (),
    overwrite: bool = False,
) -> Weights:
    """Write the model of a trained folder, ready to be given away, into the folder `output`.

    Raises InputError for a folder that holds no whole model, or one that the recipe does not make, for an output that
    exists, and for a file above `LARGEST`.
    """
    checked_folder(folder)
    made = _made(folder)
    _check_settings(folder, made.get("settings", {}), recipe.settings(size))
    if output.exists() and not overwrite:
        raise InputError(f"{output}: exists already; pass --overwrite to replace it.")
    partial = output.with_name(f".{output.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        weights = _write_model(folder, partial)
        _describe(partial, recipe, size, results, weights, made)
        for file in sorted(partial.iterdir()):
            if file.stat().st_size > LARGEST:
                raise InputError(f"{folder}: {file.name} has {file.stat().st_size:,} bytes packed, {LARGEST:,} may.")
        shutil.rmtree(output, ignore_errors=True)
        partial.replace(output)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return weights


def left_behind(folder: Path) -> list[str]:
    """What a trained folder holds that packing leaves there: checkpoints, run.json, optimizer states."""
    taken = {file.name for file in [*_loaded_files(folder), *weight_files(folder)]} | {SIGNATURE}
    return sorted(file.name for file in folder.iterdir() if file.name not in taken)


def read_results(rows: Sequence[Mapping[str, Any]], places: Mapping[str, Path] | None = None) -> list[Result]:
    """Results as recipes and files of results say them: `what` was measured, and a score's `name`, `value` and
    `signature`, or the file `scores` that an evaluation wrote (with `metrics`, only those of these names).

    Raises InputError where they are no list, a row says neither, or its file is missing or holds no scores.
    """
    if not isinstance(rows, list | tuple):
        raise InputError(f"Results are a list of what was measured; found {rows!r:.60}.")
    results = []
    for row in rows:
        try:
            scores = _scores(row, places or {}) if "scores" in row else [row]
            results += [Result(str(row["what"]), _score(score)) for score in scores]
        except InputError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"A result needs what, name and value, or what and scores; found {row} ({error!r})."
            ) from None
    return results


def halved(weights: Mapping[str, torch.Tensor]) -> tuple[dict[str, torch.Tensor], Weights]:
    """The weights in that 16-bit format which loses less: float16 is finer by three bits, bfloat16 has the range."""
    import torch

    errors = {dtype: _error(weights, dtype) for dtype in (torch.float16, torch.bfloat16)}
    dtype = min(errors, key=lambda dtype: errors[dtype])
    cast = {name: w.to(dtype) if w.is_floating_point() else w for name, w in weights.items()}
    number = sum(weight.numel() for weight in weights.values())
    return cast, Weights(number, str(dtype).removeprefix("torch."), errors[dtype])


def _error(weights: Mapping[str, torch.Tensor], dtype: torch.dtype) -> float:
    """The root mean square of what the weights lose in `dtype`, relative to theirs; infinite where one overflows."""
    lost = total = 0.0
    for weight in weights.values():
        if weight.is_floating_point():
            exact, kept = weight.double(), weight.to(dtype).double()
            if not kept.isfinite().all():
                return inf
            lost += float((exact - kept).square().sum())
            total += float(exact.square().sum())
    return (lost / total) ** 0.5 if total else 0.0


def _write_model(folder: Path, output: Path) -> Weights:
    """Config, tokenizer and halved weights."""
    from safetensors.torch import load_file, save_file

    for file in _loaded_files(folder):
        shutil.copyfile(file, output / file.name)
    config = {**_without_places(read_config(folder)), "dtype": "float32"}  # what loading gives, whatever is stored
    _write_json(output / CONFIG, config)
    tensors = {name: tensor for file in weight_files(folder) for name, tensor in load_file(file).items()}
    cast, weights = halved(tensors)
    save_file(cast, output / WEIGHTS, metadata={"format": "pt"})
    (output / WEIGHTS).chmod(0o644)
    return weights


def _made(folder: Path) -> dict[str, Any]:
    """What the signature of a training run says of settings, report and versions, without this machine's folders."""
    said = json.loads((folder / SIGNATURE).read_text()) if (folder / SIGNATURE).is_file() else {}
    return {name: _without_places(said[name]) for name in ("settings", "report", "versions") if name in said}


def _check_settings(folder: Path, settings: Mapping[str, Any], wanted: Mapping[str, str]) -> None:
    """Raise InputError where the run was told something else than the recipe says."""
    for name, value in wanted.items():
        if name in settings and not _same(settings[name], value):
            raise InputError(f"{folder}: was trained with {name} {settings[name]}, and its recipe says {value}.")


def _same(setting: Any, word: str) -> bool:
    """Whether a setting is what a word of a command line says."""
    is_number = isinstance(setting, int | float) and not isinstance(setting, bool)
    return setting == float(word) if is_number else str(setting) == word


def _describe(
    output: Path, recipe: ModelRecipe, size: str, results: Sequence[Result], weights: Weights, made: Mapping[str, Any]
) -> None:
    """Recipe, card and, last, the signature with the checksums of all files."""
    (output / RECIPE).write_text(recipe.source, encoding="utf-8")
    (output / CARD).write_text(card(recipe, size, results, weights, made), encoding="utf-8")
    scores = [{"what": result.what, **result.score.to_json()} for result in results]
    files = {file.name: digest(file) for file in sorted(output.iterdir())}
    facts = {"name": recipe.named(size), "size": size, "weights": weights._asdict(), **made, "results": scores}
    _write_json(output / SIGNATURE, {**facts, "files": files})


def _loaded_files(folder: Path) -> Iterator[Path]:
    names = {file for pattern in LOADED for file in folder.glob(pattern) if file.is_file()}
    return iter(sorted(names))


def _without_places(value: Any) -> Any:
    """The same JSON without this machine's folders: of an absolute path its last part, of a config's origin nothing."""
    if isinstance(value, dict):
        return {name: _without_places(part) for name, part in value.items() if name != "_name_or_path"}
    if isinstance(value, list):
        return [_without_places(part) for part in value]
    return _FOLDERS.sub("", value) if isinstance(value, str) else value


def _scores(row: Mapping[str, Any], places: Mapping[str, Path]) -> list[dict[str, Any]]:
    """The scores of an evaluation's file, of these metrics if the row names some."""
    path = Path(str(row["scores"]).format_map(places))
    found = read_json(path)["scores"]
    return [score for score in found if score["name"] in row.get("metrics", [s["name"] for s in found])]


def _score(said: Mapping[str, Any]) -> Score:
    interval = said.get("interval")
    ends = (float(interval[0]), float(interval[1])) if interval else None
    return Score(str(said["name"]), float(said["value"]), str(said.get("signature", "")), ends)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
