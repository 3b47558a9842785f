"""What tells one input, one model or one list of examples from another, so that a run goes on only with its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from tabtext.checkpoints import digest
from tabtext.models import INDEX, LOADED, shipped_models
from tabtext.shipped import shipped


def identity(*paths: str | Path | None) -> list[str]:
    """The name and checksum of each file, or of all that a folder holds; of what is neither (`-`, a pipe) the name.

    None is left out. A file that was moved, copied or touched stays itself.
    """
    return [_named(Path(path).name, Path(path), "**/*") for path in paths if path is not None]


def model_identity(name: str | Path | None) -> str | None:
    """The same of a model's config, tokenizer and weights; of what is no folder (a hub id) the name."""
    if name is None:
        return None
    text = str(name).strip()
    folder = shipped("models") / text if text in shipped_models() else Path(text)
    return _named(text, folder, *LOADED, "*.safetensors", INDEX)


def digest_of(items: Iterable[object]) -> str:
    """A checksum of items in their order: of what each has for its `identity`, else of its value."""
    hashed = sha256()
    for item in items:
        hashed.update(repr(getattr(item, "identity", item)).encode("utf-8", "surrogatepass") + b"\n")
    return hashed.hexdigest()


def _named(name: str, path: Path, *patterns: str) -> str:
    """A name with the checksum of a file, or of the files of a folder that have these names and are not hidden."""
    if path.is_dir():
        return f"{name} {digest_of(_checksums(path, patterns))}"
    return f"{name} {_checksum(path)}".rstrip() if path.is_file() else name


def _checksums(folder: Path, patterns: Iterable[str]) -> Iterator[tuple[str, str]]:
    for file in sorted({file for pattern in patterns for file in folder.glob(pattern) if file.is_file()}):
        name = file.relative_to(folder)
        if not any(part.startswith(".") for part in name.parts):
            yield name.as_posix(), _checksum(file)


def _checksum(file: Path) -> str:
    """The checksum of a file's bytes, empty where it cannot be read: whoever reads it then says why."""
    try:
        return digest(file)
    except OSError:
        return ""
