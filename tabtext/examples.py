"""The items that files, training and scoring share: one dataclass per task, one JSON object per line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tabtext.errors import InputError, unknown_name
from tabtext.record import Record, Triple, record_and_texts
from tabtext.table import Cell, Table


@dataclass(frozen=True)
class QAExample:
    """A question about a table. `answer` is the sentence (or the short answer in one string), `answers` the list of
    short answers, and `evidence` the cells of `table` that the answer rests on, where the data set marks them."""

    id: str
    question: str
    answer: str
    answers: tuple[str, ...]
    table: Table
    evidence: tuple[Cell, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON object that stands for this example in our files."""
        return {
            "id": self.id,
            "question": self.question,
            "answer": self.answer,
            "answers": list(self.answers),
            "table": self.table.to_json(),
            "evidence": [list(cell) for cell in self.evidence],
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> QAExample:
        """The example that `to_json` wrote; `answer` may be a list. An InputError names the field that is missing."""
        missing = [name for name in ("question", "answer", "table") if name not in fields]
        if missing:
            raise InputError(f"A question needs {missing[0]!r}; found the fields {sorted(fields)}.")
        answer = fields["answer"]
        several = tuple(map(str, answer)) if isinstance(answer, list) else ()
        answers, evidence, table = fields.get("answers") or several, fields.get("evidence") or (), fields["table"]
        if not isinstance(table, Mapping):
            raise InputError(f"A question's 'table' is an object with header and rows; found {table!r:.60}.")
        try:
            cells = tuple(Cell(int(row), int(column)) for row, column in evidence)
        except (TypeError, ValueError, OverflowError):
            raise InputError(f"A question's 'evidence' is [[row, column], …]; found {evidence!r:.60}.") from None
        read = Table.from_json(table)
        read.refuse_outside("evidence", cells)
        read.refuse_outside("highlighted", read.highlighted)
        if not isinstance(answers, list | tuple):
            raise InputError(f"A question's 'answers' is a list of texts; found {answers!r:.60}.")
        return cls(
            str(fields.get("id", "")),
            fields["question"],
            ", ".join(several) if several else answer or "",
            tuple(map(str, answers)),
            read,
            cells,
        )


@dataclass(frozen=True)
class TextExample:
    """A record and the texts that people wrote for it (references); `split` is the part of the data set it is from."""

    record: Record
    texts: tuple[str, ...]
    split: str = ""

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.id

    def to_json(self) -> dict[str, Any]:
        """The record's JSON object with `texts` beside its facts, so that a file of examples is a file of records."""
        fields = {**self.record.to_json(), "texts": list(self.texts)}
        return {**fields, "split": self.split} if self.split else fields

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> TextExample:
        """The example that `to_json` wrote; a single reference may stand as `text`."""
        record, texts = record_and_texts(fields)
        return cls(record, texts, str(fields.get("split", "")))


class Fidelity(str, Enum):
    """What a text does to the facts of its record (DataTuner, section 4.2); several but ACCURATE may hold at once."""

    ACCURATE = "accurate"
    OMISSION = "omission"
    REPETITION = "repetition"
    HALLUCINATION = "hallucination"
    VALUE_ERROR = "value_error"


@dataclass(frozen=True)
class FidelityExample:
    """A record, a text, and what is wrong with the text.

    `fact` holds the facts that a corruption hit (for a hallucination the foreign ones), `verdicts` one word per fact
    of the record (ok, missing, wrong, repeated) where a checker gave them, `rule` the name of the corruption. `spans`
    are the characters [start, end) of the text that the record does not support, None where that is not known.
    """

    record: Record
    text: str
    label: tuple[Fidelity, ...]
    fact: tuple[Triple, ...] = ()
    rule: str = ""
    verdicts: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON object that stands for this example in our files."""
        known = {} if self.spans is None else {"spans": [list(span) for span in self.spans]}
        return {
            "id": self.record.id,
            "record": self.record.to_json(),
            "text": self.text,
            "label": [label.value for label in self.label],
            "fact": [list(triple) for triple in self.fact],
            "rule": self.rule,
            "verdicts": list(self.verdicts),
            **known,
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> FidelityExample:
        """The example that `to_json` wrote; an InputError names a field that is missing or a label that is not ours."""
        missing = [name for name in ("record", "text", "label") if name not in fields]
        if missing:
            raise InputError(f"A fidelity pair needs {missing[0]!r}; found the fields {sorted(fields)}.")
        spans = fields.get("spans")
        try:
            fact = tuple(Triple(*triple) for triple in fields.get("fact", ()))
            marked = None if spans is None else tuple((int(start), int(end)) for start, end in spans)
            labels, verdicts = tuple(map(str, fields["label"])), tuple(fields.get("verdicts", ()))
        except (TypeError, ValueError, OverflowError):
            form = "'label' and 'verdicts' as lists, 'fact' as a list of triples, 'spans' as [[start, end], …]"
            raise InputError(f"A fidelity pair has {form}; found {dict(fields)!r:.200}.") from None
        record = Record.from_json(fields["record"])
        known = {label.value: label for label in Fidelity}
        for name in labels:
            if name not in known:
                raise unknown_name("fidelity label", name, known)
        label = tuple(known[name] for name in labels)
        return cls(record, fields["text"], label, fact, fields.get("rule", ""), verdicts, marked)
