"""What adjectives and verbs measure, in words of columns' names: `tall` and `tallest` a height, `earns` a salary."""

from __future__ import annotations

_SIZE, _PRICE = ("area", "size", "population", "capacity", "diameter"), ("price", "cost", "fee", "fare")
_EXTENT = ("length", "distance", "duration", "time", "minute", "lifespan", "page")
_SOLD = ("sale", "sold", "copy")
_BEGUN = ("founded", "established", "built", "opened", "released", "launched", "introduced", "published", "vintage")
_EARNED = ("salary", "wage", "income", "earning", "earned", "pay")

MEASURED_BY: dict[str, tuple[str, ...]] = {
    "long": _EXTENT, "short": ("length", "distance", "height", *_EXTENT[2:]), "far": ("distance",),
    "tall": ("height", "elevation"), "high": ("height", "elevation"), "deep": ("depth",), "wide": ("width", "diameter"),
    "large": _SIZE, "big": _SIZE,
    "heavy": ("weight", "mass"), "fast": ("time", "speed"), "old": ("age",), "expensive": _PRICE,
    "populous": ("population",), "new": (*_BEGUN, "year"), "warm": ("temperature", "temp"),
}  # fmt: skip
"""What is asked for by `how tall`, and ordered by `the tallest`."""

LESS_IS_MORE = {
    "fast": ("time", "minute", "duration"), "old": ("born", "birth", *_BEGUN),
}  # fmt: skip
"""What of it there is least of in the row that has most of it."""

SUPERLATIVES: dict[str, tuple[str, bool]] = {
    "tallest": ("tall", True), "heaviest": ("heavy", True), "lightest": ("heavy", False), "fastest": ("fast", True),
    "quickest": ("fast", True), "slowest": ("fast", False), "oldest": ("old", True), "youngest": ("old", False),
    "deepest": ("deep", True), "widest": ("wide", True), "cheapest": ("expensive", False),
    "expensive": ("expensive", True), "populous": ("populous", True), "highest": ("high", True),
    "lowest": ("high", False), "longest": ("long", True), "shortest": ("short", False), "largest": ("large", True),
    "biggest": ("big", True), "warmest": ("warm", True), "hottest": ("warm", True), "coldest": ("warm", False),
    "newest": ("new", True), "smallest": ("large", False),
}  # fmt: skip
"""Words that say by themselves what there is the most of, or else the least."""

COUNTED: dict[str, tuple[str, ...]] = {
    "earn": _EARNED, "paid": _EARNED, "cost": _PRICE, "weigh": ("weight", "mass"), "scor": ("point", "goal", "score"),
    "pay": (*_EARNED, *_PRICE), "sold": _SOLD, "sell": _SOLD, "spen": ("spent", "spending", "cost", "expense"),
}  # fmt: skip
"""How verbs begin, and what there is much of by them: `how much does Bob earn`."""

VERB_END = "(?:s|e|es|ed|d|t|ing)?"
"""How they end."""


def ways(superlative: str) -> tuple[tuple[bool, tuple[str, ...]], ...]:
    """Words of columns' names that a superlative orders rows by, and whether it wants the most of that: `fastest` the
    least time or the most speed."""
    adjective, most = SUPERLATIVES[superlative]
    less = LESS_IS_MORE.get(adjective, ())
    return (not most, less), (most, tuple(noun for noun in MEASURED_BY[adjective] if noun not in less))
