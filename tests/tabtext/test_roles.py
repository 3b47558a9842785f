"""Facts that a text turns round: said of their object, of another subject, or by another one's value."""

import pytest

from tabtext.record import Record
from tabtext.slots import check


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Q has the LCCN number 1588-2632 and the ISSN 8364.", ["issn number", "lccn number"]),
        ("Q has the LCCN 8364 and an ISSN of 1588-2632. Its president is Bo Lind, its director Ada Ros.", []),
        ("Q's president is Ada Ros, its director is Bo Lind. Its LCCN is 8364 and its ISSN is 1588-2632.",
         ["president", "director"]),
        ("The president of Ada Ros's Q, whose ISSN is 1588-2632 and LCCN 8364, is Bo Lind.", []),
        ("Director Ada Ros and president Bo Lind lead Q: LCCN = 8364, ISSN = 1588-2632.", []),
        ("Q has the LCCN number OF 8364; 1588-2632 is its ISSN. Its director is Ada Ros, Bo Lind its president.", []),
    ],
)  # fmt: skip
def test_a_value_under_another_ones_name_is_wrong(text, wrong):
    facts = [("issn number", "1588-2632"), ("lccn number", "8364"), ("president", "Bo Lind"), ("director", "Ada Ros")]
    record = Record.from_triples([("Q", *fact) for fact in facts])
    found = zip(record.triples, check(record, text).verdicts, strict=True)
    assert [fact.predicate for fact, verdict in found if verdict == "wrong"] == wrong


@pytest.mark.parametrize(
    "text",
    [
        "The home town of Bo, who attended Elm High School, is Oak.",
        "The final grade for the centre position is 7.",
        "Bo is from Oak. The one who left Elm High School is Bo, grade 7 at centre, in the class of 1999.",
    ],
)
def test_a_name_that_has_its_value_already_gives_no_other(text):
    facts = [("home town", "Oak"), ("school", "Elm High School"), ("position", "centre"), ("grade", "7")]
    found = check(Record.from_triples([("Bo", *fact) for fact in [*facts, ("class", "A"), ("year", "1999")]]), text)
    assert "wrong" not in found.verdicts


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("Oak's leader is Ada Ros, and Bo Lind is the leader of Elm.", True),
        ("Ada Ros is the leader of Elm. Oak is led by Bo Lind.", False),
        ("Bo Lind leads Elm and Oak. The leader of Elm is Mayor Ada Ros.", False),
        ("Bo Lind and Oak: Elm's leader, Ada Ros, lives there.", False),
        ("Ada Ros is the leader of Elm Street's school in Oak, which Bo Lind led.", True),
    ],
)
def test_a_fact_that_is_said_of_another_subject_is_wrong(text, ok):
    record = Record.from_triples([("Oak", "leaderName", "Ada Ros"), ("Elm", "leaderName", "Bo Lind")])
    assert ("wrong" not in check(record, text).verdicts) is ok


def test_predicates_with_signs_are_words_like_others():
    record = Record.from_triples([("Oak", "grade (a+", "9"), ("Elm", "speed [", "7")])
    assert check(record, "Oak's grade (a+ is 9, and the speed [ of Elm is 7.").errors == 0
    assert check(record, "Elm's grade (a+ is 9. Oak and Elm: 7.").verdicts == ("wrong", "ok")


def test_predicates_of_which_one_is_in_the_other_are_not_told_apart():
    record = Record.from_triples([("Q", "youthclub", "Elm FC"), ("Q", "club", "Oak FC"), ("Q", "club", "Ash FC")])
    assert check(record, "Q's youth club was Elm FC, his club is Oak FC and his club was Ash FC.").errors == 0


@pytest.mark.parametrize(
    ("fact", "text", "right"),
    [
        (("Ada", "employer", "Bob"), "Ada's employer is Bob.", True),
        (("Ada", "employer", "Bob"), "Bob is Ada's employer.", True),
        (("Ada", "employer", "Bob"), "Ada is Bob's employer.", False),
        (("Ada", "employer", "Bob"), "Bob's employer is Ada.", False),
        (("Ada", "employer", "Bob"), "Ada is the employer of Bob.", False),
        (("Ada", "employer", "Bob"), "Ada is not the employer of Bob, Bob is hers.", True),
        (("Bob", "child", "Ann"), "Ann's child Bob.", False),
        (("Bob", "child", "Ann"), "Bob's child Ann.", True),
        (("Ada", "spouse", "Bob"), "Bob's spouse is Ada.", True),
        (("Elm", "isPartOf", "Oslo"), "Oslo is part of Elm.", False),
        (("Elm", "isPartOf", "Oslo"), "Elm is part of Oslo.", True),
        (("Castle", "followedBy", "Aenir"), "Aenir was followed by Castle.", False),
        (("Priya", "defeated", "Tomas"), "Tomas, who is old, defeated Priya.", False),
        (("Priya", "defeated", "Tomas"), "Tomas was defeated by Priya.", True),
        (("Elm_(hall)", "owner", "Bob"), "The owner of Bob is Elm.", False),
    ],
)
def test_a_fact_that_is_said_the_wrong_way_round_is_wrong(fact, text, right):
    assert check(Record.from_triples([fact]), text).verdicts == ("ok" if right else "wrong",)
