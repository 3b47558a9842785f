"""The command-line options that all training commands share; what each means is said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ModelOutput = Annotated[Path, typer.Option("--output", "-o", help="Folder for the trained model.")]
FromScratch = Annotated[str, typer.Option(help="Else the size of a new model: tiny, mini, small, base.")]
MaxMinutes = Annotated[float | None, typer.Option(min=0.01, help="Train this long, whatever the epochs.")]
Epochs = Annotated[float, typer.Option(min=0.01, help="Passes over the data.")]
BatchSize = Annotated[int, typer.Option(min=1, help="Examples per process and pass.")]
Accumulation = Annotated[int, typer.Option(min=1, help="Passes per update.")]
LEAST_RATE, GREATEST_RATE = 1e-12, 1.0
LearningRate = Annotated[float, typer.Option(min=LEAST_RATE, max=GREATEST_RATE, help="Highest learning rate.")]
RateOfChoice = Annotated[
    float | None,
    typer.Option(min=LEAST_RATE, max=GREATEST_RATE, help="Highest learning rate; by default one that suits the start."),
]
Patience = Annotated[int | None, typer.Option(min=1, help="Stop after so many evaluations without gain.")]
TensorBoard = Annotated[bool, typer.Option("--tensorboard", help="Write TensorBoard logs beside the checkpoints.")]
