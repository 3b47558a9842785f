"""Invented names: record and text stay in step, and only what both have is replaced."""

import random

import pytest

from datatuner.new_names import renamed
from tabtext.record import Record

MILL = [["Calder_Mill", "location", "Norvik"], ["Norvik", "population", "1250"], ["Calder_Mill", "state", "good"]]
TEXT = "Calder Mill in Norvik, a town of 1250, is in good repair; Norvikers love Calder Mill."


def test_names_and_numbers_that_record_and_text_have_change_in_both():
    record, text = renamed(Record.from_triples(MILL, id="a"), TEXT, random.Random(3))
    (mill, town), (_, number) = [(t.subject, t.object) for t in record.triples[:2]]
    assert text == f"{mill} in {town}, a town of {number}, is in good repair; Norvikers love {mill}."
    assert record.triples[1].subject == town and record.triples[2].object == "good" and record.id == "a"
    assert {mill, town, number}.isdisjoint({"Calder Mill", "Norvik", "1250"}) and len(number) == 4


@pytest.mark.parametrize("text", ["It is old.", "CALDER MILL stands at norvik.", "Norvikers love mills."])
def test_what_the_text_does_not_say_as_it_stands_is_kept(text):
    record = Record.from_triples(MILL)
    assert renamed(record, text, random.Random(3)) == (record, text)


def test_the_longer_name_goes_first_and_the_same_seed_gives_the_same_names():
    record = Record.from_triples([["Norvik", "near", "Norvik East"]])
    found, text = renamed(record, "Norvik lies near Norvik East.", random.Random(5))
    near, east = found.triples[0].subject, found.triples[0].object
    assert text == f"{near} lies near {east}."
    assert renamed(record, "Norvik lies near Norvik East.", random.Random(5)) == (found, text)
