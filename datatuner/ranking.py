"""A record's candidates in the order in which a judge would have them.

`paper` sorts by the likeliest class, then by the place in the beam (DataTuner, section 4.3); `probability` by the
judge's score plus a weight times the model's log-probability, the weight fitted on dev.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from datatuner.judges import Judge, Judged
from tabtext.candidates import Candidate
from tabtext.errors import InputError, unknown_name
from tabtext.examples import Fidelity
from tabtext.record import Record

POLICIES = ("probability", "paper")
PRIORITY = (
    Fidelity.ACCURATE,
    Fidelity.VALUE_ERROR,
    Fidelity.REPETITION,
    Fidelity.OMISSION,
    Fidelity.HALLUCINATION,
)
"""The paper's order of classes, the best first."""

RULES = "rules"
"""The `source` of what rules say, and the name under which they are asked in a model's place."""

WEIGHT = 0.1
"""What a unit of log-probability counts beside the judge's score, where none was fitted on dev."""


@dataclass(frozen=True)
class Reranking:
    """How a candidate is chosen: by which judge (`slots`, or a classifier), policy and weight.

    With `repair`, the name of the model that wrote the candidates, a record none of whose candidates passes and has
    the model's trust is searched wider and then decoded again with the missing facts forced; what that does not mend
    is said by rules (`tabtext.verbal`).
    """

    judge: str
    policy: str = POLICIES[0]
    weight: float = WEIGHT
    repair: str | None = None

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise unknown_name("--policy", self.policy, POLICIES)


class Ranked(NamedTuple):
    """A candidate with its verdict; `source` is `model`, `repaired` or `rules`."""

    candidate: Candidate
    judged: Judged
    source: str = "model"


class Work(NamedTuple):
    """The candidates of a record, in the order of the beam."""

    record: Record
    candidates: tuple[Candidate, ...]


def rank(candidates: Sequence[Candidate], judged: Sequence[Judged], how: Reranking) -> list[Ranked]:
    """The candidates from the best to the worst; ties keep the order of the beam, those without a verdict come last."""
    if how.policy == "paper":
        keys = [_priority(verdict) for verdict in judged]
    else:
        scores = [v.score + how.weight * c.logprob for c, v in zip(candidates, judged, strict=True)]
        keys = [float("inf") if score != score else -score for score in scores]
    order = sorted(range(len(candidates)), key=keys.__getitem__)
    return [Ranked(candidates[i], judged[i]) for i in order]


def _priority(verdict: Judged) -> float:
    if verdict.label is None:
        raise InputError("--policy paper sorts by class, and this judge gives none; use --policy probability.")
    return PRIORITY.index(verdict.label)


def judge_all(works: Sequence[Work], judge: Judge) -> list[list[Judged]]:
    """The verdicts on every candidate of every record, in one go."""
    verdicts = iter(judge([(work.record, candidate.text) for work in works for candidate in work.candidates]))
    return [[next(verdicts) for _ in work.candidates] for work in works]
