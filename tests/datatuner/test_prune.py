"""Pruning an encoder's vocabulary: what stays is cut and read as before, what goes can still be written."""

import json

import pytest
import torch
from restaurants import run_cli
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, PreTrainedTokenizerFast

from datatuner.fidelity import FidelityClassifier
from datatuner.prune import kept_pieces, prune_encoder, pruned
from datatuner.train_fidelity import FidelityTraining, train_fidelity
from tabtext.errors import InputError
from tabtext.examples import Fidelity, FidelityExample
from tabtext.jsonl import write_jsonl
from tabtext.models import Seq2Seq
from tabtext.record import Record

SPECIAL = ["[PAD]", "[unused]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
CHARACTERS = [*"abcdefghijklmnopqrstuvwxyz0123456789.,-", "海"]
WORDS = ["the", "inn", "serves", "food", "##st", "thai", "near", "har", "##bour", "mill", "##er", "aro", "##ma", "name"]
TEXTS = ["The Miller serves Thai food.", "Aroma near the harbour"]
RECORD = Record.from_mr("name[Aroma], food[Thai]", id="1")


def word_piece():
    vocabulary = [*SPECIAL, *CHARACTERS, *(f"##{c}" for c in CHARACTERS), *WORDS]
    machine = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(vocabulary)}, unk_token="[UNK]"))
    machine.normalizer, machine.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    ids = [(token, vocabulary.index(token)) for token in ("[CLS]", "[SEP]")]
    machine.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ids)
    names = {f"{name.strip('[]').lower()}_token": name for name in SPECIAL if name != "[unused]"}
    return PreTrainedTokenizerFast(tokenizer_object=machine, model_max_length=64, **names)


def encoder():
    torch.manual_seed(0)
    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    return BertModel(BertConfig(vocab_size=len(word_piece()), max_position_embeddings=64, **shape)).eval()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoder")
    Seq2Seq(encoder(), word_piece()).save(folder)
    return folder


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    path = tmp_path_factory.mktemp("pairs") / "pairs.jsonl"
    write_jsonl(path, [FidelityExample(RECORD, text, (Fidelity.ACCURATE,), verdicts=("ok", "ok")) for text in TEXTS])
    return path


def states(model, tokenizer, text):
    return model(**tokenizer(text, return_tensors="pt", return_token_type_ids=False)).last_hidden_state


def pieces(tokenizer, text):
    return tokenizer.convert_ids_to_tokens(tokenizer(text).input_ids)


@pytest.mark.parametrize("text", [*TEXTS, "the aroma, the thai foods", "xyz 12."])
def test_texts_of_kept_pieces_have_the_states_that_they_had(text):
    full, whole = encoder(), word_piece()
    model, tokenizer = pruned(encoder(), whole, kept_pieces(whole, TEXTS, 1000))
    assert len(tokenizer) == model.config.vocab_size < len(whole)
    assert pieces(tokenizer, text) == pieces(whole, text)
    assert torch.equal(states(model, tokenizer, text), states(full, whole, text))


def test_a_piece_that_goes_is_written_with_smaller_ones():
    whole = word_piece()
    _, tokenizer = pruned(encoder(), whole, kept_pieces(whole, TEXTS, 1000))
    assert "inn" in pieces(whole, "inn") and pieces(tokenizer, "inn") == ["[CLS]", "i", "##n", "##n", "[SEP]"]
    assert tokenizer("a-z").input_ids.count(tokenizer.unk_token_id) == 0
    assert tokenizer("海").input_ids.count(tokenizer.unk_token_id) == 1, "no text had it"


def test_the_most_used_pieces_stay_and_none_that_no_text_can_reach():
    whole = word_piece()
    room = len(kept_pieces(whole, ["海"], 1000)) + 1
    names = whole.convert_ids_to_tokens(kept_pieces(whole, ["the 海 food", "the food", "the mill", "the mill"], room))
    assert [name for name in names if name in WORDS] == ["the"]
    assert "[unused]" not in names and "##海" not in names and "##-" not in names
    assert {"海", "-", "##z", "[MASK]"} < set(names)


def test_a_classifier_starts_from_a_pruned_folder(folder, pairs, tmp_path, capsys):
    small, judge = tmp_path / "small", tmp_path / "judge"
    words = ["prune-encoder", str(pairs), "--model", str(folder), "--pieces", "90", "--output", str(small)]
    assert run_cli(*words) == 0 and "90 pieces out" in capsys.readouterr().err
    assert json.loads((small / "config.json").read_text())["vocab_size"] == 90
    loaded = AutoModel.from_pretrained(small).eval(), AutoTokenizer.from_pretrained(small)
    assert torch.equal(states(*loaded, TEXTS[1]), states(encoder(), word_piece(), TEXTS[1]))
    train_fidelity([pairs], judge, FidelityTraining(model=str(small), epochs=1), dev=pairs)
    assert FidelityClassifier.from_pretrained(judge).judge([(RECORD, TEXTS[1])])
    assert run_cli(*words) == 2 and "holds a model already" in capsys.readouterr().err


def test_a_classifier_of_fewer_layers_keeps_its_heads_and_is_taught_on(folder, pairs, tmp_path):
    whole, small, taught = tmp_path / "whole", tmp_path / "small", tmp_path / "taught"
    train_fidelity([pairs], whole, FidelityTraining(model=str(folder), epochs=1), dev=pairs)
    prune_encoder(str(whole), [pairs], small, pieces=90, layers=1)
    before, after = AutoModel.from_pretrained(whole), AutoModel.from_pretrained(small)
    assert len(before.encoder.encoder.layer) == 2 and len(after.encoder.encoder.layer) == 1
    kept = after.state_dict()
    assert all(
        torch.equal(weight, before.state_dict()[name]) for name, weight in kept.items() if "word_embeddings" not in name
    )
    assert (
        any(name.startswith("facts.") for name in kept)
        and kept["encoder.embeddings.word_embeddings.weight"].shape[0] == 90
    )
    train_fidelity([pairs], taught, FidelityTraining(model=str(small), epochs=1), dev=pairs)
    assert FidelityClassifier.from_pretrained(taught).judge([(RECORD, TEXTS[1])])


def test_what_cannot_be_pruned_is_said(folder, pairs, tokenizer, tmp_path):
    with pytest.raises(InputError, match="no room for the"):
        prune_encoder(str(folder), [pairs], tmp_path / "small", pieces=50)
    with pytest.raises(InputError, match="3 layers are to stay, and this bert has 2 layers"):
        prune_encoder(str(folder), [pairs], tmp_path / "small", layers=3)
    with pytest.raises(InputError, match="Only WordPiece"):
        kept_pieces(tokenizer, TEXTS, 1000)
