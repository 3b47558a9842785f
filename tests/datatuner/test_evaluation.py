"""`datatuner evaluate`: grouped references, breakdowns, fidelity shares, intervals, and predictions that stay."""

import json
import random

import pytest
from restaurants import EXAMPLES, run_cli

from datatuner import evaluate as evaluation
from datatuner.evaluate import Evaluating, evaluate
from tabtext.errors import InputError
from tabtext.examples import Fidelity, TextExample
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record

METRICS = ("sacrebleu", "rougeL", "cider", "chrf", "ter", "slot_error_rate", "slot_error_rate_repeats")
"""Ours without METEOR, for which a Java machine starts several times."""

SHARES = tuple(f"fidelity_{fidelity.value}" for fidelity in Fidelity)
OTHER = "It is a pub called {}."
TOWNS = [
    TextExample(
        Record.from_triples([(f"Elm{n}", "country", f"Land{n}")], category="City" if n % 2 else "Airport", id=f"t{n}"),
        (f"Elm{n} is in Land{n}.",),
    )
    for n in range(6)
]


@pytest.fixture
def files(tmp_path):
    examples = [TextExample(e.record, (*e.texts, OTHER.format(e.record.slots["name"]))) for e in EXAMPLES]
    write_jsonl(tmp_path / "records.jsonl", examples)
    rows = []
    for number, example in enumerate(EXAMPLES):
        text = example.texts[0] if number else example.texts[0].replace("by the riverside", "open")
        candidates = [{"text": text, "logprob": -1.0}, {"text": example.texts[0], "logprob": -2.0}]
        rows.append({"id": example.id, "text": text, "logprob": -1.0, "candidates": candidates, "source": "model"})
    random.Random(1).shuffle(rows)
    write_jsonl(tmp_path / "texts.jsonl", rows)
    return tmp_path


def scores(evaluated):
    return {score.name: score for score in evaluated.rows[0].scores}


def test_scores_beside_floors_with_intervals(files):
    how = Evaluating(metrics=METRICS)
    evaluated = evaluate(files / "records.jsonl", files / "out", how, texts=files / "texts.jsonl")
    found = scores(evaluated)
    assert set(found) == set(METRICS) <= set(evaluation.METRICS)
    assert 90 < found["sacrebleu"].value < 100 and "n:12|refs:2|" in found["sacrebleu"].signature
    assert found["slot_error_rate"].value == pytest.approx(100 / 72)
    assert found["sacrebleu"].interval[0] < found["sacrebleu"].value <= found["sacrebleu"].interval[1] + 1e-9
    kinds = {row.system.split(",")[0]: row.kind for row in evaluated.rows}
    assert kinds["template"] == kinds["said by rules"] == "floor" and kinds["all 24 references"] == "ceiling"
    assert evaluated.facts["n"] == 12 and evaluated.facts["references"] == 24
    rows = list(read_jsonl(files / "out/predictions.jsonl"))
    assert [row["id"] for row in rows] == [example.id for example in EXAMPLES], "in the records' order"
    assert rows[0]["references"] == [EXAMPLES[0].texts[0], OTHER.format("The Mill")] and len(rows[0]["candidates"]) == 2


def test_a_judge_reranks_and_its_classes_are_shares(files):
    how = Evaluating(judge="slots", resamples=0, metrics=(*METRICS, *SHARES))
    better = scores(evaluate(files / "records.jsonl", files / "a", how, texts=files / "texts.jsonl"))
    assert better["slot_error_rate"].value == 0 and better["fidelity_accurate"].value == 100
    how = Evaluating(judge="slots", policy="none", resamples=0, metrics=(*METRICS, *SHARES))
    as_it_was = scores(evaluate(files / "records.jsonl", files / "b", how, texts=files / "texts.jsonl"))
    assert as_it_was["fidelity_omission"].value == pytest.approx(100 / 12)
    assert as_it_was["slot_error_rate"].value == pytest.approx(100 / 72)


def test_breakdowns_by_facts_category_and_seen(files, capsys):
    write_jsonl(files / "towns.jsonl", TOWNS)
    write_jsonl(files / "train.jsonl", [town for town in TOWNS if town.record.category == "City"])
    (files / "towns.txt").write_text("".join(f"Elm{n} is in {'Land' if n % 2 else 'Sand'}{n}.\n" for n in range(6)))
    arguments = ("evaluate", files / "towns.jsonl", "-o", files / "out", "--texts", files / "towns.txt")
    assert run_cli(*arguments, "--seen", files / "train.jsonl", "--resamples", 0, "--json", "-m", *METRICS) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((files / "out/scores.json").read_text())
    assert [
        (part["label"], part["size"], part["value"]) for part in printed["by"]["seen"]["slot_error_rate_repeats"]
    ] == [
        ("seen", 3, 0.0),
        ("unseen", 3, 100.0),
    ]
    assert {part["label"] for part in printed["by"]["category"]["chrf"]} == {"City", "Airport"}
    assert "facts" not in printed["by"], "all have one fact"


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ('{"id": "r1", "text": "x"}\n', r"no text for 11 of 12 records, such as 'r0'"),
        ('{"id": "r1"}\n', r"line 1: needs 'id' and 'text'"),
    ],
)
def test_texts_that_do_not_fit(files, texts, message):
    (files / "bad.jsonl").write_text(texts)
    with pytest.raises(InputError, match=message):
        evaluate(files / "records.jsonl", files / "out", texts=files / "bad.jsonl")
    (files / "bad.txt").write_text("one\ntwo\n")
    with pytest.raises(InputError, match="2 texts for 12 records"):
        evaluate(files / "records.jsonl", files / "out", texts=files / "bad.txt")
    with pytest.raises(InputError, match="found both or neither"):
        evaluate(files / "records.jsonl", files / "out")


def test_an_output_that_exists_is_kept(files):
    (files / "out").mkdir()
    (files / "out/scores.json").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        evaluate(files / "records.jsonl", files / "out", texts=files / "texts.jsonl")
    assert (files / "out/scores.json").read_text() == "mine" and not (files / "out/predictions.jsonl").exists()


def test_metrics_are_checked_before_anything_is_written(files):
    with pytest.raises(InputError, match="Unknown metric 'foo'"):
        evaluate(files / "records.jsonl", files / "out", Evaluating(metrics=("foo",)), texts=files / "texts.jsonl")
    assert not (files / "out").exists()
