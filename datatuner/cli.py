"""The program `datatuner`: records in, faithful sentences out, and what is needed to tell whether they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tabtext.cli import DEFAULTS, Limit, OnError, Output, Overwrite, Seed, Workers, program, run
from tabtext.stages import Options

app = program("Data to text: train on records with texts, generate, check, rerank.")

Dataset = Annotated[str, typer.Option(help="auto (a file of records with texts), e2e, viggo, rnnlg, webnlg or dart.")]
Split = Annotated[str, typer.Option(help="Part of the data set: train, dev or test.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def check(
    records: Annotated[Path, typer.Argument(help="Records in any format; their own texts give the floor.")],
    texts: Annotated[Path, typer.Argument(help="JSON Lines with id and text, or .txt with a line per record.")],
    domain: Annotated[str, typer.Option(help="e2e, viggo, triples, or auto: by each record's slots.")] = "auto",
    summary: Annotated[Path | None, typer.Option(help="File for the summary; else it goes to standard error.")] = None,
    output: Output = DEFAULTS.output,
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Say per text which facts are missing, added, wrong or repeated, and the slot error rate of all."""
    from datatuner.check import check_stage, summarize, texts_with_records
    from tabtext.jsonl import dumps, refuse_existing, write_jsonl
    from tabtext.stages import run_stage

    if summary is not None:
        refuse_existing(summary, overwrite=overwrite)
    options = Options(output, seed, workers, limit, overwrite, on_error)
    figures = summarize(run_stage(check_stage(domain), texts_with_records(records, texts), options))
    if summary is not None:
        write_jsonl(summary, [figures], overwrite=overwrite)
    else:
        typer.echo(dumps(figures), err=True)


@app.command()
def corrupt(
    data: Annotated[Path, typer.Argument(help="Records with texts: a file, or the folder of a data set.")],
    rules: Annotated[str, typer.Option(help="typed: confirmed by the slot checker; paper: the original's.")] = "typed",
    dataset: Dataset = "auto",
    split: Split = "train",
    balance: Annotated[
        bool, typer.Option("--balance", help="Repeat items of rare classes, as the paper does.")
    ] = False,
    output: Output = DEFAULTS.output,
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Write the training pairs of the fidelity classifier: right texts, and texts broken in known ways."""
    from datatuner.corrupt import corruption_stage, work_of, write_balanced
    from tabtext.corpora.records import read_examples
    from tabtext.stages import run_stage

    source = work_of(read_examples(data, dataset, split), seed)
    options = Options(output, seed, workers, limit, overwrite, on_error)
    if balance:
        write_balanced(corruption_stage(rules, dataset), source, options, split)
    else:
        run_stage(corruption_stage(rules, dataset), source, options)


def main() -> None:
    """Run the program."""
    run(app)
