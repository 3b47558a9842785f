"""The program `quals`: which texts does their source support, and by which questions and answers one sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quals.conseq import CONTRASTING
from quals.judges import JUDGES_HELP
from quals.judging import JUDGING
from quals.train import TRAINING
from tabtext.cli import DEFAULTS, Limit, OnError, Output, Overwrite, Seed, Workers, program, run
from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import atomic_output, refuse_existing
from tabtext.stages import Options
from tabtext.training_options import (
    GREATEST_RATE,
    LEAST_RATE,
    BatchSize,
    Epochs,
    FromScratch,
    LearningRate,
    MaxMinutes,
    ModelOutput,
    Patience,
    TensorBoard,
)

app = program("Is a text supported by its source? Score it by questions and answers, and train on the verdict.")

QAGenModel = Annotated[str, typer.Option(help="Name or folder of a generator, as `quals train` makes them.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def train(
    data: Annotated[
        list[str], typer.Argument(help="KIND=PATH each: squad, newsqa, fairytaleqa, questions, records, e2e, webnlg, …")
    ],
    output: ModelOutput,
    model: Annotated[str | None, typer.Option(help="Name, folder or hub id of a T5 or BART to start from.")] = None,
    from_scratch: FromScratch = TRAINING.from_scratch,
    per_set: Annotated[int | None, typer.Option(min=1, help="Pairs of each file, at most, drawn at random.")] = None,
    unanswerable: Annotated[
        float,
        typer.Option(
            min=0, max=0.9, help="Share of questions that their source does not answer; --task question: none."
        ),
    ] = TRAINING.unanswerable,
    answering: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of pairs whose question is given, only its answer learnt; --task pair."),
    ] = TRAINING.answering,
    max_minutes: MaxMinutes = None,
    epochs: Epochs = TRAINING.epochs,
    batch_size: BatchSize = TRAINING.batch_size,
    learning_rate: LearningRate = TRAINING.learning_rate,
    max_length: Annotated[
        int, typer.Option(min=16, help="Input tokens; longer sources are read in windows.")
    ] = TRAINING.max_length,
    patience: Patience = None,
    tensorboard: TensorBoard = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Pairs of each file, at most, the first ones.")] = None,
    task: Annotated[
        str, typer.Option(help="What is written: pair (for QUALS), question or answer (for QAGS).")
    ] = TRAINING.task,
    seed: Seed = 0,
    overwrite: Overwrite = False,
) -> None:
    """Train the joint question-answer generator: a text, table or record in, a question with its answer out."""
    from quals.train import QAGenTraining, train_qagen

    how = QAGenTraining(
        model=model, from_scratch=from_scratch, max_minutes=max_minutes, epochs=epochs, batch_size=batch_size,
        learning_rate=learning_rate, max_length=max_length, per_set=per_set, unanswerable=unanswerable,
        answering=answering, patience=patience, tensorboard=tensorboard, limit=limit, seed=seed, overwrite=overwrite,
        task=task,
    )  # fmt: skip
    train_qagen(data, output, how)


def _text_of_pair(items: Path | None, source: str, text: str | None) -> str:
    """The text of one pair, which may be empty; an InputError unless there is a file of items or else a whole pair."""
    if (items is None) != bool(source or text):
        raise InputError("Name a file of JSON Lines, or one pair with --source and --text; found both or neither.")
    if items is None and (text is None or not source):
        raise InputError(f"{'--text' if source else '--source'} is missing; one pair needs both of them.")
    return text or ""


@app.command()
def score(
    items: Annotated[
        Path | None, typer.Argument(help="JSON Lines with text, and source, table or record; - is standard input.")
    ] = None,
    source: Annotated[str, typer.Option(help="Instead one source: a text, or a document, record or table file.")] = "",
    text: Annotated[str | None, typer.Option(help="The text about --source, or a file that holds it.")] = None,
    model: QAGenModel = "quals-mini",
    groups: Annotated[
        int, typer.Option(min=1, help="Groups of the diverse beam search, one pair each.")
    ] = JUDGING.groups,
    strength: Annotated[
        float, typer.Option(min=0.0, help="What a group pays for a token taken before.")
    ] = JUDGING.strength,
    pairs: Annotated[int, typer.Option(min=1, help="Pairs that are enough for a text.")] = JUDGING.pairs,
    sureness: Annotated[
        float, typer.Option(min=0.0, help="How much more pairs weigh that the text makes likely; 0: all alike.")
    ] = JUDGING.sureness,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Ask the source too, so that what the text leaves out counts.")
    ] = False,
    repetition: Annotated[
        bool, typer.Option("--repetition", help="Ask each sentence of the others, so that what is said twice counts.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Give the pairs too, with both probabilities.")] = False,
    format: Annotated[
        str | None, typer.Option(help="text, json, or html with unsupported words marked; JSON Lines: json or html.")
    ] = None,
    output: Output = DEFAULTS.output,
    seed: Seed = DEFAULTS.seed,
    workers: Workers = DEFAULTS.workers,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Score texts by QUALS: about 0 is supported, lower is less; null where a text gives no pair."""
    from quals import judging

    how = judging.Judging(model, groups, strength, pairs, sureness, coverage, repetition, explain)
    options = Options(output, seed, workers, limit, overwrite, on_error)
    said = _text_of_pair(items, source, text)
    if items is None:
        with atomic_output(output, overwrite=overwrite) as file:
            file.write(f"{judging.score_one(source, said, how, format or 'text')}\n".encode())
    elif format == "html":
        judging.score_page(items, how, options)
    elif format in (None, "json"):
        judging.score_lines(items, how, options)
    else:
        raise unknown_name("--format", str(format), ("json", "html"))


