"""`gentap ablate`: every condition trained and asked with every seed, once; one table, and the differences claimed."""

import json
import sys
from unittest.mock import patch

import pytest

from gentap.ablate import PRETRAININGS, sizes_of
from gentap.cli import main
from tabtext import InputError, Table
from tabtext.jsonl import dumps
from tabtext.metrics.ablation import claim


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, write_corpus):
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def questions(tmp_path, lighthouses):
    """A file of questions with sentences, about tables that the corpus has not."""
    path = tmp_path / "questions.jsonl"
    tables = [
        Table.from_rows([["House", "Opened"], *((f"{town} Hall", year) for town, year in lighthouses(number).rows)],
                        title=f"Museums {number}", id=f"m{number}") for number in range(20, 24)
    ]  # fmt: skip
    lines = [
        {"id": f"{table.id}-{i}", "question": f"When was {town} opened?", "answer": f"{town} was opened in {year}.",
         "table": table.to_json()}
        for table in tables for i, (town, year) in enumerate(table.rows[:2])
    ]  # fmt: skip
    path.write_text("".join(dumps(line) + "\n" for line in lines))
    return path


def rows_of(report):
    return [line.split(" | ")[0].strip("| ") for line in report.splitlines() if line.startswith("|")]


def run(*arguments):
    """The exit status of `gentap ablate ARGUMENTS`."""
    with patch.object(sys, "argv", ["gentap", "ablate", *map(str, arguments)]), pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_all_conditions_stand_in_one_table_and_are_trained_once(corpus, questions, tmp_path, capsys):
    arguments = [questions, "--train", questions, "--corpora", corpus, "--sizes", "4,all", "--seeds", 2]
    arguments += ["--from-scratch", "tiny", "--max-length", 128, "--epochs", 1, "--batch-size", 8]
    arguments += ["--tuning-epochs", 1, "--dev-limit", 3, "-m", "sacrebleu_lc", "-m", "brevity_penalty"]
    arguments += ["-o", tmp_path / "out"]
    assert run(*arguments) == 0
    report = capsys.readouterr().out
    assert report == (tmp_path / "out/ablation.md").read_text()
    both, *others = PRETRAININGS
    tuned = [f"fine-tuned on {size}, {state}" for size in (4, 8) for state in ("not pretrained", "pretrained")]
    differences = [*(f"{other} − {both}" for other in others),
                   *(f"{tuned[i + 1]} − {tuned[i]}" for i in (0, 2))]  # fmt: skip
    assert [row for row in rows_of(report) if "system" not in row and "--" not in row] == [
        both, *others, *tuned, *differences,
    ]  # fmt: skip
    models = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*/model.safetensors")}
    assert len(models) == 2 * (3 + 4 + 1), "with every seed three pretrainings, four fine-tunings, fresh weights"
    assert run(*arguments) == 0
    assert capsys.readouterr().out == report
    assert all(path.stat().st_mtime_ns == time for path, time in models.items())


def test_a_condition_with_one_form_passes_over_as_many_rows(corpus, questions, tmp_path):
    arguments = ["--from-scratch", "tiny", "--max-length", 128, "--batch-size", 8, "--epochs", 2, "--seeds", 1]
    arguments += ["--dev-limit", 1, "-m", "brevity_penalty", "-o", tmp_path]
    assert run(questions, "--corpora", corpus, *arguments) == 0
    reports = [json.loads(path.read_text())["report"] for path in sorted(tmp_path.glob("long*/signature.json"))]
    assert len({report["steps"] for report in reports}) == 1


def test_what_cannot_be_compared_is_said(questions, tmp_path, capsys):
    assert run(questions, "-o", tmp_path / "out") == 2
    assert "name corpora to pretrain on" in capsys.readouterr().err
    assert run(questions, "--train", questions, "-o", tmp_path / "out") == 2
    assert "--model" in capsys.readouterr().err
    few = [questions, "--train", questions, "--model", "gentap-mini", "--sizes", "4,1000", "-o", tmp_path / "few"]
    assert run(*few) == 2 and not (tmp_path / "few").exists()
    assert "1,000 examples to learn from were asked for; there are 8" in capsys.readouterr().err
    claim(tmp_path / "other", {"seeds": 3})
    with pytest.raises(InputError, match="holds an ablation with other settings"):
        claim(tmp_path / "other", {"seeds": 2})


@pytest.mark.parametrize(("text", "sizes"), [("100,1000,all,100", (100, 1000, None)), ("0", None), ("few", None)])
def test_sizes_are_numbers_or_all(text, sizes):
    if sizes:
        assert sizes_of(text) == sizes
    else:
        with pytest.raises(InputError, match="numbers or the word all"):
            sizes_of(text)
