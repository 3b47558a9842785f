"""What questions want without naming it: of `how much does it cost` a price, of `where does it go` a place."""

from __future__ import annotations

import re

from gentap.grammar.measures import COUNTED, MEASURED_BY, VERB_END

MARGIN = "margin"
"""What `by how many votes` asks for."""

_DOES = r"(?:did|does|do)"
_IS = r"(?:is|was|are|were)"
_HAS_OR_DOES = rf"(?:{_DOES}|{_IS}|has|have)"
_ITS = rf"(?:{_IS} (?:the|his|her|its|their) )?"
_WHAT = r"(?:what|which)"
_SHARE = ("percentage", "percent", "share")
_FINISHED = r".*\b(?:finish\w*|came?|ended|ranked)\b"
_ONE_END = r"(?:where|what(?! time\b)|which(?! time\b))\b.*\b"

IDIOMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (rf"(?:where|{_WHAT} {_ITS}places?)\b{_FINISHED}", ("position",)),
    (rf"(?:{_WHAT}|how (?:many|much)) {_ITS}(?:percentage|percent|share)s?\b", _SHARE),
    (r"how many (?:people|inhabitants|residents) (?:lived?|resided?)\b", ("population", "inhabitant", "resident")),
    (
        rf"{_ONE_END}(?:(?:leave|depart|start|begin)(?: from)?|(?:go|come|fly|travel|sail|run) from)$",
        ("from", "origin"),
    ),
    (rf"{_ONE_END}(?:(?:go|fly|travel|sail|run|head)(?: to)?|arrive(?: at| in)?)$", ("to", "destination")),
    (rf"where {_IS} .+ from$", ("hometown", "home", "from", "origin", "birthplace", "nationality", "country")),
    (
        rf"(?:when|what time) {_DOES} .+ (?:leave|depart|start|begin|go)\b",
        ("departure", "depart", "leave", "start", "out"),
    ),
    (rf"(?:when|what time) {_DOES} .+ (?:arrive|get (?:in|to|there))\b", ("arrival", "arrive")),
    (rf"(?:when|what time) {_DOES} .+ (?:shut|close)\b", ("close", "closing", "shut")),
    (rf"what {_DOES} .+ cost\b", (*COUNTED["cost"], "amount")),
    (r"who lost ", ("loser", "runner")),
    (rf"what {_DOES} .+ do$", ("role", "job", "occupation", "profession", "position", "title")),
    (rf"how much {_IS}\b", (*COUNTED["cost"], "amount", "value")),
    (rf"how many medals?(?: {_HAS_OR_DOES}\b|$)", ("total",)),
    (rf"{_WHAT} medal {_HAS_OR_DOES}\b", ("position",)),
    *(
        (rf"how (?:much|many)(?: \w+){{0,2}}? {_HAS_OR_DOES} .*\b{verb}{VERB_END}\b", nouns)
        for verb, nouns in COUNTED.items()
    ),
    *((rf"how {adjective}\b", nouns) for adjective, nouns in MEASURED_BY.items()),
    (
        rf"(?:who[a-z]*|what) (?:{_DOES}|has|have|had) "
        r".*\b(?:play|portray|voice)(?:ed)?\b(?! (?:for|against|with|at)\b)",
        ("role", "character"),
    ),
)
"""Forms of questions from the word that asks, and words of columns' names for what each wants; the first that fits."""

_MARGIN = re.compile(r"\bmargin\b|\bby how (?:many|much)\b", re.IGNORECASE)
_FORMS = tuple((re.compile(form), nouns) for form, nouns in IDIOMS)


def wanted_unnamed(question: str, asked: str) -> tuple[str, ...]:
    """The words for what a question wants without naming it; `asked` is what it says from the word that asks, in lower
    case and without its question mark."""
    if _MARGIN.search(question):
        return (MARGIN,)
    return next((nouns for form, nouns in _FORMS if form.match(asked)), ())
