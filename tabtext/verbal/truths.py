"""What is so or is not as a verb phrase: `is family friendly`, `does not allow dogs`, `has no garden`."""

from __future__ import annotations

import re

from tabtext.verbal.predicates import PREPOSITIONS
from tabtext.verbal.values import LONG, article

BOOLEAN = {"yes": True, "true": True, "no": False, "false": False}
_FIRST = frozenset(
    ["is", "was", "are", "were", "can", "will", "does", "did", "may", "must", "should", "could", "would"]
)
ACTS = frozenset({
    "contains", "includes", "owns", "makes", "sells", "offers", "uses", "requires", "supports", "teaches", "speaks",
    "likes", "loves", "knows", "leads", "manages", "employs", "produces", "treats", "causes", "inhibits", "needs",
    "has", "plays", "studies", "follows", "wants", "eats", "drives", "reads", "writes", "accepts", "allows", "serves",
    "provides", "takes", "depicts", "describes", "mentions", "cites", "replaces", "imports", "extends", "implements",
    "hates", "wears", "drinks", "visits", "trusts", "represents", "borders", "covers", "hosts", "regulates",
    "activates", "attends",
    "prefers", "calls", "precedes", "defeats", "helps", "prevents", "governs", "encodes", "funds", "wins",
})  # fmt: skip
"""Verbs that are predicates by themselves."""
_ADJECTIVE = re.compile(
    r"(?:.* )?(?:\w*proof|only|fragile|stolen|overdrawn|evergreen|vegetarian|fasting|public|sunk|frozen"
    r"|\w+(?:ed|able|ible|ful|ous|ive|[^i]al|ic|less|ish)|(?!family)\w*friendly|open|closed|active"
    r"|free|new|paid"
    r"|safe|ready|full|full.time|part.time|adult|private|alive|dead|sold|urgent|vegan|kosher|proof|resistant"
    r"|big|small|old"
    r"|young|done|void|sold out|deceased|remote|online|offline|current|complete|correct|valid|true|known"
    r"|broken|hot|cold"
    r"|empty|hidden|built.in|important|pregnant|healthy|sick|rich|poor|busy|lazy|dirty|clean|wet|dry|fit"
    r"|heavy|dark|hard"
    r"|male|female|human|indoors?|outdoors?|single|dense|hollow|obese|unique)"
    rf"|(?:\w+ )?(?:{PREPOSITIONS}) .+|\w+(?:ed|able|ible|ful|ous) .+"
)
_NO_ADJECTIVE = re.compile(
    r"(?:.* )?(?:terminal|animal|hospital|canal|medal|festival|manual|journal|capital|fabric|clinic|traffic"
    r"|music|archive"
    r"|drive|table|cable|bed|seed|feed|shed|weed|breed|dish|fish|finish|rubbish|vegetable|portal|signal|trial|proposal"
    r"|appeal|arrival|approval|referral|removal|renewal|need|speed|mechanic|critic|olive|pedal|metal"
    r"|meal|deal|goal)"
)
_GIVEN = re.compile(
    r"(?!\w+ly )[a-z]+ (?:\w+ )?(?:allowed|included|required|permitted|accepted|supported|enabled|provided"
    r"|offered|needed|available)"
)
"""A thing and what is so of it: `smoking allowed`."""
_ONES = frozenset({
    "winner", "member", "student", "smoker", "manager", "veteran", "owner", "subscriber", "donor", "customer",
    "user", "volunteer", "employee", "admin", "citizen", "resident", "minor", "champion", "gift", "duplicate",
    "default", "draft", "pensioner", "homeowner", "weekend", "holiday",
})  # fmt: skip
"""What somebody is rather than has."""
_COUNTED = frozenset({
    "account", "airport", "allergy", "apartment", "app", "appointment", "atmosphere", "attic", "balcony", "bar",
    "basement", "bath", "bathroom", "bathtub", "battery", "beach", "beak", "beard", "bedroom", "bike", "boyfriend",
    "branch", "bridge", "brother", "bug", "cabin", "cafe", "camera", "campus", "canteen", "cap", "car", "castle",
    "cat", "cellar", "certificate", "charger", "child", "church", "clock", "coat", "concierge", "conservatory",
    "contract", "copy", "cough", "counter", "courtyard", "crew", "daughter", "deadline", "deck", "degree",
    "deposit", "desk", "discount", "dishwasher", "display", "dog", "door", "drawer", "driveway", "dryer",
    "elevator", "engine", "entrance", "exit", "father", "fever", "field", "fireplace", "flag", "flat", "foundation",
    "freezer", "fridge", "front", "garage", "garden", "girlfriend", "glossary", "guarantee", "gym", "handle",
    "harbor", "harbour", "headache", "hood", "horn", "hospital", "hotel", "house", "husband", "index", "jacuzzi",
    "job", "keyboard", "kitchen", "label", "lake", "lamp", "lawn", "lawyer", "lease", "lens", "library", "licence",
    "license", "lid", "lift", "limit", "lock", "loft", "logo", "lounge", "machine", "manual", "mascot",
    "microphone", "microwave", "mirror", "moon", "mortgage", "mother", "motor", "mouse", "moustache", "museum",
    "oven", "pacemaker", "park", "partner", "passport", "password", "patio", "pet", "phone", "pier", "playground",
    "pond", "pool", "porch", "port", "printer", "projector", "pump", "radio", "ramp", "receipt", "record",
    "refrigerator", "release", "restaurant", "roof", "rooftop", "safe", "sauna", "school", "screen", "seal",
    "sensor", "sequel", "shop", "shower", "sibling", "sister", "son", "spa", "speaker", "spouse", "stadium",
    "stage", "station", "store", "stove", "subscription", "sunroof", "tail", "tattoo", "telescope", "terrace",
    "theater", "theatre", "toilet", "touchscreen", "tower", "toy", "trunk", "tub", "tv", "twin", "umbrella",
    "university", "vehicle", "veranda", "view", "visa", "warranty", "website", "wheelchair", "wife", "window",
    "zoo",
})  # fmt: skip
"""Things of which one has one: `has a garden`, not `has wifi`."""
_PAST = frozenset(["won", "lost", "seen", "been", "sold", "paid", "met", "taken", "given", "left"])


