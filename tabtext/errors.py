"""What went wrong with what a person gave us, said so that they can act on it."""


class InputError(ValueError):
    """One sentence for the person at the terminal: what was asked, what was found, what would do.

    The command line prints it without a traceback and ends with exit status 2.
    """


class MissingExtraError(InputError):
    """An optional dependency is not installed; the sentence holds the pip line that installs it."""

    def __init__(self, feature: str, package: str, extra: str) -> None:
        super().__init__(f"{feature} needs {package}, which is not installed; run: pip install 'tabtext[{extra}]'")


def unknown_name(kind: str, name: str, known: object) -> InputError:
    """The error for a name that no registry has, listing the names that it does have."""
    names = ", ".join(sorted(str(k) for k in known))  # type: ignore[attr-defined]
    return InputError(f"Unknown {kind} {name!r}; known: {names}.")
