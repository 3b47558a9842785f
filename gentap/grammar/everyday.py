"""Questions in everyday words, read as programs: comparisons, totals and counts that the grammar words otherwise."""

from __future__ import annotations

from gentap.grammar import comparisons, totals
from gentap.grammar.programs import Call
from gentap.grammar.view import TableView


def read_everyday(question: str, view: TableView) -> Call | None:
    """The program of a question in everyday words; None where it has no form that is known, or names no row or column
    of this table for certain."""
    asked = " ".join(question.split()).rstrip(" ?.!")
    asked = asked[:1].lower() + asked[1:]
    for form, read in (*comparisons.FORMS, *totals.FORMS):
        if (found := form.fullmatch(asked)) and (program := read(view, found)):
            return program
    return None
