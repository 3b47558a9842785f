"""How near words are to each other in meaning: `pay` to `salary`, `tenant` to `lease`.

Vectors of some twenty thousand English words, cut down from those of a sentence encoder (all-MiniLM-L6-v2, Apache-2.0)
by `gentap word-vectors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from tabtext.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SHIPPED = Path(__file__).parent / "words.npz"


class WordVectors:
    """Vectors of length 1 [words, dimensions] by word; a word that has none is near to nothing."""

    def __init__(self, words: Sequence[str], vectors: Floats) -> None:
        self.places = {word: place for place, word in enumerate(words)}
        self.vectors = vectors

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> WordVectors:
        """Those that ship."""
        return cls.load(SHIPPED)

    @classmethod
    def load(cls, path: Path) -> WordVectors:
        """Those of a file; an InputError where it holds none."""
        import numpy as np

        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                words, vectors = held["words"].tolist(), held["vectors"].astype(np.float32)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise InputError(f"{path}: holds no word vectors as `gentap word-vectors` writes them ({error}).") from None
        return cls(words, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6))

    def of(self, words: Sequence[str]) -> Floats:
        """The vectors of words [words, dimensions], zeros for unknown ones."""
        import numpy as np

        found = np.zeros((len(words), self.vectors.shape[1]), np.float32)
        for place, word in enumerate(words):
            if (at := self.places.get(word)) is not None:
                found[place] = self.vectors[at]
        return found
