"""Questions in everyday words, read as programs: comparisons, totals, counts, yes or no."""

from __future__ import annotations

import re

from gentap.grammar import comparisons, flags, totals
from gentap.grammar.programs import Call
from gentap.grammar.view import TableView

_LONGEST = 300
"""Letters of a question that is read."""
_SHORTENED = re.compile(r"^(who|what|which|when|where|how)['’]s\b", re.IGNORECASE)


def read_everyday(question: str, view: TableView) -> Call | None:
    """The program of a question in everyday words; None where it has no form that is known, or names no row or column
    of this table for certain."""
    asked = _SHORTENED.sub(r"\1 is", " ".join(question.split()).rstrip(" ?.!"))
    if len(asked) > _LONGEST:
        return None
    asked = asked[:1].lower() + asked[1:]
    for form, read in (*comparisons.FORMS, *totals.FORMS, *flags.FORMS):
        if (found := form.fullmatch(asked)) and (program := read(view, found)):
            return program
    return None
