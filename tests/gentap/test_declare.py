"""People's questions as sentences."""

import pytest

from gentap.rules.declare import declared
from gentap.rules.topic import topic


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("who won the first game?", "Boston", "Boston won the first game."),
        ("Who was the last driver from the UK?", "Ann", "Ann was the last driver from the UK."),
        ("what was the score of the final?", "3–1", "The score of the final was 3–1."),
        ("Which is the deepest lake", "Como", "The deepest lake is Como."),
        ("which country won the most medals?", "Spain", "Spain won the most medals."),
        ("which genre was used the most?", "Drama", "Drama was used the most."),
        ("how many students were there last?", "40", "There were 40 students last."),
        ("how many laps did Ann complete?", "105", "Ann completed 105 laps."),
        ("how many students does Yale have?", "6,391", "Yale has 6,391 students."),
        ("which team did Spain play before Portugal?", "Chile", "Spain played Chile before Portugal."),
        ("How many teams did Oslo win two games against?", "3", "Oslo won two games against 3 teams."),
        ("which party did Ann belong to?", "Green", "Ann belonged to Green."),
        ("in which race did Ann race and win?", "Giro", None),
        ("when did it occur?", "1999", "In 1999, it occurred."),
        ("what country is Ann from?", "Peru", "Ann is from Peru."),
        ("when did Ann wobble?", "1999", "In 1999, Ann wobbled."),  # a verb that is not known, behind a name
        ("when did the chair wobble?", "1999", None),
        ("when did Ann carry the flag?", "1999", "In 1999, Ann carried the flag."),
        ("When did Ann try to win it?", "1999", None),  # an unknown verb, and one that is not the clause's
        ("When was the law enacted?", "during the war", "During the war, the law was enacted."),
        ("What causes the rain?", "Wind", "Wind causes the rain."),
        ("What has been seen as its cause?", "Wind", "Wind has been seen as its cause."),
        ("What has Ann won?", "the cup", "Ann has won the cup."),
        ("What is the cup called?", "Ashes", "The cup is called Ashes."),
        ("What is often done with it?", "burnt", None),
        ("What is the war often referred to in France as?", "1870", None),
        ("Who was Ann a guest of?", "Bob", None),
        ("What year did Ann first set foot in Spain?", "1889", None),
        ("Where does it work best in?", "Oslo", "It works best in Oslo."),
        ("How much older was Ann than Bob?", "six years", None),
        ("How many groups are there?", "four groups", "There are four groups."),
        ("How many days a year does it rain?", "40", None),
        ("When did the slave trade end?", "1833", None),
        ("What did the new police force use?", "dogs", None),
        ("When was the newly elected president born?", "1990", None),
        ("In which film did Ann star?", "Before Sunset", "Ann starred in Before Sunset."),
        ("Which club did Ann play for in 1990?", "Boston", "Ann played for Boston in 1990."),
        ("What shows did Ann appear in from 1990 to 1992?", "Oz", "Ann appeared in Oz from 1990 to 1992."),
        ("Which role did Ann play in the 1951 film Gold?", "Mia", "Ann played Mia in the 1951 film Gold."),
        ("What films did Ann make?", "Oz", "Ann made Oz."),
        ("What films was Ann in?", "Oz", "Ann was in Oz."),
        ("Which league is Ann playing in?", "A", None),
        ("Which films Ann starred in?", "Oz", None),
        ("When was the last time Ann won?", "1990", None),
        ("How many times did Ann win the cup?", "3", None),
        ("What award was Ann given?", "A medal", None),
        ("What color is the car?", "Red", None),
        ("What did Ann want to do?", "sing", None),
        ("What did Ann do?", "she sang", None),
        ("What percentage of voters supported it?", "40%", None),
        ("How many years did it last?", "a decade", "It lasted a decade."),
        ("How many kilometers does it cover?", "40 km", "It covers 40 km."),
        ("What is not a cause of it?", "rain", None),
        ("What was the weather like in 1990?", "wet", None),
        ("What is the tower named after?", "Bob", None),
        ("What happened in 1990?", "the war ended", None),
        ("Who dominated the league?", "Ann", "Ann dominated the league."),
        ("What teams were in the final?", "Ajax", "Ajax was in the final."),
        ("How many goals did Ann score in 1990?", "7", "Ann scored 7 goals in 1990."),
        ("when did Ann qualify for it?", "May 3, 1999", "On May 3, 1999, Ann qualified for it."),
        ("when did the show stop?", "1999", "In 1999, the show stopped."),
        ("what year was the song released?", "1999", "In 1999, the song was released."),
        ("where does the race finish?", "Rome", "The race finishes in Rome."),
        ("How did Ann perform in the 1990 final?", "3rd", "Ann finished 3rd in the 1990 final."),
        ("How well did Ann do?", "12th (heats)", "Ann finished 12th (heats)."),
        ("How did Ann do in 1990?", "lost", None),
        ("Which firms are headquartered in Oslo?", "Lumo", "Lumo is headquartered in Oslo."),
        ("What part did Ann play in the film Gold?", "Mia", "Ann played Mia in the film Gold."),
        ("What part of the vote did Ann win?", "40%", None),
        ("In the empire, Ann was succeeded by who?", "Bob", "In the empire, Ann was succeeded by Bob."),
        ("They won it in what year?", "2017", "They won it in 2017."),
        ("How many points has Ann?", "5", "Ann has 5 points."),
        ("How many students have French?", "12", "12 students have French."),
        ("Which team has Bob as captain?", "Ajax", "Ajax has Bob as captain."),
        ("What room is French available in?", "B1", None),
        ("How many teams have a stadium?", "3", "3 teams have a stadium."),
        ("Ann was succeeded by who?", "Bob", "Ann was succeeded by Bob."),
        ("Name the player that was traded to what team?", "Ajax", None),
        ("In the end, who was succeeded by who?", "Bob", None),
        ("Tell me the firms from what?", "x", None),
        ("In what is it?", "wood", None),
        ("How did Ann do in the cup?", "3rd round", None),
        ("How did Ann not do in it?", "3rd", None),
        ("Where did Ann live before she moved to Rome?", "Oslo", "In Oslo, Ann lived before she moved to Rome."),
        ("Where did Ann finish in the race?", "3rd", None),
        ("When was Ann's debut in films?", "1999", "Ann's debut in films was in 1999."),
        ("Where was the final?", "Rome", "The final was in Rome."),
        ("When was the final?", "3 days", None),
        ("When was the final?", "1990 - 1995", None),
        ("Where was the final?", "1999", None),
        ("When was the first game of it?", "May 3, 1999", "The first game of it was on May 3, 1999."),
        ("When was Ann queen?", "1999", None),
        ("When was the band active?", "1999", None),
        ("When was the race lost?", "1999", "In 1999, the race was lost."),
    ],
)
def test_a_question_and_its_answer_become_a_sentence(question, answer, said):
    assert declared(question, answer) == said


