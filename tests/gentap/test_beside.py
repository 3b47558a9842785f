"""What else a row says, in words where a statement bears them."""

import pytest

from gentap.rules.beside import Stated, beside
from gentap.rules.compose import compose, composed_around
from tabtext import Cell, Table
from tabtext.matching import TableMatcher


def table_of(rows):
    return Table.from_rows([row.split("|") for row in rows.split("/")])


def said_by(rows, question, answer):
    """The sentence that answers a question by the cell with this text."""
    table = table_of(rows)
    cell = next(Cell(row, texts.index(answer)) for row, texts in enumerate(table.rows) if answer in texts)
    return composed_around(question, TableMatcher(table), [cell]).text


@pytest.mark.parametrize(
    ("rows", "question", "answer", "said"),
    [
        ("Candidate|Party|Votes|%/Rosa Klein|Green|14,200|41.2/Ann Lee|Blue|9,100|30", "Who won the election?",
         "Rosa Klein", "Rosa Klein won the election with 14,200 votes (Green, 41.2%)."),
        ("Player|Club|Goals|Assists/Leo Marin|Rovers|24|7/Kim Sung|Rovers|8|1", "Who scored the most goals?",
         "Leo Marin", "Leo Marin scored the most goals with 24 goals and 7 assists (Rovers)."),
        ("Player|Club|Goals|Assists/Leo Marin|Rovers|24|1/Kim Sung|Reds|8|5", "How many goals did Leo Marin score?",
         "24", "Leo Marin scored 24 goals for Rovers with 1 assist."),
        ("Year|Winner|Runner-up|Venue/2012|Orion|Vega|City Park/2013|Lyra|Orion|Royal National Theatre",
         "Who won the cup in 2013?", "Lyra", "Lyra won the cup in 2013 at the Royal National Theatre (Orion)."),
        ("Year|Games|Venue|Place/2012|Nordic Games|Oslo, Norway|2nd/2013|World Games|Rome, Italy|1st",
         "What did Ann win at the Nordic Games?", "2nd", "Ann won 2nd at the Nordic Games in 2012 (Oslo, Norway)."),
        ("Games|Venue|Day/Nordic Games|Oslo, Norway|2 May 2012/World Games|Rome, Italy|3 May 2013",
         "What did Ann win on 2 May 2012?", "Nordic Games", "Ann won Nordic Games on 2 May 2012 in Oslo, Norway."),
        ("Year|Film|Director/1997|Red Dust|Omar Diaz/2001|Two Towns|Li Wei", "Which film came out in 1997?",
         "Red Dust", "Red Dust by Omar Diaz came out in 1997."),
        ("Year|Award|Category|Result/2014|Aster|Best Song|Nominated/2015|Aster|Best Film|Won",
         "In what year was Low Tide nominated?", "2014", "In 2014, Low Tide was nominated for Best Song (Aster)."),
        ("Year|Title|Role/2011|True Blood|Luna/2013|The League|Tiffany", "What role did Ann play in True Blood?",
         "Luna", "Ann played Luna in True Blood in 2011."),
        ("Driver|Time/A. Senn|1:31:33/G. Berg|1:32:10", "Who won the race?", "A. Senn",
         "A. Senn won the race with a time of 1:31:33."),
        ("Player|Date|Fee/Ann Lee|2 May 2020|£3/Bob Roe|3 May 2021|£4", "Who signed on 2nd May, 2020?", "Ann Lee",
         "Ann Lee signed on 2nd May, 2020 (£3)."),
    ],
)  # fmt: skip
def test_what_else_a_row_says_is_said_in_words(rows, question, answer, said):
    assert said_by(rows, question, answer) == said


