"""What all programs do alike with what they are told."""

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
