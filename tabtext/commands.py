"""What our commands take on their line: finite numbers, several values of a repeatable option and one of any other.

A program is made by `program`, and its commands are each a `Command`.
"""

from __future__ import annotations

from collections import Counter
from math import isfinite
from typing import Any

import typer
from typer.core import TyperCommand, TyperOption

from tabtext.errors import InputError


class Command(TyperCommand):
    """A command whose numbers are finite, since no range of an option keeps out `nan` and none need keep out `inf`, and
    whose options, unless they may be repeated, have one value, where click takes the last without a word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as usual, then refuse numbers that are none, and an option that was given a second value."""
        said = list(args)
        left = super().parse_args(ctx, args)
        self._refuse_repeated(ctx, said)
        for parameter in self.params:
            value = ctx.params.get(parameter.name)
            if isinstance(value, float) and not isfinite(value):
                raise typer.BadParameter(
                    f"{value} is not a finite number.", ctx=ctx, param_hint=f"'{parameter.opts[0]}'"
                )
        if ctx.params.get("model") and _was_said(ctx, "from_scratch"):
            raise InputError("--from-scratch is the size of a new model, --model one to start from; pass one of them.")
        return left

    def _refuse_repeated(self, ctx: Any, args: list[str]) -> None:
        """Raise InputError where an option that takes one value was given several times."""
        _, _, order = self.make_parser(ctx).parse_args(args)
        for option, times in Counter(order).items():
            if times > 1 and isinstance(option, TyperOption) and not (option.multiple or option.is_flag):
                raise InputError(f"{option.opts[0]} was given {times} times and takes one value; give it once.")


def _was_said(ctx: Any, name: str) -> bool:
    """Whether a person gave the option, rather than its default."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


class Program(typer.Typer):
    """A command line program whose commands are each a `Command`."""

    def command(self, name: str | None = None, *, cls: type[TyperCommand] | None = Command, **more: Any) -> Any:
        """Register a command as typer does."""
        return super().command(name, cls=cls, **more)


def program(help: str) -> Program:
    """An empty command line program with our settings."""
    return Program(help=help, rich_markup_mode=None, add_completion=False, no_args_is_help=True,
                       pretty_exceptions_enable=False)  # fmt: skip


class ManyValues(Command):
    """A command whose repeatable options take several values at once: `--references a b` says both."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Say the option again before each further value, then parse as usual."""
        many = {name for parameter in self.params if getattr(parameter, "multiple", False) for name in parameter.opts}
        said: list[str] = []
        option = ""
        for word in args:
            if word.startswith("-") and word != "-":
                option = word if word in many else ""
            elif option and said[-1] != option:
                said.append(option)
            said.append(word)
        return super().parse_args(ctx, said)
