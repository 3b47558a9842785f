"""Parse meaning representations, the slots with values that E2E, ViGGO and RNNLG are made of (`grammars/mr.lark`)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.errors import InputError

if TYPE_CHECKING:
    from tabtext.grammar import Grammar


class Meaning(NamedTuple):
    """A dialogue act, empty where there is none, and its slots: (name, value), in order."""

    act: str
    slots: tuple[tuple[str, str], ...]


class BrokenMeaningError(InputError):
    """A meaning representation is broken at a line and column (both from 1); `what` is wrong there, and the whole
    error shows the line, cut to what surrounds the place, with a caret."""

    def __init__(self, text: str, line: int, column: int, what: str) -> None:
        self.line, self.column, self.what = line, column, what
        start = max(0, column - 60)
        shown = text.splitlines()[line - 1][start : column + 20].replace("\t", " ")
        caret = " " * (column - 1 - start) + "^"
        place = f"line {line}, column {column}"
        super().__init__(f"The meaning representation is broken at {place}: {what}.\n  {shown}\n  {caret}")

    def at(self, place: str) -> InputError:
        """The error in one sentence, for a meaning representation that stands at a place of a file."""
        line = f"line {self.line}, " if self.line > 1 else ""
        return InputError(f"{place}: The meaning representation is broken at {line}column {self.column}: {self.what}.")


def parse_mr(text: str) -> Meaning:
    """Parse one meaning representation; an InputError gives line and column and points at what is wrong."""
    from lark.exceptions import UnexpectedInput

    if not text.strip():
        raise InputError("The meaning representation is empty; it needs a slot such as name[Alimentum].")
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        ended = getattr(getattr(error, "token", None), "type", "") == "$END"
        raise (_ended(text) if ended else _unfitting(text, error.line, error.column)) from None
    children = list(tree.children)
    act = str(children.pop(0)).strip() if tree.data == "act" else ""
    try:
        return Meaning(act, tuple(_slot(child) for child in children if child is not None))
    except RecursionError:
        raise InputError("The meaning representation has brackets nested hundreds deep; a value holds a few.") from None


@lru_cache(maxsize=1)
def _grammar() -> Grammar:
    from tabtext.grammar import load

    return load("mr")


def _slot(tree: Any) -> tuple[str, str]:
    name, *values = tree.children
    if not values:
        return str(name).strip(), ""
    if tree.data == "bracketed":
        return str(name).strip(), _nested(values[0]).strip()
    value = str(values[0]).strip()
    return str(name).strip(), value[1:-1] if tree.data == "quoted" else value


def _nested(value: Any) -> str:
    """The text of a value, its inner brackets put back."""
    return "".join(f"[{_nested(part)}]" if hasattr(part, "children") else str(part) for part in value.children)


def _unfitting(text: str, line: int, column: int) -> BrokenMeaningError:
    found = text.splitlines()[line - 1][column - 1 : column]
    return BrokenMeaningError(text, line, column, f"{found!r} does not fit there")


def _ended(text: str) -> BrokenMeaningError:
    lines = text.rstrip().splitlines()
    what = "the text ends where a bracket or a slot was expected"
    return BrokenMeaningError(text, len(lines), len(lines[-1]) + 1, what)
