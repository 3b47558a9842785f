"""The slot checker: what a text says of its record's facts, and that planted errors are found."""

import math

import pytest

from tabtext.errors import InputError
from tabtext.record import Record
from tabtext.slots import check, domain_of, slot_error_rate, worded

PUB = Record.from_mr(
    "name[The Mill], eatType[pub], food[Indian], priceRange[cheap], customer rating[5 out of 5], area[riverside], "
    "familyFriendly[yes], near[Clare Hall]"
)
RIGHT = (
    "The Mill is a cheap, family friendly pub by the riverside near Clare Hall. It serves Indian food and has a "
    "customer rating of 5 out of 5."
)


def verdicts(record, text, domain="auto"):
    report = check(record, text, domain)
    wrong = {t.predicate: v.value for t, v in zip(record.triples, report.verdicts, strict=True) if v != "ok"}
    return wrong, [slot for slot, _ in report.added]


@pytest.mark.parametrize(
    ("old", "new", "wrong", "added"),
    [
        ("", "", {}, []),
        ("a cheap, family friendly pub", "a cheap pub that welcomes children", {}, []),
        ("5 out of 5", "five out of five", {}, []),
        ("The Mill", "Mill", {}, []),
        ("Indian", "Italian", {"food": "wrong"}, []),
        ("5 out of 5", "3 out of 5", {"customer rating": "wrong"}, []),
        ("family friendly", "non family-friendly", {"familyFriendly": "wrong"}, []),
        ("Clare Hall", "Burger King", {"near": "wrong"}, []),
        ("The Mill", "The Eagle", {"name": "wrong"}, []),
        ("riverside", "city centre", {"area": "wrong"}, []),
        (" near Clare Hall", "", {"near": "missing"}, []),
        ("cheap, ", "", {"priceRange": "missing"}, []),
        ("It serves", "It serves Indian food. It serves", {"food": "repeated"}, []),
        ("It serves", "It is in the city centre. It serves", {}, ["area"]),
        ("near Clare Hall", "near Clare Hall and Café Rouge", {}, ["near"]),
        ("It serves", "The Mill serves", {}, []),
    ],
)
def test_restaurants(old, new, wrong, added):
    assert verdicts(PUB, RIGHT.replace(old, new, 1) if old else RIGHT) == (wrong, added)


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("Q is a pub that serves Mexican food.", "food"),
        ("Q is a pub serving Greek cuisine.", "food"),
        ("Q is a pub that serves sushi.", "food"),
        ("Q is a vegan restaurant and pub.", "food"),
        ("Q is an Irish pub.", None),
        ("Q is a pub. It does not allow children.", "familyFriendly"),
        ("Q is a pub. Kids are not welcome.", "familyFriendly"),
        ("Q is a pub. It doesn't welcome families, and kids aren't allowed.", "familyFriendly"),
        ("Q is a pub for adults only.", "familyFriendly"),
    ],
)
def test_what_no_slot_of_a_restaurant_says_is_added(text, added):
    assert verdicts(Record.from_mr("name[Q], eatType[pub]"), text) == ({}, [added] if added else [])
    whole = Record.from_mr("name[Q], eatType[pub], food[Thai], familyFriendly[no]")
    assert verdicts(whole, text)[0].get(added) == ("wrong" if added == "food" else None)


def test_names_that_no_list_has():
    record = Record.from_mr("name[The Blue (Door) Inn], near[Café du Nord]")
    assert verdicts(record, "Blue (Door) Inn is close to Cafe du Nord.", "e2e") == ({}, [])
    assert verdicts(record, "Red Inn is close to Cafe du Nord.", "e2e") == ({"name": "missing"}, [])


@pytest.mark.parametrize(
    ("mr", "text"),
    [
        ("name[Q], food[Vietnamese]", "Q serves vietnamese food."),
        ("name[Q], area[suburbs]", "Q is in the suburbs."),
        ("name[Q], priceRange[£15]", "Meals at Q cost £15."),
        ("name[Q], customer rating[4 out of 5]", "Q is rated 4 out of 5."),
        ("name[Q], eatType[bistro]", "Q is a bistro."),
        ("name[Q], platforms[Amiga, PC], esrb[PEGI 3]", "Q is a PEGI 3 game for Amiga and PC."),
    ],
)
def test_a_value_that_no_lexicon_lists_may_stand_as_it_is(mr, text):
    record = Record.from_mr(mr)
    assert verdicts(record, text) == ({}, [])
    slot, value = record.triples[1][1:]
    assert slot in verdicts(record, text.lower().replace(value.partition(",")[0].lower(), "other"))[0]


