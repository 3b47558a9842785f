"""Training resumes to the byte, does not depend on how a batch is split, and stops with a sentence."""

import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import weakref
from itertools import count
from pathlib import Path

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration, TrainerCallback

from tabtext.batches import IGNORED, Collator, LengthBatches
from tabtext.checkpoints import fault, locked, newest_valid
from tabtext.errors import InputError
from tabtext.models import Seq2Seq, from_scratch, load_seq2seq
from tabtext.training import arguments, bf16_is_fast, token_loss, train
from tabtext.training_settings import LEARNING_RATE

rng = random.Random(5)


def example():
    source = [rng.randrange(40, 300) for _ in range(rng.randrange(3, 16))]
    return {"input_ids": [*source, 1], "labels": [*source[: rng.randrange(1, 9)], 1]}


EXAMPLES = [example() for _ in range(22)]
RUN = {"learning_rate": LEARNING_RATE, "per_device_train_batch_size": 4, "num_train_epochs": 2, "save_steps": 3,
       "bf16": False, "warmup_steps": 2}  # fmt: skip
STEPS = 12  # six batches in each of two epochs


class StopAt(TrainerCallback):
    """Ends the process or raises after a step, once its checkpoint is there."""

    def __init__(self, step, kill=False):
        self.step, self.kill = step, kill

    def on_step_begin(self, args, state, control, **_):
        if state.global_step == self.step:
            if self.kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise KeyboardInterrupt


def fresh(dropout=0.1):
    """The same tiny model each time; the killed process makes it too."""
    seq2seq = from_scratch("tiny", ["The lighthouse was built in 1874.", "Which team won the cup in 2009?"])
    for module in seq2seq.model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = dropout
        elif isinstance(getattr(module, "dropout", None), float):
            module.dropout = dropout
    return seq2seq


def run(seq2seq, folder, *callbacks, **settings):
    return train(seq2seq, EXAMPLES, arguments(folder, **(RUN | settings)), callbacks=callbacks)


def weights(folder):
    return (folder / "model.safetensors").read_bytes()


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unbroken")
    report = run(fresh(), folder)
    assert report.steps == STEPS
    return weights(folder)


@pytest.mark.parametrize("stopped", [4, 6, 11])
def test_a_run_that_goes_on_ends_with_the_bytes_of_an_unbroken_one(tmp_path, unbroken, stopped):
    with pytest.raises(KeyboardInterrupt):
        run(fresh(), tmp_path, StopAt(stopped))
    assert not (tmp_path / "model.safetensors").exists()
    run(fresh(), tmp_path)
    assert weights(tmp_path) == unbroken
    assert not (tmp_path / "checkpoints").exists()


def test_a_run_that_was_killed_does_too(tmp_path, unbroken):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path; import test_training as t\n"
        "t.run(t.fresh(), Path(sys.argv[2]), t.StopAt(8, kill=True))"
    )
    here = Path(__file__).parent
    killed = subprocess.run([sys.executable, "-c", script, here, tmp_path], stderr=subprocess.DEVNULL)
    assert killed.returncode == -signal.SIGKILL
    assert newest_valid(tmp_path / "checkpoints").name == "checkpoint-6"
    run(fresh(), tmp_path)
    assert weights(tmp_path) == unbroken


def test_what_finishes_a_model_is_there_with_it_or_neither(tmp_path, unbroken):
    def stop(folder):
        raise KeyboardInterrupt

    def note(folder):
        assert load_seq2seq(folder) and not (tmp_path / "model.safetensors").exists()
        (folder / "note.txt").write_text("done")

    with pytest.raises(KeyboardInterrupt):
        train(fresh(), EXAMPLES, arguments(tmp_path, **RUN), finish=stop)
    assert not (tmp_path / "model.safetensors").exists()
    train(fresh(), EXAMPLES, arguments(tmp_path, **RUN), finish=note)
    assert weights(tmp_path) == unbroken and (tmp_path / "note.txt").read_text() == "done"
    assert not (tmp_path / ".partial").exists()


