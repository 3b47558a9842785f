"""How a value is said in a phrase: figures with their units, times with `in` or `on`, names with their articles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tabtext.lexicons.values import ADJECTIVES
from tabtext.triples import readable
from tabtext.values import MONTHS

_UNIT = re.compile(
    r"(?<![\d.,])(?P<figure>[-+]?\d[\d.,]*(?: (?:thousand|million|billion|trillion))?) ?\((?P<unit>[^()]+)\)"
)
"""A figure and its unit as data sets write it: `28.0 (metres)`."""
_WHOLE = re.compile(r"([-+]?\d+)\.0(?![\w.,])")
_QUOTED = re.compile(r'"(?P<text>[^"]*)"(?P<rest>[^"]*)')
_SENTENCES = re.compile(r"(?<=[^\W\d_]{3})[.!?] |[;!?] |, (?:who|which|that|and|but) ")
"""What a value has that would end or go on with the sentence that it stands in."""
_ABBREVIATED = re.compile(
    r"\b(?:Inc|Ltd|Co|Corp|Bros|Gen|Col|Capt|Prof|Mrs|Rev|Hon|Mts?|Univ|Dept|Est|Ave|Blvd|Feat|feat)\. "
)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
_DAY = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\b.*\b(?:{'|'.join(MONTHS)})|\b(?:{'|'.join(MONTHS)})\w*\.? \d{{1,2}}\b(?!\d)"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[12]\d{3}|\bB?CE?\b|\bAD\b")
_YEARS = re.compile(r"(?<![\d.,])[12]\d{3}(?![\d,]|\.\d)")
_TIMED = re.compile(
    r"(?:in|on|at|from|since|until|before|after|between|during|early|late|every|next|last|about|around|circa|ca?\.|by) "
    r"|(?:yesterday|today|tomorrow|daily|weekly|monthly|yearly|annually|soon|now|never|always)$",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\d{1,2}(?::\d\d){1,2}(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?|\d{1,2} ?[ap]\.?m\.?|noon|midnight", re.IGNORECASE
)
_ERA = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th) century|\d{3}0s)\b.*", re.IGNORECASE)
_SEASON = re.compile(r"(?:spring|summer|autumn|winter)\b|Q[1-4]\b", re.IGNORECASE)
_WHEN = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{'|'.join(MONTHS)})(?: \d{{1,2}})?(?:,? \d{{4}})?|[12]\d{{3}}"
    r"|\d{4}-\d\d(?:-\d\d(?:[T ]\S+)?)?|\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})",
    re.IGNORECASE,
)
_SPELLED = re.compile(r"[FHLMNRSX][B-DF-HJ-NP-TV-Z]|[AEFHILMNORSXaefhilmnorsx](?![\w'-])")
"""Letters that are read one by one, the first beginning with a vowel: `an MRI`, `an x`."""
PAST_YEAR = 2024
"""The last year that is over whenever this is read."""
MONTH_NAMES = frozenset(month.lower() for month in MONTHS)
_NATIONALS = frozenset(word for words in ADJECTIVES.values() for word in words.split()) - {"us", "usa", "uk", "britain"}
_ABOUT = r"(?:(?:less|more|over|under|about|around|nearly|almost|circa|up) (?:than |to )?)"
_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
LONG = 120
"""Letters of a value or predicate that is no name or time, whose form is not looked at."""
_NOTHING = frozenset(["none", "nan", "null", "nil", "unknown", "n/a", "na", "-", "--", "—", "?", "tbd", "tba"])
_ARTICLED = re.compile(
    r"(?!the |The )(?:(?:University|Republic|Kingdom|Battle|Treaty|House|Isle|Bank|Museum|Ministry|City|Church) of .*"
    r"|(?:.* )?(?:War|Union|Republic|States|Kingdom|Netherlands|Philippines|Bahamas|Maldives|Emirates|Islands"
    r"|Army|Navy|Air Force|Conference|Association|Federation|Party|Council|Government|Alps)(?: of [\w ]+)?"
    r"(?:,.*| \(.*\))?|(?:[A-Z]\S* ){1,4}(?:Prize|Sea|Ocean|River|Medal|Desert|Peninsula)(?: (?:in|for) .*)?)"
)
"""Names that want `the` before them in a sentence."""
_FIRST_SOUNDS = re.compile(r"(?!uni|use|eu|one\b|once\b)[aeiou]|8|1[18](?!\d)|hono|hour|heir", re.IGNORECASE)


def plain(value: str, unit: str = "", *, whole: bool = True) -> str:
    """A value without what only data write: `28.0 (metres)` is `28 metres`, `2010-05-01` is `1 May 2010`; `whole` says
    whether `2.0` is the figure 2."""
    value = value.strip()
    if quoted := _QUOTED.fullmatch(value):
        value = quoted["text"] + quoted["rest"]
    if iso := _ISO.fullmatch(value):
        month = int(iso["month"])
        return f"{int(iso['day'])} {MONTHS[month - 1].capitalize()} {iso['year']}" if 1 <= month <= 12 else value
    if len(value) > LONG:
        return in_quotes(value)
    value = _UNIT.sub(lambda found: f"{found['figure']} {unit_name(found['unit'])}", value)
    if unit and re.fullmatch(r"[-+]?[\d.,]+", value):
        value = f"{value} {unit}"
    return in_quotes(_WHOLE.sub(r"\1", value, count=1) if whole and _WHOLE.match(value) else value)


def unit_name(unit: str) -> str:
    """A unit in words, `squareKilometres` as `square kilometres`; a symbol such as `kW` as it is."""
    return readable(unit, predicate=True) if re.fullmatch(r"[a-z]+(?:[A-Z][a-z]{2,})*", unit) else readable(unit)


def in_quotes(value: str) -> str:
    """A value in quotation marks where it has sentences of its own, which would be read as what the text says."""
    if len(value) < 3 or not _SENTENCES.search(_ABBREVIATED.sub(" ", value)):
        return value
    return f"“{value}”" if '"' in value else f'"{value}"'


def is_nothing(value: str) -> bool:
    """Whether a value says that there is none, or that it is not known."""
    return value.lower() in _NOTHING


def is_count(value: str) -> bool:
    """Whether a value is a bare number, of which things may follow: `4`, `about 1.2 million`."""
    return (
        re.fullmatch(rf"{_ABOUT}?(?:[-+~<>≈]?\d[\d.,]*(?: (?:thousand|million|billion))?\+?|{_SMALL})", value)
        is not None
    )


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
    if before.endswith("the ") and value[:4].lower() == "the ":
        before = before[:-4]
    first, last = before.rstrip().rsplit(" ", 1)[-1].lower(), value.rsplit(" ", 1)[-1].lower()
    if after and after.split(" ")[1:2] == [last]:
        after = after[len(last) + 1 :]
    elif first and first == last and " " in value:
        before = before.rstrip()[: -len(first)]
    return f"{before}{value}{after}"


def article(words: str) -> str:
    """`a` or `an`, by the sound of what follows."""
    return "an" if _FIRST_SOUNDS.match(words) or _SPELLED.match(words) else "a"


def with_the(value: str) -> str:
    """A name with `the` if it wants one: `the United States`."""
    return f"the {value}" if len(value) < LONG and _ARTICLED.fullmatch(value) else value


def national(value: str) -> str:
    """What somebody is by a nation: `British`, `a national of the United States`."""
    return value if value.lower() in _NATIONALS or value.endswith("ese") else f"a national of {with_the(value)}"


def at_time(value: str) -> str:
    """A time with its preposition: `in 2010`, `on 1 May 2010`, `at 10:30`; a span of time stands for itself."""
    if len(value) > LONG or _TIMED.match(value):
        return value
    if _CLOCK.fullmatch(value):
        return f"at {value}"
    if _ERA.fullmatch(value):
        return f"in the {value}"
    within = value.lower() in MONTH_NAMES or _SEASON.match(value) or (_YEAR.search(value) and not _DAY.search(value))
    return f"{'in' if within else 'on'} {value}"


def is_time(value: str) -> bool:
    """Whether a value is a day, a month or a year, and nothing else."""
    return _WHEN.fullmatch(value) is not None


def is_over(value: str) -> bool | None:
    """Whether a time is over for whoever reads of it; None where no year says so."""
    years = [int(year) for year in _YEARS.findall(value)]
    return max(years) <= PAST_YEAR if years else True if re.search(r"\b(?:BC|BCE|AD|century)\b", value) else None


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; with semicolons where a part has commas or an `and` of its own."""
    if len(parts) < 2:
        return "".join(parts)
    between = "; " if any(", " in part or " and " in part for part in parts) and len(parts) > 2 else ", "
    last = (
        "; and " if between == "; " else ", and " if any(", " in part or " and " in part for part in parts) else " and "
    )
    return between.join(parts[:-1]) + last + parts[-1]
