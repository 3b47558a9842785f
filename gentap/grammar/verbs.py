"""The English verbs that questions about tables are stated with, and their tenses."""

from __future__ import annotations

import re
from collections.abc import Iterable

_IRREGULAR = {
    "arise": "arose", "be": "was", "bear": "bore", "become": "became", "begin": "began", "beat": "beat",
    "bind": "bound", "break": "broke", "bring": "brought", "broadcast": "broadcast", "build": "built",
    "buy": "bought", "catch": "caught", "choose": "chose", "come": "came", "cost": "cost", "deal": "dealt",
    "do": "did", "draw": "drew", "drive": "drove", "eat": "ate", "fall": "fell", "feed": "fed", "feel": "felt",
    "fight": "fought", "find": "found", "flee": "fled", "fly": "flew", "forbid": "forbade", "get": "got",
    "give": "gave", "go": "went", "grow": "grew", "have": "had", "hit": "hit", "hold": "held", "keep": "kept",
    "know": "knew", "lay": "laid", "lead": "led", "learn": "learned", "leave": "left", "lend": "lent", "lose": "lost",
    "make": "made", "mean": "meant", "meet": "met", "overcome": "overcame", "pay": "paid", "put": "put",
    "read": "read", "rise": "rose", "run": "ran", "say": "said", "see": "saw", "seek": "sought", "sell": "sold",
    "send": "sent", "set": "set", "shoot": "shot", "sing": "sang", "sit": "sat", "speak": "spoke", "spend": "spent",
    "split": "split", "spread": "spread", "stand": "stood", "strike": "struck", "swim": "swam", "take": "took",
    "teach": "taught", "tell": "told", "think": "thought", "throw": "threw", "undergo": "underwent",
    "understand": "understood", "wear": "wore", "win": "won", "withdraw": "withdrew", "write": "wrote",
}  # fmt: skip
_RARE = {
    "ride": "rode", "shake": "shook", "freeze": "froze", "steal": "stole", "hide": "hid", "dig": "dug",
    "forget": "forgot", "cut": "cut", "quit": "quit", "cast": "cast", "weep": "wept", "hurt": "hurt", "sleep": "slept",
    "swing": "swung", "bend": "bent", "bite": "bit", "bleed": "bled", "blow": "blew", "breed": "bred",
    "burst": "burst", "cling": "clung", "creep": "crept", "drink": "drank", "forgive": "forgave", "grind": "ground",
    "hang": "hung", "kneel": "knelt", "light": "lit", "ring": "rang", "shine": "shone", "shrink": "shrank",
    "shut": "shut", "sink": "sank", "slide": "slid", "spin": "spun", "spit": "spat", "spring": "sprang",
    "stick": "stuck", "sting": "stung", "strive": "strove", "swear": "swore", "sweep": "swept", "tear": "tore",
    "wake": "woke", "weave": "wove", "wind": "wound", "bet": "bet", "bid": "bid", "let": "let",
}  # fmt: skip
"""Verbs that are nouns or adjectives as often, and are known as verbs only where nothing else can be the verb."""
_REGULAR = """
abandon abolish absorb accept accomplish accuse achieve acknowledge acquire act adapt add address adhere admire admit
adopt advocate affect agree air allow alter annex announce appear apply appoint approve argue arrange arrest arrive ask
assert assign assist associate assume attach attack attain attempt attend attract author authorize average avoid award
ban base believe belong blame borrow call campaign capture carry cause cease celebrate change characterize claim
classify climb close coach collaborate collapse collect combine command commission commit compare compete complete
compose comprise conclude condemn conduct confer confirm connect conquer consider consist construct consume contain
continue contribute control convert convince cook correspond cover create criticize cross cultivate debut decide
declare decline decrease defeat defend define deliver demand demonstrate deny depart depend depict deploy derive
descend describe destroy determine develop die differ direct discover discuss dissolve distinguish distribute divide
divorce dominate donate double drop earn edit elect eliminate emerge emigrate emphasize employ enable enact encourage
end endorse endure engage enjoy enroll ensure enter escape establish estimate evolve examine exceed exclude execute
exhibit exist expand expect expel experience expire explain explore expose express extend face fail fare favor feature
fill film finance finish fire follow force fund gain gather generate govern graduate grant gross guarantee guide happen
help hire honor host identify ignore impact implement imply impose improve include incorporate increase indicate
influence inherit initiate install instruct integrate intervene introduce invade invent invest investigate invite
involve issue join judge jump kill label lack land last launch like limit link list live locate lock maintain manage
manufacture mark marry match measure merge migrate move name need negotiate notice observe obtain occupy occur offer
open operate oppose order organize originate own paint park participate pass patent peak perceive perform persist place
plan play portray possess post praise precede predict prefer premiere prepare present preserve press prevent print
proclaim produce prohibit promote propose protect protest prove provide publish purchase pursue push qualify question
race raise rank reach react receive recognize recommend record recover recruit reduce refer reflect reform refuse
regain regard regulate reign reject relate release relocate rely remain remember remove rename rent reopen repair
repeal replace represent request require rescue resemble reside resign resist resolve respond restore restrict resume
retain retire retreat return reveal reverse review rule sail save score secure seem seize select separate serve settle
shape share shift ship show sign signify sink solve specify sponsor stage star start stay stop store study submit
succeed suffer suggest supply support surpass surrender survive switch symbolize tend terminate test threaten thrive
tie tour trace trade transfer transform translate transport travel treat turn undermine unify unite upgrade urge use
vary view violate visit voice vote walk want warn wash watch weigh welcome work worship yield
"""
_OWN_PARTICIPLES = """
arisen beaten become been begun born borne broken chosen come done drawn driven eaten fallen flown forbidden founded
given gone grown hidden known overcome run seen shown spoken struck sung swum taken thrown undergone withdrawn worn
written
"""
_AUXILIARIES = "has have is are was were can could will"
ASKING = frozenset(f"{_AUXILIARIES} did does do had should would may might must".split())
"""Words that stand before the subject of a question."""
_DOUBLED_VERBS = "admit ban commit confer control drop expel occur plan prefer refer ship star stop submit transfer"
_SHORT = re.compile(r"[^aeiou]+[aeiou][bdgmnprt]")
_DOUBLED = frozenset(_DOUBLED_VERBS.split())


