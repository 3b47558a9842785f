"""A grammar samples what it parses; one that cannot be walked is refused by name."""

import random
import re

import pytest

from tabtext.errors import InputError
from tabtext.grammar import compile_grammar, load
from tabtext.regexes import regex_sampler
from tabtext.tokens import TokenLexer

REFUSED = [
    ('start: a\na: "x" a', "rule 'a' never ends"),
    ('start: a | "y"\na: b "x"\nb: a', "rule 'a' never ends"),
    ('start: "x"\nlost: "y"', "rule 'lost' is never reached"),
    ("start: X\nX: /a(?=b)/", "terminal X cannot be sampled: none of"),
    ("start: X\nX: /(a|b)\\1/", "terminal X cannot be sampled: it uses groupref"),
    ("start: X", "not a grammar"),
]


@pytest.mark.parametrize("text, complaint", REFUSED)
def test_what_cannot_be_walked_is_refused(text, complaint):
    with pytest.raises(InputError, match=re.escape(complaint)):
        compile_grammar(text, "test.lark")


def test_two_readings_of_one_text_are_refused():
    with pytest.raises(InputError, match="without doubt"):
        compile_grammar('start: a | b\na: "x"\nb: "x"', lexer=TokenLexer)


def test_an_unknown_grammar_names_those_that_ship():
    with pytest.raises(InputError, match=r"known: .*question"):
        load("questoin")


@pytest.mark.parametrize(
    "pattern", [r"\d+", r"[^\"\n]{2,4}", r"a|bc?|(d|e)+", r"[A-F]x*?.", r"\w\W\s", r"'(?:[^']|'(?!;))*'"]
)
def test_samples_match_their_pattern(pattern):
    sampler, rng = regex_sampler(pattern), random.Random(1)
    samples = [sampler(rng) for _ in range(200)]
    assert all(re.fullmatch(pattern, sample) for sample in samples)
    assert len(set(samples)) > 5


def test_samples_parse_and_depend_on_the_seed_alone():
    grammar = compile_grammar('start: item ("," item)*\nitem: WORD "=" DIGITS\nWORD: /[a-z]+/\nDIGITS: /[0-9]{1,3}/')
    samples = [grammar.sample(random.Random(seed)) for seed in range(100)]
    assert samples == [grammar.sample(random.Random(seed)) for seed in range(100)]
    assert all(grammar.parse(sample).data == "start" for sample in samples)
    assert len(set(samples)) > 90


def test_deep_grammars_end():
    grammar = compile_grammar('start: "(" start start ")" | "x"')
    assert all(len(grammar.sample(random.Random(seed), max_depth=4)) < 200 for seed in range(200))


def test_one_rule_can_be_sampled():
    grammar = compile_grammar('start: a b\na: "x"\nb: "y" "z"')
    assert grammar.sample(random.Random(0), "b") == "yz"
    with pytest.raises(InputError, match="Unknown rule 'c'; known: a, b, start"):
        grammar.sample(random.Random(0), "c")


@pytest.mark.parametrize("name", ["mr", "question"])
def test_the_grammars_that_ship_can_be_sampled(name):
    grammar = load(name, lexer=TokenLexer if name == "question" else None)
    assert len({grammar.sample(random.Random(seed)) for seed in range(50)}) > 40


def test_literals_of_several_words_share_their_beginnings():
    grammar = compile_grammar('start: "what is" | "what is the" "sum"', lexer=TokenLexer)
    assert set(grammar.words) == {"what", "is", "the", "sum"}
    assert {grammar.sample(random.Random(seed)) for seed in range(20)} == {"whatis", "whatisthesum"}
