"""Words without which a kind of program is not tried; what they are worth is learnt (`weights`)."""

from __future__ import annotations

import re


def _any_of(words: str, *, at_the_start: bool = False) -> re.Pattern[str]:
    """Any of some words; `~` stands for any ending, `_` for the space between two words."""
    forms = "|".join(word.replace("_", " ").replace("~", r"\w*") for word in words.split())
    start = "" if at_the_start else r"\b"
    return re.compile(rf"{start}(?:{forms})\b", re.IGNORECASE)


SUPERLATIVE = re.compile(
    r"\b(?:\w+est|\w{2,}er|second|third|first|last|most|least|worst|more|less|max(?:imum)?|min(?:imum)?|top|bottom|recent|lead(?:ing)?|main|peak|win|won"
    r"|final|favou?rite|prefer\w*|expensive|worse|record)\b",
    re.IGNORECASE,
)
NEAR = _any_of(
    "next after before previous~ prior follow~ preced~ above below under succe~ behind ahead then later earlier listed"
    " directly immediately right just came come comes"
)
ENDS = _any_of(
    "first last top bottom second third initial~ final~ recent~ latest earliest start~ begin~ end~ list~ open~"
    " original~ newest oldest current~ debut~"
)
NTHS = {"second": _any_of("second 2nd runner-up runnerup"), "third": _any_of("third 3rd")}
COUNTS = _any_of("how_many number_of total amount_of count how_often times quantity")
SUMS = _any_of(
    "total~ sum combined altogether overall together in_all all how_many how_much collectively add~ come_to amount both"
    " between_them owe~ cost bill"
)
MEANS = _any_of("average~ mean typical~ on_average per")
DIFFERS = _any_of(
    "difference differ more less fewer between than longer older younger taller margin higher lower larger greater gap"
    " ahead further farther bigger heavier cheaper later earlier shorter smaller better faster elapsed passed separat~"
    " dearer exceed~ extra compared after before beat warmer colder"
)
SPAN = _any_of("difference between range")
REPEATED = _any_of(
    "more_than_one more_than_once twice two both different at_least_two at_least_twice several multiple two_or_more"
    " again repeat~ same"
)
YES_NO = _any_of("is are was were do does did has have had can could will would", at_the_start=True)
ANY = _any_of("any there anyone anybody someone somebody ever anything something all every~")
CHANGES = _any_of(
    "by_how how_many how_much how_long grow~ grew gain~ rise rose increase~ drop~ fell fall fallen lost left remain~"
    " over under short margin profit difference change~ between"
)
LESS = _any_of("less fewer lower smaller cheaper younger lighter shorter earlier faster before sooner slower worse")
COMMON = _any_of("often common~")
OR = re.compile(r"\b(?:or|and|than|between|both)\b|,", re.IGNORECASE)
NOT = re.compile(
    r"\b(?:not|never|no|without|other|except|besides|excluding|apart|outside|nobody|none|else|non)\b|n['’]t\b",
    re.IGNORECASE,
)
