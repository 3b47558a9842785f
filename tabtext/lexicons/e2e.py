"""How E2E's crowd workers word a restaurant's slots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tabtext.lexicons.negation import denial
from tabtext.lexicons.values import verbatim
from tabtext.record import Record
from tabtext.slots import Domain, Statement, longest

NAMES = (
    "Alimentum", "Aromi", "Bibimbap House", "Blue Spice", "Browns Cambridge", "Clowns", "Cocum", "Cotto", "Fitzbillies",
    "Giraffe", "Green Man", "Loch Fyne", "Midsummer House", "Strada", "Taste of Cambridge", "The Cambridge Blue",
    "The Cricketers", "The Dumpling Tree", "The Eagle", "The Golden Curry", "The Golden Palace", "The Mill",
    "The Olive Grove", "The Phoenix", "The Plough", "The Punter", "The Rice Boat", "The Twenty Two", "The Vaults",
    "The Waterman", "The Wrestlers", "Travellers Rest Beefeater", "Wildwood", "Zizzi",
)  # fmt: skip
NEIGHBOURS = (
    "All Bar One", "Avalon", "Burger King", "Café Adriatic", "Café Brazil", "Café Rouge", "Café Sicilia", "Clare Hall",
    "Crowne Plaza Hotel", "Express by Holiday Inn", "Rainbow Vegetarian Café", "Raja Indian Cuisine", "Ranch",
    "The Bakers", "The Portland Arms", "The Six Bells", "The Sorrento", "Yippee Noodle Bar",
)  # fmt: skip

LOW, MIDDLE, HIGH = ("cheap", "less than £20"), ("moderate", "£20-25"), ("high", "more than £30")
BAD, FAIR, GOOD = ("low", "1 out of 5"), ("average", "3 out of 5"), ("high", "5 out of 5")

_NOT = r"(?:not(?! only)|non-?|no|cannot|never|neither|nor|isn't|aren't|doesn't|don't|won't|without)"
_PRICE = r"(?:pric\w*|cost\w*|expense\w*|charges?|budget)"
_RATING = (
    r"(?:rat(?:ing|e|ed|es|ings)|review\w*|feedback|satisfaction|scor\w*|quality|rank\w*|reputation|recommend\w*"
    r"|approval)"
)
_RANGE = r"(?:price range|prices)"
_RATED = r"(?:rat(?:ing|ed|ings)|reviews?)"
_KIDS = r"(?:famil(?:y|ies)|kids?|child|children|child's|children's|kid's)"
_FIT = r"(?:friendly|oriented|suitable|appropriate)"
_MID = r"moderate(?:ly)?|average"
_MIDDLING = rf"{_MID}|averagely|mid|medium|mid-range|middle|mid-level|decent(?:ly)?"
_GREAT = r"excellent|great|top|outstanding|very well|perfect|best|positive|superb|well"


def _before(words: str, head: str, other: str) -> str:
    """A pattern for a grade that stands before its head (`low customer rating`), with no other head between."""
    stop = rf"{other}|(?:and|but|with|near|in|that|which|serv\w+|food|customer price)\b"
    return rf"(?:{words})[- ](?:(?!{stop})[\w'£-]+[ ]){{0,3}}{head}"


def _graded(words: str, head: str, other: str) -> str:
    """A pattern for a grade before or behind its head (`prices are low`)."""
    stop = rf"{other}|(?:and|but|with|near|that|which|serv\w+|food|in|given)\b"
    return rf"{_before(words, head, other)}|{head}[ :]+(?:(?!{stop})[\w'-]+[ ]){{0,4}}?(?:{words})"


def _named(words: str, head: str) -> str:
    """A pattern for a slot named outright (`price range is low`, `customer rating of low`)."""
    return rf"{head}(?: is| are| of|:)? (?:{words})(?! (?:{_RATING}|{_PRICE}))"


def _priced(words: str) -> str:
    return _before(words, "pric(?:es?|ed)", _RATING)


def _rated(words: str) -> str:
    return f"{_before(words, _RATED, _PRICE)}|{_named(words, _RATED)}"


def _out_of_five(figure: str, word: str) -> str:
    return rf"(?:{figure}|{word}) (?:out )?of (?:5|five)|{figure}/5"


def _stars(figure: str, word: str) -> str:
    number = f"(?:{figure}|{word})"
    return (
        rf"(?<!\d of )(?<!out of ){number}[- /]?stars?|(?:rat|scor)\w+ (?:is |of |a |at |as )*{number}\b(?! out| of|-)"
    )


_DISH = r"(?=[- ](?:style )?(?:foods?|cuisine|dish(?:es)?|meals?|fare|cooking|menu|specialit(?:y|ies)|restaurants?)\b)"
_OTHER_CUISINES = (
    "African", "American", "Argentinian", "Australian", "Austrian", "Belgian", "Brazilian", "Cajun", "Caribbean",
    "Colombian", "Cuban", "Danish", "Dutch", "Egyptian", "Ethiopian", "German", "Greek", "Hawaiian", "Hungarian",
    "Indonesian", "Iranian", "Irish", "Israeli", "Jamaican", "Korean", "Lebanese", "Malaysian", "Mediterranean",
    "Mexican", "Moroccan", "Nepalese", "Norwegian", "Pakistani", "Persian", "Peruvian", "Polish", "Portuguese",
    "Romanian", "Russian", "Scottish", "Seafood", "Spanish", "Swedish", "Swiss", "Syrian", "Taiwanese", "Thai",
    "Tibetan", "Tunisian", "Turkish", "Vegan", "Vegetarian", "Vietnamese", "Welsh",
)  # fmt: skip
"""Kinds of food that the data set has none of."""


class Wording(NamedTuple):
    """How values are said: `sure` wordings, and `loose` ones, which count for a fact that they fit but, where the
    record has no such fact, are not held against the text (the data set's annotation passes over them too)."""

    slot: str
    values: tuple[str, ...]
    sure: str
    loose: str = r"(?!)"


WORDINGS = (
    Wording("eatType", ("restaurant",), r"restaurants?", r"bistro|eatery|diner"),
    Wording("eatType", ("coffee shop",), r"coffee[- ]?shops?", r"coffee[- ]?(?:house|place|bar)s?|caf[eé]|coffee"),
    Wording("eatType", ("pub",), r"pubs?(?![- ](?:style|like|food|grub))", r"bar|tavern|pub"),
    Wording("food", ("Fast food",), r"fast food", r"fast-?foods?|(?:ham)?burgers?(?! king)|fast foods"),
    Wording("food", ("Italian",), r"italian", r"italy|pasta|pizzas?|spaghetti"),
    Wording("food", ("Indian",), r"indian", r"india|curry|curries"),
    Wording("food", ("Japanese",), r"japanese|(?<=serves )sushi|(?<=serving )sushi", r"japan|sushi"),
    Wording("food", ("French",), r"french(?! fries)", r"france|french fries"),
    Wording("food", ("Chinese",), r"chinese", r"chines|china"),
    Wording("food", ("English",), r"english(?! pounds?| sterling)", r"british|fish and chips|england"),
    *(
        Wording("food", (food,), f"{food}{_DISH}|(?<=serves ){food}|(?<=serving ){food}", food)
        for food in _OTHER_CUISINES
    ),
    Wording(
        "priceRange",
        LOW,
        rf"cheap(?:ly)?|inexpensive|low[- ]priced?|{_priced('low')}|{_named('low|cheap', _RANGE)}",
        r"cheap(?:er|est)|inexpensively|low[- ]?cost|affordab\w+|(?:not|\w+n't) (?:\w+ )?expensive|"
        + _graded(r"low(?:er|est)?|bargain|small|good|great|cheap|fairly low", _PRICE, _RATING),
    ),
    Wording(
        "priceRange",
        (*MIDDLE, *HIGH),
        r"(?!)",
        r"(?:(?:not|\w+n't)(?: (?!only|just)\w+)?|hardly|far from) (?:cheap|inexpensive)",
    ),
    Wording(
        "priceRange",
        (*LOW, *MIDDLE),
        r"(?!)",
        _graded("reasonabl[ye]|fair(?:ly)?|affordabl[ye]", _PRICE, _RATING) + "|affordable",
    ),
    Wording(
        "priceRange",
        ("less than £20",),
        r"(?:less than|under) (?:£ ?20|20 pounds)",
        r"(?:less|lower|cheaper|no more) than ?£? ?20|(?:under|below|up to|<) ?£? ?20"
        r"|20 (?:pounds|euros?) or (?:less|under)",
    ),
    Wording(
        "priceRange",
        MIDDLE,
        rf"{_priced(_MID)}|{_named(_MID, _RANGE)}|(?:mid|medium|middle)[- ](?:price(?:d| range)|range prices?)",
        _graded(_MIDDLING, _PRICE, _RATING),
    ),
    Wording("priceRange", ("£20-25",), r"£20-25", r"£? ?20 ?(?:-|–|to|and) ?£? ?25"),
    Wording(
        "priceRange",
        HIGH,
        rf"(?<!not )(?<!n't )expensive|high[- ]priced|{_priced('high')}|{_named('high|expensive', _RANGE)}",
        r"pricey|costly|upscale|high[- ]?(?:end|cost|class)|more expensive|"
        + _graded(r"high(?:er|est|ly)?|steep|expensive|premium", _PRICE, _RATING),
    ),
    Wording(
        "priceRange",
        ("more than £30",),
        r"more than (?:£ ?30|30 pounds)|over £30|price range (?:is|of) £30",
        r"(?:more|greater|higher) than ?£? ?30|(?:over|above|from|starting at|upwards of|>) ?£? ?30"
        r"|£? ?30 ?(?:\+|(?:pounds )?(?:or|and) (?:more|over|above|up))|£30|30 pounds",
    ),
    Wording(
        "customer rating",
        BAD,
        rf"{_rated('low|poor')}|(?:low|poorly|badly)[- ]rated",
        _graded(
            r"low(?:er|est|ly)?|poor(?:ly)?|bad(?:ly)?|terrible|negative|lower than average|below average"
            r"|(?:not|\w+n't) (?:very |well )?(?:high(?:ly)?|good|well)",
            _RATING,
            _PRICE,
        )
        + rf"|(?:not|\w+n't|no) (?:\w+ ){{0,3}}?(?:{_GREAT}|good|high(?:ly)?) (?:customer )?{_RATING}"
        + r"|(?:not|\w+n't) (?:\w+ ){0,2}?rated (?:\w+ )?(?:high\w*|good|well)",
    ),
    Wording("customer rating", BAD, _out_of_five("1", "one"), _stars("1", "one")),
    Wording(
        "customer rating",
        FAIR,
        rf"{_rated('average')}|average[- ]rated",
        r"(?:moderately|decently|fairly|averagely)[- ]rated|"
        + _graded(rf"{_MID}|decent|mediocre|fair(?:ly)?|medium|mid|satisfactory|okay|ok", _RATING, _PRICE),
    ),
    Wording("customer rating", FAIR, _out_of_five("3", "three"), _stars("3", "three")),
    Wording(
        "customer rating",
        GOOD,
        rf"{_rated('high|excellent')}|(?:high|highly)[- ](?:(?!priced)\w+ and )?rated",
        r"(?:well|best|top|excellently)[- ]?(?:customer[- ])?(?:rated|recommended|rating)|highly recommend\w*|"
        + _graded(rf"high(?:er|est|ly)?|{_GREAT}", _RATING, _PRICE),
    ),
    Wording("customer rating", (*FAIR, *GOOD), r"(?!)", _graded("good", _RATING, _PRICE) + "|good[- ]rated"),
    Wording("customer rating", GOOD, _out_of_five("5", "five"), _stars("5", "five")),
    Wording(
        "area",
        ("riverside",),
        r"riverside|(?:by|near|on|along) the river(?:side)?",
        r"(?:(?:by|near|on|along) the )?river(?:[- ]?(?:bank|front|side)s?)?|waterfront|riverside's",
    ),
    Wording(
        "area",
        ("city centre",),
        r"city cent(?:er|re)|cent(?:er|re) of the city",
        r"(?:city|town)(?:'s)?[- ]?(?:cent(?:er|re)|central)|cent(?:er|re|ral)(?: part)?(?: of| to)?"
        r"(?: the| a)? (?:city|town)"
        r"|(?:heart|middle) of (?:the )?(?:city|town)|downtown|city|centrally|central",
    ),
    Wording(
        "familyFriendly",
        ("no",),
        rf"{_NOT}[ -](?:[\w-]+ ){{0,3}}?{_KIDS}[- ]?{_FIT}"
        rf"|(?:not|\w+n't) (?:allow|welcome|admit|permit|accept|let in) (?:any |young )?{_KIDS}"
        rf"|{_KIDS}(?: (?:are|is))?(?: not|n't) (?:allowed|welcomed?|permitted|admitted|accepted)|adults[- ]only",
        rf"{_NOT}[ -](?:[\w-]+[ -]){{0,6}}?{_KIDS}(?:[- ]?{_FIT}| \w*(?:allowed|welcomed?))?"
        rf"|{_KIDS}(?:[ -][\w']+){{0,3}}?[ -](?:{_NOT}\b(?:[ -]\w+){{0,3}}|unfriendly|un-friendly)|adults?(?:[- ]\w+)?"
        rf"|(?:child|kid|family)-free|(?:unsuitable|inappropriate|unfriendly)(?: \w+){{0,3}} {_KIDS}",
    ),
    Wording(
        "familyFriendly",
        ("yes",),
        rf"{_KIDS}[- ]?(?:{_FIT}|friendly)",
        rf"(?:good|great|perfect|suitable|ideal|welcom\w+|welcome|nice|fun|appropriate|friendly|caters?|open"
        rf"|menu|allow\w*|bring)(?: \w+){{0,3}} {_KIDS}"
        rf"|{_KIDS}(?: \w+){{0,3}} (?:friendly|welcomed?|allowed)|{_KIDS}|all ages|all age groups",
    ),
)  # fmt: skip
_WORDED = tuple(dict.fromkeys(wording.slot for wording in WORDINGS))
_VALUES = frozenset((wording.slot, value) for wording in WORDINGS for value in wording.values)
SLOTS = frozenset({"name", "near", *_WORDED})


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _venue(name: str) -> str:
    """A pattern for a venue's name: `The` may be left out, an accent and a blank too."""
    words = re.escape(name.removeprefix("The ")).replace("é", "[ée]").replace(r"\ ", r"[ -]?")
    return rf"(?:the[ -])?{words}(?:'?s)?"


_KNOWN = frozenset((*NAMES, *NEIGHBOURS))
_VENUES = tuple((name, _whole(_venue(name))) for name in (*NAMES, *NEIGHBOURS))
_COMPILED = tuple(
    (wording.slot, frozenset(wording.values), _whole(pattern), sure)
    for wording in WORDINGS
    for pattern, sure in ((wording.sure, True), (wording.loose, False))
)


def find(record: Record, text: str) -> list[Statement]:
    """What a text states about a restaurant."""
    text = text.replace("’", "'")
    slots = record.slots
    venues = _venues(slots, text)
    rest = list(text)
    for venue in venues:
        rest[venue.start : venue.end] = "_" * (venue.end - venue.start)
    plain = "".join(rest)
    found = [
        *_unlisted(record, plain),
        *(Statement(slot, values, *m.span(), sure) for slot, values, rx, sure in _COMPILED for m in rx.finditer(plain)),
    ]
    refusals = [s for s in found if s.slot == "familyFriendly" and "no" in s.values]
    found = [s for s in found if s.slot != "familyFriendly" or s in refusals or not _within(s, refusals)]
    by_slot = [longest(s for s in found if s.slot == slot) for slot in _WORDED]
    return [*venues, *(_forgiving(s, slots) for statements in by_slot for s in statements)]


def _unlisted(record: Record, text: str) -> Iterator[Statement]:
    """The values of the record that no wording is listed for, where they stand as they are."""
    for triple in record.triples:
        if triple.predicate in _WORDED and triple[1:] not in _VALUES:
            for place in verbatim(text, triple.object):
                yield Statement(triple.predicate, frozenset({triple.object}), *place)


def _venues(slots: dict[str, str], text: str) -> list[Statement]:
    """The venues that a text names, as `name` or `near`, since either may stand anywhere in a sentence.

    A venue that is neither of the record's is taken for the name where the text has no other, else for a neighbour.
    """
    own = [slots[slot] for slot in ("name", "near") if slots.get(slot)]
    extra = [(name, _whole(_venue(name))) for name in own if name not in _KNOWN]
    found = longest(
        Statement("name" if name == slots.get("name") else "near", frozenset({name}), *match.span())
        for name, pattern in (*extra, *_VENUES)
        for match in pattern.finditer(text)
    )
    foreign = [venue for venue in found if not venue.values & set(own)]
    if foreign and not any(venue.slot == "name" for venue in found):
        found[found.index(foreign[0])] = foreign[0]._replace(slot="name")
    return found


def _within(statement: Statement, others: list[Statement]) -> bool:
    """Whether a statement overlaps one of the others: `families` in `not suitable for families with children`."""
    return any(statement.start < other.end and other.start < statement.end for other in others)


def _forgiving(statement: Statement, slots: dict[str, str]) -> Statement:
    """A restaurant may be called a pub, too: another kind of place than the record's is no sure contradiction."""
    return statement._replace(sure=False) if statement.slot == "eatType" and "eatType" in slots else statement


_DENIAL = denial(
    r"(?:an?|the|really|actually|exactly|any|its|in|by|on|at|near|close|to|located|situated|found|serv(?:e|es|ing)|offer"
    r"|sell|have|provide|do|speciali[sz]e|rated|priced|for|of|from|customer|ratings?|typical|traditional)", 4
)  # fmt: skip
DOMAIN = Domain(
    "e2e", find, topics=frozenset({"name", "eatType"}), denial=_DENIAL,
    deniable=frozenset({"near", *_WORDED} - {"familyFriendly"}),
)  # fmt: skip
