"""The phrase of a predicate by the form of its words: `is repaired by Bo`, `has 12 windows`, `depends on serde`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tabtext.verbal.predicates import PREPOSITIONS, is_noun, is_plural, singular
from tabtext.verbal.truths import ACTS
from tabtext.verbal.values import LONG, article, at_time, is_count, is_figure, is_over, is_time, joined, with_the

_IRREGULAR = (
    "born|built|made|sold|held|led|known|found|run|taken|given|drawn|seen|taught|sung|set|cut|shot|won|bought|grown"
    "|flown|thrown|worn|spoken|broken|kept|left|lost|met|paid|sent|told|written|chosen|driven|hidden|laid|read|brought"
    "|caught"
)
_ADVERB = r"(?:\w+ly|first|last|also|not|well|best|newly|once|now|then|currently|formerly)"
_PARTICIPLE = re.compile(rf"(?:{_ADVERB} )?(?:\w+ed|{_IRREGULAR})(?: \w+)? (?:{PREPOSITIONS})")
_ALONE = re.compile(
    rf"(?:{_ADVERB} )?(?!bed|seed|speed|feed|breed|need|shed)\w{{3,}}ed|sold|built|paid|sent|written|bought"
)
"""Participles that tell when: `delivered: 2024-05-03`."""
_PAST = re.compile(
    rf"(?:{_ADVERB} )?(?:found|built|writt|born|establish|creat|design|invent|discover|releas|publish|open|clos|complet"
    r"|direct|produc|compos|launch|form|introduc|acquir|bought|kill|defeat|elect|appoint|sign|nominat|won|sung|shot"
    r"|taught|sold|sent|develop|paint|record|film|celebrat|select|train|educat|convict|sentenc|transferr|replac|succeed"
    r"|preced|merg|deliver|shipp|enact|receiv|hired|start|end|paid|fixed|added|updat|modif|last|first|admit|discharg"
    r"|cancel|finish|report)"
)
"""Beginnings of participles that tell what is over."""
_DID = re.compile(
    r"(?!\w+ by)(?:landed|graduated|died|retired|lived|worked|moved|resigned|emigrated|arrived|participated|competed"
    r"|appeared|enrolled|played|fought|wrote|sang|ran|debuted|collaborated|belonged|responded|happened"
    rf"|occurred|departed|returned|travelled|voted|lectured|preached|consisted)(?: \w+)? (?:{PREPOSITIONS})"
)
"""What somebody did rather than had done to him."""
_VERB = re.compile(rf"[a-z]{{3,}}(?<![suiao])s (?:\w+ )?(?:{PREPOSITIONS})")
_SIDE = re.compile(
    r"(?:allergic|native|endemic|responsible|good|bad|similar|different|relevant|available|suitable|accessible"
    r"|compatible|equal|equivalent|identical|indigenous|close|adjacent|opposite|parallel|perpendicular|sensitive"
    r"|resistant|loyal|eligible|famous|capable|full|toxic|prone|vulnerable|exclusive|specific|north|south|east|west"
    r"|upstream|downstream|composed|made up) (?:to|of|with|for|from|at|in)"
)
_ROLE = re.compile(
    r"(?!(?:\w+ )*(?:number|order|transfer|letter|power|offer|door|floor|factor|answer|color|error|paper"
    r"|amount|constant) )"
    r"(?:\w+ )?(?:\w{3,}(?:er|or|ist|ant|ian)|student|resident|agent|president|spokesperson) (?:in|at|for|to|on)"
)
"""What somebody is to something: `participant in`."""
_OF = re.compile(r"(?:\w+ ){1,3}of")
_NO_OF = re.compile(r"(?:\w+s|because|out|instead|made|aware|think|date|year|number|count|made up) of")
_MANY = re.compile(r"(?:number|count|no) of (?P<things>.+)")
_NAMED = re.compile(r"(?:.* )?(?:date|day|time|year|id|code|number|no|name|sku|url)", re.IGNORECASE)
"""Predicates whose values are names or times, whatever figures they begin with."""
_SPELLED = re.compile(r"(?:\w+ )?(?:id|code|number|sku)|\w+ date", re.IGNORECASE)
_PAIRED = re.compile(r"(?P<things>(?:\w+ )?\w+s) of (?P<rest>\w+)")


def by_form(words: str, values: Sequence[str]) -> str | None:
    """The phrase of a predicate by the form of its words; None where they are no more than a name of what is told."""
    if len(words) > LONG:
        return None
    first, _, rest = words.partition(" ")
    value = joined(values)
    if first in ("is", "was", "are", "were", "had", "can") and rest:
        return f"{words} {value}"
    if first == "has" and rest:
        return _had(rest, value)
    if all(map(is_time, values)) and not _DID.fullmatch(words) and (happened := _happened(words)):
        return f"{'was' if all(map(is_over, values)) else 'is'} {happened} {at_time(value)}"
    return _related(words, value) or (_measured(words, value) if len(values) == 1 else None)


def _had(rest: str, value: str) -> str:
    """What a subject `has …`: `has worked for Elm`, `has 3 rooms`, `has Ann as mayor`."""
    if rest.startswith("been ") or _PARTICIPLE.fullmatch(rest) or _DID.fullmatch(rest):
        return f"has {rest} {value}"
    return f"has {value} {rest}" if is_count(value) else f"has {value} as {rest}"


def _happened(words: str) -> str | None:
    """What was done at a time: `delivered`, `created at`, `date modified`."""
    done = re.sub(r"^date (?=\w+ed$)| (?:at|on|in|date)$", "", words)
    return done if _ALONE.fullmatch(done) and not _DID.match(f"{done} in") else None


def _related(words: str, value: str) -> str | None:
    """The phrase of a predicate that is a verb, or a noun or adjective with its preposition."""
    named = with_the(value)
    if _DID.fullmatch(words):
        return f"{words} {named}"
    if _PARTICIPLE.fullmatch(words):
        verb = "was" if _PAST.match(words) else "is"
        if words.endswith((" in", " on")) and re.search(r"\b[12]\d{3}\b", value):
            return f"{verb} {words[:-3]} {at_time(value)}"
        return f"{verb} {words} {named}"
    if _SIDE.fullmatch(words):
        return f"is {words} {named}"
    if words in ACTS or (_VERB.fullmatch(words) and not is_figure(value)):
        return f"{words} {named}"
    if _ROLE.fullmatch(words):
        return f"is {article(words)} {words} {named}"
    if many := _MANY.fullmatch(words):
        things = singular(many["things"]) if value == "1" else many["things"]
        return f"has {value} {things}" if is_count(value) else None
    return f"is the {words} {named}" if _OF.fullmatch(words) and not _NO_OF.fullmatch(words) else None


def _measured(words: str, value: str) -> str | None:
    """What has a figure or a name of figures: `has 12 windows`, `has a tare weight of 3 t`, `has the employee ID 7`."""
    if _SPELLED.fullmatch(words):
        return f"has the {words} {value}"
    if not is_figure(value) or _NAMED.fullmatch(words) or is_time(value) or not is_noun(words):
        return None
    if paired := _PAIRED.fullmatch(words):
        return f"has {value} {words}" if is_count(value) else f"has {value} of {paired['rest']}"
    if not is_plural(words):
        return f"has {article(words)} {words} of {value}"
    return f"has {value} {singular(words) if value == '1' else words}" if is_count(value) else f"has {words} of {value}"
