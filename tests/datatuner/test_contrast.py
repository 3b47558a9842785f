"""`datatuner conseq`: a generator goes on training on texts to say and not to say, its states and settings kept."""

import pytest
import torch
from restaurants import EXAMPLES, run_cli

from datatuner.generate import Generator
from datatuner.train import Training, train_generator
from tabtext.jsonl import write_jsonl


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A model, and chosen texts: the references, and the same with another food."""
    folder = tmp_path_factory.mktemp("conseq")
    write_jsonl(folder / "restaurants.jsonl", EXAMPLES)
    train_generator(folder / "restaurants.jsonl", folder / "model", Training(from_scratch="tiny", epochs=1))
    chosen = []
    for example in EXAMPLES:
        for text, good in ((example.texts[0], True), (wrong(example), False)):
            chosen.append({"id": f"{example.id}/x", "record": example.record.to_json(), "text": text, "good": good})
    write_jsonl(folder / "chosen.jsonl", chosen)
    return folder


def wrong(example):
    return example.texts[0].replace(example.record.slots["food"], "Fast")


def margin(folder):
    """How much likelier the references are than the wrong texts, in nats per text."""
    generator = Generator.from_pretrained(folder)
    sums = []
    for choose in (lambda example: example.texts[0], wrong):
        total = 0.0
        for example in EXAMPLES:
            row = generator.encoder.example(example.record, choose(example))
            batch = {name: torch.tensor([values]) for name, values in row.items()}
            with torch.inference_mode():
                total -= float(generator.seq2seq.model(**batch).loss) * sum(label >= 0 for label in row["labels"])
        sums.append(total / len(EXAMPLES))
    return sums[0] - sums[1]


@pytest.mark.parametrize("flags", [(), ("--spare-shared",)])
def test_wrong_texts_become_less_likely(files, tmp_path, flags):
    arguments = ("conseq", files / "chosen.jsonl", "--model", files / "model", "-o", tmp_path / "out", *flags)
    assert run_cli(*arguments, "--epochs", 8, "--learning-rate", 1e-3, "--batch-size", 8) == 0
    assert margin(tmp_path / "out") > margin(files / "model") + 1
    before, after = (Generator.from_pretrained(name).encoder.settings for name in (files / "model", tmp_path / "out"))
    assert before == after


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"mr": "name[Aromi]", "text": "Aromi."}, "line 1: needs a record, 'text', and 'good'"),
        ({"mr": "name[Aromi]", "good": True}, "line 1: needs a record, 'text', and 'good'"),
        ({"text": "Aromi.", "good": True}, "line 1: A record needs exactly one of the fields"),
        ({"mr": "name[Aromi]", "text": "Aromi.", "good": False}, "None of the 1 texts is one to say"),
    ],
)
def test_files_that_hold_no_chosen_texts(files, tmp_path, capsys, line, message):
    write_jsonl(tmp_path / "x.jsonl", [line])
    assert run_cli("conseq", tmp_path / "x.jsonl", "--model", files / "model", "-o", tmp_path / "out") == 2
    assert message in capsys.readouterr().err
