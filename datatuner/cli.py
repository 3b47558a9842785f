"""The program `datatuner`: records in, faithful sentences out, and what is needed to tell whether they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from datatuner.conseq import CONTRASTING
from datatuner.evaluate import EVALUATING
from datatuner.generate import GENERATION, Generation
from datatuner.prune import PIECES
from datatuner.puns_cli import puns
from datatuner.ranking import WEIGHT
from datatuner.saying_cli import say
from datatuner.train import TRAINING, Training
from datatuner.train_fidelity import TRAINING as FIDELITY
from tabtext.cli import DEFAULTS, Limit, ManyValues, OnError, Output, Overwrite, Seed, Workers, program, run
from tabtext.errors import InputError
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
from tabtext.training_settings import ContrastiveTraining

app = program("Data to text: train on records with texts, generate, check, rerank.")

Dataset = Annotated[str, typer.Option(help="auto (a file of records with texts), e2e, viggo, rnnlg, webnlg or dart.")]
Split = Annotated[str, typer.Option(help="Part of the data set: train, dev or test.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def train(
    data: Annotated[Path, typer.Argument(help="Records with texts: the folder of a data set, or a file.")],
    output: ModelOutput,
    dataset: Annotated[str, typer.Option(help="webnlg, e2e, viggo, rnnlg, amr, jsonl; auto: by the file's suffix.")] = (
        TRAINING.dataset
    ),
    model: Annotated[str | None, typer.Option(help="Name, folder or hub id of a GPT-2 to start from.")] = None,
    from_scratch: FromScratch = TRAINING.from_scratch,
    states: Annotated[
        str, typer.Option(help="What the model is told of its input's structure: fine, coarse or none.")
    ] = (TRAINING.states),
    copy: Annotated[bool, typer.Option(help="Give a new model a head that points at its input.")] = TRAINING.copy,
    vocabulary: Annotated[int | None, typer.Option(min=300, help="Pieces of a new model's tokenizer.")] = None,
    new_names: Annotated[
        float, typer.Option(min=0, max=1, help="Share of texts learnt under invented names, to learn to copy names.")
    ] = TRAINING.new_names,
    dev: Annotated[
        Path | None, typer.Option(help="Records to measure on; else split dev, or a tenth held out.")
    ] = None,
    max_minutes: MaxMinutes = None,
    epochs: Epochs = TRAINING.epochs,
    batch_size: BatchSize = TRAINING.batch_size,
    accumulation: Accumulation = TRAINING.accumulation,
    learning_rate: RateOfChoice = None,
    patience: Patience = None,
    tensorboard: TensorBoard = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Records, at most.")] = None,
    seed: Seed = TRAINING.seed,
    overwrite: Overwrite = False,
) -> None:
    """Train a model that says records: a GPT-2 of any size, or a new one."""
    from datatuner.train import train_generator

    how = Training(
        dataset=dataset, model=model, from_scratch=from_scratch, states=states, copy=copy, vocabulary=vocabulary,
        new_names=new_names, max_minutes=max_minutes, epochs=epochs, batch_size=batch_size, accumulation=accumulation,
        learning_rate=learning_rate, patience=patience, tensorboard=tensorboard, limit=limit, seed=seed,
        overwrite=overwrite,
    )  # fmt: skip
    train_generator(data, output, how, dev)


@app.command()
def generate(
    records: Annotated[Path, typer.Argument(help="Records in any format; - is JSON Lines on standard input.")],
    model: Annotated[str, typer.Option(help="Name or folder of a model that `datatuner train` made.")],
    candidates: Annotated[int, typer.Option(min=1, help="Texts per record.")] = GENERATION.candidates,
    search: Annotated[str, typer.Option(help="beam, diverse (a group per candidate) or sample.")] = GENERATION.search,
    beams: Annotated[int, typer.Option(min=1, help="Beams; never fewer than candidates.")] = GENERATION.beams,
    length_penalty: Annotated[
        float, typer.Option(min=-10, max=10, help="Beams compare by log-probability / length ** this.")
    ] = GENERATION.length_penalty,
    strength: Annotated[
        float, typer.Option(min=0, help="diverse: what a token costs per group that took it.")
    ] = GENERATION.strength,
    temperature: Annotated[float, typer.Option(min=0.01, help="sample: above 1 is bolder.")] = GENERATION.temperature,
    top_p: Annotated[float, typer.Option(min=0.01, max=1, help="sample: the share drawn from.")] = GENERATION.top_p,
    split: Annotated[
        bool, typer.Option("--split", help="Say a record too long for the model in several texts.")
    ] = GENERATION.split,
    output: Output = DEFAULTS.output,
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Say records: the likeliest texts of each, with log-probabilities."""
    from datatuner.generate import generate_texts

    how = Generation(candidates, search, beams, length_penalty, strength, temperature, top_p, split)
    generate_texts(records, Options(output, seed, workers, limit, overwrite, on_error), model=model, how=how)


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
    """Missing, added, wrong or repeated facts per text, and the slot error rates; units and most roles go unchecked."""
    from datatuner.check import check_stage, summarize, texts_with_records
    from tabtext.jsonl import dumps, refuse_summary, write_jsonl
    from tabtext.stages import run_stage

    refuse_summary(summary, output, overwrite=overwrite)
    options = Options(output, seed, workers, limit, overwrite, on_error)
    figures = summarize(run_stage(check_stage(domain), texts_with_records(records, texts, on_error), options))
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
    from_model: Annotated[
        str | None, typer.Option(help="Instead of rules: this model's low-ranked texts that the slot checker faults.")
    ] = None,
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

    options = Options(output, seed, workers, limit, overwrite, on_error)
    if from_model is not None:
        from datatuner.model_negatives import write_negatives

        write_negatives(from_model, read_examples(data, dataset, split, on_error), options)
        return
    source = work_of(read_examples(data, dataset, split, on_error), seed)
    if balance:
        write_balanced(corruption_stage(rules, dataset), source, options, split)
    else:
        run_stage(corruption_stage(rules, dataset), source, options)