@pytest.mark.parametrize(
    "question",
    [
        "which was longer, the first or the second?",  # the choice would stay in the sentence
        "which club whose year is 2008 has won?",  # the first verb is a clause's
        "which games did they not score in?",
        "what year in which they won was the show stopped?",
        "did Ann win?",
        "who did it?",
        "name the last winner",
        "?",
        "",
    ],
)
def test_what_no_rule_reads_stays_unsaid(question):
    assert declared(question, "Ann") is None


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("How did Freedom Front do in the 1994 election?", "Freedom Front in the 1994 election"),
        ("How did Ann do?", "Ann"),
        ("How did Ann win it?", "Ann won it"),
        ("When and where did Ann portray Mia?", "Ann portrayed Mia"),
        ("How was the career of Ann?", "The career of Ann"),
        ("What happened to Ann in 1990?", "Ann in 1990"),
        ("What happened in 1996?", "In 1996"),
        ("Did Ann ever win it?", "Whether Ann ever won it"),
        ("Name the winner.", "The winner"),
        ("Please show me the price", "The price"),
        ("What is the result in terms of seats won?", "The result in terms of seats won"),
        ("What films was Ann a part of in 2004?", "What films was Ann a part of in 2004"),
        ("Is Lima the capital?", "Is Lima the capital"),
        ("How did Ann wobble?", "Ann wobbled"),
        ("How did the chair wobble?", "How did the chair wobble"),
    ],
)
def test_what_cannot_be_stated_still_has_a_topic(question, about):
    assert topic(question) == about
