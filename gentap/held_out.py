"""Tables that are kept out of training, found again by what they hold, whatever they are called."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from tabtext.folding import fold_key
from tabtext.table import Table

SAME = 0.5
"""Tables that share more of their distinct longer texts count as the same: a share of those of the one with fewer."""

MIN_SHARED = 3
"""Texts that two tables must share beside that: one `total` alone is in any. Smaller tables are not held out."""

_MIN_LENGTH = 4
_NUMBER = re.compile(r"[\W\d]*")


class HeldOut:
    """Tables, and whether another is one of them, whole or in part."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._sizes: list[int] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        self._last: tuple[Table, bool] | None = None
        for number, table in enumerate(tables):
            texts = _texts(table)
            self._sizes.append(len(texts))
            for text in texts:
                self._where[text].append(number)

    def __contains__(self, table: Table) -> bool:
        if self._last is None or self._last[0] is not table:
            self._last = table, self._has(table)
        return self._last[1]

    def _has(self, table: Table) -> bool:
        texts = _texts(table)
        shared = Counter(number for text in texts for number in self._where.get(text, ()))
        return any(
            both >= MIN_SHARED and both > SAME * min(len(texts), self._sizes[number]) for number, both in shared.items()
        )


def _texts(table: Table) -> set[str]:
    return {
        fold_key(text) for row in table.rows for text in row if len(text) >= _MIN_LENGTH and not _NUMBER.fullmatch(text)
    }
