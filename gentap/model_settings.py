"""What a table QA model must be told again to be used as it was trained; it travels in the model's own config."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from tabtext.errors import InputError

THRESHOLD = 0.05
"""An answer whose tokens have a lower probability (geometric mean) counts as not in the table, unless a model says."""

_KEY = "table_qa"


@dataclass(frozen=True)
class ModelSettings:
    """The linearisation's name, the input tokens read, the decoders trained, when to abstain, and the data seen.

    A sentence's log-probability is divided by its length to the power of `length_penalty` before beams are compared:
    above 1 longer sentences are preferred. Where sentences are `composed`, rules make them around the cell that the
    model finds (`gentap.rules`), and the sentence decoder speaks only where they find nothing; with `drafts` the
    model reads a sentence that rules made, and writes its own.
    """

    linearization: str = "keyed"
    max_length: int = 512
    decoders: tuple[str, ...] = ("sentence",)
    threshold: float = THRESHOLD
    length_penalty: float = 1.0
    composed: bool = False
    drafts: bool = False
    seen: tuple[str, ...] = ()

    def store(self, config: Any) -> None:
        """Write the settings into a transformers config."""
        setattr(config, _KEY, {name: _plain(value) for name, value in asdict(self).items()})

    @classmethod
    def of(cls, config: Any, name: str) -> ModelSettings:
        """The settings that a config holds; InputError, with the model's name, where it holds none."""
        stored = getattr(config, _KEY, None)
        if not isinstance(stored, dict):
            raise InputError(
                f"Model {name!r}: has never read a table; gentap pretrain or gentap finetune make a table model of it."
            )
        known: dict[str, Any] = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in known.items()}
        return cls(**values)


def seen_before(config: Any) -> tuple[str, ...]:
    """The data that a model has seen, by its config; nothing where it never read a table."""
    return tuple((getattr(config, _KEY, None) or {}).get("seen", ()))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
