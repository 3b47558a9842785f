"""Programs read as they are written, and give what a person would say of a small table."""

import pytest

from gentap.grammar.executor import OPERATIONS, execute
from gentap.grammar.phrasing import phrasebook
from gentap.grammar.programs import Call, parse_program
from gentap.grammar.results import percent
from gentap.grammar.view import TableView
from tabtext.errors import InputError
from tabtext.table import Table

TABLE = Table.from_rows(
    [
        ["Boat", "Port", "Built", "Length (m)", "Crew", "Price", "Launched", "Notes"],
        ["Alma", "Hull", "1901", "12.5", "11", "$1,200", "3 March 1901", "sunk[a]"],
        ["Brisa", "Hull", "1899", "30", "12", "$2,400", "30 June 1899", "-"],
        ["Cora*", "Leith", "1901", "8.0", "7", "$900", "1 April 1901", "sold"],
        ["Dawn", "Leith", "1910", "21", "3", "$5,000", "May 1910", "sold"],
        ["Total", "", "", "", "33", "$9,500", "", ""],
    ]
)
VIEW = TableView(TABLE, phrasebook().words)


def equals(column, value):
    return f'equals("{column}", "{value}")'


CASES = [
    (f'lookup("Port", {equals("Boat", "Cora")})', ["Leith"], [(2, 1), (2, 0)]),
    (f'lookup("Boat", {equals("Port", "leith")})', ["Cora*", "Dawn"], [(2, 0), (3, 0), (2, 1), (3, 1)]),
    (f'lookup("Crew", {equals("Boat", "Total")})', ["33"], [(4, 4), (4, 0)]),
    (f'lookup("Notes", {equals("Boat", "Brisa")})', [], None),
    (f'lookup("Boat", {equals("Port", "Oslo")})', [], None),
    (f'conjunction("Boat", {equals("Built", "1901")}, {equals("Port", "Hull")})', ["Alma"], [(0, 0), (0, 2), (0, 1)]),
    ('comparison("Boat", above("Crew", "11"))', ["Brisa"], [(1, 0), (1, 4)]),
    ('comparison("Boat", below("Length (m)", "12.5"))', ["Cora*"], [(2, 0), (2, 3)]),
    ('comparison("Boat", above("Price", "$2,400"))', ["Dawn"], [(3, 0), (3, 5)]),
    ('comparison("Boat", above("Price", "€2"))', [], None),
    ('range("Boat", between("Crew", "7", "11"))', ["Alma", "Cora*"], [(0, 0), (2, 0), (0, 4), (2, 4)]),
    ('range("Boat", between("Built", "1899", "1901"))', ["Alma", "Brisa", "Cora*"], None),
    ('spelling("Boat", starts("Boat", "bri"))', ["Brisa"], [(1, 0)]),
    ('spelling("Port", ends("Boat", "A"))', ["Hull", "Leith"], None),
    ('spelling("Port", contains("Boat", "aw"))', ["Leith"], None),
    ('dated_rows("Boat", before("Launched", "1901"))', ["Brisa"], None),
    ('dated_rows("Boat", after("Launched", "March 1901"))', ["Cora*", "Dawn"], None),
    (f'negation("Boat", {equals("Port", "Hull")})', ["Cora*", "Dawn"], None),
    (f'negation("Boat", {equals("Notes", "sold")})', ["Alma", "Brisa"], None),
    (f'exception("Boat", {equals("Boat", "Cora")}, {equals("Port", "Leith")})', ["Dawn"], [(3, 0), (3, 1)]),
    (f'exception("Boat", {equals("Boat", "Alma")}, {equals("Port", "Leith")})', [], None),
    ('listing("Boat", above("Crew", "7"))', ["Alma", "Brisa"], [(0, 0), (1, 0), (0, 4), (1, 4)]),
    ('values("Port")', ["Hull", "Leith"], [(0, 1), (2, 1)]),
    (f'same_as("Boat", "Port", {equals("Boat", "Alma")})', ["Brisa"], [(1, 0), (0, 1), (1, 1)]),
    (f'previous("Boat", {equals("Boat", "Cora")})', ["Brisa"], [(1, 0), (2, 0)]),
    (f'following("Boat", {equals("Boat", "Alma")})', ["Brisa"], [(1, 0), (0, 0)]),
    (f'previous("Boat", {equals("Boat", "Alma")})', [], None),
    (f"count({equals('Port', 'Hull')})", ["2"], [(0, 1), (1, 1)]),
    ('count("Boat", above("Crew", "100"))', ["0"], []),
    (f"count_without({equals('Port', 'Hull')})", ["2"], [(2, 1), (3, 1)]),
    (f"count_without({equals('Notes', 'sold')})", ["2"], [(0, 7), (1, 7)]),
    ('distinct("Port")', ["2"], [(0, 1), (2, 1)]),
    ('most_frequent("Built")', ["1901"], [(0, 2), (2, 2)]),
    ('most_frequent("Port")', ["Hull", "Leith"], None),
    ('most_frequent("Boat")', [], None),
    ('percentage(above("Crew", "7"))', ["50%"], None),
    (f"percentage({equals('Notes', 'sunk')})", ["25%"], None),
    ('sum("Crew")', ["33"], [(0, 4), (1, 4), (2, 4), (3, 4)]),
    ('sum("Price")', ["$9,500"], None),
    (f'sum("Price", {equals("Port", "Hull")})', ["$3,600"], None),
    ('sum("Built")', [], None),
    ('sum("Notes")', [], None),
    ('average("Crew")', ["8.25"], None),
    ('average("Price")', ["$2,375"], None),
    ('maximum("Length (m)")', ["30"], [(1, 3)]),
    ('minimum("Price")', ["$900"], [(2, 5)]),
    ('latest("Built")', ["1910"], [(3, 2)]),
    ('earliest("Launched")', ["30 June 1899"], [(1, 6)]),
    ('argmax("Boat", "Crew")', ["Brisa"], [(1, 0), (1, 4)]),
    ('argmin("Boat", "Crew")', ["Dawn"], [(3, 0), (3, 4)]),
    (f'argmax_among("Boat", "Crew", {equals("Port", "Leith")})', ["Cora*"], [(2, 0), (2, 4), (2, 1)]),
    (f'argmin_among("Boat", "Crew", "Boat", {equals("Built", "1901")})', ["Cora*"], None),
    ('of_argmax("Port", "Boat", "Length (m)")', ["Hull"], [(1, 1), (1, 3), (1, 0)]),
    ('of_argmin("Port", "Boat", "Crew")', ["Leith"], None),
    ('nth_highest("Boat", "Crew", "2")', ["Alma"], [(0, 0), (0, 4)]),
    ('nth_lowest("Boat", "Crew", "2")', ["Cora*"], None),
    ('nth_highest("Boat", "Crew", "9")', [], None),
    ('nth_highest("Boat", "Built", "2")', [], None),
    (f'rank_of("Crew", {equals("Boat", "Cora")})', ["3rd"], [(2, 4)]),
    (f'larger("Boat", "Crew", {equals("Boat", "Alma")}, {equals("Boat", "Dawn")})', ["Alma"], [(0, 0), (0, 4), (3, 4)]),
    (f'smaller("Boat", "Built", {equals("Boat", "Dawn")}, {equals("Boat", "Brisa")})', ["Brisa"], None),
    (f'larger("Boat", "Built", {equals("Boat", "Alma")}, {equals("Boat", "Cora")})', [], None),
    (f'difference("Price", {equals("Boat", "Cora")}, {equals("Boat", "Dawn")})', ["$4,100"], [(2, 5), (3, 5)]),
    (f'excess("Crew", {equals("Boat", "Brisa")}, {equals("Boat", "Dawn")})', ["9"], None),
    (f'ratio("Length (m)", {equals("Boat", "Brisa")}, {equals("Boat", "Alma")})', ["2.4"], None),
    (f'share("Crew", {equals("Boat", "Alma")})', ["33.3%"], None),
    (f'years_between("Built", {equals("Boat", "Brisa")}, {equals("Boat", "Dawn")})', ["11"], [(1, 2), (3, 2)]),
    (f'days_between("Launched", {equals("Boat", "Alma")}, {equals("Boat", "Cora")})', ["29"], None),
    (f'days_between("Launched", {equals("Boat", "Alma")}, {equals("Boat", "Dawn")})', [], None),
    (f'in_unit("Length (m)", {equals("Boat", "Alma")}, "cm")', ["1,250"], [(0, 3)]),
    (f'in_unit("Price", {equals("Boat", "Dawn")}, "million")', ["0.005"], None),
    (f'in_unit("Crew", {equals("Boat", "Dawn")}, "km")', [], None),
    (f"verify({equals('Boat', 'Alma')}, {equals('Port', 'Hull')})", ["yes"], [(0, 1)]),
    (f"verify({equals('Boat', 'Alma')}, {equals('Port', 'Leith')})", ["no"], [(0, 1)]),
    (f'verify_larger("Crew", {equals("Boat", "Alma")}, {equals("Boat", "Brisa")})', ["no"], None),
    (f'verify_smaller("Built", {equals("Boat", "Brisa")}, {equals("Boat", "Alma")})', ["yes"], None),
    (f'only("Boat", {equals("Boat", "Brisa")}, {equals("Built", "1899")})', ["yes"], [(1, 2)]),
    (f'only("Boat", {equals("Boat", "Alma")}, {equals("Built", "1901")})', ["no"], None),
    ('every(above("Crew", "2"))', ["yes"], None),
    (f'every("Boat", {equals("Port", "Hull")})', ["no"], None),
    (f"most({equals('Port', 'Hull')})", ["no"], None),
    ('most(above("Crew", "3"))', ["yes"], None),
]


