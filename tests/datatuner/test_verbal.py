"""Rules that say records: every fact once, in sentences, whatever the predicates are."""

import pytest
from restaurants import EXAMPLES

from datatuner.verbal import lexicon, said
from datatuner.verbal.values import at_time, decapitalised, joined, plain, with_article, with_the
from tabtext.record import Record
from tabtext.slots import check


@pytest.mark.parametrize(
    ("triples", "text"),
    [
        (
            [("Ada", "employer", "Acme"), ("Ada", "birthYear", "1985"), ("Acme", "city", "Leeds")],
            "Ada was born in 1985 and works for Acme, which is located in Leeds.",
        ),
        (
            [("Alan_Bean", "birthPlace", "Wheeler,_Texas"), ("Alan_Bean", "birthDate", "1932-03-15")],
            "Alan Bean was born in Wheeler, Texas on 15 March 1932.",
        ),
        (
            [("AIDS_(journal)", "publisher", "Elm"), ("AIDS_(journal)", "country", "United_Kingdom")],
            "AIDS is published by Elm and comes from the United Kingdom.",
        ),
        (
            [("Perth", "country", "Chad"), ("Kings Park", "city", "Perth"), ("Kings Park", "country", "Chad")],
            "Kings Park is located in Perth, Chad. Perth is located in Chad.",
        ),
        ([("Hall", "height", '"28.0"(metres)')], "Hall has a height of 28 metres."),
        ([("Port", "elevationAboveTheSeaLevel_(in_metres)", "34.0")], "Port lies 34 metres above sea level."),
        ([("X2", "colour", "Red"), ("X2", "price", "$49")], "X2 is red and costs $49."),
        ([("A", "genre", "Jazz"), ("A", "birthYear", "1950")], "A performs jazz music and was born in 1950."),
        ([("A", "genre", "Jazz"), ("A", "author", "B")], "A belongs to the genre jazz and was written by B."),
        ([("E", "language", "Cornish language")], "E has the Cornish language."),
        ([("Ann", "occupation", "Actor"), ("Ann", "occupation", "Engineer")], "Ann works as an actor and an engineer."),
        ([("United States", "leader", "Ann")], "The United States is led by Ann."),
        ([("iPhone", "maker", "Apple Inc.")], "iPhone is made by Apple Inc."),
        ([("E", "open", "yes"), ("E", "was_built_in", "1963")], "E is open and was built in 1963."),
        ([("E", "allowsDogs", "no"), ("E", "hasPool", "false")], "E does not allow dogs and has no pool."),
        ([("A", "repaired_by", "Bo"), ("A", "competes against", "C")], "A is repaired by Bo and competes against C."),
        ([("A", "founded_on", "2 May 1990")], "A was founded on 2 May 1990."),
        ([("A", "lead singer of", "The Elms")], "A is the lead singer of The Elms."),
        ([("A", "numberOfWindows", "9"), ("A", "turrets", "2")], "A has 9 windows and has 2 turrets."),
        ([("A", "tare weight", "3 t")], "A has a tare weight of 3 t."),
        ([("A", "plot twist", "he did it")], "A's plot twist is he did it."),
        ([("A", "friend", "B"), ("A", "friend", "C")], "A's friends are B and C."),
        ([("A", "price", "5"), ("A", "moral", "x"), ("A", "foe", "B")], "A costs 5. Its moral is x and its foe is B."),
        ([("A", "population", "5"), ("B", "population", "5")], "A has a population of 5. B has a population of 5."),
    ],
)  # fmt: skip
def test_triples_are_said(triples, text):
    record = Record.from_triples(triples)
    assert said(record) == text
    assert check(record, text).errors == 0


@pytest.mark.parametrize(
    ("meaning", "text"),
    [
        (
            "name[Elm], eatType[pub], food[Thai], familyFriendly[no], near[Oak]",
            "Elm is a pub, serves Thai food and is not family friendly. It is near Oak.",
        ),
        (
            "name[Elm], priceRange[less than £20], priceRange[high], area[riverside]",
            "Elm has a price range of less than £20 and has a high price range, and is in the riverside area.",
        ),
        ("food[Thai]", "It serves Thai food."),
        ("name[Elm]", "It is Elm."),
        ("request(has_multiplayer[])", "What about its multiplayer?"),
        ("request(name[Elm], has_multiplayer[])", "What about Elm's multiplayer?"),
        ("inform(name[Elm], eatType[], food[Thai])", "Elm serves Thai food."),
        ("confirm(name[Elm], release_year[2001])", "Elm was released in 2001."),
    ],
)
def test_slots_are_said(meaning, text):
    assert said(Record.from_mr(meaning)) == text


def test_a_record_without_facts_says_its_act_and_empty_values_are_left_out():
    assert said(Record((), "goodbye")) == "Goodbye."
    assert said(Record.from_triples([("E", "empty", ""), ("E", "country", "Chad")])) == "E is located in Chad."


def test_two_facts_of_one_predicate_are_both_said_and_checked():
    record = Record.from_triples([("", "Team", "Kestrels"), ("", "Goal", "Ann"), ("", "Goal", "Bo")])
    text = said(record)
    assert check(record, text).errors == 0
    assert check(record, text.replace(" and Bo", "")).errors == 1


def test_what_is_said_passes_the_checker():
    for example in EXAMPLES:
        assert check(example.record, said(example.record)).errors == 0


def test_things_that_speak_of_each_other_end():
    text = said(Record.from_triples([("A", "spouse", "B"), ("B", "spouse", "A"), ("C", "near", "C")]))
    assert text == "C is near C. A is married to B, who is married to A."


def test_the_lexicon_has_every_predicate_once_and_places_for_values():
    known = lexicon._lexicon()
    assert len(known) > 800
    for predicate, kinds in known.items():
        assert predicate == " ".join(predicate.lower().split()), predicate
        for kind, phrases in kinds.items():
            assert kind in (lexicon.ANY, lexicon.PERSON, lexicon.MADE), predicate
            assert all(
                sum(phrase.count(form) for form in ("{}", "{low}", "{a}", "{the}", "{on}")) == 1 for phrase in phrases
            )


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (plain("120 million (Australian dollars)"), "120 million australian dollars"),
        (plain("2010-13-01"), "2010-13-01"),
        (at_time("2010"), "in 2010"),
        (at_time("May 2010"), "in May 2010"),
        (at_time("May 3, 2010"), "on May 3, 2010"),
        (at_time("from 2010 to 2012"), "from 2010 to 2012"),
        (decapitalised("Fried chicken"), "fried chicken"),
        (decapitalised("Coca-Cola"), "Coca-Cola"),
        (with_article("University"), "a university"),
        (with_article("Engineer"), "an engineer"),
        (with_article("cheap"), "a cheap"),
        (with_the("Korean War"), "the Korean War"),
        (with_the("Leeds"), "Leeds"),
        (joined(["a, b", "c"]), "a, b, and c"),
        (joined(["a, b", "c", "d"]), "a, b; c; and d"),
    ],
)  # fmt: skip
def test_values(made, expected):
    assert made == expected
