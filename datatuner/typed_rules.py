"""Corruptions that do what their label says: each hits a known fact, and the slot checker must see that it did.

A rule proposes edited texts with the facts they hit, best first; `corrupt_once` takes the first proposal that the
checker confirms. Wordings come from the data set itself: what other texts say of the same slot.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from datatuner.text_edits import BROKEN, cuts_around, joined, sentence_around, spliced, tidy, unsupported
from tabtext.examples import Fidelity, FidelityExample
from tabtext.folding import fold_key
from tabtext.lexicons.values import find_values
from tabtext.record import Record
from tabtext.sentences import split_sentences
from tabtext.slots import Domain, SlotReport, Statement, Verdict, judge
from tabtext.triples import Triple, readable
from tabtext.values import MONTHS
from tabtext.verbal.plain import plain_sentence


class Context(NamedTuple):
    """A text that says its record, where it does so, and texts of other records to borrow from."""

    record: Record
    text: str
    statements: tuple[Statement, ...]
    others: tuple[tuple[Record, str], ...]
    domain: Domain

    @classmethod
    def of(cls, record: Record, text: str, others: Iterable[tuple[Record, str]], domain: Domain) -> Context:
        """The context of a text whose white space is single spaces."""
        return cls(record, text, tuple(domain.find(record, text)), tuple(others), domain)

    def stating(self, triple: Triple) -> list[Statement]:
        """The places where the text states a fact."""
        return [
            s for s in self.statements if s.slot == triple.predicate and triple.object in s.values and s.end > s.start
        ]


class Proposal(NamedTuple):
    """An edited text and the facts that the edit means to hit; for an addition those that it may have added."""

    text: str
    facts: tuple[Triple, ...]


Rule = Callable[[Context, random.Random], Iterator[Proposal]]


def substitute(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Say another value of the same slot, worded as a text of another record words it."""
    for triple, place in _said_once(context, rng):
        for wording in _other_wordings(context, triple, rng):
            yield Proposal(spliced(context.text, place, wording), (triple,))


