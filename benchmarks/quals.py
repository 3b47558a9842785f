"""Texts per second of QUALS, of QUALS one pair at a time, and of QAGS in batches and text by text; models of one size.

`python -m benchmarks quals` first trains three small models for a minute on sentences of its own; `python -m benchmarks
quals QAGEN ASKER ANSWERER` takes trained ones.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from quals.asking import ask
from quals.likelihood import Asked, Likelihood
from quals.qags import QAGS
from quals.score import QUALS
from quals.train import QAGenTraining, train_qagen
from tabtext.candidates import Candidate
from tabtext.errors import InputError
from tabtext.jsonl import write_jsonl
from tabtext.record import Record

TEXTS_EACH = 3
"""Texts about each document; half of a text's sentences are its document's."""


class Setting(NamedTuple):
    """Numbers of documents, and of sentences in a document and in a text."""

    documents: int
    in_document: int
    in_text: int


SETTINGS = {"short sources": Setting(12, 5, 2), "articles": Setting(2, 60, 4)}
"""The second is of the length of news articles and their summaries, on which the paper measures."""

TRAINING = QAGenTraining(from_scratch="mini", epochs=1.0, batch_size=16, max_length=128)
TRAINING_TEXTS = 900

_NAMES = ("Aldor", "Brimley", "Castor", "Delfina", "Esker", "Fallow", "Gilden", "Hollis", "Ingram", "Jarrow")
_FACTS = {
    "food": (("French", "Thai", "Greek", "Polish", "Turkish"), "{} serves {} food."),
    "area": (("harbour", "old town", "riverside", "station"), "{} is in the {} area."),
    "founder": (("Mara Lind", "Otto Brand", "Ruth Calder", "Ivo Karsten"), "{} was founded by {}."),
    "opening year": (("1874", "1921", "1968", "2003"), "{} opened in {}."),
}

Item = tuple[str, str]


def measure(*models: str) -> Iterator[str]:
    """Texts per second of processor time, their ratios, and where the time goes; the paper says 55 times QAGS."""
    if len(models) not in (0, 3):
        raise InputError(f"quals takes a generator, an asker and an answerer, or nothing; found {len(models)} models.")
    with TemporaryDirectory() as folder:
        qagen, asker, answerer = models or _trained(Path(folder))
        quals, qags = QUALS.from_pretrained(qagen), QAGS.from_pretrained(asker, answerer)
        for name, setting in SETTINGS.items():
            for line in _measured(quals, qags, list(_items(random.Random(0), setting))):
                yield f"{name}: {line}"


def _measured(quals: QUALS, qags: QAGS, items: Sequence[Item]) -> Iterator[str]:
    seconds, steps = _quals(quals, items)
    yield f"QUALS {_rate(items, seconds)}: {steps}"
    others: dict[str, Callable[[], str]] = {
        "QUALS one pair at a time": lambda: _one_pair_at_a_time(quals, items),
        "QAGS": lambda: _qags(qags, [items]),
        "QAGS text by text": lambda: _qags(qags, [[item] for item in items]),
    }
    for name, run in others.items():
        started = time.process_time()
        steps = run()
        theirs = time.process_time() - started
        yield f"{name} {_rate(items, theirs)}: {steps}; QUALS is {theirs / seconds:.1f} times as fast"


def _quals(quals: QUALS, items: Sequence[Item]) -> tuple[float, str]:
    """Seconds in all, and the steps; the pairs are asked a second time to tell the steps apart."""
    started = time.process_time()
    judged = list(quals.judge(items))
    seconds = time.process_time() - started
    started = time.process_time()
    list(ask(quals.qagen, [text for _, text in items], quals.search, quals.wanted))
    asking = time.process_time() - started
    pairs = fmean(len(one.pairs) for one in judged)
    return seconds, f"asking {asking:.1f} s, reading sources {max(0, seconds - asking):.1f} s, {pairs:.1f} pairs a text"


def _one_pair_at_a_time(quals: QUALS, items: Sequence[Item]) -> str:
    """The same search text by text, then each pair by itself, source and text encoded anew for it."""
    asking = 0.0
    for source, text in items:
        started = time.process_time()
        (pairs,) = ask(quals.qagen, [text], quals.search, quals.wanted)
        asking += time.process_time() - started
        for pair in pairs:
            for read in (source, text):
                for window in quals.qagen.encoder.windows(read):
                    Likelihood(quals.qagen)([Asked(tuple(window), pair.ids)])
    return f"asking {asking:.1f} s"


class _Timed:
    """A writer that notes the seconds of every call."""

    def __init__(self, writer: Any) -> None:
        self.writer, self.seconds = writer, list[float]()

    def write(self, *inputs: Any, **how: Any) -> list[list[Candidate]]:
        started = time.process_time()
        written = list(self.writer.write(*inputs, **how))
        self.seconds.append(time.process_time() - started)
        return written


def _qags(qags: QAGS, batches: Sequence[Sequence[Item]]) -> str:
    asker, answerer = _Timed(qags.asker), _Timed(qags.answerer)
    timed = QAGS(asker, answerer, qags.how)  # type: ignore[arg-type]
    questions = fmean(len(report.asked) for batch in batches for report in timed.reports(batch))
    from_text, from_source = sum(answerer.seconds[::2]), sum(answerer.seconds[1::2])
    return (
        f"questions {sum(asker.seconds):.1f} s, answers from texts {from_text:.1f} s, sources {from_source:.1f} s, "
        f"{questions:.1f} questions a text"
    )


def _rate(items: Sequence[Item], seconds: float) -> str:
    return f"{len(items) / seconds:.2f} texts/s ({seconds:.1f} s)"


def _trained(folder: Path) -> Iterator[str]:
    """A generator, an asker and an answerer trained on the same made-up sentences."""
    rng = random.Random(1)
    records = []
    for _ in range(TRAINING_TEXTS):
        name, said = _said(rng, 2)
        record = Record.from_triples((name, fact, value) for fact, value, _ in said)
        records.append({**record.to_json(), "texts": [" ".join(sentence for *_, sentence in said)]})
    write_jsonl(folder / "records.jsonl", records)
    for task in ("pair", "question", "answer"):
        how = QAGenTraining(**{**vars(TRAINING), "task": task})
        train_qagen([f"records={folder / 'records.jsonl'}"], folder / task, how)
        yield str(folder / task)


def _items(rng: random.Random, setting: Setting) -> Iterator[Item]:
    for _ in range(setting.documents):
        document = [_sentence(rng) for _ in range(setting.in_document)]
        for _ in range(TEXTS_EACH):
            own = rng.sample(document, setting.in_text // 2)
            yield " ".join(document), " ".join([*own, *(_sentence(rng) for _ in range(setting.in_text - len(own)))])


def _sentence(rng: random.Random) -> str:
    return _said(rng, 1)[1][0][2]


def _said(rng: random.Random, count: int) -> tuple[str, list[tuple[str, str, str]]]:
    """A name, and so many facts about it: what, its value, and the sentence that says so."""
    name = rng.choice(_NAMES)
    chosen = [(fact, rng.choice(_FACTS[fact][0])) for fact in rng.sample(list(_FACTS), count)]
    return name, [(fact, value, _FACTS[fact][1].format(name, value)) for fact, value in chosen]
