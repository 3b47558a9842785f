"""Training a generator: resumed runs to the byte, gradients however a batch is split, states that reach the model."""

import json

import pytest
import torch
from restaurants import EXAMPLES, run_cli
from transformers import GPT2Config, GPT2LMHeadModel, TrainerCallback

import tabtext.training as training
from datatuner.generate import Generator
from datatuner.model import from_scratch, pretrained
from datatuner.states import StateEncoder, StateSettings, gather_tags
from datatuner.train import Training, new_tokens, train_generator
from tabtext.batches import IGNORED, Collator
from tabtext.errors import InputError
from tabtext.examples import TextExample
from tabtext.jsonl import write_jsonl
from tabtext.models import Seq2Seq
from tabtext.record import Record
from tabtext.tokenizers import TextCodec, train_tokenizer
from tabtext.training_evaluation import Evaluating

RECORDS = [example.record for example in EXAMPLES]
TEXTS = [text for example in EXAMPLES for text in example.texts]
TAGS = gather_tags(RECORDS)
QUICK = Training(from_scratch="tiny", epochs=2, batch_size=4)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "restaurants.jsonl"
    write_jsonl(path, EXAMPLES)
    return path


@pytest.fixture(scope="module")
def model(data, tmp_path_factory):
    """A folder with the model of an unbroken run."""
    folder = tmp_path_factory.mktemp("models") / "whole"
    train_generator(data, folder, QUICK)
    return folder


def plain():
    return from_scratch("tiny", TEXTS, TAGS, copy=False)


def copying():
    return from_scratch("tiny", TEXTS, TAGS)


def batch_of(seq2seq, examples=EXAMPLES[:5], states="fine"):
    encoder = StateEncoder(seq2seq.tokenizer, StateSettings(states), 512)
    rows = [encoder.example(example.record, example.texts[0]) for example in examples]
    return Collator(seq2seq.model, seq2seq.tokenizer.pad_token_id)(rows)


@pytest.mark.parametrize("make", [plain, copying])
def test_the_loss_is_of_the_text_alone_and_states_change_it(make):
    seq2seq = make()
    batch = batch_of(seq2seq)
    with torch.no_grad():
        loss = float(seq2seq.model(**batch).loss)
        rest = {name: values for name, values in batch.items() if name != "labels"}
        scores = seq2seq.model(**rest, use_cache=False).logits[:, :-1].log_softmax(-1)
        stateless = float(seq2seq.model(**{**batch, "token_type_ids": None}).loss)
    wanted = batch["labels"][:, 1:]
    chosen = scores.gather(2, wanted.clamp(min=0)[:, :, None]).squeeze(2)[wanted != IGNORED]
    assert loss == pytest.approx(-float(chosen.mean()), abs=1e-5)
    assert abs(loss - stateless) > 1e-3


