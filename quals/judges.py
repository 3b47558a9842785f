"""What judges texts about sources, by name: the slot checker, overlap with other texts, QUALS, QAGS, a file of scores.

A judge takes many judged texts at once and gives each a score, higher is better, NaN is no verdict. Any `Scorer` is
one (`by_source`); overlap needs references, and so is a judge of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tabtext.candidates import Scorer
from tabtext.corpora.judgements import Judgement
from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import read_lines
from tabtext.metrics import Items, load
from tabtext.slots import slot_scores

Judge = Callable[[Sequence[Judgement]], list[float]]

NO_VERDICT = float("nan")

OVERLAPS = ("sacrebleu", "chrf", "chrf++", "rouge1", "rouge2", "rougeL", "meteor")
"""Metrics that compare a text with other texts, and score single texts."""

AGAINST = ("references", "source", "peers")
"""What overlap is measured with: texts by people, the source itself, or the other systems' texts about the source."""

JUDGES_HELP = (
    "slots (the rule-based checker); an overlap such as rougeL:references, rouge2:source or chrf:peers (other systems' "
    "texts); quals:FOLDER; quals+coverage+repetition:FOLDER, or one of both, where more is asked than the text; "
    "qags:ASKER,ANSWERER; or NAME=FILE, JSON Lines with id and score by any other program (NAME=FILE:FIELD.FIELD names "
    "another field)."
)


def make_judges(specs: Iterable[str]) -> dict[str, Judge]:
    """The judges that `specs` ask for by their names in a report; such as would share a name have their specs for
    names. An InputError for a judge, or a name given by `NAME=FILE`, that comes twice."""
    specs = list(specs)
    shared = Counter(map(_name, specs))
    names = [spec if shared[_name(spec)] > 1 and "=" not in spec else _name(spec) for spec in specs]
    for name, number in Counter(names).items():
        if number > 1:
            raise InputError(f"The judge {name!r} is named {number} times; name each once, two files by two NAMEs.")
    return {name: make_judge(spec)[1] for name, spec in zip(names, specs, strict=True)}


def _name(spec: str) -> str:
    """What a judge is called in a report, if no other is called so."""
    name, equals, _ = spec.partition("=")
    kind = spec.partition(":")[0]
    return name if equals else spec if kind in OVERLAPS else kind


def make_judge(spec: str) -> tuple[str, Judge]:
    """The judge that `spec` asks for (`JUDGES_HELP`) and its name in a report; an InputError names what is known."""
    _, equals, file = spec.partition("=")
    if equals:
        path, _, field = file.partition(":")
        return _name(spec), partial(score_file, Path(path), field or "score")
    kind, _, detail = spec.partition(":")
    if kind in OVERLAPS:
        if (detail or AGAINST[0]) not in AGAINST:
            raise unknown_name("side to compare with", detail, AGAINST)
        return _name(spec), partial(overlap, kind, detail or AGAINST[0])
    if kind not in _SCORERS:
        raise unknown_name("judge", spec, [*_SCORERS, *OVERLAPS, "NAME=FILE"])
    if kind != "slots" and not detail:
        raise InputError(f"The judge {kind!r} needs a model: {kind}:FOLDER.")
    return _name(spec), by_source(_SCORERS[kind](detail))


def by_source(scorer: Scorer) -> Judge:
    """A scorer as a judge: called once per source with all its texts; what has no source gets no verdict."""

    def judge(judged: Sequence[Judgement]) -> list[float]:
        places: dict[Any, list[int]] = {}
        for place, one in enumerate(judged):
            if one.source is not None:
                places.setdefault(one.source, []).append(place)
        scores = [NO_VERDICT] * len(judged)
        for source, chosen in places.items():
            found = scorer(source, [judged[place].text for place in chosen])
            for place, score in zip(chosen, found, strict=True):
                scores[place] = score
        return scores

    return judge


def overlap(metric: str, against: str, judged: Sequence[Judgement]) -> list[float]:
    """The metric of each text by itself, in percent; without a text to compare with there is no verdict."""
    texts = _compared_texts(against, judged)
    chosen = [place for place, found in enumerate(texts) if found]
    scores = [NO_VERDICT] * len(judged)
    if chosen:
        made = load(metric)
        items = Items(tuple(judged[place].text for place in chosen), tuple(texts[place] for place in chosen))
        for place, score in zip(chosen, made.value(made.checked_statistics(items)), strict=True):
            scores[place] = float(score)
    return scores


def _compared_texts(against: str, judged: Sequence[Judgement]) -> list[tuple[str, ...]]:
    if against == "references":
        return [one.references for one in judged]
    if against == "source":
        return [(one.source,) if isinstance(one.source, str) else () for one in judged]
    groups: dict[str, list[Judgement]] = {}
    for one in judged:
        groups.setdefault(one.item, []).append(one)
    return [tuple(other.text for other in groups[one.item] if other is not one) for one in judged]


def score_file(path: Path, field: str, judged: Sequence[Judgement]) -> list[float]:
    """The scores that another program wrote, by id; null is no verdict. An InputError where a text has no line, or
    two."""
    scores: dict[str, float] = {}
    for line in read_lines(path):
        fields = line.json()
        value: Any = fields
        for part in field.split("."):
            value = value.get(part, "") if isinstance(value, Mapping) else ""
        if "id" not in fields or not (value is None or type(value) in (int, float)):
            raise InputError(f"{line.name}, line {line.number}: needs 'id' and a number in {field!r}.")
        if str(fields["id"]) in scores:
            place = f"{line.name}, line {line.number}"
            raise InputError(f"{place}: a score of {fields['id']!r} came before; give each text one.")
        scores[str(fields["id"])] = NO_VERDICT if value is None else float(value)
    missing = [one.id for one in judged if one.id not in scores]
    if missing:
        raise InputError(f"{path}: no score for {len(missing):,} of {len(judged):,} texts, the first {missing[0]!r}.")
    return [scores[one.id] for one in judged]


def _quals(folder: str, *, coverage: bool = False, repetition: bool = False) -> Scorer:
    from quals.score import QUALS

    return QUALS.from_pretrained(folder, coverage=coverage, repetition=repetition)


def _qags(folders: str) -> Scorer:
    from quals.qags import QAGS

    asker, _, answerer = folders.partition(",")
    return QAGS.from_pretrained(asker, answerer or asker)


_SCORERS: dict[str, Callable[[str], Scorer]] = {
    "slots": lambda _: slot_scores,
    "quals": _quals,
    "quals+coverage": partial(_quals, coverage=True),
    "quals+repetition": partial(_quals, repetition=True),
    "quals+coverage+repetition": partial(_quals, coverage=True, repetition=True),
    "qags": _qags,
}
