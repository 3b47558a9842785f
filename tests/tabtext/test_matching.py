"""Cells are found in sentences as people write them, at the right characters, and only there."""

import pytest

from tabtext.folding import fold, fold_key
from tabtext.matching import TableMatcher, match_cells
from tabtext.table import Table


def table_of(*cells):
    return Table.from_rows([[f"c{i}" for i in range(len(cells))], cells])


FOUND = [
    # cell, sentence, what is found there, how
    ("Storm petrel", "The Storm petrel nests here.", "Storm petrel", "verbatim"),
    ("Storm petrel", "A storm petrel nests here.", "storm petrel", "folded"),
    ("Storm petrel", "Storm petrels nest here.", "Storm petrels", "inflected"),
    ("cliffs", "It nests on a cliff.", "cliff", "inflected"),
    ("Mira", "Mira's role was small.", "Mira", "verbatim"),
    ("Won", "She was the winner that night.", "winner", "inflected"),
    ("Café Zoë", "He owns Cafe\u0301 Zoe\u0308 now.", "Cafe\u0301 Zoe\u0308", "folded"),
    ("Cafe\u0301 Zoe\u0308", "He owns Café Zoë now.", "Café Zoë", "folded"),
    ("İstanbul", "İİ: in İstanbul it rained.", "İstanbul", "verbatim"),
    ("İstanbul", "İİ: in istanbul it rained.", "istanbul", "folded"),
    ("STRASSE", "Die Straße 😀 ist lang.", "Straße", "folded"),
    ("Oman", "😀😀 Oman and Romania.", "Oman", "verbatim"),
    ("“Blue” Hill", 'The "blue" hill is high.', 'blue" hill', "folded"),
    ("Foo  Bar", "Some Foo\u00a0Bar there.", "Foo\u00a0Bar", "folded"),
    ("Paris (France)", "They met in Paris in May.", "Paris", "name"),
    ("Paris (France)", "They met in Paris (France).", "Paris (France)", "verbatim"),
    ("Paris[a]", "They met in Paris.", "Paris", "folded"),
    ("Josiah Crane", "It was Crane who spoke.", "Crane", "surname"),
    ("Norwich, England", "He was born in Norwich.", "Norwich", "part"),
    ("東京", "彼は東京に行った。", "東京", "verbatim"),
    ("שלום", "הוא אמר שלום לכולם.", "שלום", "verbatim"),
    ("1,234", "There were 1,234 of them.", "1,234", "verbatim"),
    ("1,234", "There were 1234 of them.", "1234", "number"),
    ("1234", "There were 1,234 of them.", "1,234", "number"),
    ("$5.2m", "It cost $5.2 million in all.", "$5.2 million", "number"),
    ("5,200,000", "It cost 5.2 million in all.", "5.2 million", "number"),
    ("12 %", "Some 12 percent agreed.", "12 percent", "number"),
    ("12%", "Some 12 % agreed.", "12 %", "number"),
    ("12", "The twelve of them agreed.", "twelve", "number"),
    ("3rd", "They came third.", "third", "number"),
    ("3", "They came 3rd.", "3rd", "rank"),
    ("1 January 2001", "On January 1, 2001, it rained.", "January 1, 2001", "date"),
    ("2001-01-01", "On 1 January 2001 it rained.", "1 January 2001", "date"),
    ("January 1, 2001", "On 1st of January 2001 it rained.", "1st of January 2001", "date"),
    ("1 January 2001", "It rained in January 2001.", "January 2001", "date part"),
    ("1 January 2001", "It rained on January 1.", "January 1", "date part"),
    ("1 January 2001", "It rained in 2001.", "2001", "year"),
    ("May 2001", "It rained on 5 May 2001.", "5 May 2001", "date part"),
    ("2–1", "They won 2-1 at home.", "2-1", "pair"),
    ("2001–05", "He served from 2001 to 2005.", "2001 to 2005", "pair"),
    ("2001–2005", "He came in 2001.", "2001", "year"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "sentence", "found", "how"), FOUND)
