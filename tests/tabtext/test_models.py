"""Names to models: what is wrong is said in one sentence, and a trained head is never overwritten."""

import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from huggingface_hub.errors import LocalEntryNotFoundError, RemoteEntryNotFoundError, RepositoryNotFoundError
from transformers import BartConfig, BartForConditionalGeneration, T5Config, T5ForConditionalGeneration

from datatuner.fidelity import FidelityClassifier
from tabtext.errors import InputError
from tabtext.models import (
    Seq2Seq,
    add_tokens,
    file_of,
    from_scratch,
    load_decoder,
    load_seq2seq,
    refuse_near_name,
    resolve,
)

SMALL = {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 1, "num_heads": 4, "vocab_size": 448}


@pytest.fixture
def saved(tiny, tmp_path):
    tiny().save(tmp_path / "model")
    return tmp_path / "model"


def t5(tokenizer, *, untied):
    torch.manual_seed(0)
    model = T5ForConditionalGeneration(T5Config(**SMALL, decoder_start_token_id=0))
    if untied:
        model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.shared.weight))
        model.config.tie_word_embeddings = False
    return Seq2Seq(model, tokenizer)


def bart(tokenizer):
    shape = {"encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 32, "decoder_ffn_dim": 32}
    heads = {"encoder_attention_heads": 2, "decoder_attention_heads": 2}
    ids = {"pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 1, "decoder_start_token_id": 0}
    settings = BartConfig(
        vocab_size=448, d_model=32, max_position_embeddings=64, forced_eos_token_id=None, **ids, **shape, **heads
    )  # fmt: skip
    return Seq2Seq(BartForConditionalGeneration(settings), tokenizer)


def test_save_and_load_are_bitwise_equal(tiny, saved):
    made, loaded = tiny().model.state_dict(), load_seq2seq(saved).model.state_dict()
    assert made.keys() == loaded.keys()
    assert all(torch.equal(made[name].cpu(), loaded[name].cpu()) for name in made)


@pytest.mark.parametrize("kind", ["tied T5", "untied T5", "BART"])
def test_adding_tokens_keeps_the_trained_head(kind, tokenizer, tmp_path):
    made = bart(tokenizer) if kind == "BART" else t5(tokenizer, untied=kind == "untied T5")
    made.save(tmp_path / "model")
    loaded = load_seq2seq(tmp_path / "model")
    size = len(loaded.tokenizer)
    tokens = [f"<new_{i}>" for i in range(450 - size)]
    head = loaded.model.get_output_embeddings().weight.detach().clone().cpu()
    assert add_tokens(loaded, tokens) == len(tokens) and add_tokens(loaded, tokens) == 0
    loaded.save(tmp_path / "grown")
    again = load_seq2seq(tmp_path / "grown").model
    for model in (loaded.model, again):
        model.tie_weights()
        assert model.get_output_embeddings().weight.shape[0] == 450
        assert torch.equal(model.get_output_embeddings().weight[:448].cpu(), head)
        tied = model.get_output_embeddings().weight is model.get_input_embeddings().weight
        assert tied == (kind != "untied T5")


def test_fresh_models_depend_on_the_seed_alone(tiny):
    first, same, other = (tiny(seed=seed).model.state_dict()["shared.weight"] for seed in (0, 0, 1))
    assert torch.equal(first, same) and not torch.equal(first, other)


def test_a_model_that_copies_gives_probabilities_that_sum_to_one(tiny):
    model = tiny().model
    source, target = torch.randint(3, 400, (2, 9)), torch.randint(3, 400, (2, 5))
    logits = model(input_ids=source, decoder_input_ids=target).logits.detach()
    assert logits.exp().sum(-1) == pytest.approx(1.0, abs=1e-4)
    pointed = logits.exp().gather(2, source[:, None].expand(-1, 5, -1)).sum(-1)
    assert (pointed > 0.5).all()


def test_padding_does_not_change_what_a_model_that_copies_says(tiny):
    model = tiny().model
    source, target = torch.randint(3, 400, (1, 9)), torch.randint(3, 400, (1, 5))
    padded = torch.cat([source, torch.zeros(1, 4, dtype=torch.long)], 1)
    mask = (padded != 0).long()
    plain = model(input_ids=source, decoder_input_ids=target).logits
    assert torch.allclose(
        plain, model(input_ids=padded, attention_mask=mask, decoder_input_ids=target).logits, atol=1e-5
    )


def drop(name):
    return lambda folder: (folder / name).unlink()


def write(name, text):
    return lambda folder: (folder / name).write_text(text)


def tear(folder):
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])


def pickle_instead(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def another_kind(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "bert"}))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (drop("config.json"), "has no config.json"),
        (drop("model.safetensors"), "has no weights"),
        (drop("tokenizer.json"), "cannot be loaded"),
        (write("config.json", "{"), "config.json is damaged"),
        (write("config.json", "{}"), "names no model_type"),
        (write("model.safetensors", "not weights at all"), "is damaged or cut short"),
        (tear, "is damaged or cut short"),
        (pickle_instead, "is a pickle, which can run code"),
        (another_kind, "cannot be loaded"),
    ],
)
def test_a_damaged_folder_is_named_in_one_sentence(saved, damage, said):
    damage(saved)
    with pytest.raises(InputError, match=said) as error:
        load_seq2seq(saved)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("loads", "name", "said"),
    [
        (
            lambda name: load_seq2seq(name, kind="asker_headers"),
            "gentap-mini",
            "is a model that answers questions about",
        ),
        (lambda name: load_seq2seq(name, kind="qagen"), "datatuner-mini-e2e", "is a model that says records"),
        (lambda name: load_decoder(name, kind="data_to_text"), "fidelity-mini", "is a fidelity classifier"),
        (FidelityClassifier.from_pretrained, "datatuner-mini-e2e", "is a model that says records"),
    ],
)
def test_a_model_of_another_kind_is_named_with_the_kind_that_is_needed(loads, name, said, capfd):
    with pytest.raises(InputError, match=rf"'{name}' {said} .*; this command needs an? .* makes one\)\.$"):
        loads(name)
    assert capfd.readouterr() == ("", "")


