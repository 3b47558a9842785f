"""`gentap synthesize`: pages in, a corpus to pretrain on out, with equal numbers of long and short questions.

    pages ──► tables ────────────────► short   questions of the grammar, answered by one cell
      └─────► mentions ──► asked ────► long    questions of the asker, answered by a sentence

Every box is a folder of shards (`tabtext.shards`), every arrow a pure function of a shard. `short` samples as many
questions as were asked, `long` keeps as many as there are short ones, so that each shard holds equal numbers of both.
Their `table` is an id into the shard's `tables`.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from gentap.asker import ASKING, Asker, Asking
from gentap.mentions import read_mention
from gentap.mine import mine_stage, title_key
from gentap.pages import Item, Page, page_source, read_page
from gentap.question_mix import QuestionMix
from gentap.questions import table_questions
from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.identity import digest_of, model_identity
from tabtext.jsonl import atomic_output, dumps
from tabtext.shards import ShardFolder, ShardWork, run_step
from tabtext.stages import Options, ShardResult, Stage, summary
from tabtext.table import Cell, Table

PAGES_PER_SHARD = 64
STEPS = ("tables", "mentions", "asked", "short", "long")
MANIFEST, RUN = "manifest.json", "run.json"


@dataclass(frozen=True)
class Recipe:
    """What a corpus is made of, beside the pages: the asker, how it asks, which pages are left out."""

    asker: str
    how: Asking = ASKING
    exclude_titles: frozenset[str] = frozenset()
    pages_per_shard: int = PAGES_PER_SHARD


def synthesize(pages: str | Path, recipe: Recipe, options: Options) -> dict[str, Any]:
    """Make the corpus folder `options.output` and return its manifest.

    A run that was killed goes on where it stopped and ends with the bytes of an unbroken one; shards of pages that have
    changed since are made anew. Raises InputError where the folder holds another run's corpus and `overwrite` is not
    set, and for pages that can be read only once.
    """
    if str(pages) == "-":
        raise InputError("synthesize reads its pages several times, which - cannot be; save them and name the file.")
    corpus = Corpus(Path(options.output))
    corpus.claim(_facts(pages, recipe, options), overwrite=options.overwrite)

    def shards() -> Iterator[ShardWork]:
        """The pages in shards; read anew for every step, since an archive's pages are too many to keep."""
        items = islice(iter(page_source(pages).items), options.limit)
        numbers = range(0, sys.maxsize, recipe.pages_per_shard)
        for number, part in zip(count(), iter(lambda: list(islice(items, recipe.pages_per_shard)), [])):
            name = f"{number:05d}"
            yield ShardWork(name, digest_of(part), (name, part, numbers[number], recipe, options))

    if (corpus.path / MANIFEST).exists():
        corpus.refuse_other_pages(shards())
    counts = {step: corpus.run(step, function, shards(), options.workers) for step, function in _FROM_PAGES.items()}
    names = corpus.step("mentions").names()

    def made_of(*steps: str) -> Iterator[ShardWork]:
        """The shards made of those of earlier steps."""
        for name in names:
            sums = (corpus.step(step).checksum(name) for step in steps)
            yield ShardWork(name, " ".join(sums), (name, recipe, options.seed))

    counts["asked"] = corpus.run("asked", corpus.ask, made_of("tables", "mentions"), 1)
    counts["short"] = corpus.run("short", corpus.short, made_of("tables", "asked"), options.workers)
    counts["long"] = corpus.run("long", corpus.long, made_of("asked", "short"), options.workers)
    for step, numbers in counts.items():
        print(summary(step, "records" if step in ("asked", "long") else "inputs", numbers), file=sys.stderr)
    return corpus.finish(counts, names)


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """The manifest of a finished corpus folder; an InputError where there is none."""
    try:
        manifest = json.loads((Path(folder) / MANIFEST).read_bytes())
    except ValueError as error:
        raise InputError(f"{folder}: its {MANIFEST} is damaged ({error}); make the corpus anew.") from None
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            f"{folder}: no finished corpus (it lacks {MANIFEST}); make one with gentap synthesize."
        ) from None
    if not isinstance(manifest, dict) or not {"long", "short", "run"} <= manifest.keys():
        raise InputError(f"{folder}: its {MANIFEST} is not of a corpus; make one with gentap synthesize.")
    return manifest


