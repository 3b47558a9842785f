"""Puns as records with texts, so that everything that says and judges records also does puns.

`explain`: a pun in, its explanation out. `keywords`: keywords in, a pun out. `context`: keywords of a situation with a
pair of words in, a pun out. `retrieve`: pairs for `datatuner train-fidelity`, which then ranks the word pairs that suit
a context. A pun succeeds, to begin with, if it holds its word (pun-word incorporation).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.candidates import Scorer
from tabtext.corpora.puns import ContextPun, ExplainedPun, read_contexts, read_expunations
from tabtext.corpora.records import read_examples
from tabtext.errors import InputError, unknown_name
from tabtext.examples import Fidelity, FidelityExample, TextExample
from tabtext.folding import fold_key
from tabtext.record import Record, Triple

ALIKE = 0.6
"""Keywords of two annotators are the same from this similarity on (Sun et al. 2022: a fuzzy match of 60)."""

SHARES = (("train", 0.85), ("dev", 0.05), ("test", 0.10))
"""The splits and their shares; nothing of one pun or of one context is in two of them."""

_WORD = re.compile(r"[^\W_]+")

Pair = tuple[str, str]
"""A word and its alternative."""


def prepare(task: str, path: Path, texts: Sequence[Path], split: str) -> Iterator[TextExample | FidelityExample]:
    """The items of a task and split from the published files: `texts` are SemEval's, for `explain` and `keywords`."""
    if task not in TASKS:
        raise unknown_name("pun task", task, TASKS)
    if split not in dict(SHARES):
        raise unknown_name("split", split, dict(SHARES))
    if task in ("explain", "keywords") and not texts:
        raise InputError(f"The task {task!r} needs SemEval's XML files, which hold the puns; name them with --texts.")
    return TASKS[task](path, texts, split)


def explain(path: Path, texts: Sequence[Path], split: str) -> Iterator[TextExample]:
    """Every pun with all its explanations."""
    for pun in _explained(path, texts, split):
        if pun.explanations:
            yield TextExample(Record((Triple("", "pun", pun.text),), "explain", id=pun.id), pun.explanations, split)


def keywords(path: Path, texts: Sequence[Path], split: str) -> Iterator[TextExample]:
    """Every pun that has keywords, to be said from them; its word is a slot of its own where it is known."""
    for pun in _explained(path, texts, split):
        if pun.keywords:
            word = [Triple("", "pun word", pun.word)] if pun.word else []
            said = [Triple("", "keyword", keyword) for keyword in common_keywords(pun.keywords)]
            yield TextExample(Record((*said, *word), "pun", id=pun.id), (pun.text,), split)


def context(path: Path, texts: Sequence[Path], split: str) -> Iterator[TextExample]:
    """Every context with a usable pair of words and the pun that was written for it."""
    for number, pun in enumerate(read_contexts(path), 1):
        if pun.pun and _split_of(",".join(pun.context)) == split:
            record = pun_record(pun.context, pun.word, pun.alternative, pun.senses, id=str(number))
            yield TextExample(record, (pun.pun,), split)


def retrieve(path: Path, texts: Sequence[Path], split: str) -> Iterator[FidelityExample]:
    """Contexts with pairs of words: accurate where a pun was possible, else foreign to the context."""
    for pun in read_contexts(path):
        if _split_of(",".join(pun.context)) == split:
            label = Fidelity.ACCURATE if pun.usable else Fidelity.HALLUCINATION
            yield FidelityExample(context_record(pun.context), pair_text(pun), (label,), rule="pun words")


TASKS: dict[str, Callable[[Path, Sequence[Path], str], Iterator[Any]]] = {
    "explain": explain, "keywords": keywords, "context": context, "retrieve": retrieve,
}  # fmt: skip


def context_record(words: Sequence[str], id: str = "") -> Record:
    """The keywords of a situation as a record."""
    return Record(tuple(Triple("", "context", word) for word in words), "pun", id=id or ",".join(words))


def pun_record(words: Sequence[str], word: str, alternative: str, senses: Pair, *, id: str) -> Record:
    """What a pun about a situation is said from: its keywords, the pair of words and what they mean."""
    slots = (("pun word", word), ("other word", alternative), ("sense", senses[0]), ("other sense", senses[1]))
    said = (Triple("", name, value) for name, value in slots if value)
    return Record((*context_record(words).triples, *said), "pun", id=id)


def pair_text(pun: ContextPun) -> str:
    """A pair of words with their senses, as the classifier reads it."""
    return f"{pun.word}: {pun.senses[0]}; {pun.alternative}: {pun.senses[1]}"


def pun_words(words: Sequence[str], pool: Iterable[ContextPun], scorer: Scorer, top: int = 1) -> list[ContextPun]:
    """Of the word pairs that the pool knows the ones that suit a situation best, by any scorer, best first."""
    pairs = list({(pun.word, pun.alternative): pun for pun in pool}.values())
    scores = scorer(context_record(words), [pair_text(pun) for pun in pairs])
    order = sorted(range(len(pairs)), key=lambda index: -scores[index])
    return [pairs[index]._replace(context=tuple(words), pun="") for index in order[:top]]


def records_with_words(contexts: Path, data: Path, scorer: Scorer, top: int) -> Iterator[Record]:
    """For each context of a file of records the records of its best word pairs, each once."""
    pool = list(read_contexts(data))
    found = (example.record for example in read_examples(contexts))
    keys = dict.fromkeys(tuple(t.object for t in record.triples if t.predicate == "context") for record in found)
    for context in filter(None, keys):
        for place, pun in enumerate(pun_words(context, pool, scorer, top), 1):
            yield pun_record(context, pun.word, pun.alternative, pun.senses, id=f"{','.join(context)}/{place}")


def common_keywords(by_annotator: Sequence[Sequence[str]]) -> list[str]:
    """The keywords of the most reliable annotator (many and short ones) that another one has too; all, if none has."""
    anchor = max(by_annotator, key=lambda row: len(row) - sum(len(word.split()) for word in row) / len(row))
    others = [word for row in by_annotator if row is not anchor for word in row]
    shared = [word for word in anchor if any(_alike(word, other) for other in others)]
    return list(dict.fromkeys(shared or anchor))


class PunScore(NamedTuple):
    """Of `n` texts the share that hold their pun word, and the share of their other keywords that are said."""

    n: int
    pun_word: float
    keywords: float


def score(pairs: Iterable[tuple[Record, str]]) -> PunScore:
    """Success by incorporation: word for word, in any letter case; NaN where no record has such words."""
    rows = [(record, _words(text)) for record, text in pairs]
    return PunScore(len(rows), _said(rows, {"pun word"}), _said(rows, {"keyword", "context"}))


def _said(rows: Iterable[tuple[Record, str]], slots: Container[str]) -> float:
    """The share of the values of these slots that the texts of their records say."""
    found = [_words(t.object) in text for record, text in rows for t in record.triples if t.predicate in slots]
    return sum(found) / len(found) if found else float("nan")


def _words(text: str) -> str:
    """The words alone, folded, a blank around each."""
    return f" {' '.join(_WORD.findall(fold_key(text)))} "


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio() >= ALIKE


def _explained(path: Path, texts: Sequence[Path], split: str) -> Iterator[ExplainedPun]:
    return (pun for pun in read_expunations(path, texts) if _split_of(pun.id) == split)


def _split_of(name: str) -> str:
    """The split that a name falls into, by chance but always the same."""
    at = random.Random(sha256(name.encode()).hexdigest()).random()
    for split, share in SHARES:
        at -= share
        if at < 0:
            return split
    return SHARES[-1][0]
