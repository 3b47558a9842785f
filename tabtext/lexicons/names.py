"""Words that look like a name and are not that name: another country, or the kind of thing that it is the name of."""

from __future__ import annotations

import re

COUNTRIES = frozenset({
    "afghanistan", "albania", "algeria", "andorra", "angola", "argentina", "armenia", "australia", "austria",
    "azerbaijan", "bahamas", "bahrain", "bangladesh", "barbados", "belarus", "belgium", "belize", "benin", "bhutan",
    "bolivia", "bosnia", "botswana", "brazil", "brunei", "bulgaria", "burkina", "burundi", "cambodia", "cameroon",
    "canada", "chile", "china", "colombia", "comoros", "congo", "croatia", "cyprus", "czechia", "denmark",
    "djibouti", "dominica", "ecuador", "egypt", "england", "eritrea", "estonia", "eswatini", "ethiopia", "finland",
    "france", "gabon", "gambia", "georgia", "germany", "ghana", "greece", "grenada", "guatemala", "guinea",
    "guyana", "haiti", "honduras", "hungary", "iceland", "india", "indonesia", "ireland", "israel", "italy",
    "jamaica", "japan", "jordan", "kazakhstan", "kenya", "kiribati", "korea", "kosovo", "kuwait", "kyrgyzstan",
    "latvia", "lebanon", "lesotho", "liberia", "libya", "liechtenstein", "lithuania", "luxembourg", "macedonia",
    "madagascar", "malawi", "malaysia", "maldives", "malta", "mauritania", "mauritius", "mexico", "micronesia",
    "moldova", "monaco", "mongolia", "montenegro", "morocco", "mozambique", "myanmar", "namibia", "nauru", "nepal",
    "netherlands", "nicaragua", "niger", "nigeria", "norway", "pakistan", "palau", "palestine", "panama",
    "paraguay", "philippines", "poland", "portugal", "qatar", "romania", "russia", "rwanda", "samoa", "scotland",
    "senegal", "serbia", "seychelles", "singapore", "slovakia", "slovenia", "somalia", "spain", "sudan", "suriname",
    "sweden", "switzerland", "syria", "taiwan", "tajikistan", "tanzania", "thailand", "tonga", "tunisia", "turkey",
    "turkmenistan", "tuvalu", "uganda", "ukraine", "uruguay", "uzbekistan", "vanuatu", "venezuela", "vietnam",
    "wales", "yemen", "zambia", "zimbabwe",
})  # fmt: skip
"""Countries whose name is one word of at least five letters, in small letters."""

_KINDS = frozenset({
    "academy", "agency", "association", "company", "corporation", "council", "department", "festival", "foundation",
    "hospital", "institute", "institution", "laboratory", "library", "ministry", "museum", "observatory",
    "organisation", "organization", "railway", "society", "stadium", "theatre", "university",
})  # fmt: skip
"""Words for what an institution is, which are nobody's surname."""

_DETERMINED = re.compile(r"\b(?:the|an?|this|that|its|his|her|their|our)\s$", re.IGNORECASE)


def is_other_country(wanted: str, word: str) -> bool:
    """Whether a folded word names one country, or its people, and another one was wanted: Australia for Austria."""
    one, other = _country(wanted), _country(word)
    return bool(one and other) and one != other


def may_be_surname(name: str, text: str, start: int, end: int) -> bool:
    """Whether characters [start, end) of a text, the last word of a name, may stand for the name: people go by their
    surnames, without an article, and places by `the county of Alba`; `the Institute` is any one."""
    if text[end:].lower().startswith(f" of {name.split()[0].lower()}"):
        return True
    return text[start:end].lower() not in _KINDS and not _DETERMINED.search(text[:start])


def _country(word: str) -> str:
    """The country that a word names, or whose people: nothing where it is none."""
    return next((name for name in (word, word.removesuffix("n")) if name in COUNTRIES), "")