def test_a_run_is_told_by_what_its_data_hold(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(Training, "train", lambda self, *args, **_: told.append(self.identity(args[3])))
    data, dev = tmp_path / "data.jsonl", tmp_path / "dev.jsonl"
    for learnt, held_out in (
        (EXAMPLES, EXAMPLES),
        (EXAMPLES, EXAMPLES),
        (EXAMPLES[:5], EXAMPLES),
        (EXAMPLES, EXAMPLES[:5]),
    ):
        write_jsonl(data, learnt, overwrite=True)
        write_jsonl(dev, held_out, overwrite=True)
        train_generator(data, tmp_path / "out", QUICK, dev)
    first, again, *others = told
    assert first == again and first not in others and others[0] != others[1]


@pytest.mark.parametrize("make", [plain, copying])
def test_gradients_do_not_depend_on_how_the_batch_is_split(make):
    batch = batch_of(seq2seq := make())
    count = (batch["labels"] != IGNORED).sum()

    def gradients(cuts):
        seq2seq.model.zero_grad()
        for first, last in cuts:
            part = {name: values[first:last] for name, values in batch.items()}
            seq2seq.model(**part, num_items_in_batch=count).loss.backward()
        return torch.cat([p.grad.flatten() for p in seq2seq.model.parameters()])

    assert torch.allclose(gradients([(0, 5)]), gradients([(0, 2), (2, 5)]), atol=1e-6)


@pytest.mark.parametrize("make", [plain, copying])
def test_the_dev_loss_is_that_of_one_batch_of_all(make, tmp_path):
    seq2seq = make()
    encoder = StateEncoder(seq2seq.tokenizer, StateSettings(), 512)
    rows = [encoder.example(example.record, " ".join(example.texts * n)) for n, example in enumerate(EXAMPLES[:5], 1)]
    settings = training.arguments(tmp_path, learning_rate=1e-3, per_device_eval_batch_size=2, bf16=False)
    collator = Collator(seq2seq.model, seq2seq.tokenizer.pad_token_id)
    trainer = Evaluating(model=seq2seq.model, args=settings, eval_dataset=rows, data_collator=collator)
    with torch.no_grad():
        expected = float(seq2seq.model(**collator(rows)).loss)
    assert trainer.evaluate()["eval_loss"] == pytest.approx(expected, rel=1e-5)


def test_states_are_embedded_with_the_matrix_of_the_tokens():
    """transformers 5 looks `token_type_ids` up in `wte`: a state is the id of a structure token, as in the paper."""
    model = plain().model
    ids, states = torch.tensor([[7, 8, 9]]), torch.tensor([[3, 3, 4]])
    embedded = model.transformer.wte(ids) + model.transformer.wte(states)
    with torch.no_grad():
        assert torch.allclose(model(ids, token_type_ids=states).logits, model(inputs_embeds=embedded).logits, atol=1e-5)


def test_new_tokens_of_a_pretrained_model_start_from_their_words(tmp_path):
    tokenizer = train_tokenizer([*TEXTS, "price range of food"], size=400, extra_ids=0)
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=len(tokenizer), n_positions=64, n_embd=16, n_layer=1, n_head=2, bos_token_id=None, eos_token_id=1,
    ))  # fmt: skip
    Seq2Seq(model, tokenizer).save(tmp_path)
    made = pretrained(tmp_path, TAGS)
    embeddings = made.model.get_input_embeddings().weight
    [words] = TextCodec(made.tokenizer).encode_words(["food"])
    tag = made.tokenizer.convert_tokens_to_ids("<slot:food>")
    assert torch.allclose(embeddings[tag], embeddings[words].mean(0))
    assert torch.equal(embeddings[: len(model.transformer.wte.weight)], model.transformer.wte.weight)
    assert made.model.lm_head.weight is embeddings


def test_the_same_seed_gives_the_same_bytes_and_a_generator_knows_how_it_was_trained(data, model, tmp_path):
    report = train_generator(data, tmp_path / "again", QUICK)
    assert report.steps == 6 and report.dev_loss is not None
    assert (tmp_path / "again" / "model.safetensors").read_bytes() == (model / "model.safetensors").read_bytes()
    settings = Generator.from_pretrained(model).encoder.settings
    assert settings.states == "fine" and settings.max_new_tokens > 20 and settings.data == "auto (restaurants.jsonl)"
    assert json.loads((model / "signature.json").read_text())["settings"]["batch_size"] == 4


@pytest.mark.parametrize("how", [
    {"states": "coarse", "copy": False}, {"states": "none", "patience": 1}, {"max_minutes": 0.02, "vocabulary": 400},
])  # fmt: skip
def test_each_way_of_training_gives_a_generator(data, tmp_path, how):
    settings = Training(**{"from_scratch": "tiny", "epochs": 1, **how})
    train_generator(data, tmp_path / "model", settings, dev=data)
    generator = Generator.from_pretrained(tmp_path / "model")
    assert generator.encoder.settings.states == settings.states
    assert type(generator.seq2seq.model).__name__ == ("CopyGPT2" if settings.copy else "GPT2LMHeadModel")
    assert next(generator.candidates(RECORDS[:1], 2))


