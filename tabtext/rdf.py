"""Read RDF documents as facts, through the library rdflib, with the network off."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from tabtext.errors import InputError, MissingExtraError, unknown_name
from tabtext.json_text import parse_json
from tabtext.triples import Triple, readable

Statement = tuple[Any, Any, Any]
"""Subject, predicate and object as nodes of rdflib."""

FORMATS = ("turtle", "nt", "json-ld")


def parse_rdf(text: str, format: str) -> Iterator[Triple]:
    """The facts of a document, in the order of the text, every fact once.

    An IRI is named by its last part; a literal by its text, without language tag and datatype; a blank node by the way
    that leads to it (`Ada's address`), or `node 1` where none does.
    """
    if format not in FORMATS:
        raise unknown_name("RDF format", format, FORMATS)
    statements = _statements(text, format)
    namer = _Namer(statements)
    yield from dict.fromkeys(Triple(namer(s), namer(p), namer(o)) for s, p, o in statements)


def entities(triples: Iterable[Triple]) -> Iterator[tuple[str, list[Triple]]]:
    """The facts by top entity: one that is nobody's object, with all facts that it leads to, each once.

    Where everything lies on a cycle, the first subject of it that is left counts as a top entity.
    """
    by_subject: dict[str, list[Triple]] = {}
    for triple in triples:
        by_subject.setdefault(triple.subject, []).append(triple)
    objects = {t.object for facts in by_subject.values() for t in facts if t.object != t.subject}
    reached: set[str] = set()
    for subject in [*(s for s in by_subject if s not in objects), *by_subject]:
        if subject in reached:
            continue
        order = _reachable(subject, by_subject)
        reached.update(order)
        yield subject, [fact for name in order for fact in by_subject[name]]


def _reachable(top: str, by_subject: dict[str, list[Triple]]) -> list[str]:
    """The subjects that `top` leads to, itself first, depth first."""
    order: dict[str, None] = {}
    waiting = [top]
    while waiting:
        name = waiting.pop()
        if name not in order:
            order[name] = None
            waiting.extend(t.object for t in reversed(by_subject[name]) if t.object in by_subject)
    return list(order)


def _statements(text: str, format: str) -> list[Statement]:
    """The document's statements in its own order, which a graph of rdflib does not keep."""
    try:
        import rdflib
        from rdflib.store import TripleAddedEvent
    except ImportError:
        raise MissingExtraError("Reading RDF", "rdflib", "rdf") from None
    if format == "json-ld":
        _refuse_remote_contexts(text)
    graph = rdflib.Graph()
    statements: dict[Statement, None] = {}
    graph.store.dispatcher.subscribe(TripleAddedEvent, lambda event: statements.setdefault(event.triple))
    try:
        with warnings.catch_warnings():  # the JSON-LD parser uses a class that rdflib is about to drop
            warnings.simplefilter("ignore", DeprecationWarning)
            graph.parse(data=text, format=format)
    except Exception as error:
        # rdflib's parsers raise what comes up: AssertionError, their own BadSyntax, ValueError, AttributeError, …
        line = f" at line {error.lines + 1}" if hasattr(error, "lines") else ""
        what = getattr(error, "_why", None) or str(error).partition("\n")[0] or type(error).__name__
        raise InputError(f"The RDF document is not valid {format}{line}: {what}.") from None
    return list(statements)


def _refuse_remote_contexts(text: str) -> None:
    """An InputError where JSON-LD would have to fetch a context from the network."""
    waiting: list[Any] = [parse_json(text, "The JSON-LD document")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            context = value.get("@context")
            names = [context, *(context if isinstance(context, list) else ()), value.get("@import")]
            if remote := next((name for name in names if isinstance(name, str)), None):
                raise InputError(
                    f"The JSON-LD names the remote context {remote!r}; put the context itself in the file."
                )
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


class _Namer:
    """Names the nodes of a graph."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._blank: dict[Any, str] = {}
        self._ways: dict[Any, list[tuple[Any, Any]]] = {}
        for subject, predicate, node in statements:
            self._ways.setdefault(node, []).append((subject, predicate))

    def __call__(self, node: Any) -> str:
        kind = type(node).__name__
        if kind == "BNode":
            return self._blank.get(node) or self._name_blank(node)
        if kind == "Literal":
            return str(node)
        last = re.split(r"[/#]", str(node).rstrip("/#"))[-1]
        return unquote(last) or str(node)

    def _name_blank(self, node: Any) -> str:
        root, path = self._way_to(node)
        name = "'s ".join([f"node {len(self._blank) + 1}" if root is None else readable(self(root)), *path])
        number = sum(taken == name or taken.startswith(f"{name} (") for taken in self._blank.values()) + 1
        self._blank[node] = name if number == 1 else f"{name} ({number})"
        return self._blank[node]

    def _way_to(self, node: Any) -> tuple[Any, list[str]]:
        """The nearest node with a name that leads to a blank node, and the predicates from there; None and no
        predicates where only blank nodes do."""
        path: list[str] = []
        seen = set()
        while node is not None and type(node).__name__ == "BNode":
            seen.add(node)
            ways = ((s, p) for s, p in self._ways.get(node, ()) if s not in seen)
            node, predicate = next(ways, (None, ""))
            path.insert(0, readable(self(predicate), predicate=True) if node is not None else "")
        return node, path if node is not None else []
