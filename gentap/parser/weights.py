"""What the clues of programs are worth: a number a clue, and what a few hidden units make of the common ones, in a JSON
file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gentap.parser.column_clues import Clues
from tabtext.errors import InputError
from tabtext.jsonl import atomic_output, dumps, open_input

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHIPPED = Path(__file__).parent / "weights.json.gz"
"""What ships; docs/results.md has its commands, recipes/everyday those of its questions that are ours."""


class Weights(NamedTuple):
    """The worth of clues by their names: `linear` by themselves, `hidden` to every hidden unit [units] for those that
    many questions have, `bias` what is added to every unit [units], `units` what these are worth [units]."""

    linear: Mapping[str, float]
    hidden: Mapping[str, Sequence[float]]
    bias: Sequence[float]
    units: Sequence[float]

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Weights:
        """The weights of a file; an InputError where it holds none."""
        return _shipped() if path == SHIPPED else _read(path)

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the weights, rounded, into a file."""
        held = {
            "linear": {name: round(weight, 2) for name, weight in sorted(self.linear.items())},
            "hidden": {name: [round(weight, 3) for weight in its] for name, its in sorted(self.hidden.items())},
            "bias": [round(weight, 3) for weight in self.bias],
            "units": [round(weight, 3) for weight in self.units],
        }
        with atomic_output(path, overwrite=overwrite) as file:
            file.write(f"{dumps(held)}\n".encode())

    def worths(self, pieces: Sequence[Clues], programs: Sequence[Sequence[int]]) -> Floats:
        """What programs are worth [programs], each made of the pieces of these numbers."""
        import numpy as np

        linear, hidden = self.linear, self.hidden
        alone = np.array([sum(v * linear[name] for name, v in clues.items() if name in linear) for clues in pieces])
        units = np.zeros((len(pieces), len(self.units)))
        for place, clues in enumerate(pieces):
            known = [(name, value) for name, value in clues.items() if name in hidden]
            if known:
                units[place] = np.array([value for _, value in known]) @ np.array([hidden[name] for name, _ in known])
        together = np.array([units[list(program)].sum(0) for program in programs]) + np.array(self.bias)
        return np.array([alone[list(program)].sum() for program in programs]) + np.maximum(together, 0) @ np.array(
            self.units
        )


@lru_cache(maxsize=1)
def _shipped() -> Weights:
    return _read(SHIPPED)


def _read(path: Path) -> Weights:
    try:
        with open_input(path) as file:
            return _checked(json.load(file))
    except InputError:
        raise
    except (
        OSError,
        EOFError,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        OverflowError,
        RecursionError,
    ) as error:
        raise InputError(f"{path}: holds no weights of clues as `gentap fit-parser` writes them ({error}).") from None


def _checked(held: Any) -> Weights:
    import numpy as np

    linear = {str(name): float(weight) for name, weight in held["linear"].items()}
    weights = Weights(linear, held["hidden"], held["bias"], held["units"])
    parts = [np.array([*linear.values()]), *(np.array(part, np.float64) for part in (weights.bias, weights.units))]
    parts += [np.array([*weights.hidden.values()], np.float64)] if weights.hidden else []
    if not all(np.isfinite(part).all() for part in parts):
        raise ValueError("some are no numbers")
    if [part.ndim for part in parts] != [1, 1, 1, 2][: len(parts)]:
        raise ValueError("they are no lists of numbers")
    if any(part.shape[-1] != len(weights.units) for part in parts[1:]):
        raise ValueError("they do not fit each other")
    return Weights(
        linear, {str(name): [*map(float, its)] for name, its in weights.hidden.items()},
        [*map(float, weights.bias)], [*map(float, weights.units)],
    )  # fmt: skip
