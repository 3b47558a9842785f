"""Records told fact by fact: where a fact ends, and which of its words are the predicate."""

import pytest

from tabtext.corpora.told_records import read_told

LINES = [
    "Calder Mill founded by Otto Brandt. Calder Mill number of rooms 12",
    "University of Norvik number of rooms 300",
    "Ada B. Stone Hall architect H. G. Lind. Ada B. Stone Hall number of rooms 9",
    "Norvik United league Serie C. Serie C country Osk. Norvik United number of rooms 4",
    "Blue Night genre Punk blues. Punk blues stylistic origin Garage rock",
    "Osk language language code eng",
    "Nothing Told Here",
]


@pytest.mark.parametrize(
    ("number", "facts"),
    [
        (1, [("Calder Mill", "founded by", "Otto Brandt"), ("Calder Mill", "number of rooms", "12")]),
        (2, [("University of Norvik", "number of rooms", "300")]),
        (3, [("Ada B. Stone Hall", "architect", "H. G. Lind"), ("Ada B. Stone Hall", "number of rooms", "9")]),
        (4, [("Norvik United", "league", "Serie C"), ("Serie C", "country", "Osk"),
             ("Norvik United", "number of rooms", "4")]),
        (5, [("Blue Night", "genre", "Punk blues"), ("Punk blues", "stylistic origin", "Garage rock")]),
        (7, []),
    ],
)  # fmt: skip
def test_facts(number, facts):
    record = read_told(LINES)[number - 1]
    assert [tuple(triple) for triple in record.triples] == facts and record.id == str(number)
