"""Records come in from every notation, say exactly what was given, and refuse what is none with one sentence."""

import random
import sys

import pandas as pd
import pytest

from tabtext.errors import InputError
from tabtext.examples import Fidelity, FidelityExample, TextExample
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record
from tabtext.record_files import READERS, read_records
from tabtext.triples import Triple, literal_text, readable

MEANINGS = {
    "name[The Old Mill], customer rating[3 out of 5]": (
        "",
        [("name", "The Old Mill"), ("customer rating", "3 out of 5")],
    ),
    "give_opinion(name[Star Miner 2], esrb[T (for Teen)], genres[puzzle, sport])": (
        "give_opinion",
        [("name", "Star Miner 2"), ("esrb", "T (for Teen)"), ("genres", "puzzle, sport")],
    ),
    "request_attribute(esrb[])": ("request_attribute", [("esrb", "")]),
    "?confirm(area='sunny hill';name='bob's inn')": ("?confirm", [("area", "sunny hill"), ("name", "bob's inn")]),
    "inform(name=pallas 12;design=black , matt lid;rate=a+)": (
        "inform",
        [("name", "pallas 12"), ("design", "black , matt lid"), ("rate", "a+")],
    ),
    "?request(near)": ("?request", [("near", "")]),
    "goodbye()": ("goodbye", []),
    "name[Room [12]]": ("", [("name", "Room [12]")]),
    "name[<subject> </s>]": ("", [("name", "<subject> </s>")]),
    "name[مطعم النيل 🍕]": ("", [("name", "مطعم النيل 🍕")]),
}


@pytest.mark.parametrize("text", MEANINGS)
def test_meaning_representations(text):
    act, slots = MEANINGS[text]
    record = Record.from_mr(text)
    assert (record.act, [(t.predicate, t.object) for t in record.triples]) == (act, slots)
    assert record.is_slots and record.slots == dict(slots)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("name[Mill", 1, 10),
        ("name[Mill]]", 1, 11),
        ("inform(name[Mill]", 1, 18),
        ("name[Mill],\nfood[Thai", 2, 10),
        ("name[Mill] food[Thai]", 1, 12),
        ("just some words", 1, 16),
        ("[x]", 1, 1),
    ],
)
def test_a_broken_meaning_says_line_and_column_and_points_there(text, line, column):
    with pytest.raises(InputError) as caught:
        Record.from_mr(text)
    message, shown, caret = str(caught.value).split("\n")
    assert f"line {line}, column {column}:" in message
    assert shown.strip() == text.splitlines()[line - 1]
    assert len(caret) - 2 == column and caret.endswith("^")


def test_triples_are_kept_as_written():
    facts = [("Ada_Lovelace", "birthPlace", "London"), ("Ada_Lovelace", "born", 1815), ("x", "says", "<subject> </s>")]
    record = Record.from_triples(facts, category="Person", id="7")
    assert record.triples[1] == Triple("Ada_Lovelace", "born", "1815")
    assert record.triples[2].object == "<subject> </s>"
    assert not record.is_slots
    assert len(Record.from_triples([("s", "p", str(i)) for i in range(200)]).triples) == 200
    assert Record.from_triples([facts[0]] * 3).without_duplicates().triples == record.triples[:1]


@pytest.mark.parametrize("facts", [[("a", "b")], [("a", "b", "c", "d")], ["abc"], [("a", "", "c")], [("a", "b", None)]])
def test_a_triple_needs_three_fields(facts):
    with pytest.raises(InputError, match="Fact 1"):
        Record.from_triples(facts)


@pytest.mark.parametrize(
    ("name", "thing", "predicate"),
    [
        ("birthPlace", "birthPlace", "birth place"),
        ("elevationAboveTheSeaLevel_(in_metres)", "elevationAboveTheSeaLevel (in metres)",
         "elevation above the sea level (in metres)"),
        ("Alan_Bean", "Alan Bean", "alan bean"),
        ("McLaren_F1", "McLaren F1", "mc laren f1"),
        ("ISBN_number", "ISBN number", "isbn number"),
        ("FULL_NAME", "FULL NAME", "full name"),
        ("hasHTMLPage", "hasHTMLPage", "has html page"),
    ],
)  # fmt: skip
def test_names_are_readable(name, thing, predicate):
    assert (readable(name), readable(name, predicate=True)) == (thing, predicate)


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ('"Wien"@de', "Wien"),
        ('"12.0"^^xsd:double', "12.0"),
        ('"a "b" c"', 'a "b" c'),
        ("plain", "plain"),
        ('5" gun', '5" gun'),
    ],
)
def test_literals_lose_tags(literal, text):
    assert literal_text(literal) == text


