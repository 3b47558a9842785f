"""Data to text that says exactly the facts (DataTuner, COLING 2020)."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datatuner.fidelity import FidelityClassifier, FidelityReport
    from datatuner.generate import Generation, Generator
    from datatuner.saying import Saying, say

__all__ = ["FidelityClassifier", "FidelityReport", "Generation", "Generator", "Saying", "say"]

_MODULES = {
    "FidelityClassifier": "fidelity",
    "FidelityReport": "fidelity",
    "Generation": "generate",
    "Generator": "generate",
    "Saying": "saying",
    "say": "saying",
}


def __getattr__(name: str) -> object:
    """Import a name when it is asked for, so that importing the package stays cheap."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"datatuner.{_MODULES[name]}"), name)
