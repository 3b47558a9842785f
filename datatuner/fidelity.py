"""The fidelity classifier: what a text does to the facts of its record, as a whole, fact by fact and word by word.

After DataTuner (section 4.2), with several classes at once, a verdict per fact, unsupported spans, and probabilities
that mean what they say. It is a `Scorer`: higher is the probability that a text is accurate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError
from tabtext.examples import Fidelity
from tabtext.record import Record, Triple
from tabtext.slots import Verdict

if TYPE_CHECKING:
    import torch

    from datatuner.fidelity_input import Encoded, PairRow
    from datatuner.fidelity_model import FidelityOutput
    from tabtext.models import Seq2Seq

BATCH_TOKENS = 8192
"""Padded tokens judged in one pass."""
WINDOW = 1024
"""Pairs read ahead to find such of like length."""
HALF = 0.5
"""A class or an unsupported token is held to be there from this probability on."""


@dataclass(frozen=True)
class FidelityReport:
    """What the classifier says of a text: a probability per class, a verdict with its probability per fact of the
    record, and the characters [start, end) of the text that no fact supports."""

    record: Record
    text: str
    probabilities: Mapping[Fidelity, float]
    verdicts: tuple[Verdict, ...]
    confidences: tuple[float, ...]
    unsupported: tuple[tuple[int, int], ...]

    @property
    def accurate(self) -> float:
        """The probability that the text says its record, all of it, once, and nothing else."""
        return self.probabilities[Fidelity.ACCURATE]

    @property
    def label(self) -> Fidelity:
        """The likeliest class."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])

    @property
    def labels(self) -> tuple[Fidelity, ...]:
        """Every fault that is likelier there than not; the likeliest class where none is."""
        faults = [name for name, p in self.probabilities.items() if p >= HALF and name is not Fidelity.ACCURATE]
        return tuple(faults) if faults and self.label is not Fidelity.ACCURATE else (self.label,)

    def facts(self, verdict: Verdict) -> tuple[Triple, ...]:
        """The facts of this verdict."""
        return tuple(t for t, v in zip(self.record.triples, self.verdicts, strict=True) if v is verdict)

    def to_json(self) -> dict[str, Any]:
        """`class`, `probabilities`, `verdicts` (fact, verdict, probability) and the unsupported spans."""
        judged = zip(self.record.triples, self.verdicts, self.confidences, strict=True)
        return {
            "class": self.label.value,
            "probabilities": {name.value: round(p, 4) for name, p in self.probabilities.items()},
            "verdicts": [{"fact": list(t), "verdict": v.value, "probability": round(p, 4)} for t, v, p in judged],
            "unsupported": [list(span) for span in self.unsupported],
        }


