"""Recipes of the models that we train: what each is, what it is made from, and the commands that make it again.

A recipe is a YAML file; words in braces in its commands are filled in: `{data}` is the folder of the public data sets,
`{here}` one to work in, `{models}` where finished models are, `{size}` the size, and what the recipe says of that size.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import atomic_output, open_input
from tabtext.models import shipped_models
from tabtext.shipped import shipped

PROGRAMS = ("tabtext", "gentap", "datatuner", "quals")
"""What a recipe may run: nothing but our own programs."""

SIZE = "mini"
"""The size that ships."""

RECIPE = "recipe.yaml"
"""The recipe in a packed model's folder."""

_DONE = "done.json"
_MODEL = re.compile(r"\{models\}/([\w{}-]+)")


@dataclass(frozen=True)
class ModelRecipe:
    """A recipe as its file says it.

    `name` may hold `{size}`. `data` are what it is made from, a `name`, a `licence` and the `folder` in `{data}` each;
    `licence` is the SPDX name of the model's own. `sizes` give each size what its commands name in braces. `commands`
    leave the model in `{here}/model`. `results` are as `tabtext.packing` takes them. `source` is the file's text.
    """

    name: str
    does: str
    licence: str
    usage: str
    data: tuple[Mapping[str, str], ...]
    limits: tuple[str, ...]
    sizes: Mapping[str, Mapping[str, Any]]
    commands: tuple[str, ...]
    results: tuple[Mapping[str, Any], ...] = ()
    source: str = ""

    def named(self, size: str = SIZE) -> str:
        """The model's name at this size."""
        return self.name.replace("{size}", size)

    def needs(self, size: str = SIZE) -> list[str]:
        """The names of the models that its commands start from."""
        found = _MODEL.findall(" ".join(self.commands))
        return list(dict.fromkeys(name.replace("{size}", size) for name in found))

    def settings(self, size: str = SIZE) -> dict[str, str]:
        """The options of the command that writes the model, but those that name files: `max_minutes` -> `32`."""
        unfilled = {place: f"{{{place}}}" for place in ("here", "data", "models")}
        makes = [words for words in self.words(size, unfilled) if words[-2:] == ["-o", "{here}/model"]]
        if len(makes) != 1:
            raise InputError(f"Recipe {self.name}: one command must end with -o {{here}}/model, {len(makes)} do.")
        pairs = zip(makes[0], makes[0][1:], strict=False)
        options = {option[2:].replace("-", "_"): value for option, value in pairs if option.startswith("--")}
        return {name: value for name, value in options.items() if "/" not in value and name != "model"}

    def words(self, size: str, places: Mapping[str, object]) -> list[list[str]]:
        """Its commands as lists of words, everything in braces filled in; an InputError names what cannot be."""
        if size not in self.sizes:
            raise unknown_name("size", size, self.sizes)
        values = {**self.sizes[size], **places, "size": size}
        try:
            return [[word.format_map(values) for word in shlex.split(command)] for command in self.commands]
        except (KeyError, ValueError) as error:
            raise InputError(f"Recipe {self.name}: a command says {error}, which it does not know.") from None


def recipe_file(name: str) -> Path:
    """The recipe of a shipped model, or else the file of this name."""
    return shipped("models") / name / RECIPE if name in shipped_models() else Path(name)


def read_yaml(path: Path) -> Any:
    """What a YAML (or JSON) file holds; an InputError where it is none."""
    import yaml

    with open_input(path) as file:
        try:
            return yaml.safe_load(file)
        except (UnicodeDecodeError, yaml.YAMLError) as error:
            raise InputError(f"{path}: not YAML ({' '.join(str(error).split())}).") from None


def read_recipe(path: Path) -> ModelRecipe:
    """The recipe of a file; an InputError says what is missing or wrong in it."""
    said = read_yaml(path)
    known = {field.name: field for field in fields(ModelRecipe) if field.name != "source"}
    needed = [name for name in known if name != "results"]
    if not isinstance(said, dict) or (strange := [name for name in said if name not in known]):
        raise InputError(f"{path}: a recipe says {', '.join(known)}; found {said if not said else strange}.")
    if missing := [name for name in needed if not said.get(name)]:
        raise InputError(f"{path}: the recipe does not say {', '.join(missing)}.")
    lists: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    recipe = ModelRecipe(**lists, source=path.read_text(encoding="utf-8"))
    for command in recipe.commands:
        if shlex.split(command)[0] not in PROGRAMS:
            raise InputError(f"{path}: a recipe runs {', '.join(PROGRAMS)}; found {command!r}.")
    return recipe


def make_models(recipes: Iterable[ModelRecipe], data: Path, output: Path, size: str = SIZE) -> list[Path]:
    """Make models by their recipes, packed into `output`/models, each after those that it starts from.

    What is finished is kept: run it again after an interruption and it goes on. Raises InputError where a command ends
    with an error, which it has then said itself.
    """
    from tabtext.packing import pack, read_results

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