def flip(name):
    def damage(checkpoint):
        content = bytearray((checkpoint / name).read_bytes())
        content[len(content) // 2] ^= 1
        (checkpoint / name).write_bytes(content)

    return damage


def cut(name):
    return lambda checkpoint: (checkpoint / name).write_bytes((checkpoint / name).read_bytes()[:-5])


def lose(name):
    return lambda checkpoint: (checkpoint / name).unlink()


def never_had(name):
    def damage(checkpoint):
        (checkpoint / name).unlink()
        manifest = json.loads((checkpoint / "manifest.json").read_text())
        del manifest[name]
        (checkpoint / "manifest.json").write_text(json.dumps(manifest))

    return damage


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut("model.safetensors"), "model.safetensors is damaged"),
        (flip("optimizer.pt"), "optimizer.pt is damaged"),
        (lose("optimizer.pt"), "optimizer.pt is missing"),
        (lose("rng_state.pth"), "rng_state.pth is missing"),
        (never_had("rng_state.pth"), r"rng_state\*.pth is missing"),
        (lose("trainer_state.json"), "trainer_state.json is missing"),
        (cut("manifest.json"), "manifest.json is damaged"),
        (lose("manifest.json"), "it was not finished"),
    ],
)
def test_a_damaged_checkpoint_gives_way_to_the_one_before_and_says_so(stopped_run, tmp_path, damage, said, capsys):
    folder = tmp_path / "copy"
    shutil.copytree(stopped_run, folder)
    damage(folder / "checkpoint-6")
    assert newest_valid(folder) == folder / "checkpoint-3"
    assert not (folder / "checkpoint-6").exists()
    assert re.search(f"checkpoint-6: (its )?{said}; going on from checkpoint-3", capsys.readouterr().err)


@pytest.fixture(scope="module")
def stopped_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stopped")
    with pytest.raises(KeyboardInterrupt):
        run(fresh(), folder, StopAt(7))
    return folder / "checkpoints"


def test_without_a_whole_checkpoint_a_run_does_not_start_anew_by_itself(stopped_run, tmp_path):
    shutil.copytree(stopped_run, tmp_path / "copy")
    for checkpoint in (tmp_path / "copy").iterdir():
        flip("optimizer.pt")(checkpoint)
        assert fault(checkpoint) == "optimizer.pt is damaged"
    with pytest.raises(InputError, match="no older checkpoint is whole; pass --overwrite"):
        newest_valid(tmp_path / "copy")


def plain_t5(tokenizer):
    torch.manual_seed(0)
    settings = T5Config(vocab_size=448, d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4, dropout_rate=0.0,
                        decoder_start_token_id=0)  # fmt: skip
    return Seq2Seq(T5ForConditionalGeneration(settings), tokenizer)


class FirstGradient(TrainerCallback):
    """Keeps the gradient of the first update."""

    gradient = None

    def on_pre_optimizer_step(self, args, state, control, model=None, **_):
        if self.gradient is None:
            self.gradient = torch.cat([p.grad.flatten().clone() for p in model.parameters()])


def first_gradient(seq2seq, folder, batch_size, accumulation):
    kept = FirstGradient()
    settings = arguments(
        folder, learning_rate=LEARNING_RATE, per_device_train_batch_size=batch_size,
        gradient_accumulation_steps=accumulation, max_steps=1, bf16=False, max_grad_norm=1e9,
    )  # fmt: skip
    train(seq2seq, EXAMPLES[:8], settings, callbacks=[kept])
    return kept.gradient


@pytest.mark.parametrize("kind", ["plain T5", "ours"])
def test_gradients_do_not_depend_on_how_the_batch_is_split(kind, tokenizer, tmp_path):
    def make():
        return plain_t5(tokenizer) if kind == "plain T5" else fresh(dropout=0.0)

    whole = first_gradient(make(), tmp_path / "whole", 8, 1)
    for batch_size, accumulation in ((4, 2), (1, 8)):
        split = first_gradient(make(), tmp_path / f"{batch_size}", batch_size, accumulation)
        assert torch.allclose(whole, split, atol=1e-5 * float(whole.abs().max()))


