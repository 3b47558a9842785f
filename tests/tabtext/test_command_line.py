"""What all programs do alike with what they are told."""

import subprocess
import sys
from importlib import import_module

import pytest
from typer.testing import CliRunner

from tabtext.errors import InputError
from tabtext.jsonl import refuse_existing


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


FETAQA = '{"table_array": [["A"], ["b"]], "highlighted_cell_ids": [[0, 0]], "question": "Who?", "answer": "b"}'
PAIR = '{"record": {"mr": "name[Elm]"}, "text": "Elm", "label": ["accurate"], "spans": [[0, 3]]}'
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
        ("gentap pretrain . --from-scratch tiny -o out", {"manifest.json": "{}"}, "manifest.json is not of a corpus"),
        ("gentap pretrain . --from-scratch tiny -o out", {"manifest.json": b"\xff"}, "its manifest.json is damaged"),
        ("gentap evaluate q.jsonl --dataset jsonl --model rules -o out",
         {"q.jsonl": '{"question": "a", "answer": "b", "table": {"header": ["A"]}, "evidence": [[Infinity, 0]]}'},
         "q.jsonl, line 1: A question's 'evidence' is [[row, column], …]; found [[inf, 0]]."),
        ("datatuner puns prepare e.json --task explain --texts s.xml",
         {"e.json": '[{"ID": "a", "Joke keywords": 5}]', "s.xml": '<c><text id="a"><word id="b">Hi</word></text></c>'},
         "e.json: the annotation of a is not of ExPUNations' form"),
        ("gentap answer --questions q.jsonl", {"q.jsonl": '{"question": "Who?", "table": 1.5}'},
         "q.jsonl, line 1: 'table' must be a table or the name of a file; found 1.5."),
        ("gentap train-asker s.json -o out", {"s.json": '{"data": [{}, {"paragraphs": ["x"]}]}'},
         "s.json, article 2: not of SQuAD's form"),
        ("quals train newsqa=s.json -o out", {"s.json": '{"data": [{"text": 5, "questions": [{}]}, []]}'},
         "s.json, story 2: not of NewsQA's form"),
        ("gentap evaluate q.jsonl --model rules -o out",
         {"q.jsonl": FETAQA.replace("[0, 0]", '"x"')}, "q.jsonl, line 1: 'highlighted_cell_ids' is [[row, column], …]"),
        ("gentap evaluate q.jsonl --model rules -o out", {"q.jsonl": FETAQA.replace("[0, 0]", "[1, 7]")},
         "q.jsonl, line 1: 'highlighted_cell_ids' names the cell [0, 7]"),
        ("datatuner train-fidelity p.jsonl -o out", {"p.jsonl": PAIR.replace('["accurate"]', "5")},
         "p.jsonl, line 1: A fidelity pair has 'label' and 'verdicts' as lists"),
        ("datatuner train-fidelity p.jsonl -o out", {"p.jsonl": PAIR.replace("[[0, 3]]", "[[0]]")},
         "p.jsonl, line 1: A fidelity pair has 'label' and 'verdicts' as lists"),
        ("tabtext score -p q.jsonl -r q.jsonl -m rouge1",
         {"q.jsonl": '{"text": "a", "table": {"header": ["A"], "rows": [["b"]]}, "evidence": [[0, 3]]}'},
         "A reference's 'evidence' is [[row, column], …] of its table; found [[0, 3]]."),
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


@pytest.mark.parametrize(
    "arguments",
    [
        "tabtext score -p none -r none", "tabtext compare none none -r none", "tabtext report none -r none",
        "gentap ask none --model none", "gentap fit-choice none", "gentap fit-parser none",
        "datatuner judge none --model none", "datatuner generate none --model none",
        "datatuner rerank none none --judge none", 
        "quals score none --model none", "quals score none --model none --format html",
        "quals score --source none --text none --model none", "quals qags none --asker none --answerer none",
        "quals agree none --judge quals:none", "quals select none none --judge quals:none",
        "quals changes none none none --judge quals:none",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("output", "said"), [("t.csv", "t.csv: exists already"), ("t.csv/x", "t.csv: a file, where")])
def test_an_output_that_cannot_be_written_is_refused_before_any_work(
    arguments, output, said, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(TABLE)
    program, *words = arguments.split()
    monkeypatch.setattr("sys.argv", [program, *words, "-o", output])
    with pytest.raises(SystemExit) as ended:
        import_module(f"{program}.cli").main()
    assert ended.value.code == 2 and said in capsys.readouterr().err
    assert (tmp_path / "t.csv").read_text() == TABLE


def test_an_output_in_a_folder_that_may_not_be_written_in_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)
    with pytest.raises(InputError, match="is read-only for you; name another"):
        refuse_existing(tmp_path / "new" / "scores.txt", overwrite=True)


def test_an_empty_question_is_told_from_none(tmp_path):
    (tmp_path / "t.csv").write_text(TABLE)
    result = invoke("gentap", "answer", "--table", tmp_path / "t.csv", "")
    assert "The question is empty" in str(result.exception)
