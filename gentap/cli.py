"""The program `gentap`: one subcommand per stage, from pages and tables to questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gentap.asker import ASKING, TRAINING
from gentap.cli_options import (
    Beams,
    Composed,
    Decoder,
    LengthPenalty,
    Linearization,
    MaxLength,
    QuestionSet,
    Resamples,
    StartModel,
)
from gentap.comparing_cli import ablate
from gentap.finetune import FINETUNING
from gentap.parser.cli import fit_parser, word_vectors
from gentap.pretrain import PRETRAINING
from gentap.question_mix import PER_TABLE
from gentap.rules.cli import fit_choice, fit_phrases
from tabtext.cli import DEFAULTS, Limit, ManyValues, Metrics, OnError, Output, Overwrite, Seed, Workers, program, run
from tabtext.stages import Options
from tabtext.training_options import (
    Accumulation,
    BatchSize,
    Epochs,
    FromScratch,
    LearningRate,
    MaxMinutes,
    ModelOutput,
    Patience,
    RateOfChoice,
    TensorBoard,
)

app = program("Table question answering, trained on questions synthesised from your own pages and tables.")


@app.callback()
def _root() -> None:
    pass


@app.command()
def mine(
    pages: Annotated[Path, typer.Argument(help="Folder or archive of HTML, OTT-QA, or JSON Lines with html; -.")],
    exclude_titles: Annotated[
        Path | None, typer.Option(help="Pages to keep out: a title a line, or a FeTaQA file.")
    ] = None,
    output: Output = DEFAULTS.output,
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Find the sentences of pages that name at least two cells of one table row."""
    from gentap.mine import mine_stage, read_titles
    from gentap.pages import page_source
    from tabtext.stages import run_stage

    excluded = read_titles(exclude_titles) if exclude_titles else frozenset()
    options = Options(output, seed, workers, limit, overwrite, on_error)
    run_stage(mine_stage(excluded), page_source(pages), options)


