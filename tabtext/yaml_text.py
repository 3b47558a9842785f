"""YAML that people give us, read so that nothing of it is lost: a key that stands twice in a mapping is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError
from tabtext.jsonl import display_name, read_text

if TYPE_CHECKING:
    import yaml


def read_yaml(path: Path) -> Any:
    """What a YAML (or JSON) file holds; an InputError as `parse_yaml` says, and where there is no such file."""
    return parse_yaml(read_text(path), display_name(path))


def parse_yaml(text: str, name: str) -> Any:
    """The value of a YAML (or JSON) text, the whole file `name`.

    Raises InputError where it is not YAML, and with the line where a mapping says a key twice, of which readers of
    YAML keep the last without a word.
    """
    import yaml

    try:
        loader = yaml.SafeLoader(text)
        loader.name = name
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_repeated(node, name)
        return loader.construct_document(node)
    except InputError:
        raise
    except RecursionError:
        raise InputError(f"{name}: YAML nested too deeply.") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date or number that there is not
        raise InputError(f"{name}: not YAML ({' '.join(str(error).split())}).") from None


def _refuse_repeated(root: yaml.Node, name: str) -> None:
    """An InputError where a mapping, the root or any below it, says a key twice."""
    for mapping in _mappings(root, set()):
        said: set[tuple[str, Any]] = set()
        for key in [key for key, _ in mapping.value if isinstance(key.value, str)]:
            if (key.tag, key.value) in said:
                place = f"{name}, line {key.start_mark.line + 1}, column {key.start_mark.column + 1}"
                raise InputError(f"{place}: {key.value!r:.60} stands twice in one mapping; which counts? Keep one.")
            said.add((key.tag, key.value))


def _mappings(node: yaml.Node, seen: set[int]) -> Iterator[yaml.Node]:
    """The mappings among a node and those below it, each once: an alias is the very node that it stands for."""
    if id(node) in seen or isinstance(node.value, str):
        return
    seen.add(id(node))
    if node.id == "mapping":
        yield node
    for child in node.value:
        for one in child if isinstance(child, tuple) else (child,):
            yield from _mappings(one, seen)
