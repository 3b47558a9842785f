"""How a value is said in a phrase: figures with their units, times with `in` or `on`, names with their articles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tabtext.triples import readable
from tabtext.values import MONTHS

_UNIT = re.compile(r"(?P<figure>[-+]?\d[\d.,]*(?: (?:thousand|million|billion|trillion))?) ?\((?P<unit>[^()]+)\)")
"""A figure and its unit as data sets write it: `28.0 (metres)`."""
_WHOLE = re.compile(r"(?<![\w.,])(\d+)\.0(?![\w.,])")
_QUOTED = re.compile(r'"(?P<text>[^"]*)"(?P<rest>.*)')
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
_DAY = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\b.*\b(?:{'|'.join(MONTHS)})|\b(?:{'|'.join(MONTHS)})\w*\.? \d{{1,2}}\b(?!\d)"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[12]\d{3}")
_ARTICLED = re.compile(
    r"(?!the )(?:.* )?(?:War|Union|Republic|States|Kingdom|Netherlands|Philippines|Bahamas|Maldives|Emirates|Islands"
    r"|Army|Navy|Air Force|Conference|Association|Federation|Party|Council|Government|Alps)(?: of [\w ]+)?"
    r"(?:,.*| \(.*\))?"
)
"""Names that want `the` before them in a sentence."""
_FIRST_SOUNDS = re.compile(r"(?!uni|use|eu|one\b|once\b)[aeiou]|8|1[18](?!\d)|hono|hour|heir", re.IGNORECASE)


def plain(value: str, unit: str = "") -> str:
    """A value without what only data write: `28.0 (metres)` is `28 metres`, `2010-05-01` is `1 May 2010`."""
    value = value.strip()
    if quoted := _QUOTED.fullmatch(value):
        value = quoted["text"] + quoted["rest"]
    if iso := _ISO.fullmatch(value):
        month = int(iso["month"])
        return f"{int(iso['day'])} {MONTHS[month - 1].capitalize()} {iso['year']}" if 1 <= month <= 12 else value
    value = _UNIT.sub(lambda found: f"{found['figure']} {readable(found['unit'], predicate=True)}", value)
    if unit and re.fullmatch(r"[-+]?[\d.,]+", value):
        value = f"{value} {unit}"
    return _WHOLE.sub(r"\1", value)


def is_figure(value: str) -> bool:
    """Whether a value begins with a figure, or with a sign, a currency or `less than` before one."""
    return re.match(r"(?:(?:less|more|over|under|about|up) (?:than |to )?)?\W{0,2}\d", value) is not None


def with_article(value: str) -> str:
    """A common noun with its article, `Test pilot` as `a test pilot`; names, figures and plurals have it too only where
    English wants one."""
    value = decapitalised(value)
    if is_figure(value) and not value[-1:].isalpha():
        return value
    if re.match(r"(?:an?|the|one|some|his|her|its|their) ", value, re.IGNORECASE) or re.search(r"[^su]s$", value):
        return value
    return f"{article(value)} {value}"


def decapitalised(value: str) -> str:
    """A common noun without the capital that data begin it with: `Fried chicken` is `fried chicken`."""
    first, *others = value.split(" ")
    if first[1:].islower() and first.isalpha() and all(word == word.lower() for word in others):
        return " ".join([first.lower(), *others])
    return value


def without_echo(before: str, value: str, after: str) -> str:
    """The three as one, a word that would come twice running said once: `jazz music` for `{} music`, and for `the
    language {}` of `Cornish language` `the Cornish language`."""
    first, last = before.rstrip().rsplit(" ", 1)[-1].lower(), value.rsplit(" ", 1)[-1].lower()
    if after and after.split(" ")[1:2] == [last]:
        after = after[len(last) + 1 :]
    elif first and first == last and " " in value:
        before = before.rstrip()[: -len(first)]
    return f"{before}{value}{after}"


def article(words: str) -> str:
    """`a` or `an`, by the sound of what follows."""
    return "an" if _FIRST_SOUNDS.match(words) else "a"


def with_the(value: str) -> str:
    """A name with `the` if it wants one: `the United States`."""
    return f"the {value}" if _ARTICLED.fullmatch(value) else value


def at_time(value: str) -> str:
    """A time with its preposition: `in 2010`, `on 1 May 2010`; a span of time stands for itself."""
    if re.match(
        r"(?:in|on|at|from|since|until|before|after|between|during|early|late|every|next) ", value, re.IGNORECASE
    ):
        return value
    on = _DAY.search(value) or not (_YEAR.search(value) or value.lower() in MONTHS)
    return f"{'on' if on else 'in'} {value}"


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; with semicolons where a part has commas or an `and` of its own."""
    if len(parts) < 2:
        return "".join(parts)
    between = "; " if any(", " in part or " and " in part for part in parts) and len(parts) > 2 else ", "
    last = (
        "; and " if between == "; " else ", and " if any(", " in part or " and " in part for part in parts) else " and "
    )
    return between.join(parts[:-1]) + last + parts[-1]
