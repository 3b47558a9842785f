"""BLEU, chrF, TER, length ratio and brevity penalty, from sacreBLEU's own segment statistics.

sacreBLEU looks at the segments; the formulas here turn sums of its statistics into scores for many resamples at once
and agree with its own to rounding. Papineni et al. 2002; Popović 2015; Snover et al. 2006; Post 2018.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.metrics.base import Items, Metric, ratio

if TYPE_CHECKING:
    from tabtext.metrics.base import Floats

MAX_ORDER = 4
CHRF_BETA = 2
CHRF_CHARACTERS = 6


class Peer(NamedTuple):
    """A metric of sacreBLEU: its module and class there, and what it is made with."""

    module: str
    name: str
    options: tuple[tuple[str, Any], ...] = ()

    def make(self) -> Any:
        """sacreBLEU's metric."""
        return getattr(import_module(f"sacrebleu.metrics.{self.module}"), self.name)(**dict(self.options))


class SacreMetric(Metric):
    """A metric whose segment statistics sacreBLEU computes."""

    peer: Peer

    def statistics(self, items: Items) -> Floats:
        """sacreBLEU's statistics, one row per item; not to be written to, since equal items share them."""
        return _statistics(self.peer, items.predictions, items.references)


class Bleu(SacreMetric):
    """sacreBLEU (13a tokens, exponential smoothing), in percent; the closest reference counts for the length."""

    def __init__(self, *, lowercase: bool = False) -> None:
        self.name = "sacrebleu_lc" if lowercase else "sacrebleu"
        self.peer = Peer("bleu", "BLEU", (("lowercase", lowercase),))
        self.settings = (f"case:{'lc' if lowercase else 'mixed'}", "tok:13a", "smooth:exp", _version())

    def value(self, sums: Floats) -> Floats:
        """BLEU from [prediction length, reference length, 4 correct, 4 total]."""
        import numpy as np

        correct, total = sums[..., 2 : 2 + MAX_ORDER], sums[..., 2 + MAX_ORDER :]
        invented = 0.5 ** np.cumsum(correct == 0, axis=-1)
        precision = ratio(np.where(correct > 0, correct, invented), total)
        usable = (correct > 0).any(axis=-1) & (total > 0).all(axis=-1)
        logs = np.log(np.where(precision > 0, precision, 1.0)).mean(axis=-1)
        return np.where(usable, 100 * brevity(sums) * np.exp(logs), 0.0)


class BrevityPenalty(Bleu):
    """The factor by which BLEU is lower because the predictions are shorter than the references."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.settings = "brevity_penalty", ("tok:13a", _version())

    def value(self, sums: Floats) -> Floats:
        """The penalty, 1 where the predictions are long enough."""
        return brevity(sums)


class LengthRatio(BrevityPenalty):
    """Length of the predictions over that of the closest references, in 13a tokens."""

    higher_is_better = None

    def __init__(self) -> None:
        super().__init__()
        self.name = "length_ratio"

    def value(self, sums: Floats) -> Floats:
        """The ratio."""
        return ratio(sums[..., 0], sums[..., 1])


class ChrF(SacreMetric):
    """chrF2, or chrF2++ with `words=2`, in percent; of several references the best one counts."""

    def __init__(self, *, words: int = 0) -> None:
        self.name = "chrf" + "+" * words
        options = {"char_order": CHRF_CHARACTERS, "word_order": words, "beta": CHRF_BETA}
        self.peer = Peer("chrf", "CHRF", tuple(options.items()))
        self.settings = ("case:mixed", f"nc:{CHRF_CHARACTERS}", f"nw:{words}", "space:no", _version())

    def value(self, sums: Floats) -> Floats:
        """F-beta of the mean precision and recall over the orders that both sides have."""
        import numpy as np

        predicted, wanted, matched = (sums[..., i::3] for i in range(3))
        counted = (predicted > 0) & (wanted > 0)
        orders = counted.sum(axis=-1)
        precision = ratio(np.where(counted, ratio(matched, predicted), 0).sum(axis=-1), orders)
        recall = ratio(np.where(counted, ratio(matched, wanted), 0).sum(axis=-1), orders)
        factor = CHRF_BETA**2
        return 100 * ratio((1 + factor) * precision * recall, factor * precision + recall)


class Ter(SacreMetric):
    """Translation edit rate in percent, lower-cased: edits and shifts over the mean reference length."""

    name = "ter"
    peer = Peer("ter", "TER")
    higher_is_better = False

    def __init__(self) -> None:
        self.settings = ("case:lc", "tok:tercom", "norm:no", "punct:yes", _version())

    def value(self, sums: Floats) -> Floats:
        """Edits over reference words; 100 where there are edits and no reference words."""
        import numpy as np

        edits, words = sums[..., 0], sums[..., 1]
        return 100 * np.where(words > 0, ratio(edits, words), (edits > 0).astype(float))


@lru_cache(maxsize=32)
def _statistics(peer: Peer, predictions: tuple[str, ...], references: tuple[tuple[str, ...], ...]) -> Floats:
    import numpy as np

    streams = list(zip_longest(*references))
    statistics = np.asarray(peer.make()._extract_corpus_statistics(list(predictions), streams), dtype=np.float64)
    statistics.flags.writeable = False
    return statistics


def brevity(sums: Floats) -> Floats:
    """BLEU's brevity penalty from [prediction length, reference length, …]."""
    import numpy as np

    predicted, wanted = sums[..., 0], sums[..., 1]
    short = np.exp(1 - wanted / np.maximum(predicted, 1e-9))
    return np.where(predicted >= wanted, 1.0, np.where(predicted > 0, short, 0.0))


def _version() -> str:
    from importlib.metadata import version

    return f"sacrebleu:{version('sacrebleu')}"
