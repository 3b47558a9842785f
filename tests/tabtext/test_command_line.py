"""What all programs do alike with what they are told."""

import subprocess
import sys
from importlib import import_module

import pytest
from typer.testing import CliRunner

from tabtext.errors import InputError


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
        ("gentap", ("fit-phrases", "corpus", "-o", "phrases.json", "--share")),
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


@pytest.mark.parametrize(
    ("program", "line", "said"),
    [
        ("gentap", "answer --table a.csv --table b.csv Who?", "--table was given 2 times and takes one value"),
        ("gentap", "mine pages --seed 1 --seed=2 --seed 1 -o out", "--seed was given 3 times"),
        ("datatuner", "check r.jsonl t.jsonl --domain e2e --domain viggo", "--domain was given 2 times"),
        ("datatuner", "puns prepare d.json --task explain --task keywords", "--task was given 2 times"),
        ("quals", "score --source a --text b --text c", "--text was given 2 times"),
        ("tabtext", "score -r a b -p c --split dev --split test", "--split was given 2 times"),
        ("tabtext", "table a.csv -o b -oc", "--output was given 2 times"),
    ],
)
def test_an_option_with_one_value_has_one(program, line, said):
    result = invoke(program, *line.split())
    assert isinstance(result.exception, InputError) and str(result.exception).startswith(said)
    assert invoke(program, *line.split(), "--help").exit_code == 0


@pytest.mark.parametrize(
    ("program", "line", "said"),
    [
        ("quals", "agree none.jsonl --judge rougeL --judge slots", "none.jsonl: no such file"),
        ("tabtext", "score -r none.txt -r none.txt -p a b -p c", "none.txt: no such file"),
        ("tabtext", "table none.csv --overwrite --overwrite", "none.csv: no such file"),
    ],
)
def test_options_of_many_values_and_flags_can_be_repeated(program, line, said):
    assert said in str(invoke(program, *line.split()).exception)


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


RECORD = '{"id": "1", "mr": "name[Elm]"}'


@pytest.mark.parametrize(
    ("arguments", "files", "said"),
    [
        ("gentap answer --table t.csv --questions q.jsonl", {"q.jsonl": '{"question": 5}'},
         "q.jsonl, line 1: the field 'question' must be a text; found 5."),
        ("gentap answer --table t.csv --questions q.jsonl", {"q.jsonl": '{"id": 5}'},
         "needs the field 'question'; found ['id']"),
        ("datatuner check r.jsonl t.jsonl", {"r.jsonl": RECORD, "t.jsonl": '{"id": "1", "text": 5}'},
         "t.jsonl, line 1: the field 'text' must be a text; found 5."),
        ("gentap answer --table . what", {}, ".: a folder, where a table file was expected."),
        ("gentap answer --table t.csv --questions q.jsonl", {"q.jsonl": '{"question": "a", "table": "none.csv"}'},
         "q.jsonl, line 1: none.csv: no such file."),
        ("gentap evaluate q.jsonl --dataset jsonl --model rules -o out",
         {"q.jsonl": '{"question": "a", "answer": "b", "table": "x"}'}, "q.jsonl, line 1: x: unknown suffix ''"),
        ("gentap fit-choice none.jsonl -o c.json", {}, "error: none.jsonl: no such file or folder"),
        ("gentap fit-phrases . -o p.json", {}, "error: .: no finished corpus"),
        ("gentap evaluate q.jsonl --dataset jsonl --model rules -o t.csv",
         {"q.jsonl": '{"question": "Who?", "answer": "b", "table": "t.csv"}'},
         "t.csv: a file, where a folder is needed; name another."),
        ("gentap evaluate q.jsonl --dataset jsonl --model rules --gold-cells -o out",
         {"q.jsonl": '{"question": "Who?", "answer": "b", "table": "t.csv"}'}, "q.jsonl: marks no cells"),
        ("gentap answer --table t.csv --model grammar --no-grammar what", {}, "--no-grammar leaves nobody to answer"),
        ("gentap pretrain corpus --model m --from-scratch tiny -o out", {}, "pass one of them."),
        ("datatuner train r.jsonl --model m --from-scratch tiny -o out", {}, "pass one of them."),
        ("datatuner check r.ttl t.jsonl", {"r.ttl": b"\xff", "t.jsonl": "{}"}, "error: r.ttl: not UTF-8 at byte 1."),
        ("datatuner check r.amr t.jsonl", {"r.amr": "(a / b))", "t.jsonl": "{}"}, "closes a bracket that it did not"),
        ("datatuner check r.jsonl t.jsonl", {"r.jsonl": '{"triples": [["a", "b", NaN]]}', "t.jsonl": "{}"},
         "Fact 1 must hold texts or numbers; found ['a', 'b', nan]."),
        ("datatuner puns score r.jsonl t.jsonl", {"r.jsonl": RECORD, "t.jsonl": '{"id": "1", "text": "Elm."}'},
         "none of the 1 texts is of a record with a pun word"),
        ("quals score --source here", {}, "--text is missing;"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_that_says_what_and_where(arguments, files, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, content in {"t.csv": TABLE, **files}.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    program, *words = arguments.split()
    monkeypatch.setattr("sys.argv", [program, *words])
    with pytest.raises(SystemExit) as ended:
        import_module(f"{program}.cli").main()
    captured = capsys.readouterr()
    assert ended.value.code == 2 and captured.out == "" and not (tmp_path / "out").exists()
    assert said in captured.err and captured.err.count("\n") == 1


def test_an_empty_question_is_told_from_none(tmp_path):
    (tmp_path / "t.csv").write_text(TABLE)
    result = invoke("gentap", "answer", "--table", tmp_path / "t.csv", "")
    assert "The question is empty" in str(result.exception)
