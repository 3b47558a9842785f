"""Reranking is stable and takes any scorer."""

import math

import pytest

from tabtext.candidates import Candidate, rerank

CANDIDATES = [Candidate(text, logprob) for text, logprob in (("aa", -1.0), ("b", -2.0), ("cc", -3.0), ("d", -4.0))]


@pytest.mark.parametrize(
    ("scores", "order"),
    [
        ([0, 0, 0, 0], "aa b cc d"),
        ([1, 2, 1, 2], "b d aa cc"),
        ([math.nan, 1, math.nan, 2], "d b aa cc"),
        ([-math.inf, 0, math.inf, math.nan], "cc b aa d"),
    ],
)
def test_best_first_ties_keep_their_order_no_verdict_last(scores, order):
    ranked = rerank("source", CANDIDATES, lambda source, texts: scores)
    assert [candidate.text for candidate in ranked] == order.split()


def test_the_scorer_sees_source_and_texts():
    seen = []
    rerank({"id": 7}, CANDIDATES, lambda source, texts: seen.append((source, list(texts))) or [0.0] * len(texts))
    assert seen == [({"id": 7}, ["aa", "b", "cc", "d"])]


def test_no_candidates_need_no_scorer_and_a_wrong_count_is_an_error():
    assert rerank("source", [], lambda source, texts: 1 / 0) == []
    with pytest.raises(ValueError, match="3 scores for 4 candidates"):
        rerank("source", CANDIDATES, lambda source, texts: [1.0, 2.0, 3.0])


def test_candidates_are_frozen():
    with pytest.raises(AttributeError):
        CANDIDATES[0].text = "other"
