"""The card of a packed model: what it does, how it is used, data and licences, recipe, results, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tabtext.metrics.base import Score
from tabtext.model_recipes import ModelRecipe

_CARD = """\
---
license: {spdx}
language: en
library_name: transformers
---

# {name}

{does}

{parameters:,} weights, stored as {dtype} (relative error {error:.1e}) and computed with in float32. Licence: {licence}.

```sh
{usage}
```

## Made from

{data}

## Recipe

`tabtext make {name}` runs these commands again (`recipe.yaml` is the same recipe){made}.

```sh
{commands}
```

## Results

{results}

## Limits

{limits}
"""


class Result(NamedTuple):
    """A score, and what was measured (`FeTaQA dev, zero-shot`)."""

    what: str
    score: Score


class Weights(NamedTuple):
    """What became of the weights: their number, the format, and the root mean square of what each lost in it,
    relative to that of the weights."""

    parameters: int
    dtype: str
    error: float


def card(
    recipe: ModelRecipe, size: str, results: Sequence[Result], weights: Weights, made: Mapping[str, Mapping[str, Any]]
) -> str:
    """The card as Markdown; `made` is the report and the versions of the training run, as its signature has them."""
    data = [(source["name"], source["licence"]) for source in recipe.data]
    scores = [(result.what, result.score.name, _number(result), f"`{result.score.signature}`") for result in results]
    commands = "\n".join(recipe.commands).replace("{size}", size)
    for name, value in recipe.sizes[size].items():
        commands = commands.replace(f"{{{name}}}", str(value))
    return _CARD.format(
        spdx=recipe.licence.lower(),
        name=recipe.named(size),
        does=recipe.does.strip(),
        licence=recipe.licence,
        usage=recipe.usage.strip(),
        data=_table(("data", "licence"), data),
        commands=commands,
        made=_made(made),
        results=_table(("measured", "score", "value", "signature"), scores) if scores else "None measured yet.",
        limits="\n".join(f"- {limit}" for limit in recipe.limits),
        **weights._asdict(),
    )


def _number(result: Result) -> str:
    score = result.score
    interval = f" [{score.interval[0]:.4g}, {score.interval[1]:.4g}]" if score.interval else ""
    return f"{score.value:.4g}{interval}"


def _made(made: Mapping[str, Mapping[str, Any]]) -> str:
    """What the run took and ran with."""
    if "report" not in made:
        return ""
    report, versions = made["report"], made.get("versions", {})
    used = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"; the last training in them took {report['seconds'] / 60:.0f} minutes, {report['steps']:,} updates ({used})"
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a bar in a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