@pytest.mark.parametrize(
    "read",
    [
        lambda: Record.from_mr("a" + "[" * 5000 + "x" + "]" * 5000),
        lambda: Record.from_amr("(a / b :c " * 5000 + ")" * 5000),
        lambda: Record.from_rdf("[" * 100_000, format="json-ld"),
        lambda: Record.from_rdf("@prefix : <http://e/> . :a :b " + "[ :c " * 3000 + ":d" + "]" * 3000 + " ."),
    ],
)
def test_bottomless_nesting_is_refused(read):
    with pytest.raises(InputError, match=r"nested|recursion"):
        read()


def test_rows_of_dicts_and_frames():
    row = {"Year": 2008, "City": "Beijing", "Note": "", "Score": 3.0, "Gap": None}
    want = [("Games", "Year", "2008"), ("Games", "City", "Beijing"), ("Games", "Score", "3")]
    assert list(Record.from_row(row, subject="Games").triples) == want
    frame = pd.DataFrame([row])
    assert list(Record.from_row(frame.iloc[0], subject="Games").triples) == want


TURTLE = """@prefix : <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Zoe_M :name "Zoë"@en, "Зоя"@ru ; :born "1815-12-10"^^xsd:date ; :address [ :street "Mill Lane" ; :no 12 ] .
:Oslo :country :Norway . :Norway :capital :Oslo . [] :likes [ :p :q ] ."""


def test_rdf_keeps_order_names_blank_nodes_and_drops_tags():
    facts = Record.from_rdf(TURTLE).triples
    assert facts[:3] == (
        Triple("Zoe_M", "name", "Zoë"), Triple("Zoe_M", "name", "Зоя"), Triple("Zoe_M", "born", "1815-12-10"),
    )  # fmt: skip
    assert Triple("Zoe_M", "address", "Zoe M's address") in facts
    assert Triple("Zoe M's address", "street", "Mill Lane") in facts
    assert Triple("Oslo", "country", "Norway") in facts and Triple("Norway", "capital", "Oslo") in facts
    assert Record.from_rdf(TURTLE).triples == facts


def test_rdf_files_are_one_record_per_top_entity(tmp_path):
    path = tmp_path / "people.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    records = [record for record, _ in read_records(path)]
    assert records[0].id == "Zoe_M" and len(records) == 3
    cycle = records[-1].triples
    assert {t.predicate for t in cycle} == {"country", "capital"} and len(cycle) == 2


@pytest.mark.parametrize(
    ("text", "format", "message"),
    [
        (":a :b :c .", "turtle", "not valid turtle at line 1"),
        ("<http://a/b> nonsense", "nt", "not valid nt"),
        ('{"@context": "http://example.org/context", "name": "x"}', "json-ld", "remote context"),
        ('{"@context": {"@import": "http://example.org/context"}}', "json-ld", "remote context"),
        ('{"@context": ', "json-ld", "line 1, column 14"),
        ("", "n3", "Unknown RDF format 'n3'"),
    ],
)
def test_rdf_that_is_none(text, format, message):
    with pytest.raises(InputError, match=message):
        Record.from_rdf(text, format=format)


def test_json_ld_and_n_triples():
    text = '{"@context": {"name": "http://e.org/name"}, "@id": "http://e.org/Bo", "name": ["x", "y"]}'
    assert Record.from_rdf(text, format="json-ld").triples == (Triple("Bo", "name", "x"), Triple("Bo", "name", "y"))
    text = '<http://e.org/a%20b> <http://e.org/p#q> "5"^^<http://www.w3.org/2001/XMLSchema#int> .'
    assert Record.from_rdf(text, format="nt").triples == (Triple("a b", "q", "5"),)


def test_amr_with_reentrancy_cycle_and_constants():
    graph = """(w / want-01 :ARG0 (b / boy :name (n / name :op1 "Bo")) :ARG1 (g / go-02 :ARG0 b)
        :ARG2 (b2 / boy) :polarity -)"""
    record = Record.from_amr(graph)
    assert record.triples == (
        Triple("want", ":ARG0", "boy"), Triple("boy", ":name", "name"), Triple("name", ":op1", "Bo"),
        Triple("want", ":ARG1", "go"), Triple("go", ":ARG0", "boy"), Triple("want", ":ARG2", "boy (2)"),
        Triple("want", ":polarity", "-"),
    )  # fmt: skip
    assert Record.from_amr("(a / see :r (b / tree :s a))").triples[1] == Triple("tree", ":s", "see")
    assert Record.from_amr("(d / dog)").triples == (Triple("it", ":instance", "dog"),)
    assert Record.from_json(record.to_json()) == record


