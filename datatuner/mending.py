"""The best text for a record, mended where none of its candidates will do: found by a wider search, decoded anew with
what is missing forced into it, or at last said by rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, zip_longest
from typing import NamedTuple

from datatuner.generate import Generator
from datatuner.judges import Judge, Judged
from datatuner.ranking import RULES, Ranked, Reranking, Work, judge_all, rank
from datatuner.repair import Repair, wordings
from tabtext.candidates import Candidate
from tabtext.record import Record, Triple
from tabtext.verbal import said


def best(
    works: Sequence[Work],
    judged: Sequence[Sequence[Judged]],
    how: Reranking,
    judge: Judge,
    generator: Generator | None = None,
) -> list[Ranked]:
    """The best candidate of each record, or where none will do, and the generator that wrote them is there, what mends
    it."""
    ranked = [rank(work.candidates, its, how) for work, its in zip(works, judged, strict=True)]
    return [its[0] for its in ranked] if generator is None else _Mender(how, judge, generator)(works, ranked)


def said_by_rules(records: Sequence[Record], judge: Judge) -> list[Ranked]:
    """The texts that rules make of records; no model wrote them, so they have no log-probability."""
    texts = [said(record) for record in records]
    verdicts = judge(list(zip(records, texts, strict=True)))
    return [Ranked(Candidate(text, float("nan")), its, RULES) for text, its in zip(texts, verdicts, strict=True)]


class _Failed(NamedTuple):
    """A record none of whose candidates will do, and what the best of them does not say."""

    work: Work
    unsaid: tuple[Triple, ...]


@dataclass(frozen=True)
class _Mender:
    """Takes what the judge passes and its own model trusts, and mends what is left."""

    how: Reranking
    judge: Judge
    generator: Generator

    def __call__(self, works: Sequence[Work], ranked: Sequence[Sequence[Ranked]]) -> list[Ranked]:
        chosen = self._trusted(works, ranked)
        for mend in (self._searched, self._repaired, self._said):
            left = [i for i, one in enumerate(chosen) if one is None]
            mended = mend([_Failed(works[i], ranked[i][0].judged.unsaid) for i in left])
            for i, one in zip(left, mended, strict=True):
                chosen[i] = one
        return [one for one in chosen if one]

    def _trusted(self, works: Sequence[Work], ranked: Sequence[Sequence[Ranked]]) -> list[Ranked | None]:
        """Of each record's candidates, the best first, the first that will do."""
        return [
            next((one for one in its if one.judged.passes and self.generator.trusts(work.record, one.candidate)), None)
            for work, its in zip(works, ranked, strict=True)
        ]

    def _searched(self, failed: Sequence[_Failed]) -> Sequence[Ranked | None]:
        """For each record of slots the best candidate of a wider search that will do. Not for triples: among so many
        texts about several things one puts the right names to the wrong facts, which the slot checker does not see; of
        WebNLG's dev texts found so every fourth that was read."""
        are_slots = [work.record.is_slots for work, _ in failed]
        records = [work.record for work, _ in compress(failed, are_slots)]
        works = [Work(record, tuple(its)) for record, its in zip(records, self.generator.wider(records), strict=True)]
        verdicts = judge_all(works, self.judge)
        ranked = [rank(work.candidates, its, self.how) for work, its in zip(works, verdicts, strict=True)]
        found = iter(self._trusted(works, ranked))
        return [next(found) if searched else None for searched in are_slots]

    def _repaired(self, failed: Sequence[_Failed]) -> Sequence[Ranked | None]:
        """For each record the likeliest text with what is unsaid forced into it that is fluent and that the judge
        passes."""
        found: dict[int, Ranked] = {}
        forced = [i for i, (_, unsaid) in enumerate(failed) if unsaid]
        repairs = [
            Repair(work.record, [wordings(fact) for fact in unsaid], work.candidates)
            for work, unsaid in (failed[i] for i in forced)
        ]
        for tried in zip_longest(*self.generator.repairs(repairs)):
            pairs = [(i, one) for i, one in zip(forced, tried, strict=True) if one and i not in found]
            verdicts = self.judge([(failed[i].work.record, one.text) for i, one in pairs])
            found |= {
                i: Ranked(one, its, "repaired") for (i, one), its in zip(pairs, verdicts, strict=True) if its.passes
            }
        return [found.get(i) for i in range(len(failed))]

    def _said(self, failed: Sequence[_Failed]) -> Sequence[Ranked | None]:
        return said_by_rules([work.record for work, _ in failed], self.judge)
