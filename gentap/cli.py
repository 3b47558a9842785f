"""The program `gentap`: one subcommand per stage, from pages and tables to questions."""

from __future__ import annotations

from tabtext.cli import program, run

app = program("Table question answering, trained on questions synthesised from your own pages and tables.")


@app.callback()
def _root() -> None:
    pass


def main() -> None:
    """Run the program."""
    run(app)
