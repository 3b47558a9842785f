"""QTSumm: questions about Wikipedia tables that a paragraph answers (Zhao et al., 2023, EMNLP)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.jsonl import read_json
from tabtext.table import Cell, Table


def read_qtsumm(path: str | Path) -> Iterator[QAExample]:
    """The examples of a JSON file, or of a folder of such files (train 4,981, dev 1,052) in the order of their numbers.

    The rows that the data set marks as relevant are the evidence.
    """
    folder = Path(path)
    files = sorted(folder.glob("*.json"), key=_number) if folder.is_dir() else [folder]
    if not files:
        raise InputError(f"{path}: holds no .json files; name the folder of one split, such as dev.")
    for file in files:
        for index, fields in enumerate(_records(file)):
            if not isinstance(fields, dict) or not isinstance(fields.get("table", {}), dict):
                raise InputError(f"{file}, record {index + 1}: is no object with a table, as a QTSumm record is.")
            missing = [name for name in ("table", "query", "summary") if name not in fields]
            if missing:
                raise InputError(f"{file}, record {index + 1}: no {missing[0]!r}; a QTSumm record needs it.")
            yield _example(fields)


def _example(fields: dict[str, Any]) -> QAExample:
    table = Table.from_json(fields["table"])
    marked = fields.get("row_ids")
    rows = [row for row in (marked if isinstance(marked, list) else ()) if row in range(len(table))]
    evidence = tuple(Cell(row, column) for row in rows for column in range(table.width))
    summary = fields["summary"]
    return QAExample(str(fields.get("example_id", "")), fields["query"], summary, (summary,), table, evidence)


def _records(file: Path) -> list[Any]:
    records = read_json(file)
    if not isinstance(records, list):
        raise InputError(f"{file}: expected a list of records, found {type(records).__name__}.")
    return records


def _number(file: Path) -> tuple[int, str]:
    digits = re.search(r"(\d+)$", file.stem)
    return int(digits[1]) if digits else 0, file.name
