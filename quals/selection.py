"""S+ and S-: which references a model shall say, and which of its own samples it shall not (ConSeq, section 4).

Of each source the worst sample is a candidate for S-, kept where it is among the worst share of all; its best reference
is one for S+, kept where it is among the best share. The paper trains on sources that give both.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quals.judges import Judge
from tabtext.corpora.judgements import Judgement
from tabtext.errors import InputError

SHARE = 0.3
"""The share of sources that is kept on each side."""

REFERENCE, SAMPLE = "reference", "sample"
"""The systems that texts are by."""


@dataclass(frozen=True)
class Chosen:
    """A text about a source that is to be said or not to be said, with its score."""

    judged: Judgement
    is_good: bool
    score: float

    def to_json(self) -> dict[str, Any]:
        """The JSON object of this text: its judgement's, `good`, `score`."""
        fields = {**self.judged.to_json(), "good": self.is_good, "score": round(self.score, 6)}
        return {name: value for name, value in fields.items() if name not in ("ratings", "references")}


@dataclass(frozen=True)
class _Source:
    """The best reference and the worst sample of one source, with their scores."""

    reference: tuple[float, Judgement] | None
    sample: tuple[float, Judgement] | None


def texts_of(item: str, source: Any, references: Sequence[str], samples: Iterable[str]) -> Iterator[Judgement]:
    """References and samples of a source as texts to be judged, each with the references that overlap is measured
    with; a sample that is a reference, or another sample, word for word, is left out."""
    said = {" ".join(text.split()) for text in references}
    for number, text in enumerate(references):
        yield Judgement(item, source, text, {}, f"{REFERENCE}-{number}", tuple(references))
    for number, text in enumerate(samples):
        if (plain := " ".join(text.split())) not in said and plain:
            said.add(plain)
            yield Judgement(item, source, text, {}, f"{SAMPLE}-{number}", tuple(references))


def choose(
    judged: Sequence[Judgement],
    judge: Judge,
    counts: Counter[str],
    *,
    share: float = SHARE,
    paired: bool = True,
) -> list[Chosen]:
    """S+ and S- of texts by `texts_of`, in their order; `counts` learns how many there are and why there are no more.

    Texts that score like the last one that is kept are kept too. A sample is never S- if it scores as well as its
    source's best reference. With `paired` only sources that give both count. Raises InputError for a share outside
    (0, 1].
    """
    if not 0 < share <= 1:
        raise InputError(f"--share is {share}; it takes more than 0 and at most 1.")
    sources = list(_sources(judged, judge(judged), counts))
    best = sorted((one.reference[0] for one in sources if one.reference), reverse=True)
    worst = sorted(one.sample[0] for one in sources if one.sample)
    high, low = (cut[math.ceil(share * len(cut)) - 1] if cut else math.nan for cut in (best, worst))
    chosen = []
    for one in sources:
        good = one.reference if one.reference and one.reference[0] >= high else None
        bad = one.sample if one.sample and one.sample[0] <= low else None
        if bad and one.reference and bad[0] >= one.reference[0]:
            counts["sample as good as the reference"] += 1
            bad = None
        if paired and (good is None or bad is None):
            continue
        chosen += [
            Chosen(text, flag, score) for side, flag in ((good, True), (bad, False)) if side for score, text in [side]
        ]
    counts["good"] = sum(one.is_good for one in chosen)
    counts["bad"] = len(chosen) - counts["good"]
    return chosen


def _sources(judged: Sequence[Judgement], scores: Sequence[float], counts: Counter[str]) -> Iterator[_Source]:
    """The sources, each with its best reference and worst sample; a text without a verdict is neither."""
    groups: dict[str, dict[str, list[tuple[float, Judgement]]]] = {}
    for text, score in zip(judged, scores, strict=True):
        sides = groups.setdefault(text.item, {REFERENCE: [], SAMPLE: []})
        if math.isnan(score):
            counts["without a verdict"] += 1
        else:
            sides[text.system.partition("-")[0]].append((score, text))
    counts["sources"] = len(groups)
    for sides in groups.values():
        references, samples = (
            [(score, replace(text, references=())) for score, text in sides[name]] for name in (REFERENCE, SAMPLE)
        )
        yield _Source(
            max(references, key=lambda one: one[0], default=None), min(samples, key=lambda one: one[0], default=None)
        )
