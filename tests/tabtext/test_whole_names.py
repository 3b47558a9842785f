"""Names that are begun are said to their end, whatever search says them."""

import pytest
import torch
from transformers import GenerationConfig

from datatuner.model import from_scratch as writer_from_scratch
from datatuner.states import STRUCTURE, TEXT
from tabtext.constrained import ConstrainedPrompt, constrained_search
from tabtext.diverse import DiverseSearch, diverse_hypotheses
from tabtext.generation import generate
from tabtext.models import from_scratch
from tabtext.tokenizers import train_tokenizer
from tabtext.whole_names import WholeNames

LETTERS = " ".join("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456789")
TEXTS = (
    "the name of a pub near the river is in the text " * 9,
    "serves food and has a price range " * 9,
    f"{LETTERS} " * 99,
)
INPUT = "Zum Weißen Hirsch near Quokka Quokkaville 123456 Đặng wxyz"


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(TEXTS, size=400)


def ids_of(tokenizer, text):
    return tokenizer(text, add_special_tokens=False).input_ids


def following(tokenizer, said, about=INPUT):
    """What may follow what was said: texts of the pieces, None for any."""
    names = WholeNames(tokenizer, [ids_of(tokenizer, about)])
    found = names.mask(torch.zeros(1, len(tokenizer)), [0], [said])[0]
    allowed = torch.isfinite(found).nonzero().flatten().tolist()
    return None if len(allowed) == len(tokenizer) else set(allowed)


@pytest.mark.parametrize("name", ["Weißen", "Hirsch", "Quokka", "123456", "Đặng"])
def test_what_is_begun_goes_on(tokenizer, name):
    ids = ids_of(tokenizer, f"the {name}")
    start = len(ids_of(tokenizer, "the"))
    assert len(ids) > start + 2
    if name == "Quokka":  # the beginning of another name, too
        ids, end = ids_of(tokenizer, "the Quokkaville"), len(ids)
        assert following(tokenizer, ids[:end]) > {ids[end]}
    first = start + (3 if tokenizer.convert_ids_to_tokens(ids[start]) == "Ġ" else 2)  # a letter's piece may be two
    for cut in range(first, len(ids)):
        allowed = following(tokenizer, ids[:cut])
        assert ids[cut] in allowed and (name == "Quokka" or allowed == {ids[cut]})


def test_behind_its_end_comes_a_new_word_or_a_sign(tokenizer):
    allowed = following(tokenizer, ids_of(tokenizer, "Zum Weißen Hirsch"))
    assert {ids_of(tokenizer, text)[-1] for text in (".", " the", "x '")} <= allowed
    assert ids_of(tokenizer, "xch")[-1] not in allowed and tokenizer.eos_token_id in allowed


@pytest.mark.parametrize("said", ["", "Z", "wxy", "the food", "Zumm", "Hirsch.", "Perth"])
def test_all_else_is_free(tokenizer, said):
    """A first piece may begin anything, small words need no name's end, and other names are the model's own affair."""
    assert following(tokenizer, ids_of(tokenizer, said)) is None


@pytest.fixture(scope="module")
def shaken():
    """A model that points, with weights that make it say many things."""
    seq2seq = from_scratch("tiny", [*TEXTS, INPUT], seed=1)
    torch.manual_seed(2)
    with torch.no_grad():
        for parameter in seq2seq.model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return seq2seq


def rows_of(tokenizer):
    return [{"input_ids": [*ids_of(tokenizer, text), 1]} for text in (INPUT, "Bellavista near Kanazawa", "a pub")]


@pytest.mark.parametrize("settings", [{"num_beams": 3, "num_return_sequences": 3}, {"do_sample": True, "top_k": 0}])
def test_every_search_heeds_it(shaken, settings):
    rows = rows_of(shaken.tokenizer) * 8
    config = GenerationConfig(max_new_tokens=12, eos_token_id=1, decoder_start_token_id=0, **settings)
    found = []
    list(generate(shaken, rows, config, decode=lambda ids: found.append(ids) or " ".join(map(str, ids))))
    assert len({tuple(ids) for ids in found}) > 3
    texts = [row["input_ids"] for row in rows[:3]]
    assert all(any(heeds(shaken.tokenizer, text, ids) for text in texts) for ids in found)


def test_the_diverse_search_heeds_it(shaken):
    rows = rows_of(shaken.tokenizer)
    found = list(diverse_hypotheses(shaken, rows, DiverseSearch(groups=12, strength=3.0, max_length=12)))
    for row, hypotheses in zip(rows, found, strict=True):
        assert all(heeds(shaken.tokenizer, row["input_ids"], one.ids) for one in hypotheses)
        assert len({one.ids for one in hypotheses}) > 3


def test_the_constrained_search_heeds_it():
    seq2seq = writer_from_scratch("tiny", TEXTS, [*STRUCTURE, "<pub>"], seed=1)
    torch.manual_seed(2)
    with torch.no_grad():
        for parameter in seq2seq.model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    tokenizer = seq2seq.tokenizer
    begun = ids_of(tokenizer, "the Weißen")[len(ids_of(tokenizer, "the")) :][:4]  # what must be said is begun by it
    prompts = [
        ConstrainedPrompt({"input_ids": [*ids_of(tokenizer, text), tokenizer.convert_tokens_to_ids(TEXT)]}, [[begun]])
        for text in (INPUT, "a pub near Weißen")
    ]
    found = constrained_search(seq2seq, prompts, beams=48, limit=48)
    assert all(found)
    for (prompt, _), hypotheses in zip(prompts, found, strict=True):
        assert all(heeds(tokenizer, prompt["input_ids"], one.ids) for one in hypotheses)


def heeds(tokenizer, text, ids):
    names = WholeNames(tokenizer, [text])
    free = (
        names.mask(torch.zeros(1, len(tokenizer) + 64), [0], [ids[:cut]])[0, ids[cut]] for cut in range(1, len(ids))
    )
    return all(map(torch.isfinite, free))
