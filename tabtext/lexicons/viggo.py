"""How ViGGO's crowd workers word what is said, asked or felt about a video game."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tabtext.lexicons.values import find_values
from tabtext.record import Record
from tabtext.slots import Domain, Statement, longest

_OPEN = ("name", "developer", "specifier", "exp_release_date")
_TOPICS = {
    "has_multiplayer": r"(?:online |local )?multi-?[ ]?players?|co-?op\w*|with (?:your |my |their )?(?:friends|others)|single-?[ ]?player|solo",
    "available_on_steam": r"steam",
    "has_linux_release": r"linux",
    "has_mac_release": r"macs?|macos|macintosh",
}
_SINGLE = re.compile(r"single|solo", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:(?:not|never|\w+n't)(?! only| been for)(?! (?:\w+ ){0,3}?(?:fond|lik\w+|enjoy\w*|think|say|feel|find|fans?|sure|good|great|fun)\b)"
    r"|no|non|neither|nor|without|lacks?|lacking|cannot|unavailable|excluding|instead of|rather than|except|minus|missing|yet to)\b",
    re.IGNORECASE,
)
_RESET = re.compile(
    r"[.!?;:]|\b(?:but|however|though|although|while|yet|whereas)\b"
    r"|,? and (?:it|is|has|was|it's|can|comes|you|there|does|features|supports|offers|the|available)\b"
    r"|, (?:it|which|you|is|has|was|there|so|and)\b|\b(?:too bad|shame|only)\b",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"^\W*(?:\w+\W+){0,4}?(?:not|isn't|aren't|doesn't|unavailable|wasn't|excluded|nor|out of luck)\b", re.IGNORECASE
)

_RATINGS = {
    ("poor",): r"poor(?:ly)?|low|wrong|distaste\w*|stunk|stinks?|lacking|rarely|bad(?:ly)?|terribl[ey]|awful(?:ly)?|horribl[ey]|negative|hat(?:e|ed|ing)|dislik(?:e|ed|ing)|disappoint\w*|boring|bored|worst|low[- ]rat\w+|low ratings?|"
    r"(?:not|\w*n't|never) (?:\w+[ ]){0,3}?(?:like|liked|enjoy\w*|good|fan|fond|care|impress\w+|great|fun|love|appeal\w*|into|best|feel|happy)|lame|garbage|sucks?|suck|unlik\w+|weak|worse|pass on|frustrat\w+|annoy\w+|turned? (?:you |me )?off|trash|crap\w*|joke|fail\w*|detest\w*|can't stand|unimpress\w*|uninterest\w*|mess|mess\w*|unfavorabl[ey]|bother\w*|problem\w*|wasn't|issue\w*|off-?putting|ruin\w*|stupid|ugly|waste|subpar|unenjoyable|dull",
    ("average",): r"average(?:ly)?|rarely|lacking|barely|extraordinary|okay|ok|mediocre|so-so|decent(?:ly)?|middling|mixed|alright|all right|fair(?:ly)?|moderate(?:ly)?|neutral|meh|not (?:\w+[ ]){0,2}?(?:bad|great|amazing|special|too|terrible|spectacular)|\w+n't (?:\w+[ ]){0,3}?(?:bad|great|amazing|special|terrible|memorable|blown|anything|better|good|stand out)|could (?:have been|be) better|middle|nothing (?:special|spectacular|too|really)|passable|indifferent|average-rated|ambivalent|unremarkable|forgettable|pretty standard|run[- ]of[- ]the[- ]mill|underwhelm\w+|acceptable|neither|tolerable|bland|serviceable|uninspir\w+|ordinary|just fine|was fine|lukewarm|not sure|generic|wasn't (?:\w+ )?impressed|felt|kind of|lackluster|half",
    ("good",): r"good|prefer\w*|strong|better|outd\w+|well[- ](?:rated|received|liked|reviewed)|nice(?:ly)?|fun|enjoy\w*|lik(?:e|ed|es|ing)|positive(?:ly)?|favorabl[ey]|solid|cool|pleasant|great|entertain\w*|well|fond|interest\w+|appeal\w*|fan|high(?:ly)?[- ]rat\w+|better than average|above average|high ratings?|pleas\w+|satisf\w+|recommend\w*|happy|thumbs|love\w*|best|worth\w*|engag\w+|exciting|rewarding|impress\w*|appreciate\w*|quality|high|neat|draws?|addict\w+",
    ("excellent",): r"excellent(?:ly)?|great|amazing|fantastic|outstanding|superb|incredibl[ey]|lov(?:e|ed|es|ing)|best|awesome|brilliant(?:ly)?|phenomenal|masterpiece|favou?rites?|perfect(?:ly)?|wonderful(?:ly)?|top|really (?:like|liked|enjoy\w*|good)|exceptional(?:ly)?|blast|stellar|high(?:ly)?|huge fan|enjoy\w*|spectacular|impress\w+|addict\w+|blown|extremely|so much|very (?:good|well|fun)|adore|fan|lots|most|so good|magnificent|a lot|rave\w*|obsess\w*|big|super|thrill\w*|go-to|can't (?:go wrong|get enough)|enthral\w*|pretty much|five|hooked|beautiful\w*|remarkabl\w+|enamou?red|biggest|special|marvel\w*|gem|world|compelling|excit\w+|marvelous|must",
}  # fmt: skip
_NEIGHBOURS = {"poor": {"average"}, "average": set(), "good": {"excellent"}, "excellent": {"good"}}
"""Ratings that the freer words for a rating may also stand for."""

_SURE_RATINGS = {
    ("poor",): r"(?:poor(?:ly)?|bad|negative|terrible)[- ](?:rat(?:ed|ings?)|reviews?|game)",
    ("average",): r"average[- ](?:rat(?:ed|ings?)|reviews?|game)|averagely[- ]rated",
    ("good",): r"(?:good|well)[- ](?:rat(?:ed|ings?)|reviews?)",
    ("excellent",): r"(?:excellent)[- ](?:rat(?:ed|ings?)|reviews?)|excellent",
}
_PERSPECTIVES = {
    "first person": r"first[- ]?person|fps|first(?=,? ?(?:or|and|and/or|/|to|-) ?(?:a |the )?third)",
    "third person": r"third[- ]?person|third(?=,? ?(?:or|and|and/or|/|to|-) ?(?:a |the )?(?:first|bird))",
    "bird view": r"bird(?:'?s)?[- ]?(?:eye)?[- ]?(?:view|perspective)?(?:'s)?|top[- ]?down|overhead|aerial|bird-?",
    "side view": r"side(?:[- ]?(?:view|scroll\w*|on))?|profile",
}
_PLATFORMS = {
    "PlayStation": r"play[- ]?stations?|ps ?[1-4]?(?!\w)|psx",
    "Xbox": r"x-?box(?:es)?(?: one| 360)?",
    "PC": r"pcs?",
    "Nintendo Switch": r"(?:nintendo )?(?-i:Switch)",
    "Nintendo": r"nintendo(?! switch)(?: ?(?:64|ds|wii|systems?|consoles?|platforms?))?|wii|snes|gamecube|game boy",
}
_GENRES = {
    "MMORPG": r"mmo(?:rpg)?s?|massively multiplayer[\w -]*", "action": r"(?<!the )(?<!live )action(?![- /]*adventure)\w*", "action-adventure": r"action[- /]*(?:packed )?adventures?|adventure[- ]action|action and adventure|action, adventure",
    "adventure": r"(?<!action-)(?<!action )(?<!text )(?<!action/)adventur\w*", "arcade": r"arcades?", "driving/racing": r"driv\w+|rac(?:ing|er|ers|es|e)|cars?", "fighting": r"fight\w*|brawl\w*",
    "hack-and-slash": r"hack[- ]?(?:and|&|n|'n')?[- ]?slash\w*", "indie": r"indies?|independent", "music": r"music\w*|rhythm|song\w*|danc\w+", "pinball": r"pinball", "platformer": r"platform(?:er|ers|ing)|platform[- ](?:game|puzz|adventur|shoot|style)\w*",
    "point-and-click": r"point[- ](?:and|&|n)[- ]click\w*", "puzzle": r"puzzl\w*", "real-time strategy": r"real[- ]?time[- ](?:\w+ )?strateg\w+|rts|real[- ]time", "role-playing": r"role[- ]?play\w*|(?:j|a)?rpgs?|role-?play",
    "shooter": r"shoot\w*|fps|gun\w*", "simulation": r"simulat\w*|sims?|simulators?", "sport": r"sports?(?! an? )|sporting|sporty|football|soccer|basketball|skat\w+|golf|hockey", "strategy": r"(?<!turn-based )(?<!real-time )(?<!turn based )(?<!real time )strateg\w+",
    "survival": r"surviv\w+", "tactical": r"tactic\w*", "text adventure": r"text[- ](?:based )?(?:\w+ )?adventur\w*|text-based", "trivia/board game": r"trivia(?:/| |, |-)?(?:and )?(?:board)?[- ]?(?:games?)?|board[- ]?games?",
    "turn-based strategy": r"turn[- ]?based(?:[- ]\w+)?[- ]strateg\w+|tbs|turn[- ]based", "vehicular combat": r"vehic\w+(?:[- ]combat)?|car combat",
}  # fmt: skip
_ESRB = {
    "E (for Everyone)": r"(?:rated |rating of |an? )?\"?e\"?(?:[- ]rat(?:ed|ing)| \(?for everyone\)?(?! 10))|\(?for everyone\)?(?! 10)|rated \"?e\"?(?! ?10)|everyone(?! 10)|esrb rating of e(?! ?10)|e-rat\w+|all ages",
    "E 10+ (for Everyone 10 and Older)": r"(?:rated )?\"?e(?:veryone)?\"?[- ]?(?:for everyone )?\(?10\+?(?: and (?:older|up|above)|\+)?[^.,;]{0,40}?(?:older\)?|rat\w+)?|everyone (?:over |above |age |aged |ages )?(?:10|ten)[^.,;]{0,15}|10 and (?:older|up|over)|10 years|(?:ages?|over) (?:10|ten)",
    "T (for Teen)": r"(?:rated |a )?\"?t\"?[- ](?:rat(?:ed|ing)|\(?for teens?\)?)|rated \"?t\"?|teen\w*|t-rat\w+",
    "M (for Mature)": r"(?:rated |an? )?\"?m\"?[- ](?:rat(?:ed|ing)|\(?for mature\)?)|rated \"?m\"?|\bmature(?! themes)|adults?|m-rat\w+",
}  # fmt: skip
_KIN = {
    "action-adventure": {"action", "adventure"},
    "text adventure": {"adventure"},
    "turn-based strategy": {"strategy", "real-time strategy"},
    "real-time strategy": {"strategy", "turn-based strategy"},
    "strategy": {"turn-based strategy", "real-time strategy"},
    "action": {"action-adventure", "adventure"},
    "adventure": {"action-adventure", "action", "text adventure"},
    "vehicular combat": {"driving/racing", "fighting"},
    "shooter": {"fighting"},
    "MMORPG": {"role-playing"},
    "trivia/board game": {"tactical"},
    "sport": {"driving/racing"},
}
"""Genres whose words also stand for these, which a text is then not held to add."""

_YEAR = re.compile(r"(?<![\w-])(?:19|20)\d\d(?![\w-])|(?<!\w)'\d\d(?!\w)")
LISTS = frozenset({"genres", "platforms", "player_perspective"})
SLOTS = frozenset({*_OPEN, *_TOPICS, *LISTS, "esrb", "rating", "release_year"})


def _compiled(slot: str, table: dict[str, str]) -> list[tuple[str, frozenset[str], re.Pattern[str]]]:
    return [(slot, frozenset({v}), re.compile(rf"(?<!\w)(?:{p})(?!\w)", re.I)) for v, p in table.items()]


_CLOSED = [
    *_compiled("player_perspective", _PERSPECTIVES),
    *_compiled("platforms", _PLATFORMS),
    *_compiled("genres", _GENRES),
    *_compiled("esrb", _ESRB),
]
_FEELINGS = [
    (frozenset(values), re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), sure)
    for table, sure in ((_RATINGS, False), (_SURE_RATINGS, True))
    for values, pattern in table.items()
]


def find(record: Record, text: str) -> list[Statement]:
    """What a text states about a game."""
    text = text.replace("’", "'")
    named = list(_open(record, text))
    rest = list(text)
    for statement in named:
        if statement.slot != "specifier":
            rest[statement.start : statement.end] = "_" * (statement.end - statement.start)
    plain = "".join(rest)
    return [*named, *_closed(record, plain), *_ratings(plain), *_booleans(plain), *_years(record, plain)]


def _open(record: Record, text: str) -> Iterator[Statement]:
    """Names, developers, specifiers and dates of the record, wherever they stand."""
    facts = [t for t in record.triples if t.predicate in _OPEN and t.object]
    for triple, places in zip(facts, find_values(text, [t.object for t in facts]), strict=True):
        for place in places:
            yield Statement(triple.predicate, frozenset({triple.object}), place.start, place.end)


def _closed(record: Record, text: str) -> Iterator[Statement]:
    found = [Statement(slot, values, *m.span()) for slot, values, rx in _CLOSED for m in rx.finditer(text)]
    for slot in ("player_perspective", "platforms", "esrb"):
        yield from longest(s for s in found if s.slot == slot)
    said = set(record.slots.get("genres", "").split(", "))
    kin = set().union(*(_KIN.get(genre, set()) for genre in said)) - said
    yield from (s for s in found if s.slot == "genres" and not s.values <= kin)


def _ratings(text: str) -> Iterator[Statement]:
    for values, pattern, sure in _FEELINGS:
        for found in pattern.finditer(text):
            yield Statement("rating", values if sure else values | _NEIGHBOURS[min(values)], *found.span(), sure)


def _booleans(text: str) -> Iterator[Statement]:
    """The yes-or-no slots a text speaks of, each with the polarity of its clause."""
    for slot, topic in _TOPICS.items():
        for found in re.finditer(rf"(?<!\w)(?:{topic})(?!\w)", text, re.IGNORECASE):
            before = _RESET.split(text[: found.start()])[-1]
            after = _RESET.split(text[found.end() :])[0]
            negated = bool(_NOT.search(before)) or bool(_NOT_AFTER.search(after))
            if _SINGLE.match(found[0]):
                negated = not negated
            yield Statement(slot, frozenset({"no" if negated else "yes"}), *found.span())


def _years(record: Record, text: str) -> Iterator[Statement]:
    year = record.slots.get("release_year", "")
    for found in _YEAR.finditer(text):
        value = year if found[0][0] == "'" and year.endswith(found[0][1:]) else found[0]
        yield Statement("release_year", frozenset({value}), *found.span())


DOMAIN = Domain("viggo", find, lists=LISTS, topics=frozenset({"name"}))
