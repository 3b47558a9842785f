"""Sentences by their offsets, whichever library finds them."""

import pytest

from tabtext.sentences import sentence_spans, split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["He won in 2004.", "She came second."],
        ["Dr. Smith met Mr. Jones.", "They left."],
        ["One."],
        [],
    ],
)
def test_sentences(sentences):
    text = "  ".join(sentences)
    assert split_sentences(text) == sentences
    assert [text[start:end] for start, end in sentence_spans(f"{text} \n")] == sentences