def test_a_longer_figure_does_not_hold_a_shorter_one():
    record = Record.from_mr("name[Q], priceRange[£15]")
    assert verdicts(record, "Meals at Q cost £15.50.")[0] == {"priceRange": "missing"}


@pytest.mark.parametrize(
    ("fact", "text", "verdict"),
    [
        ("area[riverside]", "Q isn't by the river.", "wrong"),
        ("area[riverside]", "Q is not far from the river.", None),
        ("area[city centre]", "Q is far from the city centre.", "wrong"),
        ("priceRange[cheap]", "Q is not cheap.", "wrong"),
        ("priceRange[cheap]", "Q isn’t really cheap.", "wrong"),
        ("priceRange[cheap]", "Q is not expensive.", None),
        ("priceRange[cheap]", "Q isn't too expensive.", None),
        ("priceRange[high]", "Q isn't cheap.", None),
        ("customer rating[low]", "Q isn't rated highly.", None),
        ("priceRange[cheap]", "Q is not only cheap but good.", None),
        ("priceRange[high]", "Q is not cheap.", None),
        ("eatType[pub]", "Q is not a pub.", "wrong"),
        ("eatType[pub]", "Q is not a family-friendly pub.", None),
        ("food[English]", "Q doesn't serve English food.", "wrong"),
        ("food[English]", "Q serves not Indian but English food.", None),
        ("food[Thai]", "Q doesn't serve Thai food.", "wrong"),
        ("food[Thai]", "Q serves no Thai food.", "wrong"),
        ("food[Thai]", "Q is a pub without Thai food.", "wrong"),
        ("eatType[pub]", "Q is neither cheap nor a pub.", "wrong"),
        ("area[riverside]", "A night wouldn't be complete without a riverside view at Q.", None),
        ("near[Clare Hall]", "Q isn't near Clare Hall.", "wrong"),
        ("near[Clare Hall]", "Q isn't far from Clare Hall.", None),
        ("genres[puzzle]", "Q is not a puzzle game.", "wrong"),
        ("genres[puzzle]", "I don't like the puzzle game Q.", None),
    ],
)
def test_what_is_denied_is_wrong(fact, text, verdict):
    record = Record.from_mr(f"name[Q], {fact}")
    assert verdicts(record, text)[0] == ({record.triples[1].predicate: verdict} if verdict else {})


@pytest.mark.parametrize(
    ("fact", "text", "ok"),
    [
        (("Paris", "capital of", "France"), "Paris is not the capital of France.", False),
        (("Paris", "capital of", "France"), "Paris, not Lyon, is the capital of France.", True),
        (("Q", "birthPlace", "Oslo"), "Q was not born in Oslo.", False),
        (("Q", "area", "riverside"), "Q is a not family-friendly place near the riverside.", True),
        (("Q", "name", "Q"), "Dogs are not allowed at Q.", True),
        (("", "type", "laptop"), "There are not any laptops in the cheap range.", True),
        (("Q", "isDead", "false"), "Q is dead.", False),
        (("Q", "isDead", "false"), "Q is not dead.", True),
        (("Q", "isDead", "true"), "Q isn't dead.", False),
        (("Q", "isDead", "true"), "Q has died.", True),
        (("Q", "hasWifi", "no"), "There is wifi at Q.", False),
        (("Q", "hasWifi", "no"), "At Q wifi is not available.", True),
        (("Q", "can swim", "yes"), "Q has no garden and can swim.", True),
        (("Q", "likes cats", "yes"), "Q is not trained and likes cats.", True),
    ],
)
def test_a_fact_that_is_denied_is_wrong(fact, text, ok):
    assert check(Record.from_triples([fact]), text).verdicts == ("ok" if ok else "wrong",)


