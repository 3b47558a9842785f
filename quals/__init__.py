"""Is a text supported by its source? Judged by questions and answers (QUALS and ConSeq, ACL 2021; QAGS, ACL 2020)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quals.score import QUALS

__all__ = ["QUALS"]


def __getattr__(name: str) -> object:
    """Import `QUALS` when it is asked for, so that importing the package stays cheap."""
    if name == "QUALS":
        from quals.score import QUALS

        return QUALS
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
