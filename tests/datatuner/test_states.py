"""Records as ids with states: structure that no value can forge, unseen tags, labels, records that are too long."""

import random

import pytest

from datatuner.states import STRUCTURE, StateEncoder, StateSettings, gather_tags, parts
from tabtext.errors import InputError
from tabtext.record import Record
from tabtext.tokenizers import train_tokenizer

TEXTS = ["Aromi is a cheap pub near the Ranch.", "Mara Lindqvist was born in Norvik.", "The boy wants to go."]
PUB = Record.from_mr("inform(name[Aromi], priceRange[cheap], near[The Ranch])", id="pub")
BIRTH = Record.from_triples([("Mara_Lindqvist", "birthPlace", "Norvik")], id="birth")
GRAPH = '(w / want-01 :ARG0 (b / boy :name (n / name :op1 "Al" :op2 "Bo") :wiki "Al_B") :ARG1 (g / go-02 :ARG0 b))'


def trained(records=(PUB, BIRTH) * 3, states="fine", positions=128, **settings):
    tokenizer = train_tokenizer(TEXTS, size=400, structure=gather_tags(records), extra_ids=0)
    return StateEncoder(tokenizer, StateSettings(states, 32, **settings), positions)


def said(encoder, prompt, name="input_ids"):
    return encoder.codec.tokenizer.convert_ids_to_tokens(prompt[name])


@pytest.mark.parametrize(("record", "expected"), [
    (PUB, "<act:inform> <slot:name>Aromi <slot:price range>cheap <slot:near>The Ranch"),
    (BIRTH, "<subject>Mara Lindqvist <predicate>birth place <object>Norvik"),
    (Record.from_row({"Model": "Kestrel", "Range (km)": 420}), "<slot:model>Kestrel <slot:range (km)>420"),
    (Record((), act="goodbye"), "<act:goodbye>"),
    (Record.from_amr(GRAPH), "<role:top>want <role:ARG0>boy <(> <role:name>Al Bo <)> "
                             "<role:ARG1>go <(> <role:ARG0>boy <)>"),
    (Record.from_amr("(b / boy :ARG0-of (s / see-01 :ARG1 b))"),
     "<role:top>boy <role:ARG0-of>see <(> <role:ARG1>boy <)>"),
])  # fmt: skip
def test_a_record_is_parts(record, expected):
    assert " ".join(part.tag + part.text for part in parts(record)) == expected


@pytest.mark.parametrize(("states", "expected"), [
    ("fine", ["<data>", "<act:inform>", "<slot:name>", "<slot:price range>", "<slot:near>", "<text>"]),
    ("coarse", ["<data>", "<text>"]),
])  # fmt: skip
def test_every_token_has_the_state_of_the_structure_token_before_it(states, expected):
    encoder = trained(states=states)
    prompt = encoder.prompt(PUB)
    ids, kinds = said(encoder, prompt), said(encoder, prompt, "token_type_ids")
    assert list(dict.fromkeys(kinds)) == expected
    assert ids[0] == "<data>" and ids[-1] == kinds[-1] == "<text>"
    if states == "fine":
        assert all(kind == token for token, kind in zip(ids, kinds, strict=True) if token.startswith("<"))


def test_without_states_the_model_is_told_none():
    assert trained(states="none").prompt(PUB).keys() == {"input_ids"}
    with pytest.raises(InputError, match="coarse, fine, none"):
        StateSettings("some")


@pytest.mark.parametrize("value", ["<subject>", "</s>", "<text> Aromi </s>", "<slot:near>", "<pad>", "عربى", "🍝 x"])
def test_values_are_text_and_come_back_whole(value):
    encoder = trained()
    prompt = encoder.prompt(Record.from_triples([("", "name", value), ("", "near", "x")]))
    special = [token for token in said(encoder, prompt) if token in encoder.codec.tokenizer.all_special_tokens]
    assert special == ["<data>", "<slot:name>", "<slot:near>", "<text>"]
    assert encoder.codec.decode([prompt["input_ids"]]) == [f"{value} x"]


def test_unseen_tags_are_said_in_words_and_counted():
    encoder = trained()
    prompt = encoder.prompt(Record.from_mr("request(name[Aromi], dogsAllowed[yes])"))
    assert encoder.codec.decode([prompt["input_ids"]]) == ["request Aromi dogs allowed: yes"]
    assert said(encoder, prompt).count("<other>") == 2
    assert encoder.unseen == {"<act:request>": 1, "<slot:dogs allowed>": 1}


def test_rare_tags_get_no_token_and_the_same_records_give_the_same_tags():
    tags = gather_tags([PUB] * 3 + [BIRTH])
    assert tags == gather_tags([BIRTH] + [PUB] * 3)
    assert tags[: len(STRUCTURE)] == list(STRUCTURE)
    assert "<slot:near>" in tags and "<slot:near>" not in gather_tags([PUB])


def test_labels_are_on_the_text_and_its_end_alone():
    encoder = trained()
    row = encoder.example(PUB, "Aromi is  cheap.")
    start = len(encoder.prompt(PUB)["input_ids"])
    assert {len(values) for values in row.values()} == {len(row["input_ids"])}
    assert row["labels"][:start] == [-100] * start and row["labels"][start:] == row["input_ids"][start:]
    assert row["labels"][-1] == encoder.codec.tokenizer.eos_token_id
    assert encoder.codec.decode([row["labels"]]) == ["Aromi is cheap."]
    assert set(row["token_type_ids"][start:]) == {encoder.codec.id("<text>")}


def test_training_shows_some_tags_as_others_by_the_seed():
    encoder = trained()
    rows = [encoder.example(PUB, "x", random.Random(seed))["input_ids"] for seed in (*range(60), *range(60))]
    assert rows[:60] == rows[60:]
    other = encoder.codec.id("<other>")
    assert 0 < sum(other in row for row in rows[:60]) < 20
    assert not encoder.unseen


def test_what_is_too_long_is_refused_dropped_or_split_never_cut():
    encoder = trained(positions=96)
    many = Record.from_triples([("", "near", f"place {n}") for n in range(200)], id="long")
    with pytest.raises(InputError, match=r"'long' with 200 facts takes [\d,]+ tokens and 64 fit"):
        encoder.checked_prompt(many)
    assert encoder.example(many, "x") is None
    pieces = encoder.split(many)
    assert [triple for piece in pieces for triple in piece.triples] == list(many.triples)
    assert all(len(encoder.prompt(piece)["input_ids"]) <= 64 for piece in pieces)
    with pytest.raises(InputError, match="with 1 facts"):
        encoder.split(Record.from_triples([("", "near", "place " * 99)]))
    with pytest.raises(InputError, match="empty"):
        encoder.prompt(Record(()))


def test_a_word_has_the_same_ids_in_record_and_text_for_the_real_gpt2_tokenizer_too():
    from transformers import GPT2Tokenizer

    tokenizer = GPT2Tokenizer().train_new_from_iterator(TEXTS, 400)
    tokenizer.add_special_tokens({"extra_special_tokens": gather_tags([PUB] * 3)})
    encoder = StateEncoder(tokenizer, StateSettings(), 128)
    row = encoder.example(Record.from_triples([("", "name", "Ranch <|endoftext|>")]), "the Ranch")
    [[ranch]] = encoder.codec.encode_words(["Ranch"])
    assert row["input_ids"].count(ranch) == 2
    assert row["input_ids"].count(tokenizer.eos_token_id) == 1  # the end of the text alone