@pytest.mark.parametrize(
    ("graph", "message"),
    [("()", "without a concept"), ("(a / b :c", "line 1, column 10"), ("", "found 0"), ("(a / b) (c / d)", "found 2")],
)
def test_amr_that_is_none(graph, message):
    with pytest.raises(InputError, match=message):
        Record.from_amr(graph)


RECORDS = [
    {"id": "1", "triples": [["Bo", "eats", "figs"]], "category": "Food"},
    {"id": "2", "mr": "inform(name[Mill], near[])"},
    {"id": "3", "amr": "(d / dog :mod (b / big))"},
    {"id": "4", "row": {"City": "Oslo", "Year": "1952"}},
]


def test_json_round_trip():
    for fields in RECORDS:
        record = Record.from_json(fields)
        assert Record.from_json(record.to_json()) == record and record.id == fields["id"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": "1"}, "exactly one of the fields triples, mr, row, amr"),
        ({"triples": [], "mr": "a[b]"}, "exactly one"),
        ({"id": "e", "triples": []}, "Record 'e' is empty"),
        ({"triples": "a b c"}, "'triples' must be a list"),
        ({"row": ["a"]}, "'row' must be an object"),
        ({"mr": 5}, "'mr' must be a text"),
        ({"row": {"a": ""}}, "is empty"),
    ],
)
def test_json_that_is_no_record(fields, message):
    with pytest.raises(InputError, match=message):
        Record.from_json(fields)


WEBNLG = """<benchmark><entries><entry category="Food" eid="Id1" size="2"><modifiedtripleset>
<mtriple>Fig_pie | origin | "Upper | Lower"</mtriple></modifiedtripleset></entry></entries></benchmark>"""

FILES = {
    "a.jsonl": ('{"id": "x", "mr": "name[Mill]", "texts": ["Mill."]}\n', [("x", 1, ("Mill.",))]),
    "a.json": ('[[["a", "b", "c"], ["a", "d", "e"]], {"mr": "x[y]"}]', [("1", 2, ()), ("2", 1, ())]),
    "a.tsv": ("id\tsubject\tpredicate\tobject\n7\ta\tb\tc\n7\ta\td\te\n8\tf\tg\th\n", [("7", 2, ()), ("8", 1, ())]),
    "t.csv": ("subject,predicate,object\na,b,c\na,d,\"e, f\"\n", [("1", 2, ())]),
    "r.csv": ("City,Year\nOslo,1952\nRome,1960\n", [("1", 2, ()), ("2", 2, ())]),
    "m.csv": ('mr,ref\n"name[Mill], food[Thai]",Mill is Thai.\n', [("1", 2, ("Mill is Thai.",))]),
    "a.mr": ("name[Mill]\n\nname[Elm]\n", [("1", 1, ()), ("2", 1, ())]),
    "a.amr": (
        "# ::id s.1 ::date x\n# ::snt A dog.\n(d / dog)\n\n# ::id s.2\n(c / cat)\n",
        [("s.1", 1, ("A dog.",)), ("s.2", 1, ())],
    ),
    "a.xml": (
        WEBNLG.replace(" | Lower", "").replace("</entry>", '<lex>Pie.</lex><lex lang="ru">Торт.</lex></entry>'),
        [("Food-Id1", 1, ("Pie.",))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_record_files(tmp_path, name):
    text, want = FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [(r.id, len(r.triples), texts) for r, texts in read_records(tmp_path / name)] == want


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '{"mr": "a[b]"}\n{"mr": "a[b"}\n', r"a\.jsonl, line 2: The meaning representation is broken"),
        ("a.jsonl", '{"triples": [["a", "b"]]}\n', r"line 1: Fact 1 must have"),
        ("a.tsv", "subject\tpredicate\tobject\na\tb\n", r"line 2: 2 fields where the header has 3"),
        ("a.csv", "", "empty"),
        ("a.csv", "Team,,Year\nElm,1,2\n", r"a\.csv: column 2 has no name"),
        ("a.csv", "subject,predicate\na,b\n", "has the columns 'subject' and 'predicate' but no column 'object'"),
        ("a.csv", "id,Team,id\n1,Elm,2\n", r"a\.csv: there are two columns 'id', 1 and 3"),
        ("a.jsonl", '{"row": {"": "x"}}\n', "line 1: The cell 'x' has no header"),
        ("a.amr", "(a / b)\n\n(c / \n", "graph 2"),
        ("a.xml", "<benchmark><entries>", "not well-formed XML"),
        ("a.xml", WEBNLG, "subject | predicate | object"),
        ("a.xml", '<!DOCTYPE b [<!ENTITY e "x">]><b>&e;</b>', "no <entry>"),
        ("a.doc", "x", "no record format has the suffix '.doc'"),
    ],
)
def test_record_files_that_are_none(tmp_path, name, text, message):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message.replace(" | ", r" \| ")):
        list(read_records(tmp_path / name))