@app.command()
def records(
    mentions: Annotated[Path, typer.Argument(help="Mentions as `gentap mine` writes them, or a file of --dataset.")],
    dataset: Annotated[str, typer.Option(help="mentions, or fetaqa: answers about marked cells.")] = "mentions",
    output: Output = DEFAULTS.output,
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Write sentences that speak of rows as records with their texts, for `datatuner train` and `quals train`."""
    from gentap.records import write_records

    write_records(mentions, dataset, Options(output, seed, workers, limit, overwrite, on_error))


@app.command("train-asker")
def train_asker(
    squad: Annotated[list[Path], typer.Argument(help="Reading comprehension in SQuAD's JSON format.")],
    output: ModelOutput,
    model: Annotated[str | None, typer.Option(help="Name, folder or hub id of a T5 or BART to start from.")] = None,
    from_scratch: FromScratch = TRAINING.from_scratch,
    dev: Annotated[Path | None, typer.Option(help="File to measure on; without it 500 examples are held out.")] = None,
    max_minutes: MaxMinutes = None,
    epochs: Epochs = TRAINING.epochs,
    batch_size: BatchSize = TRAINING.batch_size,
    learning_rate: LearningRate = TRAINING.learning_rate,
    max_length: Annotated[int, typer.Option(min=16, help="Input tokens.")] = TRAINING.max_length,
    patience: Patience = None,
    tensorboard: TensorBoard = False,
    seed: Seed = TRAINING.seed,
    limit: Limit = None,
    overwrite: Overwrite = False,
) -> None:
    """Train the inverted question generator: sentence and entries in, question out."""
    from gentap import asker

    how = asker.AskerTraining(
        model=model, from_scratch=from_scratch, max_minutes=max_minutes, epochs=epochs, batch_size=batch_size,
        learning_rate=learning_rate, max_length=max_length, patience=patience, tensorboard=tensorboard, limit=limit,
        seed=seed, overwrite=overwrite,
    )  # fmt: skip
    asker.train_asker(squad, output, how, dev)


@app.command()
def ask(
    mentions: Annotated[Path, typer.Argument(help="Mentions as `gentap mine` writes them; - is standard input.")],
    model: Annotated[str, typer.Option(help="Name or folder of an asker.")],
    per_sentence: Annotated[int, typer.Option(min=1, help="Questions per sentence, at most.")] = ASKING.per_sentence,
    beams: Annotated[int, typer.Option(min=1, help="Beams searched, or samples drawn, per entry.")] = ASKING.beams,
    sample: Annotated[bool, typer.Option("--sample", help="Draw questions instead of searching.")] = ASKING.sample,
    any_row: Annotated[bool, typer.Option("--any-row", help="Keep questions that name no other cell of their row.")] = (
        ASKING.any_row
    ),
    output: Output = DEFAULTS.output,
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Write the questions that mined sentences answer."""
    from gentap import asker

    options = Options(output, seed, workers, limit, overwrite, on_error)
    asker.ask(mentions, options, model=model, how=asker.Asking(per_sentence, beams, sample, any_row))


@app.command()
def questions(
    tables: Annotated[
        list[str] | None, typer.Argument(help="Table files, folders, globs, or - for JSON Lines.")
    ] = None,
    types: Annotated[str, typer.Option(help="Types to ask, separated by commas; all if not given.")] = "",
    per_table: Annotated[int, typer.Option(min=1, help="Questions per table, at most.")] = PER_TABLE,
    single_cell: Annotated[bool, typer.Option("--single-cell", help="Only questions that one cell answers.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Read every question back and run it again.")] = False,
    list_types: Annotated[bool, typer.Option("--list-types", help="Show the types with an example each.")] = False,
    output: Output = DEFAULTS.output,
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Write short questions about tables from the question grammar, with executed answers and evidence."""
    from gentap.questions import QuestionMix, questions_stage
    from tabtext.readers import table_source
    from tabtext.stages import run_stage

    if list_types:
        from gentap.grammar import type_list

        typer.echo("\n".join(type_list.list_types()))
        return
    chosen = tuple(name.strip() for name in types.split(",") if name.strip())
    stage = questions_stage(QuestionMix(per_table, chosen, single_cell, verify))
    options = Options(output, seed, workers, limit, overwrite, on_error)
    run_stage(stage, table_source(tables or []), options)


@app.command()
def pretrain(
    corpora: Annotated[list[Path], typer.Argument(help="Corpus folders as `gentap synthesize` makes them.")],
    output: ModelOutput,
    model: StartModel = None,
    from_scratch: FromScratch = PRETRAINING.from_scratch,
    short_form: Annotated[bool, typer.Option(help="Learn short questions, answered by a cell.")] = True,
    long_form: Annotated[bool, typer.Option(help="Learn long questions, answered by a sentence.")] = True,
    one_decoder: Annotated[bool, typer.Option("--one-decoder", help="Learn both with the sentence decoder.")] = False,
    copy: Annotated[bool, typer.Option(help="Let a new model point at words of its input.")] = PRETRAINING.copies,
    linearization: Linearization = PRETRAINING.linearization,
    max_length: MaxLength = PRETRAINING.max_length,
    max_minutes: MaxMinutes = None,
    epochs: Epochs = PRETRAINING.epochs,
    batch_size: BatchSize = PRETRAINING.batch_size,
    accumulation: Accumulation = PRETRAINING.accumulation,
    learning_rate: RateOfChoice = PRETRAINING.learning_rate,
    tensorboard: TensorBoard = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Questions of each form, at most.")] = None,
    seed: Seed = PRETRAINING.seed,
    overwrite: Overwrite = False,
    questions: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[DATASET=]PATH",
            help="More questions: short ones that `gentap questions` wrote, or wikitablequestions=PATH, squad=PATH, …",
        ),
    ] = None,
    exclude_tables: Annotated[
        Path | None, typer.Option(help="Tables not to learn from, such as those of the set to be measured on.")
    ] = None,
    min_said: Annotated[
        float, typer.Option(min=0, max=1, help="Share of a long answer's words that its question and row must have.")
    ] = PRETRAINING.min_said,
    statements: Annotated[
        int, typer.Option(min=0, help="Short questions that are also learnt as long ones, answered by a statement.")
    ] = PRETRAINING.statements,
    cell_weight: Annotated[
        float, typer.Option(min=0, help="What a token of a cell weighs in the loss beside one of a sentence.")
    ] = PRETRAINING.cell_weight,
    length_penalty: LengthPenalty = None,
    composed: Annotated[
        bool, typer.Option("--composed", help="Keep with the model that rules make its sentences, around its cells.")
    ] = PRETRAINING.composed,
) -> None:
    """Pretrain the dual-decoder model on equal numbers of long and short questions."""
    from gentap import pretrain

    how = pretrain.Pretraining(
        model=model, from_scratch=from_scratch, short_form=short_form, long_form=long_form, one_decoder=one_decoder,
        copies=copy, linearization=linearization, max_length=max_length, max_minutes=max_minutes, epochs=epochs,
        batch_size=batch_size, accumulation=accumulation, learning_rate=learning_rate, tensorboard=tensorboard,
        limit=limit, seed=seed, overwrite=overwrite, questions=tuple(questions or ()), min_said=min_said,
        cell_weight=cell_weight, statements=statements, exclude_tables=exclude_tables, length_penalty=length_penalty,
        composed=composed,
    )  # fmt: skip
    pretrain.pretrain(corpora, output, how)


@app.command()
def export(
    model: Annotated[str, typer.Argument(help="Name or folder of a dual-decoder model.")],
    output: ModelOutput,
    decoder: Annotated[str, typer.Option(help="sentence or cell.")] = "sentence",
    overwrite: Overwrite = False,
) -> None:
    """Write one decoder as a plain T5 that stock transformers loads."""
    from gentap import pretrain

    pretrain.export(model, output, decoder, overwrite=overwrite)


@app.command()
def finetune(
    data: Annotated[Path, typer.Argument(help="Questions: a data set's file, or JSON Lines or CSV of your own.")],
    model: Annotated[str, typer.Option(help="Name, folder or hub id: a model of ours, or a T5 or BART.")],
    output: ModelOutput,
    dataset: QuestionSet = FINETUNING.dataset,
    task: Annotated[str, typer.Option(help="questions, or table-to-text from a few examples.")] = "questions",
    shots: Annotated[str, typer.Option(help="table-to-text: numbers of examples to learn from.")] = "50,100,200,500",
    seeds: Annotated[int, typer.Option(min=1, help="table-to-text: draws of examples.")] = 3,
    dev: Annotated[Path | None, typer.Option(help="File of the same kind to measure on.")] = None,
    decoder: Decoder = None,
    one_decoder: Annotated[
        bool, typer.Option("--one-decoder", help="Save what learnt sentences without the decoder of cells.")
    ] = False,
    linearization: Annotated[str | None, typer.Option(help="ordered, plain or keyed; by default the model's.")] = None,
    max_length: Annotated[int | None, typer.Option(min=32, help="Input tokens; by default the model's.")] = None,
    length_penalty: LengthPenalty = None,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Learn to make a sentence of the one that rules compose.")
    ] = FINETUNING.drafts,
    max_minutes: MaxMinutes = None,
    epochs: Epochs = FINETUNING.epochs,
    batch_size: BatchSize = FINETUNING.batch_size,
    accumulation: Accumulation = FINETUNING.accumulation,
    learning_rate: LearningRate = FINETUNING.learning_rate,
    patience: Patience = None,
    tensorboard: TensorBoard = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Questions, at most.")] = None,
    seed: Seed = FINETUNING.seed,
    overwrite: Overwrite = False,
) -> None:
    """Fine-tune a model on questions with answers, or on few records with texts."""
    from gentap import finetune
    from tabtext.errors import unknown_name

    how = finetune.Finetuning(
        model=model, dataset=dataset, one_decoder=one_decoder, decoder=decoder, linearization=linearization,
        length_penalty=length_penalty, drafts=drafts, max_length=max_length, max_minutes=max_minutes, epochs=epochs,
        batch_size=batch_size, accumulation=accumulation, learning_rate=learning_rate, patience=patience,
        tensorboard=tensorboard, limit=limit, seed=seed, overwrite=overwrite,
    )  # fmt: skip
    if task == "questions":
        finetune.finetune(data, output, how, dev)
    elif task == "table-to-text":
        from gentap.few_shot import FewShot, few_shot

        typer.echo(few_shot(data, output, how, FewShot.of(shots, seeds)), nl=False)
    else:
        raise unknown_name("task", task, ("questions", "table-to-text"))


@app.command()
def answer(
    question: Annotated[str | None, typer.Argument(help="A question about the table.")] = None,
    table: Annotated[str, typer.Option(help="Table file; file.db::table for a database.")] = "",
    model: Annotated[str, typer.Option(help="Name or folder of a model; grammar and rules need no weights.")] = (
        "grammar"
    ),
    grammar: Annotated[bool, typer.Option(help="With a model: first let the grammar answer what it reads.")] = True,
    questions: Annotated[Path | None, typer.Option(help="JSON Lines with a question each, instead of one.")] = None,
    format: Annotated[str, typer.Option(help="text, json, or html with the evidence marked.")] = "text",
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="Less sure is: not in this table. Default: the model's.")
    ] = None,
    beams: Beams = None,
    on_error: OnError = DEFAULTS.on_error,
    composed: Composed = None,
) -> None:
    """Answer questions about a table, with the cells behind the answer."""
    from gentap.answering import answer_command

    answer_command(
        question, table, model=model, grammar=grammar, questions=questions, format=format, threshold=threshold,
        beams=beams, on_error=on_error, composed=composed,
    )  # fmt: skip


@app.command()
def synthesize(
    pages: Annotated[str, typer.Argument(help="Folder or archive of HTML, OTT-QA, or JSON Lines with html.")],
    asker: Annotated[str, typer.Option(help="Name or folder of an asker, as `gentap train-asker` makes them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the corpus.")],
    exclude_titles: Annotated[
        Path | None, typer.Option(help="Pages to keep out: a title a line, or a FeTaQA file.")
    ] = None,
    per_sentence: Annotated[int, typer.Option(min=1, help="Questions per sentence, at most.")] = ASKING.per_sentence,
    beams: Annotated[int, typer.Option(min=1, help="Beams searched, or samples drawn, per entry.")] = ASKING.beams,
    sample: Annotated[bool, typer.Option("--sample", help="Draw questions instead of searching.")] = ASKING.sample,
    any_row: Annotated[bool, typer.Option("--any-row", help="Keep questions that name no other cell of their row.")] = (
        ASKING.any_row
    ),
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Make a corpus to pretrain on: mine, ask and sample in one go, equal numbers of long and short questions."""
    from gentap import corpus
    from gentap.asker import Asking
    from gentap.mine import read_titles

    titles = read_titles(exclude_titles) if exclude_titles else frozenset()
    recipe = corpus.Recipe(asker, Asking(per_sentence, beams, sample, any_row), titles)
    corpus.synthesize(pages, recipe, Options(output, seed, workers, limit, overwrite, on_error))


@app.command()
def evaluate(
    data: Annotated[Path, typer.Argument(help="Questions: a data set's file or folder, or your own.")],
    model: Annotated[str, typer.Option(help="Name or folder of a model.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for predictions.jsonl and scores.json.")],
    dataset: QuestionSet = "fetaqa",
    metrics: Metrics = None,
    shuffle: Annotated[bool, typer.Option("--shuffle", help="Answer again with rows and columns shuffled.")] = False,
    gold_cells: Annotated[
        bool, typer.Option("--gold-cells", help="Show only the rows that the data set marks; the report says so.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    beams: Beams = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Questions, at most.")] = None,
    seed: Seed = 0,
    overwrite: Overwrite = False,
    beside: Annotated[
        list[str] | None, typer.Option(help="A further model, grammar or rules for the same table; may be repeated.")
    ] = None,
    decoder: Decoder = None,
    length_penalty: LengthPenalty = None,
    composed: Composed = None,
    resamples: Resamples = 1000,
) -> None:
    """Answer a data set's questions and score the answers beside their floors."""
    from gentap import evaluate
    from tabtext.jsonl import dumps

    how = evaluate.Evaluating(
        dataset, tuple(metrics or ()), shuffle, gold_cells, beams or evaluate.EVALUATING.beams, limit, seed, overwrite,
        tuple(beside or ()), decoder, length_penalty, composed, resamples,
    )  # fmt: skip
    evaluated = evaluate.evaluate(model, data, output, how)
    typer.echo(dumps(evaluated.to_json()) if json else evaluated.to_text(), nl=json)


for command in (fit_choice, fit_phrases, fit_parser, word_vectors):
    app.command()(command)
app.command(cls=ManyValues)(ablate)


def main() -> None:
    """Run the program."""
    run(app)