def change_figure(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Change a digit of a figure, as numbers, years and scores have them."""
    for triple, place in _said_once(context, rng):
        said = context.text[place.start : place.end]
        digits = [index for index, character in enumerate(said) if character.isdigit()]
        if digits and not re.search("|".join(MONTHS), said):
            index = rng.choice(digits)
            digit = rng.choice([d for d in "123456789" if d != said[index]])
            yield Proposal(spliced(context.text, place, said[:index] + digit + said[index + 1 :]), (triple,))


def change_date(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Name another month, or shift the year of a date."""
    for triple, place in _said_once(context, rng):
        said = context.text[place.start : place.end]
        for month in re.findall("|".join(MONTHS), said):
            other = rng.choice([name for name in MONTHS if name != month])
            yield Proposal(spliced(context.text, place, said.replace(month, other)), (triple,))


def garble(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Break a name as a network does that half remembers it: letters of a word are lost or said again."""
    for triple, place in _said_once(context, rng):
        words = [found for found in re.finditer(r"[^\W\d_]{4,}", context.text[place.start : place.end])]
        if not words:
            continue
        word = rng.choice(words)
        start, end = place.start + word.start(), place.start + word.end()
        size = rng.randint(2, max(2, len(word[0]) // 2))
        at = rng.randint(1, len(word[0]) - size)
        lost = word[0][:at] + word[0][at + size :]
        again = word[0][: at + size] + word[0][at : at + size] * rng.randint(1, 2) + word[0][at + size :]
        for broken in rng.sample((lost, again), 2):
            yield Proposal(context.text[:start] + broken + context.text[end:], (triple,))


_UNITS = (("metres", "feet"), ("meters", "feet"), ("kilometres", "miles"), ("kilometers", "miles"), ("km", "miles"),
          ("square kilometres", "square miles"), ("kg", "pounds"), ("£", "$"), ("gb", "mb"), ("inch", "centimetre"),
          ("dollars", "cents"), ("hours", "minutes"), ("hour", "minute"), ("years", "months"))  # fmt: skip


def change_unit(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Give a figure another unit."""
    for triple, place in _said_once(context, rng):
        window = context.text[place.start : place.end + 14]
        for one, other in _UNITS:
            if re.search(rf"\d ?{one}\b" if one.isalpha() else re.escape(one), window):
                changed = re.sub(rf"(?<=[\d ]){one}\b" if one.isalpha() else re.escape(one), other, window, count=1)
                text = context.text[: place.start] + changed + context.text[place.end + 14 :]
                yield Proposal(text, (triple,))


def negate(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Take a negation out of the sentence of a fact, or put one in."""
    for triple, place in _said_once(context, rng):
        start, end = sentence_around(context.text, place)
        sentence = context.text[start:end]
        plain = re.sub(r"(?:(?<= )not |(?<=\w)n't|(?<= )non-?)", "", sentence, count=1)
        if plain != sentence:
            yield Proposal(context.text[:start] + plain + context.text[end:], (triple,))
        before = context.text[start : place.start]
        verbs = list(re.finditer(r"\b(?:is|are|was|were|does|has been)\b(?! not|n't)", before))
        if verbs:
            cut = start + verbs[-1].end()
            yield Proposal(context.text[:cut] + " not" + context.text[cut:], (triple,))


_NAMED = frozenset({"name", "near", "developer"})
"""Slots whose values are names, so that they can stand in one another's place."""


def _is_whole(words: str, value: str) -> bool:
    """Whether words say all of a value, not a part of it, such as a name without its article."""
    return fold_key(words).removeprefix("the ") == fold_key(readable(value)).removeprefix("the ")


def swap_roles(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Exchange the places of two values, so that each is said of the other's slot."""
    said = [
        (triple, place)
        for triple, place in _said_once(context, rng)
        if context.text[place.start].isupper()
        and (triple.subject or triple.predicate in _NAMED)
        and _is_whole(context.text[place.start : place.end], triple.object)
    ]
    for index, (one, here) in enumerate(said):
        for other, there in said[index + 1 :]:
            same = one.predicate == other.predicate and one.subject == other.subject
            if not same and here.start != there.start and (here.end <= there.start or there.end <= here.start):
                first, second = sorted((here, there), key=lambda s: s.start)
                text = context.text
                middle = text[first.end : second.start]
                words = text[second.start : second.end] + middle + text[first.start : first.end]
                yield Proposal(text[: first.start] + words + text[second.end :], (one, other))


def drop(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Leave one fact out: its words, its phrase, or its sentence, whichever cuts least and leaves the others said."""
    for triple, place in _said_once(context, rng):
        cuts = sorted(set(cuts_around(context.text, place)), key=lambda cut: cut[1] - cut[0])
        for start, end in cuts:
            text = tidy(context.text[:start] + " " + context.text[end:])
            if text and not BROKEN.search(text):
                yield Proposal(text, (triple,))
        if place.start == sentence_around(context.text, place)[0]:
            yield Proposal(spliced(context.text, place, "It"), (triple,))


def repeat(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Say one fact again in a sentence of its own, in the words of the text where a sentence says only that."""
    sentences = split_sentences(context.text)
    for triple, place in _said_once(context, rng):
        own = context.text[place.start : place.end]
        alone = [sentence for sentence in sentences if own in sentence and len(sentences) > 1]
        again = [*alone, plain_sentence(triple, own)]
        at = rng.randint(1, len(sentences))
        yield from (Proposal(joined([*sentences[:at], s, *sentences[at:]]), (triple,)) for s in again)


def add_foreign(context: Context, rng: random.Random) -> Iterator[Proposal]:
    """Say a fact of another record, in its text's own sentence where that can be told of ours, else in a plain one."""
    sentences = split_sentences(context.text)
    for record, text in rng.sample(context.others, len(context.others)):
        mine, name = _name(context.record), _name(record)
        for triple in rng.sample(record.triples, len(record.triples)):
            if triple.object == name or not triple.object or triple in context.record.triples:
                continue
            lent = [s.replace(name, mine) for s in split_sentences(text) if mine and name and name in s]
            at = rng.randint(1, len(sentences))
            for sentence in [*lent, plain_sentence(triple, _wording(context, record, text, triple))]:
                facts = dict.fromkeys([triple, *record.triples])
                yield Proposal(joined([*sentences[:at], sentence, *sentences[at:]]), tuple(facts))


RULES: dict[str, tuple[Rule, Fidelity]] = {
    "substitute": (substitute, Fidelity.VALUE_ERROR),
    "figure": (change_figure, Fidelity.VALUE_ERROR),
    "date": (change_date, Fidelity.VALUE_ERROR),
    "unit": (change_unit, Fidelity.VALUE_ERROR),
    "negation": (negate, Fidelity.VALUE_ERROR),
    "roles": (swap_roles, Fidelity.VALUE_ERROR),
    "garble": (garble, Fidelity.VALUE_ERROR),
    "drop": (drop, Fidelity.OMISSION),
    "repeat": (repeat, Fidelity.REPETITION),
    "foreign": (add_foreign, Fidelity.HALLUCINATION),
}
"""Every rule with the label it means."""

MAX_PROPOSALS = 24
"""A rule that the checker has refused so often is given up for this text."""


def corrupt_once(context: Context, rule: str, rng: random.Random) -> FidelityExample | None:
    """The first corruption of a rule that the checker confirms, None where it confirms none."""
    propose, label = RULES[rule]
    for number, proposal in enumerate(propose(context, rng)):
        if number >= MAX_PROPOSALS:
            return None
        if proposal.text == context.text:
            continue
        report = judge(context.record, proposal.text, context.domain)
        verdicts = _confirmed(context, proposal, report, rule, label)
        if verdicts is not None:
            labels = tuple(sorted({label, *_labels(verdicts, report)}, key=list(Fidelity).index))
            words = tuple(verdict.value for verdict in verdicts)
            facts = _added(context, proposal, report) if label is Fidelity.HALLUCINATION else proposal.facts
            spans = unsupported(context.text, proposal.text, label)
            return FidelityExample(context.record, proposal.text, labels, facts, rule, words, spans)
    return None


def _confirmed(
    context: Context, proposal: Proposal, report: SlotReport, rule: str, label: Fidelity
) -> tuple[Verdict, ...] | None:
    """The verdicts of a corruption that did what it meant, else None."""
    verdicts = dict(zip(context.record.triples, report.verdicts, strict=True))
    hit = [verdicts.get(fact) for fact in proposal.facts]
    if rule == "unit":  # units are no values: what vouches for it is that the figure is still there
        done = hit == [Verdict.OK] and not report.added
    elif rule == "roles":
        done = report.errors == 0 or all(v is Verdict.WRONG for v in hit)
    elif label is Fidelity.VALUE_ERROR:
        done = hit[0] in (Verdict.WRONG, Verdict.MISSING)
    elif label is Fidelity.HALLUCINATION:
        done = bool(report.added)
    else:
        done = hit[0] is (Verdict.MISSING if label is Fidelity.OMISSION else Verdict.REPEATED)
    if not done:
        return None
    if label is Fidelity.VALUE_ERROR:
        verdicts.update(dict.fromkeys(proposal.facts, Verdict.WRONG))
    return tuple(verdicts[triple] for triple in context.record.triples)


def _added(context: Context, proposal: Proposal, report: SlotReport) -> tuple[Triple, ...]:
    """Of the facts that a sentence may have added those that the checker saw: the slots that it names, or where it
    sees mere names and figures the facts whose value is new in the text."""
    slots = {slot for slot, _ in report.added}
    objects = [fact.object for fact in proposal.facts]
    before, after = find_values(context.text, objects), find_values(proposal.text, objects)
    new = [fact for fact, old, now in zip(proposal.facts, before, after, strict=True) if now and not old]
    return tuple([fact for fact in proposal.facts if fact.predicate in slots] or new or proposal.facts[:1])


_LABELS = {
    Verdict.MISSING: Fidelity.OMISSION,
    Verdict.WRONG: Fidelity.VALUE_ERROR,
    Verdict.REPEATED: Fidelity.REPETITION,
}


def _labels(verdicts: Sequence[Verdict], report: SlotReport) -> set[Fidelity]:
    added = {Fidelity.HALLUCINATION} if report.added and Verdict.WRONG not in verdicts else set()
    return {_LABELS[verdict] for verdict in verdicts if verdict in _LABELS} | added


def _said_once(context: Context, rng: random.Random) -> Iterator[tuple[Triple, Statement]]:
    """The facts that the text states in one place, in random order, with that place."""
    triples = list(dict.fromkeys(context.record.triples))
    rng.shuffle(triples)
    for triple in triples:
        places = context.stating(triple)
        if len(places) == 1:
            yield triple, places[0]


def _other_wordings(context: Context, triple: Triple, rng: random.Random) -> list[str]:
    """How the other texts say other values of this fact's slot."""
    own = {t.object for t in context.record.triples}
    found = [
        _wording(context, record, text, other)
        for record, text in context.others
        for other in record.triples
        if other.predicate == triple.predicate and other.object and other.object not in own
    ]
    rng.shuffle(found)
    last = readable(triple.object).split()[-1:]
    own_words = [context.text[s.start : s.end].split()[-1:] for s in context.stating(triple)] or [last]
    return sorted(dict.fromkeys(found), key=lambda wording: wording.split()[-1:] != own_words[0])


def _wording(context: Context, record: Record, text: str, triple: Triple) -> str:
    """The words with which a text states a fact of its record; the value itself where the checker finds none."""
    for statement in context.domain.find(record, text):
        if (
            statement.slot == triple.predicate
            and statement.values == {triple.object}
            and statement.end > statement.start
        ):
            return text[statement.start : statement.end]
    return readable(triple.object)


def _name(record: Record) -> str:
    """What a record is about: its name slot, else its first subject."""
    return record.slots.get("name") or (readable(record.triples[0].subject) if record.triples else "")