def past(verb: str) -> str:
    """A verb's past tense: `win` as `won`."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb in _RARE:
        return _RARE[verb]
    if _changes_y(verb):
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if verb in _DOUBLED or _SHORT.fullmatch(verb) else f"{verb.removesuffix('e')}ed"


def third_person(verb: str) -> str:
    """A verb as he, she or it does it: `win` as `wins`."""
    if verb in ("be", "have"):
        return {"be": "is", "have": "has"}[verb]
    if _changes_y(verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "o", "ch", "sh")) else f"{verb}s"


def _changes_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2] not in "aeiou"


BASES = frozenset((*_IRREGULAR, *_REGULAR.split()))
_BASE_OF = {past(verb): verb for verb in BASES}
PASTS = frozenset(map(past, BASES))
PARTICIPLES = PASTS.union(_OWN_PARTICIPLES.split())
FINITE = PASTS.union(map(third_person, BASES), _AUXILIARIES.split()) - {"did", "does"}
"""The verbs known here: as they stand behind `did`, in the past, behind `was`, and in a statement."""


def other_tenses(words: Iterable[str]) -> set[str]:
    """The verbs among words in the tense that they are not in, `win` as `won` and `used` as `use`; a word that is not
    known here as if it were a regular verb, `reopen` as `reopened`."""
    return {other for word in words for other in _others(word)}


def _others(word: str) -> tuple[str, ...]:
    if word in _BASE_OF:
        return (_BASE_OF[word],)
    return (past(word),) if word in BASES else (f"{word}ed", f"{word}d")
