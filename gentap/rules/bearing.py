"""Behind which words a preposition says how a cell belongs to what is stated: `at` where something took place, `for`
where someone was nominated, where someone played, or where something was released."""

from __future__ import annotations

import re

_SAID = {
    "acted": r"appear|star(?:s|red|ring)\b|act(?:s|ed|ing)\b|cast|guest|role|voice|portray|debut"
    r"|play(?:s|ed)? (?!(?:for|in|at|on|against|with)\b)",
    "aired": "air(?:s|ed|ing)|broadcast|premier|appear|debut",
    "made": r"(?:album|song|single|track|film|movie|novel|book|game|poem|directed|written|produced|developed|published"
    r"|composed|performed|recorded|sung|created|designed|illustrated|released)$",
    "met": "won|win|lost|loss|match|game|final|scor|debut|drew|draw|fought|fight|play|victory|defeat",
    "nominated": "nominat|award|won|win|receiv|prize|honou?r",
    "performed": "danc|sang|sing|skat|perform|compet",
    "played": "play|scor|appear|sign|drove|driv|captain|compet|debut|goal",
    "released": "releas|publish|develop|port(?:s|ed)",
    "served": "serv|work|perform|debut",
    "took place": r"held|took place|played? (?:in|at|on|against)|match|game|won|win|compet|perform|defeat|beat|final"
    r"|rac(?:e|ing)|medal|champion|tournament|concert|premier|fought|battle|host|debut|festival|lost",
}  # fmt: skip
_PATTERNS = {label: re.compile(rf"\b(?:{words})") for label, words in _SAID.items()}
_LABELS = {
    "against": ("met",), "as": ("acted", "served"), "at": ("took place",), "by": ("made",),
    "for": ("nominated", "played", "released"), "in": ("acted", "took place"), "on": ("aired",), "with": ("performed",),
}  # fmt: skip
LEARNT = frozenset(_LABELS)
"""The prepositions that phrases begin with."""


def bearers(preposition: str, said: str) -> list[str]:
    """What is said before a phrase that bears one with this preposition, each by a word that stands for it."""
    return [label for label in _LABELS.get(preposition, ()) if _PATTERNS[label].search(said.strip().lower())]
