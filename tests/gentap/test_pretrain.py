"""Pretraining: balanced batches, the same model however it was interrupted, split or accumulated."""

import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, T5ForConditionalGeneration

from gentap.batches import bundles, encode_rows
from gentap.encode import TableEncoder, structure_of
from gentap.model import CELL, SENTENCE
from gentap.pretrain import Pretraining, export, pretrain
from gentap.unpretrained import unpretrained
from tabtext import InputError
from tabtext.examples import QAExample
from tabtext.jsonl import dumps
from tabtext.models import load_seq2seq
from tabtext.shards import ShardFolder
from tabtext.stages import ShardResult
from tabtext.tokenizers import train_tokenizer

TINY = Pretraining(from_scratch="tiny", epochs=2, batch_size=8, max_length=128)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, write_corpus):
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def model(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return folder, pretrain([corpus], folder, TINY)


def weights(folder):
    return (folder / "model.safetensors").read_bytes()


def test_every_bundle_has_one_row_of_each_form_of_like_length(lighthouses):
    towns = [town for town, _ in lighthouses(3).rows]
    tokenizer = train_tokenizer(towns, size=400, structure=structure_of("keyed"))
    encoder, counts = TableEncoder(tokenizer, max_length=128), Counter()
    examples = [QAExample("", "Which town?", town, (town,), lighthouses(i)) for i, town in enumerate(towns)]
    long = list(encode_rows(encoder, [*examples, replace(examples[0], answer=" ")], SENTENCE, counts))
    short = list(encode_rows(encoder, [*examples[:4], replace(examples[0], question="why " * 99)], CELL, counts))
    made = bundles([long, short], seed=0)
    assert [[row["kind"] for row in bundle["rows"]] for bundle in made] == [[SENTENCE, CELL]] * 6
    assert Counter(id(row) for bundle in made for row in bundle["rows"][1:]).most_common()[0][1] == 2
    assert counts == {"in": 12, "out": 10, "no question or no answer": 1, "does not fit the model's input": 1}
    assert all(abs(len(a["input_ids"]) - len(b["input_ids"])) < 40 for a, b in (bundle["rows"] for bundle in made))


def test_the_model_knows_how_it_reads_and_what_it_saw(model):
    folder, report = model
    kept = json.loads((folder / "config.json").read_text())["table_qa"]
    assert kept["seen"] == ["16 long and 16 short questions synthesised from pages"]
    assert (kept["linearization"], kept["max_length"], kept["decoders"]) == ("ordered", 128, ["sentence", "cell"])
    assert json.loads((folder / "signature.json").read_text())["report"]["steps"] == report.steps == 8


def test_the_same_seed_gives_the_same_bytes_and_a_finished_model_is_not_replaced(model, corpus, tmp_path):
    pretrain([corpus], tmp_path, TINY)
    assert weights(tmp_path) == weights(model[0])
    with pytest.raises(InputError, match="holds a trained model already"):
        pretrain([corpus], tmp_path, TINY)


@pytest.mark.parametrize(
    ("change", "decoders"),
    [({"short_form": False}, ["sentence"]), ({"long_form": False}, ["cell"]), ({"one_decoder": True}, ["sentence"])],
)
def test_each_ablation_trains_the_decoders_it_says(corpus, tmp_path, change, decoders):
    pretrain([corpus], tmp_path, replace(TINY, epochs=1, **change))
    assert json.loads((tmp_path / "config.json").read_text())["table_qa"]["decoders"] == decoders


def test_a_model_without_cells_learns_sentences_alone(model, corpus, tmp_path):
    seq2seq = load_seq2seq(model[0], device="cpu")
    seq2seq._replace(model=seq2seq.model.without_cells()).save(tmp_path / "one")
    with pytest.raises(InputError, match="no cell decoder"):
        pretrain([corpus], tmp_path / "out", replace(TINY, model=str(tmp_path / "one")))
    pretrain([corpus], tmp_path / "out", replace(TINY, model=str(tmp_path / "one"), short_form=False, epochs=0.5))
    assert not load_seq2seq(tmp_path / "out", device="cpu").model.config.has_cells
    assert unpretrained(str(tmp_path / "out"), tmp_path / "fresh") == str(tmp_path / "fresh")


def test_what_the_losses_are_means_over_is_kept_with_the_model(model, corpus, tmp_path):
    pretrain([corpus], tmp_path, replace(TINY, epochs=0.5, cell_weight=2.0))
    kept = [json.loads((folder / "signature.json").read_text())["report"]["per"] for folder in (model[0], tmp_path)]
    assert kept == ["token", "token, the loss of cells times 2"]


def test_nothing_to_learn_is_said(corpus, tmp_path):
    with pytest.raises(InputError, match="nothing is left to learn"):
        pretrain([corpus], tmp_path, replace(TINY, short_form=False, long_form=False))
    with pytest.raises(InputError, match=r"no finished corpus \(it lacks manifest.json\)"):
        pretrain([tmp_path], tmp_path / "out", TINY)


def test_export_writes_a_plain_t5_with_the_same_weights(corpus, tmp_path):
    pretrain([corpus], tmp_path / "dual", replace(TINY, epochs=1, copies=False))
    export(tmp_path / "dual", tmp_path / "plain", "cell")
    dual = AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "dual").eval()
    plain, found = T5ForConditionalGeneration.from_pretrained(tmp_path / "plain", output_loading_info=True)
    assert not found["missing_keys"] and not found["unexpected_keys"]
    ids = torch.arange(3, 30)[None]
    options = dict(max_new_tokens=6, do_sample=False)
    assert torch.equal(plain.generate(ids, **options), dual.generate(ids, decoder_name="cell", **options))
    with pytest.raises(InputError, match="exists already"):
        export(tmp_path / "dual", tmp_path / "plain")
    with pytest.raises(InputError, match="has one decoder"):
        export(tmp_path / "plain", tmp_path / "again")


