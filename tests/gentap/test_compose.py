"""Sentences composed by rules: of which cells, and how they are said."""

import json

import pytest

from gentap.answering import answer_command
from gentap.answers import RULES, Asked
from gentap.rules.asked_for import cells_asked_for
from gentap.rules.compose import compose, composed_answers, first_question
from gentap.rules.reading import MOST_LETTERS
from gentap.rules.wanted import wanted
from tabtext import Cell, InputError, Table
from tabtext.matching import TableMatcher

ROLES = Table.from_rows(
    [
        ["Year", "Title", "Role", "Votes", "Notes"],
        ["2008", "Stargate Atlantis", "Dusty", "1,200", "1 episode"],
        ["2008", "My Boys", "Meredith", "900", ""],
        ["2011", "True Blood", "Luna", "3,400", "main"],
        ["2013", "The League", "Tiffany", "-", ""],
    ],
    title="Janina Gavankar",
)


def test_a_table_without_columns_has_no_answer():
    [answer] = composed_answers([Asked("Which is it?", Table((), ((), ())))])
    assert not answer.answerable


@pytest.fixture(scope="module")
def matcher():
    return TableMatcher(ROLES)


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("What role did she play in True Blood?", [(2, 2)]),
        ("What roles did she play in 2008?", [(0, 2), (1, 2)]),
        ("Which shows was she in in 2008?", [(0, 1), (1, 1)]),
        ("When did she play Luna?", [(2, 0)]),
        ("Where did she play Luna?", [(2, 1)]),
        ("How many votes did My Boys get?", [(1, 3)]),
        ("Which show got the most votes?", [(2, 1)]),
        ("Which show got the fewest votes?", [(1, 1)]),
        ("What roles did she play from 2010 to 2013?", [(2, 2), (3, 2)]),
        ("Who wrote it?", []),
        ("How many votes did The League get?", []),  # a mark for nothing is no answer
    ],
)
def test_a_question_asks_for_cells_by_its_words(matcher, question, cells):
    assert sorted(cells_asked_for(question, matcher)) == cells


def test_a_models_cell_is_a_clue_among_the_words(matcher):
    own = Cell(0, 2)
    assert cells_asked_for("What did she play in My Boys?", matcher, own) == [Cell(1, 2)]
    assert cells_asked_for("How was My Boys?", matcher, Cell(1, 3)) == [Cell(1, 3)]
    assert cells_asked_for("Which role is listed right before Meredith?", matcher, own) == [own]
    assert cells_asked_for("Who wrote it?", matcher, own) and not cells_asked_for("Who wrote it?", matcher)


@pytest.mark.parametrize(
    ("question", "wh", "words", "verbs", "several"),
    [
        ("What films did Ann make?", "what", ("film",), (), True),
        ("In which year did Ann win?", "which", ("year",), (), False),
        ("What was the role of Ann?", "what", ("role",), (), False),
        ("Who were the winners?", "who", ("winner", "who"), (), True),
        ("Who managed Celtic?", "who", ("who",), ("managed",), False),
        ("How many votes did Ann get?", "how many", ("vote",), (), False),
        ("When was it?", "when", ("when",), ("was", "it"), False),
        ("In the 1999 race, what's the time of Ann?", "what", ("time",), (), False),
        ("Tell me the votes for Ann", "", ("vote",), (), False),
        ("Name the winner.", "", ("winner",), (), False),
        ("What place did Ann finish in?", "what", ("position", "place"), (), False),
        ("What place did Ann visit?", "what", ("place",), (), False),
        ("Who did Ann portray in My Boys?", "who", ("role", "character", "who"), ("did",), False),
        ("What did Ann play in My Boys?", "what", ("role", "character"), (), False),
        ("Who did Ann play for?", "who", ("who",), ("did",), False),
        ("How tall is Ann?", "how", ("height", "elevation", "how"), ("tall",), False),
        ("How did Ann do?", "how", ("how",), (), False),
        ("Which medal did Ann win?", "which", ("position", "medal"), (), False),
        ("How many medals did Ann win?", "how many", ("total", "medal"), (), False),
        ("By how many votes did Ann win?", "how many", ("margin", "vote"), (), False),
        ("Ann won.", "", (), (), False),
    ],
)
def test_what_is_wanted(question, wh, words, verbs, several):
    assert wanted(question)[:4] == (wh, words, verbs, several)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("When did Ann win it and for which film?", "When did Ann win it"),
        ("In 1999, who won the cup, and how?", "who won the cup in 1999"),
        ("In 1999 which cup did she win?", "which cup did she win in 1999"),
        ("From 1999 to 2001 who won it?", "who won it from 1999 to 2001"),
        ("How long did she stay? Who paid?", "How long did she stay"),
        ("Who won and who lost?", "Who won and who lost"),  # two words say too little
        ("In which year and for what film did Ann win it?", "In which year did Ann win it"),
        ("Who and when did Ann play in My Boys?", "Who did Ann play in My Boys"),
        ("Which team won it and when was the final?", "Which team won it"),
        ("What year and what team did he play for in 1999?", "What year and what team did he play for in 1999"),
        ("What happened and when was it?", "What happened and when was it"),
        ("Which bread and butter did she buy?", "Which bread and butter did she buy"),
    ],
)
def test_of_several_questions_the_first_is_answered(question, first):
    assert first_question(question) == first


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What role did Janina play in True Blood?", "Janina played Luna in True Blood in 2011 with 3,400 votes."),
        ("What roles did Janina play in 2008?",
         "Janina played Dusty in Stargate Atlantis and Meredith in My Boys in 2008."),
        ("When and where did Janina portray Tiffany?", "In 2013, Janina portrayed Tiffany in The League."),
        ("How did My Boys do?", "My Boys: 900 (2008, Meredith)."),
    ],
)  # fmt: skip
def test_a_sentence_says_the_answer_and_what_else_its_row_says(matcher, question, text):
    found = compose(question, matcher)
    assert found.text == text
    assert all(ROLES[cell].strip() in text for cell in found.cells) and found.cell in found.cells


