"""A question that a person asked and its answer as one sentence: `who won the first game?`, `Boston` -> `Boston won the
first game.`

Rules over the words alone: where a clause's verb is not among those known here, there is no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gentap.grammar.verbs import ASKING, BASES, FINITE, PARTICIPLES, third_person
from gentap.rules.clauses import BE, NO_SUBJECT, OPEN_ENDS, before_noun, clause
from gentap.rules.wanted import ADVERBS
from tabtext.values import parse_value

_MODAL = frozenset(("can", "could", "will"))
_SUBORDINATES = NO_SUBJECT.union(("before", "after", "while", "because", "until", "since", "once"))
_SHARES = frozenset(("times", "percentage", "percent", "portion", "share"))
"""What is counted or shared stays in the sentence, and where is not known here: `what share of the votes`."""
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
_SUBJECTS = re.compile(
    r"(?P<wh>what|which|how many) (?P<noun>(?:\S+ ){0,2}?(?:people|men|women|children|[a-z]+(?<!s)s))"
    rf" (?P<verb>{'|'.join(sorted(BASES - {'be'}))}) (?P<rest>.+)"
)
"""`which rivers cross it`."""
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
    r"(?:whom?|what|which|how (?:many|much))(?: [a-z]+)?"
)
"""A statement with a question word at its end: `Rimush was succeeded by who`."""
_YEAR = re.compile(r"[12]\d{3}")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])(?::[0-5]\d(?: ?[ap]\.?m\.?)?| ?[ap]\.?m\.?)", re.IGNORECASE)
"""A time of day."""
_DONE = re.compile(rf"(?:{'|'.join(sorted(PARTICIPLES))}|[a-z]+ed)")
"""`what time was Ann born`: what the verb stands apart from."""
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b")
_WHAT_TIME = re.compile(r"what time (?P<verb>is|was|are|were) (?P<rest>.+)")
_WHERE = re.compile(r"(?:where|in (?:which|what) \w+) (?P<verb>is|was|are|were) (?P<subject>.+?)(?: (?P<from>from))?")
_HOW_IS = re.compile(
    r"how (?P<how>long|high|tall|wide|deep|old|thick|much) (?P<verb>is|was|are|were) (?P<subject>(?!there\b).+)"
)
_NO_AGE = 1000
_NO_VERBS = ASKING | PARTICIPLES | NO_SUBJECT | {"to", "than", "when", "worth", "there", "ago", "between"}
_TOWARDS = re.compile(r"\b(?:go|fly|travel|sail|head|move|drive)$")
_STATE = re.compile(r"[a-z]+(?: (?:in|at|on|of|for|to|by|with|from) .+)?")
"""What is said with `is` alone: `official in India`."""
_SCALED = re.compile(r"[\d.,]+ (?:thousand|million|billion|trillion)")
_IS_ONE = re.compile(r".*[^\Ws\d]\)?")
"""An answer that looks like one thing, and no number of them."""
_SINGULAR = {"are": "is", "were": "was", "have": "has"}
_PLURAL = {"is": "are", "was": "were", "has": "have", **{third_person(verb): verb for verb in BASES - {"be", "have"}}}
_NO_TIME = re.compile(r"\d{1,2}:\d\d.*|\d+ (?:years?|months?|weeks?|days?|hours?|minutes?|seconds?)")
"""A time of day and how long it takes: no answer of `in` or `on`."""
_CHOICE = re.compile(r"\bor\b")


def declared(question: str, answer: str, *, several: bool = False) -> str | None:
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
    said = _agreeing(said, answer, _PLURAL if several else _SINGULAR) if said else None
    return f"{said[0].upper()}{said[1:]}." if said else None


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
        or rest.endswith(OPEN_ENDS)
        or ends in PARTICIPLES
        or _STRANDED.fullmatch(f" {rest}")
        or " like " in rest
    ):
        return None
    return f"{rest}{match['verb']} {answer}"


def _at_time(asked: str, answer: str) -> str | None:
    """`what time is the last bus`, `22:15` -> `the last bus is at 22:15`."""
    match = _WHAT_TIME.fullmatch(asked)
    if not match or not _CLOCK.fullmatch(answer) or _DONE.fullmatch(match["rest"].split()[-1]):
        return None
    return f"{match['rest']} {match['verb']} at {answer}"


def _place(asked: str, answer: str) -> str | None:
    """`where is Denali` -> `Denali is in Alaska`; `where is Ann from` -> `Ann is from Leeds`."""
    match = _WHERE.fullmatch(asked)
    if not match or answer[:1].isdigit() or not _is_name(match["subject"].split()):
        return None
    before = match["from"] or ("" if _PREPOSITIONS.match(answer) else "in")
    return " ".join(filter(None, (match["subject"], match["verb"], before, answer)))


def _measure(asked: str, answer: str) -> str | None:
    """`how long is the bridge`, `430 m` -> `the bridge is 430 m long`; `how much is a night` -> `a night is $38`."""
    match = _HOW_IS.fullmatch(asked)
    if not match or not any(map(str.isdigit, answer)) or not _NO_VERBS.isdisjoint(match["subject"].split()):
        return None
    how = match["how"]
    if how == "old" and answer.isdecimal() and int(answer) >= _NO_AGE:
        return None
    if answer.endswith(f" {how}"):  # `8 m wide`
        return f"{match['subject']} {match['verb']} {answer}"
    unit = " years" if how == "old" and answer.isdecimal() else ""
    return f"{match['subject']} {match['verb']} {answer}{unit}{'' if how == 'much' else f' {how}'}"


def _is_name(words: list[str]) -> bool:
    """Whether words are a name, with the or a kind before it, and nothing that is said of it."""
    return all(word[0].isupper() or word[0].isdigit() or word in ("the", "of", "de") for word in words)


def _asked(asked: str, answer: str) -> str | None:
    """`in which year did Ann win it` -> `In 1999, Ann won it`; `how many games did Ann win` -> `Ann won 3 games`."""
    match = _ASKED.fullmatch(asked)
    if not match or _is_share(match["noun"] or ""):
        return None
    at_clock = _CLOCK.fullmatch(answer) is not None
    if match["wh"] == "when" and _NO_TIME.fullmatch(answer) and not at_clock:
        return None
    if match["wh"] == "where" and not match["before"] and answer[:1].isdigit():
        return None
    before = match["before"] or _preposition(match["wh"], match["noun"] or "", answer)
    if match["wh"] == "where" and _TOWARDS.search(match["rest"]):
        before = "to"
    said = clause(match["auxiliary"], match["rest"].split())
    if not said or (match["auxiliary"] in BE and not before):
        return None
    subject, verb, rest = said
    if rest.startswith(" and ") or rest.endswith(" do") or verb in ("did", "does", "do"):  # a verb that asks or stays
        return None
    if stranded := _STRANDED.fullmatch(rest):
        return None if before else f"{subject} {verb}{stranded['verb']} {answer}{stranded['rest']}"
    ends_open = rest.endswith(OPEN_ENDS)
    if before and not ends_open:
        where = answer if _PREPOSITIONS.match(answer) and not match["before"] else f"{before} {answer}"
        is_time = match["wh"] == "when" or (match["noun"] or "").rsplit(" ", 1)[-1] in _TIMES
        first = is_time or not _SUBORDINATES.isdisjoint(rest.split())
        return f"{where}, {subject} {verb}{rest}" if first else f"{subject} {verb}{rest} {where}"
    counted = _counted(answer, (match["noun"] or "").strip()) if match["wh"].startswith("how") else answer
    return f"{subject} {verb}{rest} {counted}" if ends_open else f"{subject} {verb} {counted}{rest}"


def _subject(asked: str, answer: str) -> str | None:
    """`which team won it` -> `Boston won it`; `how many teams won it` -> `3 teams won it`."""
    match = _SUBJECT.fullmatch(asked) or _SUBJECTS.fullmatch(asked)
    if not match or _is_share(match["noun"]):
        return None
    counts = match["wh"].startswith("how")
    if match["rest"].partition(" ")[0] in ASKING or f" {match['rest']}" in OPEN_ENDS:
        return None  # `what films was Ann in`, where films could be a verb; `which films Ann starred in`
    if _leaves_open(match["verb"], match["rest"]) or (counts and match["verb"] in BE and match["wh"].endswith("much")):
        return None  # `which country is Ann from`, `how much older was Ann`
    if match["verb"] in _MODAL and match["rest"].partition(" ")[0] not in BASES:  # `what prize can Ann win`
        return None
    if counts and match["verb"] in BE and match["rest"].startswith("there"):  # `how many laps were there in all`
        return f"there {match['verb']} {_counted(answer, match['noun'])}{match['rest'].removeprefix('there')}"
    states = match["wh"] == "which" and _STATE.fullmatch(match["rest"])
    is_said = match["verb"] not in BE or states or _SAID_OF.match(match["rest"])
    if not is_said:  # `what color is the car`, `what prize was Ann given`
        return None
    if match["verb"] in BE and match["noun"].rsplit(" ", 1)[-1] in _TIMES:  # `which year was it won`
        return None
    counted = _counted(answer, match["noun"]) if counts else answer
    if match.re is _SUBJECTS and not counts:
        return f"{counted} {third_person(match['verb'])} {match['rest']}"
    if counts and match["verb"] == "had" and match["rest"][0].isupper():  # who had whom
        return None
    if counts and match["verb"] == "has" and match["rest"][0].isupper():  # `how many points has Bob`
        return f"{match['rest']} {match['verb']} {counted}"
    return f"{counted} {match['verb']} {match['rest']}"


def _agreeing(said: str, answer: str, forms: Mapping[str, str]) -> str:
    """A sentence that begins with its answer, its verb in one of these forms: `Ann and Bob work`, `Ann has paid`."""
    verb, _, rest = said.removeprefix(f"{answer} ").partition(" ")
    if not said.startswith(f"{answer} ") or verb not in forms or (forms is _SINGULAR and not _IS_ONE.fullmatch(answer)):
        return said
    return f"{answer} {forms[verb]} {rest}"


def _is_share(noun: str) -> bool:
    """Whether no answer stands in for this alone: a share of something, or a clause."""
    return " part of" in f" {noun}" or not (NO_SUBJECT | ASKING | _SHARES).isdisjoint(noun.split())


def _counted(answer: str, noun: str) -> str:
    """`3`, `teams` -> `3 teams`; an answer of more words says it itself, but for a scale; a share is of something."""
    bare = " " not in answer or _SCALED.fullmatch(answer)
    return f"{answer} {noun}" if noun and bare and not answer.endswith("%") else answer


def _leaves_open(verb: str, rest: str) -> bool:
    """Whether the answer belongs to the end: `who was Ann a guest of`."""
    return verb in BE and rest.endswith(OPEN_ENDS)


def _within(asked: str, answer: str) -> str | None:
    """`which state is Riverside in`, `Iowa` -> `Riverside is in Iowa`."""
    match = _WITHIN.fullmatch(asked)
    words = match["subject"].split() if match else []
    plain = words and (words[-1][0].isupper() or words[-1][0].isdigit() or (len(words) == 2 and before_noun(words[0])))
    if not plain:  # `which subject is Ben better at`
        return None
    acts = PARTICIPLES | BASES | NO_SUBJECT | ASKING
    if not match or any(word in acts or word.endswith(("ing", "ed")) for word in words):
        return None
    return f"{match['subject']} {match['verb']} {match['where']} {answer}"


def _how(asked: str, answer: str) -> str | None:
    """`how did Ann do in the final`, `3rd` -> `Ann finished 3rd in the final`."""
    match = _HOW.fullmatch(asked)
    if not match or not _RANK.fullmatch(answer):
        return None
    if any(word in NO_SUBJECT | ASKING for word in f"{match['subject']}{match['rest']}".split()):
        return None
    return f"{match['subject']} finished {answer}{match['rest']}"


def _event(asked: str, answer: str) -> str | None:
    """`when was the final` -> `the final was on May 3, 1999`."""
    match = _EVENT.fullmatch(asked)
    if not match or _PREPOSITIONS.match(answer) or match["event"].endswith(OPEN_ENDS):
        return None
    if any(word in PARTICIPLES or word in NO_SUBJECT for word in match["event"].split()):
        return None
    is_time = parse_value(answer).date is not None or _YEAR.fullmatch(answer) is not None
    if is_time != (match["wh"] == "when") or (answer[:1].isdigit() and not is_time):
        return None
    return f"{match['event']}{match['verb']} {_preposition(match['wh'], '', answer)} {answer}"


_TURNS: tuple[Callable[[str, str], str | None], ...] = (
    _who, _at_time, _is, _asked, _subject, _within, _place, _measure, _how, _event,
)  # fmt: skip


def _preposition(wh: str, noun: str, answer: str) -> str:
    if wh == "where":
        return "in"
    if noun.strip() == "time" and _CLOCK.fullmatch(answer):
        return "at"
    if wh.startswith("how") or (wh != "when" and noun.strip().rsplit(" ", 1)[-1] not in _TIMES):
        return ""
    if _CLOCK.fullmatch(answer):
        return "at"
    date = parse_value(answer).date
    return "on" if (date and date.day) or _WEEKDAY.match(answer) else "in"
