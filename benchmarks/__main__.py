"""`python -m benchmarks` runs all benchmarks, `python -m benchmarks rouge` those named; each prints its lines.

Files that follow a name are measured on: `python -m benchmarks mining PAGES matching FETAQA.jsonl`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from tabtext.errors import InputError, unknown_name


def _of(module: str) -> Callable[..., Iterable[str]]:
    """The function `measure` of a module beside this one, imported when it is called."""

    def measure(*paths: str) -> Iterable[str]:
        lines: Iterable[str] = import_module(f"benchmarks.{module}").measure(*paths)
        return lines

    return measure


_NAMES = "rouge mining matching grammar dual generate names training bf16 answer quals"

BENCHMARKS: dict[str, Callable[..., Iterable[str]]] = {name: _of(name) for name in _NAMES.split()}


def main(arguments: list[str]) -> None:
    """Run the benchmarks of these names, or all of them, and print what they measure."""
    chosen: dict[str, list[str]] = {} if arguments else {name: [] for name in BENCHMARKS}
    for argument in arguments:
        if argument in BENCHMARKS:
            chosen[argument] = []
        elif chosen and Path(argument).exists():
            chosen[list(chosen)[-1]].append(argument)
        else:
            raise unknown_name("benchmark", argument, BENCHMARKS)
    for name, paths in chosen.items():
        for line in BENCHMARKS[name](*paths):
            print(f"{name}: {line}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InputError as error:
        sys.exit(f"error: {error}")
