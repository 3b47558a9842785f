"""From recipes to models: their commands run one after the other, what is finished is kept, the results are packed."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tabtext.errors import InputError
from tabtext.jsonl import atomic_output
from tabtext.model_recipes import SIZE, ModelRecipe
from tabtext.packing import pack, read_results

_DONE = "done.json"
"""The file of a working folder that remembers which commands have been run."""


def make_models(recipes: Iterable[ModelRecipe], data: Path, output: Path, size: str = SIZE) -> list[Path]:
    """Make models by their recipes, packed into `output`/models, each after those that it starts from.

    What is finished is kept: run it again after an interruption and it goes on. Raises InputError where a command ends
    with an error, which it has then said itself.
    """
    made = []
    for recipe in _in_order(list(recipes), output / "models", size):
        packed, here = output / "models" / recipe.named(size), output / "work" / recipe.named(size)
        places = {"data": data.absolute(), "here": here.absolute(), "models": (output / "models").absolute()}
        if not packed.exists():
            run_commands(recipe.words(size, places), here)
            results = read_results(recipe.results, places)
            pack(here / "model", packed, recipe, size=size, results=results)
        made.append(packed)
    return made


def run_commands(commands: Sequence[list[str]], here: Path) -> None:
    """Run commands one after the other; those that an earlier run finished, which `here` remembers, only where one
    before them has changed."""
    here.mkdir(parents=True, exist_ok=True)
    done = json.loads((here / _DONE).read_text()) if (here / _DONE).exists() else []
    for number, words in enumerate(commands, 1):
        if done[:number] == commands[:number]:
            continue
        print(f"$ {shlex.join(words)}", file=sys.stderr, flush=True)
        status = subprocess.run([sys.executable, "-m", *words], check=False).returncode
        if status:
            raise InputError(f"`{shlex.join(words)}` ended with status {status}; run this again to go on from it.")
        with atomic_output(here / _DONE, overwrite=True) as file:
            file.write(json.dumps(commands[:number], indent=1).encode() + b"\n")
        done = commands[:number]


def _in_order(recipes: list[ModelRecipe], made: Path, size: str) -> list[ModelRecipe]:
    """The recipes, each behind those that it needs; an InputError where one needs what nothing makes."""
    waiting = {recipe.named(size): recipe for recipe in recipes}
    for name, number in Counter(recipe.named(size) for recipe in recipes).items():
        if number > 1:
            raise InputError(f"{number} recipes are of {name}, of which one could be made; name one of them.")
    ordered: dict[str, ModelRecipe] = {}
    while waiting:
        ready = [n for n, recipe in waiting.items() if not set(recipe.needs(size)) & waiting.keys()]
        if not ready:
            raise InputError(f"The recipes of {' and '.join(waiting)} need each other.")
        for name in ready:
            recipe = ordered[name] = waiting.pop(name)
            for needed in recipe.needs(size):
                if needed not in ordered and not (made / needed).is_dir():
                    raise InputError(f"Recipe {name} starts from {needed}; give that recipe too.")
    return list(ordered.values())
