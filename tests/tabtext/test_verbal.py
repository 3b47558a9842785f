"""Rules that say records: every fact once, in sentences, whatever the predicates are."""

from time import process_time

import pytest

from tabtext.record import Record
from tabtext.slots import check
from tabtext.verbal import lexicon, said
from tabtext.verbal.values import at_time, decapitalised, joined, plain, with_article, with_the


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
        (
            [("A", "price", "5"), ("A", "moral", "sad"), ("A", "foe", "B")],
            "A costs 5. Its moral is sad and its foe is B.",
        ),
        ([("A", "population", "5"), ("B", "population", "5")], "A has a population of 5. B has a population of 5."),
    ],
)  # fmt: skip
def test_triples_are_said(triples, text):
    record = Record.from_triples(triples)
    assert said(record) == text
    assert check(record, text).errors == 0


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        # a predicate that several kinds of things have is said so that it is true of any
        ("genre=portrait", "A's genre is portrait."),
        ("partner=Bolt", "A has Bolt among its partners."),
        ("label=Acme Inc", "A is called Acme Inc."),
        ("team=Red", "A has the team Red."),
        ("position=3", "A has the position 3."),
        ("instance of=human|genre=jazz", "A is a human and performs jazz music."),
        ("salary=5|department=Sales|date=2020", "A earns 5, works in the department Sales and has the date 2020."),
        ("order date=2020|region=EMEA", "A was ordered in 2020 and has EMEA as its region."),
        ("state=liquid|pH=7", "A has a pH of 7. Its state is liquid."),
        ("from=Bo|to=Cy", "A is from Bo and is to Cy."),
        # what comes is not over
        ("start date=1939-09-01", "A began on 1 September 1939."),
        ("start date=2031-01-01", "A begins on 1 January 2031."),
        ("release date=2031", "A is released in 2031."),
        # figures that count, and names that begin with one
        ("award=2013 Nobel Prize", "A has won 2013 Nobel Prize."),
        ("award=2|moon=1|age=34 years", "A has won 2 awards, has 1 moon and is 34 years old."),
        ("member=10cc", "A has the member 10cc."),
        ("stars=4", "A has 4 stars."),
        ("number of wins=1", "A has 1 win."),
        ("years of experience=7", "A has 7 years of experience."),
        ("version=2.0|weight=2.0", "A is at version 2.0 and has a weight of 2."),
        # what there is none of, or what is not known, is nobody
        ("spouse=none|maker=unknown", "A's spouse is none and the maker is unknown."),
        # forms of predicates
        ("killed=B", 'A\'s "killed" is B.'),
        ("repeats=B|basin colony=C|basin colony=D", "A's repeats are B, and the basin colonies are C and D."),
        ("delivered=2024-05-03", "A was delivered on 3 May 2024."),
        ("graduated in=1990|has worked for=B", "A graduated in 1990 and has worked for B."),
        ("bug fixed in=2.1", 'A\'s "bug fixed in" is 2.1.'),
        ("allergic to=nuts|competitor in=Cup", "A is allergic to nuts and is a competitor in Cup."),
        (
            "serial ID=7|IUCN code=X|yearly MRI=2",
            "A has the serial ID 7, has the IUCN code X and has a yearly MRI of 2.",
        ),
        ("http://x.org/o#heightOf=B|dbo:height=2 m", "A is the height of B and has a height of 2 m."),
        ("power (kW)=60|speed (max)=60", "A has a power of 60 kW and has a speed (max) of 60."),
        # what is so or not
        ("wifi=yes|parking=no", "A has wifi and has no parking."),
        ("garden=yes|pool=no|hasIndoorSauna=yes", "A has a garden, has no pool and has an indoor sauna."),
        ("smoker=no|winner=yes", "A is not a smoker and is a winner."),
        ("pets allowed=no", "A does not have pets allowed."),
        ("likes dogs=yes|speaks French=no", "A likes dogs and does not speak French."),
        ("stolen=no|public=yes|waterproof=no", "A is not stolen, is public and is not waterproof."),
        ("should pay=no|gluten free=yes", "A should not pay and is gluten free."),
        # values that would go on with the sentence, or that lose a part
        ("note=good. B is bad. C", 'A\'s note is "good. B is bad. C".'),
        ("employer=Bo, who is dead", 'A works for "Bo, who is dead".'),
        ("option=good (as new)", "A's option is good (as new)."),
        # times
        ("opens=9am|built=1830s|born=c. 1400", "A opens at 9am, was completed in the 1830s and was born c. 1400."),
    ],
)
def test_unseen_facts_are_said_truly(facts, text):
    record = Record.from_triples([("A", *fact.split("=", 1)) for fact in facts.split("|")])
    assert said(record) == text
    assert check(record, text).errors == 0


def test_what_is_told_of_a_thing_stands_behind_its_own_name():
    record = Record.from_triples([("Ann", "employer", "New York"), ("York", "country", "Chad")])
    assert said(record) == "Ann works for New York. York is located in Chad."


def test_many_things_and_long_values_take_little_time():
    chain = Record.from_triples([(f"A{i}", "knows", f"A{i + 1}") for i in range(2000)])
    started = process_time()
    assert said(chain).count("knows") == 2000
    for value in ("1," * 20000, "(a " * 20000, "War " * 10000):
        assert value[:9] in said(Record.from_triples([("A", "height", value), ("A", "country", value)]))
    assert said(Record.from_triples([("A", "a" * 100000, "yes")])).startswith("A has aaa")
    assert process_time() - started < 10


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


def test_things_that_speak_of_each_other_end():
    text = said(Record.from_triples([("A", "spouse", "B"), ("B", "spouse", "A"), ("C", "near", "C")]))
    assert text == "C is near C. A is married to B, who is married to A."


def test_the_lexicon_has_every_predicate_once_and_places_for_values():
    known = lexicon._lexicon()
    assert len(known) > 800
    for predicate, kinds in known.items():
        assert predicate == " ".join(predicate.lower().split()), predicate
        for kind, phrases in kinds.items():
            assert kind in (lexicon.ANY, lexicon.PERSON, lexicon.MADE, lexicon.DEAL), predicate
            assert all(
                sum(phrase.count(form) for form in ("{}", "{low}", "{a}", "{the}", "{on}", "{national}")) == 1
                for phrase in phrases
            )


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (plain("120 million (Australian dollars)"), "120 million Australian dollars"),
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
