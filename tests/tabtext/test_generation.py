"""What a row gives does not depend on its batch, and comes in input order."""

import random

import pytest
import torch
from transformers import BartConfig, BartForConditionalGeneration, GenerationConfig, GPT2Config, GPT2LMHeadModel

from tabtext.batches import length_batches
from tabtext.errors import InputError
from tabtext.generation import generate
from tabtext.models import Seq2Seq

rng = random.Random(3)
ROWS = [{"input_ids": [rng.randrange(40, 300) for _ in range(rng.randrange(1, 24))] + [1]} for _ in range(9)]


def config(**settings):
    return GenerationConfig(max_new_tokens=6, eos_token_id=1, decoder_start_token_id=0, **settings)


CONFIGS = {
    "greedy": config(),
    "beams": config(num_beams=3, num_return_sequences=2),
    "penalty": config(num_beams=3, num_return_sequences=3, length_penalty=0.3),
    "sample": config(do_sample=True, num_return_sequences=3, temperature=0.8, top_p=0.9, top_k=20),
}


def bart(tokenizer):
    torch.manual_seed(0)
    shape = {"d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64}
    settings = BartConfig(
        vocab_size=448, max_position_embeddings=64, encoder_attention_heads=2, decoder_attention_heads=2,
        pad_token_id=0, bos_token_id=2, eos_token_id=1, decoder_start_token_id=0, forced_eos_token_id=None,
        init_std=0.3, **shape,
    )  # fmt: skip
    return Seq2Seq(BartForConditionalGeneration(settings).eval(), tokenizer)


def gpt2(tokenizer):
    torch.manual_seed(0)
    settings = GPT2Config(vocab_size=448, n_embd=32, n_layer=2, n_head=2, n_positions=64, bos_token_id=2,
                          eos_token_id=1, pad_token_id=0, initializer_range=0.3)  # fmt: skip
    return Seq2Seq(GPT2LMHeadModel(settings).eval(), tokenizer)


def made(kind, tiny, tokenizer):
    return {"t5": lambda: lively(tiny()), "bart": lambda: bart(tokenizer), "gpt2": lambda: gpt2(tokenizer)}[kind]()


def lively(seq2seq):
    """Fresh weights write one token for ever; larger ones write something to compare."""
    torch.manual_seed(1)
    with torch.no_grad():
        seq2seq.model.shared.weight.mul_(8)
        for parameter in seq2seq.model.decoder.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return seq2seq


@pytest.mark.parametrize("kind", ["t5", "bart", "gpt2"])
@pytest.mark.parametrize("name", CONFIGS)
def test_batches_equal_single_rows_in_input_order(kind, name, tiny, tokenizer):
    seq2seq = made(kind, tiny, tokenizer)
    seeds = [100 + number for number in range(len(ROWS))]
    batched = list(generate(seq2seq, ROWS, CONFIGS[name], seeds=seeds, window=5))
    single = [
        next(generate(seq2seq, [row], CONFIGS[name], seeds=[seed])) for row, seed in zip(ROWS, seeds, strict=True)
    ]
    assert [[c.text for c in row] for row in batched] == [[c.text for c in row] for row in single]
    assert len({c.text for row in batched for c in row}) > len(ROWS) // 2
    for many, one in zip(batched, single, strict=True):
        assert [c.logprob for c in many] == pytest.approx([c.logprob for c in one], abs=1e-3)
        assert len(many) == (CONFIGS[name].num_return_sequences or 1)


@pytest.mark.parametrize("name", CONFIGS)
def test_logprob_is_the_sum_over_the_tokens_as_the_model_scores_them(name, tiny):
    seq2seq = lively(tiny())
    kept = []
    texts = list(generate(seq2seq, ROWS[:4], CONFIGS[name], decode=lambda ids: kept.append(ids) or str(ids)))
    for row, candidates in zip(ROWS[:4], texts, strict=True):
        for candidate in candidates:
            ids = next(ids for ids in kept if str(ids) == candidate.text)
            with torch.no_grad():
                logits = seq2seq.model(
                    input_ids=torch.tensor([row["input_ids"]]), decoder_input_ids=torch.tensor([[0, *ids[:-1]]])
                ).logits[0]
            expected = logits.log_softmax(-1)[range(len(ids)), ids].sum().item()
            assert candidate.logprob == pytest.approx(expected, abs=1e-2)


def test_sampling_depends_on_the_seed_of_the_row(tiny):
    seq2seq = lively(tiny())
    first, other = (list(generate(seq2seq, ROWS, CONFIGS["sample"], seeds=range(s, s + 9))) for s in (0, 50))
    again = list(generate(seq2seq, ROWS, CONFIGS["sample"], seeds=range(9)))
    assert first == again and first != other


def test_rows_stream_through(tiny):
    read = []

    def endless():
        while True:
            read.append(ROWS[len(read) % len(ROWS)])
            yield read[-1]

    results = generate(tiny(), endless(), CONFIGS["greedy"], window=4)
    for _ in range(6):
        next(results)
    assert len(read) == 8


def test_memory_running_out_halves_the_batch_and_says_so(tiny, capsys, monkeypatch):
    seq2seq = lively(tiny())
    expected = list(generate(seq2seq, ROWS, CONFIGS["beams"]))
    plain = seq2seq.model.generate
    sizes = []

    def tight(*args, **kwargs):
        sizes.append(len(kwargs["input_ids"]))
        if sizes[-1] > 3:
            raise torch.OutOfMemoryError("no memory")
        return plain(*args, **kwargs)

    monkeypatch.setattr(seq2seq.model, "generate", tight)
    assert [[c.text for c in row] for row in generate(seq2seq, ROWS, CONFIGS["beams"])] == [
        [c.text for c in row] for row in expected
    ]
    assert max(sizes) == 9 and "out of memory: going on with batches of 4 instead of 9" in capsys.readouterr().err
    monkeypatch.setattr(seq2seq.model, "generate", lambda *a, **k: (_ for _ in ()).throw(torch.OutOfMemoryError()))
    with pytest.raises(InputError, match="Out of memory with one input of"):
        list(generate(seq2seq, ROWS[:1], CONFIGS["greedy"]))


def test_batches_hold_like_lengths_within_the_budget():
    lengths = [rng.randrange(1, 50) for _ in range(200)]
    batches = list(length_batches(lengths, 300))
    assert sorted(i for batch in batches for i in batch) == list(range(200))
    assert all(len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 300 for batch in batches)
    assert sum(len(batch) * max(lengths[i] for i in batch) for batch in batches) < 1.1 * sum(lengths)
    assert list(length_batches([900, 5], 300)) == [[0], [1]]