SKIPPED = {
    "a.jsonl": ('{"mr": "a[b]"}\n{"mr": "a[b"}\n{"mr": "a[c]"}\n', ["1", "3"], "line 2: The meaning"),
    "a.json": ('[{"mr": "a[b]"}, {"mr": "a[b"}, 3, {"mr": "a[c]"}]', ["1", "4"], "item 3: expected a record,"),
    "a.mr": ("a[b]\na[\na[c]\n", ["1", "3"], "line 2: The meaning"),
    "r.csv": ("City,Year\nOslo,1952\nRome\nTokyo,1964\n", ["1", "3"], "line 3: 1 fields where the header has 2."),
    "m.tsv": ("id\tmr\nx\ta[b]\ny\ta[\nz\ta[c]\n", ["x", "z"], "line 3: The meaning"),
    "t.csv": ("id,subject,predicate,object\n7,a,b,c\n8,a,b,c\n8,a,b\n8,a,d,e\n9,a,,c\n10,a,b,c\n", ["7", "10"],
              "line 6: the predicate is empty."),
    "a.amr": ("(a / b)\n\n(c / \n\n# ::id s\n(d / dog)\n", ["1", "s"], "graph 2: The AMR graph is broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", SKIPPED)
def test_a_record_that_cannot_be_read_is_told_and_the_others_keep_their_numbers(tmp_path, capsys, name):
    text, kept, message = SKIPPED[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [record.id for record, _ in read_records(tmp_path / name, on_error="skip")] == kept
    told = capsys.readouterr().err
    assert f"skipped: {tmp_path / name}, " in told and message in told
    with pytest.raises(InputError):
        list(read_records(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.csv", "subject,predicate,object\na,b,c\na,b\n", "line 3: 2 fields where the header has 3"),
        ("r.csv", 'City,Year\n"Oslo"o,1952\nRome,1960\n', "line 2: "),
        ("a.nt", "no triple\n", "a.nt: "),
    ],
)
def test_a_file_whose_records_cannot_be_told_apart_is_refused_even_where_others_are_skipped(
    tmp_path, name, text, message
):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        list(read_records(tmp_path / name, on_error="skip"))


def test_a_library_that_lacks_is_no_record_to_skip(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "penman", None)
    (tmp_path / "a.amr").write_text("(a / b)\n")
    with pytest.raises(InputError, match=r"pip install 'tabtext\[amr\]'"):
        list(read_records(tmp_path / "a.amr", on_error="skip"))


def test_a_column_that_comes_twice_is_two_facts(tmp_path):
    (tmp_path / "a.csv").write_text("id,Team,Score,Score\n7,Kestrels,3,1\n")
    [(record, _)] = read_records(tmp_path / "a.csv")
    assert record == Record.from_triples([("", "Team", "Kestrels"), ("", "Score", "3"), ("", "Score", "1")], id="7")


def test_an_unknown_format_lists_the_known_ones(tmp_path):
    with pytest.raises(InputError, match="turtle"):
        list(read_records(tmp_path, "yaml"))
    assert set(READERS) >= {"jsonl", "csv", "tsv", "turtle", "webnlg", "mr", "amr"}


def test_examples_survive_a_file(tmp_path):
    record = Record.from_mr("inform(name[Star Miner <pad>], rating[good])", id="m")
    example = TextExample(record, ("Star Miner <pad> is good.", "ستار 🎮"), "dev")
    broken = FidelityExample(
        record, "It is bad.", (Fidelity.OMISSION, Fidelity.VALUE_ERROR), record.triples, "drop", ("missing", "wrong")
    )
    write_jsonl(tmp_path / "a.jsonl", [example, broken])
    first, second = read_jsonl(tmp_path / "a.jsonl")
    assert (TextExample.from_json(first), FidelityExample.from_json(second)) == (example, broken)
    with pytest.raises(InputError, match="accurate, hallucination"):
        FidelityExample.from_json({**second, "label": ["perfect"]})


def test_whatever_brackets_do_not_split_is_parsed_back():
    rng = random.Random(3)
    letters = "abc ,;='<>/é🍕مx"
    for _ in range(200):
        value = "".join(rng.choice(letters) for _ in range(rng.randint(1, 12))).strip() or "x"
        assert Record.from_mr(f"inform(a[{value}], b[y])").slots == {"a": value, "b": "y"}