@pytest.mark.parametrize("words", ["mid-priced", "medium price range", "mid price range", "price range of £30"])
def test_a_price_that_the_record_does_not_say_is_added(words):
    record = Record.from_mr("name[Cotto], eatType[coffee shop]")
    said = f"a {words} coffee shop" if words.endswith("priced") else f"a coffee shop with a {words}"
    assert verdicts(record, f"Cotto is {said}.") == ({}, ["priceRange"])


def test_what_the_record_does_not_say_is_added():
    record = Record.from_mr("name[Cotto], eatType[coffee shop]")
    assert verdicts(record, "Cotto is a highly rated coffee shop that is not family friendly.") == (
        {}, ["customer rating", "familyFriendly"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wrong", "added"),
    [
        ("Star Miner 2 is a good puzzle and sport game for PC, rated T (for Teen). It is on Steam but not on Mac.",
         {}, []),
        ("Star Miner 2, a T rated sport puzzler for the PC, is well rated. You can get it on Steam but not on Mac.",
         {}, []),
        ("Star Miner 2 is a good puzzle game for PC, rated T (for Teen). It is on Steam but not on Mac.",
         {"genres": "missing"}, []),
        ("Star Miner 2 is a good puzzle and sport game for Xbox, rated M (for Mature). It is on Steam but not on Mac.",
         {"platforms": "wrong", "esrb": "wrong"}, []),
        ("Star Miner 2 is a good puzzle and sport game for PC, rated T (for Teen). It is on Mac but not on Steam.",
         {"available_on_steam": "wrong", "has_mac_release": "wrong"}, []),
        ("Star Miner 2 is a good puzzle and sport game for PC, rated T for Teen. It is on Steam, not on Mac or Linux.",
         {}, ["has_linux_release"]),
        ("It is a good puzzle and sport game for PC, rated T (for Teen). It is on Steam but not on Mac.",
         {"name": "missing"}, []),
    ],
)  # fmt: skip
def test_games(text, wrong, added):
    record = Record.from_mr(
        "inform(name[Star Miner 2], esrb[T (for Teen)], rating[good], genres[puzzle, sport], platforms[PC], "
        "available_on_steam[yes], has_mac_release[no])"
    )
    assert verdicts(record, text) == (wrong, added)


def test_a_slot_that_is_asked_about_is_not_missing():
    record = Record.from_mr("request_attribute(has_mac_release[])")
    assert verdicts(record, "Do you play on a Mac?") == ({}, [])


TRIPLES = Record.from_triples(
    [
        ("Ada_Byron", "birthPlace", "Hill_Town,_Kent"),
        ("Ada_Byron", "birthDate", "1815-12-10"),
        ("Hill_Town,_Kent", "population", "12500"),
        ("Hill_Town,_Kent", "country", "United_Kingdom"),
    ]
)


@pytest.mark.parametrize(
    ("text", "wrong", "added"),
    [
        ("Ada Byron was born on 10 December 1815 in Hill Town, Kent, a town of 12,500 people in the United Kingdom.",
         {}, []),
        ("British born Ada Byron (December 10, 1815) is from Hill Town in Kent; 12500 live there.", {}, []),
        ("Ada Byron was born in Hill Town, Kent, a town of 12,500 people in the UK.", {"birthDate": "missing"}, []),
        ("Ada Byron was born on 10 December 1815 in Hill Town, Kent, a town of 13,700 people in the UK.",
         {"population": "wrong"}, []),
        ("Ada Byron was born on 10 December 1815 in Hill Town, Kent, a town of 12,500 in the UK, and married Joe Rook.",
         {}, ["name"]),
    ],
)  # fmt: skip
def test_triples(text, wrong, added):
    assert verdicts(TRIPLES, text) == (wrong, added)


def test_rate_counts_every_kind_over_all_facts():
    reports = [check(PUB, RIGHT), check(PUB, RIGHT.replace("Indian", "Italian")), check(PUB, "")]
    assert [report.errors for report in reports] == [0, 1, 8]
    assert slot_error_rate(reports) == pytest.approx(9 / 24)
    repeating = check(PUB, f"{RIGHT} It serves Indian food.")
    assert (repeating.count("repeated"), repeating.count("added")) == (1, 0)
    assert slot_error_rate([repeating]) == 0 and slot_error_rate([repeating], repeats=True) == pytest.approx(1 / 8)
    assert math.isnan(slot_error_rate([check(Record.from_mr("goodbye()"), "bye")]))
    fields = reports[1].to_json()
    assert fields["wrong"] == [["", "food", "Indian"]] and fields["missing"] == fields["added"] == []
    assert set(fields) >= {"id", "missing", "added", "wrong", "repeated"}


def test_values_stay_text_in_any_script():
    record = Record.from_triples([("كتاب", "عنوان", "<subject> </s>"), ("كتاب", "رمز", "🎮 (Pro)")])
    assert verdicts(record, "كتاب: <subject> </s> و 🎮 (Pro)") == ({}, [])


@pytest.mark.parametrize("value", ["🍕", "🍕🍔", "+", "]", "* *"])
def test_values_without_letters_stand_as_they_are(value):
    record = Record.from_triples([("Elm", "sign", value), ("Elm", "country", "Chad")])
    assert verdicts(record, f"Elm's sign is {value}. Elm is in Chad.") == ({}, [])
    assert verdicts(record, "Elm is in Chad.") == ({"sign": "missing"}, [])


@pytest.mark.parametrize(
    ("value", "text", "said"),
    [
        ("1999-05", "It began in May 1999.", True),
        ("1999-05", "It began in June 1999.", False),
        ("90", "It has ninety rooms.", True),
        ("42", "It has forty-two rooms.", True),
        ("42", "It has forty rooms.", False),
        ("-5", "It is at minus five.", True),
        ("-5", "It is at minus 5 degrees.", True),
        ("5", "It is at minus five.", False),
        ("5", "It is at minus 5.", False),
        ("10", "It has 10.5.", False),
        ("10", "It has 10.", True),
        ("Niger", "It is in Nigeria.", False),
        ("Nigeria", "It is in Niger.", False),
        ("Nigeria", "It is Nigerian.", True),
        ("1961-11-02", "It was on 2.11.1961.", True),
        ("1961-11-02", "It was on 11.2.1961.", False),
        ("1961-11-02", "It was on 02/11/1961.", True),
        ("1961-11-02", "It was on 11/02/1961.", True),
        ("1961-11-02", "It was on 03/11/1961.", False),
        ("1961-11-02", "It was on 11 February 1961.", False),
        ("1961-11-02", "It was on 1961/11/02.", True),
        ("3000000", "It cost three million.", True),
        ("3000000", "It cost thirteen million.", False),
        ("250000", "It has two hundred and fifty thousand.", True),
        ("1500", "It has fifteen hundred.", True),
        ("1.5E6", "It has 1,500,000.", True),
        ("1.5E6", "It has 1.6 million.", False),
        ("4 out of 5", "It has four out of five.", True),
        ("4 out of 5", "It has three out of five.", False),
        ("4 out of 5", "It has 3 out of 5.", False),
        ("-12", "It is at 12.", False),
        ("-12", "It is at \u221212.", True),
        ("-12", "It is at (-12).", True),
        ("-12.5", "It is at minus 12.5.", True),
        ("-12 (degrees)", "It is at 12 degrees.", False),
        ("12", "It is at -12.", False),
        ("Austria", "It is in Australia.", False),
        ("Austria", "It is Australian.", False),
        ("Slovakia", "It is in Slovenia.", False),
        ("Ireland", "It is in Iceland.", False),
        ("Australia", "It is in Austalia.", True),
        ("Slovakia", "It is Slovakian.", True),
        ("Polar_Institute", "It is the Institute.", False),
        ("Polar_Institute", "It is Solar Institute.", False),
        ("Polar_Institute", "It is the Polar Institute.", True),
        ("Ines_Carvalho", "It is Carvalho.", True),
        ("Ines_Carvalho", "It is the Carvalho.", False),
        ("1._FC_K\xf6ln", "It is FC Koln.", True),
    ],
)
def test_figures_months_and_names_in_words(value, text, said):
    [verdict] = check(Record.from_triples([("It", "is", value)]), text).verdicts
    assert (verdict == "ok") is said


@pytest.mark.parametrize("food", ["Turkish", "Korean", "Greek", "Ethiopian", "Italian"])
def test_a_kind_of_food_may_stand_before_the_kind_of_place_or_alone(food):
    record = Record.from_mr(f"name[Zed], eatType[pub], food[{food}]")
    for text in (f"Zed is a {food} pub.", f"Zed, a pub, is {food}.", f"{food} pub Zed."):
        assert verdicts(record, text) == ({}, [])
    assert verdicts(record, "Zed is a Danish pub.") == ({"food": "wrong"}, [])


def test_domains_are_told_by_slots():
    others = [TRIPLES, Record.from_mr("inform(a[b])")]
    assert [domain_of(record) for record in (PUB, *others)] == ["e2e", "triples", "triples"]
    with pytest.raises(InputError, match="Unknown domain 'hotels'; known: auto, e2e, triples, viggo"):
        check(PUB, RIGHT, "hotels")


def test_a_record_is_worded_as_its_text_words_it():
    """Dates, figures and names that rules tell to be the same; what is there in part, or amiss, stays as it is."""
    facts = [
        ("Norvik_(town)", "population", "16800.0"), ("Norvik_(town)", "founded", "1874-06-01"),
        ("Norvik_(town)", "leader", "Anna Lindqvist"), ("Norvik_(town)", "area", "12.5"),
    ]  # fmt: skip
    record = Record.from_triples(facts)
    text = "Norvik, founded on June 1, 1874 and led by Anna Lindqist, has 16,800 people on 13.5 square miles."
    assert [tuple(triple) for triple in worded(record, text).triples] == [
        ("Norvik", "population", "16,800"), ("Norvik", "founded", "June 1, 1874"),
        ("Norvik", "leader", "Anna Lindqvist"), ("Norvik", "area", "12.5"),
    ]  # fmt: skip
    assert worded(record, "Norvik (town) was founded in 1874.") == record


@pytest.mark.parametrize(
    ("value", "text", "said"),
    [
        ("3,000 km", "It is 3000 m long.", "3000 km"), ("4.5 (kilograms)", "It weighs 4.5 pounds.", "4.5 (kilograms)"),
        ("$1,000", "For 1000 euros.", "$1000"), ("£20-25", "It costs 20-25 dollars.", "£20-25"),
        ("2,000,000 dollars", "It cost 2 million euros.", "2,000,000 dollars"), ("5", "It is Five Guys.", "5"),
        ("Paris (Texas)", "It is in Paris, France.", "Paris (Texas)"), ("It (novel)", "Elm made it big.", "It (novel)"),
        ("Imagine (Lennon song)", "Imagine (Ariana song).", "Imagine (Lennon song)"), ("IT", "Give it to us.", "IT"),
        ("yes", "Yes, it is.", "yes"), ("2000000", "It cost 2 million euros.", "2 million"),
        ("3000000", "It cost three million euros.", "three million"), ("1.5E6", "For 1,500,000 people.", "1,500,000"),
        ("-12", "At minus 12.", "minus 12"), ("-12", "At 12 degrees.", "\u221212"), ("-12", "At -12.", "-12"),
        ("1961-11-02", "On 2.11.1961.", "2.11.1961"), ("1961-11-02", "On 11/02/1961.", "11/02/1961"),
        ("1961-11-02", "On 11 February 1961.", "2 November 1961"), ("1961-11-02", "On 12 May 1961.", "1961-11-02"),
        ("1961-11-02", "On February 11, 1961.", "November 2, 1961"), ("1961-11-02", "11.2.1961", "2 November 1961"),
    ],
)  # fmt: skip
def test_another_unit_place_or_word_is_no_wording(value, text, said):
    [triple] = worded(Record.from_triples([("Elm", "is", value)]), text).triples
    assert triple.object == said


def test_slots_are_worded_each_for_itself_and_not_where_they_are_denied():
    record = Record.from_mr("name[Elm], priceRange[high], customer rating[high], near[Oak]")
    said = worded(record, "Elm is cheap with excellent ratings, near Oak.").slots
    assert (said["priceRange"], said["customer rating"]) == ("high", "excellent ratings")
    cheap = Record.from_mr("name[Elm], priceRange[less than £20]")
    assert worded(cheap, "Elm is cheap.").slots["priceRange"] == "cheap"
    assert worded(cheap, "Elm is not cheap.") == worded(cheap, "Elm is far from cheap.") == cheap
