"""What a question wants, by its words: the word that asks, the kind of thing, whether several; and what stands for the
same in the names of columns.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gentap.grammar.alike import FUNCTION_WORDS, name_words, singular
from gentap.grammar.header_words import words_of
from gentap.grammar.verbs import ASKING, BASES, third_person
from gentap.rules.idioms import wanted_unnamed

WH = r"(?:what|which|who|whom|whose|how|when|where|why)"
"""The words that ask."""

_SHORTENED = re.compile(rf"\b({WH})['’]s\b", re.IGNORECASE)
_ASKING = re.compile(rf"\b(?P<wh>{WH})\b(?P<rest>.*)", re.IGNORECASE)
_TELLING = re.compile(r"(?:please )?(?:name|list|give|tell|show|find|state)(?: me)?(?P<rest> .+)", re.IGNORECASE)
_VERB = re.compile(r"\b(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would)\b.*", re.IGNORECASE)
_IS_THE = re.compile(r" (?:was|were|is|are) (?P<noun>.+)", re.IGNORECASE)
_OF = re.compile(r" (?:of|in|at|for|by|on|to|from|between|when)\b.*", re.IGNORECASE)
_NO_ADJECTIVES = {(word,) for word in ASKING.union(("many", "much"))}
ADVERBS = words_of("first last originally ever also once currently usually finally previously later then")
"""Words that stand before a verb."""
_GENERAL = re.compile(
    r" (?:were|are) |(?: \S+){0,3}? (?:does|do) "
    rf"|(?: \S+){{0,2}}? (?:{'|'.join(sorted(map(third_person, BASES - {'be', 'do', 'have'})))})\b"
)
"""What asks for all that there are: `who are the winners`, `who teaches art`, `what does Ann teach`."""
_WORD = re.compile(r"[^\W\d_]+")


class Wanted(NamedTuple):
    """What a question wants, by its words: the word that asks, those for the kind of thing in the singular, those among
    which is the verb of who, when, where or the adjective of how, whether several are wanted, those for what it wants
    without naming it (a price, of `how much does it cost`), and whether it says so: `what is Ann's phone number`."""

    wh: str
    words: tuple[str, ...]
    verbs: tuple[str, ...]
    several: bool
    unnamed: tuple[str, ...] = ()
    direct: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return self.wh == "how many"


def spelled_out(question: str) -> str:
    """`what's` as `what is`."""
    return _SHORTENED.sub(r"\1 is", question)


def asks(question: str) -> bool:
    """Whether a question asks for something rather than for yes or no."""
    return bool(_ASKING.search(question) or _TELLING.match(question))


def wanted(question: str) -> Wanted:
    """What a question wants: of `what films did Ann make?` `film`, several of them."""
    found = _ASKING.search(spelled_out(question))
    if not found:
        told = _TELLING.match(question)
        return Wanted("", kinds_of(_OF.sub("", told["rest"])) if told else (), (), False)
    wh, rest = found["wh"].lower(), found["rest"].rstrip(" ?.").lower()
    counted = wh == "how" and rest.startswith((" many ", " much "))
    if is_the := _IS_THE.match(rest):
        kinds = kinds_of(_OF.sub("", is_the["noun"]))
    else:
        kinds = kinds_of(_VERB.sub("", rest).partition(" the ")[0]) if wh in ("what", "which") or counted else ()
    verbs = _verbs(wh, rest) if not (is_the and wh.startswith("who")) else ()
    plural = any(kind not in _WORD.findall(rest) for kind in kinds[:4])
    several = wh not in ("when", "how") and (plural or bool(_GENERAL.match(rest)))
    own = () if counted or wh in ("what", "which", "whose", "why") else (wh,)
    unnamed = wanted_unnamed(question, f"{wh}{rest}")
    direct = is_the is not None and wh in ("what", "which")
    return Wanted("how many" if counted else wh, (*unnamed, *kinds, *own), verbs, several, unnamed, direct)


def _verbs(wh: str, rest: str) -> tuple[str, ...]:
    """The words of a question among which is what is done by who, when or where, or how something is."""
    words = tuple(_WORD.findall(rest))
    if wh in ("when", "where"):
        return words
    acts = tuple(word for word in words if word not in ADVERBS)
    return acts[:1] if wh in ("who", "whom") or (wh == "how" and acts[:1] not in _NO_ADJECTIVES) else ()


def kinds_of(noun: str) -> tuple[str, ...]:
    """The first words of a noun and what belongs to it, in the singular."""
    words = [word for word in map(str.lower, _WORD.findall(noun)[:6]) if word not in FUNCTION_WORDS]
    return tuple(map(singular, words))


def names(question: str, header: str) -> bool:
    """Whether a question says a word of a column's name."""
    return not words_said(question).isdisjoint(name_words(header))


def words_said(text: str) -> frozenset[str]:
    """The words of a text, in the singular."""
    return frozenset(map(singular, _WORD.findall(text.lower())))
