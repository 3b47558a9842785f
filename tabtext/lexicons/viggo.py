"""How ViGGO's crowd workers word what is said, asked or felt about a video game."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tabtext.lexicons.negation import denial, negated
from tabtext.lexicons.values import find_values, verbatim
from tabtext.record import Record
from tabtext.slots import Domain, Statement, items, longest

_OPEN = ("name", "developer", "specifier", "exp_release_date")
LISTS = frozenset({"genres", "platforms", "player_perspective"})


def _any(words: str, *patterns: str) -> str:
    """A pattern for any of these words, `*` standing for an ending and `_` for a blank or hyphen, or these patterns."""
    written = (re.escape(word).replace(r"\*", r"\w*").replace("_", "[- ]?") for word in words.split())
    return "|".join((*patterns, *written))


_BOOLEANS = {
    "has_multiplayer": _any(
        "multi_player multi_players co_op* single_player single_players solo",
        r"with (?:your |my |their )?(?:friends|others)",
    ),
    "available_on_steam": "steam",
    "has_linux_release": "linux",
    "has_mac_release": _any("mac macs macos macintosh"),
}
_SINGLE = re.compile(r"single|solo", re.IGNORECASE)
_DISLIKE = (
    r"(?:not|\w*n't|never) (?:\w+[ ]){0,3}?(?:like|liked|enjoy\w*|good|fan|fond|care|impress\w+|great|fun|love"
    r"|appeal\w*|into|best|feel|happy|stand)"
)
_SO_SO = (
    r"(?:not|\w*n't) (?:\w+[ ]){0,3}?(?:bad|great|amazing|special|too|terrible|spectacular|memorable|blown|anything"
    r"|better|good|stand out|impress\w+)|could (?:have been|be) better|nothing (?:special|spectacular|too|really)"
    r"|kind of"
)
_RATINGS = {
    "poor": _any(
        "poor* low wrong distaste* stunk stink* lacking rarely bad* terribl* awful* horribl* negative hate hated "
        "hating dislik* disappoint* boring bored worst lame garbage suck sucks unlik* weak worse frustrat* annoy* "
        "trash crap* fail* detest* unimpress* uninterest* mess* unfavorabl* bother* problem* issue* off_putting "
        "ruin* stupid ugly waste subpar dull turned_off turn_off pass_on",
        _DISLIKE,
    ),
    "average": _any(
        "average* rarely lacking barely extraordinary okay ok mediocre so_so decent* middling mixed alright "
        "all_right fair* moderate* neutral meh middle passable indifferent ambivalent unremarkable forgettable "
        "pretty_standard run_of_the_mill underwhelm* acceptable neither tolerable bland serviceable uninspir* "
        "ordinary just_fine was_fine lukewarm generic lackluster not_sure",
        _SO_SO,
    ),
    "good": _any(
        "good prefer* strong better outd* nice* fun enjoy* like liked likes liking positive* favorabl* solid cool "
        "pleas* great entertain* well fond interest* appeal* fan above_average satisf* recommend* happy love* "
        "best worth* engag* exciting rewarding impress* appreciate* quality high* neat addict* draws"
    ),
    "excellent": _any(
        "excellent* great amazing fantastic outstanding superb* incredibl* love loved loves loving best awesome "
        "brilliant* phenomenal masterpiece favorite* favourite* perfect* wonderful* top exceptional* blast "
        "stellar high* enjoy* spectacular impress* addict* blown extremely so_much very_good very_well very_fun "
        "adore* fan so_good magnificent a_lot rave* obsess* super* thrill* go_to enthral* hooked beautiful* "
        "remarkabl* enamored biggest special marvel* gem compelling excit* must",
        r"really (?:like|liked|enjoy\w*|good)|can't (?:go wrong|get enough)",
    ),
}
"""Feelings count for a rating that they fit; a text is not held to add a rating by them."""

_NEIGHBOURS = {"poor": {"average"}, "average": set(), "good": {"excellent"}, "excellent": {"good"}}
"""Ratings that the freer words for a rating may also stand for."""

_SURE_RATINGS = {
    "poor": r"(?:poor(?:ly)?|bad|negative|terrible)[- ](?:rat(?:ed|ings?)|reviews?|game)|rating (?:is|of|was) poor",
    "average": r"average[- ](?:rat(?:ed|ings?)|reviews?|game)|averagely[- ]rated|rating (?:is|of|was) average",
    "good": r"(?:good|well)[- ](?:rat(?:ed|ings?)|reviews?)|rating (?:is|of|was) good",
    "excellent": r"(?:excellent)[- ](?:rat(?:ed|ings?)|reviews?)|excellent",
}
_OTHER_PERSON = r",? ?(?:or|and|and/or|/|to|-) ?(?:a |the )?"
_CLOSED = {
    "player_perspective": {
        "first person": rf"first[- ]?person|fps|first(?={_OTHER_PERSON}third)",
        "third person": rf"third[- ]?person|third(?={_OTHER_PERSON}(?:first|bird))",
        "bird view": r"bird(?:'?s)?[- ]?(?:eye)?[- ]?(?:view|perspective)?(?:'s)?|top[- ]?down|overhead|aerial|bird-?",
        "side view": r"side(?:[- ]?(?:view|scroll\w*|on))?",
    },
    "platforms": {
        "PlayStation": r"play[- ]?stations?|ps ?[1-4]?(?!\w)|psx",
        "Xbox": r"x-?box(?:es)?(?: one| 360)?",
        "PC": r"pcs?",
        "Nintendo Switch": r"(?:nintendo )?(?-i:Switch)",
        "Nintendo": r"nintendo(?! switch)(?: ?(?:64|ds|wii|systems?|consoles?|platforms?))?|wii|snes|gamecube|game boy",
    },
    "genres": {
        "MMORPG": r"mmo(?:rpg)?s?|massively multiplayer[\w -]*",
        "action": r"(?<!the )(?<!live )action(?![- /]*adventure)\w*",
        "action-adventure": r"action[- /]*(?:packed )?adventures?|adventure[- ]action|action and adventure",
        "adventure": r"(?<!action-)(?<!action )(?<!text )(?<!action/)adventur\w*",
        "arcade": r"arcades?",
        "driving/racing": _any("driv* racing race races racer racers car cars"),
        "fighting": _any("fight* brawl*"),
        "hack-and-slash": r"hack[- ]?(?:and|&|n|'n')?[- ]?slash\w*",
        "indie": _any("indie indies independent"),
        "music": _any("music* rhythm song* danc*"),
        "pinball": r"pinball",
        "platformer": r"platform(?:er|ers|ing)|platform[- ](?:game|puzz|adventur|shoot|style)\w*",
        "point-and-click": r"point[- ](?:and|&|n)[- ]click\w*",
        "puzzle": r"puzzl\w*",
        "real-time strategy": r"real[- ]?time[- ](?:\w+ )?strateg\w+|rts|real[- ]time",
        "role-playing": r"role[- ]?play\w*|[ja]?rpgs?",
        "shooter": _any("shoot* fps gun*"),
        "simulation": _any("simulat* sim sims"),
        "sport": r"sports?(?! an? )|sporting|sporty|football|soccer|basketball|skat\w+|golf|hockey",
        "strategy": r"(?<!turn-based )(?<!real-time )(?<!turn based )(?<!real time )strateg\w+",
        "survival": r"surviv\w+",
        "tactical": r"tactic\w*",
        "text adventure": r"text[- ](?:based )?(?:\w+ )?adventur\w*|text-based",
        "trivia/board game": r"trivia(?:/| |, |-)?(?:and )?(?:board)?[- ]?(?:games?)?|board[- ]?games?",
        "turn-based strategy": r"turn[- ]?based(?:[- ]\w+)?[- ]strateg\w+|tbs|turn[- ]based",
        "vehicular combat": r"vehic\w+(?:[- ]combat)?|car combat",
    },
    "esrb": {
        "E (for Everyone)": (
            r"(?:rated |rating of |an? )?\"?e\"?(?:[- ]rat(?:ed|ing)| \(?for everyone\)?(?! 10))|rated \"?e\"?(?! ?10)"
            r"|\(?for everyone\)?(?! 10)|everyone(?! 10)|esrb rating of e(?! ?10)|e-rat\w+|all ages|all audiences"
        ),
        "E 10+ (for Everyone 10 and Older)": (
            r"(?:rated )?\"?e(?:veryone)?\"?[- ]?(?:for everyone )?\(?10\+?(?: and (?:older|up|above)|\+)?"
            r"[^.,;]{0,40}?(?:older\)?|rat\w+)?|everyone (?:over |above |ages? |aged )?(?:10|ten)[^.,;]{0,15}"
            r"|10 and (?:older|up|over)|10 years|(?:ages?|over) (?:10|ten)"
        ),
        "T (for Teen)": r"(?:rated |a )?\"?t\"?[- ](?:rat(?:ed|ing)|\(?for teens?\)?)|rated \"?t\"?|teen\w*|t-rat\w+",
        "M (for Mature)": (
            r"(?:rated |an? )?\"?m\"?[- ](?:rat(?:ed|ing)|\(?for mature\)?)|rated \"?m\"?|mature(?! themes)|adults?"
            r"|m-rat\w+"
        ),
    },
}
SLOTS = frozenset({*_OPEN, *_BOOLEANS, *_CLOSED, "rating", "release_year"})

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


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


_PATTERNS = [(slot, frozenset({v}), _word(p)) for slot, table in _CLOSED.items() for v, p in table.items()]
_FELT = [(frozenset({v, *_NEIGHBOURS[v]}), _word(p), False) for v, p in _RATINGS.items()]
_RATED = [(frozenset({v}), _word(p), True) for v, p in _SURE_RATINGS.items()]
_TOPICS = [(slot, _word(pattern)) for slot, pattern in _BOOLEANS.items()]


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
    found = [*_unlisted(record, text)]
    found += [Statement(slot, values, *m.span()) for slot, values, rx in _PATTERNS for m in rx.finditer(text)]
    for slot in ("player_perspective", "platforms", "esrb"):
        yield from longest(s for s in found if s.slot == slot)
    said = set(record.slots.get("genres", "").split(", "))
    kin = set().union(*(_KIN.get(genre, set()) for genre in said)) - said
    yield from (s for s in found if s.slot == "genres" and not s.values <= kin)


def _unlisted(record: Record, text: str) -> Iterator[Statement]:
    """The values of the record that no wording is listed for, where they stand as they are."""
    for triple in record.triples:
        for value in items(triple, DOMAIN) if triple.predicate in _CLOSED else ():
            if value not in _CLOSED[triple.predicate]:
                for place in verbatim(text, value):
                    yield Statement(triple.predicate, frozenset({value}), *place)


def _ratings(text: str) -> Iterator[Statement]:
    for values, pattern, sure in (*_FELT, *_RATED):
        yield from (Statement("rating", values, *found.span(), sure) for found in pattern.finditer(text))


def _booleans(text: str) -> Iterator[Statement]:
    """The yes-or-no slots a text speaks of, each with the polarity of its clause."""
    for slot, topic in _TOPICS:
        for found in topic.finditer(text):
            without = negated(text, *found.span()) is not bool(_SINGLE.match(found[0]))
            yield Statement(slot, frozenset({"no" if without else "yes"}), *found.span())


def _years(record: Record, text: str) -> Iterator[Statement]:
    year = record.slots.get("release_year", "")
    for found in _YEAR.finditer(text):
        value = year if found[0][0] == "'" and year.endswith(found[0][1:]) else found[0]
        yield Statement("release_year", frozenset({value}), *found.span())


_DENIAL = denial(r"(?:an?|the|really|quite|exactly|any|for|on|in|rated|available|out|released|playable)", 4)
DOMAIN = Domain("viggo", find, lists=LISTS, topics=frozenset({"name"}), denial=_DENIAL, deniable=frozenset(_CLOSED))