@pytest.mark.parametrize("program, answer, evidence", CASES, ids=[case[0][:60] for case in CASES])
def test_programs_give_answers_and_evidence(program, answer, evidence):
    result = execute(parse_program(program), VIEW)
    assert list(result.answer) == answer
    assert evidence is None or [tuple(cell) for cell in result.evidence] == evidence


def test_every_operation_is_in_the_cases():
    assert {parse_program(case[0]).name for case in CASES} == set(OPERATIONS)
    assert {str(name) for name, _, _ in phrasebook().books["one"]} == set(OPERATIONS)


SIXTEEN = TableView(
    Table.from_rows(
        [["Boat", "Port", "Length (m)"], *([f"Boat {n}", "Hull" if n == 1 else "Leith", "100.5"] for n in range(16))]
    ),
    phrasebook().words,
)


def boat(number):
    return equals("Boat", f"Boat {number}")


@pytest.mark.parametrize(
    "program, answer",
    [
        (f"percentage({equals('Port', 'Hull')})", "6.3%"),
        (f'share("Length (m)", {boat(3)})', "6.3%"),
        (f'in_unit("Length (m)", {boat(3)}, "km")', "0.1005"),
        (f'in_unit("Length (m)", {boat(3)}, "mi")', "0.06245"),
    ],
)
def test_halves_are_rounded_up(program, answer):
    assert execute(parse_program(program), SIXTEEN).answer == (answer,)


