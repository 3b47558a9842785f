"""`gentap fit-choice` learns what speaks for a cell, and `gentap fit-phrases` how cells are said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gentap.rules.fit_choice import FITTING
from gentap.rules.fit_phrases import PHRASE_FITTING
from tabtext.cli import Overwrite, Seed
from tabtext.training_options import LearningRate


def fit_choice(
    questions: Annotated[
        list[str], typer.Argument(metavar="[DATASET=]PATH…", help="Questions of which the cells are known.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="JSON file for the weights.")],
    model: Annotated[str | None, typer.Option(help="A model whose own cells are a clue among the others.")] = None,
    units: Annotated[int, typer.Option(min=1, help="Units of the network.")] = FITTING.units,
    passes: Annotated[int, typer.Option(min=1, help="Passes over the questions.")] = FITTING.passes,
    learning_rate: LearningRate = FITTING.learning_rate,
    limit: Annotated[int | None, typer.Option(min=1, help="Questions of each set, at most.")] = None,
    seed: Seed = FITTING.seed,
    overwrite: Overwrite = False,
) -> None:
    """Learn which cells questions ask for, from those of which it is known: what rules and models choose by."""
    from gentap.rules import fit_choice

    how = fit_choice.Fitting(
        model=model, units=units, passes=passes, learning_rate=learning_rate, limit=limit, seed=seed,
        overwrite=overwrite,
    )  # fmt: skip
    fit_choice.fit_choice(questions, output, how)


def fit_phrases(
    corpora: Annotated[
        list[Path],
        typer.Argument(
            metavar="CORPUS…", help="Folders of `gentap synthesize`, or mentions as `gentap mine` writes them."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="JSON file for the phrases.")],
    tables: Annotated[
        int, typer.Option(min=1, help="Tables whose sentences must say a column's cells alike.")
    ] = PHRASE_FITTING.tables,
    share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the column's tables that must agree, among those learnt from.")
    ] = PHRASE_FITTING.share,
    overwrite: Overwrite = False,
) -> None:
    """Learn how cells of columns are said in sentences, to say with it what else an answer's row says."""
    from gentap.rules import fit_phrases

    how = fit_phrases.PhraseFitting(tables=tables, share=share, overwrite=overwrite)
    fit_phrases.fit_phrases(corpora, output, how)
