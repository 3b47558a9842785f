"""Echoes: what of a table the question says, as the encoder is told it."""

import pytest
import torch

from gentap.echo import COLD, COOL, WARM, WARMEST, echoes

TITLE, ROW, CELL = 3, 4, 5
ALL = (TITLE, ROW, CELL)


def grades(ids):
    """The warmth of each token's row, and whether the question holds the token."""
    found = echoes(torch.tensor([ids]), ALL, ROW)[0]
    return (found // 2).tolist(), (found % 2).tolist()


@pytest.mark.parametrize(
    ("question", "rows", "warmth"),
    [
        ([10, 11], [[10, 20], [11, 21], [22, 23]], [WARMEST, WARMEST, COLD]),
        ([10, 11], [[10, 11], [10, 21], [22, 23]], [WARMEST, COOL, COLD]),  # the rarer token is worth more
        ([10, 11, 12], [[10, 11, 12], [21, 11, 12], [22, 23]], [WARMEST, COOL, COLD]),
        ([10, 11, 12], [[10, 11], [12, 20], [22, 23]], [WARMEST, WARM, COLD]),
        ([10], [[10, 20], [10, 21]], [COLD, COLD]),  # every row has it
        (
            [10, 11],
            [[10, 10, 10, 20], [11, 21], [22]],
            [WARMEST, WARMEST, COLD],
        ),  # and saying it again is worth nothing
        ([9], [[10, 20], [11, 21]], [COLD, COLD]),
    ],
)
def test_rows_that_share_rare_tokens_with_the_question_are_warm(question, rows, warmth):
    ids = [*question, TITLE, 30]
    for row in rows:
        ids += [ROW, *row]
    found, _ = grades(ids)
    starts = [i for i, token in enumerate(ids) if token == ROW]
    assert [found[i] for i in starts] == warmth
    assert all(found[i + 1] == found[i] for i in starts)
    assert set(found[: starts[0]]) == {COLD}


def test_tokens_of_the_table_that_the_question_holds_are_told_and_structure_is_not():
    _, asked = grades([10, 11, TITLE, 10, ROW, 11, CELL, 12, ROW, 13, CELL, 10])
    assert asked == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1]


def test_padding_and_the_other_inputs_of_a_batch_change_nothing():
    alone = torch.tensor([[10, TITLE, ROW, 10, 20, ROW, 21]])
    batch = torch.tensor([[10, TITLE, ROW, 10, 20, ROW, 21, 0, 0], [11, TITLE, ROW, 10, 11, 0, 0, 0, 0]])
    assert torch.equal(echoes(batch, ALL, ROW)[0, :7], echoes(alone, ALL, ROW)[0])
