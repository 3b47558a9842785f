"""A question that a person asked and its answer as one sentence: `who won the first game?`, `Boston` -> `Boston won the
first game.`

Rules over the words alone: where a clause's verb is not among those known here, there is no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gentap.rules.verbs import ASKING, BASES, FINITE, PARTICIPLES, past, third_person
from gentap.rules.wanted import ADVERBS
from tabtext.values import parse_value

_MODAL = frozenset(("can", "could", "will"))
_BE = frozenset(("is", "are", "was", "were"))
_NO_SUBJECT = frozenset(("that", "which", "who", "whose", "where", "when", "not", "never"))
"""Words that begin a clause inside a subject, whose verb would be taken for the sentence's, or deny its verb."""
_SUBORDINATES = _NO_SUBJECT.union(("before", "after", "while", "because", "until", "since", "once"))
_SHARES = frozenset(("times", "percentage", "percent", "portion", "share"))
"""What is counted or shared stays in the sentence, and where is not known here: `what share of the votes`."""
_DETERMINERS = frozenset(("a", "an", "the", "this", "that", "his", "her", "its", "their", "first", "last", "next"))
"""A word behind these is a noun (`the race`), also where it could be a verb."""
_TIMES = frozenset(("year", "years", "season", "month", "date", "day", "decade", "century"))
_PREPOSITIONS = re.compile(
    r"(?:about|after|among|around|as|at|before|between|by|during|for|from|in|into|near|of|on|over|since|through|to|under"
    r"|until|with|within)\b"
)
_STRANDED = re.compile(
    r"(?P<verb>(?: \w+)*? (?:after|against|as|at|by|for|from|in|of|on|to|under|with))"
    r"(?P<rest> (?:after|at|before|between|during|for|from|in|on|until|with) .+)"
)
""" `play for in 1990`: what is asked for belongs between the two."""
_CALLED = re.compile(
    r"(?P<subject>.+?) "
    r"(?P<called>(?:also )?(?:called|named|termed|titled|nicknamed|considered|known as|referred to as))"
)
_SAID_OF = re.compile(
    rf"(?:{'|'.join(sorted(PARTICIPLES))}|[a-z]{{3,}}ed|[a-z]+ly|[a-z]+ing|the (?:most|least|[a-z]+est|first|last)|"
    r"there|not|after|among|at|before|between|by|for|from|in|near|of|on|over|under|with)\b"
)
"""How that begins which is said of a subject, and not the subject itself."""
_THINGS = re.compile(r"(?!not )(?:(?:the|an?|another|one|some|his|her|its|their) |.*(?: of |['’]s ))")
"""How what is something begins: a thing, and not what is done with it."""
_ENDS = "about after against as at by for from in into like near of on through to under with"
_OPEN_ENDS = tuple(f" {word}" for word in _ENDS.split())

_LIKE_A_VERB = re.compile(r"[a-z]+(?:ed|(?<!s)s)")
"""What a verb behind `who` looks like in one of two tenses."""

