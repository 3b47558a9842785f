"""Few-shot table-to-text: both systems learn from the same draws, and one table tells what pretraining is worth."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save

from gentap import TableQA
from gentap.encode import structure_of
from gentap.few_shot import FewShot, few_shot, record_table
from gentap.finetune import Finetuning
from gentap.model import DualDecoderT5
from gentap.model_settings import ModelSettings
from gentap.unpretrained import backbone
from tabtext import InputError
from tabtext.models import from_scratch
from tabtext.record import Record


@pytest.fixture
def e2e(tmp_path):
    folder = tmp_path / "e2e"
    folder.mkdir()
    lines = [f"name[Inn {i}], food[{'Thai' if i % 2 else 'Greek'}]" for i in range(8)]
    rows = [f'"{mr}","Inn {i} serves food."' for i, mr in enumerate(lines)]
    for name in ("train", "dev"):
        (folder / f"{name}.csv").write_text("\n".join(["mr,ref", *rows]) + "\n")
    return folder


@pytest.fixture
def model(tmp_path):
    made = from_scratch("tiny", ["Inn 1 serves food.", "name food Thai Greek"], structure=structure_of("keyed"), seed=1)
    dual = DualDecoderT5.from_t5(made.model.cpu())
    TableQA(made._replace(model=dual), ModelSettings(max_length=96)).save_pretrained(tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.parametrize(
    ("record", "header", "rows"),
    [
        (Record.from_mr("inform(name[Inn 1], food[Thai])"), ("name", "food"), (("Inn 1", "Thai"),)),
        (Record.from_triples([("Alan_Bean", "birthPlace", "Wheeler,_Texas")]), ("subject", "property", "value"),
         (("Alan Bean", "birth place", "Wheeler, Texas"),)),
    ],
)  # fmt: skip
def test_a_record_is_a_table(record, header, rows):
    assert (record_table(record).header, record_table(record).rows) == (header, rows)


def test_both_systems_stand_in_one_table(model, e2e, tmp_path):
    how = Finetuning(model=str(model), dataset="e2e", epochs=1, batch_size=4)
    report = few_shot(e2e, tmp_path / "out", how, FewShot((2, 4), seeds=2, dev=2, beams=1))
    rows = [line.split(" | ")[0].strip("| ") for line in report.splitlines() if "shots" in line]
    systems = [f"{name}, {shots} shots" for shots in (2, 4) for name in ("not pretrained", "pretrained")]
    assert rows == [*systems, *(f"pretrained, {shots} shots − not pretrained, {shots} shots" for shots in (2, 4))]
    assert report == (tmp_path / "out" / "few-shot.md").read_text()
    drawn = [json.loads((tmp_path / "out" / f"{name}-2-1" / "signature.json").read_text())["settings"]["seed"]
             for name in ("pretrained", "not-pretrained")]  # fmt: skip
    assert drawn == [1, 1]
    with pytest.raises(InputError, match="8 examples where 9 shots"):
        few_shot(e2e, tmp_path / "more", how, FewShot((9,)))


def test_only_its_own_runs_are_taken_and_overwrite_makes_them_anew(model, e2e, tmp_path):
    how, shots = Finetuning(model=str(model), dataset="e2e", epochs=1, batch_size=4), FewShot((2,), 1, 2, 1)
    output = tmp_path / "out"

    def made():
        return {path: path.stat().st_mtime_ns for path in output.glob("*/model.safetensors")}

    few_shot(e2e, output, how, shots)
    first = made()
    few_shot(e2e, output, how, shots)
    assert made() == first and len(first) >= 2
    for other in (replace(how, epochs=2), replace(how, seed=4)):
        with pytest.raises(InputError, match="other settings or inputs"):
            few_shot(e2e, output, other, shots)
    (output / "ablation.json").unlink()
    with pytest.raises(InputError, match="other settings or inputs"):
        few_shot(e2e, output, how, shots)
    few_shot(e2e, output, replace(how, overwrite=True), shots)
    assert all(made()[path] != time for path, time in first.items())
    second = made()
    (output / "few-shot.md").unlink()
    few_shot(e2e, output, replace(how, overwrite=True), shots)
    assert made() == second, "it was begun and not finished"
    (e2e / "train.csv").write_text((e2e / "train.csv").read_text().replace("Thai", "Tuscan"))
    with pytest.raises(InputError, match="other settings or inputs"):
        few_shot(e2e, output, how, shots)


@pytest.mark.parametrize(("shots", "numbers"), [("50", (50,)), ("50, 100", (50, 100)), ("many", None), ("", None)])
def test_shots_are_numbers(shots, numbers):
    if numbers:
        assert FewShot.of(shots, 2) == FewShot(numbers, 2)
    else:
        with pytest.raises(InputError, match="numbers with commas"):
            FewShot.of(shots, 2)


def pretrained_from(start, folder, copies=False):
    """A folder as far as it matters here to what a run of pretraining leaves."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "dual_decoder_t5", "copies": copies}))
    (folder / "model.safetensors").write_bytes(save({"weight": torch.zeros(1)}))
    (folder / "signature.json").write_text(json.dumps({"settings": {"task": "pretrain", "model": start}}))
    return str(folder)


def test_the_backbone_is_what_the_first_run_of_pretraining_started_from(tmp_path):
    again = pretrained_from(pretrained_from("t5-small", tmp_path / "first"), tmp_path / "again")
    assert backbone(again) == "t5-small"


def test_a_model_made_from_scratch_has_no_backbone_but_its_shape(tmp_path):
    first = pretrained_from(None, tmp_path / "first", copies=True)
    again = pretrained_from(first, tmp_path / "again", copies=True)
    assert backbone(again) == again
