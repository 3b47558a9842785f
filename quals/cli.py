"""The program `quals`: which texts does their source support, and by which questions and answers one sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tabtext.cli import Overwrite, Seed, program, run

app = program("Is a text supported by its source? Score it by questions and answers, and train on the verdict.")

ModelOutput = Annotated[Path, typer.Option("--output", "-o", help="Folder for the trained model.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def train(
    data: Annotated[
        list[str], typer.Argument(help="KIND=PATH each: squad, newsqa, fairytaleqa, questions, records, e2e, webnlg, …")
    ],
    output: ModelOutput,
    model: Annotated[str | None, typer.Option(help="Name, folder or hub id of a T5 or BART to start from.")] = None,
    from_scratch: Annotated[str, typer.Option(help="Else the size of a new model: tiny, mini, small, base.")] = "mini",
    per_set: Annotated[int | None, typer.Option(min=1, help="Pairs of each file, at most, drawn at random.")] = None,
    max_minutes: Annotated[float | None, typer.Option(min=0.01, help="Train this long, whatever the epochs.")] = None,
    epochs: Annotated[float, typer.Option(min=0.01, help="Passes over the data.")] = 2.0,
    batch_size: Annotated[int, typer.Option(min=1, help="Pairs per update.")] = 24,
    learning_rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 2e-3,
    max_length: Annotated[int, typer.Option(min=16, help="Input tokens; longer sources are read in windows.")] = 192,
    patience: Annotated[int | None, typer.Option(min=1, help="Stop after so many evaluations without gain.")] = None,
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Write TensorBoard logs beside the checkpoints.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Pairs of each file, at most, the first ones.")] = None,
    seed: Seed = 0,
    overwrite: Overwrite = False,
) -> None:
    """Train the joint question-answer generator: a text, table or record in, a question with its answer out."""
    from quals.train import QAGenTraining, train_qagen

    how = QAGenTraining(
        model, from_scratch, max_minutes, epochs, batch_size, learning_rate, max_length, per_set, patience,
        tensorboard, limit, seed, overwrite,
    )  # fmt: skip
    train_qagen(data, output, how)


def main() -> None:
    """Run the program."""
    run(app)