_WHO = re.compile(
    rf"(?P<wh>who|what)(?P<verb>(?: (?:{'|'.join(sorted(ADVERBS))}))? (?!(?:did|does|do|else|happened|happens)\b)\S+)"
    r"(?P<rest> .+)"
)
_IS = re.compile(r"(?:what|which)(?P<verb> (?:is|are|was|were))(?P<rest> .+)")
_ASKED = re.compile(
    r"(?:(?P<before>in|on|at|for|during|by|with|from|to|against) )?"
    r"(?P<wh>when|where|whom?|(?:what|which|how many|how much)(?P<noun>(?: \S+){0,5}?))"
    r" (?P<auxiliary>did|does|do|was|were|is|are|has|have|had) (?P<rest>.+)"
)
_SUBJECT = re.compile(
    r"(?P<wh>what|which|how many|how much) (?P<noun>\S+(?: \S+){0,4}?)"
    rf" (?P<verb>{'|'.join(sorted(FINITE))}) (?P<rest>.+)"
)
_HOW = re.compile(
    r"how (?:well )?did (?P<subject>.+?) (?:do|perform|fare|finish|place|rank)(?P<rest>| (?:in|at|on|during) .+)"
)
_WITHIN = re.compile(
    r"(?:what|which) (?P<noun>\w+(?: \w+)?) (?P<verb>is|are|was|were) (?P<subject>.+) (?P<where>in|from|on|at)"
)
"""`which state is Riverside in`."""
_RANK = re.compile(r"\d+(?:st|nd|rd|th)(?: (?:place|overall|in|of)\b.*| ?\(.*\))?")
"""An answer that `finished` goes with."""
_ASKS = re.compile(
    r"(?:(?:in|on|at|for|by|with|from|of|to|and|so|but|then) )?"
    r"(?:who|whom|whose|what|which|when|where|why|how|did|does|do|was|were|is|are|has|have|had|can|could|will|would|"
    r"please|name|list|give|tell|show|find|state)\b.*"
    r"|.*\b(?:who|whom|what|which|how|when|where|did|does|do)\b.*",
    re.IGNORECASE,
)
"""What begins as a question or an order, or asks in its middle."""
_EVENT = re.compile(
    r"(?P<wh>when|where)(?P<verb> (?:was|were|is|are)) (?P<event>(?:the|his|her|its|their|.+['’]s?) (?:[\w-]+ ){0,3}?"
    r"(?:final|race|match|game|debut|election|birth|death|birthday|release|launch|opening|premiere|episode|battle|"
    r"wedding|funeral|festival|concert|flight|ascent|trial|vote|ceremony|tournament|championship)s?"
    r"(?: (?:of|in|at|for|against|between|with) .+)?)"
)
"""`when was the final`: what takes place at a time."""
_ENDING = re.compile(
    r"(?P<said>.+ (?:in|on|at|by|with|to|of|for|from|against|was|were|is|are)) "
    r"(?:whom?|what|which|how (?:many|much))(?: (?:year|season|percentage|date|team|film))?"
)
"""A statement with a question word at its end: `Rimush was succeeded by who`."""
_YEAR = re.compile(r"[12]\d{3}")
_NO_TIME = re.compile(r"\d{1,2}:\d\d.*|\d+ (?:years?|months?|weeks?|days?|hours?|minutes?|seconds?)")
"""A time of day and how long it takes: no answer of `in` or `on`."""
_CHOICE = re.compile(r"\bor\b")
_TELL = re.compile(r"^(?:please )?(?:show|tell|give|name|list|find|state) (?:me )?", re.IGNORECASE)
_DOES = re.compile(r" do(?: (?:in|at|on|for|against|during) .+)?", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?P<wh>(?:(?:in|on|at|for|by|with|from|to) )?(?:when|where|how|why|what|which|who|whom)\b.*? )??"
    r"(?:(?P<auxiliary>did|does|do|was|were|is|are|has|have|had) |happened (?:to )?)"
    r"(?P<rest>.+?)(?: do(?P<then>| (?:in|at|on|for|against|during) .+))?",
    re.IGNORECASE,
)


def declared(question: str, answer: str) -> str | None:
    """The sentence that says a question with its answer in place of what it asks for; None where no rule knows how.

    A question that names the answers to choose from has none: they would stay in the sentence.
    """
    if _CHOICE.search(question):
        return None
    asked = " ".join(question.split()).rstrip(" ?.")
    if (ending := _ENDING.fullmatch(asked)) and not _ASKS.fullmatch(ending["said"]):
        return f"{ending['said']} {answer}."
    asked = asked[:1].lower() + asked[1:]
    said = next(filter(None, (turn(asked, answer) for turn in _TURNS)), None)
    return f"{said[0].upper()}{said[1:]}." if said else None


def topic(question: str) -> str:
    """What a question is about, to stand before a colon: `How did Ann do in 1999?` -> `Ann in 1999`, `When and where
    did Ann win it?` -> `Ann won it`; of a question that only yes or no answers `Whether Ann won it`."""
    asked = _TELL.sub("", " ".join(question.split()).rstrip(" ?."))
    asked = asked[:1].upper() + asked[1:]
    match = _ABOUT.fullmatch(asked)
    if not match:
        return asked
    auxiliary, rest = (match["auxiliary"] or "").lower(), f"{match['rest']}{match['then'] or ''}"
    wh = (match["wh"] or "").lower().split()
    is_thing = auxiliary in _BE and wh in (["what"], ["which"], ["who"])  # `what is the number of seats won`
    said = _clause(auxiliary, rest.split()) if auxiliary and not is_thing else None
    acts = auxiliary in ("did", "does", "do") and not _DOES.search(asked)
    names_a_kind = len(wh) > 1 and wh[0] in ("what", "which")  # `what films was Ann in`
    if not said and (acts or names_a_kind or not wh):  # a verb that is not known, or is left out
        return asked
    about = f"{said[0]} {said[1]}{said[2]}" if said and said[1] not in ("did", "does", "do") else rest
    about = about if match["wh"] else f"whether {about}"
    return f"{about[0].upper()}{about[1:]}"


