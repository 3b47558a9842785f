"""Inputs and models are told apart by what they hold, not by their names or times."""

import os
import shutil

import pytest

from tabtext.identity import digest_of, identity, model_identity
from tabtext.models import shipped_models


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("one\n")
    return path


def test_a_file_is_what_it_holds(file, tmp_path):
    before = identity(file)
    assert before[0].startswith("a.jsonl ") and str(tmp_path) not in before[0]
    os.utime(file, (1, 1))
    (tmp_path / "other").mkdir()
    assert identity(file) == before == identity(shutil.copy(file, tmp_path / "other"))
    file.write_text("two\n")
    assert identity(file) != before


def test_a_folder_is_all_its_files(file, tmp_path):
    before = identity(tmp_path)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "x").write_text("x")
    assert identity(tmp_path) == before
    seen = [*before]
    for change in (
        lambda: file.write_text("two\n"),
        lambda: file.rename(tmp_path / "b.jsonl"),
        lambda: (tmp_path / "deep").mkdir() or (tmp_path / "deep" / "x").write_text("x"),
    ):
        change()
        seen += identity(tmp_path)
    assert len(set(seen)) == 4


def test_what_is_no_file_has_its_name(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert identity("-", None, tmp_path / "none", tmp_path / "pipe") == ["-", "none", "pipe"]
    assert model_identity("google/t5-v1_1-small") == "google/t5-v1_1-small" and model_identity(None) is None


def test_a_model_is_its_config_tokenizer_and_weights(tmp_path):
    for name in ("config.json", "tokenizer.json", "model.safetensors", "run.json", "signature.json"):
        (tmp_path / name).write_text(name)
    before = model_identity(tmp_path)
    for name in ("run.json", "signature.json", "answers.jsonl"):
        (tmp_path / name).write_text("another")
        assert model_identity(tmp_path) == before
    seen = {before}
    for name in ("config.json", "tokenizer.json", "model.safetensors", "choice.json", "model-1.safetensors"):
        (tmp_path / name).write_text("another")
        seen.add(model_identity(tmp_path))
    assert len(seen) == 6


@pytest.mark.parametrize("name", shipped_models()[:1])
def test_a_shipped_model_is_told_by_its_files(name):
    assert model_identity(name).startswith(f"{name} ") and len(model_identity(name)) == len(name) + 65


def test_items_in_their_order():
    assert digest_of("ab") == digest_of(["a", "b"]) != digest_of("ba")
    assert digest_of(["\ud800"]) != digest_of(["\ud801"])
