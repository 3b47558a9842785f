"""The dual-decoder T5 against plain T5: same numbers, same files, none of the silent damage."""

import copy
import random

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, T5Config, T5ForConditionalGeneration
from transformers.modeling_outputs import BaseModelOutput

from gentap.batches import Bundle, BundleCollator, Row
from gentap.model import CELL, DECODERS, SENTENCE, DualDecoderT5, DualDecoderT5Config
from tabtext import InputError
from tabtext.copying import CopyT5, CopyT5Config
from tabtext.training import arguments
from tabtext.training_evaluation import Evaluating

V1_0 = {}
V1_1 = {"feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}


def tiny_config(kind=T5Config, **options):
    sizes = dict(vocab_size=60, d_model=16, d_kv=8, d_ff=32, num_layers=2, num_decoder_layers=1, num_heads=2)
    return kind(**sizes, dropout_rate=0.0, decoder_start_token_id=0, **options)


def saved_t5(folder, options):
    torch.manual_seed(0)
    model = T5ForConditionalGeneration(tiny_config(**options))
    if options:
        model.lm_head.weight = torch.nn.Parameter(torch.randn(60, 16))
    model.save_pretrained(folder)
    return T5ForConditionalGeneration.from_pretrained(folder).eval()


VARIANTS = {
    "plain": {},
    "copying": {"copies": True},
    "echoing": {"copies": True, "copy_context": 2, "copy_coverage": True, "table_ids": [5, 6, 7, 8, 9]},
}


@pytest.fixture(params=VARIANTS)
def dual(request):
    torch.manual_seed(1)
    settings = VARIANTS[request.param]
    return with_decoders_apart(DualDecoderT5(tiny_config(DualDecoderT5Config, **settings)).eval())


def with_decoders_apart(model):
    for name, parameter in model.named_parameters():
        if name.startswith("cell_"):
            parameter.data += 0.1 * torch.randn_like(parameter)
    return model


def batch(rows=4, source=7, target=5):
    generator = torch.Generator().manual_seed(2)
    ids = torch.randint(3, 60, (rows, source), generator=generator)
    mask = torch.ones_like(ids)
    mask[0, 5:] = 0
    labels = torch.randint(3, 60, (rows, target), generator=generator)
    labels[1, 3:] = -100
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


@pytest.mark.parametrize("options", [V1_0, V1_1], ids=["v1.0", "v1.1"])
def test_from_a_plain_t5_both_decoders_equal_its_one(tmp_path, options):
    plain = saved_t5(tmp_path, options)
    dual = DualDecoderT5.from_t5(plain)
    for name in DECODERS:
        assert torch.equal(dual(**batch(), decoder_name=name).logits, plain(**batch()).logits)
    assert dual.shared.weight is dual.cell_decoder.embed_tokens.weight


def test_from_a_t5_that_copies_both_decoders_copy(tmp_path):
    torch.manual_seed(0)
    copying = CopyT5(tiny_config(CopyT5Config)).eval()
    copying.start_ready_to_copy()
    DualDecoderT5.from_t5(copying).save_pretrained(tmp_path)
    dual = DualDecoderT5.from_pretrained(tmp_path)
    inputs = {k: v for k, v in batch().items() if k != "labels"}
    for name in DECODERS:
        assert torch.equal(dual(**batch(), decoder_name=name).logits, copying(**batch()).logits)
        options = dict(num_beams=3, max_new_tokens=6, do_sample=False)
        assert torch.equal(dual.generate(**inputs, decoder_name=name, **options), copying.generate(**inputs, **options))


def test_a_t5_that_copies_is_not_exported_as_a_plain_one():
    with pytest.raises(InputError, match="which no plain T5 does; pretrain with --no-copy"):
        DualDecoderT5(tiny_config(DualDecoderT5Config, copies=True)).as_t5("sentence")


@pytest.mark.parametrize("options", [V1_0, V1_1], ids=["v1.0", "v1.1"])
def test_adding_tokens_leaves_an_untied_head_alone(tmp_path, options):
    plain = saved_t5(tmp_path, options)
    dual = DualDecoderT5.from_t5(plain)
    dual.save_pretrained(tmp_path / "dual")
    dual = DualDecoderT5.from_pretrained(tmp_path / "dual")
    head = dual.lm_head.weight.detach().clone()
    assert torch.equal(head, plain.lm_head.weight)
    dual.resize_token_embeddings(64)
    dual.tie_weights()
    assert torch.equal(dual.lm_head.weight[:60], head)
    assert (dual.lm_head.weight is dual.shared.weight) == (not options)
    assert dual.shared.weight is dual.encoder.embed_tokens.weight is dual.cell_decoder.embed_tokens.weight


def test_save_and_load_are_bitwise_equal(tmp_path, dual):
    dual.save_pretrained(tmp_path)
    loaded = AutoModelForSeq2SeqLM.from_pretrained(tmp_path)
    assert isinstance(loaded, DualDecoderT5)
    weights = loaded.state_dict()
    assert all(torch.equal(weight, weights[name]) for name, weight in dual.state_dict().items())


@pytest.mark.parametrize("name", list(DECODERS))
@pytest.mark.parametrize("beams", [1, 3])
def test_the_exported_t5_says_the_same(tmp_path, name, beams):
    torch.manual_seed(1)
    dual = with_decoders_apart(DualDecoderT5(tiny_config(DualDecoderT5Config)).eval())
    dual.as_t5(name).save_pretrained(tmp_path)
    plain, report = T5ForConditionalGeneration.from_pretrained(tmp_path, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"]
    inputs = {k: v for k, v in batch().items() if k != "labels"}
    options = dict(num_beams=beams, max_new_tokens=8, do_sample=False)
    ours = dual.generate(**inputs, decoder_name=name, **options)
    assert torch.equal(ours, plain.generate(**inputs, **options))


def test_the_two_decoders_differ_and_generate_uses_the_one_it_is_told(dual):
    inputs = {k: v for k, v in batch().items() if k != "labels"}
    logits = {
        name: dual(**inputs, decoder_name=name, decoder_input_ids=torch.zeros(4, 1).long()).logits for name in DECODERS
    }
    assert not torch.allclose(logits["sentence"], logits["cell"])


def test_one_encoding_serves_both_decoders_with_beams(dual):
    inputs = {k: v for k, v in batch().items() if k != "labels"}
    encoded = dual.encoder(**inputs).last_hidden_state
    for name in DECODERS:
        fresh = BaseModelOutput(last_hidden_state=encoded)
        options = dict(decoder_name=name, num_beams=3, max_new_tokens=6, do_sample=False)
        known = {"decoder_source_ids": inputs["input_ids"]} if dual.config.copies else {}
        shared = dual.generate(encoder_outputs=fresh, attention_mask=inputs["attention_mask"], **known, **options)
        assert torch.equal(shared, dual.generate(**inputs, **options))
    assert encoded.shape[0] == 4


def test_a_mixed_batch_has_the_loss_of_its_two_halves(dual):
    inputs = batch()
    kinds = torch.tensor([CELL, SENTENCE, SENTENCE, CELL])
    mixed = dual(**inputs, decoder_kinds=kinds).loss
    total = 0.0
    for row, kind in enumerate(kinds.tolist()):
        one = {k: v[row : row + 1] for k, v in inputs.items()}
        tokens = (one["labels"] != -100).sum()
        total += dual(**one, decoder_name=list(DECODERS)[kind]).loss * tokens
    assert torch.allclose(mixed, total / (inputs["labels"] != -100).sum(), atol=1e-5)


def test_the_dev_loss_is_that_of_one_batch_of_all(dual, tmp_path):
    rng = random.Random(3)
    rows = [
        Row(input_ids=[rng.randrange(3, 60) for _ in range(4)], labels=[7] * rng.randrange(1, 9), kind=number % 2)
        for number in range(10)
    ]
    examples, collator = (
        [Bundle(rows=pair) for pair in zip(rows[::2], rows[1::2], strict=True)],
        BundleCollator(dual, 0),
    )
    settings = arguments(tmp_path, learning_rate=1e-3, per_device_eval_batch_size=2, bf16=False)
    trainer = Evaluating(model=dual, args=settings, eval_dataset=examples, data_collator=collator)
    with torch.no_grad():
        expected = float(dual(**collator(examples)).loss)
    assert trainer.evaluate()["eval_loss"] == pytest.approx(expected, rel=1e-5)


def test_cells_weigh_in_the_loss_what_the_configuration_says(dual):
    inputs = batch()
    kinds = torch.tensor([CELL, SENTENCE, SENTENCE, CELL])
    items = torch.tensor(1)  # sums of losses

    def loss(rows):
        part = {name: tensor[rows] for name, tensor in inputs.items()}
        return dual(**part, decoder_kinds=kinds[rows], num_items_in_batch=items).loss

    cells, sentences = loss([0, 3]), loss([1, 2])
    dual.config.cell_weight = 4.0
    assert torch.allclose(loss([0, 1, 2, 3]), 4 * cells + sentences, rtol=1e-5)


def test_the_report_says_what_the_loss_is_a_mean_over(dual):
    assert dual.loss_per(["sentence", "cell"]) == "token"
    dual.config.cell_weight = 2.5
    assert dual.loss_per(["sentence", "cell"]) == dual.loss_per(["cell"]) == "token, the loss of cells times 2.5"
    assert dual.loss_per(["sentence"]) == "token"


@pytest.mark.parametrize("kind", [SENTENCE, CELL])
def test_a_batch_of_one_kind_still_gives_every_parameter_a_gradient(dual, kind):
    inputs = batch()
    dual.train()
    alone = copy.deepcopy(dual)
    name = list(DECODERS)[kind]
    loss = dual(**inputs, decoder_kinds=torch.full((4,), kind)).loss
    loss.backward()
    assert torch.allclose(loss, alone(**inputs, decoder_name=name).loss, atol=1e-6)
    assert all(parameter.grad is not None for parameter in dual.parameters())
    other = dual.decoder_module("cell" if kind == SENTENCE else "sentence")
    grads = [p.grad for n, p in other.named_parameters() if "embed_tokens" not in n]
    assert all(not grad.any() for grad in grads)


@pytest.mark.parametrize("mixed", [True, False])
def test_accumulated_gradients_equal_those_of_the_whole_batch(dual, mixed):
    inputs = batch()
    kinds = torch.tensor([CELL, SENTENCE, CELL, SENTENCE])
    extra = {"decoder_kinds": kinds} if mixed else {}
    whole, parts = copy.deepcopy(dual), copy.deepcopy(dual)
    whole(**inputs, **extra).loss.backward()
    items = (inputs["labels"] != -100).sum()
    for half in (slice(0, 2), slice(2, 4)):
        part = {k: v[half] for k, v in (inputs | extra).items()}
        parts(**part, num_items_in_batch=items).loss.backward()
    for a, b in zip(whole.parameters(), parts.parameters(), strict=True):
        assert a.grad is b.grad is None or torch.allclose(a.grad, b.grad, atol=1e-6)


def test_an_unknown_decoder_is_named(dual):
    with pytest.raises(InputError, match="Unknown decoder 'row'; known: cell, sentence"):
        dual(**batch(), decoder_name="row")