def _who(asked: str, answer: str) -> str | None:
    """`who won it` -> `Ann won it`; `what caused it` -> `Rain caused it`, but not `what was it`, `what has Ann won`."""
    match = _WHO.fullmatch(asked)
    verb = match["verb"].split()[-1] if match else ""
    if not match or not (verb in FINITE or (match["wh"] == "who" and _LIKE_A_VERB.fullmatch(verb))):
        return None
    if _leaves_open(verb, match["rest"]):
        return None
    if verb not in ASKING and match["rest"].lstrip().partition(" ")[0] in ASKING:  # `what films was Ann in`
        return None
    if match["wh"] == "what" and verb in ASKING and not match["rest"].startswith((" been ", " be ")):
        return None
    return f"{answer}{match['verb']}{match['rest']}"


def _is(asked: str, answer: str) -> str | None:
    """`what was the score` -> `the score was 3`; `what is the cup called` -> `the cup is called Ashes`."""
    match = _IS.fullmatch(asked)
    if not match:
        return None
    rest = match["rest"].strip()
    if called := _CALLED.fullmatch(rest):
        return f"{called['subject']}{match['verb']} {called['called']} {answer}"
    ends = rest.rsplit(" ", 1)[-1]
    if (
        not _THINGS.match(rest)
        or rest.endswith(_OPEN_ENDS)
        or ends in PARTICIPLES
        or _STRANDED.fullmatch(f" {rest}")
        or " like " in rest
    ):
        return None
    return f"{rest}{match['verb']} {answer}"


def _asked(asked: str, answer: str) -> str | None:
    """`in which year did Ann win it` -> `In 1999, Ann won it`; `how many games did Ann win` -> `Ann won 3 games`."""
    match = _ASKED.fullmatch(asked)
    if not match or _is_share(match["noun"] or ""):
        return None
    if match["wh"] == "when" and _NO_TIME.fullmatch(answer):
        return None
    if match["wh"] == "where" and not match["before"] and answer[:1].isdigit():
        return None
    before = match["before"] or _preposition(match["wh"], match["noun"] or "", answer)
    said = _clause(match["auxiliary"], match["rest"].split())
    if not said or (match["auxiliary"] in _BE and not before):
        return None
    subject, verb, rest = said
    if rest.startswith(" and ") or rest.endswith(" do") or verb in ("did", "does", "do"):  # a verb that asks or stays
        return None
    if stranded := _STRANDED.fullmatch(rest):
        return None if before else f"{subject} {verb}{stranded['verb']} {answer}{stranded['rest']}"
    ends_open = rest.endswith(_OPEN_ENDS)
    if before and not ends_open:
        where = answer if _PREPOSITIONS.match(answer) and not match["before"] else f"{before} {answer}"
        is_time = match["wh"] == "when" or (match["noun"] or "").rsplit(" ", 1)[-1] in _TIMES
        first = is_time or not _SUBORDINATES.isdisjoint(rest.split())
        return f"{where}, {subject} {verb}{rest}" if first else f"{subject} {verb}{rest} {where}"
    counted = _counted(answer, (match["noun"] or "").strip()) if match["wh"].startswith("how") else answer
    return f"{subject} {verb}{rest} {counted}" if ends_open else f"{subject} {verb} {counted}{rest}"


def _subject(asked: str, answer: str) -> str | None:
    """`which team won it` -> `Boston won it`; `how many teams won it` -> `3 teams won it`."""
    match = _SUBJECT.fullmatch(asked)
    if not match or _is_share(match["noun"]):
        return None
    counts = match["wh"].startswith("how")
    if match["rest"].partition(" ")[0] in ASKING or f" {match['rest']}" in _OPEN_ENDS:
        return None  # `what films was Ann in`, where films could be a verb; `which films Ann starred in`
    if _leaves_open(match["verb"], match["rest"]) or (counts and match["verb"] in _BE and match["wh"].endswith("much")):
        return None  # `which country is Ann from`, `how much older was Ann`
    if match["verb"] in _MODAL and match["rest"].partition(" ")[0] not in BASES:  # `what prize can Ann win`
        return None
    is_said = match["verb"] not in _BE or _SAID_OF.match(match["rest"])
    if not is_said:  # `what color is the car`, `what prize was Ann given`
        return None
    if match["verb"] in _BE and match["noun"].rsplit(" ", 1)[-1] in _TIMES:  # `which year was it won`
        return None
    counted = _counted(answer, match["noun"]) if counts else answer
    if counts and match["verb"] == "had" and match["rest"][0].isupper():  # who had whom
        return None
    if counts and match["verb"] == "has" and match["rest"][0].isupper():  # `how many points has Bob`
        return f"{match['rest']} {match['verb']} {counted}"
    return f"{counted} {match['verb']} {match['rest']}"


