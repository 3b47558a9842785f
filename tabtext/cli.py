"""What the command lines share: the options every stage takes, and how errors end a program.

Each package has its own `cli.py` with one function per subcommand; what computes is imported inside them, so that
`--help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tabtext.errors import InputError
from tabtext.stages import Options

Output = Annotated[Path, typer.Option("--output", "-o", help="File to write; - is standard output.")]
Seed = Annotated[int, typer.Option(help="Same seed, same bytes.")]
Workers = Annotated[int, typer.Option(min=1, help="Worker processes; the output is the same for any number.")]
Limit = Annotated[int | None, typer.Option(min=0, help="Read at most this many inputs.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")]
OnError = Annotated[str, typer.Option(help="What to do with an input that cannot be read: stop or skip.")]

DEFAULTS = Options()


def program(help: str) -> typer.Typer:
    """An empty command line program with our settings."""
    return typer.Typer(help=help, rich_markup_mode=None, add_completion=False, no_args_is_help=True,
                       pretty_exceptions_enable=False)  # fmt: skip


def run(app: Callable[[], object]) -> None:
    """Run a program: an InputError or a full disk is one sentence and status 2, Ctrl-C is 130."""
    try:
        app()
    except InputError as error:
        sys.exit(_said(str(error)))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        sys.exit(_said(f"{place}{error.strerror or error}; what was finished is kept, run the same command to go on."))


def _said(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 2


app = program("Tables, records and texts: look at them, convert them, score them.")


@app.callback()
def _root() -> None:
    pass


def main() -> None:
    """The program `tabtext`."""
    run(app)
