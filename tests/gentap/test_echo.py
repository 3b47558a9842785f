"""Echoes: what of a table the question says, as the encoder is told it."""

import pytest
import torch

from gentap.echo import COLD, COOL, NAMED, NAMES, PARTLY, UNNAMED, WARM, WARMEST, echoes

ALL = TITLE, HEADER, ROW, CELL, VALUE = range(3, 8)


def facts(ids):
    """The warmth of each token's row, how much of its cell's name the question says, and whether it holds the token."""
    found = echoes(torch.tensor([ids]), ALL)[0]
    return (found // (2 * NAMES)).tolist(), (found // 2 % NAMES).tolist(), (found % 2).tolist()


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
    found, _, _ = facts(ids)
    starts = [i for i, token in enumerate(ids) if token == ROW]
    assert [found[i] for i in starts] == warmth
    assert all(found[i + 1] == found[i] for i in starts)
    assert set(found[: starts[0]]) == {COLD}


def test_tokens_of_the_table_that_the_question_holds_are_told_and_structure_is_not():
    _, _, asked = facts([10, 11, TITLE, 10, ROW, 11, CELL, 12, ROW, 13, CELL, 10])
    assert asked == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1]


def test_cells_are_told_how_much_of_their_name_the_question_says():
    ids = [10, 11, TITLE, 9, ROW, 10, VALUE, 20, CELL, 11, 12, VALUE, 21, CELL, 13, VALUE, 11, ROW, 10, 11, VALUE, 22]
    _, named, _ = facts(ids)
    assert named == [UNNAMED] * 4 + [NAMED] * 4 + [PARTLY] * 5 + [UNNAMED] * 4 + [NAMED] * 5


def test_cells_without_names_have_none():
    _, named, _ = facts([10, 11, TITLE, 9, HEADER, 10, CELL, 11, ROW, 10, CELL, 11])
    assert set(named) == {UNNAMED}


def test_padding_and_the_other_inputs_of_a_batch_change_nothing():
    alone = torch.tensor([[10, TITLE, ROW, 10, 20, ROW, 21]])
    batch = torch.tensor([[10, TITLE, ROW, 10, 20, ROW, 21, 0, 0], [11, TITLE, ROW, 10, 11, 0, 0, 0, 0]])
    assert torch.equal(echoes(batch, ALL)[0, :7], echoes(alone, ALL)[0])