@pytest.mark.parametrize(
    "ratio, text", [(0.0625, "6.3%"), (0.5625, "56.3%"), (1 / 3, "33.3%"), (0.5, "50%"), (0, "0%")]
)
def test_percentages_have_one_decimal_where_they_need_one(ratio, text):
    assert percent(ratio) == text


VOTES = TableView(
    Table.from_rows(
        [
            ["Party", "Votes", "Seats"],
            ["Reeds", "500", "5"],
            ["Moss", "300", "3"],
            ["Party", "Votes", "Seats"],
            ["Fern", "150", "unknown"],
            ["Other parties", "50", "1"],
            ["Win–Loss", "", "3–0"],
            ["Total", "1,000", "9"],
        ]
    ),
    phrasebook().words,
)


@pytest.mark.parametrize(
    "program, answer",
    [
        ('sum("Votes")', ["1,000"]),
        ('average("Votes")', ["316.67"]),
        (f'share("Votes", {equals("Party", "Reeds")})', ["50%"]),
        ('count("Party", below("Votes", "200"))', ["1"]),
        ('argmin("Party", "Votes")', ["Fern"]),
        ('distinct("Party")', ["3"]),
        (f'lookup("Votes", {equals("Party", "Other parties")})', ["50"]),
        (f'lookup("Seats", {equals("Party", "Fern")})', []),
    ],
)
def test_the_rest_and_repeated_headers_and_summaries_are_no_rows_like_others(program, answer):
    assert list(execute(parse_program(program), VOTES).answer) == answer


