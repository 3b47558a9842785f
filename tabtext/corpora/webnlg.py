"""WebNLG, DBpedia triples with texts (Gardent et al., 2017; versions 2017 and 3): XML, a folder per size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tabtext.corpora.splits import Counts, counted
from tabtext.errors import InputError
from tabtext.examples import TextExample
from tabtext.jsonl import display_name, open_input
from tabtext.record import Record
from tabtext.triples import Triple, literal_text

COUNTS: Counts = {
    "train": ((6_940, 18_102), (13_211, 35_426)),
    "dev": ((872, 2_268), (1_667, 4_464)),
    "test": ((1_862, 4_928), (1_779, 5_150)),
}


def read_webnlg(folder: str | Path, split: str) -> Iterator[TextExample]:
    """The entries of a split, files in order of their names; the dev split of 2017 has 872 with 2,268 texts.

    The triples are those shown to the annotators (`modifiedtripleset`). An entry is named after its split, its file's
    folder and its category.
    """
    below = [Path(folder) / language / split for language in ("", "en")]
    root = next((path for path in below if path.is_dir()), None)
    if root is None:
        raise InputError(f"{folder}: no folder {split!r} with WebNLG XML in it.")
    paths = sorted(root.rglob("*.xml"))
    examples = (example for path in paths for example in read_file(path, split, f"{split}-{path.parent.name}-"))
    return counted("WebNLG", examples, split, COUNTS)


def read_file(path: str | Path, split: str = "", prefix: str = "") -> Iterator[TextExample]:
    """The entries of one XML file; English texts only where texts have a language."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with open_input(path) as file:
            entries = etree.parse(file, parser).getroot().findall(".//entry")
    except etree.XMLSyntaxError as error:
        raise InputError(f"{display_name(path)}: not well-formed XML ({error.msg}).") from None
    if not entries:
        raise InputError(f"{display_name(path)}: no <entry> in it; expected WebNLG XML.")
    for entry in entries:
        triples = tuple(_triple(path, element.text or "") for element in entry.findall("modifiedtripleset/mtriple"))
        category = entry.get("category", "")
        texts = tuple(
            " ".join((text.text or "").split()) for text in entry.findall("lex") if text.get("lang", "en") == "en"
        )
        identifier = f"{prefix}{category}-{entry.get('eid', '')}"
        yield TextExample(Record(triples, category=category, id=identifier).said(), texts, split)


def _triple(path: str | Path, text: str) -> Triple:
    fields = [field.strip() for field in text.split(" | ")]
    if len(fields) != 3:
        raise InputError(f"{display_name(path)}: a triple needs 'subject | predicate | object'; found {text!r}.")
    return Triple(fields[0], fields[1], literal_text(fields[2]))
