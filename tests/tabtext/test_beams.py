"""Our beam search against transformers' own, and searches that must say phrases against trying everything."""

import itertools

import pytest

torch = pytest.importorskip("torch")

from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

import tabtext.generation as generation
from tabtext.beams import PromptDecoder, understands
from tabtext.constrained import ConstrainedPrompt, constrained_search
from tabtext.diverse import DiverseSearch, diverse_candidates
from tabtext.generation import generate
from tabtext.models import Seq2Seq

LIMIT = 9


class Ending(GPT2LMHeadModel):
    """A GPT-2 that likes to come to an end, some hypotheses earlier than others."""

    def forward(self, input_ids=None, token_type_ids=None, position_ids=None, attention_mask=None, **kwargs):
        given = {"token_type_ids": token_type_ids, "position_ids": position_ids, "attention_mask": attention_mask}
        output = super().forward(input_ids, **given, **kwargs)
        output.logits[..., 1] += 3.0
        return output


@pytest.fixture(scope="module")
def gpt2(tokenizer):
    torch.manual_seed(3)
    config = GPT2Config(
        vocab_size=40, n_positions=64, n_embd=32, n_layer=2, n_head=2, bos_token_id=None, eos_token_id=1,
        pad_token_id=0, initializer_range=0.35,
    )  # fmt: skip
    return Seq2Seq(Ending(config).eval(), tokenizer)


def prompts(count=7):
    for number in range(count):
        ids = [3 + (7 * number + 5 * place) % 35 for place in range(2 + number % 4)]
        yield {"input_ids": ids, "token_type_ids": [3 + number] * len(ids)}


def config_of(**settings):
    return GenerationConfig(max_new_tokens=LIMIT, eos_token_id=1, **settings)


@pytest.mark.parametrize("settings", [
    {"num_beams": 1},
    {"num_beams": 3, "num_return_sequences": 3},
    {"num_beams": 4, "num_return_sequences": 4, "early_stopping": True},
    {"num_beams": 5, "num_return_sequences": 2, "length_penalty": 0.3},
    {"num_beams": 2, "num_return_sequences": 2, "length_penalty": 0.0},
])  # fmt: skip
def test_beams_are_those_of_transformers(gpt2, settings, monkeypatch):
    config = config_of(**settings)
    assert understands(config)
    decode = list  # ids, not texts
    ours = list(generate(gpt2, prompts(), config, decode=decode))
    monkeypatch.setattr(generation, "understands", lambda config: False)
    theirs = list(generate(gpt2, prompts(), config, decode=decode))
    assert [[one.text for one in found] for found in ours] == [[one.text for one in found] for found in theirs]
    for one, other in zip(itertools.chain(*ours), itertools.chain(*theirs), strict=True):
        assert one.logprob == pytest.approx(other.logprob, abs=1e-4)
    lengths = {len(one.text) for found in ours for one in found}
    assert len(lengths) > 2, "the inputs are done at different steps"


def test_a_batch_finds_what_single_prompts_find_whatever_the_padding(gpt2):
    config = config_of(num_beams=3, num_return_sequences=3)
    together = list(generate(gpt2, prompts(), config, decode=list))
    alone = [next(generate(gpt2, [prompt], config, decode=list)) for prompt in prompts()]
    assert [[one.text for one in found] for found in together] == [[one.text for one in found] for found in alone]


def plain_logprob(gpt2, prompt, ids):
    """The log-probability of ids after a prompt, without cache, padding or `generate`."""
    whole = torch.tensor([prompt["input_ids"] + ids])
    states = torch.tensor([prompt["token_type_ids"] + prompt["token_type_ids"][-1:] * len(ids)])
    with torch.no_grad():
        logprobs = gpt2.model(whole, token_type_ids=states).logits[0].log_softmax(-1)
    start = len(prompt["input_ids"]) - 1
    return sum(float(logprobs[start + place, token]) for place, token in enumerate(ids))


@pytest.mark.parametrize("settings", [{"num_beams": 3}, {"num_beams": 1}, {"do_sample": True, "top_k": 0}])
def test_positions_and_states_are_right_behind_left_padding(gpt2, settings):
    """generate() works them out by itself; a plain forward on left-padded rows would be wrong."""
    for prompt, found in zip(prompts(), generate(gpt2, prompts(), config_of(**settings), decode=list), strict=True):
        assert found[0].logprob == pytest.approx(plain_logprob(gpt2, prompt, found[0].text), abs=1e-3)