def _is_share(noun: str) -> bool:
    """Whether no answer stands in for this alone: a share of something, or a clause."""
    return " part of" in f" {noun}" or not (_NO_SUBJECT | ASKING | _SHARES).isdisjoint(noun.split())


def _counted(answer: str, noun: str) -> str:
    """`3`, `teams` -> `3 teams`; an answer of more words says it itself."""
    return f"{answer} {noun}" if noun and " " not in answer else answer


def _leaves_open(verb: str, rest: str) -> bool:
    """Whether the answer belongs to the end: `who was Ann a guest of`."""
    return verb in _BE and rest.endswith(_OPEN_ENDS)


def _within(asked: str, answer: str) -> str | None:
    """`which state is Riverside in`, `Iowa` -> `Riverside is in Iowa`."""
    match = _WITHIN.fullmatch(asked)
    words = match["subject"].split() if match else []
    plain = words and (words[-1][0].isupper() or words[-1][0].isdigit() or (len(words) == 2 and _before_noun(words[0])))
    if not plain:  # `which subject is Ben better at`
        return None
    acts = PARTICIPLES | BASES | _NO_SUBJECT | ASKING
    if not match or any(word in acts or word.endswith(("ing", "ed")) for word in words):
        return None
    return f"{match['subject']} {match['verb']} {match['where']} {answer}"


def _how(asked: str, answer: str) -> str | None:
    """`how did Ann do in the final`, `3rd` -> `Ann finished 3rd in the final`."""
    match = _HOW.fullmatch(asked)
    if not match or not _RANK.fullmatch(answer):
        return None
    if any(word in _NO_SUBJECT | ASKING for word in f"{match['subject']}{match['rest']}".split()):
        return None
    return f"{match['subject']} finished {answer}{match['rest']}"


def _event(asked: str, answer: str) -> str | None:
    """`when was the final` -> `the final was on May 3, 1999`."""
    match = _EVENT.fullmatch(asked)
    if not match or _PREPOSITIONS.match(answer) or match["event"].endswith(_OPEN_ENDS):
        return None
    if any(word in PARTICIPLES or word in _NO_SUBJECT for word in match["event"].split()):
        return None
    is_time = parse_value(answer).date is not None or _YEAR.fullmatch(answer) is not None
    if is_time != (match["wh"] == "when") or (answer[:1].isdigit() and not is_time):
        return None
    return f"{match['event']}{match['verb']} {_preposition(match['wh'], '', answer)} {answer}"


_TURNS: tuple[Callable[[str, str], str | None], ...] = (_who, _is, _asked, _subject, _within, _how, _event)


def _preposition(wh: str, noun: str, answer: str) -> str:
    if wh == "where":
        return "in"
    if wh.startswith("how") or (wh != "when" and noun.strip().rsplit(" ", 1)[-1] not in _TIMES):
        return ""
    date = parse_value(answer).date
    return "on" if date and date.day else "in"


def _clause(auxiliary: str, words: list[str]) -> tuple[str, str, str] | None:
    """What stands behind an auxiliary as subject, verb and the rest with its space: `did`, `Ann win it` -> `Ann`,
    `won`, ` it`."""
    known = BASES if auxiliary in ("did", "does", "do") else PARTICIPLES
    at = next((i for i in range(1, len(words)) if words[i] in known and not _before_noun(words[i - 1])), None)
    if at is None and len(words) > 1 and words[-1] in known and words[-2][0].isdigit():  # `line 40 go`
        at = len(words) - 1
    if at is None or words[at - 1] == "to":  # behind `to` it is no verb of the clause, whose own is unknown
        return None
    if any(_is_verb(words, i, known) for i in range(at + 1, len(words))):
        return None  # of two, the first may be a noun or stand inside the subject: `the slave trade end`
    if (_NO_SUBJECT | ASKING | {"time", "been"}).intersection(words[:at]):
        return None
    verb = words[at]
    if auxiliary == "did":
        verb = past(verb)
    elif auxiliary == "does":
        verb = third_person(verb)
    elif auxiliary != "do":
        verb = f"{auxiliary} {verb}"
    return " ".join(words[:at]), verb, "".join(f" {word}" for word in words[at + 1 :])


def _is_verb(words: list[str], at: int, known: frozenset[str]) -> bool:
    """Whether a word behind the verb may be the clause's verb instead."""
    return words[at] in known and not _before_noun(words[at - 1]) and words[at - 1] not in ("to", "and", "or", "by")


def _before_noun(word: str) -> bool:
    """Whether a noun follows: `the race`, `2008 film`."""
    return word in _DETERMINERS or word[:1].isdigit()
