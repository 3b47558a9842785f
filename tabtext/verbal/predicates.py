"""The words of a predicate: `vatID` is `VAT ID`, `rdf:type` is `type`, `speaks French` stays as it is."""

from __future__ import annotations

import re

from tabtext.triples import readable

_PREFIX = re.compile(r"\A(?:https?://\S*[/#](?=\w)|[A-Za-z][\w-]*:(?=\w))")
"""What stands before the name of a predicate in RDF."""
_ACRONYMS = frozenset({
    "id", "url", "uri", "vat", "sku", "isin", "isbn", "gtin", "ip", "cpu", "gpu", "ram", "usb", "pin", "iban",
    "bic", "swift", "eta", "po", "gdp", "hdi", "pdf", "tv", "dna", "ceo", "cto", "cfo", "nhs", "ecg", "bpm", "rpm",
    "kpi", "roi", "utc", "dob", "mpn", "api", "sql", "html", "os", "gps",
})  # fmt: skip
PREPOSITIONS = (
    "by|in|at|on|of|for|to|with|from|as|under|near|after|before|into|through|against|over|towards?|between|about"
)
_OTHER = re.compile(
    r"(?:is|was|are|were|has|had|have|can|does|did|will|should|may|the|not|no|and|or)(?: .*)?"
    rf"|(?:{PREPOSITIONS})(?: .*)?|.* (?:{PREPOSITIONS}|is|was|are|has)"
    r"|(?:.* )?(?!bed|seed|speed|feed|breed|need|shed|weed|deed|embed)\w{3,}ed"
    r"|(?:.* )?(?:wrote|sold|built|paid|sent|held|lost|bought|taken|given|written)"
)
"""Predicates that are no nouns: `ship to`, `is in`, `medical condition treated`."""
_SINGULAR_S = re.compile(
    r"(?:.* )?(?:\w*(?:ss|us|is|[^aeiou]ics)|series|species|news|os|dns|gps|lens|gas|canvas|atlas|sms)"
)


def in_words(predicate: str) -> str:
    """A predicate in words, all small but acronyms and the names in it."""
    tokens = readable(_PREFIX.sub("", predicate.strip(), count=1)).split()
    shouted = len(tokens) > 1 and all(token.isupper() for token in tokens)
    sentence = any(token.islower() and len(token) > 3 for token in tokens)  # where a capital is that of a name
    return " ".join(_word(token, acronym=not shouted, name=sentence and i > 0) for i, token in enumerate(tokens))


def _word(token: str, *, acronym: bool, name: bool) -> str:
    if (name and token.istitle()) or (acronym and token.isascii() and token.isupper() and 1 < len(token) < 6):
        return token
    if re.fullmatch(r"[A-Z]{2,4}[a-z]{1,2}|[a-z][A-Z]|\(.*", token):  # `IMDb`, and a unit such as `(kW)`
        return token
    small = readable(token, predicate=True)
    return " ".join(word.upper() if word in _ACRONYMS else word for word in small.split(" "))


def is_noun(words: str) -> bool:
    """Whether `its … is …` is said well of a predicate: `plot twist`, not `ship to` or `rated`."""
    return len(words) < 120 and re.fullmatch(r"[^\W\d_].*", words) is not None and not _OTHER.fullmatch(words)


def is_plural(words: str) -> bool:
    """Whether `are` follows: `skills`, `people`, not `status` or `series`."""
    if re.fullmatch(r"(?:.* )?(?:feet|people|children|men|women|staff|data)", words):
        return True
    return words.endswith("s") and not _SINGULAR_S.fullmatch(words.lower())


def singular(words: str) -> str:
    """Words of which the first is a plural, for one: ` moons` as ` moon`, ` years old` as ` year old`."""
    first, space, rest = words.strip(" ").partition(" ")
    one = f"{first[:-3]}y" if first.endswith("ies") else re.sub(r"(?<=ch|sh|ss)es$|(?<=x)es$|(?<=[^su])s$", "", first)
    return f"{' ' if words.startswith(' ') else ''}{one}{space}{rest}"


def plural(words: str) -> str:
    """The plural of a noun: `countries`, `boxes`."""
    if words.endswith("y") and words[-2:-1] not in ("a", "e", "o", "u"):
        return f"{words[:-1]}ies"
    return f"{words}es" if re.search(r"(?:s|x|z|ch|sh)$", words) else f"{words}s"