def test_every_cell_said_is_evidence_and_no_note_is_said(matcher):
    found = compose("When did Janina play Dusty?", matcher)
    assert found.cells == ((0, 0), (0, 1), (0, 2), (0, 3)) and "episode" not in found.text


def test_without_weights_it_answers_or_says_that_nothing_is_named(matcher):
    asked = [Asked("What role did Janina play in True Blood?", ROLES), Asked("Who wrote it?", ROLES), Asked(" ", ROLES)]
    answer, none, empty = composed_answers(asked, on_error="skip")
    assert (answer.cell, answer.model, answer.composed, answer.answerable) == ("Luna", RULES, True, True)
    assert not none.answerable and "find no cell" in none.reason
    assert not empty.answerable and "empty" in empty.reason
    with pytest.raises(InputError, match="empty"):
        list(composed_answers([Asked(" ", ROLES)]))


def test_the_command_lets_the_grammar_speak_first_then_the_parser_and_then_the_rules(tmp_path, capsys):
    path = tmp_path / "roles.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in [ROLES.header, *ROLES.rows]))
    asked = tmp_path / "asked.jsonl"
    questions = ["Which title has the most votes?", "What roles did Janina play in 2008?"]
    asked.write_text("".join(json.dumps({"question": question}) + "\n" for question in questions))
    answer_command("", str(path), model=RULES, questions=asked, format="json")
    exact, parsed = map(json.loads, capsys.readouterr().out.splitlines())
    assert (exact["model"], exact["composed"], exact["answer"]) == ("grammar", False, "True Blood")
    assert (parsed["model"], parsed["composed"]) == ("parser", True) and parsed["program"].startswith("cells Role of")
    answer_command("", str(path), model=RULES, grammar=False, questions=asked, format="json")
    _, guessed = map(json.loads, capsys.readouterr().out.splitlines())
    assert (guessed["model"], guessed["composed"]) == ("rules", True)
    assert guessed["evidence"] == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]


