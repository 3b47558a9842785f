"""Places and echoes: where in the table a token stands, and what the question says of that place."""

import pytest
import torch
from transformers import T5Config

from gentap.echo import (
    ABOVE,
    ALONE,
    BELOW,
    BETWEEN,
    COLD,
    COOL,
    PARTLY,
    UNSAID,
    WARM,
    WARMEST,
    WHOLLY,
    EchoStack,
    folded_ids,
    look,
)  # fmt: skip

TABLE = TITLE, HEADER, ROW, CELL, VALUE = range(3, 8)
HIGH, LOW = range(8, 10)
GRADES = {"warmth": 4, "near": 4, "name": 3, "said": 3, "asked": 2}


def seen(ids, folded=None):
    ids = torch.tensor([ids])
    return look(ids, ids if folded is None else torch.tensor([folded]), (*TABLE, HIGH, LOW))


def facts(ids, fact, folded=None):
    """One fact of the echo of each token."""
    echo = seen(ids, folded).echo[0].tolist()
    for name, size in reversed(GRADES.items()):
        if name == fact:
            return [number % size for number in echo]
        echo = [number // size for number in echo]
    raise KeyError(fact)


def table(question, rows):
    ids = [*question, TITLE, 30]
    for row in rows:
        ids += [ROW, *row]
    return ids, [i for i, token in enumerate(ids) if token == ROW]


@pytest.mark.parametrize(
    ("question", "rows", "warmth"),
    [
        ([10, 11], [[10, 20], [11, 21], [22, 23]], [WARMEST, WARMEST, COLD]),
        ([10, 11], [[10, 11], [10, 21], [22, 23]], [WARMEST, COOL, COLD]),  # the rarer token is worth more
        ([10, 11, 12], [[10, 11, 12], [21, 11, 12], [22, 23]], [WARMEST, COOL, COLD]),
        ([10, 11, 12], [[10, 11], [12, 20], [22, 23]], [WARMEST, WARM, COLD]),
        ([10], [[10, 20], [10, 21]], [COLD, COLD]),  # every row has it
        ([10, 11], [[10, 10, 10, 20], [11, 21], [22]], [WARMEST, WARMEST, COLD]),  # saying it again is worth nothing
        ([10, 10, 11], [[10, 20], [11, 21], [22]], [WARMEST, WARMEST, COLD]),  # nor is asking it again
        ([29], [[10, 20], [11, 21]], [COLD, COLD]),
    ],
)
def test_rows_that_share_rare_tokens_with_the_question_are_warm(question, rows, warmth):
    ids, starts = table(question, rows)
    found = facts(ids, "warmth")
    assert [found[i] for i in starts] == warmth
    assert all(found[i + 1] == found[i] for i in starts)
    assert set(found[: starts[0]]) == {COLD}


def test_the_neighbours_of_the_warmest_rows_are_told():
    ids, starts = table([10, 11], [[20], [21], [10], [22], [11], [23], [24]])
    found = facts(ids, "near")
    assert [found[i] for i in starts] == [ALONE, ABOVE, ALONE, BETWEEN, ALONE, BELOW, ALONE]
    assert set(found[: starts[0]]) == {ALONE}


def test_tokens_of_the_table_that_the_question_holds_are_told_and_structure_is_not():
    asked = facts([10, 11, TITLE, 10, ROW, 11, CELL, 12, ROW, 13, CELL, 10], "asked")
    assert asked == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1]


def test_tokens_that_fold_alike_are_the_same():
    ids = [10, TITLE, 30, ROW, 11, ROW, 12]
    assert facts(ids, "asked") == [0] * 7
    assert facts(ids, "asked", [10, TITLE, 30, ROW, 10, ROW, 12]) == [0, 0, 0, 0, 1, 0, 0]


def test_cells_are_told_how_much_of_them_the_question_says():
    said = facts([10, 11, TITLE, 29, ROW, 10, CELL, 10, 20, CELL, 21], "said")
    assert said == [UNSAID] * 4 + [WHOLLY] * 2 + [PARTLY] * 3 + [UNSAID] * 2


