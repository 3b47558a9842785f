"""Diverse beam search against a plain one: every group by itself, no cache, all of the vocabulary."""

from itertools import pairwise

import pytest

torch = pytest.importorskip("torch")

from tabtext.diverse import DiverseSearch, diverse_candidates, diverse_hypotheses
from tabtext.errors import InputError
from tabtext.models import Seq2Seq, from_scratch

TEXTS = [
    "The Mill serves Italian food near the river and is open at night",
    "Aromi",
    "A cheap pub in the city centre where children are welcome",
]


@pytest.fixture(scope="module")
def copying():
    """A fresh CopyT5 whose outputs are sharpened, so that groups share prefixes and part from them."""
    seq2seq = from_scratch("tiny", TEXTS)
    with torch.no_grad():
        seq2seq.model.shared.weight.mul_(8)
    return seq2seq


@pytest.fixture(scope="module")
def bart(copying):
    from transformers import BartConfig, BartForConditionalGeneration

    torch.manual_seed(1)
    config = BartConfig(
        vocab_size=len(copying.tokenizer), d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64, pad_token_id=0, bos_token_id=1,
        eos_token_id=1, decoder_start_token_id=1, forced_eos_token_id=None, init_std=0.5,
    )  # fmt: skip
    return Seq2Seq(BartForConditionalGeneration(config).eval(), copying.tokenizer)


def rows_of(seq2seq):
    return [{"input_ids": ids} for ids in seq2seq.tokenizer(TEXTS).input_ids]


def plain_search(seq2seq, row, search, goes_on=None):
    """What the paper says, word for word, for one input."""
    model, tokenizer = seq2seq
    said = [[] for _ in range(search.groups)]
    logprobs = [[] for _ in range(search.groups)]
    for step in range(1, search.max_length + 1):
        counts = torch.zeros(model.config.vocab_size)
        for group in range(search.groups):
            if said[group][-1:] == [tokenizer.eos_token_id]:
                continue
            given = torch.tensor([[model.config.decoder_start_token_id, *said[group]]])
            with torch.no_grad():
                logits = model(input_ids=torch.tensor([row["input_ids"]]), decoder_input_ids=given).logits[0, -1]
            scores = logits.log_softmax(-1)
            if step < search.min_length or (goes_on is not None and said[group][-1:] == [goes_on]):
                scores[tokenizer.eos_token_id] = -float("inf")
            token = int((scores - search.strength * counts).argmax())
            counts[token] += 1
            said[group].append(token)
            logprobs[group].append(float(scores[token]))
    return said, logprobs


@pytest.mark.parametrize("search", [
    DiverseSearch(groups=5, strength=0.5, min_length=1, max_length=5),
    DiverseSearch(groups=3, strength=3.0, min_length=4, max_length=6),
    DiverseSearch(groups=1, strength=0.5, min_length=1, max_length=5),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["copying", "bart"])
def test_equals_a_plain_implementation(kind, search, request):
    seq2seq = request.getfixturevalue(kind)
    found = list(diverse_hypotheses(seq2seq, rows_of(seq2seq), search))
    for row, hypotheses in zip(rows_of(seq2seq), found, strict=True):
        said, logprobs = plain_search(seq2seq, row, search)
        assert [list(one.ids) for one in hypotheses] == said
        for one, theirs in zip(hypotheses, logprobs, strict=True):
            assert one.logprobs == pytest.approx(theirs, abs=1e-4)


def test_the_first_group_is_greedy_and_strength_makes_the_others_differ(copying):
    rows = rows_of(copying)
    alike = next(diverse_candidates(copying, rows, DiverseSearch(5, 0.0, 1, 8)))
    unlike = next(diverse_candidates(copying, rows, DiverseSearch(5, 4.0, 1, 8)))
    assert len({candidate.text for candidate in alike}) == 1
    assert len({candidate.text for candidate in unlike}) > 1
    assert alike[0].text == unlike[0].text
    assert alike[0].logprob == pytest.approx(unlike[0].logprob, abs=1e-4)


def test_batches_do_not_change_what_is_found(copying):
    search = DiverseSearch(6, 0.5, 1, 8)
    rows = rows_of(copying)
    together = list(diverse_hypotheses(copying, rows, search))
    alone = [next(diverse_hypotheses(copying, [row], search)) for row in rows]
    assert [[one.ids for one in found] for found in together] == [[one.ids for one in found] for found in alone]


@pytest.mark.parametrize("wrong", [{"groups": 0}, {"min_length": 0}, {"min_length": 9, "max_length": 8}])
def test_impossible_searches_are_refused(wrong):
    with pytest.raises(InputError, match="at least one group"):
        DiverseSearch(**wrong)


def test_what_must_go_on_never_ends(copying):
    search = DiverseSearch(groups=12, min_length=2, max_length=9)
    free = [one.ids for found in diverse_hypotheses(copying, rows_of(copying), search) for one in found]
    goes_on = next(ids[-2] for ids in free if ids[-1] == 1)
    found = list(diverse_hypotheses(copying, rows_of(copying), search, goes_on=goes_on))
    assert not any(
        (before, after) == (goes_on, 1) for its in found for one in its for before, after in pairwise(one.ids)
    )
    for row, its in zip(rows_of(copying), found, strict=True):
        ids, _ = plain_search(copying, row, search, goes_on)
        assert [list(one.ids) for one in its] == ids