@pytest.mark.parametrize("settings", [
    {"num_beams": 3, "no_repeat_ngram_size": 2}, {"num_beams": 2, "do_sample": True}, {"repetition_penalty": 1.2},
])  # fmt: skip
def test_what_our_search_does_not_know_goes_to_transformers(settings):
    assert not understands(config_of(**settings))
    assert not understands(GenerationConfig(num_beams=2))  # no limit


def test_rows_split_and_go_on_from_rows_of_before(gpt2):
    [prompt] = prompts(1)
    decoder = PromptDecoder(gpt2, [prompt])
    with torch.inference_mode():
        decoder.start()
        decoder.step(torch.tensor([0, 0, 0]), torch.tensor([5, 6, 7]))
        scores = decoder.step(torch.tensor([2, 0]), torch.tensor([8, 9]))
    for row, ids in enumerate(([7, 8], [5, 9])):
        expected = plain_logprob(gpt2, prompt, [*ids, 4]) - plain_logprob(gpt2, prompt, ids)
        assert float(scores[row, 4]) == pytest.approx(expected, abs=1e-4)


def test_diverse_groups_search_with_language_models_too(gpt2):
    search = DiverseSearch(groups=4, strength=3.0, min_length=1, max_length=LIMIT)
    found = list(diverse_candidates(gpt2, prompts(), search, decode=list))
    greedy = list(generate(gpt2, prompts(), config_of(num_beams=1), decode=list))
    assert [its[0].text for its in found] == [its[0].text for its in greedy]
    for prompt, its in zip(prompts(), found, strict=True):
        assert len({tuple(one.text) for one in its}) > 1
        assert its[-1].logprob == pytest.approx(plain_logprob(gpt2, prompt, its[-1].text), abs=1e-3)


def has(ids, wording):
    return any(ids[i : i + len(wording)] == list(wording) for i in range(len(ids)))


PHRASES = ([[[5]]], [[[5, 6, 7]]], [[[5, 6]], [[8, 9]]], [[[5, 6], [5, 7, 8]], [[30]]], [[[5, 5, 6]]])


@pytest.mark.parametrize("phrases", PHRASES)
def test_a_constrained_search_says_every_phrase(gpt2, phrases):
    wanted = [ConstrainedPrompt(prompt, phrases) for prompt in prompts()]
    for prompt, found in zip(prompts(), constrained_search(gpt2, wanted, beams=8, limit=14), strict=True):
        assert found
        for ids, logprob in found:
            assert ids[-1] == 1 and all(any(has(ids, wording) for wording in phrase) for phrase in phrases)
            assert logprob == pytest.approx(plain_logprob(gpt2, prompt, ids), abs=1e-3)


def test_with_beams_for_all_the_constrained_search_finds_the_likeliest(gpt2):
    """Of all sequences of two tokens and an end that hold token 5."""
    [prompt] = prompts(1)
    [found] = constrained_search(gpt2, [ConstrainedPrompt(prompt, [[[5]]])], beams=200, limit=3, length_penalty=0.0)
    everything = [[first, second, 1] for first in range(40) for second in range(40) if 1 not in (first, second)]
    wanted = [ids for ids in [*everything, [5, 1]] if 5 in ids]
    best = max(wanted, key=lambda ids: plain_logprob(gpt2, prompt, ids))
    assert found[0].ids == best


def test_without_phrases_it_is_a_plain_beam_search_and_without_room_nothing(gpt2):
    [prompt] = prompts(1)
    [found] = constrained_search(gpt2, [ConstrainedPrompt(prompt, [])], beams=4, limit=LIMIT)
    assert found
    assert constrained_search(gpt2, [ConstrainedPrompt(prompt, [[[5, 6, 7, 8]]])], beams=4, limit=4) == [[]]


@pytest.mark.parametrize("batch_tokens", [1, 40, 4096])
def test_constrained_searches_find_the_same_alone_and_in_any_batch(gpt2, batch_tokens):
    wanted = [ConstrainedPrompt(*pair) for pair in zip(prompts(10), itertools.cycle([*PHRASES, []]))]
    alone = [constrained_search(gpt2, [one], beams=5, limit=14)[0] for one in wanted]
    together = constrained_search(gpt2, wanted, beams=5, limit=14, batch_tokens=batch_tokens)
    assert [[one.ids for one in found] for found in together] == [[one.ids for one in found] for found in alone]
    for one, other in zip(itertools.chain(*together), itertools.chain(*alone), strict=True):
        assert one.logprob == pytest.approx(other.logprob, abs=1e-4)