@pytest.mark.parametrize(
    ("rows", "question", "answer", "said"),
    [
        ("Car|Year|Owner/Leaf|2019|Ned Price/Puma|2021|Sue Ray", "Who owns the Leaf?", "Ned Price",
         "Ned Price owns the Leaf (2019)."),
        ("Year|Film|Gross/1997|Red Dust|120/2001|Two Towns|90", "Which film grossed the most?", "Red Dust",
         "Red Dust grossed the most (1997, Gross 120)."),
        ("Season|Club|Goals/2009-10|Ajax|12/2010-11|Ajax|9/2011-12|Celtic|14", "In which season did Celtic win?",
         "2011-12", "In 2011-12, Celtic won (Goals 14)."),  # the goals of whom the table is about
        ("Party|Seats won|Seats contested/Reds|3|9/Blues|5|9", "Which party won?", "Reds",
         "Which party won: Reds (Seats won 3, Seats contested 9)."),
        ("Party|Seats won|Seats lost/Reds|3|9/Blues|5|9", "Which party won the vote?", "Reds",
         "Reds won the vote (Seats won 3, Seats lost 9)."),
        ("Year|Winner|Venue/2012|Orion|Home/2013|Vega|Away", "Who won in 2012?", "Orion", "Orion won in 2012 (Home)."),
        ("Player|Goals/Ann Lee|0/Bob Roe|3", "Who scored the fewest goals?", "Ann Lee",
         "Ann Lee scored the fewest goals (Goals 0)."),
        ("Player|Votes Votes/Ann Lee|5/Bob Roe|3", "Who won it?", "Ann Lee", "Ann Lee won it (Votes Votes 5)."),
        ("Year|Nation|Winner/2012|France|Ann Lee/2013|Spain|Bob Roe", "Who won in 2013?", "Bob Roe",
         "Bob Roe won in 2013 (Spain)."),
        ("Day|Client|Sum/2024-03-11|Ann Lee|$3/2024-05-11|Bob Roe|$4", "Who paid $3?", "Ann Lee",
         "Ann Lee paid $3 (2024-03-11)."),
        ("Year|Player|Votes/2012|Ann Lee|30/2013|Bob Roe|20", "Who was not elected?", "Bob Roe",
         "Bob Roe was not elected (2013, Votes 20)."),
        ("Player|Votes/Ann Lee|30/Bob Roe|20", "Who did Cy defeat in the vote?", "Bob Roe",
         "Cy defeated Bob Roe in the vote (Votes 20)."),
        ("Year|Show|Role/2012|Harbor|a nurse/2013|Arc|Tom", "When did Ann appear in Harbor?", "2012",
         "In 2012, Ann appeared in Harbor (a nurse)."),
    ],
)  # fmt: skip
def test_where_words_might_mislead_it_stays_in_brackets(rows, question, answer, said):
    assert said_by(rows, question, answer) == said


def test_drafts_have_all_of_it_in_brackets():
    matcher = TableMatcher(table_of("Year|Title|Role/2011|True Blood|Luna/2011|The League|Tiffany"))
    one, two = "What role did Ann play in True Blood?", "What roles did Ann play in 2011?"
    assert compose(one, matcher, in_brackets=True).text == "Ann played Luna in True Blood (2011)."
    assert (
        compose(two, matcher, in_brackets=True).text == "Ann played Luna (True Blood) and Tiffany (The League) in 2011."
    )
    assert compose(two, matcher).text == "Ann played Luna in True Blood and Tiffany in The League in 2011."


def test_of_two_times_and_of_two_phrases_that_begin_alike_one_is_said():
    table = table_of("Year|Date|Song|Artist|City|Sport/2016|14 May 2016|Gezeiten|Lena Voss|Odense|Judo")
    cells = [Cell(0, column) for column in (0, 1, 4, 5)]
    stated = Stated("Lena Voss won it", "Lena Voss", table, Cell(0, 3))
    assert beside(stated, cells) == "Lena Voss won it in 2016 (14 May 2016, Odense, Judo)"


def test_so_many_of_several_things_stand_together():
    table = table_of("Player|Goals|Club|Assists/Ann Lee|3|Reds|7")
    stated = Stated("Ann Lee played", "Ann Lee", table, Cell(0, 0))
    said = beside(stated, [Cell(0, column) for column in (1, 2, 3)])
    assert said == "Ann Lee played with 3 goals and 7 assists for Reds"
