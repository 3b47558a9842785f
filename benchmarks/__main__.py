"""`python -m benchmarks` runs all benchmarks, `python -m benchmarks rouge` those named; each prints its lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module

from tabtext.errors import InputError, unknown_name


def _of(module: str) -> Callable[[], Iterable[str]]:
    """The function `measure` of a module beside this one, imported when it is called."""

    def measure() -> Iterable[str]:
        lines: Iterable[str] = import_module(f"benchmarks.{module}").measure()
        return lines

    return measure


BENCHMARKS: dict[str, Callable[[], Iterable[str]]] = {name: _of(name) for name in ("rouge",)}


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, or all of them, and print what they measure."""
    for name in names or BENCHMARKS:
        if name not in BENCHMARKS:
            raise unknown_name("benchmark", name, BENCHMARKS)
    for name in names or BENCHMARKS:
        for line in BENCHMARKS[name]():
            print(f"{name}: {line}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InputError as error:
        sys.exit(f"error: {error}")
