"""METEOR 1.5 by its official jar, and NLTK's other implementation under names of its own.

Published METEOR numbers for data-to-text come from the jar (Denkowski and Lavie 2014), those of FeTaQA from NLTK with
texts split at white space. The jar's segment statistics are kept, so intervals and paired tests need no second run.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tabtext.errors import InputError, MissingExtraError
from tabtext.metrics.base import Items, MeanMetric, Metric, ratio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tabtext.metrics.base import Floats

ALPHA, BETA, GAMMA, DELTA = 0.85, 0.2, 0.6, 0.75
STAGE_WEIGHTS = (1.0, 0.6, 0.8, 0.6)
"""The jar's parameters for English; the stages are exact, stem, synonym and paraphrase."""

_WORD = re.compile(r"\w+|[^\w\s]")
_STATISTICS = 23


class Meteor(Metric):
    """METEOR 1.5 for English with `-norm`, in percent; of several references the best one counts."""

    name = "meteor"
    settings = ("case:lc", "tok:norm", "jar:1.5", "lang:en")

    def statistics(self, items: Items) -> Floats:
        """The jar's 23 statistics per item: lengths, matches by stage for content and function words, chunks.

        Like the jar when it sums, a text matched whole and in order counts as having no chunk, and so no penalty.
        """
        import numpy as np

        lines = [
            " ||| ".join(["SCORE", *map(_one_line, references), _one_line(prediction)])
            for prediction, references in zip(items.predictions, items.references, strict=True)
        ]
        rows = [line.split() for line in _run_jar("\n".join(lines) + "\n").splitlines()]
        if len(rows) != len(items) or any(len(row) != _STATISTICS for row in rows):
            raise InputError(f"The METEOR jar answered {len(rows)} of {len(items)} items; is it meteor-1.5.jar?")
        statistics = np.asarray(rows, dtype=np.float64)
        statistics[_is_whole(statistics), 20] = 0
        return statistics

    def value(self, sums: Floats) -> Floats:
        """METEOR of summed statistics, as the jar computes it."""
        import numpy as np

        weights = np.asarray(STAGE_WEIGHTS)
        sides = []
        for side in range(2):
            length, function = sums[..., side], sums[..., 2 + side]
            content_matches = sums[..., 4 + side : 20 : 4] @ weights
            function_matches = sums[..., 6 + side : 20 : 4] @ weights
            weighed = DELTA * (length - function) + (1 - DELTA) * function
            sides.append(ratio(DELTA * content_matches + (1 - DELTA) * function_matches, weighed))
        precision, recall = sides
        mean = ratio(precision * recall, ALPHA * precision + (1 - ALPHA) * recall)
        chunks, matched = sums[..., 20], (sums[..., 21] + sums[..., 22]) / 2
        return 100 * mean * (1 - GAMMA * ratio(chunks, matched) ** BETA)


class MeteorNltk(MeanMetric):
    """The mean of NLTK's METEOR over the items, in percent; not comparable with METEOR 1.5."""

    scale = 100.0

    def __init__(self, tokens: str) -> None:
        self.name = f"meteor_nltk_{tokens}"
        self.tokenize = _NLTK_TOKENIZERS[tokens]
        self.settings = ("case:lc", f"tok:{tokens}", "synonyms:wordnet")

    def segment_scores(self, items: Items) -> list[float]:
        """NLTK's METEOR of every item, from 0 to 1."""
        score = _nltk_meteor(self.name)
        return [
            score([self.tokenize(reference) for reference in references], self.tokenize(prediction))
            for prediction, references in zip(items.predictions, items.references, strict=True)
        ]

    def signature(self, items: Items) -> str:
        """How the score came about; NLTK's METEOR has changed between versions."""
        return f"{super().signature(items)}|nltk:{version('nltk')}"


_NLTK_TOKENIZERS: dict[str, Callable[[str], list[str]]] = {"ws": str.split, "word": _WORD.findall}


def _is_whole(statistics: Floats) -> NDArray[np.bool_]:
    """Which rows are of texts whose every word is matched in one chunk."""
    matched = (statistics[:, 21] == statistics[:, 0]) & (statistics[:, 22] == statistics[:, 1])
    return matched & (statistics[:, 20] == 1)


def _one_line(text: str) -> str:
    """A text as the jar takes it: on one line, without the separator of its protocol."""
    return " ".join(text.replace("|||", " ").split())


def _run_jar(lines: str) -> str:
    java = shutil.which("java")
    if java is None:
        raise InputError(
            "METEOR 1.5 is a Java program and no 'java' is on the PATH; install Java, or score without meteor."
        )
    command = [java, "-Xmx2G", "-Duser.language=en", "-Duser.country=US", "-Dfile.encoding=UTF-8", "-jar", str(_jar())]
    done = subprocess.run(
        [*command, "-", "-", "-stdio", "-l", "en", "-norm"], input=lines.encode("utf-8", "replace"), capture_output=True
    )
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
        raise InputError(f"The METEOR jar failed with status {done.returncode}: {last[0]}")
    return done.stdout.decode()


def _jar() -> Path:
    found = find_spec("pycocoevalcap")
    if found is None or not found.submodule_search_locations:
        raise MissingExtraError("METEOR 1.5", "pycocoevalcap", "meteor")
    return Path(found.submodule_search_locations[0]) / "meteor" / "meteor-1.5.jar"


def _nltk_meteor(name: str) -> Callable[[Sequence[list[str]], list[str]], float]:
    try:
        from nltk.corpus import wordnet
        from nltk.translate.meteor_score import meteor_score
    except ImportError:
        raise MissingExtraError(name, "nltk", "metrics") from None
    try:
        wordnet.ensure_loaded()
    except LookupError:
        raise InputError(f"{name} needs NLTK's WordNet; run: python -m nltk.downloader wordnet") from None
    return meteor_score