def test_cells_behind_their_names_are_told_how_much_of_these_the_question_says():
    ids = [10, 11, TITLE, 29, ROW, 10, VALUE, 20, CELL, 11, 12, VALUE, 21, CELL, 13, VALUE, 11, ROW, 10, 11, VALUE, 22]
    assert facts(ids, "name") == [UNSAID] * 4 + [WHOLLY] * 4 + [PARTLY] * 5 + [UNSAID] * 4 + [WHOLLY] * 5


def test_cells_under_a_header_are_told_how_much_of_their_names_the_question_says():
    ids = [10, 11, TITLE, 11, HEADER, 10, CELL, 11, 12, CELL, 13, ROW, 20, CELL, 21, CELL, 11, ROW, CELL, CELL]
    by_column = [WHOLLY, PARTLY, UNSAID]
    assert facts(ids, "name")[4:] == [*[WHOLLY] * 2, *[PARTLY] * 3, *[UNSAID] * 2, *[WHOLLY] * 2, *[PARTLY] * 2,
                                      *[UNSAID] * 2, *by_column]  # fmt: skip


def test_rows_columns_and_orders_have_their_places():
    ids = [10, TITLE, 30, HEADER, 31, CELL, 32, ROW, 20, CELL, HIGH, 21, ROW, CELL, LOW, 22]
    found = seen(ids)
    assert found.row[0].tolist() == [0] * 7 + [1] * 5 + [2] * 4
    assert found.column[0].tolist() == [0] * 3 + [1, 1, 2, 2] + [1, 1, 2, 2, 2] + [1, 2, 2, 2]
    assert found.order[0].tolist() == [0] * 9 + [1, 1, 1] + [0, 2, 2, 2]


@pytest.mark.parametrize(
    ("question", "orders"),
    [
        ([31], [1, 2]),
        ([32], [2, 1]),
        ([31, 32], [2, 1]),  # what is asked last says what by
        ([32, 31], [1, 2]),
        ([33, 31], [1, 2]),  # of the third column little is said
        ([33], [1, 0]),
        ([30], [0, 0]),  # a column without an order
        ([29], [0, 0]),
        ([20], [0, 0]),  # a cell is no name
    ],
)
def test_rows_are_told_their_place_in_the_column_that_is_ordered_by(question, orders):
    header = [HEADER, 30, CELL, 31, CELL, 32, CELL, 33, 34]
    first = [ROW, 20, CELL, HIGH, 21, CELL, LOW, 22, CELL, HIGH, 23]
    second = [ROW, 24, CELL, LOW, 25, CELL, HIGH, 26, CELL, 27]
    ids = [*question, TITLE, 28, *header, *first, *second]
    found = seen(ids).row_order[0].tolist()
    in_front = len(ids) - len(first) - len(second)
    assert found == [0] * in_front + [orders[0]] * len(first) + [orders[1]] * len(second)


def test_padding_and_the_other_inputs_of_a_batch_change_nothing():
    alone = torch.tensor([[10, TITLE, HEADER, 9, ROW, 10, 20, ROW, 21]])
    batch = torch.tensor([[*alone[0].tolist(), 0, 0], [11, 10, TITLE, ROW, 10, 11, ROW, 12, 0, 0, 0]])
    for one, among in zip(look(alone, alone, TABLE), look(batch, batch, TABLE), strict=True):
        assert torch.equal(among[0, :9], one[0])


def test_texts_fold_by_letter_case_and_space_and_nothing_else():
    assert folded_ids([" Year", "year", "YEAR", "y", "", " ", "é", "É", "1"]).tolist() == [0, 0, 0, 3, 4, 5, 6, 6, 8]


def test_tokens_that_are_added_count_as_themselves():
    stack = EchoStack(T5Config(vocab_size=12, d_model=8, d_kv=4, num_heads=2, d_ff=8, num_layers=1), TABLE)
    stack.start(torch.tensor([0, 0]), spread=0.1)
    for size in (14, 5):
        stack.set_input_embeddings(torch.nn.Embedding(size, 8))
        assert stack.folded.tolist() == [0, 0, *range(2, size)]
