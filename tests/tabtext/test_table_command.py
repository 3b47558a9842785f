"""`tabtext table`: what a terminal shows, what conversion writes, and how errors end."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tabtext.cli import app
from tabtext.errors import InputError
from tabtext.readers import read_tables
from tabtext.render import as_text, display_width, fitted, plain
from tabtext.table import Table

CSV = "name,length,built\nLin,12 km,1901\n\x1b[31mŌta\x1b[0m,<b>,1950\n"


@pytest.fixture
def rivers(tmp_path):
    (tmp_path / "rivers.csv").write_text(CSV)
    return tmp_path / "rivers.csv"


def run(*arguments, **environment):
    result = CliRunner(env={"COLUMNS": "60", **environment}).invoke(app, ["table", *map(str, arguments)])
    if isinstance(result.exception, InputError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_shows_an_aligned_table(rivers):
    assert run(rivers, "--kinds").splitlines() == [
        "rivers",
        "name  length  built",
        "text  text    date",
        "────  ──────  ─────",
        "Lin   12 km   1901",
        "Ōta   <b>     1950",
    ]


def test_says_what_was_cut():
    table = Table(("a", "b" * 50, "c"), (("1", "2", "3"),) * 50, title="T", section="S")
    lines = list(as_text(table, 45))
    assert lines[0] == "T · S"
    assert lines[-1] == "… of 50 rows and 3 columns: cells are cut to 40 characters; 1 more column (c); 10 more rows"
    assert max(map(display_width, lines[:-1])) <= 45


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("北京", 4), ("😀", 2), ("e\u0301", 1), ("שלום", 4), ("a\u200bb", 2), ("", 0)]
)
def test_display_width(text, width):
    assert display_width(text) == width
    assert display_width(fitted(text, 10)) == 10
    assert display_width(fitted(text * 9, 7)) == 7


@pytest.mark.parametrize(
    ("text", "shown"),
    [("\x1b[1;31mred\x1b[0m", "red"), ("a\r\nb\x07", "a b"),
     ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"), ("a\u202eb", "ab")],
)  # fmt: skip
def test_control_characters_never_reach_the_terminal(text, shown):
    assert plain(text) == shown


def test_html_is_escaped(rivers):
    assert "<td>&lt;b&gt;</td>" in run(rivers, "--format", "html")


def test_csv_comes_back(rivers, tmp_path):
    run(rivers, "--format", "csv", "--output", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == CSV
    with pytest.raises(InputError, match="--overwrite"):
        run(rivers, "--format", "csv", "--output", tmp_path / "out.csv")
    run(rivers, "--format", "csv", "--output", tmp_path / "out.csv", "--overwrite")


def test_a_pipe_is_never_replaced(rivers, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="a device or a pipe"):
        run(rivers, "--format", "csv", "--output", tmp_path / "pipe", "--overwrite")
    assert (tmp_path / "pipe").is_fifo()


def test_several_tables(tmp_path):
    path = tmp_path / "two.md"
    path.write_text("|a|\n|-|\n|1|\n\n|b|\n|-|\n|2|\n")
    assert [table["header"] for table in json.loads(run(path, "--format", "json"))] == [["a"], ["b"]]
    assert len(run(path, "--format", "jsonl").splitlines()) == 2
    assert run(path, "--format", "tsv", "--table", "1") == "b\n2\n"
    assert run(path, "--format", "markdown").count("| --- |") == 2
    with pytest.raises(InputError, match="choose one with --table"):
        run(path, "--format", "csv")
    with pytest.raises(InputError, match="no table number 2"):
        run(path, "--format", "json", "--table", "2")


def test_options_of_the_file(tmp_path):
    path = tmp_path / "data"
    path.write_bytes("x:y:y\n:p:q\nä:1:2\n".encode("latin-1"))
    said = ("--input-format", "csv", "--encoding", "latin-1", "--delimiter", ":", "--header-rows", "2")
    assert run(path, *said, "--format", "csv") == "x,y p,y q\nä,1,2\n"


def test_unknown_format(rivers):
    with pytest.raises(InputError, match="Unknown table format 'xml'; known: csv, html"):
        run(rivers, "--format", "xml")


def test_errors_are_one_sentence_and_status_2(tmp_path):
    command = [sys.executable, "-c", "from tabtext.cli import main; main()", "table", str(tmp_path / "none.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {tmp_path}/none.csv: no such file.\n"


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    (tmp_path / "t.csv").write_text("a\n" + "x\n" * 100_000)
    program = "from tabtext.cli import main; main()"
    command = f'"{sys.executable}" -c "{program}" table {tmp_path}/t.csv --format csv | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("a\n", "")


def test_conversion_keeps_ids_titles_and_sections(tmp_path):
    table = Table(("a",), (("1",),), "T", "S", "own")
    (tmp_path / "t.jsonl").write_text(json.dumps(table.to_json()) + "\n")
    (tmp_path / "again.jsonl").write_text(run(tmp_path / "t.jsonl", "--format", "jsonl"))
    assert list(read_tables(tmp_path / "again.jsonl")) == [table]