def test_memory_running_out_halves_the_batch_and_keeps_the_gradient(tmp_path, monkeypatch, capsys):
    whole = first_gradient(fresh(dropout=0.0), tmp_path / "whole", 8, 1)
    seq2seq = fresh(dropout=0.0)
    plain = seq2seq.model.forward

    def tight(*args, **kwargs):
        if len(kwargs["decoder_input_ids"]) > 4:
            raise torch.OutOfMemoryError("no memory")
        return plain(*args, **kwargs)

    monkeypatch.setattr(seq2seq.model, "forward", tight)
    halved = first_gradient(seq2seq, tmp_path / "halved", 8, 1)
    assert torch.allclose(whole, halved, atol=1e-5 * float(whole.abs().max()))
    assert "out of memory: this batch of 8 goes in halves" in capsys.readouterr().err


@pytest.mark.parametrize("fails", ["forward", "backward"])
def test_memory_running_out_keeps_the_other_passes_of_the_update(tmp_path, fails):
    """In the second of four passes, either before it or when it has added most of its gradients to the first's."""
    whole = first_gradient(fresh(dropout=0.0), tmp_path / "whole", 2, 4)
    seq2seq = fresh(dropout=0.0)
    passes, kept_alive = count(1), []

    def hold(*_):
        number = next(passes)
        assert not any(reference() is not None for reference in kept_alive), "the failed pass still takes memory"
        if number == 2:
            activations = torch.zeros(1)
            kept_alive.append(weakref.ref(activations))
            raise torch.OutOfMemoryError("no memory")

    if fails == "forward":
        seq2seq.model.register_forward_pre_hook(hold)
    else:
        seq2seq.model.shared.weight.register_hook(hold)  # the last gradient of a pass
    halved = first_gradient(seq2seq, tmp_path / "halved", 2, 4)
    assert next(passes) == 1 + 7  # the failed one, the first once more, the second in halves
    assert torch.allclose(whole, halved, atol=1e-5 * float(whole.abs().max()))


def test_a_loss_that_is_no_number_stops_the_run_and_names_the_examples(tmp_path):
    seq2seq = fresh()
    with torch.no_grad():
        seq2seq.model.shared.weight[EXAMPLES[13]["labels"][0]] = float("nan")
    with pytest.raises(InputError, match=r"The loss is nan at step 0, in the batch of examples \[[\d, ]+\]"):
        run(seq2seq, tmp_path)


def test_a_full_disk_is_said_and_the_last_checkpoint_kept(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(fresh(), tmp_path, StopAt(4))
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))  # no file may be larger, and the weights are
    try:
        with pytest.raises(OSError, match="cannot be written to") as error:
            run(fresh(), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert error.value.filename == str(tmp_path)
    assert newest_valid(tmp_path / "checkpoints").name == "checkpoint-3"


def test_two_runs_do_not_share_a_folder(tmp_path):
    with locked(tmp_path), pytest.raises(InputError, match="another run is writing here"):
        run(fresh(), tmp_path)


def test_a_finished_model_and_other_settings_are_refused_without_overwrite(tmp_path):
    short = arguments(tmp_path, **(RUN | {"max_steps": 1}))
    train(fresh(), EXAMPLES, short, settings={"data": "a"})
    with pytest.raises(InputError, match="holds a trained model already; pass --overwrite"):
        train(fresh(), EXAMPLES, short, settings={"data": "a"})
    (tmp_path / "choice.json").write_text("of the model before")
    train(fresh(), EXAMPLES, short, settings={"data": "b"}, overwrite=True)
    assert not (tmp_path / "choice.json").exists()
    with pytest.raises(KeyboardInterrupt):
        train(fresh(), EXAMPLES, arguments(tmp_path / "b", **RUN), settings={"data": "a"}, callbacks=[StopAt(4)])
    with pytest.raises(InputError, match="checkpoints of a run with other settings"):
        train(fresh(), EXAMPLES, arguments(tmp_path / "b", **RUN), settings={"data": "b"})


@pytest.mark.parametrize(
    ("has_it", "bf16", "fp32", "fast"), [(True, 1.0, 2.0, True), (True, 2.0, 1.0, False), (False, 1.0, 2.0, False)]
)
def test_bf16_is_used_where_it_is_faster(monkeypatch, has_it, bf16, fp32, fast):
    """A virtual processor may say that it has AVX512-BF16 and be slower for it."""
    seconds = {torch.bfloat16: bf16, torch.float32: fp32}
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: {"avx512_bf16": has_it})
    monkeypatch.setattr("tabtext.training._seconds_to_multiply", seconds.__getitem__)
    assert bf16_is_fast() is fast


