"""Sentences about rows become records: what the row's name is said to be."""

import json
import sys
from unittest.mock import patch

import pytest

from gentap.cli import main
from gentap.mentions import Mention
from gentap.records import facts_of
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.table import Cell, Table

FILMS = Table(
    ("Year", "Film", "Role", ""),
    (("1994", "The Mill", "Anna", "x"), ("1998", "Night Boat", "", "y")),
    "Ada Stone",
)


def run(*arguments):
    with patch.object(sys, "argv", ["gentap", *map(str, arguments)]), pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_a_row_is_about_the_first_of_its_names():
    cells = (Cell(0, 0), Cell(0, 1), Cell(0, 2), Cell(0, 3))
    assert [tuple(fact) for fact in facts_of(FILMS, cells)] == [
        ("The Mill", "Year", "1994"), ("The Mill", "Role", "Anna"),
    ]  # fmt: skip
    assert [tuple(fact) for fact in facts_of(FILMS, (Cell(1, 0), Cell(0, 1), Cell(1, 1), Cell(0, 0)))] == [
        ("The Mill", "Year", "1994"), ("Night Boat", "Year", "1998"),
    ]  # fmt: skip
    assert facts_of(FILMS, (Cell(0, 0),)) == []


def test_the_command(tmp_path, capsys):
    sentence = "In 1994 she played Anna in The Mill."
    mentions = [Mention(sentence, FILMS, (Cell(0, 0), Cell(0, 1)), {}), Mention("1998.", FILMS, (Cell(1, 0),), {})]
    write_jsonl(tmp_path / "mentions.jsonl", [mention.to_json() for mention in mentions])
    assert run("records", tmp_path / "mentions.jsonl", "-o", tmp_path / "records.jsonl") == 0
    assert list(read_jsonl(tmp_path / "records.jsonl")) == [
        {"id": "1", "triples": [["The Mill", "Year", "1994"]], "texts": [sentence]}
    ]
    assert "1 no cell beside a name" in capsys.readouterr().err
    feta = {
        "feta_id": 7, "question": "Whom did she play?", "answer": sentence, "highlighted_cell_ids": [[1, 1], [1, 2]],
        "table_array": [FILMS.header, *FILMS.rows], "table_page_title": "Ada Stone", "table_section_title": "",
    }  # fmt: skip
    (tmp_path / "fetaqa.jsonl").write_text(json.dumps(feta) + "\n")
    assert run("records", tmp_path / "fetaqa.jsonl", "--dataset", "fetaqa", "-o", tmp_path / "of.jsonl") == 0
    [record] = read_jsonl(tmp_path / "of.jsonl")
    assert record["triples"] == [["The Mill", "Role", "Anna"]] and record["texts"] == [sentence]
    (tmp_path / "bad.jsonl").write_text('{"sentence": "x"}\n')
    assert run("records", tmp_path / "bad.jsonl", "-o", tmp_path / "no.jsonl") == 2
    assert "bad.jsonl, line 1: a mention needs" in capsys.readouterr().err


def test_a_file_that_was_replaced_leaves_no_record_of_the_old_one(tmp_path, capsys):
    path, output = tmp_path / "mentions.jsonl", tmp_path / "records.jsonl"

    def written(name, bad):
        table = Table(("Film", "Role"), (("The Mill", name),))
        mentions = [Mention(f"{name} {i}.", table, (Cell(0, 0), Cell(0, 1)), {}).to_json() for i in range(41)]
        write_jsonl(path, [*mentions[:40], {"bad": 1} if bad else mentions[40]], overwrite=True)
        return run("records", path, "-o", output)

    assert written("Anna", bad=True) == 2
    assert written("Berta", bad=False) == 0
    assert "starting anew" in capsys.readouterr().err
    assert {record["triples"][0][2] for record in read_jsonl(output)} == {"Berta"}
    output.unlink()
    assert written("Anna", bad=True) == 2 and written("Anna", bad=False) == 0
    assert "going on after 32 inputs" in capsys.readouterr().err and len(list(read_jsonl(output))) == 41
