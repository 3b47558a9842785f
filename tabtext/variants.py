"""The words in which a cell's text comes up in a sentence: as it stands, without a parenthesis, inflected, in part.

Strings are folded (`tabtext.folding`); figures and dates are the subject of `tabtext.figures`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tabtext.folding import fold_key
from tabtext.values import without_footnotes

STRENGTHS = {
    "verbatim": 1.0,
    "folded": 1.0,
    "number": 1.0,
    "date": 1.0,
    "pair": 1.0,
    "name": 0.9,
    "inflected": 0.7,
    "date part": 0.7,
    "part": 0.6,
    "rank": 0.6,
    "surname": 0.5,
    "year": 0.4,
}
"""How a cell may be matched, and how much that says: 1 is as good as its very words."""

MAX_CELL_CHARS = 200
"""A longer cell is matched as a whole or not at all."""

_PARENTHESIS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_SEPARATOR = re.compile(r"\s*[/;,:|•·\n]\s*|\s+-\s+|\s+(?:and|&|with|for|in|at|vs\.?|v\.)\s+")
EDGES = " .,;:!?\"'*†‡#"
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3}")
_ENDINGS = (
    ("won", ("win", "wins", "winning", "winner", "winners")),
    ("nominated", ("nomination", "nominations", "nominee", "nominees")),
    ("nominee", ("nomination", "nominated", "nominations")),
    ("runner-up", ("runners-up", "runner up", "runners up")),
    ("lost", ("lose", "loses", "losing", "loss", "defeat", "defeated")),
    ("loss", ("lost", "lose", "loses", "losing", "defeat", "defeated")),
    ("win", ("won", "wins", "winning", "winner", "defeated")),
    ("winner", ("won", "win", "wins", "winning", "winners")),
    ("retired", ("retire", "retires", "retirement")),
    ("gold", ("gold medal", "gold medals")),
)
_FAMILIES = dict(_ENDINGS)
_SUFFIXES = (("ies", "y"), ("sses", "ss"), ("s", ""), ("ed", ""), ("ing", ""), ("ion", "ed"), ("or", "ed"))


@lru_cache(maxsize=1 << 16)
def text_variants(cell: str) -> dict[str, str]:
    """Folded strings that stand for a cell, each with how it stands for it; the cell's own text comes first."""
    bare = without_footnotes(cell)
    key = fold_key(bare).strip(EDGES)
    variants = {key: "folded"}
    if len(cell) <= MAX_CELL_CHARS:
        for variant, how in _looser_variants(bare, key):
            variants.setdefault(variant.strip(EDGES), how)
    variants.pop("", None)
    return variants


def _looser_variants(bare: str, key: str) -> Iterator[tuple[str, str]]:
    if "(" in key or "[" in key:
        yield fold_key(bare).strip(), "folded"
        name = " ".join(_PARENTHESIS.sub(" ", key).split())
        yield name, "name"
        for inner in re.findall(r"\(([^()]{4,})\)", key):
            yield inner, "part"
    else:
        name = key
    if name.startswith(("the ", "a ", "an ")):
        yield name.partition(" ")[2], "name"
    if not any(map(str.isalpha, name)):
        return
    for inflected in _inflections(name):
        yield inflected, "inflected"
    for part in _SEPARATOR.split(name):
        if len(part) > 3 and part != name:
            yield part, "part"
    if _NAME.fullmatch(without_parenthesis(bare)) and without_parenthesis(bare).istitle():
        yield name.rpartition(" ")[2], "surname"


def without_parenthesis(text: str) -> str:
    """The text without what stands in parentheses: `Paris (France)` is `Paris`."""
    return " ".join(_PARENTHESIS.sub(" ", text).split())


def _inflections(name: str) -> Iterator[str]:
    """Simple other forms of a name's last word, and of words that tables say results with."""
    yield from _FAMILIES.get(name, ())
    if len(name) < 4 or not name[-1].isalpha():
        return
    yield name + "s"
    if name.endswith(("s", "x", "ch", "sh")):
        yield name + "es"
    if name.endswith("y"):
        yield name[:-1] + "ies"
    for ending, instead in _SUFFIXES:
        if name.endswith(ending) and len(name) - len(ending) >= 3 and not name.endswith("ss"):
            yield name[: -len(ending)] + instead
