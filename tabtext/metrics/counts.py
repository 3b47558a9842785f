"""Scores that are counts: distinct n-grams, wrong slots as a checker counted them, items by fidelity class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError
from tabtext.metrics.base import Items, Metric, ratio
from tabtext.metrics.rouge import tokenize

if TYPE_CHECKING:
    from tabtext.metrics.base import Floats

FIDELITY_CLASSES = ("accurate", "omission", "repetition", "hallucination", "value_error")
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
    out; `repeats=True` counts them. Each item's fields must hold the counts `missing`, `added`, `wrong`, `repeated`
    and `slots`, at the top or under `slot_counts`: `tabtext slots` writes them.
    """

    needs_references = False
    higher_is_better = False

    def __init__(self, *, repeats: bool = False) -> None:
        self.name = "slot_error_rate_repeats" if repeats else "slot_error_rate"
        self.errors = SLOT_COUNTS[: 4 if repeats else 3]
        self.settings = ("errors:" + "+".join(self.errors),)

    def statistics(self, items: Items) -> Floats:
        """Errors and slots of every item, shape [items, 2]."""
        import numpy as np

        rows = []
        for index, fields in enumerate(_fields(items, self.name)):
            counts = slot_counts(fields, f"{self.name}: item {index + 1}")
            rows.append((sum(counts[name] for name in self.errors), counts["slots"]))
        return np.asarray(rows, dtype=np.float64)

    def value(self, sums: Floats) -> Floats:
        """Errors over slots."""
        return 100 * ratio(sums[..., 0], sums[..., 1])


class FidelityShare(Metric):
    """The share of items, in percent, whose field `fidelity` is this class."""

    needs_references = False

    def __init__(self, fidelity: str) -> None:
        self.fidelity = fidelity
        self.name = f"fidelity_{fidelity}"
        self.higher_is_better = fidelity == "accurate"

    def statistics(self, items: Items) -> Floats:
        """Whether each item is of the class, and a one, shape [items, 2]."""
        import numpy as np

        found = [_fidelity(fields, index) for index, fields in enumerate(_fields(items, self.name))]
        return np.asarray([(fidelity == self.fidelity, 1) for fidelity in found], dtype=np.float64)

    def value(self, sums: Floats) -> Floats:
        """Items of the class over items."""
        return 100 * ratio(sums[..., 0], sums[..., 1])


def slot_counts(fields: Mapping[str, Any], what: str) -> dict[str, int]:
    """The five counts of one item; an InputError says which are absent or no counts."""
    held = fields.get("slot_counts", fields)
    counts: dict[str, Any] = {name: held.get(name) for name in SLOT_COUNTS} if isinstance(held, Mapping) else {}
    wrong = [name for name in SLOT_COUNTS if not isinstance(counts.get(name), int) or counts[name] < 0]
    if wrong:
        raise InputError(f"{what} needs whole numbers in the fields {', '.join(wrong)}; a slot checker writes them.")
    return counts


def _fields(items: Items, name: str) -> tuple[Mapping[str, Any], ...]:
    if not items.fields:
        raise InputError(f"{name} reads fields of the predictions, not their text; give predictions as JSON Lines.")
    return items.fields


def _fidelity(fields: Mapping[str, Any], index: int) -> str:
    found = str(fields.get("fidelity", "")).lower()
    if found not in FIDELITY_CLASSES:
        raise InputError(
            f"Item {index + 1} has the fidelity {fields.get('fidelity')!r}; it must be {' or '.join(FIDELITY_CLASSES)}."
        )
    return found
