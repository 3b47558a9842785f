"""Short questions as sentences."""

import pytest

from gentap.statements import statement, statements
from tabtext import Table
from tabtext.examples import QAExample

CLUBS = Table(
    ("Club", "Year", "New coach", "Wins"),
    (("Flamengo", "2008", "Ann Lee", "20"), ("Santos", "2009", "Ann", "6"), ("The Great Game", "2010", "Bo", "7")),
)


def example(question, answer):
    return QAExample("1", question, answer, (answer,), CLUBS)


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("What is the year of Flamengo?", "2008", "The year of Flamengo is 2008."),
        ("What are the wins of Santos?", "6", "The wins of Santos are 6."),
        ("What is listed under Wins for Santos?", "6", "6 is listed under Wins for Santos."),
        ("How many wins does Santos have?", "6", "Santos has 6 wins."),
        ("How many wins do Santos have?", "6", "Santos have 6 wins."),
        ("Which club has the most wins?", "Flamengo", "Flamengo has the most wins."),
        ("Which new coach is from 2008?", "Ann Lee", "Ann Lee is from 2008."),
        ("Which club has fewer wins, Santos or Flamengo?", "Santos", "Santos has fewer wins."),
        ("Other than Santos, which club is from 2008?", "Flamengo", "Other than Santos, Flamengo is from 2008."),
        ("Which other club has the same year as Santos?", "Flamengo", "Flamengo has the same year as Santos."),
        ("In which year is Ann Lee the new coach?", "2008", "In 2008, Ann Lee is the new coach."),
        ('In which year is "The Great Game" the club?', "2010", 'In 2010, "The Great Game" is the club.'),
        ("Which team has the most wins?", "Flamengo", "Flamengo has the most wins."),
        ("What is the yearly prize called?", "Ashes", "The yearly prize is called Ashes."),  # names no column
        ("who won the first cup?", "Santos", "Santos won the first cup."),
        ("What is the year of Flamengo?", " 2008\n\n(?)", "The year of Flamengo is 2008 (?)."),
    ],
)
def test_a_question_and_its_cell_become_a_sentence(question, answer, said):
    assert statement(example(question, answer)) == said


@pytest.mark.parametrize(
    "question",
    [
        "Which clubs whose year is 2008 has 20 wins?",  # clubs: not the column's name, so where it ends is not known
        "In which year is Nobody the new coach?",
        "For which club whose coach is Ann is 2008 the year?",
        "Who won?",
        "",
    ],
)
def test_what_is_not_understood_is_left_alone(question):
    assert statement(example(question, "Flamengo")) is None


def test_statements_keep_the_question_and_the_table():
    asked = [example("Who won?", "Ann"), example("What is the year of Santos?", "2009")]
    [said] = statements(asked)
    assert (said.question, said.table, said.answer) == (asked[1].question, CLUBS, "The year of Santos is 2009.")
    assert said.answers == (said.answer,)