def test_a_model_stored_in_bf16_is_trained_in_fp32(tmp_path):
    seq2seq = fresh()
    run(seq2seq._replace(model=seq2seq.model.bfloat16()), tmp_path, max_steps=1)
    assert {parameter.dtype for parameter in load_seq2seq(tmp_path).model.parameters()} == {torch.float32}


def test_nothing_to_train_on_is_said(tmp_path):
    with pytest.raises(InputError, match="nothing to train on"):
        train(fresh(), [], arguments(tmp_path, learning_rate=1e-3))


def test_the_loss_is_per_token_and_leaves_padding_out():
    logits = torch.randn(2, 3, 7)
    labels = torch.tensor([[1, 2, IGNORED], [3, IGNORED, IGNORED]])
    expected = -(logits.log_softmax(-1)[[0, 0, 1], [0, 1, 0], [1, 2, 3]]).sum() / 3
    assert token_loss({"logits": logits}, labels) == pytest.approx(float(expected), rel=1e-5)
    assert token_loss({"logits": logits}, labels, 6) == pytest.approx(float(expected) / 2, rel=1e-5)


def test_batches_of_an_epoch_hold_every_example_once_and_like_lengths():
    lengths = [rng.randrange(5, 200) for _ in range(1003)]
    batches = LengthBatches(lengths, 8, seed=1)
    orders = []
    for epoch in (0, 1, 0):
        batches.set_epoch(epoch)
        orders.append(list(batches))
        assert sorted(i for batch in orders[-1] for i in batch) == list(range(1003))
        assert len(orders[-1]) == len(batches) and len(orders[-1][-1]) == 3
    assert orders[0] == orders[2] != orders[1]
    padded = sum(len(batch) * max(lengths[i] for i in batch) for batch in orders[0])
    assert padded < 1.1 * sum(lengths)


def test_the_collator_pads_and_shifts():
    seq2seq = fresh()
    batch = Collator(seq2seq.model, 0)([{"input_ids": [5, 6, 1], "labels": [7, 1]}, {"input_ids": [8], "labels": [1]}])
    assert batch["input_ids"].tolist() == [[5, 6, 1, 0, 0, 0, 0, 0], [8, 0, 0, 0, 0, 0, 0, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0]]
    assert batch["labels"].tolist() == [[7, 1, *[IGNORED] * 6], [1, *[IGNORED] * 7]]
    assert batch["decoder_input_ids"].tolist() == [[0, 7, 1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0]]


def test_labels_that_are_given_are_read_and_not_learnt():
    seq2seq = fresh()
    rows = [
        {"input_ids": [5, 1], "labels": [7, 8, 1], "given": 2},
        {"input_ids": [5, 1], "labels": [7, 8, 1], "given": 0},
    ]
    batch = Collator(seq2seq.model, 0)(rows)
    assert batch["labels"][:, :3].tolist() == [[IGNORED, IGNORED, 1], [7, 8, 1]]
    assert batch["decoder_input_ids"][:, :3].tolist() == [[0, 7, 8], [0, 7, 8]]
    assert "given" not in batch