@app.command()
def qags(
    items: Annotated[
        Path | None, typer.Argument(help="JSON Lines with text, and source, table or record; - is standard input.")
    ] = None,
    asker: Annotated[str, typer.Option(help="Model that asks: quals train --task question, or any seq2seq.")] = "",
    answerer: Annotated[str, typer.Option(help="Model that answers: quals train --task answer, or any seq2seq.")] = "",
    source: Annotated[str, typer.Option(help="Instead one source: a text, or a document, record or table file.")] = "",
    text: Annotated[str | None, typer.Option(help="The text about --source, or a file that holds it.")] = None,
    answers: Annotated[int, typer.Option(min=1, help="Answer candidates of a text, at most.")] = 10,
    beams: Annotated[int, typer.Option(min=1, help="Beams, and questions, per answer candidate.")] = 10,
    questions: Annotated[int, typer.Option(min=1, help="Questions of a text that are kept, at most.")] = 20,
    explain: Annotated[bool, typer.Option("--explain", help="Give the questions too, with both answers.")] = False,
    format: Annotated[str, typer.Option(help="text or json, for --source and --text.")] = "text",
    output: Output = DEFAULTS.output,
    limit: Limit = DEFAULTS.limit,
    overwrite: Overwrite = DEFAULTS.overwrite,
    on_error: OnError = DEFAULTS.on_error,
) -> None:
    """Score texts by QAGS, the slow reference: 1 is supported, 0 is not; null where nothing can be asked."""
    from quals import judging_qags
    from quals.qags import QAGSSettings

    if not asker or not answerer:
        raise InputError("QAGS needs two models: pass --asker and --answerer.")
    said = _text_of_pair(items, source, text)
    how = judging_qags.QAGSJudging(asker, answerer, QAGSSettings(answers, beams, questions), explain)
    if items is not None:
        judging_qags.score_lines(items, how, Options(output, 0, 1, limit, overwrite, on_error))
        return
    with atomic_output(output, overwrite=overwrite) as file:
        file.write(f"{judging_qags.score_one(source, said, how, format)}\n".encode())


