"""Restaurants of our own, each a record with a text that says it, and a way to run the program."""

import sys
from unittest.mock import patch

import pytest

from datatuner import cli
from tabtext.examples import TextExample
from tabtext.record import Record

NAMES = ("The Mill", "The Eagle", "Aromi", "Zizzi", "Cotto", "Strada")
PLACES = ("Clare Hall", "Burger King", "Café Rouge", "All Bar One", "The Bakers", "Ranch")
FOODS = ("Indian", "Italian", "French", "Chinese", "English", "Japanese")


def restaurant(index):
    name, near, food = NAMES[index % 6], PLACES[(index + 2) % 6], FOODS[(index * 5) % 6]
    friendly = "yes" if index % 2 else "no"
    record = Record.from_mr(
        f"name[{name}], eatType[pub], food[{food}], area[riverside], familyFriendly[{friendly}], near[{near}]",
        id=f"r{index}",
    )
    kind = "family friendly" if index % 2 else "not family friendly"
    text = f"{name} is a pub near {near}, and it serves {food} food. It is by the riverside. The pub is {kind}."
    return TextExample(record, (text,))


EXAMPLES = [restaurant(index) for index in range(12)]


def run_cli(*arguments):
    """The program's exit status what it printed is with capsys."""
    with patch.object(sys, "argv", ["datatuner", *map(str, arguments)]), pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0
