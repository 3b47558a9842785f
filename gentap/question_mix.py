"""What is asked of each table: how many questions, of which types."""

from __future__ import annotations

from dataclasses import dataclass

from tabtext.errors import InputError

PER_TABLE = 40
"""Questions per table, at most, unless more or fewer are asked for: each type once, and a few again."""


@dataclass(frozen=True)
class QuestionMix:
    """How many questions, of which types (all of them where empty), single cells only or not.

    `verify` reads every question back and runs the program that was read.
    """

    per_table: int = PER_TABLE
    types: tuple[str, ...] = ()
    single_cell: bool = False
    verify: bool = False

    def __post_init__(self) -> None:
        if self.per_table < 1:
            raise InputError(f"--per-table is {self.per_table}; it takes 1 or more.")
