"""The words of a grammar, and which of them may follow which: what a name must not be mistaken for."""

from __future__ import annotations

from collections.abc import Mapping

from tabtext.grammar import Grammar, Slot

NAME = ""
"""What follows a word behind which a name may stand."""


class Vocabulary(frozenset[str]):
    """The words of a grammar; `following` has the words that may come after each, and `NAME` where a name may."""

    following: Mapping[str, frozenset[str]]

    def goes_on(self, word: str, second: str) -> bool:
        """Whether the grammar says the second word right after the first."""
        return second in self.following.get(word, ())

    def leads_to_a_name(self, word: str) -> bool:
        """Whether a name may stand right after this word."""
        return NAME in self.following.get(word, ())


def vocabulary(grammar: Grammar) -> Vocabulary:
    """The words of a grammar without its commas, with what follows them."""
    found = Vocabulary(word for word in grammar.words if word != ",")
    following: dict[str, set[str]] = {word: set() for word in found}
    for alternatives in grammar.rules.values():
        for _, parts in alternatives:
            for part, after in zip(parts, (*parts[1:], Slot("")), strict=True):
                if isinstance(part, str) and part in following:
                    following[part] |= _first_words(grammar, after)
    found.following = {word: frozenset(after) for word, after in following.items()}
    return found


def _first_words(grammar: Grammar, part: str | Slot) -> set[str]:
    """The words with which a part may begin; `NAME` too where it may be a name, or is the end of its rule."""
    if isinstance(part, str):
        return {part}
    return {
        word for alternative in grammar.rules.get(part.name, ()) for word in _first_words(grammar, alternative.parts[0])
    } or {NAME}
