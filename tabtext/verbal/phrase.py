"""A fact as a verb phrase: `was born in Leeds` by the lexicon, or by the form of a predicate that it does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tabtext.verbal import lexicon
from tabtext.verbal.forms import by_form
from tabtext.verbal.predicates import in_words, is_plural, plural, singular
from tabtext.verbal.truths import BOOLEAN, of_truth
from tabtext.verbal.values import (
    at_time,
    decapitalised,
    is_count,
    is_figure,
    is_nothing,
    is_over,
    joined,
    national,
    plain,
    unit_name,
    with_article,
    with_the,
    without_echo,
)

_UNIT = re.compile(r" \((?:in )?(?P<unit>[^()]+)\)$")
_NO_UNIT = re.compile(r"start|end|s|max\w*|min\w*|avg|average|mean|total|net|gross|est\w*|approx\w*|optional|\d+")
_VERSIONED = re.compile(
    r"(?:.* )?(?:version|release|licen[cs]e|software version identifier|latest|id|code)", re.IGNORECASE
)
"""Predicates of names in which `2.0` is not the figure 2."""
_TENSES = re.compile(r"(?P<past>\w+)\|(?P<other>\w+)")
"""A verb in two tenses: `took|takes place {on}`."""
_SCOPES = (
    {"city", "town", "village", "municipality"},
    {"district", "county", "borough", "arrondissement"},
    {"state", "province", "region", "department", "canton", "prefecture", "territory"},
    {"country", "nation"},
)
_PLACED = frozenset({"is located in {the}", "comes from {the}", "was born in {the}", "died in {the}", "lives in {the}"})
"""Phrases in which places of several sizes are one."""
_FORMS: dict[str, Callable[[str], str]] = {
    "{}": str,
    "{low}": decapitalised,
    "{a}": with_article,
    "{the}": with_the,
    "{on}": at_time,
    "{national}": national,
}


class Said(NamedTuple):
    """A predicate in words and its value in words, the unit that the predicate names with the value."""

    predicate: str
    value: str

    @classmethod
    def of(cls, predicate: str, value: str) -> Said:
        """Both as their source writes them: `height_(in_metres)`, `3.0` are `height`, `3 metres`."""
        words = in_words(predicate)
        unit = _UNIT.search(words)
        if unit is None or _NO_UNIT.fullmatch(unit["unit"]) or not re.fullmatch(r"[-+]?[\d.,]+", value.strip('" ')):
            return cls(words, plain(value, whole=not _VERSIONED.fullmatch(words)))
        return cls(_UNIT.sub("", words), plain(value, unit_name(unit["unit"])))


def verb_phrase(facts: Sequence[Said], kind: str = lexicon.ANY) -> str | None:
    """What a subject of this kind does or is, by facts that one phrase says; None where only `its … is …` does."""
    predicate = facts[0].predicate
    truths = [BOOLEAN.get(fact.value.lower()) for fact in facts]
    if None not in truths:
        return joined([of_truth(predicate, yes=bool(truth)) for truth in truths])
    if any(is_nothing(fact.value) for fact in facts):
        return None
    known = lexicon.phrases(predicate, kind)
    if not known or (predicate == "state" and facts[0].value.islower()):
        return by_form(predicate, [fact.value for fact in facts])
    if len(known) == 1:
        return _filled(known[0], facts)
    figures, words = ([fact for fact in facts if _counts(known[-1], fact.value) == figure] for figure in (True, False))
    parts = ((known[-1], figures), (known[0], words))
    return joined([_filled(phrase, its) for phrase, its in (parts if facts[0] in figures else parts[::-1]) if its])


def _filled(phrase: str, facts: Sequence[Said]) -> str:
    """A phrase with its values in their place; a city, its state and its country as one place."""
    form = next(form for form in _FORMS if form in phrase)
    said = dict.fromkeys(_FORMS[form](fact.value) for fact in facts)
    predicate = facts[0].predicate
    if len(said) > 1 and phrase.endswith(("} as {predicate}", "} as its {predicate}")) and not is_plural(predicate):
        predicate = plural(predicate)  # `has Ann and Bo as customers`
    before, _, after = (part.replace("{predicate}", predicate) for part in phrase.partition(form))
    before = re.sub(r"\ba(?= [aeiou])", "an", before)
    over = all(is_over(fact.value) for fact in facts)
    before = _TENSES.sub(lambda verb: verb["past" if over else "other"], before)
    if len({fact.predicate for fact in facts}) == len(facts) > 1 and phrase in _PLACED:
        places = dict.fromkeys(with_the(fact.value) for fact in sorted(facts, key=_scope))
        return f"{before}{', '.join(places)}"
    values = list(said)
    if values == ["1"]:
        after = singular(after)
    if form == "{a}" and after:  # `a high price range and a low price range`
        return f"{before}{joined([value + after for value in values])}"
    return without_echo(before, joined(values), after)


def _counts(phrase: str, value: str) -> bool:
    """Whether a phrase for figures can say a value: what it counts, `has {} awards`, it says of bare numbers alone."""
    if phrase.endswith("}"):
        return is_figure(value)
    return is_count(value) or (is_figure(value) and value.split(" ")[-1] == phrase.rpartition("} ")[2].split(" ")[0])


def _scope(fact: Said) -> int:
    """How large a place is that a predicate names: a city before its state, and that before its country."""
    return next((size for size, names in enumerate(_SCOPES) if not names.isdisjoint(fact.predicate.split())), 0)
