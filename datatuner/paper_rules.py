"""The corruptions of the DataTuner paper (section 4.2 and its published generator), rule by rule.

A corruption here is text surgery that never looks at what it hits: a swap puts in a value of another slot, an omission
may cut out nothing that was asked for. `datatuner.typed_rules` does better; these are for comparison.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from datatuner.text_edits import unsupported
from tabtext.examples import Fidelity, FidelityExample
from tabtext.record import Record
from tabtext.sentences import split_sentences
from tabtext.triples import Triple, readable


class Preset(NamedTuple):
    """The parameters of one data set: items kept per text, outputs per rule, and the share of texts used."""

    candidates: int
    per_rule: int
    share: float = 1.0


PRESETS = {"webnlg": Preset(5, 2), "viggo": Preset(10, 10), "amr": Preset(10, 10), "e2e": Preset(1, 1, 0.7)}
"""By data set; what is not here is done as WebNLG is."""


def paper_corruptions(
    record: Record, text: str, foreign: str, preset: Preset, rng: random.Random
) -> list[FidelityExample]:
    """The corruptions of one text, its accurate item among them, shuffled and cut to `preset.candidates`.

    `foreign` is a text of another record. Where `preset.share` leaves a text out, the list is empty.
    """
    if rng.random() >= preset.share:
        return []
    n = preset.per_rule
    sentences, foreign_sentences = split_sentences(text), split_sentences(foreign)
    found = [
        *(("swap", t, Fidelity.VALUE_ERROR) for t in _swaps(_values(record), text, n, rng)),
        *(("cut", t, Fidelity.VALUE_ERROR) for t in _cuts(_values(record), text, n, rng)),
        *(("negation", t, Fidelity.VALUE_ERROR) for t in _negations(text, n)),
        *(("sentence", t, Fidelity.OMISSION) for t in _without_sentences(sentences, n)),
        *(("phrase", t, Fidelity.OMISSION) for t in _without_phrases(text, n, rng)),
        *(("repeat", t, Fidelity.REPETITION) for t in _repetitions(sentences, n, rng)),
        *(("replace", t, Fidelity.HALLUCINATION) for t in _with_foreign(sentences, foreign_sentences, n, rng, True)),
        *(("insert", t, Fidelity.HALLUCINATION) for t in _with_foreign(sentences, foreign_sentences, n, rng, False)),
        ("reference", text, Fidelity.ACCURATE),
    ]
    items = [
        FidelityExample(record, corrupted, (label,), rule=rule, spans=unsupported(text, corrupted, label))
        for rule, corrupted, label in found
    ]
    flipped = _flipped(record)
    if flipped is not None:
        items.append(FidelityExample(flipped, text, (Fidelity.VALUE_ERROR,), rule="data"))
    rng.shuffle(items)
    return items[: preset.candidates]


def _values(record: Record) -> list[str]:
    """The values a record holds: slot values, or all subjects and objects of triples."""
    parts = (part for t in record.triples for part in ((t.object,) if record.is_slots else (t.subject, t.object)))
    return list(dict.fromkeys(readable(part) for part in parts if part))


def _swaps(values: Sequence[str], text: str, per_rule: int, rng: random.Random) -> Iterator[str]:
    """One of the first values gives way, wherever it stands, to any other value of the record."""
    chosen = list(values[:per_rule])
    rng.shuffle(chosen)
    for value in chosen:
        others = [other for other in values if other != value]
        if others and value in text:
            yield text.replace(value, rng.choice(others))


def _cuts(values: Sequence[str], text: str, per_rule: int, rng: random.Random) -> Iterator[str]:
    """One of the first values loses its end, wherever it stands."""
    for value in values[:per_rule]:
        kept = value[: rng.randrange(len(value))].strip()
        if value in text:
            yield text.replace(value, kept)


def _negations(text: str, per_rule: int) -> Iterator[str]:
    """The text without its first `not`, then without its second, too."""
    for _ in range(min(2, -(-per_rule // 2))):
        if "not " not in text:
            return
        text = " ".join(text.replace("not", "", 1).split())
        yield text


def _flipped(record: Record) -> Record | None:
    """The record with its first yes or no turned round, None where it has neither."""
    for index, triple in enumerate(record.triples):
        if triple.object in ("yes", "no"):
            turned = Triple(triple.subject, triple.predicate, "no" if triple.object == "yes" else "yes")
            return replace(record, triples=(*record.triples[:index], turned, *record.triples[index + 1 :]))
    return None


def _without_sentences(sentences: Sequence[str], per_rule: int) -> Iterator[str]:
    """The text without its shortest sentence, without its second shortest, …; nothing of a text of one sentence."""
    if len(sentences) > 1:
        by_length = sorted(range(len(sentences)), key=lambda index: len(sentences[index]))
        for left_out in by_length[:per_rule]:
            yield " ".join(sentence for index, sentence in enumerate(sentences) if index != left_out)


def _without_phrases(text: str, per_rule: int, rng: random.Random) -> Iterator[str]:
    """The text without what stands between a comma and the next full stop, or the next comma."""
    cuts = []
    for comma in (found.start() for found in re.finditer(",", text)):
        for mark in ".,":
            end = text.find(mark, comma + 1)
            if end > 0:
                cuts.append(text[:comma] + text[end:])
    rng.shuffle(cuts)
    yield from cuts[: 1 + per_rule]


def _repetitions(sentences: Sequence[str], per_rule: int, rng: random.Random) -> Iterator[str]:
    """The shortest sentence put in again, once in the first output, twice in the second, …"""
    grown = list(sentences)
    shortest = min(sentences, key=len)
    places = list(range(min(per_rule + 1, len(sentences))))
    rng.shuffle(places)
    for place in places:
        grown.insert(place, shortest)
        yield " ".join(grown)


def _with_foreign(
    sentences: Sequence[str], foreign: Sequence[str], per_rule: int, rng: random.Random, replacing: bool
) -> Iterator[str]:
    """The shortest sentence of another text put in, or put in a sentence's place; more of it in every output."""
    grown = list(sentences)
    intruder = min(foreign, key=len)
    places = list(range(len(sentences)))
    rng.shuffle(places)
    for place in places[:per_rule]:
        grown[place : place + replacing] = [intruder]
        yield " ".join(grown)
