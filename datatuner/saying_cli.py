"""`datatuner say`: the command for who has facts and wants texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from datatuner.saying import SAYING, Saying, say_file
from tabtext.cli import DEFAULTS, Limit, OnError, Output, Overwrite
from tabtext.stages import Options


def say(
    records: Annotated[Path, typer.Argument(help="Records in any format, or the folder of a data set.")],
    model: Annotated[
        str, typer.Option(help="rules, or the name or folder of a model that `datatuner train` made.")
    ] = SAYING.model,
    judge: Annotated[
        str, typer.Option(help="slots (the slot checker), or a classifier's name or folder.")
    ] = SAYING.judge,
    candidates: Annotated[int, typer.Option(min=1, help="Texts per record to choose from.")] = SAYING.candidates,
    dataset: Annotated[str, typer.Option(help="auto (a file), e2e, viggo, rnnlg, webnlg or dart.")] = "auto",
    split: Annotated[str, typer.Option(help="Part of the data set: train, dev or test.")] = "dev",
    output: Output = DEFAULTS.output,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Say records, every fact and no other: what the model says well it says, what it does not rules say."""
    from tabtext.corpora.records import read_examples

    how = Saying(model=model, judge=judge, candidates=candidates)
    say_file(read_examples(records, dataset, split, on_error), Options(output, 0, 1, limit, overwrite, on_error), how)