VAGUE = TableView(
    Table.from_rows(
        [
            ["Race", "Date"],
            ["Oak Stakes", "May 1879"],
            ["Elm Stakes", "1880"],
            ["Ash Stakes", "6 June 1880"],
            ["Fir Stakes", "27 April 1881"],
            ["Yew Stakes", "25 October 1881"],
        ]
    ),
    phrasebook().words,
)


def race(name):
    return equals("Race", f"{name} Stakes")


@pytest.mark.parametrize(
    "program, answer",
    [
        ('latest("Date")', ["25 October 1881"]),
        ('earliest("Date")', ["May 1879"]),
        ('argmax("Race", "Date")', ["Yew Stakes"]),
        ('argmin_among("Race", "Date", after("Date", "1879"))', []),
        ('nth_highest("Race", "Date", "2")', []),
        (f'larger("Race", "Date", {race("Elm")}, {race("Ash")})', []),
        (f'larger("Race", "Date", {race("Elm")}, {race("Fir")})', ["Fir Stakes"]),
        (f'verify_larger("Date", {race("Ash")}, {race("Elm")})', []),
        (f'verify_larger("Date", {race("Fir")}, {race("Ash")})', ["yes"]),
    ],
)
def test_dates_are_put_in_order_only_where_they_are_precise_enough(program, answer):
    assert list(execute(parse_program(program), VAGUE).answer) == answer


@pytest.mark.parametrize("value", ['a "b"', "back\\slash", "line\nbreak", "</s>", "é – 東京 🏔", ") , (", ""])
def test_programs_read_as_they_are_written(value):
    program = Call("lookup", ("Boat", Call("equals", (value, value))))
    assert parse_program(str(program)) == program


@pytest.mark.parametrize(
    "text", ["", "lookup", "lookup(", 'lookup("a"', 'lookup("a",)', 'f("a") g()', "f(1)", 'f("a" "b")']
)
def test_what_is_no_program_is_refused(text):
    with pytest.raises(InputError, match=r"program"):
        parse_program(text)


@pytest.mark.parametrize(
    "program, complaint",
    [
        ('nonsense("Boat")', "Unknown operation 'nonsense'; known: .*lookup"),
        ('lookup("Mast", equals("Boat", "Alma"))', "column 'Mast'"),
        ('lookup("Boat", equals("Mast", "Alma"))', "column that the table does not have"),
        ('lookup("Boat", likes("Boat", "Alma"))', "Unknown condition 'likes'"),
        ('rank_of("Crew")', "wrong kind or number"),
        ('larger("Boat", "Crew")', "wrong kind or number"),
    ],
)
def test_programs_that_do_not_fit_are_refused(program, complaint):
    with pytest.raises(InputError, match=complaint):
        execute(parse_program(program), VIEW)
