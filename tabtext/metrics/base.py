"""What every metric is: statistics of each segment, whose sums give the score, and a signature that says how.

Statistics per segment first, the score from their sums later (as sacreBLEU does): intervals, paired tests and
breakdowns then cost one matrix product and need no second look at the texts.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """A number and what is needed to make it again; as text it is one line that can be pasted into a paper."""

    name: str
    value: float
    signature: str
    interval: tuple[float, float] | None = None

    def __str__(self) -> str:
        interval = f" [{self.interval[0]:.4g}, {self.interval[1]:.4g}]" if self.interval else ""
        return f"{self.name}|{self.signature} = {self.value:.4g}{interval}"

    def to_json(self) -> dict[str, Any]:
        """The score as a JSON object, at full precision."""
        fields = {"name": self.name, "value": self.value, "signature": self.signature}
        return fields | ({"interval": list(self.interval)} if self.interval else {})


@dataclass(frozen=True)
class Items:
    """What is scored: one prediction and a group of references per item, ragged; item i is the same in every field.

    `fields[i]` is what else the files say of item i (question, table, record, category, slot counts …).
    """

    predictions: tuple[str, ...]
    references: tuple[tuple[str, ...], ...]
    ids: tuple[str, ...] = ()
    fields: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if len(self.predictions) != len(self.references):
            raise InputError(
                f"{len(self.predictions):,} predictions for {len(self.references):,} groups of references; "
                "scoring needs one prediction per group."
            )
        if not self.predictions:
            raise InputError("There is nothing to score: no predictions and no references.")
        for index, text in enumerate(self.predictions):
            _check_text(text, f"Prediction {index + 1}")
        for index, group in enumerate(self.references):
            if isinstance(group, str):
                raise InputError(
                    f"Item {index + 1}: references must be a list of texts; found one text {group[:40]!r}."
                )
            for text in group:
                _check_text(text, f"A reference of item {index + 1}")

    def __len__(self) -> int:
        return len(self.predictions)

    @classmethod
    def of(cls, predictions: Sequence[str], references: Sequence[str] | Sequence[Sequence[str]]) -> Items:
        """Items from plain lists; each item's references are one text or a list of texts."""
        groups = tuple((group,) if isinstance(group, str) else _group(group, i) for i, group in enumerate(references))
        return cls(tuple(predictions), groups)

    def with_predictions(self, predictions: Sequence[str]) -> Items:
        """The same items answered by another system."""
        return Items(tuple(predictions), self.references, self.ids, self.fields)

    def select(self, indices: Sequence[int]) -> Items:
        """Some of the items, in the order given."""
        take = lambda values: tuple(values[i] for i in indices) if values else ()  # noqa: E731
        return Items(take(self.predictions), take(self.references), take(self.ids), take(self.fields))

    @cached_property
    def checksum(self) -> str:
        """Eight hexadecimal digits that stand for the references: equal where two scores are of the same data."""
        digest = sha256()
        for group in self.references:
            digest.update(b"\x1e" + b"\x1f".join(text.encode("utf-8", "surrogatepass") for text in group))
        return digest.hexdigest()[:8]

    def signature(self) -> Iterator[str]:
        """The parts of a signature that say what data was scored."""
        sizes = {len(group) for group in self.references}
        yield f"n:{len(self)}"
        if max(sizes):
            yield f"refs:{min(sizes)}" if len(sizes) == 1 else f"refs:{min(sizes)}-{max(sizes)}"
            yield f"data:{self.checksum}"


class Metric(ABC):
    """A metric: `statistics` looks at each segment, `value` turns sums of statistics into the score.

    `settings` are the signature's parts that say how the texts are compared; `needs_references` is whether an item
    without references has no score; `higher_is_better` is False for error rates and None where neither end is better.
    """

    name: str
    settings: tuple[str, ...] = ()
    needs_references = True
    higher_is_better: bool | None = True
    resamples = True
    """Whether sums over a resampled corpus mean anything; where not, there is no interval."""

    @abstractmethod
    def statistics(self, items: Items) -> Floats:
        """One row of statistics per item, shape [items, statistics]."""

    @abstractmethod
    def value(self, sums: Floats) -> Floats:
        """The score of summed statistics; shape [..., statistics] gives shape [...]."""

    def compute(
        self, predictions: Sequence[str], references: Sequence[str] | Sequence[Sequence[str]] | None = None
    ) -> Score:
        """The score of these predictions against these references (one text or a list of texts per prediction)."""
        return self.score(Items.of(predictions, references if references is not None else [()] * len(predictions)))

    def score(self, items: Items) -> Score:
        """The score of these items."""
        return self.score_from(items, self.checked_statistics(items))

    def score_from(self, items: Items, statistics: Floats) -> Score:
        """The score of these items whose statistics are known."""
        return Score(self.name, float(self.value(statistics.sum(axis=0))), self.signature(items))

    def checked_statistics(self, items: Items) -> Floats:
        """The statistics, after a look whether the items have what this metric needs."""
        if self.needs_references:
            for index, group in enumerate(items.references):
                if not group:
                    name = items.ids[index] if items.ids else index + 1
                    raise InputError(f"{self.name}: item {name} has no reference; leave it out or give it one.")
        return self.statistics(items)

    def signature(self, items: Items) -> str:
        """How the score came about, in one string."""
        return "|".join((*items.signature(), *self.settings, f"v:{version('tabtext')}"))


class MeanMetric(Metric):
    """A metric whose score is the mean over the segments: `segment_scores` gives one number per item."""

    scale = 1.0

    @abstractmethod
    def segment_scores(self, items: Items) -> Sequence[float]:
        """One score per item."""

    def statistics(self, items: Items) -> Floats:
        """Each item's score and a one, shape [items, 2]."""
        import numpy as np

        scores = np.asarray(self.segment_scores(items), dtype=np.float64)
        return np.stack([scores, np.ones_like(scores)], axis=1)

    def value(self, sums: Floats) -> Floats:
        """The mean."""
        return self.scale * ratio(sums[..., 0], sums[..., 1])


def ratio(part: Floats, whole: Floats) -> Floats:
    """`part / whole`, elementwise, and 0 where the whole is 0."""
    import numpy as np

    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=np.asarray(whole) != 0)


def _group(group: Any, index: int) -> tuple[str, ...]:
    if group is None or (isinstance(group, float) and math.isnan(group)):
        raise InputError(f"The references of item {index + 1} are {group}; give a text or a list of texts.")
    return tuple(group)


def _check_text(text: object, what: str) -> None:
    if not isinstance(text, str):
        raise InputError(f"{what} is {text!r}, not a text; write an empty string where a system said nothing.")
