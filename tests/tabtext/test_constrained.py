"""The constrained search goes on with what may be said, and with nothing else."""

from math import inf

import numpy as np

from tabtext.constrained import _Running, _Search


def test_what_is_ruled_out_is_neither_said_nor_an_end():
    search = _Search(phrases=[[[4]], [[2]]], beams=4, end=0, running=[_Running((1,), 0.0, 0, frozenset((0, 1)))])
    search.advance(np.array([[-inf, -inf, -0.5, -inf, -inf]]), [[2, 0, 1, 3]])
    assert not search.ended
    assert [each.ids for each in search.running] == [(1, 2)]


def test_a_phrase_that_is_ruled_out_is_not_forced():
    search = _Search(phrases=[[[4]]], beams=4, end=0, running=[_Running((1,), 0.0, 0)])
    search.advance(np.array([[-0.2, -1.0, -0.5, -inf, -inf]]), [[0, 2, 1, 3]])
    assert {each.ids[-1] for each in search.running} == {1, 2}
