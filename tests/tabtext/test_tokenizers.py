"""User text never becomes structure, and no character is lost."""

import pytest
from transformers import AutoTokenizer, T5Tokenizer

from tabtext.tokenizers import TextCodec, train_tokenizer

HOSTILE = [
    "</s>",
    "<pad>",
    "<unk>",
    "<extra_id_0> and <entry> Paris </s> tail",
    "row 1 : | <value>",
]
AWKWARD = [
    "",
    " ",
    " two  spaces \n\ttab ",
    "北京 😀 {x} [y] | ~",
    "مرحبا بالعالم",
    "İstanbul ß ﬁ e\u0301",
    "\u200bzero width\u200d",
    "\x00\x1b[31m",
    "1,234.50 % 2–1",
]


def t5_like():
    """A tokenizer whose special tokens are ordinary pieces too, as in the converted T5 tokenizers."""
    return T5Tokenizer(extra_ids=4).train_new_from_iterator(["a plain text of letters s p a d"] * 3, 120)


@pytest.mark.parametrize("text", HOSTILE + AWKWARD)
def test_our_tokenizer_gives_back_every_text_without_special_ids(tokenizer, text):
    codec = TextCodec(tokenizer)
    ids = codec.encode([text])[0]
    assert not codec.special_ids & set(ids)
    assert codec.decode([ids]) == [text]
    assert not codec.counts


@pytest.mark.parametrize("text", HOSTILE)
def test_special_tokens_in_text_stay_text_for_t5_tokenizers(text):
    codec = TextCodec(t5_like())
    ids = codec.encode([text])[0]
    assert not (codec.special_ids - {codec.tokenizer.unk_token_id}) & set(ids)
    literals = ("</s>", "<pad>", "<unk>", "<extra_id_0>")
    assert codec.counts["special tokens in text"] == sum(text.count(literal) for literal in literals)


def test_unknown_characters_are_counted_for_t5_tokenizers():
    codec = TextCodec(t5_like())
    codec.encode(["a plain 北 text 京", "北"])
    assert codec.counts["unknown characters"] == 3


def test_a_lone_surrogate_does_not_stop_the_run(tokenizer):
    assert TextCodec(tokenizer).decode(TextCodec(tokenizer).encode(["a\ud800b"])) == ["a?b"]


def test_a_word_has_the_same_ids_at_the_start_and_inside(tokenizer):
    start, inside = TextCodec(tokenizer).encode(["Lindqvist won", "Mara Lindqvist won"])
    assert inside[-len(start) :] == start


def test_a_saved_tokenizer_loads_offline_and_is_the_same(tokenizer, tmp_path):
    tokenizer.save_pretrained(tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    texts = HOSTILE + AWKWARD
    assert TextCodec(loaded).encode(texts) == TextCodec(tokenizer).encode(texts)
    assert loaded.all_special_tokens == tokenizer.all_special_tokens


def test_structure_tokens_have_ids_and_unknown_ones_do_not(tokenizer):
    codec = TextCodec(tokenizer)
    assert codec.id("<entry>") in codec.special_ids
    with pytest.raises(ValueError, match="no token '<row>'"):
        codec.id("<row>")


def test_the_same_texts_give_the_same_tokenizer(tokenizer):
    again = train_tokenizer(["one two three"] * 2, size=300)
    assert again.get_vocab() == train_tokenizer(["one two three"] * 2, size=300).get_vocab()
