"""Tiny models made in memory, with tokenizers trained on the spot."""

import os

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tiny models lose time to threads

TEXTS = [
    "The lighthouse of Calder Bay was built in 1874.",
    "Mara Lindqvist won the 2016 regatta with 24 points.",
    "Which team won the cup in 2009?",
    "How many islands does the county of Norvik have?",
]


@pytest.fixture(scope="session")
def tokenizer():
    from tabtext.tokenizers import train_tokenizer

    return train_tokenizer(TEXTS, size=420, structure=("<entry>", "<value>"), extra_ids=4)


@pytest.fixture
def tiny(tokenizer):
    """A function that makes the same tiny model each time it is called."""
    from tabtext.models import from_scratch

    def make(**settings):
        made = from_scratch("tiny", TEXTS, structure=("<entry>", "<value>"), **settings)
        return made._replace(model=made.model.cpu())

    return make
