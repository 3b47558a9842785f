"""What people said of generated texts: QAGS (Wang et al., ACL 2020), FRANK (Pagnoni et al., NAACL 2021), the human
evaluation of WebNLG 2020 (Castro Ferreira et al., INLG 2020), JSON Lines of the same shape; and what rules know of
the texts that they spoiled themselves.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.corpora.told_records import read_told
from tabtext.corpora.webnlg import read_webnlg
from tabtext.errors import InputError, unknown_name
from tabtext.examples import TextExample
from tabtext.jsonl import read_json, read_lines, read_text
from tabtext.record import FORMS, Record
from tabtext.table import Table


@dataclass(frozen=True)
class Judgement:
    """A text, its source, and what people said of it: the mean over the raters by the name of the question.

    `source` is a document, a record, a table, or None where the data set's own files do not hold it; `item` names it,
    since several texts share one. `references` are other texts, by people, about the source; `part` is the part of the
    data set. Higher ratings are better.
    """

    item: str
    source: str | Record | Table | None
    text: str
    ratings: Mapping[str, float] = field(default_factory=dict)
    system: str = ""
    references: tuple[str, ...] = ()
    part: str = ""

    @property
    def id(self) -> str:
        """Names the text: its item and its system."""
        return f"{self.item}/{self.system}" if self.system else self.item

    def to_json(self) -> dict[str, Any]:
        """The JSON object of this judgement: a document stands in `source`, a record in `record`, a table in
        `table`."""
        source: dict[str, Any] = {"source": self.source} if isinstance(self.source, str) else {}
        source |= {"record": self.source.to_json()} if isinstance(self.source, Record) else {}
        source |= {"table": self.source.to_json()} if isinstance(self.source, Table) else {}
        frame = {"system": self.system, "part": self.part, "references": list(self.references)}
        kept = {name: value for name, value in frame.items() if value}
        return {"id": self.id, "item": self.item, **kept, **source, "text": self.text, "ratings": dict(self.ratings)}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Judgement:
        """The judgement that `to_json` wrote; only `text` and one of `source`, `record` and a record's fields must be
        there."""
        text, references = fields.get("text"), fields.get("references", [])
        if not isinstance(text, str) or not isinstance(references, list):
            raise InputError(f"A judged text needs 'text', and 'references' as a list; found {sorted(fields)}.")
        ratings = {str(name): float(value) for name, value in dict(fields.get("ratings") or {}).items()}
        item = str(fields.get("item", fields.get("id", "")))
        system, part = str(fields.get("system", "")), str(fields.get("part", ""))
        return cls(item, _source(fields), text, ratings, system, tuple(map(str, references)), part)


def _source(fields: Mapping[str, Any]) -> str | Record | Table | None:
    if isinstance(fields.get("source"), str):
        return str(fields["source"])
    if isinstance(fields.get("table"), Mapping):
        return Table.from_json(fields["table"])
    held = fields.get("record", fields)
    return Record.from_json(held) if isinstance(held, Mapping) and any(form in held for form in FORMS) else None


def read_qags(path: Path) -> Iterator[Judgement]:
    """The summaries of `mturk_cnndm.jsonl` (235) or `mturk_xsum.jsonl` (239) with their articles.

    `consistency` is the share of sentences that most of the raters call supported; in XSum it is 0 or 1.
    """
    part = path.name.split(".")[0].removeprefix("mturk_")
    for line in read_lines(path):
        fields = line.json()
        try:
            sentences = [entry["sentence"] for entry in fields["summary_sentences"]]
            votes = [
                sum(vote["response"] == "yes" for vote in entry["responses"]) * 2 > len(entry["responses"])
                for entry in fields["summary_sentences"]
            ]
            ratings = {"consistency": sum(votes) / len(votes)}
            yield Judgement(f"{part}-{line.number}", fields["article"], " ".join(sentences), ratings, part=part)
        except (KeyError, TypeError, ZeroDivisionError):
            raise InputError(
                f"{line.name}, line {line.number}: not a line of QAGS; it needs 'article' and 'summary_sentences' with "
                "'sentence' and 'responses'."
            ) from None


def read_frank(folder: Path) -> Iterator[Judgement]:
    """The 2,246 rated summaries of FRANK with their articles: `human_annotations.json` for the ratings, and
    `benchmark_data.json` (or `articles.jsonl` and `summaries_annotated.jsonl`) for the texts.

    `Factuality` is the share of sentences without an error, and each kind of error has a rating of its own.
    """
    texts = _frank_texts(folder)
    for fields in _records(folder / "human_annotations.json", "hash", "model_name"):
        key = (fields["hash"], fields["model_name"])
        if key not in texts:
            raise InputError(
                f"{folder}: no text of the summary {key[1]} of {key[0]}, which human_annotations.json rates."
            )
        found = texts[key]
        ratings = {
            name: float(value)
            for name, value in fields.items()
            if type(value) in (int, float) and not name.startswith("Flip_")
        }
        references = tuple(filter(None, [found.get("reference", "")]))
        part = fields.get("dataset") or ("cnndm" if len(key[0]) == 40 else "bbc")
        yield Judgement(key[0], found["article"], found["summary"], ratings, key[1], references, part)


def _frank_texts(folder: Path) -> dict[tuple[str, str], Mapping[str, str]]:
    """Article, summary and, if known, reference of each (article's hash, model)."""
    needed = ("hash", "model_name", "summary")
    if (folder / "benchmark_data.json").exists():
        rows = [*_records(folder / "benchmark_data.json", *needed, "article")]
    else:
        articles = {line["hash"]: line["article"] for line in _records(folder / "articles.jsonl", "hash", "article")}
        lines = _records(folder / "summaries_annotated.jsonl", *needed)
        rows = [{**line, "article": articles[line["hash"]]} for line in lines if line["hash"] in articles]
    return {(row["hash"], row["model_name"]): row for row in rows}


_TRUE = "accurate"
"""The label of texts that were not spoiled."""

_RATINGS = Path("evaluation/human-evaluation/results/en/english_humeval_data_all_teams.json")
_TEXTS = Path("submissions/rdf2text/en")
_TOLD = _TEXTS / "RALI/non-primary-id10.en"
_QUESTIONS = ("Correctness", "DataCoverage", "Relevance", "Fluency", "TextStructure")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
"""A line as CSV quotes it, which one of the systems handed in."""


def read_webnlg2020(folder: Path, records: Path | None = None) -> Iterator[Judgement]:
    """The 2,847 rated English texts of 16 systems, from the repository challenge-2020: means of ratings 0-100.

    Records and references are in WebNLG's own release: with its folder as `records` (its `test` split) every text has
    them. Without it there are no references, and the records are those that one system handed in as its texts, fact by
    fact (`told_records`); texts whose record has not as many facts there as the ratings say are left out. Where that
    system's file is missing, too, `source` is None. The 178 ratings of references are left out, since no file says of
    which ones.
    """
    root = folder / "2020" if (folder / "2020").is_dir() else folder
    rated = [*_records(root / _RATINGS, "submission_id", "sample_id", "category")]
    examples = _webnlg_tests(records) if records else _told_tests(root / _TOLD, rated)
    outputs: dict[str, list[str]] = {}
    left_out = 0
    for fields in rated:
        system, item = fields["submission_id"], fields["sample_id"]
        path = root / _TEXTS / system / "primary.en"
        if not path.exists():
            left_out += 1
            continue
        if system not in outputs:
            outputs[system] = read_text(path).split("\n")
        example = examples.get(item)
        if records and not example:
            raise InputError(f"{records}: no entry Id{item} in its test split, which {_RATINGS.name} rates.")
        if examples and not example:
            continue
        try:
            ratings = {name: float(fields[name]) for name in _QUESTIONS}
            text = _unquoted(outputs[system][int(item) - 1])
        except (KeyError, TypeError, ValueError, IndexError):
            raise InputError(
                f"{root / _RATINGS}: the rating of {item} by {system} needs the number of a line of {path.name}, and "
                f"numbers for {', '.join(_QUESTIONS)}."
            ) from None
        known = (example.record, example.texts) if example else (None, ())
        yield Judgement(item, known[0], text, ratings, system, known[1], fields["category"])
    print(f"WebNLG 2020: {left_out:,} ratings left out, whose texts no file holds (references)", file=sys.stderr)


def _told_tests(path: Path, rated: Iterable[Mapping[str, Any]]) -> dict[str, TextExample]:
    """The rated records, by their number, as the file tells them; without those that have not as many facts as
    they must."""
    sizes = {str(fields["sample_id"]): str(fields.get("size", 0)) for fields in rated}
    if not path.exists():
        return {}
    told = {record.id: record for record in read_told(read_text(path).splitlines())}
    whole = {i: told[i] for i, size in sizes.items() if i in told and str(len(told[i].triples)) == size}
    print(
        f"WebNLG 2020: {len(whole):,} of {len(sizes):,} records read from {path.parent.name}/{path.name}, which tells "
        "them fact by fact; texts about the others are left out",
        file=sys.stderr,
    )
    return {item: TextExample(record, ()) for item, record in whole.items()}


def _webnlg_tests(records: Path) -> dict[str, TextExample]:
    """The entries of the test split by the number in their `eid`; of several files of it the one with texts counts."""
    found: dict[str, TextExample] = {}
    for example in read_webnlg(records, "test"):
        number = example.id.rpartition("Id")[2]
        if number not in found or len(example.texts) > len(found[number].texts):
            found[number] = example
    return found


def _unquoted(line: str) -> str:
    quoted = _QUOTED.fullmatch(line.strip())
    return quoted[1].replace('""', '"') if quoted else line.strip()


def read_corrupted(path: Path) -> Iterator[Judgement]:
    """The texts of `datatuner corrupt`, true and spoiled: `accurate` is 1 for a true text, else 0.

    Each other label is a rating of its own, 1 for a true text and 0 for one that has the label, so that the faults can
    be told apart.
    """
    pairs = [(line.json(), f"{line.name}, line {line.number}") for line in read_lines(path)]
    for fields, place in pairs:
        if not isinstance(fields.get("label"), list) or not fields["label"]:
            raise InputError(f"{place}: no pair of datatuner corrupt, which has the labels of its text in 'label'.")
    faults = {str(label) for fields, _ in pairs for label in fields["label"]} - {_TRUE}
    for number, (fields, _) in enumerate(pairs):
        true = fields["label"] == [_TRUE]
        ratings = {_TRUE: float(true), **dict.fromkeys(sorted(faults) if true else fields["label"], float(true))}
        yield replace(Judgement.from_json({**fields, "system": f"{fields.get('rule', '')} {number}"}), ratings=ratings)


def _records(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON list or of JSON Lines; an InputError for one that lacks the text of a needed field."""
    is_lines = path.suffix == ".jsonl"
    numbered = ((line.number, line.json()) for line in read_lines(path)) if is_lines else enumerate(_json_list(path), 1)
    for number, fields in numbered:
        place = f"{path}, {'line' if is_lines else 'record'} {number}"
        if not isinstance(fields, dict):
            raise InputError(f"{place}: expected a JSON object, found {type(fields).__name__}.")
        for name in needed:
            if not isinstance(fields.get(name), str):
                raise InputError(f"{place}: needs a text in the field {name!r}; found {fields.get(name)!r:.60}.")
        yield fields


def _json_list(path: Path) -> list[Any]:
    if not path.exists():
        raise InputError(f"{path}: no such file; name the folder that holds it.")
    content = read_json(path)
    if not isinstance(content, list):
        raise InputError(f"{path}: expected a JSON list, found {type(content).__name__}.")
    return content


def read_judged_jsonl(path: Path) -> Iterator[Judgement]:
    """The judgements of a JSON Lines file, as `Judgement.to_json` writes them; an InputError names the line."""
    for line in read_lines(path):
        try:
            judgement = Judgement.from_json({"id": str(line.number), **line.json()})
        except (ValueError, TypeError) as error:
            raise InputError(f"{line.name}, line {line.number}: {error}") from None
        yield judgement


class JudgedSet(NamedTuple):
    """A data set of judgements: its reader, the rating that says how well a text is supported by its source, and from
    which value on a text counts as good (None: from the median on)."""

    read: Callable[..., Iterator[Judgement]]
    rating: str
    good: float | None


JUDGED_SETS = {
    "qags": JudgedSet(read_qags, "consistency", 1.0),
    "frank": JudgedSet(read_frank, "Factuality", 1.0),
    "webnlg2020": JudgedSet(read_webnlg2020, "Correctness", None),
    "corrupted": JudgedSet(read_corrupted, _TRUE, 1.0),
    "jsonl": JudgedSet(read_judged_jsonl, "", None),
}


def read_judgements(
    path: Path, dataset: str = "jsonl", records: Path | None = None, part: str | None = None
) -> list[Judgement]:
    """The judgements of a data set, or of one part of it.

    `records` is the folder of WebNLG's own release, for `webnlg2020` alone.
    """
    if dataset not in JUDGED_SETS:
        raise unknown_name("set of judgements", dataset, JUDGED_SETS)
    if records and dataset != "webnlg2020":
        raise InputError(f"--records goes with webnlg2020; {dataset} holds its sources itself.")
    if not path.exists() and str(path) != "-":
        raise InputError(f"{path}: no such file or folder.")
    read = JUDGED_SETS[dataset].read
    judgements = list(read(path, records) if records else read(path))
    if not judgements:
        raise InputError(f"{path}: holds no judgement.")
    chosen = [one for one in judgements if part is None or one.part == part]
    if not chosen:
        known = ", ".join(sorted({one.part for one in judgements}))
        raise InputError(f"{path}: no text of the part {part!r}; known: {known}.")
    return chosen