def read_corpus(folder: str | Path, kind: str) -> Iterator[QAExample]:
    """The questions of a corpus folder: `long` ones answered by a sentence, or `short` ones answered by a cell.

    Raises InputError where the folder is no finished corpus.
    """
    read_manifest(folder)
    corpus = Corpus(Path(folder))
    for name in corpus.step(kind).names():
        tables = {fields["id"]: Table.from_json(fields) for fields in corpus.step("tables").records(name)}
        for number, fields in enumerate(corpus.step(kind).records(name)):
            yield _example(f"{kind}/{name}/{number}", fields, tables[fields["table"]])


class Corpus:
    """A corpus folder and the functions that make its shards."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def step(self, name: str) -> ShardFolder:
        """The shards of one step."""
        return ShardFolder(self.path / name)

    def claim(self, facts: Mapping[str, Any], *, overwrite: bool) -> None:
        """Make the folder this run's own, or an InputError where it is another's and may not be replaced.

        With `overwrite` what it holds is dropped, unless it is of this very run and not finished.
        """
        run = self.path / RUN
        text = json.dumps(facts, indent=1, sort_keys=True) + "\n"
        same = run.is_file() and run.read_text() == text
        if not overwrite and not same and self.path.exists() and any(self.path.iterdir()):
            raise InputError(f"{self.path}: holds something else already; pass --overwrite to replace it.")
        if overwrite and not (same and not (self.path / MANIFEST).exists()):
            for old in [*self.path.glob("*/*.jsonl.gz"), *self.path.glob("*/*.done"), self.path / MANIFEST]:
                old.unlink(missing_ok=True)
        self.path.mkdir(parents=True, exist_ok=True)
        run.write_text(text)

    def refuse_other_pages(self, shards: Iterable[ShardWork]) -> None:
        """Raise InputError where this finished corpus was not made of these pages."""
        tables, found = self.step("tables"), {shard.name: shard.made_of for shard in shards}
        if found != {name: tables.made_of(name) or found.get(name) for name in tables.names()}:
            raise InputError(f"{self.path}: holds a corpus of other pages; pass --overwrite to replace it.")

    def run(
        self, step: str, function: Callable[..., ShardResult], shards: Iterable[ShardWork], workers: int
    ) -> Counter[str]:
        """Run one step over the shards that lack it."""
        return run_step(function, shards, self.step(step), workers=workers)

    def ask(self, name: str, recipe: Recipe, seed: int) -> ShardResult:
        """The questions that the shard's mentions answer, each with its table by id."""
        ids = {_plain(table): table.id for table in map(Table.from_json, self.step("tables").records(name))}
        stage = Stage("ask", process_shard=Asker(recipe.asker, recipe.how), read=read_mention)
        result = stage.run_shard(list(self.step("mentions").lines(name)), 0, f"{seed}/{name}")
        records = (json.loads(line) for line in result.lines.splitlines())
        lines = (dumps({**record, "table": ids[_plain(Table.from_json(record["table"]))]}) for record in records)
        return replace(result, lines=_joined(lines))

    def short(self, name: str, recipe: Recipe, seed: int) -> ShardResult:
        """As many questions of the grammar about the shard's tables as were asked, each answered by one cell."""
        rng = random.Random(f"{seed}/short/{name}")
        tables = [Table.from_json(fields) for fields in self.step("tables").records(name)]
        wanted = self.step("asked").counts(name)["out"]
        counts: Counter[str] = Counter({"in": len(tables)})
        mix = QuestionMix(per_table=2 + 2 * wanted // max(1, len(tables)), single_cell=True)
        made = [q.record(dumps(t.id)) for t in tables for q in table_questions(t, rng, mix, counts)]
        counts["more than were asked"] = max(0, len(made) - wanted)
        kept = sorted(rng.sample(range(len(made)), min(wanted, len(made))))
        counts["out"] = len(kept)
        return ShardResult(_joined(made[index] for index in kept), counts, [])

    def long(self, name: str, recipe: Recipe, seed: int) -> ShardResult:
        """Of the questions asked as many as there are short ones."""
        rng = random.Random(f"{seed}/long/{name}")
        lines = [line.text.decode().rstrip("\n") for line in self.step("asked").lines(name)]
        wanted = self.step("short").counts(name)["out"]
        kept = sorted(rng.sample(range(len(lines)), min(wanted, len(lines))))
        counts = Counter({"in": len(lines), "out": len(kept), "more than there are short ones": len(lines) - len(kept)})
        return ShardResult(_joined(lines[index] for index in kept), counts, [])

    def finish(self, counts: Mapping[str, Counter[str]], names: list[str]) -> dict[str, Any]:
        """Write the manifest: counts and reasons per step, the run's facts, versions, checksums."""
        manifest = {
            "long": counts["long"]["out"],
            "short": counts["short"]["out"],
            "run": json.loads((self.path / RUN).read_text()),
            "counts": {step: dict(sorted(counts[step].items())) for step in STEPS},
            "sha256": {f"{step}/{name}": self.step(step).checksum(name) for step in STEPS for name in names},
        }
        with atomic_output(self.path / MANIFEST, overwrite=True) as file:
            file.write(json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n")
        return manifest


def _tables(name: str, items: list[Item], first: int, recipe: Recipe, options: Options) -> ShardResult:
    """The tables of a shard's pages, each with an id of its own."""

    def numbered(pages: list[Page], rngs: object, counts: Counter[str]) -> Iterator[Table]:
        tables = chain.from_iterable(
            page.tables for page in pages if title_key(page.title) not in recipe.exclude_titles
        )
        return (replace(table, id=f"{name}-{number}") for number, table in enumerate(tables))

    return Stage("tables", process_shard=numbered, read=read_page).run_shard(items, first, 0, options.on_error)


def _mentions(name: str, items: list[Item], first: int, recipe: Recipe, options: Options) -> ShardResult:
    """The mentions of a shard's pages; pages that cannot be read were complained of with their tables."""
    stage = mine_stage(recipe.exclude_titles)
    return replace(stage.run_shard(items, first, options.seed, options.on_error), complaints=[])


_FROM_PAGES = {"tables": _tables, "mentions": _mentions}


def _facts(pages: str | Path, recipe: Recipe, options: Options) -> dict[str, Any]:
    """What a corpus depends on, for its manifest and to tell whether a folder is this run's."""
    facts = {**asdict(recipe), "exclude_titles": sorted(recipe.exclude_titles)}
    return {
        "pages": str(pages),
        "recipe": facts,
        "asker": model_identity(recipe.asker),
        "seed": options.seed,
        "limit": options.limit,
        "version": version("tabtext"),
    }


def _example(id: str, fields: Mapping[str, Any], table: Table) -> QAExample:
    """A record of the corpus; the answer of a long question is its sentence, whose cells are the evidence."""
    if "sentence" in fields:
        cells, answer = fields["cells"], fields["sentence"]
        answers: tuple[str, ...] = (table[fields["asked"]],)
    else:
        cells, answers = fields["evidence"], tuple(fields["answer"])
        answer = ", ".join(answers)
    return QAExample(id, fields["question"], answer, answers, table, tuple(Cell(row, column) for row, column in cells))


def _plain(table: Table) -> Table:
    return replace(table, id="")


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
