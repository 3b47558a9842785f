"""A record and a text as the fidelity classifier reads them: ids, which fact each is of, and where text tokens stand.

`<s> subject </s> predicate </s> object </s> … </s> text </s>`: the marks are the encoder's own, put in by number, so
that no token is added to it and nothing that a value or a text says is taken for a mark.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from datatuner.fidelity_model import CLASSES, VERDICTS
from tabtext.batches import IGNORED, Collator, pad_features
from tabtext.errors import InputError
from tabtext.examples import FidelityExample
from tabtext.record import Record
from tabtext.slots import worded
from tabtext.tokenizers import TextCodec

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerBase


class TooLongError(InputError):
    """A record and its text do not fit the classifier."""


class Encoded(NamedTuple):
    """A pair as ids, a fact's number (from 1) or 0 for each, and for each the characters [start, end) of the text that
    it stands for, None outside of the text."""

    input_ids: list[int]
    fact_ids: list[int]
    offsets: list[tuple[int, int] | None]


class PairEncoder:
    """Encodes records with texts for one tokenizer, at most `max_length` tokens each."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, max_length: int) -> None:
        self.codec, self.max_length = TextCodec(tokenizer), max_length
        end = _first(tokenizer.sep_token_id, tokenizer.eos_token_id)
        self.start, self.end = _first(tokenizer.cls_token_id, tokenizer.bos_token_id, end), end
        if not tokenizer.is_fast:
            raise InputError(f"A {type(tokenizer).__name__} does not say where its tokens stand; use a fast tokenizer.")

    def encode(self, record: Record, text: str) -> Encoded:
        """The pair as ids; a TooLongError where they do not fit, since what is cut off could not be judged.

        What rules can tell of dates, figures and names is not left to the network: a value stands in the facts as the
        text words it.
        """
        ids, facts = [self.start], [0]
        for number, part in enumerate(self._parts(worded(record, text))):
            ids += part
            facts += [number] * len(part)
        ids.append(self.end)
        text_ids, places = self._text(text)
        offsets = [*[None] * len(ids), *places, None]
        ids += [*text_ids, self.end]
        if len(ids) > self.max_length:
            raise TooLongError(
                f"Record {record.id!r}, {len(record.triples)} facts, needs {len(ids)} tokens with its text and "
                f"{self.max_length} fit the classifier; split the record, or train one with a higher --max-length."
            )
        return Encoded(ids, facts + [0] * (len(ids) - len(facts)), offsets)

    def _parts(self, record: Record) -> list[list[int]]:
        """The act, then each fact, as ids; a mark ends each of its names."""
        facts = [triple.readable() for triple in record.triples]
        names = [record.act, *(name for fact in facts for name in fact)]
        act, *rest = [[*ids, self.end] if ids else [] for ids in self.codec.encode(names)]
        return [act, *(rest[i] + rest[i + 1] + rest[i + 2] for i in range(0, len(rest), 3))]

    def _text(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The text's ids and where each stands, marks that the text spells left out."""
        text = text.encode("utf-8", "replace").decode()
        found = self.codec.tokenizer(
            text, add_special_tokens=False, split_special_tokens=True, return_offsets_mapping=True, verbose=False
        )
        marks = {self.start, self.end, self.codec.tokenizer.pad_token_id}
        pairs = zip(found["input_ids"], found["offset_mapping"], strict=True)
        kept = [(i, (start, end)) for i, (start, end) in pairs if i not in marks]
        return [i for i, _ in kept], [place for _, place in kept]


class PairRow(TypedDict):
    """What the network is given of a pair, each a number per token; `text_mask` is 1 in the text."""

    input_ids: array[int]
    fact_ids: array[int]
    text_mask: array[int]


class FidelityRow(PairRow):
    """A pair with its labels: classes [5] of 0 and 1, a verdict's number per fact, 0 or 1 per token."""

    labels: array[int]
    fact_labels: array[int]
    span_labels: array[int]


def labelled(encoder: PairEncoder, example: FidelityExample) -> FidelityRow:
    """The row that an example trains on; what it does not know of facts and spans is not learnt from."""
    pair = encoder.encode(example.record, example.text)
    said = {label.value for label in example.label}
    return FidelityRow(
        **inputs(pair),
        labels=_integers(name in said for name in CLASSES),
        fact_labels=_integers(_verdict_numbers(example) or [IGNORED]),
        span_labels=_integers(_supported(place, example.spans) for place in pair.offsets),
    )


def inputs(pair: Encoded) -> PairRow:
    """What the network is given of a pair."""
    mask = _integers(place is not None for place in pair.offsets)
    return PairRow(input_ids=_integers(pair.input_ids), fact_ids=_integers(pair.fact_ids), text_mask=mask)


def _integers(values: Iterable[int]) -> array[int]:
    """Numbers in a tenth of a list's memory: rows of a whole training set are kept."""
    return array("i", values)


def pad_pairs(rows: Sequence[Mapping[str, Any]], pad_token_id: int) -> dict[str, Tensor]:
    """Rows as one batch, padded on the right, as encoders that count positions from the left need it."""
    ids = pad_features([{"input_ids": row["input_ids"]} for row in rows], pad_token_id)
    zeros = pad_features([{name: row[name] for name in ("input_ids", "fact_ids", "text_mask")} for row in rows], 0)
    return {**ids, "fact_ids": zeros["fact_ids"], "text_mask": zeros["text_mask"]}


class FidelityCollator(Collator):
    """Labelled pairs to a padded batch."""

    def __init__(self, pad_token_id: int) -> None:
        super().__init__(None, pad_token_id)

    def length(self, example: Mapping[str, Any]) -> int:
        """The tokens of the pair."""
        return len(example["input_ids"])

    def __call__(self, examples: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
        """What `FidelityModel.forward` takes, labels included."""
        import torch

        batch = pad_pairs(examples, self.pad_token_id)
        batch["labels"] = torch.tensor([list(example["labels"]) for example in examples])
        for name in ("fact_labels", "span_labels"):
            batch[name] = pad_features([{"input_ids": example[name]} for example in examples], IGNORED)["input_ids"]
        if "row" in examples[0]:
            batch["rows"] = torch.tensor([example["row"] for example in examples])
        return batch


def _verdict_numbers(example: FidelityExample) -> list[int]:
    """A verdict's number per fact; an InputError where they are not one of ours for each."""
    if not example.verdicts:
        return [IGNORED] * len(example.record.triples)
    strange = [verdict for verdict in example.verdicts if verdict not in VERDICTS]
    if strange or len(example.verdicts) != len(example.record.triples):
        raise InputError(
            f"Record {example.record.id!r}: a verdict for each of its {len(example.record.triples)} facts is needed, "
            f"one of {', '.join(VERDICTS)}; found {', '.join(example.verdicts)}."
        )
    return [VERDICTS.index(verdict) for verdict in example.verdicts]


def _supported(place: tuple[int, int] | None, spans: Iterable[tuple[int, int]] | None) -> int:
    """1 for a token of an unsupported span, 0 for another one of the text, IGNORED where that is not known."""
    if place is None or spans is None:
        return IGNORED
    return int(any(start < place[1] and place[0] < end for start, end in spans))


def _first(*ids: int | None) -> int:
    found = next((i for i in ids if i is not None), None)
    if found is None:
        raise InputError("The tokenizer has no mark for the end of a text (sep or eos); use an encoder's.")
    return found
