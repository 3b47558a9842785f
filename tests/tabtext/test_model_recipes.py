"""Recipes: ours are whole and say commands that exist; they run in order, go on where they were stopped, and pack."""

import gzip
import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
import typer

from tabtext import model_making
from tabtext.errors import InputError
from tabtext.model_making import make_models, run_commands
from tabtext.model_recipes import PROGRAMS, read_recipe

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / "recipes").glob("*.yaml"))
PLACES = {"data": "data", "here": "here", "models": "models"}
PROGRAM_OF = {name: typer.main.get_command(import_module(f"{name}.cli").app) for name in PROGRAMS}

RECIPE = """
name: asker-{size}
does: Asks.
licence: Apache-2.0
usage: gentap ask
data: [{name: pairs of our own, licence: Apache-2.0}]
limits: [It stumbles.]
sizes: {tiny: {epochs: 0.05}}
commands:
  - tabtext table {data}/tables/summer_games.csv -o {here}/games.txt
  - >-
    gentap train-asker {data}/asker_pairs.json --from-scratch {size} --epochs {epochs} --limit 40
    -o {here}/model
"""


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "asker.yaml").write_text(RECIPE)
    return read_recipe(tmp_path / "asker.yaml")


def changed(tmp_path, old, new):
    (tmp_path / "changed.yaml").write_text(RECIPE.replace(old, new))
    return read_recipe(tmp_path / "changed.yaml")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_recipes_say_commands_that_exist(path):
    recipe = read_recipe(path)
    assert recipe.named().startswith(path.stem.split("-")[0])
    assert all(row["what"] and "{here}" in row["scores"] for row in recipe.results)
    for size in recipe.sizes:
        assert recipe.settings(size)["max_minutes"]
        for program, command, *words in recipe.words(size, PLACES):
            PROGRAM_OF[program].commands[command].make_context(command, words)


def test_options_without_a_value_are_settings_too(tmp_path):
    settings = changed(tmp_path, "--limit 40\n", "--limit 40 --overwrite --tensorboard --no-long-form\n").settings(
        "tiny"
    )
    assert settings == {
        "from_scratch": "tiny", "epochs": "0.05", "limit": "40", "tensorboard": "True", "long_form": "False"
    }  # fmt: skip


def test_our_recipes_need_only_each_other():
    ours = {recipe.named(): recipe for recipe in map(read_recipe, OURS)}
    needed = {name for recipe in ours.values() for name in recipe.needs()}
    assert {"asker-mini", "gentap-mini"} <= needed <= ours.keys()


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_what_is_made_of_non_commercial_data_says_so(path):
    recipe = read_recipe(path)
    is_non_commercial = any("NC" in source["licence"] for source in recipe.data)
    assert ("-NC-" in recipe.licence) == is_non_commercial == ("commercial" in " ".join(recipe.limits))


def test_a_model_is_made_and_packed_and_kept(recipe, tmp_path):
    [made] = make_models([recipe], ROOT / "examples", tmp_path / "out", "tiny")
    assert made == tmp_path / "out" / "models" / "asker-tiny"
    assert json.loads((made / "signature.json").read_text())["settings"]["epochs"] == 0.05
    assert (made / "recipe.yaml").read_text() == RECIPE
    before = (made / "signature.json").stat().st_mtime_ns
    assert make_models([recipe], ROOT / "examples", tmp_path / "out", "tiny") == [made]
    assert (made / "signature.json").stat().st_mtime_ns == before


