"""Records as the ids that a language model reads, and for each the state it is in (DataTuner, section 3.1).

A record is `<data> … <text>` with a structure token before each part: `<subject>`, `<predicate>` and `<object>` of a
fact, one token per slot, dialogue act or AMR role. The state of a token is the last of these before it; the model adds
its embedding to those of token and position. A slot that training never saw comes after `<other>`, its name as words.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.batches import IGNORED
from tabtext.errors import InputError, unknown_name
from tabtext.record import Record
from tabtext.tokenizers import TextCodec
from tabtext.triples import Triple, readable

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

DATA, TEXT, OTHER = "<data>", "<text>", "<other>"
SUBJECT, PREDICATE, OBJECT = "<subject>", "<predicate>", "<object>"
OPEN, CLOSE = BRACKETS = ("<(>", "<)>")
"""The brackets of an AMR graph, which leave the state as it is."""

STRUCTURE = (DATA, TEXT, OTHER, SUBJECT, PREDICATE, OBJECT, *BRACKETS)
"""The structure tokens of every model; those of slots, acts and roles are gathered from its training data."""

STATES = ("fine", "coarse", "none")
"""fine: the state is the last structure token; coarse: `<data>` or `<text>`; none: the model is told no state."""

MIN_RECORDS = 3
"""A slot, act or role gets a token of its own if so many training records have it."""

OTHER_SHARE = 0.02
"""The share of structure tokens that training shows as `<other>`, so that the model has met it."""

LENGTH_PENALTY = 0.75
"""Beams compare by log-probability / length ** this; the paper's exponent."""

_KEY = "data_to_text"


class Part(NamedTuple):
    """A structure token and the text after it, in words when the token is not known to a model: `name: text`."""

    tag: str
    text: str = ""
    name: str = ""


def parts(record: Record) -> Iterator[Part]:
    """The parts of a record in their order: of its graph, or its dialogue act and its slots or facts."""
    if record.amr:
        from tabtext.amr import graph_parts

        for role, text in graph_parts(record.amr):
            yield Part({"(": OPEN, ")": CLOSE}.get(role, f"<role{role}>"), text, role.lstrip(":"))
        return
    if record.act:
        name = readable(record.act, predicate=True)
        yield Part(f"<act:{name}>", name=name)
    for triple in map(Triple.readable, record.triples):
        if record.is_slots:
            yield Part(f"<slot:{triple.predicate}>", triple.object, triple.predicate)
        else:
            yield from map(Part, (SUBJECT, PREDICATE, OBJECT), triple)


def gather_tags(records: Iterable[Record]) -> list[str]:
    """The structure tokens that a model for such records needs, in a fixed order."""
    seen = Counter(tag for record in records for tag in {part.tag for part in parts(record)})
    return [*STRUCTURE, *sorted(tag for tag, n in seen.items() if n >= MIN_RECORDS and tag not in STRUCTURE)]


def predicates_of(record: Record) -> set[str]:
    """The predicates of a record's triples, in words; slots and AMR roles have tokens of their own."""
    has_tags = record.is_slots or bool(record.amr)
    return set() if has_tags else {readable(triple.predicate, predicate=True) for triple in record.triples}


def gather_predicates(records: Iterable[Record]) -> tuple[str, ...]:
    """The predicates of the triples of such records, as the settings of their model tell them."""
    seen = Counter(name for record in records for name in predicates_of(record))
    return tuple(sorted(name for name, n in seen.items() if n >= MIN_RECORDS))


@dataclass(frozen=True)
class StateSettings:
    """What a model must be told again to be used as it was trained; it travels in the model's own config.

    `max_new_tokens` is the longest text in training, its end included, and some room; less where records need it
    (`datatuner.train.new_tokens`). `predicates` are those of the triples that it learnt from, in words; None where it
    does not tell.
    """

    states: str = "fine"
    max_new_tokens: int = 128
    data: str = ""
    predicates: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.states not in STATES:
            raise unknown_name("--states", self.states, STATES)

    def store(self, config: Any) -> None:
        """Write the settings into a transformers config."""
        told = {} if self.predicates is None else {"predicates": list(self.predicates)}
        setattr(config, _KEY, {**asdict(self), **told})

    @classmethod
    def of(cls, config: Any, name: str) -> StateSettings:
        """The settings that a config holds; InputError, with the model's name, where it holds none."""
        stored = getattr(config, _KEY, None)
        if not isinstance(stored, dict):
            raise InputError(f"Model {name!r}: has never read a record; datatuner train makes such a model of it.")
        known = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        if known.get("predicates") is not None:
            known["predicates"] = tuple(known["predicates"])
        return cls(**known)


