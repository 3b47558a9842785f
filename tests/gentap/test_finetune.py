"""Fine-tuning: our models and plain ones, from any file of questions; what is stored says how and on what."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import BartConfig, BartForConditionalGeneration, T5Config, T5ForConditionalGeneration

from gentap import TableQA
from gentap.encode import TableEncoder, structure_of
from gentap.finetune import Finetuning, finetune
from gentap.model import DualDecoderT5
from gentap.model_settings import ModelSettings
from gentap.rules.choice import Choice
from tabtext import InputError, Table
from tabtext.linearize import ORDERS
from tabtext.models import CHOICE, Seq2Seq, from_scratch, load_seq2seq
from tabtext.tokenizers import train_tokenizer

TEXTS = ["Which town was built in 1874?", "Ostby was built in 1874.", "Velmar", "Town", "Built"]


def own_model(structure=structure_of("keyed")):
    made = from_scratch("tiny", TEXTS, structure=structure, seed=1)
    dual = DualDecoderT5.from_t5(made.model.cpu())
    ModelSettings("plain", 96, ("sentence", "cell"), seen=("a corpus",)).store(dual.config)
    return made._replace(model=dual)


def plain_t5():
    torch.manual_seed(0)
    tokenizer = train_tokenizer(TEXTS, size=384)
    config = T5Config(vocab_size=384, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2, decoder_start_token_id=0,
                      dropout_rate=0.0, tie_word_embeddings=False)  # fmt: skip
    model = T5ForConditionalGeneration(config)
    model.lm_head.weight = torch.nn.Parameter(torch.randn(384, 16))
    return Seq2Seq(model, tokenizer)


def bart():
    torch.manual_seed(0)
    tokenizer = train_tokenizer(TEXTS, size=384)
    config = BartConfig(vocab_size=384, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
                        decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=128,
                        pad_token_id=0, bos_token_id=0, eos_token_id=1, decoder_start_token_id=1,
                        forced_eos_token_id=None)  # fmt: skip
    return Seq2Seq(BartForConditionalGeneration(config), tokenizer)


@pytest.fixture
def questions(tmp_path):
    table = {"title": "Lighthouses", "header": ["Town", "Built"], "rows": [["Ostby", "1874"], ["Velmar", "1901"]]}
    asked = [
        {"question": f"Which town was built in {year}?", "answer": f"{town} was built in {year}.", "answers": [town],
         "table": table}
        for town, year in table["rows"]
    ]  # fmt: skip
    path = tmp_path / "asked.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in asked * 3))
    return path


def tuned(seq2seq, questions, tmp_path, **how):
    seq2seq.save(tmp_path / "start")
    settings = Finetuning(model=str(tmp_path / "start"), epochs=1, batch_size=4)
    report = finetune(questions, tmp_path / "out", replace(settings, **how), dev=questions)
    return report, TableQA.from_pretrained(tmp_path / "out", device="cpu", beams=1, threshold=0.0)


@pytest.mark.parametrize("make", [own_model, plain_t5, bart])
def test_any_encoder_decoder_learns_to_answer(make, questions, tmp_path):
    report, qa = tuned(make(), questions, tmp_path)
    assert report.steps == 2 and report.dev_loss > 0
    assert qa.settings.decoders == ("sentence",)
    assert qa.settings.seen[-1] == "6 questions of jsonl (asked.jsonl)"
    answer = qa(["Which town was built in 1901?"], next(iter_tables(questions)))[0]
    assert answer.answerable and answer.score > 0


def test_a_run_is_told_by_its_questions_and_its_model(questions, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(Finetuning, "train", lambda self, *args, **_: told.append(self.identity(args[3])))
    own_model().save(tmp_path / "start")
    how = Finetuning(model=str(tmp_path / "start"))
    lines = questions.read_text()
    for text, changed in ((lines, False), (lines, False), (lines.replace("1901", "1902"), False), (lines, True)):
        questions.write_text(text)
        if changed:
            seq2seq = own_model()
            seq2seq.model.get_input_embeddings().weight.data += 0.01
            seq2seq.save(tmp_path / "start")
        finetune(questions, tmp_path / "out", how)
    first, again, *others = told
    assert first == again and first not in others and others[0] != others[1]


def iter_tables(path):
    from tabtext.corpora.questions import read_questions

    return (example.table for example in read_questions(path))


def test_the_models_own_reading_and_memory_are_kept(questions, tmp_path):
    _, qa = tuned(own_model(), questions, tmp_path)
    assert (qa.settings.linearization, qa.settings.max_length) == ("plain", 96)
    assert qa.settings.seen == ("a corpus", "6 questions of jsonl (asked.jsonl)")
    _, qa = tuned(own_model(), questions, tmp_path, linearization="keyed", max_length=64, overwrite=True)
    assert (qa.settings.linearization, qa.settings.max_length) == ("keyed", 64)


def test_what_is_learnt_is_written_and_not_composed_and_drafts_are_kept(questions, tmp_path):
    seq2seq = own_model()
    replace(ModelSettings.of(seq2seq.model.config, "own"), composed=True).store(seq2seq.model.config)
    _, qa = tuned(seq2seq, questions, tmp_path, drafts=True)
    assert (qa.composed, qa.settings.drafts, qa.encoder.drafts) == (False, True, True)


def test_drafts_are_made_of_cells_chosen_as_the_model_chooses_them_and_it_keeps_its_choice(questions, tmp_path):
    (tmp_path / "start").mkdir()
    contrary = Choice.load()._replace(units=-Choice.load().units)
    contrary.save(tmp_path / "start" / CHOICE)
    _, qa = tuned(own_model(), questions, tmp_path, drafts=True)
    assert np.allclose(qa.choice.units, contrary.units, atol=1e-3) and qa.encoder.choice is qa.choice
    table = Table.from_rows([["Town", "Built", "Height"], ["Ostby", "1874", "31 m"]])
    others = TableEncoder(qa.seq2seq.tokenizer, "plain", 96, drafts=True)
    assert qa.encoder.source("How is Ostby?", table) != others.source("How is Ostby?", table)


def test_a_run_stopped_before_its_choice_is_kept_goes_on_to_a_model_with_it(questions, tmp_path, monkeypatch):
    (tmp_path / "start").mkdir()
    Choice.load().save(tmp_path / "start" / CHOICE)

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Choice, "keep", stop)
        tuned(own_model(), questions, tmp_path)
    _, qa = tuned(own_model(), questions, tmp_path)
    assert qa.choice is not None and (tmp_path / "out" / CHOICE).is_file()


def test_the_choice_of_a_model_that_is_replaced_does_not_stay(questions, tmp_path):
    tuned(own_model(), questions, tmp_path)
    Choice.load().save(tmp_path / "out" / CHOICE)
    _, qa = tuned(own_model(), questions, tmp_path, overwrite=True)
    assert qa.choice is None and not (tmp_path / "out" / CHOICE).exists()


def test_a_plain_model_gets_the_tokens_of_the_linearisation_that_is_asked_for(questions, tmp_path):
    _, qa = tuned(plain_t5(), questions, tmp_path, linearization="ordered")
    assert set(ORDERS) <= set(qa.seq2seq.tokenizer.get_vocab()) and qa.settings.linearization == "ordered"


@pytest.mark.parametrize("decoder", ["sentence", "cell"])
def test_only_the_chosen_decoder_learns(questions, tmp_path, decoder):
    own_model().save(tmp_path / "before")
    before = load_seq2seq(tmp_path / "before", device="cpu").model
    _, qa = tuned(own_model(), questions, tmp_path, decoder=decoder, learning_rate=1e-2)
    assert qa.settings.decoders == (decoder,)
    for name in ("sentence", "cell"):
        weight, old = (model.decoder_module(name).block[0].layer[0].SelfAttention.k.weight
                       for model in (qa.seq2seq.model, before))  # fmt: skip
        moved = (weight - old).abs().max() / old.abs().max()
        assert (moved > 1e-3) == (name == decoder)


def test_sentences_alone_are_learnt_the_same_without_the_decoder_of_cells(questions, tmp_path):
    start = own_model()
    start.model.config.dropout_rate = 0.0  # the decoder without rows would draw from the same random numbers
    for name in ("both", "one"):
        (tmp_path / name).mkdir()
        tuned(start, questions, tmp_path / name, one_decoder=name == "one")
    both, one = (load_seq2seq(tmp_path / name / "out").model for name in ("both", "one"))
    assert not one.config.has_cells and both.config.has_cells
    kept, left_out = one.state_dict(), both.state_dict().keys() - one.state_dict().keys()
    assert left_out and all(name.startswith(("cell_decoder.", "cell_copy_head.")) for name in left_out)
    assert all(torch.equal(both.state_dict()[name], weight) for name, weight in kept.items())
    one.resize_token_embeddings(len(one.shared.weight) + 2)
    assert one.shared.weight is one.decoder.embed_tokens.weight is one.encoder.embed_tokens.weight
    with pytest.raises(InputError, match="has no cell decoder"):
        one.decoder_module("cell")


def test_adding_our_tokens_leaves_an_untied_head_alone(questions, tmp_path):
    start = plain_t5()
    head = start.model.lm_head.weight.detach().clone()
    _, qa = tuned(start, questions, tmp_path, learning_rate=1e-9)
    found = qa.seq2seq.model.lm_head.weight
    assert torch.allclose(found[:384], head, atol=1e-5)
    assert not torch.allclose(found[:384], qa.seq2seq.model.shared.weight[:384])


def test_accumulating_does_not_multiply_the_loss_of_a_plain_t5(questions, tmp_path):
    reports = []
    for name, how in {"whole": {"batch_size": 6}, "parts": {"batch_size": 2, "accumulation": 3}}.items():
        (tmp_path / name).mkdir()
        reports.append(tuned(plain_t5(), questions, tmp_path / name, **how)[0])
    assert reports[0].loss == pytest.approx(reports[1].loss, rel=1e-4)


@pytest.mark.parametrize(
    ("make", "how", "said"),
    [
        (plain_t5, {"decoder": "cell"}, "has one decoder"),
        (own_model, {"decoder": "row"}, "Unknown decoder 'row'; known: cell, sentence"),
        (own_model, {"dataset": "triviaqa"}, "Unknown data set"),
        (own_model, {"linearization": "prose"}, "Unknown linearisation 'prose'"),
    ],
)
def test_what_does_not_fit_is_said(make, how, said, questions, tmp_path):
    with pytest.raises(InputError, match=said):
        tuned(make(), questions, tmp_path, **how)
