"""A question about a table: its words, what it asks with, the conditions that it may set, and what it is near to."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise

from gentap.parser.about import About
from gentap.parser.anchors import filters_of
from gentap.parser.programs import Filter
from gentap.parser.tokens import Token, lowered, stem, tokens
from gentap.parser.words import WordVectors

MOST_LETTERS = 300
"""Letters of a question that are read."""
_WH = re.compile(r"\b(how \w+|who|whom|whose|what|which|when|where|why|name|list)\b")
_HOWS = ("how many", "how much", "how long", "how often", "how old")


class Question:
    """A question, and the table that it is `about`."""

    def __init__(self, text: str, about: About) -> None:
        self.text = " ".join(text.split())[:MOST_LETTERS]
        self.low = lowered(self.text)
        self.about = about
        self.tokens = tokens(self.text)

    @cached_property
    def filters(self) -> list[Filter]:
        """The conditions that the question may set."""
        return filters_of(self)

    def naming(self, column: int) -> list[Token]:
        """The words of the question that the name of a column holds."""
        header = set(self.about.headers[column])
        return [token for token in self.tokens if token.stem in header and not token.is_small]

    @cached_property
    def _asks(self) -> re.Match[str] | None:
        return _WH.search(self.low)

    @cached_property
    def wh(self) -> str:
        """The word that it asks with, `how` of most pairs such as `how far`; `none` where it asks for yes or no."""
        said = self._asks[1] if self._asks else "none"
        return "how" if said.startswith("how ") and said not in _HOWS else said

    @cached_property
    def head(self) -> str:
        """The word right behind what, which or how many, if it stands for something."""
        end = self._asks.end() if self._asks else len(self.text)
        first = next((token for token in self.tokens if token.start >= end), None)
        return first.text if first and not first.is_small else ""

    @cached_property
    def words(self) -> list[Token]:
        """The words outside names of cells."""
        named = [one for one in self.filters if one.how == "is" and one.end - one.start > 3]
        return [token for token in self.tokens if not any(one.start <= token.start < one.end for one in named)]

    @cached_property
    def said(self) -> frozenset[str]:
        """All words without their endings."""
        return frozenset(token.stem for token in self.tokens)

    @cached_property
    def grams(self) -> list[str]:
        """Words and pairs of words outside names, a sign for each figure."""
        texts = [token.text if not token.text[0].isdigit() else "#" for token in self.words]
        return [*dict.fromkeys(texts), *dict.fromkeys(map(" ".join, pairwise(texts)))]

    @cached_property
    def nearness(self) -> list[float]:
        """How near each column's name is to the word outside names that is nearest to it."""
        content = WordVectors.shipped().of([token.text for token in self.words if not token.is_small])
        headers = self.about.header_vectors
        return [float((header @ content.T).max()) if header.size and content.size else 0.0 for header in headers]

    @cached_property
    def nearness_to_head(self) -> list[float]:
        """How near each column's name is to the word behind what, which or how many."""
        head = WordVectors.shipped().of([self.head])
        return [float((header @ head.T).max()) if header.size else 0.0 for header in self.about.header_vectors]

    def near(self, token: Token, column: int) -> float:
        """How near a word is to the name of a column."""
        return self._near[token.start][column]

    @cached_property
    def _near(self) -> dict[int, list[float]]:
        """How near every word is to every column's name, by where the word stands."""
        vectors = WordVectors.shipped().of([token.text for token in self.tokens])
        near = [
            (vectors @ header.T).max(1).tolist() if len(header) else [0.0] * len(self.tokens)
            for header in self.about.header_vectors
        ]
        return {token.start: [its[place] for its in near] for place, token in enumerate(self.tokens)}

    def is_head(self, word: str) -> bool:
        """Whether a word of a column's name is the one behind what, which or how many."""
        return bool(self.head) and word == stem(self.head)
