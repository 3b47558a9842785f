"""Packing a trained folder: half the bytes, nothing left of the machine that made it, and no byte may change after."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from tabtext import models, packing
from tabtext.errors import InputError
from tabtext.model_recipes import ModelRecipe
from tabtext.models import load_seq2seq, resolve
from tabtext.packing import halved, left_behind, pack, read_results

RECIPE = ModelRecipe(
    name="asker-{size}",
    does="Asks about lighthouses.",
    licence="CC-BY-4.0",
    usage="gentap ask mentions.jsonl --model asker-mini",
    data=({"name": "Lighthouses | towers", "licence": "CC BY 4.0"},),
    limits=("It knows lighthouses only.",),
    sizes={"mini": {"minutes": 2}},
    commands=("gentap train-asker {data}/x.json --from-scratch {size} --max-minutes {minutes} -o {here}/model",),
    source="name: asker-{size}\n",
)
SIGNED = {
    "settings": {"max_minutes": 2.0, "from_scratch": "mini", "data": ["squad=/home/ada/data/x.json"], "seed": 0},
    "report": {"steps": 1200, "seconds": 120.4, "loss": 1.5, "dev_loss": None},
    "versions": {"tabtext": "0.1.0"},
}
PACKED = {
    "README.md", "config.json", "generation_config.json", "model.safetensors", "recipe.yaml", "signature.json",
    "tokenizer.json", "tokenizer_config.json",
}  # fmt: skip
RESULTS = read_results(
    [{"what": "towers, dev", "name": "bleu", "value": 31.234, "signature": "bleu|n:3", "interval": [30, 32]}]
)


@pytest.fixture
def trained(tiny, tmp_path):
    folder = tmp_path / "home" / "trained"
    tiny().save(folder)
    (folder / "checkpoints" / "checkpoint-1").mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "inner": {"_name_or_path": "/home/ada/t5"}}))
    (folder / "signature.json").write_text(json.dumps(SIGNED))
    return folder


@pytest.fixture
def packed(trained, tmp_path):
    pack(trained, tmp_path / "models" / "asker-mini", RECIPE, results=RESULTS)
    return tmp_path / "models" / "asker-mini"


def test_a_packed_folder_holds_what_loading_needs_and_what_to_know(trained, packed):
    assert {file.name for file in packed.iterdir()} == PACKED
    assert left_behind(trained) == ["checkpoints", "run.json"]
    weights = load_file(packed / "model.safetensors")
    assert {weight.dtype for weight in weights.values()} == {torch.float16}
    card = (packed / "README.md").read_text()
    for said in ("license: cc-by-4.0", "# asker-mini", r"Lighthouses \| towers", "--from-scratch mini --max-minutes 2",
                 "2 minutes, 1,200 updates", r"| towers, dev | bleu | 31.23 [30, 32] | `bleu\|n:3` |",
                 "knows lighthouses only"):  # fmt: skip
        assert said in card
    for file in packed.glob("*.*[!s]"):
        assert file.suffix == ".safetensors" or "/home" not in file.read_text()
    signature = json.loads((packed / "signature.json").read_text())
    assert signature["settings"]["data"] == ["squad=x.json"] and signature["results"][0]["value"] == 31.234
    assert signature["files"].keys() == PACKED - {"signature.json"}


def test_weights_for_choosing_cells_are_packed_too(trained, tmp_path):
    (trained / "choice.json").write_text("{}")
    pack(trained, tmp_path / "packed", RECIPE)
    assert {file.name for file in (tmp_path / "packed").iterdir()} == {*PACKED, "choice.json"}
    (tmp_path / "packed" / "choice.json").write_text("{ }")
    with pytest.raises(InputError, match=r"choice\.json is damaged"):
        resolve(tmp_path / "packed")


def test_loading_gives_single_precision_close_to_what_was_trained(trained, packed):
    before, after = load_seq2seq(trained).model.state_dict(), load_seq2seq(packed).model.state_dict()
    assert before.keys() == after.keys() and {w.dtype for w in after.values()} == {torch.float32}
    assert all(torch.allclose(before[name], after[name], rtol=1e-3, atol=1e-6) for name in before)


def test_the_same_folder_gives_the_same_bytes(trained, packed, tmp_path):
    pack(trained, tmp_path / "again", RECIPE, results=RESULTS)
    pack(trained, tmp_path / "again", RECIPE, results=RESULTS, overwrite=True)
    for file in packed.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()


@pytest.mark.parametrize("name", sorted(PACKED - {"signature.json"}))
def test_a_damaged_or_missing_file_is_named(packed, name):
    content = (packed / name).read_bytes()
    (packed / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(InputError, match=f"{name} is damaged or not what was packed"):
        load_seq2seq(packed)
    (packed / name).unlink()
    with pytest.raises(InputError, match=f"{name} is missing"):
        load_seq2seq(packed)


@pytest.mark.parametrize("content", ["{", '{"files": []}'])
def test_a_damaged_signature_is_named(packed, content):
    (packed / "signature.json").write_text(content)
    with pytest.raises(InputError, match=r"signature.json: damaged"):
        load_seq2seq(packed)


def test_a_shipped_model_is_found_by_its_name_alone(packed, monkeypatch, tmp_path):
    monkeypatch.setattr(models, "shipped", lambda _: packed.parent)
    (packed.parent / "notes").mkdir()
    assert models.shipped_models() == ["asker-mini"]
    assert resolve("asker-mini") == str(packed)
    monkeypatch.chdir(packed)
    assert resolve(".") == "." and resolve("notes") == "notes"
    (packed / "config.json").unlink()
    with pytest.raises(InputError, match=r"config.json is missing"):
        resolve("asker-mini")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(models, "on_hub", lambda _: False)
    with pytest.raises(InputError, match="shipped are asker-mini"):
        load_seq2seq("writer-maxi")


def test_names_resolve_where_no_models_came_along(monkeypatch):
    def lacking(folder):
        raise FileNotFoundError(folder)

    monkeypatch.setattr(models, "shipped", lacking)
    assert models.shipped_models() == [] and resolve("gpt2") == "gpt2"


@pytest.mark.parametrize(
    ("weights", "dtype"),
    [
        ({"a": torch.tensor([0.1, -2.5, 3e-3])}, torch.float16),
        ({"a": torch.tensor([0.1, 1e6])}, torch.bfloat16),  # more than float16 can say
        ({"a": torch.tensor([1e-12, 3e-12])}, torch.bfloat16),  # less
        ({"a": torch.zeros(2)}, torch.float16),
    ],
)
def test_the_format_that_loses_less_is_taken(weights, dtype):
    cast, facts = halved({**weights, "steps": torch.tensor([7])})
    assert cast["a"].dtype == dtype and f"torch.{facts.dtype}" == str(dtype)
    assert cast["steps"].dtype == torch.int64 and facts.parameters == weights["a"].numel() + 1
    assert facts.error < 4e-3


def test_what_cannot_be_packed_is_said(trained, tmp_path, monkeypatch):
    output = tmp_path / "packed"
    (output).mkdir()
    with pytest.raises(InputError, match="exists already"):
        pack(trained, output, RECIPE)
    output.rmdir()
    with pytest.raises(InputError, match=r"has no config.json"):
        pack(tmp_path, output, RECIPE)
    longer = replace(RECIPE, sizes={"mini": {"minutes": 30}})
    with pytest.raises(InputError, match=r"was trained with max_minutes 2.0, and its recipe says 30"):
        pack(trained, output, longer)
    with pytest.raises(InputError, match="Unknown size 'large'"):
        pack(trained, output, RECIPE, size="large")
    monkeypatch.setattr(packing, "LARGEST", 1000)
    with pytest.raises(InputError, match="1,000 may"):
        pack(trained, output, RECIPE)
    assert not output.exists() and not list(tmp_path.glob(".packed*"))


def test_results_come_from_rows_and_from_files_of_scores(tmp_path):
    scores = [{"name": "bleu", "value": 12.5, "signature": "n:9"}, {"name": "ter", "value": 70.0, "signature": "n:9"}]
    (tmp_path / "scores.json").write_text(json.dumps({"scores": scores, "n": 9}))
    row = {"what": "dev", "scores": "{here}/scores.json"}
    assert [str(r.score) for r in read_results([row], {"here": tmp_path})] == ["bleu|n:9 = 12.5", "ter|n:9 = 70"]
    [one] = read_results([{**row, "metrics": ["ter"]}], {"here": tmp_path})
    assert (one.what, one.score.name) == ("dev", "ter")
    with pytest.raises(InputError, match=r"^\S*none\.json: no such file\.$"):
        read_results([{"what": "dev", "scores": str(tmp_path / "none.json")}])
    (tmp_path / "half.json").write_text('{"scores": [')
    with pytest.raises(InputError, match=r"^\S*half\.json, line 1, column 13: not valid JSON"):
        read_results([{"what": "dev", "scores": str(tmp_path / "half.json")}])
    for nothing in (None, 5, {"what": "dev"}):
        with pytest.raises(InputError, match="Results are a list of what was measured"):
            read_results(nothing)
    for wrong in ({"what": "dev"}, {"name": "bleu", "value": 1.0}, {"what": "dev", "name": "bleu", "value": "high"}):
        with pytest.raises(InputError, match="A result needs what, name and value"):
            read_results([wrong])
