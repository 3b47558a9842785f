"""QAGS, the slow reference: ask about the text's own answers, answer from source and text, compare (Wang et al., ACL
2020, sections 3 and 4).

Four steps: answer candidates of the text; questions for each, by beam search, of which the likeliest are kept; answers
of each question from the source and from the text; the mean F1 of their words. 1 is a text whose source says the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from quals.answers import MAX_ANSWERS, answer_candidates
from quals.pairs import Pair, tells_its_answer
from quals.sources import Source, in_words_of
from quals.writer import Writer
from tabtext.metrics.match import token_f1

if TYPE_CHECKING:
    import torch

MIN_WORDS = 3
"""A shorter question is none, as in QAGS."""


@dataclass(frozen=True)
class QAGSSettings:
    """How much is asked: answer candidates of a text, beams (and questions) per candidate, questions kept of all, and
    beams per answer. The defaults are the paper's."""

    answers: int = MAX_ANSWERS
    beams: int = 10
    questions: int = 20
    answer_beams: int = 1


SETTINGS = QAGSSettings()


class AnsweredQuestion(NamedTuple):
    """A question about a text, the answer that it was asked for, and what source and text answer."""

    question: str
    answer: str
    from_source: str
    from_text: str

    @property
    def f1(self) -> float:
        """How much both answers share."""
        return token_f1(self.from_source, self.from_text)


@dataclass(frozen=True)
class QAGSReport:
    """What was asked about a text, and why other questions were dropped."""

    text: str
    asked: tuple[AnsweredQuestion, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The mean F1 over the questions; NaN, which is no evidence, where none was of use."""
        return sum(one.f1 for one in self.asked) / len(self.asked) if self.asked else math.nan

    def to_json(self) -> dict[str, Any]:
        """The JSON object of this report; `score` is null where there is no evidence."""
        asked = [{**one._asdict(), "f1": round(one.f1, 4)} for one in self.asked]
        score = None if math.isnan(self.score) else round(self.score, 6)
        return {"text": self.text, "score": score, "asked": asked, "dropped": dict(self.dropped)}


@dataclass(frozen=True)
class QAGS:
    """A `Scorer` made of a model that asks and one that answers."""

    asker: Writer
    answerer: Writer
    how: QAGSSettings = SETTINGS

    @classmethod
    def from_pretrained(
        cls,
        asker: str | Path,
        answerer: str | Path,
        *,
        how: QAGSSettings = SETTINGS,
        device: str | torch.device | None = None,
    ) -> QAGS:
        """The scorer of two models by name, folder or hub id."""
        return cls(
            Writer.from_pretrained(asker, "question", device=device),
            Writer.from_pretrained(answerer, "answer", device=device),
            how,
        )

    def __call__(self, source: Source, texts: Sequence[str]) -> list[float]:
        """The score of each text, from 0 to 1; NaN where nothing could be asked."""
        return [report.score for report in self.reports((source, text) for text in texts)]

    def reports(self, pairs: Iterable[tuple[Source, str]]) -> list[QAGSReport]:
        """A report per (source, text); each step is one batched pass over all of them."""
        pairs = [(in_words_of(text, source), text) for source, text in pairs]
        dropped: list[Counter[str]] = [Counter() for _ in pairs]
        asked = self._questions([text for _, text in pairs], dropped)
        rows = [(place, pair) for place, found in enumerate(asked) for pair in found]
        from_text = self._answers([(pairs[place][1], pair) for place, pair in rows])
        answered = []
        for (place, pair), said in zip(rows, from_text, strict=True):
            if token_f1(said, pair.answer) > 0:
                answered.append((place, pair, said))
            else:
                dropped[place]["the text answers otherwise"] += 1
        from_source = self._answers([(pairs[place][0], pair) for place, pair, _ in answered])
        found: list[list[AnsweredQuestion]] = [[] for _ in pairs]
        for (place, pair, said), other in zip(answered, from_source, strict=True):
            found[place].append(AnsweredQuestion(*pair, other, said))
        return [
            QAGSReport(text, tuple(asked), dict(reasons))
            for (_, text), asked, reasons in zip(pairs, found, dropped, strict=True)
        ]

    def _questions(self, texts: Sequence[str], dropped: Sequence[Counter[str]]) -> list[list[Pair]]:
        """The likeliest usable questions of each text, with the answers they were asked for."""
        rows = []
        for place, text in enumerate(texts):
            spans = answer_candidates(text, self.how.answers)
            rows += [(place, text[span.start : span.end]) for span in spans]
        beams = self.how.beams
        inputs: list[tuple[Source, Pair]] = [(texts[place], Pair("", answer)) for place, answer in rows]
        written = self.asker.write(inputs, beams=beams, each=beams)
        ranked: list[list[tuple[float, Pair]]] = [[] for _ in texts]
        for (place, answer), candidates in zip(rows, written, strict=True):
            ranked[place] += [(candidate.logprob, Pair(candidate.text, answer)) for candidate in candidates]
        return [self._chosen(found, reasons) for found, reasons in zip(ranked, dropped, strict=True)]

    def _chosen(self, ranked: list[tuple[float, Pair]], dropped: Counter[str]) -> list[Pair]:
        kept: dict[str, Pair] = {}
        for _, pair in sorted(ranked, key=lambda one: -one[0]):
            reason = fault(pair) or ("asked twice" if pair.question.lower() in kept else None)
            reason = reason or ("less likely" if len(kept) >= self.how.questions else None)
            if reason:
                dropped[reason] += 1
            else:
                kept[pair.question.lower()] = pair
        return list(kept.values())

    def _answers(self, asked: Sequence[tuple[Source, Pair]]) -> list[str]:
        """The answer of each source to the question of its pair, each different one asked once."""
        distinct = list(dict.fromkeys((source, Pair(pair.question, "")) for source, pair in asked))
        written = self.answerer.write(distinct, beams=self.how.answer_beams)
        said = {one: candidates[0].text for one, candidates in zip(distinct, written, strict=True)}
        return [said[source, Pair(pair.question, "")] for source, pair in asked]


def fault(pair: Pair) -> str | None:
    """Why a question is of no use, or None."""
    if len(pair.question.split()) < MIN_WORDS or not pair.question.endswith("?"):
        return "no question"
    if tells_its_answer(pair):
        return "tells its answer"
    return None
