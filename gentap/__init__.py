"""Table question answering trained on questions we synthesise ourselves (GenTaP, AAAI 2022)."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gentap.grammar.answer import GrammarQA
    from gentap.parser.answer import ParserQA
    from gentap.table_qa import TableQA

__all__ = ["GrammarQA", "ParserQA", "TableQA"]

_ROOMS = {"GrammarQA": "gentap.grammar.answer", "ParserQA": "gentap.parser.answer", "TableQA": "gentap.table_qa"}


def __getattr__(name: str) -> object:
    """Import what answers when it is asked for, so that importing the package stays cheap."""
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
