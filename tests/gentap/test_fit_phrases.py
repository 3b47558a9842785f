"""Words that are learnt for the cells of columns, from sentences about tables."""

import gzip
import sys
from unittest.mock import patch

import pytest

from gentap.cli import main
from gentap.mentions import read_mention
from gentap.rules.fit_phrases import Counts, PhraseFitting
from gentap.rules.phrases import SHIPPED, Phrases
from tabtext import InputError, Table
from tabtext.jsonl import dumps, read_lines


def mention(number, header, cells, sentence):
    table = Table.from_rows([header, cells, ["x", "y", "3"]], title=f"Page {number}")
    named = [[0, column] for column in range(len(cells))]
    return {"sentence": sentence, "cells": named, "row": 0, "table": table.to_json()}


def mentions(tables=3):
    """Sentences about as many tables as say something alike."""
    names = ["Ann Lee", "Bob Roe", "Cy Poe", "Dee Fox", "Eve Day"][:tables]
    for number, name in enumerate(names):
        header, cells = ["Player", "Arena", "Goals"], [name, f"Hall {name[0]}x", f"1{number}"]
        yield mention(number, header, cells, f"{name} won the match at the {cells[1]} with {cells[2]} goals in May.")
        yield mention(number, header, cells, f"In May {name} lost, known as {cells[1]}.")


@pytest.fixture
def mined(tmp_path):
    path = tmp_path / "mentions.jsonl"
    path.write_text("".join(dumps(one) + "\n" for one in mentions()))
    return path


def run(*arguments):
    """The exit status of `gentap fit-phrases ARGUMENTS`."""
    with patch.object(sys, "argv", ["gentap", "fit-phrases", *map(str, arguments)]), pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_words_are_learnt_from_mentions_and_made_again(mined, tmp_path, capsys):
    assert run(mined, "-o", tmp_path / "phrases.json") == 0
    assert "6 sentences; cells of 3 columns are said in words" in capsys.readouterr().err
    learnt = Phrases.load(tmp_path / "phrases.json")
    assert learnt.columns["arena"] == {"text": "took place: at the …"}
    assert learnt.columns["goal"] == learnt.columns["{amounts}"] == {"number": "with … {header}"}
    assert run(mined, "-o", tmp_path / "again.json") == 0
    assert (tmp_path / "phrases.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    assert run(mined, "--tables", 4, "-o", tmp_path / "more.json") == 2
    assert "no column's cells are said alike" in capsys.readouterr().err and not (tmp_path / "more.json").exists()


def test_ends_of_names_that_bear_an_article_are_learnt(tmp_path):
    one = mention(0, ["Player", "Arena"], ["Ann Lee", "Old Globe"], "Ann Lee won at the Old Globe.")
    one["cells"] = [[0, 0]]
    said = [f"Ann Lee sang at the {name} Globe, and in {name} Town." for name in ("New", "Big", "Odd", "Red", "Hot")]
    (tmp_path / "mentions.jsonl").write_text("".join(dumps({**one, "sentence": text}) + "\n" for text in said))
    counts = Counts()
    counts.add(read_mention(line) for line in read_lines(tmp_path / "mentions.jsonl"))
    learnt = counts.phrases(PhraseFitting())
    assert (learnt.the, learnt.at) == ({"globe"}, {"globe"})


def test_a_corpus_folder_is_learnt_from(mined, tmp_path):
    corpus = tmp_path / "corpus"
    (corpus / "mentions").mkdir(parents=True)
    (corpus / "mentions" / "00000.jsonl.gz").write_bytes(gzip.compress(mined.read_bytes()))
    (corpus / "mentions" / "00000.done").write_text("{}")
    assert run(corpus, "-o", tmp_path / "phrases.json") == 2  # not finished
    (corpus / "manifest.json").write_text('{"long": {}, "short": {}, "run": {}}')
    assert run(corpus, "-o", tmp_path / "phrases.json") == 0
    assert run(mined, "-o", tmp_path / "same.json") == 0
    assert (tmp_path / "phrases.json").read_bytes() == (tmp_path / "same.json").read_bytes()


def test_bad_input_and_a_file_that_is_there_are_said(mined, tmp_path, capsys):
    (tmp_path / "other.jsonl").write_text('{"question": "Who?"}\n')
    assert run(tmp_path / "other.jsonl", "-o", tmp_path / "phrases.json") == 2
    assert "other.jsonl, line 1: a mention needs 'sentence'" in capsys.readouterr().err
    assert run(tmp_path / "none.jsonl", "-o", tmp_path / "phrases.json") == 2
    assert "none.jsonl: no such file" in capsys.readouterr().err
    assert run(mined, "-o", mined) == 2
    assert "exists already" in capsys.readouterr().err
    assert run(mined, "-o", mined, "--overwrite") == 0 and Phrases.load(mined).columns


@pytest.mark.parametrize(
    "held", ["", "[]", '{"columns": {}}', '{"columns": {"a": {"text": "in"}}, "the": [], "at": []}']
)
def test_a_file_without_phrases_is_said(held, tmp_path):
    (tmp_path / "phrases.json").write_text(held)
    with pytest.raises(InputError, match=r"phrases\.json: (holds no phrases|has the phrase 'in')"):
        Phrases.load(tmp_path / "phrases.json")


def test_what_ships_is_readable_and_holds_no_word_that_turns_the_meaning():
    phrases = Phrases.load()
    said = {pattern.rpartition(": ")[2].split()[0] for kinds in phrases.columns.values() for pattern in kinds.values()}
    assert said <= {"against", "as", "at", "by", "for", "in", "on", "with"}
    assert not {"country", "nation", "nationality"} & set(phrases.columns)
    assert SHIPPED.stat().st_size < 60_000
