"""A model's own errors as training pairs, and the ablation: each with a tiny model that has seen twelve restaurants."""

import csv

import pytest
from restaurants import EXAMPLES, run_cli

from datatuner.model_negatives import faulty
from datatuner.train import Training, train_generator
from datatuner.train_fidelity import read_pairs
from tabtext.examples import Fidelity
from tabtext.jsonl import write_jsonl
from tabtext.slots import check

RECORD, TEXT = EXAMPLES[0].record, EXAMPLES[0].texts[0]


@pytest.mark.parametrize(
    ("change", "labels", "verdict", "spans"),
    [
        (("by the riverside", "open"), {Fidelity.OMISSION}, "missing", ()),
        (("Indian", "French"), {Fidelity.VALUE_ERROR}, "wrong", None),
        (("The pub is", "It is cheap. The pub is"), {Fidelity.HALLUCINATION}, "ok", None),
    ],
)
def test_a_faulty_text_has_the_faults_that_the_checker_sees(change, labels, verdict, spans):
    found = faulty(RECORD, TEXT.replace(*change))
    assert set(found.label) == labels and found.rule == "model" and found.spans == spans
    assert verdict in found.verdicts and len(found.fact) == 1
    assert faulty(RECORD, TEXT) is None


@pytest.fixture(scope="module")
def restaurants(tmp_path_factory):
    """The folder of a data set in E2E's layout."""
    folder = tmp_path_factory.mktemp("e2e")
    for name in ("train", "dev"):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("mr", "ref"))
            for e in EXAMPLES:
                rows.writerow((", ".join(f"{slot}[{value}]" for slot, value in e.record.slots.items()), e.texts[0]))
    return folder


def test_negatives_from_a_model(tmp_path):
    write_jsonl(tmp_path / "records.jsonl", EXAMPLES)
    how = Training(from_scratch="tiny", epochs=2, batch_size=4)
    train_generator(tmp_path / "records.jsonl", tmp_path / "model", how, dev=tmp_path / "records.jsonl")
    arguments = ("corrupt", tmp_path / "records.jsonl", "--from-model", tmp_path / "model", "--limit", 2)
    assert run_cli(*arguments, "-o", tmp_path / "pairs.jsonl") == 0
    pairs = list(read_pairs(tmp_path / "pairs.jsonl"))
    assert pairs, "a model that has learnt so little says little right"
    for pair in pairs:
        assert check(pair.record, pair.text).errors > 0 and Fidelity.ACCURATE not in pair.label


def test_the_ablation_trains_scores_and_goes_on(restaurants, tmp_path, capsys):
    arguments = ["ablate", restaurants, "--dataset", "e2e", "--judge", "slots", "--from-scratch", "tiny", "--seeds", 1]
    arguments += ["--epochs", 1, "--batch-size", 6, "--dev-limit", 3, "-m", "sacrebleu", "slot_error_rate"]
    assert run_cli(*arguments, "-o", tmp_path / "out") == 0
    table = capsys.readouterr().out
    assert table == (tmp_path / "out/ablation.md").read_text()
    rows = [line.split(" | ")[0].strip("| ") for line in table.splitlines() if line.startswith("|")]
    conditions, differences = rows[2:5], rows[7:]
    assert conditions == ["no states", "states", "states + classifier"]
    assert differences == ["states − no states", "states + classifier − states"]
    models = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*/model.safetensors")}
    assert {path.parent.name for path in models} == {"none-0", "fine-0"}, "states are trained once for two rows"
    assert run_cli(*arguments, "-o", tmp_path / "out") == 0
    assert all(path.stat().st_mtime_ns == time for path, time in models.items())
    assert run_cli("ablate", restaurants / "dev.csv", "--judge", "slots", "-o", tmp_path / "x") == 2
    assert "name its folder" in capsys.readouterr().err
