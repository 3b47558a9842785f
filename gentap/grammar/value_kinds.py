"""What the values of a column are, by its header, and the words of relation that lead to them in a question."""

from __future__ import annotations

from typing import NamedTuple

from gentap.grammar.header_words import words_of

# --- what a column's values are, by the last word of its header

PEOPLE = words_of(
    """
    actor artist athlete author awardee batsman bassist bowler boxer candidate captain celebrity ceo chairman champion
    character choreographer climber coach commander competitor composer congressman constructor contestant councillor
    creator cyclist defender delegate director driver drummer emperor father fighter founder goalkeeper golfer governor
    guitarist gymnast incumbent jockey judge king laureate leader loser lyricist manager mayor member midfielder
    minister monarch musician narrator nominee officer opponent owner participant partner performer person pilot
    pitcher player politician premier presenter president producer professor quarterback queen rapper recipient referee
    representative rider ruler runner runner-up scorer secretary senator singer skater skier speaker spouse striker
    student successor swimmer umpire victim winger winner wrestler writer
    """
)
WORKS = words_of(
    """
    album book ep episode film magazine movie novel opera piece play poem program programme publication recording
    release serial series show single song soundtrack title track video work
    """
)
EVENTS = words_of(
    """
    award battle bout ceremony championship competition concert conflict convention cup election event festival fight
    fixture game incident marathon match meet meeting race regatta rally tour tournament
    """
)
PERIODS = words_of("century decade month season year")
DAYS = words_of("date day")
NAMES = words_of("name nickname surname designation")

TITLED = WORKS - words_of("release recording publication")
"""Works whose titles stand in quotation marks in a question, since they often read as ordinary words."""

KINDS = {"person": PEOPLE, "work": WORKS, "event": EVENTS, "period": PERIODS, "day": DAYS, "name": NAMES}
"""What bears a header, by its last word."""

SIGNS = {
    "building": words_of("floors storeys architect") | {"opening date", "security class"},
    "ship": words_of("tonnage displacement shipyard vessel"),
    "station": words_of("platforms platform stoppage"),
    "place": words_of("population inhabitants"),
    "mountain": frozenset(("ascent", "first ascent", "prominence")),
    "person": words_of("nationality age occupation profession hometown college constituency position club party fee "
                       "tribe birthplace lifetime weapon")
    | {"date of birth", "date of death", "place of birth", "start of office", "start of term", "league goals",
       "date of award"},
}  # fmt: skip
"""What bears a `Name`, by the other headers of its table: the first that has one of these says it."""

BEARERS_OF_NAMES = frozenset(("name", "full name", "official name"))
"""Headers, as nouns, of names that say nothing of what bears them."""

TRAITS = words_of(
    """
    altitude amount area attendance budget capacity classification color colour condition cost denomination density
    depth diameter direction distance duration elevation fate format frequency gauge gender genre grade height income
    length level margin mode place placement population position price rank rating reading reason record religion
    result salary score sex shape size speed standing status style temperature time tonnage type value weight width
    yield
    """
)
"""Last words of headers of which one says `a height of 1.9 m`."""

EXTENTS = words_of(
    """
    area attendance audience budget capacity crowd debt deficit enrollment enrolment expenditure fleet income margin
    membership population purse salary share size staff surface tonnage turnout volume yield
    """
)
"""Measures that are larger or smaller."""

SPANS = words_of("distance duration length range reign runway span tenure term")
"""Measures that are longer or shorter."""

STATURES = words_of("depth diameter displacement height mass thickness weight width")
"""Measures that are greater or smaller."""


class Relation(NamedTuple):
    """Headers whose values follow a word of relation, and the kinds of subject before it."""

    headers: frozenset[str]
    subjects: frozenset[str]


def _relation(headers: str, *subjects: str) -> Relation:
    return Relation(words_of(headers), frozenset(subjects))


RELATIONS = {
    "opponent": _relation("opponent opponents opposition", "event"),
    "director": _relation("director directors", "work"),
    "writer": _relation("writer writers screenwriter author authors", "work"),
    "producer": _relation("producer producers", "work"),
    "artist": _relation("artist artists singer singers performer performers band composer composers", "work"),
    "winner": _relation("winner winners", "event"),
    "network": _relation("network channel broadcaster label", "work"),
    "team": _relation("team club", "person"),
    "origin": _relation("country nation nationality college school university hometown", "person"),
    "place": _relation("city town country state province municipality location", "thing", "event"),
    "venue": _relation("venue stadium arena", "event"),
}
"""The slots of `related` in `grammars/question.lark`: a film `directed by Ann Lee`, a match `against the Reds`."""

BEHIND_THE = words_of(
    """
    awards bahamas championship championships classic cup emirates games islands kingdom league maldives netherlands
    olympics open party philippines prix republic states trophy union
    """
)
"""Last words of names that stand behind `the`: the 1932 Winter Olympics, the Workers' Party."""
