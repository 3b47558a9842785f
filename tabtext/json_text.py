"""JSON that people give us, read so that nothing of it is lost: a key that stands twice in an object is refused.

What we write for ourselves (journals, manifests, signatures) needs no such care.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tabtext.errors import InputError


def parse_json(data: str | bytes, name: str, line: int | None = None) -> Any:
    """The value of a JSON text (bytes are UTF-8, 16 or 32): the whole file `name`, or with `line` that line of it.

    Raises InputError with file, line and column where it is not JSON or an object says a key twice, of which all
    readers of JSON keep one value without a word.
    """
    place = name if line is None else f"{name}, line {line}"
    try:
        return json.loads(data, object_pairs_hook=_distinct)
    except UnicodeDecodeError as error:
        raise not_utf8(place, error) from None
    except json.JSONDecodeError as error:
        place = f"{name}, line {error.lineno if line is None else line}, column {error.colno}"
        raise InputError(f"{place}: not valid JSON ({error.msg}).") from None
    except RecursionError:
        raise InputError(f"{place}: JSON nested too deeply.") from None
    except _RepeatedKeyError:
        text = data if isinstance(data, str) else data.decode(json.detect_encoding(data), "surrogatepass")
        key, found, column = _repeated(text)
        place = f"{name}, line {found if line is None else line}, column {column}"
        raise InputError(f"{place}: {key!r:.60} stands twice in one object; which value counts? Keep one.") from None
    except ValueError as error:  # a number of more digits than Python reads
        raise InputError(f"{place}: not readable as JSON ({str(error).partition(';')[0]}).") from None


def not_utf8(place: str, error: UnicodeDecodeError) -> InputError:
    """The error for bytes at a place that are not UTF-8."""
    return InputError(f"{place}: not UTF-8 at byte {error.start + 1}.")


class _RepeatedKeyError(Exception):
    """An object says a key twice."""


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _RepeatedKeyError
    return fields


_TOKEN = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")\s*(:?)|[{}]', re.DOTALL)


def _repeated(text: str) -> tuple[str, int, int]:
    """The first key that its object has said before, and the line and column (from 1) where it stands again.

    The text is known to say one twice, and to be JSON up to there.
    """
    said: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        if token[0] == "{":
            said.append(set())
        elif token[0] == "}":
            said.pop()
        elif token[2]:
            key = json.loads(token[1])
            if key in said[-1]:
                start = token.start()
                return key, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
            said[-1].add(key)
    raise AssertionError("no key stands twice")
