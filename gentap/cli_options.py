"""The options that several commands of `gentap` have, each said once."""

from __future__ import annotations

from typing import Annotated

import typer

StartModel = Annotated[str | None, typer.Option(help="Name, folder or hub id of a T5 to start from.")]
Linearization = Annotated[
    str, typer.Option(help="How a table is written: ordered, plain or keyed; stored with the model.")
]
MaxLength = Annotated[int, typer.Option(min=32, help="Input tokens, question and table.")]
LengthPenalty = Annotated[
    float | None,
    typer.Option(min=0, max=10, help="Above 1 longer sentences are preferred; kept with a model that is trained."),
]
Composed = Annotated[
    bool | None,
    typer.Option("--composed/--written", help="Sentences made by rules around the model's cell, or its own."),
]
QuestionSet = Annotated[
    str, typer.Option(help="fetaqa, fetaqa-cells, qtsumm, squad, wikitablequestions, or jsonl: your own.")
]
Decoder = Annotated[str | None, typer.Option(help="sentence or cell; by default what the answers are.")]
Resamples = Annotated[int, typer.Option(min=0, help="Resamples for intervals; 0: none.")]
Beams = Annotated[int | None, typer.Option(min=1, help="Beams searched; 1 is fastest.")]