def test_one_long_text_takes_no_room_from_the_records(data, tmp_path):
    long = TextExample(RECORDS[0], (" ".join(["pub"] * 450),))
    write_jsonl(tmp_path / "data.jsonl", [*EXAMPLES, long])
    train_generator(tmp_path / "data.jsonl", tmp_path / "model", QUICK, dev=data)
    generator = Generator.from_pretrained(tmp_path / "model")
    assert generator.encoder.room == 256
    many = Record.from_mr(", ".join(f"near[The {word}]" for word in "abcdefghijklmnopqrst"))
    assert len(generator.prompts(many)[0]["input_ids"]) > 60


@pytest.mark.parametrize(("prompts", "texts", "expected"), [
    ([30] * 40, [20] * 39 + [100], 120),
    ([30] * 40, [20] * 39 + [450], 256),
    ([30] * 40, [20] * 30 + [450] * 10, 512 - 36),
    ([30] * 40, [20] * 30 + [300] * 10, 360),
    ([30] * 30 + [400] * 10, [400] * 30 + [20] * 10, 256),
])  # fmt: skip
def test_texts_take_half_of_the_places_unless_many_are_longer_and_the_records_short(prompts, texts, expected):
    rows = [{"labels": [IGNORED] * p + [5] * t} for p, t in zip(prompts, texts, strict=True)]
    assert new_tokens(rows, 512) == expected


def test_a_trained_model_goes_on_learning(data, model, tmp_path):
    train_generator(data, tmp_path / "two", Training(model=str(model), epochs=1))
    assert type(Generator.from_pretrained(tmp_path / "two").seq2seq.model).__name__ == "CopyGPT2"


class StopAt(TrainerCallback):
    """Ends the run as Ctrl-C does."""

    def on_step_begin(self, args, state, control, **_):
        if state.global_step == 4:
            raise KeyboardInterrupt


def test_a_run_that_goes_on_ends_with_the_bytes_of_an_unbroken_one(data, model, tmp_path, monkeypatch):
    train, arguments = training.train, training.arguments
    with monkeypatch.context() as patched:
        patched.setattr(training, "train", lambda *a, **k: train(*a, **k, callbacks=[StopAt()]))
        patched.setattr(training, "arguments", lambda *a, **k: arguments(*a, **{**k, "save_steps": 2}))
        with pytest.raises(KeyboardInterrupt):
            train_generator(data, tmp_path / "stopped", QUICK)
    assert (tmp_path / "stopped" / "checkpoints" / "checkpoint-4").is_dir()
    train_generator(data, tmp_path / "stopped", QUICK)
    assert (tmp_path / "stopped" / "model.safetensors").read_bytes() == (model / "model.safetensors").read_bytes()


def test_the_command_says_what_is_wrong_in_one_sentence(data, tmp_path, capsys):
    empty = tmp_path / "empty.jsonl"
    write_jsonl(empty, [{"mr": "name[Aromi]"}])
    for arguments, said in (
        ([tmp_path, "-o", tmp_path / "m"], "a folder; say with --dataset"),
        ([empty, "-o", tmp_path / "m"], "no record with a text"),
        ([data, "--states", "some", "-o", tmp_path / "m"], "Unknown --states"),
        ([data, "--dataset", "e3e", "-o", tmp_path / "m"], "e3e"),
        ([data, "--from-scratch", "huge", "-o", tmp_path / "m"], "huge"),
        ([data, "--model", tmp_path / "nowhere", "-o", tmp_path / "m"], "no such folder"),
    ):
        assert run_cli("train", *arguments) == 2
        captured = capsys.readouterr().err.strip().splitlines()
        assert said in captured[-1] and captured[-1].startswith("error: ")
    assert not (tmp_path / "m" / "model.safetensors").exists()


def test_a_table_model_is_no_generator(tmp_path):
    tokenizer = train_tokenizer(TEXTS, size=400, extra_ids=0)
    Seq2Seq(GPT2LMHeadModel(GPT2Config(vocab_size=400, n_embd=16, n_layer=1, n_head=2)), tokenizer).save(tmp_path)
    with pytest.raises(InputError, match="has never read a record"):
        Generator.from_pretrained(tmp_path)
