"""What every training is told: as transformers takes it, and as what tells one run from another."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from tabtext.training_settings import LEARNING_RATE, ModelTraining, TrainingSettings

GIVEN = TrainingSettings(epochs=2.0, batch_size=4, accumulation=3, learning_rate=1e-3, seed=7)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (GIVEN, {"num_train_epochs": 2.0, "per_device_train_batch_size": 4, "gradient_accumulation_steps": 3,
                 "learning_rate": 1e-3, "seed": 7, "report_to": [], "load_best_model_at_end": False}),
        (replace(GIVEN, learning_rate=None), {"learning_rate": LEARNING_RATE}),
        (replace(GIVEN, patience=3), {"load_best_model_at_end": True, "save_total_limit": 4}),
    ],
)  # fmt: skip
def test_settings_are_arguments_of_a_trainer(tmp_path, settings, expected):
    arguments = settings.arguments(tmp_path)
    assert {name: getattr(arguments, name) for name in expected} == expected
    assert settings.arguments(tmp_path, seed=9).seed == 9


def test_a_run_is_told_by_all_that_its_result_depends_on():
    identity = GIVEN.identity({"task": "x", "data": ["y"]})
    assert identity == replace(GIVEN, overwrite=True).identity({"task": "x", "data": ["y"]})
    assert (identity["batch_size"], identity["seed"], identity["task"], identity["data"]) == (4, 7, "x", ["y"])
    others = (replace(GIVEN, seed=8), replace(GIVEN, accumulation=1), ModelTraining(**vars(GIVEN), model="t5"))
    assert all(other.identity({"task": "x", "data": ["y"]}) != identity for other in others)


def test_a_run_is_told_by_the_weights_that_it_begins_with(tmp_path):
    settings = ModelTraining(model=str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    before = settings.identity({})
    assert settings.identity({}) == before and before["model"] == str(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"others!")
    assert settings.identity({}) != before


def test_the_model_is_signed_with_its_run(tiny, tmp_path):
    seq2seq = tiny()
    examples = [{"input_ids": [5, 6, 1], "labels": [7, 1]}] * 4
    report = replace(GIVEN, epochs=1.0, accumulation=1).train(seq2seq, examples, tmp_path, {"task": "x"})
    signature = json.loads((tmp_path / "signature.json").read_text())
    assert signature["settings"]["task"] == "x" and signature["settings"]["epochs"] == 1.0
    assert signature["report"]["steps"] == report.steps == 1 and set(signature["versions"]) >= {"tabtext", "torch"}
    assert json.loads((tmp_path / "run.json").read_text())["task"] == "x"


def test_defaults_are_read_without_torch():
    script = "import sys, tabtext.training_settings; sys.exit('torch' in sys.modules or 'typer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], timeout=120).returncode == 0
