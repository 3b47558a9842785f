"""Units of measure that a question may ask for, and how the units that tables write convert to them."""

from __future__ import annotations

from collections.abc import Sequence

from gentap.grammar.english import NumberStyle
from tabtext.values import Value, without_footnotes

_SYMBOLS: dict[str, tuple[str, float]] = {
    "mm": ("length", 0.001), "cm": ("length", 0.01), "m": ("length", 1.0), "km": ("length", 1000.0),
    "metres": ("length", 1.0), "meters": ("length", 1.0), "ft": ("length", 0.3048), "feet": ("length", 0.3048),
    "mi": ("length", 1609.344), "miles": ("length", 1609.344), "yd": ("length", 0.9144), "in": ("length", 0.0254),
    "g": ("mass", 0.001), "kg": ("mass", 1.0), "t": ("mass", 1000.0), "tonnes": ("mass", 1000.0),
    "lb": ("mass", 0.45359237), "lbs": ("mass", 0.45359237),
    "ha": ("area", 1e4), "acres": ("area", 4046.8564224), "km²": ("area", 1e6), "km2": ("area", 1e6),
    "m²": ("area", 1.0), "m2": ("area", 1.0), "sq mi": ("area", 2589988.110336),
    "s": ("time", 1.0), "sec": ("time", 1.0), "seconds": ("time", 1.0), "min": ("time", 60.0),
    "mins": ("time", 60.0), "minutes": ("time", 60.0), "h": ("time", 3600.0), "hours": ("time", 3600.0),
    **{name: ("time", 86400.0 * days) for days, names in (
        (1, "day days"), (7, "week weeks"), (30.4375, "month months mo"), (365.25, "year years yr yrs"),
    ) for name in names.split()},
    "hour": ("time", 3600.0), "minute": ("time", 60.0), "second": ("time", 1.0),
}  # fmt: skip
SCALES = {"million": 1e6, "billion": 1e9}
_WITH_COMMAS = NumberStyle(separators=True)

Measure = tuple[str, float]
"""A quantity (length, mass, area, time) and how many of its base unit one of this unit is."""


def measure(unit: str) -> Measure | None:
    """The quantity and factor of a unit as tables write it, else None."""
    return _SYMBOLS.get(without_footnotes(unit).strip(" .").lower())


def in_one_unit(values: Sequence[Value]) -> list[float] | None:
    """The figures of values in the first one's unit; None where some have nothing in common with it."""
    units = {value.unit for value in values}
    if len(units) < 2:
        return [value.number for value in values]
    found = [convert(value.number, value.unit, values[0].unit) for value in values]
    return None if None in found else [figure for figure in found if figure is not None]


def convertible(unit: str) -> tuple[str, ...]:
    """The other units of the same quantity that questions ask for, within a factor of 1,000."""
    source = measure(unit)
    if source is None:
        return ()
    return tuple(
        name
        for name in ("km", "m", "cm", "mi", "ft", "kg", "lb", "t", "ha", "acres", "s", "min", "h")
        if _SYMBOLS[name][0] == source[0]
        and _SYMBOLS[name][1] != source[1]
        and 1e-3 <= _SYMBOLS[name][1] / source[1] <= 1e3
    )


def convert(number: float, unit: str, wanted: str) -> float | None:
    """A number in another unit or scale (`million`, `billion`); None where the two have nothing in common."""
    if wanted in SCALES:
        return number / SCALES[wanted]
    source, target = measure(unit), measure(wanted)
    if source is None or target is None or source[0] != target[0]:
        return None
    return number * source[1] / target[1]


def format_converted(number: float) -> str:
    """At most two decimals, or four figures for what is smaller than one."""
    return _WITH_COMMAS.format(number, more_decimals=2 if abs(number) >= 1 else _places(number))


def _places(number: float) -> int:
    """Decimals that show four figures of a number below one."""
    places = 4
    while number and abs(number) * 10**places < 1000 and places < 12:
        places += 1
    return places