JudgedFile = Annotated[Path, typer.Argument(help="File or folder of texts that people judged.")]
JudgedSetName = Annotated[
    str, typer.Option("--dataset", help="qags, frank, webnlg2020, corrupted (pairs of datatuner corrupt), jsonl.")
]
ReleaseFolder = Annotated[
    Path | None,
    typer.Option("--records", help="For webnlg2020: folder of WebNLG 3, whose test split has records and references."),
]
Judges = Annotated[list[str], typer.Option("--judge", help=f"Repeatable: {JUDGES_HELP}")]
Part = Annotated[str | None, typer.Option(help="Only this part of the data set: cnndm, bbc, a category …")]


@app.command()
def judgements(
    path: JudgedFile,
    dataset: JudgedSetName = "jsonl",
    records: ReleaseFolder = None,
    part: Part = None,
    output: Output = DEFAULTS.output,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Write texts that people judged as JSON Lines with id, source, text and ratings, for any program to score."""
    from tabtext.corpora.judgements import read_judgements
    from tabtext.jsonl import write_jsonl

    write_jsonl(output, read_judgements(path, dataset, records, part), overwrite=overwrite)


@app.command()
def agree(
    path: JudgedFile,
    judge: Judges,
    dataset: JudgedSetName = "jsonl",
    records: ReleaseFolder = None,
    part: Part = None,
    rating: Annotated[
        str | None, typer.Option(help="The rating to agree with; by default the set's on support.")
    ] = None,
    good: Annotated[float | None, typer.Option(help="A text rated so or higher is good, for the AUC.")] = None,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    output: Output = DEFAULTS.output,
    resamples: Annotated[int, typer.Option(min=1, help="Bootstrap resamples.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 12345,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Tell how well scores agree with people: Pearson, Spearman and AUC with intervals, judges side by side.

    The classifier of datatuner takes part through a file: quals judgements writes the texts, datatuner scores them,
    and --judge fidelity=FILE:FIELD reads the scores.
    """
    from quals.agree import FORMATS, study
    from quals.judges import make_judges
    from tabtext.corpora.judgements import JUDGED_SETS, read_judgements

    if format not in FORMATS:
        raise unknown_name("format", format, FORMATS)
    refuse_existing(output, overwrite=overwrite)
    judges = make_judges(judge)
    judged = read_judgements(path, dataset, records, part)
    known = JUDGED_SETS[dataset]
    if good is None and rating in (None, known.rating):
        good = known.good
    found = study(judged, judges, rating or known.rating, good=good, resamples=resamples, seed=seed)
    with atomic_output(output, overwrite=overwrite) as file:
        file.write((FORMATS[format](found) + "\n").encode())


ReferencedFile = Annotated[
    Path, typer.Argument(help="JSON Lines with id, source (or table or record) and texts, the references.")
]
JudgeSpec = Annotated[str, typer.Option(help=JUDGES_HELP)]
Share = Annotated[float, typer.Option(help="Share of sources kept on each side, best references and worst samples.")]
Unpaired = Annotated[bool, typer.Option("--unpaired", help="Keep texts of sources that give only one side, too.")]


@app.command()
def conseq(
    train: ReferencedFile,
    dev: Annotated[Path, typer.Option(help="The same for sources held out, on which the change is measured.")],
    model: Annotated[str, typer.Option(help="Trained seq2seq model, text to text: name, folder or hub id.")],
    judge: JudgeSpec,
    output: ModelOutput,
    report: Annotated[
        list[str] | None, typer.Option(help="Judges of the change; repeatable, by default --judge and rougeL.")
    ] = None,
    prefix: Annotated[str, typer.Option(help="Stands before every source, as in `summarize: `.")] = "",
    max_new_tokens: Annotated[int, typer.Option(min=1, help="Tokens of a text, at most.")] = 60,
    samples: Annotated[int, typer.Option(min=1, help="Texts drawn per source.")] = CONTRASTING.samples,
    top_k: Annotated[int, typer.Option(min=0, help="Likeliest tokens drawn from; 0 is all.")] = CONTRASTING.top_k,
    share: Share = CONTRASTING.share,
    unpaired: Unpaired = False,
    weight: Annotated[float, typer.Option(min=0.0, help="Weight of the texts not to say.")] = CONTRASTING.weight,
    spare_shared: Annotated[
        bool, typer.Option("--spare-shared", help="Unlearn only tokens that no good text of the source has.")
    ] = False,
    epochs: Epochs = CONTRASTING.epochs,
    batch_size: BatchSize = CONTRASTING.batch_size,
    learning_rate: Annotated[
        float,
        typer.Option(
            min=LEAST_RATE, max=GREATEST_RATE, help="Highest learning rate; the paper has 3e-6 for BART large."
        ),
    ] = CONTRASTING.learning_rate,
    max_minutes: MaxMinutes = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Read at most so many sources of either file.")] = None,
    seed: Seed = 0,
    overwrite: Overwrite = False,
) -> None:
    """Train a model not to write what its sources do not support: contrastive training on its own samples (ConSeq).

    For a model that does not read plain text: sample with its own program, choose with quals select, train with its
    own program (datatuner conseq), and measure with quals changes.
    """
    from quals.conseq import Contrasting, TextGenerator
    from quals.conseq import conseq as run_conseq
    from quals.judges import make_judge, make_judges
    from quals.references import read_referenced
    from tabtext.identity import model_identity
    from tabtext.models import load_seq2seq

    how = Contrasting(
        samples=samples, top_k=top_k, share=share, paired=not unpaired, weight=weight, spare_shared=spare_shared,
        epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, max_minutes=max_minutes, seed=seed,
        overwrite=overwrite,
    )  # fmt: skip
    _, chosen_by = make_judge(judge)
    reports = make_judges(report or dict.fromkeys((judge, "rougeL")))
    data, held_out = (read_referenced(path, limit) for path in (train, dev))
    generator = TextGenerator(load_seq2seq(model), prefix, max_new_tokens)
    facts = {"model": model, "begins_with": model_identity(model), "judge": judge, "prefix": prefix,
             "data": [str(train), str(dev)], "limit": limit}  # fmt: skip
    for change in run_conseq(generator, data, held_out, chosen_by, output, how, reports=reports, facts=facts):
        typer.echo(str(change))


@app.command()
def select(
    references: ReferencedFile,
    samples: Annotated[Path, typer.Argument(help="JSON Lines with id and candidates (or text), by any program.")],
    judge: JudgeSpec,
    share: Share = CONTRASTING.share,
    unpaired: Unpaired = False,
    output: Output = DEFAULTS.output,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Choose references that a model shall say and samples of its own that it shall not, to train it on (ConSeq)."""
    from quals.conseq import choose_texts
    from quals.judges import make_judge
    from quals.references import read_referenced, read_written
    from tabtext.jsonl import write_jsonl

    refuse_existing(output, overwrite=overwrite)
    sources = read_referenced(references)
    chosen = choose_texts(
        sources,
        read_written(samples, sources),
        make_judge(judge)[1],
        share=share,
        paired=not unpaired,
        command="select",
    )
    write_jsonl(output, chosen, overwrite=overwrite)


@app.command()
def changes(
    references: ReferencedFile,
    before: Annotated[Path, typer.Argument(help="JSON Lines with id and text: what a model wrote before.")],
    after: Annotated[Path, typer.Argument(help="What it wrote after.")],
    judge: Judges,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    output: Output = DEFAULTS.output,
    overwrite: Overwrite = DEFAULTS.overwrite,
) -> None:
    """Tell what changed between two texts about each source, by any judges, with intervals."""
    from quals import changes as changed
    from quals.judges import make_judges
    from quals.references import read_referenced, read_written

    if format not in changed.FORMATS:
        raise unknown_name("--format", format, changed.FORMATS)
    refuse_existing(output, overwrite=overwrite)
    sources = read_referenced(references)
    first, second = (changed.first_texts(sources, read_written(path, sources)) for path in (before, after))
    found = changed.changes(first, second, make_judges(judge))
    with atomic_output(output, overwrite=overwrite) as file:
        file.write("".join(f"{changed.FORMATS[format](one)}\n" for one in found).encode())


def main() -> None:
    """Run the program."""
    run(app)
