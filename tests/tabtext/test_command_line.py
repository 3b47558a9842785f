"""What all programs do alike with what they are told."""

import subprocess
import sys
from importlib import import_module

import pytest
from typer.testing import CliRunner


def invoke(program, *arguments):
    """What the program made of these arguments, in this process."""
    return CliRunner().invoke(import_module(f"{program}.cli").app, list(map(str, arguments)))


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("gentap", ("pretrain", "corpus", "-o", "m", "--learning-rate")),
        ("gentap", ("finetune", "data", "--model", "t5", "-o", "m", "--learning-rate")),
        ("gentap", ("train-asker", "squad.json", "-o", "m", "--learning-rate")),
        ("gentap", ("fit-choice", "questions.jsonl", "-o", "choice.json", "--learning-rate")),
        ("gentap", ("answer", "Who won?", "--threshold")),
        ("datatuner", ("train", "data", "-o", "m", "--learning-rate")),
        ("datatuner", ("train-fidelity", "pairs", "-o", "m", "--learning-rate")),
        ("datatuner", ("generate", "records", "--model", "m", "--length-penalty")),
        ("quals", ("train", "squad=x", "-o", "m", "--learning-rate")),
    ],
)
@pytest.mark.parametrize("number", ["nan", "inf", "-1e9", "7e9"])
def test_numbers_out_of_their_range_are_refused_at_parsing(program, arguments, number):
    result = invoke(program, *arguments[:-1], f"{arguments[-1]}={number}")
    assert result.exit_code == 2
    assert f"Invalid value for '{arguments[-1]}'" in result.stderr


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("datatuner", ("rerank", "candidates", "records", "--judge", "slots", "--weight")),
        ("datatuner", ("generate", "records", "--model", "m", "--strength")),
        ("quals", ("agree", "judged", "--judge", "rougeL", "--good")),
    ],
)
@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_numbers_without_a_range_are_finite(program, arguments, number):
    result = invoke(program, *arguments[:-1], f"{arguments[-1]}={number}")
    assert result.exit_code == 2
    assert f"Invalid value for '{arguments[-1]}'" in result.stderr


def closed(redirection, *arguments):
    """The end of a program of which a standard stream is closed, as `<&-` and `>&-` do."""
    command = f'exec "$@" {redirection}'
    words = ["sh", "-c", command, "sh", sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


TABLE = "City,Nation\nOslo,Norway\nRome,Italy\n"


@pytest.mark.parametrize(
    "arguments",
    [("gentap", "questions", "-"), ("tabtext", "table", "-", "--input-format", "csv")],
)
def test_a_closed_standard_input_is_one_sentence(arguments):
    done = closed("<&-", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("error: Standard input is closed;") and done.stderr.count("\n") == 1


def test_what_cannot_be_said_on_a_closed_standard_output_is_no_success(tmp_path):
    table = tmp_path / "games.csv"
    table.write_text(TABLE)
    done = closed(">&-", "gentap", "answer", "--table", table, "What is the nation of Oslo?")
    assert done.returncode == 2
    assert done.stderr.startswith("error: Standard output is closed;") and done.stderr.count("\n") == 1


def test_a_closed_standard_output_does_not_matter_where_a_file_is_written(tmp_path):
    table, output = tmp_path / "games.csv", tmp_path / "games.md"
    table.write_text(TABLE)
    assert closed(">&-", "tabtext", "table", table, "--format", "markdown", "-o", output).returncode == 0
    assert "| Oslo" in output.read_text()
