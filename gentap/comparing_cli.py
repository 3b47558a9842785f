"""`gentap ablate`, which sets trainings side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gentap.cli_options import Beams, QuestionSet
from gentap.finetune import FINETUNING
from gentap.pretrain import PRETRAINING
from tabtext.cli import Metrics
from tabtext.training_options import FromScratch, LearningRate, RateOfChoice


def ablate(
    dev: Annotated[Path, typer.Argument(help="Questions to ask, of --dataset; their tables are not pretrained on.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for models, answers and ablation.md.")],
    corpora: Annotated[
        list[Path] | None, typer.Option(help="Corpus folders to pretrain on, as `gentap synthesize` makes them.")
    ] = None,
    train: Annotated[Path | None, typer.Option(help="Questions to fine-tune on, with and without pretraining.")] = None,
    model: Annotated[
        str | None, typer.Option(help="A pretrained model to fine-tune, in place of those pretrained here.")
    ] = None,
    dataset: QuestionSet = FINETUNING.dataset,
    sizes: Annotated[str, typer.Option(help="Numbers of questions to fine-tune on.")] = "100,1000,all",
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each condition.")] = 3,
    from_scratch: FromScratch = PRETRAINING.from_scratch,
    questions: Annotated[list[str] | None, typer.Option(help="More questions to pretrain on, as for pretrain.")] = None,
    max_length: Annotated[int | None, typer.Option(min=32, help="Input tokens; by default what suits each.")] = None,
    cell_weight: Annotated[float, typer.Option(min=0, help="Weight of cells in pretraining, as for pretrain.")] = (
        PRETRAINING.cell_weight
    ),
    epochs: Annotated[float, typer.Option(min=0, help="Passes of pretraining over what it learns in both forms.")] = (
        PRETRAINING.epochs
    ),
    batch_size: Annotated[int, typer.Option(min=1, help="Rows at once in pretraining.")] = PRETRAINING.batch_size,
    learning_rate: RateOfChoice = PRETRAINING.learning_rate,
    limit: Annotated[int | None, typer.Option(min=1, help="Questions of each form to pretrain on, at most.")] = None,
    tuning_epochs: Annotated[
        float, typer.Option(min=0, help="Passes of fine-tuning over all questions.")
    ] = FINETUNING.epochs,
    tuning_rate: LearningRate = FINETUNING.learning_rate,
    metrics: Metrics = None,
    beams: Beams = None,
    dev_limit: Annotated[int | None, typer.Option(min=1, help="Questions to ask, at most.")] = None,
) -> None:
    """Compare ways to pretrain, and fine-tuning with and without it, over several seeds, in one table."""
    from gentap import ablate
    from gentap.evaluate import EVALUATING, Evaluating
    from gentap.finetune import Finetuning
    from gentap.pretrain import Pretraining

    pretraining = Pretraining(
        from_scratch=from_scratch, questions=tuple(questions or ()), cell_weight=cell_weight, limit=limit,
        max_length=max_length or PRETRAINING.max_length, epochs=epochs, batch_size=batch_size,
        learning_rate=learning_rate,
    )  # fmt: skip
    finetuning = Finetuning(
        model="", dataset=dataset, length_penalty=1.0, max_length=max_length, epochs=tuning_epochs,
        learning_rate=tuning_rate,
    )  # fmt: skip
    evaluating = Evaluating(dataset, tuple(metrics or ()), beams=beams or EVALUATING.beams, limit=dev_limit)
    how = ablate.Ablation(pretraining, finetuning, evaluating, ablate.sizes_of(sizes), seeds, model)
    typer.echo(ablate.ablate(corpora or (), dev, output, how, train), nl=False)
