"""Decoding again with what was left out: the missing facts' wordings are forced into the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from datatuner.states import LENGTH_PENALTY, StateEncoder
from tabtext.candidates import Candidate
from tabtext.lexicons.values import verbatim
from tabtext.record import Record, Triple

if TYPE_CHECKING:
    from tabtext.models import Seq2Seq
    from tabtext.tokenizers import TextCodec

FALL = 0.2
"""How much less likely by token (in nats) than the likeliest unforced text a repair may be. Looked up on repairs of the
dev sets by our small models: those that read well lose at most 0.12 (ViGGO, WebNLG), nonsense as `There is no has linux
release` 0.22 or more; of E2E's, whose records that need one hold two values of a slot, most are nonsense below 0.3."""

LIKELY = -0.38
"""How likely by token a text about triples must be, a repair or not, to stand where rules could say its record: about
names and values that look like nothing in training a small model writes nonsense that names them all. Of WebNLG's dev
texts nine in ten are likelier; of eleven repairs below it that were read five tell something false (`The Prime Minister
of Romania is Bucharest`)."""

LIKELY_SLOTS = -0.57
"""The same of slots, which are all about one thing: texts about new names read well down to here, and nonsense about
values that look like nothing in training is at -0.6."""

BEAMS = 12
"""Hypotheses of a repair; they are shared out between those that have said more and less of the phrases."""

_NO, _YES = frozenset({"no", "false"}), frozenset({"yes", "true"})

Missing = str | Sequence[str]
"""What a text must say: a phrase, or several wordings of which one will do."""


def wordings(fact: Triple) -> tuple[str, ...]:
    """Wordings of a fact to force: its value's words; of a yes or no the predicate's, with a word that denies it."""
    _, predicate, value = fact.readable()
    if value.lower() in _YES:
        return predicate, predicate.replace(" ", "-")
    if value.lower() in _NO:
        return tuple(f"{no} {words}" for words in (predicate, predicate.replace(" ", "-")) for no in ("not", "no"))
    parenthesis = re.sub(r"\s*\([^)]*\)$", "", value)
    return tuple(dict.fromkeys(words for words in (value, parenthesis, value.lower()) if words))


class Repair(NamedTuple):
    """A record to say again, what its text must say, and where a repair is to be as fluent as them, the texts that the
    model wrote unforced."""

    record: Record
    missing: Sequence[Missing]
    unforced: Sequence[Candidate] = ()


def repaired(
    model: Seq2Seq,
    encoder: StateEncoder,
    record: Record,
    missing: Sequence[Missing],
    *,
    accept: Callable[[str], bool] | None = None,
    beams: int = BEAMS,
) -> Candidate | None:
    """The likeliest text for a record that says every one of `missing` and that `accept` takes, or None.

    Raises InputError for a record that the model cannot read.
    """
    [found] = repairs(model, encoder, [Repair(record, missing)], beams=beams)
    return next((one for one in found if not accept or accept(one.text)), None)


def repairs(
    model: Seq2Seq, encoder: StateEncoder, wanted: Sequence[Repair], *, beams: int = BEAMS
) -> list[list[Candidate]]:
    """For each record the texts found that say every one of its `missing`, and are fluent beside its `unforced`, the
    likeliest first; such of like length are searched together.

    Raises InputError for a record that the model cannot read.
    """
    from tabtext.constrained import ConstrainedPrompt, constrained_search

    choices = [_choices(each) for each in wanted]
    prompts = [
        ConstrainedPrompt(encoder.checked_prompt(each.record), _phrases(encoder.codec, its))
        for each, its in zip(wanted, choices, strict=True)
    ]
    searched = constrained_search(
        model, prompts, beams=beams, limit=encoder.settings.max_new_tokens, length_penalty=LENGTH_PENALTY
    )
    texts = ([Candidate(encoder.codec.decode([ids])[0].strip(), logprob) for ids, logprob in its] for its in searched)
    said = (
        [one for one in its if all(any(_says(one.text, words) for words in choice) for choice in must)]
        for its, must in zip(texts, choices, strict=True)
    )
    return [fluent(encoder.codec, each, its) for each, its in zip(wanted, said, strict=True)]


def fluent(codec: TextCodec, wanted: Repair, found: Sequence[Candidate]) -> list[Candidate]:
    """Of the texts found those that are about as likely by token (`FALL`, `least`) as the likeliest unforced one and
    say no words twice running that the record does not: what is forced into a text must not make nonsense of it.

    All of them where there is nothing unforced to hold them against.
    """
    if not wanted.unforced:
        return list(found)
    floor = max(least(wanted.record), by_token(codec, max(wanted.unforced, key=lambda one: one.logprob)) - FALL)
    return [one for one in found if by_token(codec, one) >= floor and not stutters(one.text, wanted.record)]


def least(record: Record) -> float:
    """How likely by token a text about this record must be."""
    return LIKELY_SLOTS if record.is_slots else LIKELY


def stutters(text: str, record: Record) -> bool:
    """Whether one to four words stand twice running in a text (`range range`), and nowhere so in its record."""
    known = " ".join(part for triple in record.triples for part in triple.readable()).lower()
    return any(found[0].lower() not in known for found in _TWICE.finditer(text))


_TWICE = re.compile(r"(?<![\w'’-])([^\W\d][\w'’-]*(?: [\w'’-]+){0,3})[ ,]+\1(?![\w'’-])", re.IGNORECASE)


def by_token(codec: TextCodec, one: Candidate) -> float:
    """A text's log-probability by token, the end being one."""
    return one.logprob / (1 + len(codec.encode([one.text])[0]))


def _phrases(codec: TextCodec, choices: Sequence[tuple[str, ...]]) -> list[list[list[int]]]:
    """The choices of wordings as ids."""
    phrases = [[ids for ids in codec.encode_words(choice) if ids] for choice in choices]
    return [phrase for phrase in phrases if phrase]


def _choices(wanted: Repair) -> list[tuple[str, ...]]:
    """The wordings to choose from of all that must be said."""
    missing = [(each,) if isinstance(each, str) else tuple(each) for each in wanted.missing]
    return _with_siblings(wanted.record, missing)


def _with_siblings(record: Record, choices: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The choices, and those of other values of the same slots: a model that left out one of two says either, and
    forced to say the one would leave out the other."""
    said = {fact: wordings(fact) for fact in dict.fromkeys(record.triples)}
    asked = {words for choice in choices for words in choice}
    slots = {(fact.subject, fact.predicate) for fact, its in said.items() if asked.intersection(its)}
    siblings = [its for fact, its in said.items() if fact[:2] in slots and its and not asked.intersection(its)]
    return [*choices, *siblings]


def _says(text: str, words: str) -> bool:
    """Whether a text has these words as words."""
    return bool(verbatim(text, words))
