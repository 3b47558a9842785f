"""Records told fact by fact, as `subject predicate value. subject predicate value`, one line each.

One of the systems of WebNLG 2020 handed in its input so (RALI's `non-primary-id10.en`), names as words and values with
a capital, which is where the release of ratings holds the facts that its texts are about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from tabtext.record import Record
from tabtext.triples import Triple

_STOP = re.compile(r"(?<=\S)\. (?=\S)")

_ABBREVIATED = re.compile(r"(?:^|[ .(])(?:[A-Z]|Dr|Jr|Sr|St|Mr|Mrs|vs|No|Inc|Ltd)$")
"""What a full stop may stand behind inside a name."""

_RUN = re.compile(r"(?<=\S )[a-z][a-z-]*(?: [a-z][a-z-]*)*(?= [^a-z\s])")
"""Words in small letters between others: a predicate, or such as stand inside names."""

_INSIDE_NAMES = frozenset((
    *("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"),
    *("al", "da", "de", "del", "der", "di", "do", "dos", "du", "e", "el", "en", "la", "le", "van", "von", "y"),
))  # fmt: skip


def read_told(lines: Sequence[str]) -> list[Record]:
    """The record of each line. Of the words in small letters those are taken for the predicate that stand in most facts
    of all lines, since names may hold some, too; what has none of its own belongs to the value before it."""
    known = Counter(run for line in lines for part in _parts(line) for run in set(_runs(part)))
    return [Record(tuple(_facts(line, known)), id=str(number)) for number, line in enumerate(lines, 1)]


def _parts(line: str) -> list[str]:
    """A line cut where facts may end. Behind what may be an abbreviation only where the words that follow stand in the
    line without it, too, as a name does that several facts share."""
    line = line.strip().removesuffix(".")
    parts, start = [], 0
    for stop in _STOP.finditer(line):
        before, following = line[start : stop.start()], " ".join(line[stop.end() :].split()[:2])
        abbreviated = _ABBREVIATED.search(before)
        if abbreviated and line.count(following) == line.count(f"{abbreviated[0].strip()}. {following}"):
            continue
        parts.append(before)
        start = stop.end()
    return [*parts, line[start:]]


def _runs(part: str) -> list[str]:
    return [run for run in _RUN.findall(part) if not _INSIDE_NAMES.issuperset(run.split())]


def _facts(line: str, known: Counter[str]) -> Iterator[Triple]:
    facts: list[Triple] = []
    for part in _parts(line):
        runs = _runs(part) or [run for run in known if f" {run} " in part]
        if runs:
            subject, predicate, value = part.partition(f" {max(runs, key=known.__getitem__)} ")
            facts.append(Triple(subject, predicate.strip(), value))
        elif facts:
            facts[-1] = facts[-1]._replace(object=f"{facts[-1].object}. {part}")
    names = {name for fact in facts for name in (fact.subject, fact.object)}
    return (_with_whole_subject(fact, names) for fact in facts)


def _with_whole_subject(fact: Triple, names: Collection[str]) -> Triple:
    """The fact, its subject with the words in small letters that end a name which another fact has: `Punk blues`."""
    words = fact.predicate.split()
    for end in range(len(words) - 1, 0, -1):
        subject = " ".join((fact.subject, *words[:end]))
        if subject in names:
            return Triple(subject, " ".join(words[end:]), fact.object)
    return fact
