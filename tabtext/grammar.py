"""Grammars read in both directions: `parse` reads a text with Lark, `sample` writes one from the same compiled rules.

Lark has no generator, so `sample` walks the rules and terminals that Lark compiled for its parser. A grammar whose
rules cannot be reached or never end, or whose terminals cannot be sampled, is refused when it is loaded.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.errors import InputError, unknown_name
from tabtext.regexes import Sampler, regex_sampler
from tabtext.shipped import shipped

if TYPE_CHECKING:
    from lark import Lark
    from lark.lexer import TerminalDef
    from lark.tree import Tree

MAX_DEPTH = 12
"""Below this depth `sample` takes only the alternatives that end soonest."""


class Slot(NamedTuple):
    """A place in an alternative that a rule or a terminal with a pattern fills."""

    name: str


class Alternative(NamedTuple):
    """One way to write a rule: words as they stand and slots, and the name its tree will have."""

    name: str
    parts: tuple[str | Slot, ...]


class Grammar:
    """A compiled grammar.

    `separator` stands between the parts of a sampled text: a space where the grammar ignores white space.
    """

    def __init__(self, name: str, lark: Lark, separator: str | None = None) -> None:
        self.name = name
        self.lark = lark
        self.separator = (" " if lark.ignore_tokens else "") if separator is None else separator
        self._check()

    @cached_property
    def rules(self) -> Mapping[str, tuple[Alternative, ...]]:
        """Every rule's alternatives, as Lark compiled them."""
        words = self._words
        rules: dict[str, list[Alternative]] = {}
        for rule in self.lark.rules:
            parts = tuple(words.get(symbol.name) or Slot(symbol.name) for symbol in rule.expansion)
            rules.setdefault(str(rule.origin.name), []).append(Alternative(rule.alias or rule.origin.name, parts))
        return {name: tuple(alternatives) for name, alternatives in rules.items()}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The literals of the grammar, each with the name of its terminal."""
        return {word: name for name, word in self._words.items()}

    def parse(self, text: Any) -> Tree[Any]:
        """The tree of a text; Lark's UnexpectedInput where the text is outside the language."""
        return self.lark.parse(text)

    def sample(self, rng: random.Random, start: str | None = None, max_depth: int = MAX_DEPTH) -> str:
        """A random text of the language: alternatives are equally likely, and end soonest below `max_depth`."""
        start = start or self.lark.options.start[0]
        if start not in self.rules:
            raise unknown_name("rule", start, self.rules)
        pieces: list[str] = []
        stack: list[tuple[str | Slot, int]] = [(Slot(start), 0)]
        while stack:
            part, depth = stack.pop()
            if isinstance(part, str):
                pieces.append(part)
            elif sampler := self._samplers.get(part.name):
                pieces.append(sampler(rng))
            else:
                choices = self.rules[part.name] if depth < max_depth else self._shortest[part.name]
                chosen = choices[int(rng.random() * len(choices))]
                stack.extend((inner, depth + 1) for inner in reversed(chosen.parts))
        return self.separator.join(piece for piece in pieces if piece)

    @cached_property
    def _words(self) -> dict[str, str]:
        return {t.name: t.pattern.value for t in self.lark.terminals if t.pattern.type == "str"}

    @cached_property
    def _samplers(self) -> dict[str, Sampler]:
        ignored = set(self.lark.ignore_tokens)
        patterns = (t for t in self.lark.terminals if t.pattern.type == "re" and t.name not in ignored)
        return {terminal.name: self._sampler(terminal) for terminal in patterns}

    def _sampler(self, terminal: TerminalDef) -> Sampler:
        try:
            return regex_sampler(terminal.pattern.to_regexp())
        except ValueError as error:
            raise InputError(f"{self.name}: the terminal {terminal.name} cannot be sampled: {error}.") from None

    @cached_property
    def _heights(self) -> dict[str, int]:
        """For every rule that ends, the height of its lowest tree."""
        heights: dict[str, int] = {}
        grown = True
        while grown:
            grown = False
            for name, alternatives in self.rules.items():
                ending = [h for a in alternatives if (h := self._height(a, heights)) is not None]
                if ending and heights.get(name) != min(ending):
                    heights[name], grown = min(ending), True
        return heights

    def _height(self, alternative: Alternative, heights: Mapping[str, int]) -> int | None:
        slots = [p.name for p in alternative.parts if isinstance(p, Slot) and p.name in self.rules]
        return 1 + max((heights[name] for name in slots), default=0) if all(n in heights for n in slots) else None

    @cached_property
    def _shortest(self) -> dict[str, tuple[Alternative, ...]]:
        heights = self._heights
        return {
            name: tuple(a for a in alternatives if self._height(a, heights) == heights[name])
            for name, alternatives in self.rules.items()
        }

    def _check(self) -> None:
        """Refuse what cannot be walked: rules without end and terminals without samples."""
        endless = sorted(set(self.rules) - set(self._heights))
        if endless:
            raise InputError(f"{self.name}: the rule {endless[0]!r} never ends: each alternative needs itself.")
        _ = self._samplers


def load(name: str | Path, *, lexer: Any = None, separator: str | None = None, start: str = "start") -> Grammar:
    """The grammar of a file, or of `name` among those that ship, compiled to an LALR(1) parser.

    With a `lexer` class of one's own, a literal of several words ("what is the") is read word by word, so that literals
    may share their first words, and LALR(1) refuses a grammar that has two readings of one sequence of tokens.
    """
    path = Path(name) if Path(name).suffix else shipped("grammars") / f"{name}.lark"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        known = ", ".join(sorted(p.stem for p in shipped("grammars").glob("*.lark")))
        raise InputError(f"Unknown grammar {str(name)!r}; known: {known}.") from None
    return compile_grammar(text, path.name, lexer=lexer, separator=separator, start=start, folder=path.parent)


def compile_grammar(
    text: str,
    name: str = "grammar",
    *,
    lexer: Any = None,
    separator: str | None = None,
    start: str = "start",
    folder: Path | None = None,
) -> Grammar:
    """The grammar of a Lark text; `%import` looks into `folder`. An InputError names what is wrong with it."""
    from lark import Lark
    from lark.exceptions import GrammarError, LarkError

    source = _word_by_word(text) if lexer else text
    paths = [str(folder)] if folder else []
    try:
        lark = Lark(source, parser="lalr", lexer=lexer or "contextual", start=start, import_paths=paths,
                    maybe_placeholders=False, strict=lexer is not None)  # fmt: skip
    except (LarkError, GrammarError) as error:
        raise InputError(f"{name}: not a grammar that can be read without doubt: {error}") from None
    reached = {str(rule.origin.name) for rule in lark.rules}
    unreachable = [rule for rule in _RULE.findall(text) if rule not in reached]
    if unreachable:
        raise InputError(f"{name}: the rule {unreachable[0]!r} is never reached from {start!r}.")
    return Grammar(name, lark, separator)


_RULE = re.compile(r"^[?!]*(_?[a-z][a-z_0-9]*)(?:\.-?\d+)?\s*:", re.MULTILINE)
_LITERAL = re.compile(r'//.*|^%.*|/(?:[^/\\\n]|\\.)+/|"((?:[^"\\\n]|\\.)*)"', re.MULTILINE)


def _word_by_word(text: str) -> str:
    """The grammar text with every literal of several words cut into literals of one word each."""

    def cut(found: re.Match[str]) -> str:
        return " ".join(f'"{word}"' for word in found[1].split()) if found[1] else found[0]

    return _LITERAL.sub(cut, text)
