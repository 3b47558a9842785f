"""Scores that are counts: distinct n-grams, wrong slots as a checker counted them, items by fidelity class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError
from tabtext.examples import Fidelity
from tabtext.metrics.base import Items, Metric, ratio
from tabtext.metrics.rouge import tokenize
from tabtext.record import FORMS, Record

if TYPE_CHECKING:
    from tabtext.metrics.base import Floats

SLOT_COUNTS = ("missing", "added", "wrong", "repeated", "slots")


class Distinct(Metric):
    """Different n-grams over all n-grams of the predictions, in percent (Li et al. 2016).

    It has no interval: a resampled corpus holds predictions twice, which makes it look repetitive.
    """

    needs_references = False
    resamples = False

    def __init__(self, order: int) -> None:
        self.order = order
        self.name = f"distinct{order}"
        self.settings = ("case:lc", "tok:a-z0-9")

    def statistics(self, items: Items) -> Floats:
        """Per item the n-grams that no earlier item has, and all n-grams, shape [items, 2]."""
        import numpy as np

        seen: set[tuple[str, ...]] = set()
        rows = []
        for text in items.predictions:
            tokens = tokenize(text, False)
            ngrams = list(zip(*(tokens[i:] for i in range(self.order)), strict=False))
            before = len(seen)
            seen.update(ngrams)
            rows.append((len(seen) - before, len(ngrams)))
        return np.asarray(rows, dtype=np.float64)

    def value(self, sums: Floats) -> Floats:
        """New n-grams over n-grams."""
        return 100 * ratio(sums[..., 0], sums[..., 1])


class SlotErrorRate(Metric):
    """Slots that are missing, added or wrong over all slots, in percent (Dušek et al. 2019).

    The public E2E script also means to count repeated values but always finds none, so published numbers leave them
    out; `repeats=True` counts them. What a checker found is read from each item's fields (`missing`, `added`, `wrong`,
    `repeated`: counts or lists; `slots` or `verdicts`); where they hold a record instead, `tabtext.slots` checks it.
    """

    needs_references = False
    higher_is_better = False

    def __init__(self, *, repeats: bool = False) -> None:
        from tabtext.slots import ERROR_RATES

        self.name = "slot_error_rate_repeats" if repeats else "slot_error_rate"
        self.errors = ERROR_RATES[self.name]
        self.settings = ("errors:" + "+".join(self.errors),)

    def statistics(self, items: Items) -> Floats:
        """Errors and slots of every item, shape [items, 2]."""
        import numpy as np

        rows = []
        for index, fields in enumerate(_fields(items, self.name)):
            counts = slot_counts(fields, items.predictions[index], f"{self.name}: item {index + 1}")
            rows.append((sum(counts[name] for name in self.errors), counts["slots"]))
        return np.asarray(rows, dtype=np.float64)

    def value(self, sums: Floats) -> Floats:
        """Errors over slots."""
        return 100 * ratio(sums[..., 0], sums[..., 1])


class FidelityShare(Metric):
    """The share of items, in percent, whose field `fidelity` (or `label`) is or holds this class."""

    needs_references = False

    def __init__(self, fidelity: str) -> None:
        self.fidelity = Fidelity(fidelity)
        self.name = f"fidelity_{fidelity}"
        self.higher_is_better = self.fidelity is Fidelity.ACCURATE

    def statistics(self, items: Items) -> Floats:
        """Whether each item is of the class, and a one, shape [items, 2]."""
        import numpy as np

        found = [_fidelities(fields, index) for index, fields in enumerate(_fields(items, self.name))]
        return np.asarray([(self.fidelity in classes, 1) for classes in found], dtype=np.float64)

    def value(self, sums: Floats) -> Floats:
        """Items of the class over items."""
        return 100 * ratio(sums[..., 0], sums[..., 1])


def slot_counts(fields: Mapping[str, Any], text: str, what: str) -> dict[str, int]:
    """The five counts of one item; an InputError says which are absent or no counts."""
    if "missing" not in fields and any(form in fields for form in FORMS):
        from tabtext.slots import check

        fields = check(Record.from_json(fields), text).to_json()
    held = {"slots": fields.get("verdicts"), **fields}
    counts = {name: len(held[name]) if isinstance(held.get(name), list) else held.get(name) for name in SLOT_COUNTS}
    wrong = [name for name, count in counts.items() if type(count) is not int or count < 0]
    if wrong:
        raise InputError(f"{what} needs a record, or a checker's {', '.join(wrong)} as counts or lists.")
    return {name: int(count or 0) for name, count in counts.items()}


def _fields(items: Items, name: str) -> tuple[Mapping[str, Any], ...]:
    if not items.fields:
        raise InputError(f"{name} reads fields of the predictions, not their text; give predictions as JSON Lines.")
    return items.fields


def _fidelities(fields: Mapping[str, Any], index: int) -> set[Fidelity]:
    found = fields.get("fidelity", fields.get("label"))
    if isinstance(found, Mapping):  # a classifier's whole report
        found = found.get("class")
    try:
        return {Fidelity(str(name).lower()) for name in (found if isinstance(found, list) else [found])}
    except ValueError:
        known = ", ".join(fidelity.value for fidelity in Fidelity)
        raise InputError(f"Item {index + 1} has the fidelity {found!r}; known: {known}.") from None
