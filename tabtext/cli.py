"""What the command lines share: the options every stage takes, and how errors end a program.

Each package has its own `cli.py` with one function per subcommand; what computes is imported inside them, so that
`--help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, cast

import typer

from tabtext.commands import ManyValues, program
from tabtext.errors import InputError
from tabtext.stages import Options

if TYPE_CHECKING:
    from tabtext.metrics.runs import Scoring, Wanted

Output = Annotated[Path, typer.Option("--output", "-o", help="File to write; - is standard output.")]
Seed = Annotated[int, typer.Option(help="Same seed, same bytes.")]
Workers = Annotated[int, typer.Option(min=1, help="Worker processes; the output is the same for any number.")]
Limit = Annotated[int | None, typer.Option(min=0, help="Read at most this many inputs.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")]
OnError = Annotated[
    str, typer.Option(help="At an input that cannot be read: stop or skip; a broken RDF or XML file always stops.")
]

DEFAULTS = Options()


def run(app: Callable[[], object]) -> None:
    """Run a program: an InputError or a full disk is one sentence and status 2, Ctrl-C is 130."""
    _stand_in_for_closed_streams()
    try:
        app()
    except InputError as error:
        sys.exit(_said(str(error)))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (FileExistsError, NotADirectoryError) as error:
        sys.exit(_said(f"{error.filename}: a file, where a folder is needed; name another."))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        sys.exit(_said(f"{place}{error.strerror or error}; what was finished is kept, run the same command to go on."))


class _Closed(io.RawIOBase):
    """Stands for a stream that whoever started the program has closed: who uses it gets an InputError."""

    def __init__(self, name: str) -> None:
        self.message = f"{name} is closed; name a file instead of -, or leave {name.lower()} open."

    def readable(self) -> bool:
        """Yes: the complaint comes with the first use."""
        return True

    def writable(self) -> bool:
        """Yes: the complaint comes with the first use."""
        return True

    def readinto(self, buffer: object) -> int:
        """Complain."""
        raise InputError(self.message)

    def write(self, data: object) -> int:
        """Complain."""
        raise InputError(self.message)


def _stand_in_for_closed_streams() -> None:
    """Put something in the place of standard streams that are closed; files opened later do not get their numbers."""
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(cast(IO[bytes], _Closed("Standard input")))
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(cast(IO[bytes], _Closed("Standard output")), write_through=True)
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _said(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 2


app = program("Tables, records and texts: look at them, convert them, score them.")


@app.callback()
def _root() -> None:
    pass


References = Annotated[
    list[Path], typer.Option("--references", "-r", help="Files of references: text, JSONL, TSV, CSV.")
]
Metrics = Annotated[
    list[str] | None,
    typer.Option("--metrics", "-m", help="Names, commas between; an unknown one lists all."),
]
Dataset = Annotated[str | None, typer.Option(help="--references is the folder of this public data set: e2e, viggo, …")]
Split = Annotated[str, typer.Option(help="The split of --dataset.")]
Groups = Annotated[int | None, typer.Option(min=1, help="Refuse references that make another number of groups.")]
GroupBy = Annotated[
    str | None, typer.Option(help="Field that tells whose references they are (default: id or record).")
]
PredictionField = Annotated[
    str | None, typer.Option(help="Field of the prediction, where the name is not known to us.")
]
ReferenceField = Annotated[str | None, typer.Option(help="Field of the references.")]
Encoder = Annotated[str | None, typer.Option(help="Folder or hub name of the encoder that bertscore uses.")]
Resamples = Annotated[int, typer.Option(min=0, help="Bootstrap resamples for intervals and tests; 0 leaves them out.")]
ScoreSeed = Annotated[int, typer.Option("--seed", help="Seed of the resampling; it is part of the signature.")]
Format = Annotated[str, typer.Option(help="text, json, markdown or latex.")]


@app.command(cls=ManyValues)
def score(
    references: References,
    predictions: Annotated[
        list[Path], typer.Option("--predictions", "-p", help="Files of predictions, a system each.")
    ],
    metrics: Metrics = None,
    output: Output = Path("-"),
    format: Format = "text",
    seeds: Annotated[
        bool, typer.Option("--seeds", help="The files are seeds of one system: mean and deviation.")
    ] = False,
    floors: Annotated[bool, typer.Option(help="Score floors and ceilings too, where the references allow it.")] = True,
    dataset: Dataset = None,
    split: Split = "dev",
    groups: Groups = None,
    group_by: GroupBy = None,
    prediction_field: PredictionField = None,
    reference_field: ReferenceField = None,
    encoder: Encoder = None,
    resamples: Resamples = 1000,
    seed: ScoreSeed = 12345,
    overwrite: Overwrite = False,
) -> None:
    """Score predictions against references; every number comes with its signature, interval, floors and ceiling."""
    from tabtext.errors import unknown_name
    from tabtext.jsonl import refuse_existing
    from tabtext.metrics.formats import FORMATS
    from tabtext.metrics.runs import read_runs, score_runs

    if format not in FORMATS:
        raise unknown_name("format", format, FORMATS)
    refuse_existing(output, overwrite=overwrite)
    scoring = _scoring(metrics, encoder, resamples, seed)
    wanted = _wanted(references, dataset, split, groups, (prediction_field, reference_field, group_by))
    rows = score_runs(read_runs(predictions, wanted), scoring, seeds=seeds, with_bounds=floors)
    _write(output, FORMATS[format](rows), overwrite)


@app.command(cls=ManyValues)
def compare(
    first: Annotated[Path, typer.Argument(help="Predictions of one system.")],
    second: Annotated[Path, typer.Argument(help="Predictions of the other, for the same items.")],
    references: References,
    metrics: Metrics = None,
    output: Output = Path("-"),
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    dataset: Dataset = None,
    split: Split = "dev",
    groups: Groups = None,
    group_by: GroupBy = None,
    prediction_field: PredictionField = None,
    reference_field: ReferenceField = None,
    encoder: Encoder = None,
    resamples: Resamples = 1000,
    seed: ScoreSeed = 12345,
    overwrite: Overwrite = False,
) -> None:
    """Tell whether the second system differs from the first: paired bootstrap and approximate randomisation."""
    from tabtext.errors import unknown_name
    from tabtext.jsonl import refuse_existing
    from tabtext.metrics.formats import COMPARISON_FORMATS
    from tabtext.metrics.runs import compare_runs, read_runs

    if format not in COMPARISON_FORMATS:
        raise unknown_name("format", format, COMPARISON_FORMATS)
    refuse_existing(output, overwrite=overwrite)
    scoring = _scoring(metrics, encoder, resamples, seed)
    wanted = _wanted(references, dataset, split, groups, (prediction_field, reference_field, group_by))
    one, other = read_runs([first, second], wanted)
    _write(output, COMPARISON_FORMATS[format](compare_runs(one, other, scoring)), overwrite)


@app.command(cls=ManyValues)
def report(
    runs: Annotated[list[Path], typer.Argument(help="Files of predictions, a system each.")],
    references: References,
    output: Output = Path("report.html"),
    metrics: Metrics = None,
    by: Annotated[list[str] | None, typer.Option(help="Breakdowns: facts, category, table-size, … or a field.")] = None,
    seen: Annotated[list[str] | None, typer.Option(help="Categories of the training data, for --by seen.")] = None,
    examples: Annotated[int, typer.Option(min=0, help="How many worst and most changed examples to show.")] = 10,
    dataset: Dataset = None,
    split: Split = "dev",
    groups: Groups = None,
    group_by: GroupBy = None,
    prediction_field: PredictionField = None,
    reference_field: ReferenceField = None,
    encoder: Encoder = None,
    resamples: Resamples = 1000,
    seed: ScoreSeed = 12345,
    overwrite: Overwrite = False,
) -> None:
    """Write one self-contained HTML page: scores, breakdowns as plots, the worst and the most changed examples."""
    from tabtext.jsonl import refuse_existing
    from tabtext.metrics.pages import Shown, report_page
    from tabtext.metrics.runs import read_runs

    refuse_existing(output, overwrite=overwrite)
    scoring = _scoring(metrics, encoder, resamples, seed)
    wanted = _wanted(references, dataset, split, groups, (prediction_field, reference_field, group_by))
    shown = Shown(None if by is None else tuple(by), None if seen is None else frozenset(seen), examples)
    _write(output, report_page(read_runs(runs, wanted), scoring, shown), overwrite)


@app.command()
def shuffle(
    questions: Annotated[Path, typer.Argument(help="Questions about tables, JSON Lines.")],
    output: Output,
    seed: Seed = DEFAULTS.seed,
    overwrite: Overwrite = False,
) -> None:
    """Put the rows and columns of every table in another order, to see what a model leaned on."""
    import random

    from tabtext.corpora.questions import read_questions
    from tabtext.jsonl import write_jsonl
    from tabtext.metrics.breakdowns import shuffled_example

    examples = read_questions(questions)
    moved = (shuffled_example(example, random.Random(f"{seed}/{example.id}")) for example in examples)
    write_jsonl(output, moved, overwrite=overwrite)


def _scoring(metrics: list[str] | None, encoder: str | None, resamples: int, seed: int) -> Scoring:
    from tabtext.metrics import DEFAULT_METRICS
    from tabtext.metrics.runs import Scoring

    named = [name.strip() for names in metrics or () for name in names.split(",")]
    return Scoring(tuple(named or DEFAULT_METRICS), resamples, seed, encoder)


def _wanted(
    paths: list[Path], dataset: str | None, split: str, groups: int | None, fields: tuple[str | None, ...]
) -> Wanted:
    from tabtext.metrics.references import Fields
    from tabtext.metrics.runs import Wanted

    return Wanted(tuple(paths), dataset, split, Fields(*fields), groups)


def _write(output: Path, text: str, overwrite: bool) -> None:
    from tabtext.jsonl import atomic_output

    with atomic_output(output, overwrite=overwrite) as file:
        file.write(text.encode("utf-8", "replace"))


@app.command()
def pack(
    folder: Annotated[Path, typer.Argument(help="Folder of a trained model.")],
    recipe: Annotated[Path, typer.Option(help="Its recipe (recipes/*.yaml): what it is and what makes it again.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the packed model.")],
    results: Annotated[
        Path | None, typer.Option(help="YAML or JSON: a list of what, name, value, signature; or what, scores (file).")
    ] = None,
    size: Annotated[str, typer.Option(help="The size that was made: mini, small or base.")] = "mini",
    overwrite: Overwrite = False,
) -> None:
    """Make a trained folder one to give away: weights in 16 bits, card, recipe, checksums, nothing else."""
    from tabtext import packing
    from tabtext.model_recipes import read_recipe
    from tabtext.yaml_text import read_yaml

    scores = packing.read_results(read_yaml(results) if results else [])
    weights = packing.pack(folder, output, read_recipe(recipe), size=size, results=scores, overwrite=overwrite)
    typer.echo(
        f"{output}: {weights.parameters:,} weights as {weights.dtype}, relative error {weights.error:.1e}", err=True
    )
    if left := packing.left_behind(folder):
        typer.echo(f"left behind: {', '.join(left)}", err=True)


@app.command()
def make(
    recipes: Annotated[list[str], typer.Argument(help="Recipe files, or names of shipped models.")],
    data: Annotated[Path, typer.Option(help="Folder of the public data sets; the recipes name its folders.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to work in; the models are in its models/.")],
    size: Annotated[str, typer.Option(help="mini: hours on two cores; small, base: for a GPU.")] = "mini",
) -> None:
    """Make models by their recipes: data, training, scores, packing. What is finished is kept."""
    from tabtext.model_making import make_models
    from tabtext.model_recipes import read_recipe, recipe_file

    for made in make_models([read_recipe(recipe_file(name)) for name in recipes], data, output, size):
        typer.echo(made)


@app.command()
def table(
    file: Annotated[str, typer.Argument(help="A table file, file.db::table, file.db::SELECT …, or - for stdin.")],
    format: Annotated[str, typer.Option(help="text, json, jsonl, csv, tsv, markdown or html.")] = "text",
    output: Output = DEFAULTS.output,
    overwrite: Overwrite = False,
    number: Annotated[int | None, typer.Option("--table", min=0, help="Only this table, counted from 0.")] = None,
    header_rows: Annotated[int | None, typer.Option(min=0, help="Rows that are the header; else found out.")] = None,
    kinds: Annotated[bool, typer.Option("--kinds", help="Show what each column holds: number, date, rank …")] = False,
    input_format: Annotated[str | None, typer.Option(help="The file's format, where its suffix does not tell.")] = None,
    encoding: Annotated[str | None, typer.Option(help="The file's encoding; else found out.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="What parts the cells of a CSV file; else found out.")] = None,
) -> None:
    """Show the tables of a file, or convert them: CSV, Excel, HTML, Markdown, Parquet, JSON, SQLite."""
    from itertools import chain, islice

    from tabtext.jsonl import atomic_output
    from tabtext.readers import read_tables
    from tabtext.render import convert

    tab = delimiter and delimiter.replace("\\t", "\t")
    tables = read_tables(file, encoding=encoding, delimiter=tab, header_rows=header_rows, format=input_format)
    chosen = tables if number is None else islice(tables, number, number + 1)
    first = next(chosen, None)
    if first is None:
        raise InputError(f"{file}: no table number {number}; they are counted from 0.")
    with atomic_output(output, overwrite=overwrite) as out:
        for line in convert(chain([first], chosen), format, kinds=kinds):
            out.write(line.encode(errors="replace") + b"\n")


def main() -> None:
    """The program `tabtext`."""
    run(app)
