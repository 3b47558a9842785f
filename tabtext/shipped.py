"""Where the data files that ship with the toolkit lie: in the wheel beside this file, in a checkout one level up."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """The folder `grammars` or `models`, wherever this installation keeps it."""
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (parent / folder).is_dir():
            return parent / folder
    raise FileNotFoundError(f"The installation lacks its folder {folder!r} beside {_PACKAGE}; reinstall the package.")
