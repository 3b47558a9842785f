"""The program `quals`: which texts does their source support, and by which questions and answers one sees it."""

from __future__ import annotations

from tabtext.cli import program, run

app = program("Is a text supported by its source? Score it by questions and answers, and train on the verdict.")


@app.callback()
def _root() -> None:
    pass


def main() -> None:
    """Run the program."""
    run(app)