class FidelityClassifier:
    """A trained classifier; call it with a record and texts, or ask `judge` for reports."""

    def __init__(self, seq2seq: Seq2Seq) -> None:
        from datatuner.fidelity_input import PairEncoder
        from datatuner.fidelity_model import temperatures

        self.model, self.tokenizer = seq2seq.model.eval(), seq2seq.tokenizer
        self.encoder = PairEncoder(self.tokenizer, self.model.config.max_length)
        self.temperatures = temperatures(self.model.config)

    @classmethod
    def from_pretrained(cls, name: str | Path, *, device: str | torch.device | None = None) -> FidelityClassifier:
        """The classifier of a folder, a shipped name or a hub id; an InputError where it is none of ours."""
        from tabtext.model_kinds import refuse_other_kind
        from tabtext.models import Seq2Seq, default_device, located, said_clearly, without_bars

        source, cached = located(name)
        refuse_other_kind(name, source, "fidelity")
        from transformers import AutoConfig, AutoTokenizer

        from datatuner.fidelity_model import FidelityConfig, FidelityModel

        with said_clearly(name), without_bars():
            config = AutoConfig.from_pretrained(source, local_files_only=cached)
            if not isinstance(config, FidelityConfig):
                raise InputError(
                    f"Model {str(name)!r} is a {config.model_type}, no fidelity classifier; datatuner train-fidelity "
                    "makes one of an encoder."
                )
            _check_labels(config, str(name))
            tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=cached)
            model: Any = FidelityModel.from_pretrained(source, use_safetensors=True, local_files_only=cached)
        return cls(Seq2Seq(model.to(device or default_device()), tokenizer))

    def save_pretrained(self, folder: str | Path) -> None:
        """Write the classifier into a folder: safetensors, config with its temperatures, tokenizer."""
        from tabtext.models import Seq2Seq

        Seq2Seq(self.model, self.tokenizer).save(Path(folder))

    def __call__(self, source: Record, texts: Sequence[str]) -> list[float]:
        """The probability of each text that it is accurate."""
        return [report.accurate for report in self.judge((source, text) for text in texts)]

    def judge(self, pairs: Iterable[tuple[Record, str]]) -> Iterator[FidelityReport]:
        """A report per (record, text), in order; an InputError for a pair that is too long to be judged."""
        from datatuner.fidelity_input import inputs

        pairs = iter(pairs)
        while ahead := list(islice(pairs, WINDOW)):
            encoded = [self.encoder.encode(*pair) for pair in ahead]
            outputs = self.outputs([inputs(pair) for pair in encoded])
            for (record, text), pair, output in zip(ahead, encoded, outputs, strict=True):
                yield self._report(record, text, pair, output)

    def outputs(self, rows: Sequence[PairRow]) -> list[FidelityOutput]:
        """The network's logits of each row of ids, in order: [5], [facts, 4], [tokens]."""
        import torch

        from datatuner.fidelity_input import pad_pairs
        from tabtext.batches import length_batches

        found: dict[int, FidelityOutput] = {}
        for batch in length_batches([len(row["input_ids"]) for row in rows], BATCH_TOKENS):
            padded = pad_pairs([rows[i] for i in batch], self.tokenizer.pad_token_id)
            with torch.inference_mode():
                output = self.model(**{name: part.to(self.model.device) for name, part in padded.items()})
            for row, i in enumerate(batch):
                facts, tokens = max(rows[i]["fact_ids"]), len(rows[i]["input_ids"])
                parts = output.classes[row], output.facts[row, :facts], output.spans[row, :tokens]
                found[i] = type(output)(None, *(part.cpu() for part in parts))
        return [found[i] for i in range(len(rows))]

    def _report(self, record: Record, text: str, pair: Encoded, output: FidelityOutput) -> FidelityReport:
        classes = (output.classes / self.temperatures["classes"]).sigmoid().tolist()
        facts = (output.facts / self.temperatures["facts"]).softmax(-1)
        tokens = (output.spans / self.temperatures["spans"]).sigmoid().tolist()
        best = facts.max(-1)
        verdicts = tuple(list(Verdict)[i] for i in best.indices.tolist())
        probabilities = dict(zip(Fidelity, classes, strict=True))
        return FidelityReport(record, text, probabilities, verdicts, tuple(best.values.tolist()),
                              _joined_spans(text, pair.offsets, tokens))  # fmt: skip


def _joined_spans(
    text: str, offsets: Sequence[tuple[int, int] | None], probabilities: Sequence[float]
) -> tuple[tuple[int, int], ...]:
    """The unsupported tokens as spans of whole words, those with nothing but blanks between them as one."""
    spans: list[tuple[int, int]] = []
    for place, probability in zip(offsets, probabilities, strict=True):
        if place is None or probability < HALF:
            continue
        start, end = _whole_words(text, *place)
        if start >= end:
            continue
        if spans and not text[spans[-1][1] : start].strip():
            start = spans.pop()[0]
        spans.append((start, end))
    return tuple(spans)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A token's place without the blanks and marks before it, and with all of the word that it is a part of."""
    while start < end and not text[start].isalnum():
        start += 1
    while 0 < start < end and text[start - 1].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _check_labels(config: Any, name: str) -> None:
    """Refuse a classifier that tells other things apart than ours."""
    from datatuner.fidelity_model import CLASSES, VERDICTS

    for what, ours, theirs in (("classes", CLASSES, config.classes), ("verdicts", VERDICTS, config.verdicts)):
        if theirs is not None and tuple(theirs) != ours:
            raise InputError(
                f"Model {name!r} was trained on other {what}: {', '.join(map(str, theirs))}; "
                f"ours are {', '.join(ours)}."
            )
