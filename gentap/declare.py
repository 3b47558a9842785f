"""A question that a person asked and its answer as one sentence: `who won the first game?`, `Boston` -> `Boston won the
first game.`

Rules over the words alone: where a clause's verb is not among those known here, there is no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_IRREGULAR = {
    "be": "was", "become": "became", "begin": "began", "beat": "beat", "break": "broke", "bring": "brought",
    "build": "built", "come": "came", "cost": "cost", "do": "did", "draw": "drew", "drive": "drove", "fall": "fell",
    "find": "found", "fight": "fought", "get": "got", "give": "gave", "go": "went", "grow": "grew", "have": "had",
    "hit": "hit", "hold": "held", "keep": "kept", "know": "knew", "lead": "led", "leave": "left", "lose": "lost",
    "make": "made", "meet": "met", "pay": "paid", "put": "put", "read": "read", "rise": "rose", "run": "ran",
    "see": "saw", "sell": "sold", "send": "sent", "set": "set", "shoot": "shot", "sing": "sang", "sit": "sat",
    "spend": "spent", "stand": "stood", "swim": "swam", "take": "took", "throw": "threw", "win": "won",
    "write": "wrote",
}  # fmt: skip
_REGULAR = """
achieve act air appear attend attract average award belong capture cause change claim close compete complete contain
contribute cover create debut defeat defend depart destroy die direct discover dissolve drop earn end enter establish
exceed expire face fail feature film finish follow gain graduate happen host include join jump kill land last launch
list live locate manage mark marry move name need obtain occur open operate originate participate peak perform place
plan play post precede premiere present produce promote publish qualify race rank reach receive record release remain
replace represent retire return score serve sign sink stage star start stay stop succeed suffer tie total travel use
visit vote walk work
"""
_OWN_PARTICIPLES = """
been become begun born broken come done drawn driven fallen given gone grown known run seen shown sung swum taken
thrown written
"""
_AUXILIARIES = "has have is are was were can could will"
_DOUBLED = frozenset(("drop", "occur", "plan", "star", "stop"))


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if _changes_y(verb):
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if verb in _DOUBLED else f"{verb.removesuffix('e')}ed"


def _third_person(verb: str) -> str:
    if verb in ("be", "have"):
        return {"be": "is", "have": "has"}[verb]
    if _changes_y(verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "o", "ch", "sh")) else f"{verb}s"


def _changes_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2] not in "aeiou"


_BASES = frozenset((*_IRREGULAR, *_REGULAR.split()))
_PASTS = frozenset(map(_past, _BASES))
_PARTICIPLES = _PASTS.union(_OWN_PARTICIPLES.split())
_FINITE = _PASTS.union(map(_third_person, _BASES), _AUXILIARIES.split()) - {"did", "does"}
_BE = frozenset(("is", "are", "was", "were"))
_NO_SUBJECT = frozenset(("that", "which", "who", "whose", "where", "when", "not", "never"))
"""Words that begin a clause inside a subject, whose verb would be taken for the sentence's, or deny its verb."""
_DETERMINERS = frozenset(("a", "an", "the", "this", "that", "his", "her", "its", "their", "first", "last", "next"))
"""A word behind these is a noun (`the race`), also where it could be a verb."""
_OPEN_ENDS = (" to", " with", " against", " for", " from", " in", " on", " at", " by", " of")

_WHO = re.compile(r"who(?P<verb> (?!did|does|do|else)\S+)(?P<rest> .+)")
_IS = re.compile(r"(?:what|which)(?P<verb> (?:is|are|was|were))(?P<rest> .+)")
_ASKED = re.compile(
    r"(?:(?P<before>in|on|at|for|during|by|with|from|to|against) )?"
    r"(?P<wh>when|where|whom?|(?:what|which|how many|how much)(?P<noun>(?: \S+){0,5}?))"
    r" (?P<auxiliary>did|does|do|was|were|is|are|has|have|had) (?P<rest>.+)"
)
_SUBJECT = re.compile(
    r"(?P<wh>what|which|how many|how much) (?P<noun>\S+(?: \S+){0,4}?)"
    rf" (?P<verb>{'|'.join(sorted(_FINITE))}) (?P<rest>.+)"
)
_CHOICE = re.compile(r"\bor\b")