TABLES = {
    "grades": [
        ["Student", "Math", "English", "Science", "Grade"],
        ["Alice", "91", "84", "88", "A"],
        ["Ben Carter", "72", "65", "70", "B"],
        ["Chloe Davis", "88", "93", "79", "A"],
        ["Dan Evans", "58", "61", "55", "D"],
    ],
    "stock": [
        ["SKU", "Product", "Brand", "Price", "Stock"],
        ["AB-1001", "Claw hammer", "ToolCo", "$15.49", "0"],
        ["AB-1002", "Steel hammer", "ToolCo", "$12.99", "40"],
        ["CD-2001", "Desk lamp", "Lumo", "$89.00", "7"],
    ],
    "vote": [
        ["Party", "Candidate", "Votes", "%"],
        ["Labour", "Ann Clark", "18,403", "51.2"],
        ["Green", "Bob Stone", "14,200", "39.5"],
        ["Independent", "Tom Reed", "0", "0"],
    ],
    "films": [
        ["Year", "Film", "Director", "Notes"],
        ["1994", "Speed", "Jan de Bont", ""],
        ["1999", "The Matrix", "Lana Wachowski", "with Neo"],
        ["2003", "The Matrix Reloaded", "Lana Wachowski", "with Neo"],
        ["2014", "John Wick", "Chad Stahelski", ""],
    ],
    "club": [
        ["Season", "League", "Club", "Manager", "Apps", "Goals"],
        ["2009-10", "Eredivisie", "Ajax", "Martin Jol", "30", "12"],
        ["2010-11", "Eredivisie", "Ajax", "Frank de Boer", "28", "9"],
        ["2011-12", "Premiership", "Celtic", "Neil Lennon", "33", "14"],
    ],
    "geo": [
        ["Country", "Continent", "Capital", "Population"],
        ["Peru", "South America", "Lima", "33"],
        ["Malta", "Europe", "Valletta", "1"],
        ["Chile", "South America", "Santiago", "19"],
        ["Total", "", "", "53"],
    ],
    "nl": [
        ["Name", "Owner"],
        ["Acme", "Zeta Inc."],
        ["Bolt", "Ann\nLee"],
        ["France[a]", "Paris[1]"],
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "question", "text"),
    [
        ("grades", "How many points did Ben Carter score in Science?",
         "Ben Carter scored 70 points in Science (Math 72, English 65, B)."),
        ("grades", "What did Chloe Davis score in English?",
         "Chloe Davis scored 93 in English (Math 88, Science 79, A)."),
        ("grades", "Which student got a B?", "Ben Carter got a B (Math 72, English 65, Science 70)."),
        ("grades", "Did Dan Evans pass?", None),
        ("grades", "Who got a D?", "Dan Evans got a D (Math 58, English 61, Science 55)."),
        ("stock", "How many steel hammers are in stock?",
         "40 steel hammers are in stock (AB-1002, Steel hammer, ToolCo)."),
        ("stock", "Show me the price for AB-1002",
         "The price for AB-1002: $12.99 (Steel hammer, ToolCo, Stock 40)."),
        ("stock", "Which ToolCo product is the cheapest?",
         "Steel hammer is the cheapest (AB-1002, $12.99, Stock 40)."),
        ("stock", "How many units of CD-2001 do we have?",
         "We have 7 units of CD-2001 (Desk lamp, Lumo, $89.00)."),
        ("stock", "What's the price of the desk lamp?",
         "The price of the desk lamp is $89.00 (CD-2001, Lumo, Stock 7)."),
        ("stock", "How many claw hammers are in stock?",
         "0 claw hammers are in stock (AB-1001, Claw hammer, ToolCo)."),
        ("vote", "Which candidates were not Labour?",
         "Bob Stone (Green) and Tom Reed (Independent) were not Labour."),
        ("vote", "Which candidate received the fewest votes?",
         "Tom Reed received the fewest votes (Independent, Votes 0)."),
        ("vote", "What percentage did Labour get?", "Labour got: 51.2% (Ann Clark, Votes 18,403)."),
        ("vote", "Which party got the second most votes?",
         "Green got the second most votes with 14,200 votes (Bob Stone, 39.5%)."),
        ("vote", "how many votes did ann clark get", "Ann Clark got 18,403 votes (Labour, 51.2%)."),
        ("vote", "I want to know the votes of Tom Reed.", None),
        ("films", "Which film came out before John Wick?",
         "The Matrix Reloaded by Lana Wachowski came out before John Wick (2003)."),
        ("films", "Who directed The Matrix?", "Lana Wachowski directed The Matrix in 1999."),
        ("films", "When did The Matrix and Speed come out?",
         "In 1994 (Speed) and 1999 (The Matrix), The Matrix and Speed came out."),
        ("films", "What is the latest film with Neo?",
         "The latest film with Neo is The Matrix Reloaded by Lana Wachowski (2003)."),
        ("films", "Which films did Lana Wachowski direct?",
         "Lana Wachowski directed The Matrix in 1999 and The Matrix Reloaded in 2003."),
        ("club", "How many goals did Bob score for Ajax?",
         "Bob scored 12 in 2009-10 and 9 in 2010-11 for Ajax."),
        ("club", "Who managed Celtic in 2011-12?",
         "Neil Lennon managed Celtic in 2011-12 (Premiership, Apps 33, Goals 14)."),
        ("club", "What league does Celtic play in?",
         "Celtic plays in Premiership (2011-12, Neil Lennon, Apps 33)."),
        ("club", "Which club did Bob play for from 2009 to 2010?",
         "Bob played for Ajax from 2009 to 2010 (2009-10, Eredivisie, Martin Jol)."),
        ("club", "How many goals for Ajax in total?",
         "How many goals for Ajax in total: 12 (2009-10) and 9 (2010-11)."),
        ("club", "In the 2011-12 season, who was the manager of Celtic?",
         "Neil Lennon was the manager of Celtic in the 2011-12 season (Premiership, Apps 33, Goals 14)."),
        ("geo", "Which country in Europe has the largest population?",
         "Malta has the largest population (Valletta, Population 1)."),
        ("geo", "Which country has the largest population?",
         "Peru has the largest population (South America, Lima, Population 33)."),
        ("geo", "Is Lima the capital of Peru?", None),
        ("geo", "Which country other than Peru is in South America?",
         "Chile is in South America (Santiago, Population 19)."),
        ("geo", "Lima is the capital of Peru.", None),
        ("geo", "Which countries are in South America?",
         "Peru (Lima) and Chile (Santiago) are in South America."),
        ("geo", "What is the capital of Malta?", "The capital of Malta is Valletta (Europe, Population 1)."),
        ("nl", "Who is the owner of Acme?", "Zeta Inc. is the owner of Acme."),
        ("nl", "Who owns Bolt?", "Ann Lee owns Bolt."),
        ("nl", "What is the owner of France?", "The owner of France is Paris."),
        ("nl", "谁拥有 Acme?", None),
    ],
)  # fmt: skip
def test_people_ask_tables_of_all_kinds(table, question, text):
    found = compose(question, TableMatcher(Table.from_rows(TABLES[table])))
    assert (found.text if found else None) == text


