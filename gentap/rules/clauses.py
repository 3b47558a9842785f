"""The clause behind an auxiliary: which of its words is the verb, and how a statement says it."""

from __future__ import annotations

from gentap.grammar.verbs import ASKING, BASES, PARTICIPLES, past, third_person
from gentap.rules.wanted import ADVERBS

BE = frozenset(("is", "are", "was", "were"))
NO_SUBJECT = frozenset(("that", "which", "who", "whose", "where", "when", "not", "never"))
"""Words that begin a clause inside a subject, whose verb would be taken for the sentence's, or deny its verb."""
_DETERMINERS = frozenset(("a", "an", "the", "this", "that", "his", "her", "its", "their", "first", "last", "next"))
"""A word behind these is a noun (`the race`), also where it could be a verb."""
_ENDS = "about after against as at by for from in into like near of on through to under with"
OPEN_ENDS = tuple(f" {word}" for word in _ENDS.split())
"""How a question ends behind which its answer belongs: `what was Ann accused of`."""


def clause(auxiliary: str, words: list[str]) -> tuple[str, str, str] | None:
    """What stands behind an auxiliary as subject, verb and the rest with its space: `did`, `Ann win it` -> `Ann`,
    `won`, ` it`."""
    known = BASES if auxiliary in ("did", "does", "do") else PARTICIPLES
    at = next((i for i in range(1, len(words)) if words[i] in known and not before_noun(words[i - 1])), None)
    at = _last_verb(auxiliary, words) if at is None else at
    if at is None or words[at - 1] == "to":  # behind `to` it is no verb of the clause, whose own is unknown
        return None
    if any(_is_verb(words, i, known) for i in range(at + 1, len(words))):
        return None  # of two, the first may be a noun or stand inside the subject: `the slave trade end`
    if (NO_SUBJECT | ASKING | {"time", "been"}).intersection(words[:at]):
        return None
    verb = words[at]
    if auxiliary == "did":
        verb = past(verb)
    elif auxiliary == "does":
        verb = third_person(verb)
    elif auxiliary != "do":
        verb = f"{auxiliary} {verb}"
    return " ".join(words[:at]), verb, "".join(f" {word}" for word in words[at + 1 :])


def _last_verb(auxiliary: str, words: list[str]) -> int | None:
    """Where a clause's verb is that is not known or stands behind a figure: at the end or before a preposition, behind
    a name: `Ann climb`, `line 40 go`, `Ann first climbed`."""
    end = len(words) - 1 - (len(words) > 2 and f" {words[-1]}" in OPEN_ENDS)
    before = end - 1 - (end > 1 and words[end - 1] in ADVERBS)
    named = before >= 0 and (words[before][0].isupper() or words[before][0].isdigit())
    if not named or not words[end].isalpha() or not words[end].islower():
        return None
    if words[before][0].isdigit() and words[end] not in BASES | PARTICIPLES:  # `the 1994 election`
        return None
    acts = auxiliary in ("did", "does", "do")
    return end if (acts and not words[end].endswith("ed")) or (not acts and words[end].endswith("ed")) else None


def _is_verb(words: list[str], at: int, known: frozenset[str]) -> bool:
    """Whether a word behind the verb may be the clause's verb instead."""
    if words[at - 1 : at + 1] in (["take", "place"], ["taken", "place"]):
        return False
    return words[at] in known and not before_noun(words[at - 1]) and words[at - 1] not in ("to", "and", "or", "by")


def before_noun(word: str) -> bool:
    """Whether a noun follows: `the race`, `2008 film`."""
    return word in _DETERMINERS or word[:1].isdigit()