@app.command("train-fidelity")
def train_fidelity(
    pairs: Annotated[list[Path], typer.Argument(help="Files of pairs as `datatuner corrupt` writes them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the trained classifier.")],
    model: Annotated[
        str | None, typer.Option(help="Name, folder or hub id of an encoder (RoBERTa, BERT, …) or a classifier.")
    ] = None,
    from_scratch: Annotated[
        str, typer.Option(help="Else the size of a new encoder: tiny, mini, small, base.")
    ] = FIDELITY.from_scratch,
    dev: Annotated[Path | None, typer.Option(help="Pairs to calibrate on; else one record in 20 is held out.")] = None,
    max_minutes: MaxMinutes = None,
    epochs: Epochs = FIDELITY.epochs,
    batch_size: BatchSize = FIDELITY.batch_size,
    accumulation: Accumulation = FIDELITY.accumulation,
    learning_rate: LearningRate = FIDELITY.learning_rate,
    max_length: Annotated[int, typer.Option(min=32, help="Tokens of record and text.")] = FIDELITY.max_length,
    patience: Patience = None,
    tensorboard: TensorBoard = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Pairs of each file, at most.")] = None,
    seed: Seed = DEFAULTS.seed,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Train the classifier that says what a text does to its record's facts."""
    from datatuner import train_fidelity

    how = train_fidelity.FidelityTraining(
        model=model, from_scratch=from_scratch, max_minutes=max_minutes, epochs=epochs, batch_size=batch_size,
        accumulation=accumulation, learning_rate=learning_rate, max_length=max_length, patience=patience,
        tensorboard=tensorboard, limit=limit, seed=seed, overwrite=overwrite,
    )  # fmt: skip
    train_fidelity.train_fidelity(pairs, output, how, dev)


@app.command("prune-encoder")
def prune_encoder(
    pairs: Annotated[list[Path], typer.Argument(help="Files of pairs as `datatuner corrupt` writes them.")],
    model: Annotated[str, typer.Option(help="An encoder with a WordPiece vocabulary, or a classifier, by name.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the smaller encoder.")],
    pieces: Annotated[int, typer.Option(min=1, help="Pieces of the vocabulary to keep, at most.")] = PIECES,
    layers: Annotated[int | None, typer.Option(min=1, help="Layers to keep, from the first; all by default.")] = None,
) -> None:
    """Keep of an encoder's vocabulary what the pairs use, and characters; train-fidelity starts from it."""
    from datatuner import prune

    before, after = prune.prune_encoder(model, pairs, output, pieces, layers)
    typer.echo(f"prune-encoder: {before:,} pieces in, {after:,} pieces out", err=True)


JudgeName = Annotated[str, typer.Option(help="slots (the slot checker), or a classifier's name or folder.")]
Candidates = Annotated[Path, typer.Argument(help="Candidates as `datatuner generate` writes them.")]
Records = Annotated[Path, typer.Argument(help="Their records: a file, or the folder of a data set.")]


@app.command("judge")
def judge_texts(
    texts: Annotated[Path, typer.Argument(help="JSON Lines with a record and a text each; with labels: a test.")],
    model: Annotated[str, typer.Option(help="Name or folder of a classifier that `datatuner train-fidelity` made.")],
    dataset: Annotated[str, typer.Option(help="jsonl, or a set that people judged: webnlg2020.")] = "jsonl",
    records: Annotated[Path | None, typer.Option(help="webnlg2020: WebNLG 3, whose test split has records.")] = None,
    summary: Annotated[Path | None, typer.Option(help="File for the summary; else it goes to standard error.")] = None,
    output: Output = DEFAULTS.output,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Say what each text does to its record's facts; of texts with labels also how often that is right."""
    from datatuner import judge
    from tabtext.jsonl import refuse_summary, write_jsonl

    refuse_summary(summary, output, overwrite=overwrite)
    options = Options(output, limit=limit, overwrite=overwrite, on_error=on_error)
    figures = judge.judge_texts(texts, options, model=model, dataset=dataset, records=records)
    if summary is not None:
        write_jsonl(summary, [figures], overwrite=overwrite)
    elif figures:
        typer.echo("\n".join(judge.summary_lines(figures)), err=True)


@app.command()
def rerank(
    candidates: Candidates,
    records: Records,
    judge: JudgeName,
    policy: Annotated[str, typer.Option(help="probability, or paper: by class, then beam.")] = "probability",
    weight: Annotated[float, typer.Option(help="Weight of the log-probability; see fit-weight.")] = WEIGHT,
    repair: Annotated[bool, typer.Option("--repair", help="Decode again where no candidate passes.")] = False,
    model: Annotated[str | None, typer.Option(help="With --repair: the model that wrote the candidates.")] = None,
    dataset: Dataset = "auto",
    split: Split = "dev",
    output: Output = DEFAULTS.output,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Choose the most faithful candidate; mend what none of them says, and at last say it plainly."""
    from datatuner.ranking import Reranking
    from datatuner.rerank import rerank_file
    from tabtext.corpora.records import read_examples

    if repair != (model is not None):
        raise InputError("--repair decodes again and needs the --model that wrote the candidates; pass both or none.")
    options, how = Options(output, 0, 1, limit, overwrite, on_error), Reranking(judge, policy, weight, model)
    rerank_file(candidates, read_examples(records, dataset, split, on_error), options, how)


@app.command("fit-weight")
def fit_weight(
    candidates: Candidates, records: Records, judge: JudgeName, dataset: Dataset = "auto", split: Split = "dev"
) -> None:
    """Find the weight of the log-probability beside a judge's score, on candidates of dev; the best comes first."""
    from datatuner import rerank_weight
    from tabtext.corpora.records import read_examples

    for fitted in rerank_weight.fit_weight(candidates, read_examples(records, dataset, split), judge):
        typer.echo(fitted.to_text())


@app.command()
def conseq(
    chosen: Annotated[Path, typer.Argument(help="Records with text and good, as `quals select` chooses them.")],
    model: Annotated[str, typer.Option(help="Name or folder of the model that `datatuner train` made.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the trained model.")],
    weight: Annotated[float, typer.Option(min=0.0, help="Weight of the texts not to say.")] = CONTRASTING.weight,
    spare_shared: Annotated[
        bool, typer.Option("--spare-shared", help="Unlearn only tokens that no good text of the record has.")
    ] = False,
    epochs: Epochs = CONTRASTING.epochs,
    batch_size: BatchSize = CONTRASTING.batch_size,
    learning_rate: LearningRate = CONTRASTING.learning_rate,
    max_minutes: MaxMinutes = None,
    seed: Seed = DEFAULTS.seed,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Train a model on to say the good texts and not to say the others: contrastive training (ConSeq)."""
    from datatuner.conseq import train_on_contrast

    how = ContrastiveTraining(
        weight=weight, epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, max_minutes=max_minutes,
        seed=seed, overwrite=overwrite, spare_shared=spare_shared,
    )  # fmt: skip
    train_on_contrast(chosen, model, output, how)


@app.command(cls=ManyValues)
def evaluate(
    data: Annotated[Path, typer.Argument(help="Records with references: a file, or the folder of a data set.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for predictions.jsonl and scores.json.")],
    model: Annotated[str | None, typer.Option(help="Model that says the records.")] = None,
    texts: Annotated[
        Path | None, typer.Option(help="Else texts to score: JSON Lines with id and text, or .txt.")
    ] = None,
    dataset: Dataset = EVALUATING.dataset,
    split: Split = EVALUATING.split,
    metrics: Annotated[list[str] | None, typer.Option("--metrics", "-m", help="Metrics by name.")] = None,
    judge: Annotated[str | None, typer.Option(help="slots or a classifier: rerank by it, tell its classes.")] = None,
    policy: Annotated[str, typer.Option(help="With --judge: probability, paper, or none.")] = EVALUATING.policy,
    weight: Annotated[float, typer.Option(help="Weight of the log-probability.")] = EVALUATING.weight,
    candidates: Annotated[int, typer.Option(min=1, help="Texts per record to choose from.")] = EVALUATING.candidates,
    seen: Annotated[Path | None, typer.Option(help="Training data, whose categories count as seen.")] = None,
    resamples: Annotated[int, typer.Option(min=0, help="Resamples for intervals; 0: none.")] = EVALUATING.resamples,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Records, at most.")] = None,
    seed: Seed = EVALUATING.seed,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Score texts against all references of their records: metrics, slot errors, fidelity, breakdowns, intervals."""
    from datatuner import evaluate
    from tabtext.jsonl import dumps

    how = evaluate.Evaluating(
        dataset, split, tuple(metrics or ()), judge, policy, weight, candidates, seen, resamples, limit, seed, overwrite
    )
    evaluated = evaluate.evaluate(data, output, how, model=model, texts=texts)
    typer.echo(dumps(evaluated.to_json()) if json else evaluated.to_text(), nl=json)


@app.command(cls=ManyValues)
def ablate(
    data: Annotated[Path, typer.Argument(help="The folder of a data set, with its splits train and dev.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for models, scores and ablation.md.")],
    judge: JudgeName,
    dataset: Dataset = "auto",
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each condition.")] = 3,
    model: Annotated[str | None, typer.Option(help="Name, folder or hub id of a GPT-2 to start from.")] = None,
    from_scratch: Annotated[str, typer.Option(help="Else the size of a new model.")] = TRAINING.from_scratch,
    max_minutes: MaxMinutes = None,
    epochs: Epochs = TRAINING.epochs,
    batch_size: BatchSize = TRAINING.batch_size,
    metrics: Annotated[list[str] | None, typer.Option("--metrics", "-m", help="Metrics by name.")] = None,
    policy: Annotated[str, typer.Option(help="How the last row chooses: probability or paper.")] = EVALUATING.policy,
    weight: Annotated[float, typer.Option(help="Weight of the log-probability.")] = EVALUATING.weight,
    limit: Annotated[int | None, typer.Option(min=1, help="Records to train on, at most.")] = None,
    dev_limit: Annotated[int | None, typer.Option(min=1, help="Records to score, at most.")] = None,
) -> None:
    """Compare no states, states, and states with a classifier, over several seeds, in one table."""
    from datatuner import ablate
    from datatuner.evaluate import Evaluating

    training = Training(
        dataset=dataset, model=model, from_scratch=from_scratch, max_minutes=max_minutes, epochs=epochs,
        batch_size=batch_size, limit=limit,
    )  # fmt: skip
    evaluating = Evaluating(dataset, "dev", tuple(metrics or ()), judge, policy, weight, limit=dev_limit)
    typer.echo(ablate.ablate(data, output, ablate.Ablation(training, evaluating, seeds)), nl=False)


app.command()(say)
app.add_typer(puns, name="puns")


def main() -> None:
    """Run the program."""
    run(app)
