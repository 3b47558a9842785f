"""What a question is about, in words that stand before a colon: for what no rule can state as a sentence."""

from __future__ import annotations

import re

from gentap.rules.clauses import BE, clause

_TELL = re.compile(r"^(?:please )?(?:show|tell|give|name|list|find|state) (?:me )?", re.IGNORECASE)
_DOES = re.compile(r" do(?: (?:in|at|on|for|against|during) .+)?$", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?P<wh>(?:(?:in|on|at|for|by|with|from|to) )?(?:when|where|how|why|what|which|who|whom)\b.*? )??"
    r"(?:(?P<auxiliary>did|does|do|was|were|is|are|has|have|had) |happened (?:to )?)"
    r"(?P<rest>.+?)(?: do(?P<then>| (?:in|at|on|for|against|during) .+))?",
    re.IGNORECASE,
)


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
    is_thing = auxiliary in BE and wh in (["what"], ["which"], ["who"])  # `what is the number of seats won`
    said = clause(auxiliary, rest.split()) if auxiliary and not is_thing else None
    acts = auxiliary in ("did", "does", "do") and not _DOES.search(asked)
    names_a_kind = len(wh) > 1 and wh[0] in ("what", "which")  # `what films was Ann in`
    if not said and (acts or names_a_kind or not wh):  # a verb that is not known, or is left out
        return asked
    about = f"{said[0]} {said[1]}{said[2]}" if said and said[1] not in ("did", "does", "do") else rest
    about = about if match["wh"] else f"whether {about}"
    return f"{about[0].upper()}{about[1:]}"
