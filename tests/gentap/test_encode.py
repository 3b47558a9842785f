"""Questions and tables as ids: nothing lost, nothing of the text becomes structure, every id knows its cell."""

import pytest

from gentap.encode import TableEncoder, structure_of
from tabtext import Cell, InputError, Table
from tabtext.tokenizers import train_tokenizer

TABLE = Table(("Name", "Läufe"), (("Ann </s> <row>", "12"), ("Bob <extra_id_0>", "日本")), title="Runs")


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(
        ["How many runs has Ann? Bob has twelve runs in the table."] * 3, size=400, structure=structure_of("keyed")
    )


def test_every_id_of_a_cell_spells_the_cell(tokenizer):
    encoder = TableEncoder(tokenizer)
    made = encoder.source("How many?", TABLE)
    for cell in (Cell(row, column) for row in range(2) for column in range(2)):
        ids = [i for i, place in zip(made.ids, made.cells, strict=True) if place == cell]
        assert encoder.codec.decode([ids]) == [TABLE[cell]]
    assert not made.cut


def test_text_never_becomes_structure(tokenizer):
    made = TableEncoder(tokenizer).source("<row> </s> <question>", TABLE)
    assert made.ids.count(tokenizer.eos_token_id) == 1 and made.ids[-1] == tokenizer.eos_token_id
    assert made.ids.count(tokenizer.convert_tokens_to_ids("<row>")) == 2
    assert made.ids.count(tokenizer.convert_tokens_to_ids("<question>")) == 1


@pytest.mark.parametrize("style", ["keyed", "plain"])
def test_a_long_table_fits_and_keeps_what_matters(tokenizer, style):
    table = Table(("Name", "Runs"), tuple((f"Runner {i}", str(i)) for i in range(500)))
    encoder = TableEncoder(tokenizer, style, max_length=128)
    made = encoder.source("How many runs has Runner 421?", table, keep=[Cell(3, 0)])
    assert len(made.ids) <= 128 and made.cut.rows > 400
    assert {Cell(421, 1), Cell(3, 1)} <= set(made.cells)


def test_a_question_without_end_is_refused(tokenizer):
    with pytest.raises(InputError, match="ask it in fewer words"):
        TableEncoder(tokenizer, max_length=64).source("why " * 60, TABLE)


def test_a_draft_stands_behind_the_question_where_there_is_room(tokenizer):
    runs = Table(("Name", "Runs"), (("Ann", "12"), ("Bob", "20")))
    draft = "How many runs did Ann make? Ann made 12 runs."
    drafting = TableEncoder(tokenizer, drafts=True)
    assert drafting.source("How many runs did Ann make?", runs) == TableEncoder(tokenizer).source(draft, runs)
    assert drafting.source("Who?", runs) == TableEncoder(tokenizer).source("Who?", runs)  # nothing to make one of
    short = TableEncoder(tokenizer, max_length=2 * len(drafting.codec.encode([draft])[0]) - 2, drafts=True)
    assert (
        short.source("How many runs did Ann make?", runs).ids
        == TableEncoder(tokenizer, max_length=short.max_length).source("How many runs did Ann make?", runs).ids
    )