def test_an_architecture_that_nobody_knows_is_one_sentence(saved):
    config = json.loads((saved / "config.json").read_text())
    (saved / "config.json").write_text(json.dumps({**config, "model_type": "brand_new"}))
    with pytest.raises(InputError, match="is a brand_new, which this command cannot use"):
        load_seq2seq(saved)


@pytest.mark.parametrize("name", ["./nowhere", "/no/such/folder", "a/b/c", ""])
def test_a_path_that_is_not_there_never_becomes_a_hub_id(name):
    with pytest.raises(InputError, match="no such folder"):
        resolve(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("gentap-minni", "gentap-mini"),
        ("Gentap_Mini", "gentap-mini"),
        ("fidelity", "fidelity-mini"),
        ("asker", "asker-mini"),
        ("datatuner-webnlg-mini", "datatuner-mini-webnlg"),
    ],
)
def test_a_name_like_a_shipped_models_is_no_hub_id(asked, name, meant):
    with pytest.raises(InputError, match=f"'{name}': no such folder, .* did you mean '{meant}'"):
        load_seq2seq(name)
    assert not asked


@pytest.mark.parametrize(
    "name",
    ["t5-base", "gpt2-medium", "roberta-large-mnli", "bert-base-uncased", "distilgpt2", "xlnet-base-cased",
     "openai-gpt", "camembert-base", "albert-base-v2", "me/gentap-mini", "me/gentap-minni"],
)  # fmt: skip
def test_a_name_of_the_hubs_own_is_a_hub_id(name):
    assert resolve(name) == name


def test_a_config_whose_model_type_is_no_text_is_one_sentence(saved):
    (saved / "config.json").write_text('{"model_type": ["t5"]}')
    with pytest.raises(InputError, match=r"its config.json names no model_type"):
        load_seq2seq(saved)


def test_a_name_may_be_like_another_that_the_command_takes(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"'slotz': no such folder, .* did you mean 'slots'"):
        refuse_near_name("slotz", ["slots"])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "slotz").mkdir()
    for name in ("slotz", "slots", "gentap-mini", "me/slotz", "gpt2"):
        refuse_near_name(name, ["slots"])


@pytest.fixture
def asked(monkeypatch):
    """The requests made of the hub, none of which gets through."""
    requests = []

    def send(self, request, **_):
        requests.append(str(request.url))
        raise TimeoutError("nobody there")

    for library in ("httpx", "httpx2"):
        if find_spec(library):
            monkeypatch.setattr(import_module(library).Client, "send", send)
    return requests


@pytest.mark.parametrize(("offline", "requests"), [(True, 0), (False, 1)])
def test_a_hub_id_that_cannot_be_had_is_one_sentence_after_one_request(monkeypatch, asked, offline, requests, capfd):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", offline)
    assert resolve("google-t5/t5-small") == "google-t5/t5-small"
    with pytest.raises(InputError, match=r"'nobody/nothing' cannot be loaded: there is no such folder, the hub was"):
        load_seq2seq("nobody/nothing")
    assert len(asked) == requests
    with pytest.raises(InputError, match=r"'nobody/nothing' cannot be loaded: there is no such folder, the hub was"):
        FidelityClassifier.from_pretrained("nobody/nothing")
    assert len(asked) == 2 * requests and capfd.readouterr() == ("", "")


def test_a_name_that_no_hub_model_can_have_is_not_asked_for(monkeypatch, asked):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with pytest.raises(InputError, match="this cannot be the name of a hub model"):
        load_seq2seq("two words/ here")
    assert not asked


def test_a_hub_that_has_no_such_model_says_so(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)

    def model_info(self, name, **_):
        raise RepositoryNotFoundError("404", response=SimpleNamespace(headers={}, request=None))

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", model_info)
    with pytest.raises(InputError, match="no such model on the hub that you may read"):
        load_seq2seq("nobody/nothing")


@pytest.mark.parametrize(
    ("hub", "raised", "found"),
    [
        (True, None, "choice.json"),
        (True, RemoteEntryNotFoundError("404", response=SimpleNamespace(headers={}, request=None)), None),
        (True, LocalEntryNotFoundError("no connection"), "could not be fetched"),
        (True, OSError("disk full"), "disk full"),
        (False, LocalEntryNotFoundError("never fetched"), None),
    ],
)
def test_a_further_file_of_a_model_is_found_where_there_is_one(hub, raised, found, saved, monkeypatch):
    def fetched(name, file, local_files_only):
        assert local_files_only is not hub
        if raised:
            raise raised
        return f"/cache/{name}/{file}"

    monkeypatch.setattr("huggingface_hub.hf_hub_download", fetched)
    monkeypatch.setattr("tabtext.models.on_hub", lambda name: hub)
    if found and " " in found:
        with pytest.raises(InputError, match=found):
            file_of("me/tables", "choice.json")
    else:
        assert file_of("me/tables", "choice.json") == (Path("/cache/me/tables", found) if found else None)
    assert file_of(saved, "choice.json") is None
    (saved / "choice.json").write_text("{}")
    assert file_of(saved, "choice.json") == saved / "choice.json"


def test_an_unknown_size_lists_the_known_ones():
    with pytest.raises(InputError, match="known: base, mini, small, tiny"):
        from_scratch("huge", ["text"])
