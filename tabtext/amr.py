"""Read AMR graphs in PENMAN notation as facts, through the library penman."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError, MissingExtraError
from tabtext.triples import Triple

if TYPE_CHECKING:
    import penman

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|^\s*#.*$', re.MULTILINE)
_SENSE = re.compile(r"-\d\d+$")


def parse_amr(text: str) -> Iterator[Triple]:
    """The facts of one graph: (concept, `:role`, concept or constant), in the graph's order.

    A concept is named without its sense number and quotes; a second node of the same concept is `boy (2)`, so that
    re-entrant nodes and cycles are kept apart from namesakes. A graph of a single node says `(it, :instance, concept)`.
    """
    graph = _decode(text)
    names = _node_names(graph)
    facts = [
        Triple(names[source], role, names.get(target) or _constant(target))
        for source, role, target in graph.triples
        if role != ":instance"
    ]
    yield from facts or [Triple("it", ":instance", name) for name in names.values()]


def graph_parts(text: str) -> Iterator[tuple[str, str]]:
    """One graph written out in its own order: (`:role`, what fills it), with ("(", "") and (")", "") around the
    branches of a node that is not the top, whose role is `:top`.

    After the linearisation of the DataTuner paper's AMR experiments: no variables and senses, a node that comes again
    is its concept, a name is its words, `:wiki` is left out.
    """
    import penman

    graph = _decode(text)
    concepts = {variable: _SENSE.sub("", str(concept)) for variable, _, concept in graph.instances()}
    yield from _branch(":top", penman.configure(graph).node, concepts)


def _branch(role: str, node: Any, concepts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not isinstance(node, tuple):
        yield role, concepts.get(node) or _constant(node)
        return
    variable, edges = node
    if role == ":name":
        yield role, " ".join(_constant(target) for edge, target in edges if edge.startswith(":op"))
        return
    yield role, concepts[variable]
    below = [(edge, target) for edge, target in edges if edge not in ("/", ":wiki")]
    bracketed = bool(below) and role != ":top"
    if bracketed:
        yield "(", ""
    for edge, target in below:
        yield from _branch(edge, target, concepts)
    if bracketed:
        yield ")", ""


def read_graphs(text: str) -> Iterator[tuple[dict[str, str], str]]:
    """The graphs of a file as AMR corpora have them: metadata (`# ::id …`, `# ::snt …`) and the PENMAN text of each."""
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip().splitlines()
        graph = "\n".join(line for line in lines if not line.lstrip().startswith("#")).strip()
        if graph:
            said = re.findall(r"^#\s*::(\w[\w-]*)[ \t]+(.*)$", block, re.MULTILINE)
            yield {name: value.split(" ::")[0].strip() for name, value in said}, graph


def _decode(text: str) -> penman.Graph:
    try:
        import penman
        from penman.exceptions import PenmanError
    except ImportError:
        raise MissingExtraError("Reading AMR", "penman", "amr") from None
    brackets = _QUOTED.sub("", text)
    if brackets.count(")") > brackets.count("("):
        raise InputError("The AMR graph is broken: it closes a bracket that it did not open.")
    try:
        graphs = list(penman.iterdecode(text))
    except PenmanError as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        place = f" at line {line}, column {column + 1}" if line is not None and column is not None else ""
        raise InputError(f"The AMR graph is broken{place}: {getattr(error, 'message', None) or error}.") from None
    except RecursionError:
        raise InputError("The AMR graph is nested too deeply; a few hundred levels can be read.") from None
    if len(graphs) != 1:
        raise InputError(f"A record is made from one AMR graph; found {len(graphs)}.")
    graph = graphs[0]
    if not graph.top or any(concept is None for _, _, concept in graph.instances()):
        raise InputError("The AMR graph has a node without a concept; every node needs one, as in (b / boy).")
    return graph


def _node_names(graph: penman.Graph) -> dict[str, str]:
    """A distinct readable name per variable."""
    names: dict[str, str] = {}
    taken: dict[str, int] = {}
    for variable, _, concept in graph.instances():
        name = _SENSE.sub("", str(concept))
        taken[name] = taken.get(name, 0) + 1
        names[variable] = name if taken[name] == 1 else f"{name} ({taken[name]})"
    return names


def _constant(target: object) -> str:
    text = str(target)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