class StateEncoder:
    """Records and texts to ids for one model, whose inputs hold at most `positions` tokens.

    `unseen` counts the structure tokens that the model does not know; `codec.counts` what of the texts was lost.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, settings: StateSettings, positions: int) -> None:
        self.codec = TextCodec(tokenizer)
        self.settings, self.positions = settings, positions
        self.unseen: Counter[str] = Counter()
        self._known = tokenizer.get_vocab()
        self._data, self._text = self.codec.id(DATA), self.codec.id(TEXT)

    @property
    def room(self) -> int:
        """The tokens that a record may take, so that a text as long as the model may write still fits behind it."""
        return self.positions - self.settings.max_new_tokens

    def prompt(self, record: Record, hide: random.Random | None = None) -> dict[str, list[int]]:
        """`input_ids` and, if the model is told states, `token_type_ids` of a record, up to and with `<text>`.

        With `hide` some known tags are written as `<other>`. Its length is not looked at.
        """
        shown = [self._shown(part, hide) for part in parts(record.said())]
        encoded = self.codec.encode_words([part.text for part in shown])
        ids, states = [self._data], [self._data]
        for part, text in zip(shown, encoded, strict=True):
            tag = self._known[part.tag]
            state = tag if self.settings.states == "fine" and part.tag not in BRACKETS else states[-1]
            ids += [tag, *text]
            states += [state] * (1 + len(text))
        return self._features([*ids, self._text], [*states, self._text])

    def knows(self, record: Record) -> bool:
        """Whether the model was trained on every slot, act, role and predicate of a record; where it does not tell
        which predicates it learnt from, on any."""
        learnt = self.settings.predicates
        known = learnt is None or predicates_of(record) <= set(learnt)
        return known and all(part.tag in self._known for part in parts(record))

    def fits(self, record: Record) -> bool:
        """Whether the model can read a record in one go and has room left for a text."""
        return len(self.prompt(record)["input_ids"]) <= self.room

    def checked_prompt(self, record: Record) -> dict[str, list[int]]:
        """`prompt`, or an InputError where it leaves no room for a text."""
        prompt = self.prompt(record)
        length = len(prompt["input_ids"])
        if length > self.room:
            raise InputError(
                f"Record {record.id!r} with {len(record.triples)} facts takes {length:,} tokens and {self.room} fit; "
                "pass --split to have it said in several texts, or leave facts out."
            )
        return prompt

    def split(self, record: Record) -> list[Record]:
        """The record as one or more that fit, cut between facts; an InputError where a single fact does not fit."""
        middle = len(record.triples) // 2
        if not middle or record.amr or self.fits(record):
            self.checked_prompt(record)
            return [record]
        halves = record.triples[:middle], record.triples[middle:]
        return [part for half in halves for part in self.split(replace(record, triples=half))]

    def example(self, record: Record, text: str, hide: random.Random | None = None) -> dict[str, list[int]] | None:
        """A training example, `labels` on the text and its end alone; None where it is longer than the model reads."""
        prompt = self.prompt(record, hide)
        target = [*self.codec.encode_words([text])[0], int(self.codec.tokenizer.eos_token_id)]
        start = prompt["input_ids"]
        if len(start) + len(target) > self.positions:
            return None
        states = [*prompt.get("token_type_ids", ()), *[self._text] * len(target)]
        return {**self._features([*start, *target], states), "labels": [*[IGNORED] * len(start), *target]}

    def _features(self, ids: list[int], states: list[int]) -> dict[str, list[int]]:
        return {"input_ids": ids} if self.settings.states == "none" else {"input_ids": ids, "token_type_ids": states}

    def _shown(self, part: Part, hide: random.Random | None) -> Part:
        """The part as the model gets it: under its own tag, or as `<other>` with the tag's name in words."""
        if part.tag not in self._known:
            self.unseen[part.tag] += 1
        elif part.tag in STRUCTURE or hide is None or hide.random() >= OTHER_SHARE:
            return part
        return Part(OTHER, f"{part.name}: {part.text}" if part.text else part.name)
