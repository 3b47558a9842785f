"""`gentap fit-parser` learns which programs questions are; `gentap word-vectors` makes what it compares words by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gentap.parser.fit import PARSER_FITTING
from tabtext.cli import Overwrite, Seed
from tabtext.training_options import LearningRate

Sets = Annotated[list[str], typer.Argument(metavar="[DATASET=]PATH…", help="Questions with their answers and tables.")]


def fit_parser(
    questions: Sets,
    output: Annotated[Path, typer.Option("--output", "-o", help="File for the weights, .json.gz.")],
    passes: Annotated[int, typer.Option(min=1, help="Passes over the questions.")] = PARSER_FITTING.passes,
    units: Annotated[int, typer.Option(min=1, help="Hidden units.")] = PARSER_FITTING.units,
    learning_rate: LearningRate = PARSER_FITTING.learning_rate,
    decay: Annotated[float, typer.Option(min=0, help="How much weights are drawn to zero.")] = PARSER_FITTING.decay,
    questions_a_clue: Annotated[
        int, typer.Option(min=1, help="Questions that must have a clue for it to be learnt.")
    ] = PARSER_FITTING.questions_a_clue,
    held_out: Annotated[
        int, typer.Option(min=0, help="Of so many questions one is held out to measure by; 0: none.")
    ] = PARSER_FITTING.held_out,
    limit: Annotated[int | None, typer.Option(min=1, help="Questions of each set, at most.")] = None,
    seed: Seed = PARSER_FITTING.seed,
    overwrite: Overwrite = False,
) -> None:
    """Learn which programs questions are, from questions of which only the answers are known."""
    from gentap.parser import fit

    how = fit.ParserFitting(
        passes=passes, units=units, learning_rate=learning_rate, decay=decay, questions_a_clue=questions_a_clue,
        held_out=held_out, limit=limit, seed=seed, overwrite=overwrite,
    )  # fmt: skip
    fit.fit_parser(questions, output, how)


def word_vectors(
    questions: Sets,
    model: Annotated[str, typer.Option(help="A sentence encoder: a folder or hub id.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File for the vectors, .npz.")],
    dimensions: Annotated[int, typer.Option(min=2, help="Dimensions that are kept.")] = 48,
    overwrite: Overwrite = False,
) -> None:
    """Cut vectors of common words down from a sentence encoder, for the parser to compare words by."""
    from gentap.parser.cut_words import cut_words

    cut_words(questions, model, output, dimensions=dimensions, overwrite=overwrite)
