"""What the clues of a cell are worth: a small network that chooses the cell a question asks for.

One layer of units over the clues of row, column and cell together (`clues`), and their sum; a few thousand
numbers in a JSON file, so that they need no torch to be read. `gentap fit-choice` learns them from questions of which
the cells are known.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gentap.rules.clues import CELL_CLUES, COLUMN_CLUES, ROW_CLUES, Clues
from tabtext.errors import InputError
from tabtext.jsonl import atomic_output, dumps
from tabtext.models import CHOICE

if TYPE_CHECKING:
    from gentap.rules.clues import Floats

SHIPPED = Path(__file__).parent / CHOICE
"""What ships: learnt from the questions that people asked of WikiTableQuestions' tables (CC BY-SA 4.0) and from the
grammar's about these and about the tables of FeTaQA's train split, none of FeTaQA's own; docs/results.md has the
commands."""

NAMES = {"rows": ROW_CLUES, "columns": COLUMN_CLUES, "cells": CELL_CLUES}


class Choice(NamedTuple):
    """The weights of the clues [clues, units], of the units [units], and what is added to every unit [units]."""

    rows: Floats
    columns: Floats
    cells: Floats
    bias: Floats
    units: Floats

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Choice:
        """The weights of a file; an InputError for one that is broken or was made for clues of a later version."""
        return _shipped() if path == SHIPPED else _read(path)

    @classmethod
    def of_model(cls, name: str | Path) -> Choice | None:
        """The weights that the model of this name, folder or hub id brings of its own, if any."""
        from tabtext.models import file_of

        own = file_of(name, CHOICE)
        return cls.load(own) if own else None

    @staticmethod
    def keep(choice: Choice | None, folder: Path) -> None:
        """Make a model's folder hold these weights as its own, or none."""
        if choice is None:
            (folder / CHOICE).unlink(missing_ok=True)
        else:
            choice.save(folder / CHOICE)

    def save(self, path: Path) -> None:
        """Write the weights into a file, in place of what it held."""
        with atomic_output(path, overwrite=True) as file:
            file.write(self.to_bytes())

    def to_bytes(self) -> bytes:
        """What the file says."""
        return f"{dumps(self.to_json())}\n".encode()

    def worth(self, clues: Clues) -> Floats:
        """What speaks for every cell [rows, columns]: logarithms of probabilities, but for what all have in common."""
        import numpy as np

        rows, columns = clues.rows @ self.rows, clues.columns @ self.columns
        hidden = clues.cells @ self.cells + rows[:, None] + columns[None] + self.bias
        return np.maximum(hidden, 0) @ self.units

    def to_json(self) -> dict[str, Any]:
        """The weights, rounded, under the names of the clues."""
        weights = {name: [[round(float(w), 3) for w in row] for row in getattr(self, name)] for name in NAMES}
        named = {name: dict(zip(NAMES[name], weights[name], strict=True)) for name in NAMES}
        return {**named, **{name: [round(float(w), 3) for w in getattr(self, name)] for name in ("bias", "units")}}


@lru_cache(maxsize=1)
def _shipped() -> Choice:
    return _read(SHIPPED)


def _read(path: Path) -> Choice:
    import numpy as np

    try:
        held = json.loads(path.read_bytes())
        if strange := [clue for name, clues in NAMES.items() for clue in held[name] if clue not in clues]:
            raise InputError(f"{path}: has weights of the clue {strange[0]!r}, which this version does not know.")
        if not all(held[name] for name in NAMES):
            raise KeyError("no clues")
        none = [0.0] * len(held["units"])  # for clues that were not known when the weights were learnt
        weights = {
            name: np.array([held[name].get(clue, none) for clue in clues], np.float32) for name, clues in NAMES.items()
        }
        choice = Choice(**weights, bias=np.array(held["bias"], np.float32), units=np.array(held["units"], np.float32))
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: holds no weights of clues as `gentap fit-choice` writes them ({error}).") from None
    fit = all(part.shape[-1:] == choice.units.shape and np.isfinite(part).all() for part in choice)
    if not fit or [part.ndim for part in choice] != [2, 2, 2, 1, 1]:
        raise InputError(f"{path}: its weights do not fit each other.")
    return choice