def declared(question: str, answer: str) -> str | None:
    """The sentence that says a question with its answer in place of what it asks for; None where no rule knows how.

    A question that names the answers to choose from has none: they would stay in the sentence.
    """
    if _CHOICE.search(question):
        return None
    asked = " ".join(question.split()).rstrip(" ?.")
    asked = asked[:1].lower() + asked[1:]
    said = next(filter(None, (turn(asked, answer) for turn in _TURNS)), None)
    return f"{said[0].upper()}{said[1:]}." if said else None


def _who(asked: str, answer: str) -> str | None:
    """`who won it` -> `Ann won it`."""
    match = _WHO.fullmatch(asked)
    known = match and match["verb"].strip() in _FINITE
    return f"{answer}{match['verb']}{match['rest']}" if match and known else None


def _is(asked: str, answer: str) -> str | None:
    """`what was the score` -> `the score was 3`."""
    match = _IS.fullmatch(asked)
    return match and f"{match['rest'].strip()}{match['verb']} {answer}"


def _asked(asked: str, answer: str) -> str | None:
    """`in which year did Ann win it` -> `In 1999, Ann won it`; `how many games did Ann win` -> `Ann won 3 games`."""
    match = _ASKED.fullmatch(asked)
    if not match:
        return None
    before = match["before"] or _preposition(match["wh"], match["noun"] or "", answer)
    said = _clause(match["auxiliary"], match["rest"].split())
    if not said or (match["auxiliary"] in _BE and not before):
        return None
    subject, verb, rest = said
    if rest.startswith(" and "):  # a second verb, which would keep its form
        return None
    if before:
        return f"{before} {answer}, {subject} {verb}{rest}"
    counted = answer + (match["noun"] or "") if match["wh"].startswith("how") else answer
    ends_open = rest.endswith(_OPEN_ENDS)
    return f"{subject} {verb}{rest} {counted}" if ends_open else f"{subject} {verb} {counted}{rest}"


def _subject(asked: str, answer: str) -> str | None:
    """`which team won it` -> `Boston won it`; `how many teams won it` -> `3 teams won it`."""
    match = _SUBJECT.fullmatch(asked)
    if not match or _NO_SUBJECT.intersection(match["noun"].split()):
        return None
    if match["verb"] in _BE and match["rest"].endswith(_OPEN_ENDS):  # `which country is Ann from`
        return None
    counted = f"{answer} {match['noun']}" if match["wh"].startswith("how") else answer
    return f"{counted} {match['verb']} {match['rest']}"


_TURNS: tuple[Callable[[str, str], str | None], ...] = (_who, _is, _asked, _subject)


def _preposition(wh: str, noun: str, answer: str) -> str:
    if wh == "where":
        return "in"
    if wh != "when" and noun.strip() not in ("year", "years", "season", "month", "date", "day"):
        return ""
    return "on" if re.search(r"[^\W\d]+ \d{1,2}\b(?!\d)|\b\d{1,2} [^\W\d]", answer) else "in"


def _clause(auxiliary: str, words: list[str]) -> tuple[str, str, str] | None:
    """What stands behind an auxiliary as subject, verb and the rest with its space: `did`, `Ann win it` -> `Ann`,
    `won`, ` it`."""
    known = _BASES if auxiliary in ("did", "does", "do") else _PARTICIPLES
    at = next((i for i in range(1, len(words)) if words[i] in known and words[i - 1] not in _DETERMINERS), None)
    if at is None or _NO_SUBJECT.intersection(words[:at]):
        return None
    verb = words[at]
    if auxiliary == "did":
        verb = _past(verb)
    elif auxiliary == "does":
        verb = _third_person(verb)
    elif auxiliary != "do":
        verb = f"{auxiliary} {verb}"
    return " ".join(words[:at]), verb, "".join(f" {word}" for word in words[at + 1 :])
