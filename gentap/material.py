"""What a model is pretrained on: the long and short questions of corpora, of files beside them, and of statements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from gentap.held_out import HeldOut
from tabtext.corpora.questions import QUESTION_SETS, SHORT_ANSWERS, read_questions
from tabtext.errors import InputError, unknown_name
from tabtext.examples import QAExample
from tabtext.reading import share_said


class QuestionSet(NamedTuple):
    """A file or folder of questions; `dataset` is a name in `QUESTION_SETS`."""

    dataset: str
    path: Path

    @classmethod
    def parse(cls, named: str) -> QuestionSet:
        """The set of `PATH`, which is in our form, or of `DATASET=PATH`.

        An InputError names a data set that is not known, and what is no file or folder: a set is read several times.
        """
        dataset, equals, path = named.partition("=")
        if not equals or Path(named).exists():
            dataset, path = "jsonl", named
        elif dataset not in QUESTION_SETS:
            raise unknown_name("data set of questions", dataset, QUESTION_SETS)
        if not (Path(path).is_file() or Path(path).is_dir()):
            raise InputError(f"{named}: no such file or folder (it is read several times: no pipe).")
        return cls(dataset, Path(path))

    @property
    def form(self) -> str:
        """`short` where cells are the answers, as in files of our own form here, or `long`."""
        return "short" if self.dataset in SHORT_ANSWERS or self.dataset == "jsonl" else "long"

    def __str__(self) -> str:
        said = f" of {self.dataset}" * (self.dataset != "jsonl")
        return f"{self.form} questions{said} ({self.path.name})"


@dataclass(frozen=True)
class Material:
    """Where the questions come from, and which are left out.

    `questions` are sets beside the corpora. Of a long answer its first sentence is learnt. `min_said` leaves out long
    answers that say much else than their question and row: it is the least share of an answer's content words that
    these have. `statements` is how many short questions are also learnt as long ones, answered by a sentence made of
    question and cell, those that people asked first. Tables of `exclude_tables`, a file of FeTaQA's or tables in any
    form, are not learnt from. `limit` is the number of questions of each form, people's first, statements not counted.
    """

    corpora: Sequence[Path]
    questions: Sequence[QuestionSet] = ()
    min_said: float = 0.0
    statements: int = 0
    exclude_tables: Path | None = None
    limit: int | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """What there is, for the model's settings and the reports that say what it saw."""
        return (*map(_said, self.corpora), *map(str, self.questions))

    def examples(self, form: str, counts: Counter[str] | None = None) -> Iterator[QAExample]:
        """The questions of one form; `counts` learns how many were left out, and why."""
        counts = Counter() if counts is None else counts
        return self._long(counts) if form == "long" else islice(self._short(counts), self.limit)

    def _short(self, counts: Counter[str]) -> Iterator[QAExample]:
        return self._free(chain(self._asked(counts), self._mined("short"), self._made()), counts)

    def _long(self, counts: Counter[str]) -> Iterator[QAExample]:
        from gentap.statements import statements

        sets = (read_questions(part.path, part.dataset) for part in self.questions if part.form == "long")
        sentences = map(first_sentence, chain.from_iterable(sets))
        free = self._free(chain(sentences, self._mined("long")), counts)
        kept = _saying_little_else(free, self.min_said, counts)
        return chain(islice(kept, self.limit), islice(statements(self._short(Counter())), self.statements))

    def _mined(self, form: str) -> Iterator[QAExample]:
        from gentap.corpus import read_corpus

        return chain.from_iterable(read_corpus(corpus, form) for corpus in self.corpora)

    def _made(self) -> Iterator[QAExample]:
        """The short questions in our own form, answered as their files say."""
        return chain.from_iterable(read_questions(part.path) for part in self.questions if part.dataset == "jsonl")

    def _asked(self, counts: Counter[str]) -> Iterator[QAExample]:
        """The short questions that people asked."""
        from gentap.asked import asked_of_cells

        sets = (part for part in self.questions if part.form == "short" and part.dataset != "jsonl")
        read = chain.from_iterable(read_questions(part.path, part.dataset) for part in sets)
        return asked_of_cells(read, counts)

    def _free(self, examples: Iterable[QAExample], counts: Counter[str]) -> Iterator[QAExample]:
        """The questions whose tables are not held out."""
        for example in examples:
            if example.table in self._held_out:
                counts["in"] += 1
                counts["its table is held out"] += 1
            else:
                yield example

    @cached_property
    def _held_out(self) -> HeldOut:
        from tabtext.readers import table_source, tables_of

        if self.exclude_tables is None:
            return HeldOut(())
        return HeldOut(chain.from_iterable(map(tables_of, table_source([self.exclude_tables]).items)))


def first_sentence(example: QAExample) -> QAExample:
    """A question with the first sentence of its answer for an answer."""
    from tabtext.sentences import split_sentences

    answer = next(iter(split_sentences(example.answer)), "")
    return replace(example, answer=answer, answers=(answer,))


def _saying_little_else(examples: Iterable[QAExample], min_said: float, counts: Counter[str]) -> Iterator[QAExample]:
    for example in examples:
        if not min_said or min_said <= _share_known(example):
            yield example
        else:
            counts["in"] += 1
            counts["says much else than its question and row"] += 1


def _share_known(example: QAExample) -> float:
    """The share, from 0 to 1, of the answer's content words that the question, the title or the answer's rows have."""
    table = example.table
    rows = sorted({cell.row for cell in example.evidence})
    cells = chain.from_iterable(table.rows[row] for row in rows)
    return share_said(example.answer, " ".join((example.question, table.title, table.section, *table.header, *cells)))


def _said(corpus: Path) -> str:
    from gentap.corpus import read_manifest

    manifest = read_manifest(corpus)
    source = Path(
        re.sub(r"( \d+){2,3}$", "", str(manifest["run"]["pages"]))
    ).name  # an older one has size, time of change
    return f"{manifest['long']:,} long and {manifest['short']:,} short questions synthesised from {source}"