def test_a_cell_is_found_where_it_stands(cell, sentence, found, how):
    matches = match_cells(sentence, table_of(cell))
    assert (sentence[matches[0].start : matches[0].end], matches[0].how) == (found, how)
    assert matches[0].cell == (0, 0)


NOT_FOUND = [
    ("Oman", "Romania is a country."),
    ("Oman", "The Omani came."),
    ("12", "There were 12,000 of them."),
    ("12", "There were 1,12 of them."),
    ("12", "It happened on 12 May 2001."),
    ("2.5", "It was 12.5 long."),
    ("5", "It was 2.5 long."),
    ("2", "They won 2-1."),
    ("2–1", "They won 12-1."),
    ("1 January 2001", "On 2 January 2001 it rained."),
    ("May 2001", "It may rain in 2002."),
    ("", "An empty cell says nothing."),
    ("—", "A dash — says nothing."),
    ("n/a", "It is n/a."),
    ("😀", "No 😃 here."),
    ("Mira", ""),
]


@pytest.mark.parametrize(("cell", "sentence"), NOT_FOUND)
def test_what_only_looks_like_a_cell_is_not_found(cell, sentence):
    assert match_cells(sentence, table_of(cell)) == []


def test_what_lies_in_a_longer_match_is_left_out():
    table = Table.from_rows([["Club", "City"], ["Velmar United", "Velmar"], ["Ostmark", "Hallam"]])
    assert [tuple(m.cell) for m in match_cells("They met Velmar United.", table)] == [(0, 0)]
    assert [tuple(m.cell) for m in match_cells("Velmar United of Velmar won.", table)] == [(0, 0), (0, 1)]


RACES = Table.from_rows(
    [
        ["Year", "Winner", "Country", "Time"],
        ["2011", "Daniel Kiprop", "Kenya", "1:03:12"],
        ["2012", "Yared Tesfaye", "Ethiopia", "1:02:48"],
        ["2013", "Daniel Kiprop", "Kenya", "1:02:59"],
        ["2015", "Yared Tesfaye", "Ethiopia", "1:02:31"],
    ]
)


@pytest.mark.parametrize(
    ("sentence", "row", "columns"),
    [
        ("Daniel Kiprop of Kenya won in 2013.", 2, [0, 1, 2]),
        ("In 2012 the winner was Yared Tesfaye.", 1, [0, 1]),
        ("Tesfaye, from Ethiopia, needed 1:02:31.", 3, [1, 2, 3]),
        ("Kenya won.", 0, [2]),
    ],
)
def test_the_row_with_the_most_and_rarest_cells(sentence, row, columns):
    best = TableMatcher(RACES).best_row(sentence)
    assert best is not None
    assert (best.row, [cell.column for cell in best.cells]) == (row, columns)


def test_no_cell_no_row():
    assert TableMatcher(RACES).best_row("It rained.") is None
    assert TableMatcher(Table.from_rows([["A"]])).best_row("It rained.") is None


def test_the_same_span_counts_for_one_cell_of_a_row():
    table = Table.from_rows([["A", "B"], ["Ostmark", "Ostmark"]])
    best = TableMatcher(table).best_row("Ostmark was there.")
    assert best is not None and len(best.matches) == 1


@pytest.mark.parametrize(
    "text", ["plain", "İİ x", "Straße", "e\u0301t  é", "\u200bA\u00adB", "ﬁn ½ ²", "한국 नमस्ते 😀", ""]
)
def test_folded_text_knows_its_way_back(text):
    folded = fold(text)
    assert fold_key(folded.text) == fold_key(text)
    if folded.offsets is not None:
        assert len(folded.offsets) == len(folded.text) + 1
        assert list(folded.offsets) == sorted(folded.offsets)
    for index in range(len(folded.text)):
        start, end = folded.span(index, index + 1)
        assert 0 <= start <= end <= len(text)
