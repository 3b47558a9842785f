"""Facts said by rules: `said(record)` is a plain text that says every fact of a record, whatever its predicates are."""

from tabtext.verbal.text import said

__all__ = ["said"]