RUN = """
import sys; from pathlib import Path; from gentap.pretrain import pretrain, Pretraining
import tabtext.training as training
keep = training.arguments
training.arguments = lambda output, **settings: keep(output, **{"save_steps": 10, **settings})
pretrain([Path(sys.argv[1])], Path(sys.argv[2]), Pretraining(**eval(sys.argv[3])))
"""


def command(corpus, output, how, *launcher):
    script = output.parent / "run.py"
    script.write_text(RUN)
    settings = {"from_scratch": "tiny", "max_length": 128, **how}
    return [sys.executable, *launcher, str(script), str(corpus), str(output), repr(settings)]


def test_a_run_killed_and_started_again_ends_with_the_same_bytes(corpus, tmp_path):
    how = {"epochs": 3, "batch_size": 4}
    killed = command(corpus, tmp_path / "killed", how)
    with subprocess.Popen(killed, stderr=subprocess.DEVNULL) as run:
        until = time.monotonic() + 60
        while time.monotonic() < until and not list((tmp_path / "killed").glob("checkpoints/*/manifest.json")):
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
    assert not (tmp_path / "killed" / "model.safetensors").exists()
    subprocess.run(killed, check=True, stderr=subprocess.DEVNULL, timeout=400)
    pretrain([corpus], tmp_path / "whole", Pretraining(from_scratch="tiny", max_length=128, **how))
    assert weights(tmp_path / "killed") == weights(tmp_path / "whole")


def test_two_processes_and_accumulation_give_the_model_of_one_batch(corpus, tmp_path):
    one_update = {"epochs": 1, "learning_rate": 1e-2}
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2")
    two = command(corpus, tmp_path / "two", {**one_update, "batch_size": 16}, *launcher)
    done = subprocess.run(two, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    for name, how in {"accumulated": {"batch_size": 8, "accumulation": 4}, "whole": {"batch_size": 32}}.items():
        pretrain([corpus], tmp_path / name, replace(TINY, **one_update, **how))
    trained = {name: AutoModelForSeq2SeqLM.from_pretrained(tmp_path / name) for name in ("whole", "two", "accumulated")}
    for name in ("two", "accumulated"):
        for expected, found in zip(trained["whole"].parameters(), trained[name].parameters(), strict=True):
            assert torch.allclose(expected, found, atol=1e-5)


def test_long_answers_that_say_much_else_are_left_out(tmp_path, capsys, write_corpus):
    folder = write_corpus(tmp_path / "corpus")
    (strayed,) = [record for record in ShardFolder(folder / "long").records("00000")][:1]
    strayed["sentence"] = "Storms wreck many ships before every winter, old sailors say."
    kept = list(ShardFolder(folder / "long").records("00000"))
    lines = "".join(dumps(record) + "\n" for record in [strayed, *kept]).encode()
    ShardFolder(folder / "long").write("00000", ShardResult(lines, Counter(out=1 + len(kept)), []))
    pretrain([folder], tmp_path / "model", replace(TINY, epochs=0.1, min_said=0.5))
    said = capsys.readouterr().err
    assert "17 long questions in, 16 records out; dropped: 1 says much else than its question and row" in said


def test_several_corpora_count_as_one(corpus, tmp_path, capsys):
    pretrain([corpus, corpus], tmp_path / "two", replace(TINY, epochs=0.1))
    twice = capsys.readouterr().err
    pretrain([corpus], tmp_path / "one", replace(TINY, epochs=0.1))
    once = capsys.readouterr().err
    assert [2 * int(n) for n in re.findall(r"(\d+) \w+ questions in", once)] == [
        int(n) for n in re.findall(r"(\d+) \w+ questions in", twice)
    ]
