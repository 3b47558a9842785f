"""A fact as a verb phrase: `was born in Leeds` by the lexicon, or by the form of a predicate that it does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from datatuner.verbal import lexicon
from datatuner.verbal.values import (
    article,
    at_time,
    decapitalised,
    is_figure,
    joined,
    plain,
    with_article,
    with_the,
    without_echo,
)
from tabtext.triples import readable

_UNIT = re.compile(r" \((?:in )?(?P<unit>[^()]+)\)$")
_PREPOSITIONS = "by|in|at|on|of|for|to|with|from|as|under|near|after|into|through|against|over|towards?"
_IRREGULAR = (
    "born|built|made|sold|held|led|known|found|run|taken|given|drawn|seen|taught|sung|set|cut|shot|won|bought|grown|flown"
    "|thrown|worn|spoken|broken|kept|left|lost|met|paid|sent|told|written|chosen|driven|hidden|laid|read|brought|caught"
)
_PARTICIPLE = re.compile(rf"(?:[a-z]+ )?(?:\w+ed|{_IRREGULAR})(?: \w+)? (?:{_PREPOSITIONS})")
_PAST = re.compile(
    r"(?:found|built|writt|born|establish|creat|design|invent|discover|releas|publish|open|clos|complet|direct|produc|compos"
    r"|launch|form|introduc|acquir|bought|kill|defeat|elect|appoint|sign|nominat|won|sung|shot|taught|sold|sent"
    r"|develop|paint|record|film|celebrat|select|train|educat|convict|sentenc|transferr|replac|succeed|preced|merg)"
)
"""Beginnings of participles that tell what is over."""
_VERB = re.compile(rf"[a-z]{{3,}}(?<![suiao])s (?:\w+ )?(?:{_PREPOSITIONS})")
_ACTS = frozenset({
    "contains", "includes", "owns", "makes", "sells", "offers", "uses", "requires", "supports", "teaches", "speaks",
    "likes", "loves", "knows", "leads", "manages", "employs", "produces", "treats", "causes", "inhibits", "needs",
    "has", "plays", "studies", "follows", "wants", "eats", "drives", "reads", "writes",
})  # fmt: skip
"""Verbs that are predicates by themselves."""
_OF = re.compile(r"(?:\w+ ){1,3}of")
_MANY = re.compile(r"(?:number|count|no) of (?P<things>.+)")
_PLURAL = re.compile(r".*[^sui]s")
_NOT_MEASURED = re.compile(r"(?:.* )?(?:date|time|year|day|id|code)")
_BOOLEAN = {"yes": True, "true": True, "no": False, "false": False}
_ALLOWS = re.compile(
    r"(?P<verb>accept|allow|offer|include|contain|support|need|require|serve|use|provide|sell|take)s (?P<rest>.+)"
)
_SCOPES = (
    {"city", "town", "village", "municipality"},
    {"district", "county", "borough", "arrondissement"},
    {"state", "province", "region", "department", "canton", "prefecture", "territory"},
    {"country", "nation"},
)
_FORMS: dict[str, Callable[[str], str]] = {
    "{}": str,
    "{low}": decapitalised,
    "{a}": with_article,
    "{the}": with_the,
    "{on}": at_time,
}


class Said(NamedTuple):
    """A predicate in words and its value in words, the unit that the predicate names with the value."""

    predicate: str
    value: str

    @classmethod
    def of(cls, predicate: str, value: str) -> Said:
        """Both as their source writes them: `height_(in_metres)`, `3.0` are `height`, `3 metres`."""
        words = readable(predicate, predicate=True)
        unit = _UNIT.search(words)
        return cls(_UNIT.sub("", words), plain(value, unit["unit"] if unit else ""))


def verb_phrase(facts: Sequence[Said], kind: str = lexicon.ANY) -> str | None:
    """What a subject of this kind does or is, by facts that one phrase says; None where only `its … is …` does."""
    predicate, first = facts[0]
    truths = [_BOOLEAN.get(fact.value.lower()) for fact in facts]
    if None not in truths:
        return joined([_of_truth(predicate, yes=bool(truth)) for truth in truths])
    known = lexicon.phrases(predicate, kind)
    if not known:
        return _by_form(predicate, [fact.value for fact in facts])
    if len(known) == 1:
        return _filled(known[0], facts)
    figures, words = ([fact for fact in facts if is_figure(fact.value) == figure] for figure in (True, False))
    parts = ((known[-1], figures), (known[0], words)) if is_figure(first) else ((known[0], words), (known[-1], figures))
    return joined([_filled(phrase, its) for phrase, its in parts if its])


def _filled(phrase: str, facts: Sequence[Said]) -> str:
    """A phrase with its values in their place; a city, its state and its country as one place."""
    form = next(form for form in _FORMS if form in phrase)
    before, _, after = (part.replace("{predicate}", facts[0].predicate) for part in phrase.partition(form))
    before = re.sub(r"\ba(?= [aeiou])", "an", before)
    if len({fact.predicate for fact in facts}) == len(facts) > 1 and form == "{the}":
        return f"{before}{', '.join(with_the(fact.value) for fact in sorted(facts, key=_scope))}{after}"
    values = [_FORMS[form](fact.value) for fact in facts]
    if form == "{a}" and after:  # `a high price range and a low price range`
        return f"{before}{joined([value + after for value in values])}"
    return without_echo(before, joined(values), after)


def _scope(fact: Said) -> int:
    """How large a place is that a predicate names: a city before its state, and that before its country."""
    return next((size for size, names in enumerate(_SCOPES) if not names.isdisjoint(fact.predicate.split())), 0)


def _of_truth(words: str, *, yes: bool) -> str:
    """What is so or is not: `is family friendly`, `does not allow dogs`, `has no Linux release`."""
    first, _, rest = words.partition(" ")
    if first in ("is", "was", "are", "can", "will", "does", "may") and rest:
        return words if yes else f"{first} not {rest}"
    if first == "has" and rest:
        return words if yes else f"has no {rest}"
    if act := _ALLOWS.fullmatch(words):
        return words if yes else f"does not {act['verb']} {act['rest']}"
    return f"is {words}" if yes else f"is not {words}"


def _by_form(words: str, values: Sequence[str]) -> str | None:
    """The phrase of a predicate by the form of its words."""
    first, _, rest = words.partition(" ")
    value = joined(values)
    if first in ("is", "was", "are", "were", "had", "can") and rest:
        return f"{words} {value}"
    if first == "has" and rest:
        return f"has {value} {rest}" if is_figure(value) else f"has {value} as {rest}"
    if _PARTICIPLE.fullmatch(words):
        verb = "was" if _PAST.match(words) else "is"
        if words.endswith((" in", " on")) and re.search(r"\b[12]\d{3}\b", value):
            return f"{verb} {words[:-3]} {at_time(value)}"
        return f"{verb} {words} {with_the(value)}"
    if words in _ACTS or _VERB.fullmatch(words):
        return f"{words} {with_the(value)}"
    if many := _MANY.fullmatch(words):
        return f"has {value} {many['things']}" if is_figure(value) else None
    if _OF.fullmatch(words):
        return f"is the {words} {with_the(value)}"
    return _measured(words, value) if len(values) == 1 and is_figure(value) else None


def _measured(words: str, value: str) -> str | None:
    """What has a figure: `has 12 windows`, `has a tare weight of 3 t`; None for dates and numbers that are names."""
    if _NOT_MEASURED.fullmatch(words):
        return None
    if not _PLURAL.fullmatch(words):
        return f"has {article(words)} {words} of {value}"
    return f"has {value} {words}" if re.fullmatch(r"[\d.,]+", value) else f"has {words} of {value}"
