"""The pointer: what it adds for places of the input behind the tokens just said, and that a cache changes nothing."""

import pytest
import torch

from tabtext.copying import CopyHead, start_reading
from tabtext.models import from_scratch, load_seq2seq

TEXTS = ["The Golden Fern is near Calder.", "The Golden Ferry is in 2008.", "A 19 B 20 C 21"]


@pytest.fixture(scope="module", params=["", "coverage", "reads"])
def tiny(request):
    made = from_scratch("tiny", TEXTS * 10, copy_coverage=request.param == "coverage")
    torch.manual_seed(1)
    if request.param == "coverage":
        torch.nn.init.constant_(made.model.copy_head.again.bias, -1.0)
    if request.param == "reads":
        start_reading(made.model)
        torch.nn.init.normal_(made.model.copy_head.read.weight)
    return made


@pytest.fixture
def head():
    head = CopyHead(8, context=2)
    head.start()
    torch.nn.init.zeros_(head.match.weight)
    torch.nn.init.constant_(head.gate.bias, 9.0)  # says words of the input alone
    return head


def pointed(head, source, said):
    """What comes next after `said`, as probabilities by token."""
    source, said = torch.tensor([source]), torch.tensor([said])
    states = torch.zeros(1, said.shape[1], 8)
    logits = head(
        states, torch.zeros(1, source.shape[1], 8), source, torch.ones_like(source),
        lambda states: torch.zeros(*states.shape[:2], 9), said,
    )  # fmt: skip
    return logits.exp()[0, -1].detach()


@pytest.mark.parametrize(
    ("source", "said", "likeliest"),
    [
        ([5, 6, 7, 3, 6, 8], [0, 5, 6], 7),  # two tokens alike tell the two sixes apart
        ([5, 6, 7, 3, 6, 8], [0, 3, 6], 8),
        ([5, 6, 7], [0, 4, 6], 7),  # one is alike
        ([4, 4, 5, 6], [0, 6, 4], 4),  # the place behind the first four, and the one behind the second, are as good
    ],
)
def test_the_place_behind_the_tokens_just_said_comes_first(head, source, said, likeliest):
    found = pointed(head, source, said)
    assert int(found.argmax()) == likeliest or found[likeliest] == pytest.approx(found.max())


def test_tokens_alike_count_only_in_a_run(head):
    """The token before the last is alike but the last is not: no place is worth more than another."""
    found = pointed(head, [5, 6, 7, 8], [0, 5, 3])
    assert found[7] == pytest.approx(found[6]) == pytest.approx(found[8])


def test_nothing_lies_before_the_first_token(head):
    found = pointed(head, [5, 6, 7], [4])
    assert found[5] == pytest.approx(found[6]) == pytest.approx(found[7])


def test_coverage_counts_that_a_token_was_said_before():
    head = CopyHead(8, coverage=True)
    head.start()
    torch.nn.init.zeros_(head.match.weight)
    torch.nn.init.constant_(head.gate.bias, 9.0)
    assert pointed(head, [5, 6, 7], [0, 6, 3])[6] == pytest.approx(pointed(head, [5, 6, 7], [0, 6, 3])[5])
    torch.nn.init.constant_(head.again.bias, -2.0)
    found = pointed(head, [5, 6, 7, 5], [0, 6, 3])
    assert found[6] / found[7] == pytest.approx(torch.tensor(-2.0).exp().item(), rel=1e-3)
    assert found[5] == pytest.approx(2 * found[7].item(), rel=1e-3)


def test_a_head_that_reads_says_a_word_for_what_it_points_at():
    head = CopyHead(4, reads=True)
    head.start()
    torch.nn.init.constant_(head.gate.bias, -9.0)  # says words of its own alone
    words = torch.eye(4, 6)
    source, states = torch.tensor([[5, 5]]), torch.eye(4)[None, :2]

    def said(decoded, encoded):
        return head(decoded, encoded, source, torch.ones_like(source), lambda state: state @ words).exp().argmax(-1)

    torch.nn.init.eye_(head.match.weight)
    blank = torch.zeros(1, 1, 4)
    assert torch.equal(said(blank, states), said(blank, states[:, [1, 0]]))  # reads nothing at first
    torch.nn.init.eye_(head.read.weight)
    pointing = 20 * states[:, :1]
    assert said(pointing - pointing, 9 * states[:, [0, 0]]).tolist() == [[0]]
    assert said(pointing - pointing, 9 * states[:, [1, 1]]).tolist() == [[1]]


def test_padding_is_like_nothing_that_was_said(tiny):
    """A model that has said `<pad>` points no other way for padding in front of its input."""
    model = tiny.model
    source, said = torch.tensor([[40, 41, 42]]), torch.tensor([[0, 0]])
    padded = torch.cat([torch.zeros(1, 2, dtype=torch.long), source], 1)
    states, head = torch.randn(1, 2, 64), model.copy_head
    keys = torch.randn(1, 5, 64)
    alone = head(states, keys[:, 2:], source, torch.ones_like(source), model.lm_head, said)
    assert torch.allclose(head(states, keys, padded, (padded > 0).long(), model.lm_head, said), alone, atol=1e-6)


@pytest.mark.parametrize("beams", [1, 3])
def test_a_cache_changes_nothing_of_what_is_said(tiny, beams):
    model, tokenizer = tiny
    inputs = tokenizer(TEXTS, return_tensors="pt", padding=True)
    asked = dict(input_ids=inputs.input_ids, attention_mask=inputs.attention_mask)
    options = dict(num_beams=beams, max_new_tokens=12, do_sample=False)
    cached = model.generate(**asked, use_cache=True, **options)
    assert model.config.copy_context and torch.equal(cached, model.generate(**asked, use_cache=False, **options))


def test_a_model_that_starts_to_read_says_the_same_at_first_and_keeps_what_it_learnt(tmp_path):
    made = from_scratch("tiny", TEXTS * 10)
    ids = {"input_ids": torch.tensor([[40, 41, 42]]), "labels": torch.tensor([[43, 44]])}
    before = made.model(**ids).logits
    start_reading(made.model)
    assert torch.equal(made.model(**ids).logits, before) and made.model.config.copy_reads
    torch.nn.init.normal_(made.model.copy_head.read.weight)
    start_reading(made.model)
    after = made.model(**ids).logits
    assert not torch.allclose(after, before)
    made.save(tmp_path)
    assert torch.equal(load_seq2seq(tmp_path, device="cpu").model(**ids).logits, after)
