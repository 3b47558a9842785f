"""Recipes of the models that we train: what each is, what it is made from, and the commands that make it again.

A recipe is a YAML file; words in braces in its commands are filled in: `{data}` is the folder of the public data sets,
`{here}` one to work in, `{models}` where finished models are, `{size}` the size, and what the recipe says of that size.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import read_text
from tabtext.models import shipped_models
from tabtext.shipped import shipped
from tabtext.yaml_text import parse_yaml

PROGRAMS = ("tabtext", "gentap", "datatuner", "quals")
"""What a recipe may run: nothing but our own programs."""

SIZE = "mini"
"""The size that ships."""

RECIPE = "recipe.yaml"
"""The recipe in a packed model's folder."""

_MODEL = re.compile(r"\{models\}/([\w{}-]+)")

_OF_THE_RUN = frozenset(("model", "overwrite"))
"""Options that say where a run begins and what it may replace, and are no settings of its training."""


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
        options = {
            option[2:].replace("-", "_"): "True" if value == "-o" or value.startswith("--") else value
            for option, value in pairs
            if option.startswith("--")
        }
        for name in [name for name in options if name.startswith("no_")]:
            options[name.removeprefix("no_")] = str(options.pop(name) != "True")
        return {name: value for name, value in options.items() if "/" not in value and name not in _OF_THE_RUN}

    def words(self, size: str, places: Mapping[str, object]) -> list[list[str]]:
        """Its commands as lists of words, everything in braces filled in; an InputError names what cannot be."""
        if size not in self.sizes:
            raise unknown_name("size", size, self.sizes)
        values = {**self.sizes[size], **places, "size": size}
        try:
            return [[word.format_map(values) for word in shlex.split(command)] for command in self.commands]
        except (KeyError, ValueError, AttributeError) as error:
            raise InputError(f"Recipe {self.name}: a command says {error}, which it does not know.") from None


def recipe_file(name: str) -> Path:
    """The recipe of a shipped model, or else the file of this name."""
    return shipped("models") / name / RECIPE if name in shipped_models() else Path(name)


def read_recipe(path: Path) -> ModelRecipe:
    """The recipe of a file; an InputError says what is missing or wrong in it."""
    text = read_text(path)
    said = parse_yaml(text, str(path))
    _check(said, path)
    lists: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    recipe = ModelRecipe(**lists, source=text)
    for command in recipe.commands:
        if _program(command) not in PROGRAMS:
            raise InputError(f"{path}: a recipe runs {', '.join(PROGRAMS)}; found {command!r:.200}.")
    return recipe


def _check(said: Any, path: Path) -> None:
    """An InputError where what a file says is no recipe, or part of it is not of its form."""
    known = [field.name for field in fields(ModelRecipe) if field.name != "source"]
    if not isinstance(said, dict) or not said:
        raise InputError(f"{path}: a recipe says {', '.join(known)}; found {said!r:.60}.")
    if strange := [name for name in said if name not in known]:
        raise InputError(f"{path}: a recipe says {', '.join(known)}; found {strange}.")
    if missing := [name for name in known if name != "results" and not said.get(name)]:
        raise InputError(f"{path}: the recipe does not say {', '.join(missing)}.")
    for name in ("name", "does", "licence", "usage"):
        if not isinstance(said[name], str):
            raise InputError(f"{path}: {name} is a text; found {said[name]!r:.60}.")
    for name in ("data", "limits", "commands", "results"):
        if not isinstance(said.get(name, []), list):
            raise InputError(f"{path}: {name} is a list; found {said[name]!r:.60}.")
    for source in said["data"]:
        if not isinstance(source, dict) or not {"name", "licence"} <= source.keys():
            raise InputError(f"{path}: data are a name and a licence each; found {source!r:.60}.")
    if not isinstance(said["sizes"], dict) or not all(isinstance(words, dict) for words in said["sizes"].values()):
        raise InputError(f"{path}: sizes gives each size what its commands name, such as mini: {{minutes: 5}}.")


def _program(command: object) -> str:
    """The first word of a command; none where it is no text, is empty or has a quote that is not closed."""
    try:
        return next(iter(shlex.split(command)), "") if isinstance(command, str) else ""
    except ValueError:
        return ""
