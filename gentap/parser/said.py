"""What a question says, word by word, and the table that it is about."""

from __future__ import annotations

from functools import cached_property

from gentap.parser.about import About
from gentap.parser.tokens import Token, lowered, tokens

MOST_LETTERS = 300
"""Letters of a question that are read."""


class Said:
    """The text of a question on one line, its words, and the table that it is `about`."""

    def __init__(self, text: str, about: About) -> None:
        self.text = " ".join(text.split())[:MOST_LETTERS]
        self.low = lowered(self.text)
        self.about = about
        self.tokens = tokens(self.text)

    def naming(self, column: int) -> list[Token]:
        """The words of the question that the name of a column holds."""
        header = set(self.about.headers[column])
        return [token for token in self.tokens if token.stem in header and not token.is_small]

    @cached_property
    def stems(self) -> frozenset[str]:
        """All words without their endings."""
        return frozenset(token.stem for token in self.tokens)