def test_commands_that_are_done_are_left_out_until_one_changes(tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(model_making.subprocess, "run", lambda words, check: ran.append(words[2:]) or Ended(words))
    with pytest.raises(InputError, match="`tabtext fails` ended with status 3; run this again"):
        run_commands([["tabtext", "one"], ["tabtext", "fails"]], tmp_path)
    run_commands([["tabtext", "one"], ["tabtext", "two"], ["tabtext", "three"]], tmp_path)
    run_commands([["tabtext", "one"], ["tabtext", "2"], ["tabtext", "three"]], tmp_path)
    assert [word for _, word in ran] == ["one", "fails", "two", "three", "2", "three"]


class Ended:
    def __init__(self, words):
        self.returncode = 3 if words[-1] == "fails" else 0


def test_a_recipe_comes_behind_what_it_needs(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(model_making.subprocess, "run", lambda words, check: Ended(["fails"]))
    needing = replace(recipe, name="gentap-{size}", commands=("gentap pretrain {models}/asker-{size} -o {here}/model",))
    with pytest.raises(InputError, match="`tabtext table"):  # the first command of the other one
        make_models([needing, recipe], tmp_path, tmp_path / "out", "tiny")
    with pytest.raises(InputError, match="Recipe gentap-tiny starts from asker-tiny; give that recipe too"):
        make_models([needing], tmp_path, tmp_path / "out", "tiny")
    (tmp_path / "out" / "models" / "asker-tiny").mkdir(parents=True)
    with pytest.raises(InputError, match="`gentap pretrain"):
        make_models([needing], tmp_path, tmp_path / "out", "tiny")
    with pytest.raises(InputError, match="2 recipes are of asker-tiny"):
        make_models([recipe, replace(recipe, does="Tells.")], tmp_path, tmp_path / "out", "tiny")
    circular = replace(recipe, commands=("gentap ask --model {models}/gentap-{size} -o {here}/model",))
    with pytest.raises(InputError, match="need each other"):
        make_models([needing, circular], tmp_path, tmp_path / "out", "tiny")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("licence: Apache-2.0\nusage", "usage", "does not say licence"),
        ("does:", "doing:", "found \\['doing'\\]"),
        ("does: Asks.", "does: [", "not YAML"),
        (RECIPE, "- does: Asks.", r"a recipe says name, .*; found \[{'does': 'Asks.'}\]"),
        ("name: asker-{size}", "name: [asker]", r"name is a text; found \['asker'\]"),
        ("[{name: pairs of our own, licence: Apache-2.0}]", "[ours]", "a name and a licence each; found 'ours'"),
        ("{epochs}", "{epochs.first}", "a command says .*, which it does not know"),
        ("does: Asks.", "does: 2020-13-45", "not YAML"),
        ("does: Asks.", f"does: {'[' * 5000}", "nested too deeply"),
        ("does: Asks.", "does: Asks.\ndoes: Tells.", r"changed.yaml, line 4, column 1: 'does' stands twice"),
        ("{epochs: 0.05}", "{epochs: 0.05, 'epochs': 5}", r"line 8, column 30: 'epochs' stands twice in one mapping"),
        ("- tabtext table", "- rm", "a recipe runs tabtext, gentap, datatuner, quals; found 'rm"),
        ("- tabtext table", "- tabtext 'table", "a recipe runs .*; found \"tabtext 'table"),
        ("- tabtext table", "- 5\n  - tabtext table", "a recipe runs .*; found 5"),
        ("- tabtext table", "- ' '\n  - tabtext table", "a recipe runs .*; found ' '"),
        ("limits: [It stumbles.]", "limits: It stumbles.", "limits is a list; found 'It stumbles.'"),
        ("sizes: {tiny: {epochs: 0.05}}", "sizes: [tiny]", "sizes gives each size what its commands name"),
        ("sizes: {tiny: {epochs: 0.05}}", "sizes: {tiny: }", "sizes gives each size what its commands name"),
        ("{epochs}", "{eras}", "a command says 'eras', which it does not know"),
        ("-o {here}/model", "-o {here}/asker", "one command must end with -o {here}/model, 0 do"),
    ],
)
def test_what_is_wrong_in_a_recipe_is_said(tmp_path, old, new, said):
    with pytest.raises(InputError, match=said):
        changed(tmp_path, old, new).settings("tiny")


def test_what_a_recipe_merges_is_no_key_said_twice(tmp_path):
    sizes = "sizes: {tiny: &least {epochs: 0.05, rows: 3}, mini: {<<: *least, epochs: 5}}"
    assert changed(tmp_path, "sizes: {tiny: {epochs: 0.05}}", sizes).sizes["mini"] == {"epochs": 5, "rows": 3}


def test_a_compressed_recipe_is_read(tmp_path):
    (tmp_path / "asker.yaml.gz").write_bytes(gzip.compress(RECIPE.encode()))
    assert read_recipe(tmp_path / "asker.yaml.gz").source == RECIPE


def test_a_size_that_a_recipe_does_not_know_lists_those_it_does(recipe, tmp_path):
    with pytest.raises(InputError, match="tiny"):
        make_models([recipe], tmp_path, tmp_path / "out", "huge")
