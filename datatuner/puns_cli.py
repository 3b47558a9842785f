"""The commands `datatuner puns …`: prepare the published files, find words for a context, score."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Annotated

import typer

from tabtext.cli import DEFAULTS, Output, Overwrite, program
from tabtext.errors import InputError

puns = program("Puns as records: prepare the published files, find words, score.")


@puns.command()
def prepare(
    data: Annotated[Path, typer.Argument(help="expunations_annotated_full.json or context_situated_pun.csv.")],
    task: Annotated[str, typer.Option(help="explain, keywords, context, or retrieve: pairs for train-fidelity.")],
    texts: Annotated[list[Path] | None, typer.Option(help="SemEval-2017 Task 7's XML files; repeatable.")] = None,
    split: Annotated[str, typer.Option(help="Part of the data: train, dev or test.")] = "train",
    output: Output = DEFAULTS.output,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Write a task's records with texts, for `datatuner train` and the others."""
    from datatuner import puns
    from tabtext.jsonl import write_jsonl

    write_jsonl(output, puns.prepare(task, data, texts or (), split), overwrite=overwrite)


@puns.command()
def words(
    contexts: Annotated[Path, typer.Argument(help="Records with context slots, as --task context writes them.")],
    data: Annotated[Path, typer.Argument(help="context_situated_pun.csv, whose word pairs are the pool.")],
    model: Annotated[str, typer.Option(help="Classifier trained on pairs of --task retrieve.")],
    top: Annotated[int, typer.Option(min=1, help="Word pairs per context.")] = 1,
    output: Output = DEFAULTS.output,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Find the pairs of words for a pun in each context, as records that `datatuner generate` says."""
    from datatuner.fidelity import FidelityClassifier
    from datatuner.puns import records_with_words
    from tabtext.jsonl import write_jsonl

    classifier = FidelityClassifier.from_pretrained(model)
    write_jsonl(output, records_with_words(contexts, data, classifier, top), overwrite=overwrite)


@puns.command("score")
def score_puns(
    records: Annotated[Path, typer.Argument(help="The records that the puns were said from.")],
    texts: Annotated[Path, typer.Argument(help="JSON Lines with id and text.")],
) -> None:
    """Say how many puns hold their pun word, and how many of the other keywords are said."""
    from datatuner.puns import score
    from tabtext.corpora.records import read_examples
    from tabtext.jsonl import dumps, read_jsonl

    said = {str(fields.get("id")): str(fields.get("text", "")) for fields in read_jsonl(texts)}
    by_id = [(example.record, said[example.id]) for example in read_examples(records) if example.id in said]
    found = {name: None if isnan(number) else number for name, number in score(by_id)._asdict().items()}
    if found["pun_word"] is None and found["keywords"] is None:
        raise InputError(
            f"{texts}: none of the {len(by_id):,} texts is of a record with a pun word, keyword or context; "
            "`datatuner puns prepare` makes such records."
        )
    typer.echo(dumps(found))
