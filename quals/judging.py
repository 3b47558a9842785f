"""The command `quals score`: one text and its source, or JSON Lines of them, to scores, pairs or a page."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import islice
from math import isnan
from pathlib import Path
from typing import Any

from quals.asking import WANTED
from quals.items import Item, named_source, named_text, read_item
from quals.score import QUALS, SURENESS, Judged
from tabtext.diverse import DiverseSearch
from tabtext.errors import InputError, unknown_name
from tabtext.identity import model_identity
from tabtext.jsonl import atomic_output, read_lines, refuse_existing
from tabtext.stages import Options, Source, Stage, run_stage

WITHOUT = "without evidence"
"""The count of texts whose score is null."""


@dataclass(frozen=True)
class Judging:
    """The model, how many groups search for pairs, how many pairs are enough, how much sure pairs weigh, and whether
    the source is asked too, and each sentence of the others."""

    model: str
    groups: int = DiverseSearch.groups
    strength: float = DiverseSearch.strength
    pairs: int = WANTED
    sureness: float = SURENESS
    coverage: bool = False
    repetition: bool = False
    explain: bool = False


JUDGING = Judging("quals-mini")


def score_one(source: str, text: str, how: Judging, format: str = "text") -> str:
    """The score of one text as `text`, `json` or `html`; both may be names of files. With NaN exits are as usual."""
    from quals.explain import FORMATS

    if format not in FORMATS:
        raise unknown_name("--format", format, FORMATS)
    about = named_source(source)
    if about == "":
        raise InputError("--source is empty; there is nothing that could support the text.")
    judged = loaded(how).explain(about, named_text(text, "--text"))
    return FORMATS[format]((about, judged), how.explain)


def score_lines(items: Path, how: Judging, options: Options) -> Counter[str]:
    """Write every line with its `score` and `n_pairs`; texts without evidence are counted, their score is null."""
    refuse_existing(options.output, overwrite=options.overwrite)
    loaded(how)
    settings = {**asdict(how), "model": model_identity(how.model)}
    stage = Stage("score", settings, process_shard=Judge(how), read=read_item, shard_size=64,
                  figures=frozenset({WITHOUT}))  # fmt: skip
    counts = run_stage(stage, Source(read_lines(items), "texts"), options)
    if counts[WITHOUT]:
        print(f"score: {counts[WITHOUT]:,} texts {WITHOUT}, their score is null", file=sys.stderr)
    return counts


def score_page(items: Path, how: Judging, options: Options) -> None:
    """Write a page that shows the texts of a file with their unsupported words and pairs."""
    from quals.explain import as_page

    refuse_existing(options.output, overwrite=options.overwrite)
    read = [read_item(line) for line in islice(read_lines(items), options.limit)]
    judged = _judge(loaded(how), read)
    html = as_page(zip((item.source for item in read), judged, strict=True))
    with atomic_output(options.output, overwrite=options.overwrite) as file:
        file.write(html.encode())


@dataclass(frozen=True)
class Judge:
    """Items to their lines with scores, many at once: the shard function of `score`."""

    how: Judging

    def __call__(self, items: list[Item], rngs: list[random.Random], counts: Counter[str]) -> Iterator[dict[str, Any]]:
        """The lines of these items, in order."""
        from quals.explain import to_json

        for item, judged in zip(items, _judge(loaded(self.how), items), strict=True):
            counts[WITHOUT] += isnan(judged.score)
            yield {**item.fields, **to_json(judged, self.how.explain)}


@lru_cache(maxsize=1)
def loaded(how: Judging) -> QUALS:
    """The scorer of these settings, kept for the next shard."""
    search = DiverseSearch(how.groups, how.strength)
    return QUALS.from_pretrained(
        how.model, search=search, wanted=how.pairs, sureness=how.sureness, coverage=how.coverage,
        repetition=how.repetition,
    )  # fmt: skip


def _judge(quals: QUALS, items: Iterable[Item]) -> Iterator[Judged]:
    return quals.judge((item.source, item.text) for item in items)
