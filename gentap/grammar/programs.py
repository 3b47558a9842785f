"""Programs: what a question asks of a table, as a small tree with a readable string form.

`lookup("Film", equals("Year", "2012"))` is a `Call` whose arguments are column names, values and conditions, in that
kind of order: columns, calls, values. The names are the rules of `grammars/question.lark` and, for execution, the
methods of `gentap.grammar.executor`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import NamedTuple

from tabtext.errors import InputError


class Call(NamedTuple):
    """A named operation and its arguments."""

    name: str
    arguments: tuple[Call | str, ...]

    def __str__(self) -> str:
        written = [encode_basestring(a) if isinstance(a, str) else str(a) for a in self.arguments]
        return f"{self.name}({', '.join(written)})"


def parse_program(text: str) -> Call:
    """The program that `str` wrote; an InputError shows where it is none."""
    tokens = _tokens(text)
    call = _call(text, tokens)
    if next(tokens, None) is not None:
        raise InputError(f"The program {text!r} goes on after its last parenthesis.")
    return call


_TOKEN = re.compile(r'\s*(?:(?P<name>[a-z_]+)\(|(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[,)]))')


def _tokens(text: str) -> Iterator[re.Match[str]]:
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if not found:
            raise InputError(f"The program {text!r} cannot be read at {text[place : place + 20]!r}.")
        yield found
        place = found.end()


def _call(text: str, tokens: Iterator[re.Match[str]], name: str = "") -> Call:
    """The call whose name comes next, or whose `name` has been read."""
    name = name or (first["name"] or "" if (first := next(tokens, None)) else "")
    arguments: list[Call | str] = []
    mark: str | None = "," if name else ""
    while mark == ",":
        token = next(tokens, None)
        if token is not None and token["mark"] == ")" and not arguments:
            return Call(name, ())
        if token is None or token["mark"]:
            break
        arguments.append(_call(text, tokens, token["name"]) if token["name"] else json.loads(token["string"]))
        mark = after["mark"] if (after := next(tokens, None)) else None
    if mark != ")":
        raise InputError(f"The program {text!r} is not a call with its closing parenthesis.")
    return Call(name, tuple(arguments))