def of_truth(words: str, *, yes: bool) -> str:
    """What is so or is not of a subject: `is family friendly`, `does not allow dogs`, `has no Linux release`."""
    first, _, rest = words.partition(" ")
    if first in _FIRST and rest:
        return _being(first, rest, yes=yes)
    if first == "has" and rest:
        return _having(rest) if yes else f"has no {rest}"
    if first in ACTS:
        return words if yes else f"does not {' '.join(filter(None, (_base(first), rest)))}"
    if words.split(" ")[-1] in _ONES:
        return _being("is", words, yes=yes)
    if len(words) > LONG:
        return f"has {'' if yes else 'no '}{words}"
    if _GIVEN.fullmatch(words):
        return f"has {words}" if yes else f"does not have {words}"
    if first in _PAST and rest:
        return f"has {'' if yes else 'not '}{words}"
    if _ADJECTIVE.fullmatch(words) and not _NO_ADJECTIVE.fullmatch(words):
        return _being("is", words, yes=yes)
    return _having(words) if yes else f"has no {words}"


def _having(words: str) -> str:
    """What one has, with its article if it is a thing that is counted."""
    counted = words.split(" ")[-1].lower() in _COUNTED
    return f"has {article(words)} {words}" if counted else f"has {words}"


def _being(verb: str, rest: str, *, yes: bool) -> str:
    one = verb in ("is", "was") and rest.split(" ")[-1] in _ONES and not re.match(r"(?:an?|the) ", rest)
    return f"{verb} {'' if yes else 'not '}{f'{article(rest)} {rest}' if one else rest}"


def _base(verb: str) -> str:
    """`studies` as `study`, `teaches` as `teach`, `makes` as `make`."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return "have" if verb == "has" else re.sub(r"(?<=ch|sh|ss)es$|s$", "", verb)
