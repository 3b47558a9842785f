"""The contrastive loss against its formula, its gradient where p is 1, and that training does what it says."""

import math
from types import SimpleNamespace

import pytest
import torch

from tabtext.batches import IGNORED
from tabtext.contrastive import (
    NOT_SAID,
    Contrast,
    ContrastiveCollator,
    contrastive_loss,
    spare_shared,
    train_contrastive,
)
from tabtext.errors import InputError
from tabtext.training import token_loss
from tabtext.training_settings import ContrastiveTraining


def logits_of(*rows):
    """Logits [1, steps, vocabulary] of these distributions."""
    return torch.tensor([rows], dtype=torch.float64).log().float()


STEPS = ([0.5, 0.25, 0.25], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6])


@pytest.mark.parametrize(
    ("labels", "weight", "loss"),
    [
        ([0, 1, 2], 1.0, -(math.log(0.5) + math.log(0.6) + math.log(0.6)) / 3),
        ([NOT_SAID - 0, NOT_SAID - 1, NOT_SAID - 2], 1.0, -(math.log(0.5) + math.log(0.4) + math.log(0.4)) / 3),
        ([0, NOT_SAID - 1, IGNORED], 1.0, -(math.log(0.5) + math.log(0.4)) / 2),
        ([0, NOT_SAID - 1, IGNORED], 0.5, -(math.log(0.5) + 0.5 * math.log(0.4)) / 2),
        ([IGNORED, IGNORED, NOT_SAID - 0], 2.0, -2 * math.log(0.8)),
    ],
)
def test_the_loss_by_hand(labels, weight, loss):
    found = contrastive_loss({"logits": logits_of(*STEPS)}, torch.tensor([labels]), weight=weight)
    assert found.item() == pytest.approx(loss, rel=1e-5)


def test_good_texts_alone_give_the_usual_loss():
    logits, labels = torch.randn(4, 7, 11), torch.randint(0, 11, (4, 7))
    labels[1, 3:] = IGNORED
    for count in (None, 9):
        ours, usual = (loss({"logits": logits}, labels, count) for loss in (contrastive_loss, token_loss))
        assert ours.item() == pytest.approx(usual.item(), rel=1e-5)


@pytest.mark.parametrize("lead", [0.0, 5.0, 50.0, 1e4])
def test_the_gradient_is_finite_where_p_is_1(lead):
    """The gradient of -log(1 - p) by the target's logit is p, and by any other logit at least -1."""
    logits = torch.zeros(1, 1, 4)
    logits[0, 0, 2] = lead
    logits.requires_grad_(True)
    loss = contrastive_loss({"logits": logits}, torch.tensor([[NOT_SAID - 2]]))
    loss.backward()
    p = 1 / (1 + 3 * math.exp(-lead))
    assert math.isfinite(loss.item()) and loss.item() == pytest.approx(
        math.log(1 + math.exp(lead) / 3) if lead < 99 else lead - math.log(3), rel=1e-4
    )
    assert logits.grad[0, 0, 2].item() == pytest.approx(p, abs=1e-6)
    assert logits.grad[0, 0, [0, 1, 3]].tolist() == pytest.approx([-p / 3] * 3, abs=1e-6)


def test_labels_stand_where_they_are_predicted():
    rows = [
        {"input_ids": [5, 6, 7, 1], "labels": [IGNORED, 6, 7, 1], "is_good": True, "row": 0},
        {"input_ids": [5, 8, 1], "labels": [IGNORED, 8, 1], "is_good": False, "row": 1},
    ]
    decoder = SimpleNamespace(config=SimpleNamespace(is_encoder_decoder=False))
    batch = ContrastiveCollator(decoder, 0)(rows)
    assert (batch["labels"][:, 4:] == IGNORED).all()
    assert batch["labels"][:, :4].tolist() == [[6, 7, 1, IGNORED], [NOT_SAID - 8, NOT_SAID - 1, IGNORED, IGNORED]]
    assert batch["input_ids"][:, :4].tolist() == [[5, 6, 7, 1], [5, 8, 1, 0]] and batch["rows"].tolist() == [0, 1]


def test_tokens_that_a_good_text_has_are_spared():
    good = Contrast({"input_ids": [9], "labels": [IGNORED, 3, 4, 1]}, True, "a")
    bad = Contrast({"input_ids": [9], "labels": [IGNORED, 3, 5, 1]}, False, "a")
    other = bad._replace(source="b")
    same = good._replace(is_good=False)
    found = spare_shared([bad, good, other, same])
    assert found[1:] == [good, other]
    assert found[0].features["labels"] == [IGNORED, IGNORED, 5, IGNORED] and not found[0].is_good


def features(tiny_model, text):
    ids = tiny_model.tokenizer(text).input_ids
    return {"input_ids": tiny_model.tokenizer("Calder Bay").input_ids, "labels": ids}


def logprob(seq2seq, example):
    ids, labels = (torch.tensor([example[name]]) for name in ("input_ids", "labels"))
    with torch.inference_mode():
        logits = seq2seq.model(input_ids=ids, labels=labels).logits.log_softmax(-1)
    return logits.gather(2, labels[:, :, None]).sum().item()


def test_training_raises_the_good_and_lowers_the_bad(tiny, tmp_path):
    seq2seq = tiny()
    good, bad = (features(seq2seq, text) for text in ("built in 1874", "won the cup"))
    before = [logprob(seq2seq, one) for one in (good, bad)]
    how = ContrastiveTraining(epochs=8, learning_rate=1e-3, batch_size=2)
    contrasts = [Contrast(good, True), Contrast(bad, False)] * 4
    report = train_contrastive(seq2seq, contrasts, tmp_path, how, {})
    after = [logprob(seq2seq, one) for one in (good, bad)]
    assert report.steps == 32 and after[0] > before[0] + 5 and after[1] < before[1]
    assert (tmp_path / "model.safetensors").exists()


def test_without_good_texts_there_is_no_training(tiny, tmp_path):
    seq2seq = tiny()
    with pytest.raises(InputError, match="None of the 1 texts is one to say"):
        train_contrastive(seq2seq, [Contrast(features(seq2seq, "x"), False)], tmp_path, ContrastiveTraining(), {})
