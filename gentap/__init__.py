"""Table question answering trained on questions we synthesise ourselves (GenTaP, AAAI 2022)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gentap.table_qa import TableQA

__all__ = ["TableQA"]


def __getattr__(name: str) -> object:
    """Import `TableQA` when it is asked for, so that importing the package stays cheap."""
    if name == "TableQA":
        from gentap.table_qa import TableQA

        return TableQA
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
