"""Where a text denies what its words would state."""

from __future__ import annotations

import re

_FEELING = r"(?:\w+ ){0,3}?(?:fond|lik\w+|enjoy\w*|think|say|feel|find|fans?|sure|good|great|fun)\b"
_NOT = re.compile(
    rf"\b(?:(?:not|never|\w+n't)(?! only| been for)(?! {_FEELING})|no|non|neither|nor|without|lacks?|lacking|cannot"
    r"|unavailable|excluding|instead of|rather than|except|minus|missing|yet to)\b",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"^(?: (?!and\b)\w+){0,4}? (?:not|isn't|aren't|doesn't|unavailable|excluded|nor|out of luck)\b", re.IGNORECASE
)
_RESET = re.compile(
    r"[.!?;:]|\b(?:but|however|though|although|while|yet(?! to)|whereas)\b"
    r"|,? and (?:it|is|has|was|it's|can|comes|you|there|does|features|supports|offers|the|available|likes|needs|allows"
    r"|accepts|serves|speaks|plays|lives|works|owns|wants|knows|includes)\b"
    r"|, (?:it|which|you|is|has|was|there|so|and)\b|\b(?:too bad|shame)\b",
    re.IGNORECASE,
)
"""Where the reach of a negation ends."""
_WORD = re.compile(r"\w+")


def negated(text: str, start: int, end: int) -> bool:
    """Whether the clause around characters [start, end) says that what they name is not there, not so, not had."""
    verb = _WORD.match(text, start)  # in `has no garden and can swim`, of `can swim`, it ends what is denied
    before, after = _RESET.split(text[: verb.end() if verb else start])[-1], _RESET.split(text[end:])[0]
    return bool(_NOT.search(before)) or bool(_NOT_AFTER.search(after))


def denial(between: str, most: int) -> re.Pattern[str]:
    """A pattern for the end of a text that denies the words to come, with at most so many words (each `between`)
    after the negation. What is `not only` or `not far from` something is not denied, nor what there is not."""
    spared = r"(?! (?:only|just|too|so|very|all that|that)? ?(?:far|long|only|just)\b)"
    no = r"(?:(?<!there is )(?<!there are )\b(?:not|never)|(?<!there is)(?<!there are)n['’]t)"
    far = r"\b(?:no longer|hardly)|(?<!not )(?<!n't )(?<!too )\bfar from"
    lacking = r"\b(?:(?<!there is )(?<!there are )(?<!there's )(?<!has )(?<!have )no|(?<!complete )without|neither|nor)"
    return re.compile(rf"(?:{no}{spared}|{far}|{lacking}(?! doubt))(?: {between}){{0,{most}}} $", re.IGNORECASE)