@pytest.mark.parametrize(
    ("rows", "question", "said"),
    [
        ("Name,Member,Age/Ann,yes,30/Bob,no,41", "Who is not a member?", "Bob is not a member (no, Age 41)."),
        ("Name,Member,Paid/Ann,yes,no/Bob,no,yes/Cy,yes,yes", "Which members have paid?", "Cy has paid (yes)."),
        ("Item,Vegan/Soup,no/Pie,no/Jam,yes", "Which items are not vegan?", "Soup (no) and Pie (no) are not vegan."),
        ("Name,Paid/Ann,yes/Bob,no", "Has Bob paid?", "Whether Bob has paid: no."),
        ("Player,Game/Ann,3/Bo,5", "How many games did Ann play?", "Ann played 3 games."),
        ("Name,Salary/Ann,100/Bob,200", "How old is Bob?", "Bob: 200."),
        ("Event,Time/Gala,9:05/Ball,20:15", "What time was the gala held?", "The gala was held at 9:05."),
        (
            "King,From,To/Karl,1800,1820/Otto,1820,present",
            "Who was king in 1850?",
            "Otto was king in 1850 (1820, present).",
        ),
        ("Mayor,Term/Al,1990–94/Bob,1994–2001/Cy,2001–", "Who was mayor in 2005?", "Cy was mayor in 2005 (2001–)."),
        ("River,State/Ohio,Iowa/Nile,Egypt", "Which rivers cross Iowa?", "Ohio crosses Iowa."),
        ("Name,Price ($)/BA1,120/BA2,30", "How much is BA1?", "BA1 is $120."),
        ("Pool,Width/Pool A,8 m wide/Pool B,3 m wide", "How wide is Pool A?", "Pool A is 8 m wide."),
        ("Film,Gross (millions)/Roy,4.5/Tom,2", "How much did Roy gross?", "Roy grossed 4.5 million."),
        ("Line,From,To/12,Oslo,Rome/7,Rome,Bern", "Which line goes to Bern?", "Line 7 goes to Bern (Rome)."),
        ("Player,Team/Walker,Reds/Callum,Blues", "Which player was called?", None),
    ],
)
def test_tables_of_all_kinds_are_spoken_of_as_they_say(rows, question, said):
    found = compose(question, TableMatcher(Table.from_rows([row.split(",") for row in rows.split("/")])))
    assert (found.text if found else None) == said


@pytest.mark.parametrize("words", ["the tallest ", "who won ", "what did Ann did a "])
def test_a_question_of_twenty_thousand_letters_is_read_in_part(words):
    matcher = TableMatcher(Table.from_rows([["Player", "Team"], ["Ann", "Reds"], ["Bo", "Blues"]]))
    long = f"What is the team of Ann, {words * (20_000 // len(words))}"
    assert compose(long, matcher) == compose(long[:MOST_LETTERS], matcher)
