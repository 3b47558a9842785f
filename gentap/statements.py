"""A short question and its cell as one sentence: `Which club has the most wins?`, `Flamengo` -> `Flamengo has the most
wins.`

Sentences mined from text say much that their table does not; these say nothing else, and teach the sentence decoder to
restate a question around its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gentap.rules.declare import declared
from tabtext.examples import QAExample

_WHAT = re.compile(r"What (?P<verb>is|are) (?P<listed>listed )?(?P<rest>.+)\?")
_VERB = re.compile(r" (?:is|are|has|have|comes|stands|shares) ")
_HOW_MANY = re.compile(r"How many (?P<noun>.+) (?P<verb>does|do) (?P<rest>.+) have\?")
_OF_TWO = re.compile(r", .+ or .+$")
_WHICH = re.compile(r"(?P<before>(?:.+, )?)[Ww]hich (?:other )?(?P<rest>.+)\?")
_WHEN = re.compile(r"(?P<before>In|On|For) which (?P<noun>.+?) (?P<verb>is|are) (?P<rest>.+)\?")


def statements(examples: Iterable[QAExample]) -> Iterator[QAExample]:
    """The short questions that can be turned into sentences, answered by these."""
    for example in examples:
        if example.answer.strip() and (said := statement(example)):
            yield replace(example, answer=said, answers=(said,))


def statement(example: QAExample) -> str | None:
    """The sentence that says a short question with its answer in place of what it asks for; None where none is known.

    The names of the table's columns and its cells show where what is asked for ends.
    """
    said = next(filter(None, (turn(example) for turn in (_what, _how_many, _when, _which))), None)
    said = f"{said[0].upper()}{said[1:]}." if said else declared(example.question, example.answer)
    return " ".join(said.split()) if said else None


def _what(example: QAExample) -> str | None:
    match = _WHAT.fullmatch(example.question)
    if not match or not any(re.search(_word(name), match["rest"], re.IGNORECASE) for name in example.table.header):
        return None  # a person's question, which asks for another thing than a column
    listed = f"{example.answer} {match['verb']} listed {match['rest']}"
    return listed if match["listed"] else f"{match['rest']} {match['verb']} {example.answer}"


def _how_many(example: QAExample) -> str | None:
    match = _HOW_MANY.fullmatch(example.question)
    return match and f"{match['rest']} {'has' if match['verb'] == 'does' else 'have'} {example.answer} {match['noun']}"


def _when(example: QAExample) -> str | None:
    """`In which year is Ann the winner?`: the subject is a cell, which tells it from what is said of it."""
    match = _WHEN.fullmatch(example.question)
    if not match or " whose " in match["noun"]:
        return None
    rest = match["rest"]
    cells = {text for row in example.table.rows for text in row if text and rest.startswith((text + " ", f'"{text}" '))}
    subject = max(cells, key=len, default=None)
    if subject is None:
        return None
    end = len(subject) + 2 * (not rest.startswith(subject))
    return f"{match['before']} {example.answer}, {rest[:end]} {match['verb']}{rest[end:]}"


def _which(example: QAExample) -> str | None:
    """`Besides Rio, which club has the most wins?`: the noun is a column's name."""
    match = _WHICH.fullmatch(example.question)
    if not match or match["before"] in ("In ", "On ", "For "):
        return None
    rest = match["rest"]
    names = [name for name in example.table.header if name and rest.casefold().startswith(name.casefold())]
    said = _OF_TWO.sub("", rest[len(max(names, key=len, default="")) :])
    return f"{match['before']}{example.answer}{said}" if names and _VERB.match(said) else None


def _word(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)" if name.strip() else r"(?!)"
