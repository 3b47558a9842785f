"""What one text must say: a `Record` of facts, read from triples, meaning representations, table rows, RDF or AMR.

A slot of a meaning representation and the cell of a row without a title are facts about the thing spoken of, which has
no name of its own there: their subject is the empty string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError
from tabtext.triples import Triple

if TYPE_CHECKING:
    import pandas as pd

FORMS = ("triples", "mr", "row", "amr")
"""The fields of a JSON object that can say what its record is, each the name of a constructor `Record.from_…`."""


@dataclass(frozen=True)
class Record:
    """The facts that one text must say, in the order of the source, and what frames them.

    `act` is a dialogue act such as `inform`, `category` a domain such as `Airport`. `amr` is the PENMAN graph of a
    record that was read from one, since its triples alone do not hold the order of its branches.
    """

    triples: tuple[Triple, ...]
    act: str = ""
    category: str = ""
    id: str = ""
    amr: str = ""

    @property
    def is_slots(self) -> bool:
        """Whether all facts are slots: they share the unnamed subject."""
        return not any(triple.subject for triple in self.triples)

    @property
    def slots(self) -> dict[str, str]:
        """The values by predicate; the last one where a predicate comes twice."""
        return {triple.predicate: triple.object for triple in self.triples}

    @classmethod
    def from_triples(
        cls, triples: Iterable[Sequence[str]], *, act: str = "", category: str = "", id: str = ""
    ) -> Record:
        """A record from (subject, predicate, object) each; numbers become text, nothing else is changed."""
        return cls(tuple(_triple(fields, number) for number, fields in enumerate(triples, 1)), act, category, id)

    @classmethod
    def from_mr(cls, text: str, *, category: str = "", id: str = "") -> Record:
        """A record from a meaning representation such as `name[Alimentum], food[Indian]` or `inform(name[…], …)`."""
        from tabtext.meaning import parse_mr

        act, slots = parse_mr(text)
        return cls(tuple(Triple("", name, value) for name, value in slots), act, category, id)

    @classmethod
    def from_row(
        cls, row: Mapping[Any, Any] | pd.Series, *, subject: str = "", category: str = "", id: str = ""
    ) -> Record:
        """A record from a table's row: header -> cell, a dict or a row of a DataFrame; empty cells say nothing."""
        return cls.from_cells(row.items(), subject=subject, category=category, id=id)

    @classmethod
    def from_cells(
        cls, cells: Iterable[tuple[Any, Any]], *, subject: str = "", category: str = "", id: str = ""
    ) -> Record:
        """A record from (header, cell) each, where headers may come twice; empty cells say nothing."""
        from tabtext.table import cell_text

        texts = ((cell_text(name).strip(), cell_text(cell).strip()) for name, cell in cells)
        triples = tuple(Triple(subject, name, cell) for name, cell in texts if cell)
        unnamed = next((triple.object for triple in triples if not triple.predicate), None)
        if unnamed is not None:
            raise InputError(f"The cell {unnamed[:40]!r} has no header; a fact needs a predicate.")
        return cls(triples, "", category, id)

    @classmethod
    def from_rdf(cls, text: str, *, format: str = "turtle", category: str = "", id: str = "") -> Record:
        """A record of all facts of an RDF document: `turtle`, `nt` or `json-ld` (needs the extra `rdf`)."""
        from tabtext.rdf import parse_rdf

        return cls(tuple(parse_rdf(text, format)), "", category, id)

    @classmethod
    def from_amr(cls, text: str, *, category: str = "", id: str = "") -> Record:
        """A record from one AMR graph in PENMAN notation (needs the extra `amr`)."""
        from tabtext.amr import parse_amr

        return cls(tuple(parse_amr(text)), "", category, id, amr=text.strip())

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Record:
        """The record of a JSON object that has one of the fields `triples`, `mr`, `row` and `amr`.

        `id` and `category` are optional, and so is `act` beside `triples`.
        """
        found = [form for form in FORMS if form in fields]
        if len(found) != 1:
            raise InputError(
                f"A record needs exactly one of the fields {', '.join(FORMS)}; found the fields {sorted(fields)}."
            )
        form = found[0]
        value, said = fields[form], {name: str(fields[name]) for name in ("id", "category") if fields.get(name)}
        expected = {"triples": list | tuple, "row": Mapping}.get(form, str)
        if not isinstance(value, expected):
            raise InputError(f"The field {form!r} must be {_KINDS.get(form, 'a text')}; found {type(value).__name__}.")
        record: Record = getattr(cls, f"from_{form}")(value, **said)
        if form == "triples" and fields.get("act"):
            record = replace(record, act=str(fields["act"]))
        return record.said()

    def to_json(self) -> dict[str, Any]:
        """The JSON object that `from_json` reads; empty fields are left out."""
        facts: dict[str, Any] = (
            {"amr": self.amr} if self.amr else {"triples": [list(triple) for triple in self.triples]}
        )
        frame = {"act": self.act, "category": self.category}
        return {"id": self.id, **facts, **{name: text for name, text in frame.items() if text}}

    def said(self) -> Record:
        """The record itself, or an InputError where it says nothing: no fact and no dialogue act."""
        if not self.triples and not self.act:
            raise InputError(f"Record {self.id!r} is empty; it needs at least one fact or a dialogue act.")
        return self

    def without_duplicates(self) -> Record:
        """The record with every fact once, at its first place."""
        return replace(self, triples=tuple(dict.fromkeys(self.triples)))


def record_and_texts(fields: Mapping[str, Any]) -> tuple[Record, tuple[str, ...]]:
    """The record of a JSON object, and its references: `texts` (or `text`); `record` may hold the record itself."""
    inner = fields["record"] if isinstance(fields.get("record"), Mapping) else fields
    texts = fields.get("texts", fields.get("text", ()))
    texts = (texts,) if isinstance(texts, str) else texts
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise InputError(f"The field 'texts' must be a list of texts; found {texts!r}.")
    if "id" not in inner and fields.get("id"):
        inner = {**inner, "id": str(fields["id"])}
    return Record.from_json(inner), tuple(texts)


_KINDS = {"triples": "a list of [subject, predicate, object]", "row": "an object of header and cell"}


def _triple(fields: Sequence[object], number: int) -> Triple:
    """A fact from its three fields; `number` (from 1) goes into the error."""
    if isinstance(fields, str) or not isinstance(fields, Sequence) or len(fields) != 3:
        raise InputError(f"Fact {number} must have subject, predicate and object; found {fields!r}.")
    if not all(isinstance(field, str | int) or (isinstance(field, float) and isfinite(field)) for field in fields):
        raise InputError(f"Fact {number} must hold texts or numbers; found {fields!r}.")
    triple = Triple(*map(str, fields))
    if not triple.predicate.strip():
        raise InputError(f"Fact {number} has no predicate; found {fields!r}.")
    return triple
