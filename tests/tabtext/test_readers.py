"""Tables from files: every format, and every bad input in one clear sentence."""

import io
import json
import pickle
import random
import re
import sqlite3
import sys
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabtext.errors import InputError
from tabtext.readers import FORMATS, SUFFIXES, read_tables, table_source, tables_of
from tabtext.readers.delimited import parse_delimited
from tabtext.render import as_csv, convert
from tabtext.stages import Options, Stage, run_stage
from tabtext.table import Cell, Table

HEADER, ROWS = ("name", "length"), (("Lin", "12 km"), ("Ōta", ""))
HOSTILE = "a,b\n</s>,<extra_id_0>\nrow 1 :,| x |\nשלום عربى,👩‍👩‍👧\n".encode()


def read(path, content: bytes, **said):
    path.write_bytes(content)
    return list(read_tables(path, **said))


def messages(caplog):
    return " ".join(record.getMessage() for record in caplog.records)


CSV = [
    ("t.csv", "name,length\nLin,12 km\nŌta,\n".encode()),
    ("t.csv", "name;length\r\nLin;12 km\r\nŌta;\r\n".encode()),
    ("t.csv", "\ufeffname|length\nLin|12 km\nŌta|\n".encode()),
    ("t.txt", '"name"\t"length"\n"Lin"\t"12 km"\n\n"Ōta"\t""\n'.encode()),
    ("t.tsv", "name\tlength\nLin\t12 km\nŌta\t\n".encode("utf-16")),
    ("t.csv", "name,length\nLin,12 km\nŌta,\n".encode("utf-16-le")),
    ("t.csv", "name,length\nLin,12 km\nŌta,\n".encode("utf-16-be")),
    ("T.CSV", "name,length\rLin,12 km\rŌta,\r".encode()),
]


@pytest.mark.parametrize(("name", "content"), CSV)
def test_delimiter_and_encoding_are_found_out(tmp_path, name, content, caplog):
    [table] = read(tmp_path / name, content)
    assert (table.header, table.rows, table.id) == (HEADER, ROWS, name.partition(".")[0])
    assert not caplog.records


@pytest.mark.parametrize(
    ("content", "header", "rows", "said"),
    [
        ("a;b\nM\xfcller;1,5\n".encode("cp1252"), ("a", "b"), (("Müller", "1,5"),), "line 2.*Windows-1252"),
        ("a,b\nÄÖÜ,".encode() + b"\xff\n", ("a", "b"), (("ÄÖÜ", "\ufffd"),), "1 bytes are not UTF-8"),
        (b"a,b\n\x81\xe4,2\n", ("a", "b"), (("\x81ä", "2"),), "Windows-1252"),
        (b"a\0,b\n1,2\n3,4\n", ("a", "b"), (("1", "2"), ("3", "4")), "1 NUL"),
        (b"a,b\n1,2,3\n5\n", ("a", "b", ""), (("1", "2", "3"), ("5", "", "")), "line 2: 3 cells where the header"),
        (b'a,b\n"x\ny",2\n3\n', ("a", "b"), (("x\ny", "2"), ("3", "")), "line 4: 1 cells"),
    ],
)  # fmt: skip
def test_what_was_guessed_or_mended_is_reported(tmp_path, content, header, rows, said, caplog):
    [table] = read(tmp_path / "t.csv", content)
    assert (table.header, table.rows) == (header, rows)
    assert re.search(said, messages(caplog))


@pytest.mark.parametrize("name", ["bin.csv", "bin.md", "bin.json"])
def test_what_is_no_text_is_refused(tmp_path, name, caplog):
    content = random.Random(0).randbytes(4000)
    for start in (b"", b"a,b\n1,2\n", b"\xef\xbb\xbf"):
        with pytest.raises(InputError, match=rf"{name}.*(not text; \d+ of its 4,\d+ characters|not utf-8)"):
            read(tmp_path / name, start + content)
    assert not caplog.records


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a\n1\n\n2\n", (("1",), ("2",))),
        (b'a,b\n1,"say ""hi"""\n', (("1", 'say "hi"'),)),
        (b'"a","b"\n"1","say \\"hi\\" \\\\"\n', (("1", 'say "hi" \\'),)),
        (b'"a","b"\n"6 ft 5\\"","x"\n"1","2"\n', (('6 ft 5"', "x"), ("1", "2"))),
        (b'a,b\n"C:\\dir\\",x\n', (("C:\\dir\\", "x"),)),
        (b'a,b\nx"y,2\n', (('x"y', "2"),)),
        (b"a;b\n1,5;2,5\n3;4,5\n", (("1,5", "2,5"), ("3", "4,5"))),
        (b"a,b\nx,NA\nNone,007\n", (("x", "NA"), ("None", "007"))),
        (b"a\n" + b"x" * 1_000_000 + b"\n", (("x" * 1_000_000,),)),
        (HOSTILE, (("</s>", "<extra_id_0>"), ("row 1 :", "| x |"), ("שלום عربى", "👩‍👩‍👧"))),
    ],
)
def test_cells_stay_as_written(tmp_path, content, rows):
    [table] = read(tmp_path / "t.csv", content)
    assert table.rows == rows


@given(
    st.lists(
        st.lists(
            st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")), min_size=2, max_size=2
        ),
        min_size=1,
    )
)
def test_csv_round_trip(rows):
    table = Table(("a", "b"), tuple(map(tuple, rows)))
    text = "\n".join(as_csv(table)) + "\n"
    assert parse_delimited(text, ",", "x")[0] == [["a", "b"], *rows]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("**Norway**", "Norway"), ("*x*", "x"), ("`x`", "x"), ("[Oslo](https://example.org/a_(b))", "Oslo"),
        ("***x*** and __y__, _z_", "x and y, z"), ("**[a](b)**", "a"), ("*a **b** c*", "a b c"),
        ("![map](m.png)", "map"), (r"\*x\*", "*x*"), ("12*", "12*"), ("* note", "* note"), ("2*3*4", "2*3*4"),
        ("5 * 3 * 2", "5 * 3 * 2"), ("Ann*, Bob*", "Ann*, Bob*"), ("snake_case_name", "snake_case_name"),
        ("`a*b*c _d_`", "a*b*c _d_"),
        ("[1]", "[1]"), ("", ""), ("**", "**"), ("C:\\dir", "C:\\dir"), ("``a`b``", "a`b"),
    ],
)  # fmt: skip
def test_markdown_is_read_as_it_is_shown(tmp_path, cell, shown):
    [table] = read(tmp_path / "t.md", f"# **Games**\n\n| {cell}x | *b* |\n|---|---|\n| {cell} | 1 |\n".encode())
    assert (table.section, table.header[1], table.rows[0][0]) == ("Games", "b", shown)
    [other] = read(tmp_path / "t.csv", f"a;b\n{cell};1\n2;3\n".encode())
    assert other.rows[0][0] == cell, "only Markdown has marks"
    written = "\n".join(convert([table], "markdown"))
    [again] = read(tmp_path / "again.md", written.encode())
    assert (again.header, again.rows) == (table.header, table.rows)


@pytest.mark.parametrize("cell", ["a;b", "x\ty", "a|b", " x ", "", '"', "1,5", "a\nb", "-"])
@pytest.mark.parametrize("format", ["csv", "tsv", "json", "jsonl", "html", "markdown"])
def test_conversions_come_back(tmp_path, cell, format):
    table = Table(("one",), ((cell,), ("z",)), id="t")
    lines = "".join(line + "\n" for line in convert([table], format))
    suffix = {"markdown": ".md"}.get(format, f".{format}")
    [again] = read(tmp_path / f"t{suffix}", lines.encode())
    kept = " ".join(cell.split()) if format in ("html", "markdown") else cell
    assert (again.header, again.rows) == (("one",), ((kept,), ("z",)))


def test_two_thousand_columns(tmp_path):
    [table] = read(tmp_path / "t.csv", b",".join([b"x"] * 2000) + b"\n" + b",".join([b"1"] * 2000) + b"\n")
    assert table.width == 2000 and len(set(table.header)) == 2000


BAD = [
    ("t.csv", b"", "t.csv: the file is empty"),
    ("t.csv", b" \n\n", "t.csv: the file is empty"),
    ("t.csv", b"a,b\n", "a header and no rows"),
    ("t.csv", b'a,b\n1,2\n3,"open\n4,5\n', "line 3: a quote is opened and never closed"),
    ("t.csv", b",".join([b"x"] * 20_000) + b"\n1\n", "20,000 columns where at most 10,000"),
    ("t.csv.gz", b"a,b\n", "Not a gzipped file"),
    ("t.xyz", b"a,b\n1,2\n", "unknown suffix '.xyz'; known: .csv"),
    ("t.xlsx", b"PK\x03\x04 damaged", "damaged workbook"),
    ("t.xls", b"no workbook", "not a workbook"),
    ("t.parquet", b"PAR1", "not a Parquet file"),
    ("t.md", b"no table | here", "no pipe table"),
    ("t.html", b"<p>none", "no table with a header and rows"),
    ("t.json", b'{"a": [1, 2}', "line 1, column 12: not valid JSON"),
    ("t.json", b"[1, 2]", "items must all be"),
    ("t.json", b'"x"', "found a str"),
    ("t.json", b'{"a": [1], "b": []}', "different numbers of cells"),
    ("t.json", b"[" * 100_000, "nested too deeply"),
    ("t.jsonl", b'{"header": ["a"], "rows": [["1"]]}\n{"header": ["a"], "ro', "line 2, column 19: not valid JSON"),
    ("t.jsonl", b'{"header": ["a"], "rows": [["1"]]}\n{"x": 1}\n', "line 2: expected a table"),
    ("t.jsonl", b'{"table_array": 1}\n', "line 1: 'table_array' must be"),
    ("t.db", b"not a database at all, but long enough to be one" * 40, "not a database"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD)
def test_bad_input_is_one_sentence(tmp_path, name, content, said):
    with pytest.raises(InputError, match=said) as caught:
        read(tmp_path / name, content)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"encoding": "klingon"}, "unknown encoding 'klingon'"),
        ({"encoding": "ascii"}, "line 2: not ascii"),
        ({"delimiter": "ab"}, "one character"),
        ({"format": "xml"}, "Unknown table format 'xml'; known: csv"),
        ({"header_rows": -1}, "0 or more"),
    ],
)
def test_what_a_person_says_is_checked(tmp_path, said, sentence):
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / "t.csv", "a,b\nä,2\n".encode(), **said)


def test_what_a_person_says_counts(tmp_path):
    content = "x;y;y\n;1;2\nä;3;4\n".encode("latin-1")
    [table] = read(tmp_path / "t.csv", content, delimiter=";", encoding="latin-1", header_rows=2)
    assert (table.header, table.rows) == (("x", "y 1", "y 2"), (("ä", "3", "4"),))


# ---- Excel


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, (rows, merged) in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    book.save(path)
    return path


def test_workbook_sheets_and_merged_cells(tmp_path, caplog):
    day, half = pd.Timestamp(2020, 1, 2).to_pydatetime(), pd.Timedelta(hours=30).to_pytimedelta()
    path = workbook(
        tmp_path / "t.xlsx",
        First=([["Games"], ["Who", "Result", None], [None, "Won", "Lost"], ["A", 1, 0.1 + 0.2], ["B", True, day]],
               ["A1:C1", "A2:A3", "B2:C2"]),
        Empty=([], []),
        Second=([["n", "t"], ["same", half], [None, 2]], ["A2:A3"]),
    )  # fmt: skip
    first, second = read_tables(path)
    assert (first.title, first.section, first.id) == ("Games", "First", "t")
    assert first.header == ("Who", "Result Won", "Result Lost")
    assert first.rows == (("A", "1", "0.3"), ("B", "TRUE", "2020-01-02"))
    assert (second.section, second.id) == ("Second", "t-1")
    assert second.rows == (("same", "30:00:00"), ("same", "2"))
    assert "sheet 'Empty': no rows" in messages(caplog)


def test_zip_bombs_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (40 * 2**20))
    with pytest.raises(InputError, match="looks like a zip bomb"):
        list(read_tables(tmp_path / "bomb.xlsx"))


def test_a_workbook_whose_corners_are_far_apart_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["IV1048576"] = "a", "z"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(InputError, match="1,048,576 rows of 256 columns"):
        list(read_tables(tmp_path / "far.xlsx"))


def test_a_workbook_without_tables(tmp_path):
    with pytest.raises(InputError, match="none of its 1 sheets"):
        list(read_tables(workbook(tmp_path / "t.xlsx", Only=([["header"]], []))))


# ---- HTML, Markdown, Parquet, JSON, SQLite


def test_html_tables(tmp_path):
    page = (
        b"<h2>Sea</h2><table><tr><th>a<th colspan=2>b<tr><td>1<td rowspan=2>2<td>3"
        b"<tr><td>4<td><table><tr><th>in<tr><td>side</table></table><table><tr><th>none</table>"
    )
    outer, inner = read(tmp_path / "t.html", page)
    assert outer.rows[0] == ("1", "2", "3") and outer.rows[1][:2] == ("4", "2")
    assert inner.rows == (("side",),)
    assert (outer.id, inner.id) == ("t", "t-1")


def test_markdown_tables(tmp_path, caplog):
    code = b"```\n|x|y|\n|-|-|\n|1|2|\n```\n"
    text = b"# Top\n\n| a | b\\|c |\n|---|:-:|\n| 1 | |\n| 2 |\n\n" + code + b"## Next ##\n\nx | y\n--|--\n1 | 2\n"
    first, second = read(tmp_path / "t.md", text)
    assert (first.section, first.header, first.rows) == ("Top", ("a", "b|c"), (("1", ""), ("2", "")))
    assert (second.section, second.rows) == ("Next", (("1", "2"),))
    assert "line 6: 1 cells where the header has 2" in messages(caplog)


def test_parquet(tmp_path):
    pd.DataFrame({"n": [1, None], "when": pd.to_datetime(["2020-01-01", None]), "list": [[1], None]}).to_parquet(
        tmp_path / "t.parquet"
    )
    [table] = read_tables(tmp_path / "t.parquet")
    assert table.rows == (("1", "2020-01-01", "[1]"), ("", "", ""))


@pytest.mark.parametrize(
    "content",
    [
        [{"name": "Lin", "length": "12 km"}, {"name": "Ōta", "length": None}],
        [["name", "length"], ["Lin", "12 km"], ["Ōta"]],
        {"name": ["Lin", "Ōta"], "length": ["12 km", None]},
        Table(HEADER, ROWS).to_json(),
        [Table(HEADER, ROWS).to_json()],
        {"table_array": [list(HEADER), *map(list, ROWS)], "feta_id": 1},
        {"question": "?", "table": Table(HEADER, ROWS).to_json()},
    ],
)
def test_json_of_every_shape(tmp_path, content):
    [table] = read(tmp_path / "t.json", json.dumps(content).encode())
    assert (table.header, table.rows) == (HEADER, ROWS)


def test_jsonl_of_tables_and_of_records(tmp_path):
    line = json.dumps(Table(HEADER, ROWS).to_json())
    assert [table.id for table in read(tmp_path / "t.jsonl", f"{line}\n\n{line}\n".encode())] == ["t-1", "t-3"]
    [records] = read(tmp_path / "r.jsonl", b'{"name": "Lin"}\n{"length": 3, "name": "x"}\n')
    assert (records.header, records.rows) == (("name", "length"), (("Lin", ""), ("x", "3")))


def test_fetaqa_header_rows_and_highlighted_cells(tmp_path):
    array = [
        ["-", "Season", "Season", "Playoffs", "Playoffs", "-"],
        ["Team", "-", "W", "L", "W", "L"],
        ["A", "-", "1", "2", "3", "4"],
    ]
    fields = {
        "feta_id": 7,
        "table_page_title": "P",
        "table_array": array,
        "highlighted_cell_ids": [[0, 1], [2, 0], [2, 4]],
    }
    [table] = read(tmp_path / "t.jsonl", json.dumps(fields).encode())
    assert (table.id, table.title) == ("7", "P")
    assert table.header == ("Team", "", "Season W", "Season L", "Playoffs W", "Playoffs L")
    assert table.highlighted == (Cell(0, 0), Cell(0, 4))


@pytest.fixture
def database(tmp_path):
    connection = sqlite3.connect(tmp_path / "x#y?.db")
    connection.execute('CREATE TABLE "odd ""name" (a, b)')
    connection.execute("CREATE TABLE plain (n)")
    connection.executemany('INSERT INTO "odd ""name" VALUES (?, ?)', [(1, 2.5), (None, b"\xff")])
    connection.execute("INSERT INTO plain VALUES ('x')")
    connection.commit()
    connection.close()
    return tmp_path / "x#y?.db"


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        ("", [(("1", "2.5"), ("", "ff")), (("x",),)]),
        ('::odd "name', [(("1", "2.5"), ("", "ff"))]),
        ("::SELECT count(*) AS n FROM plain", [(("1",),)]),
        ("::WITH r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 3) SELECT * FROM r", [(("1",), ("2",), ("3",))]),
    ],
)
def test_sqlite(database, wanted, rows):
    assert [table.rows for table in read_tables(f"{database}{wanted}")] == rows


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("::nope", "Unknown table 'nope'; known: odd"),
        ("::DELETE FROM plain", "Unknown table"),
        ("::SELECT 1; DELETE FROM plain", "one SELECT at a time"),
        ("::WITH x AS (SELECT 1) DELETE FROM plain", "not authorized|readonly|one SELECT"),
        ("::SELECT * FROM plain WHERE n = 'none'", "a header and no rows"),
        ("::SELECT load_extension('x')", "not authorized"),
    ],
)
def test_sqlite_reads_and_nothing_else(database, wanted, said):
    with pytest.raises(InputError, match=said):
        list(read_tables(f"{database}{wanted}"))
    assert [len(table) for table in read_tables(database)] == [2, 1]


# ---- sources of stages


@pytest.fixture
def folder(tmp_path):
    line = json.dumps({**Table(HEADER, ROWS).to_json(), "id": "own"})
    files = {
        "b/x.csv": b"a\n1\n",
        "a/x.csv": b"a\n2\n",
        "lines.jsonl": f"{line}\n{json.dumps(Table(HEADER, ROWS).to_json())}\n".encode(),
        "records.jsonl": b'{"a": 1}\n',
        "notes.doc": b"no table",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def ids(source):
    return [table.id for item in source.items for table in tables_of(pickle.loads(pickle.dumps(item)))]


def test_a_folder_gives_its_tables_sorted_with_distinct_ids(folder):
    found = ids(table_source([folder]))
    assert found == [f"{folder}/a/x.csv", f"{folder}/b/x.csv", "own", "lines-2", "records"]


def test_globs_and_single_files(folder):
    source = table_source([f"{folder}/*/x.csv", folder / "records.jsonl"])
    assert ids(source)[2:] == ["records"]
    assert table_source([f"{folder}/a/*.csv"]).total == 1
    assert ids(table_source([folder / "a/x.csv"])) == ["x"]


@pytest.mark.parametrize(
    ("path", "said"), [("nope", "no such file"), ("*.nope", "no file matches"), ("a/none", "no table file")]
)
def test_paths_without_tables(folder, path, said):
    (folder / "a/none").mkdir()
    with pytest.raises(InputError, match=said):
        table_source([folder / path])


def test_identity_changes_with_the_file(folder):
    def identities():
        return [getattr(item, "identity", None) for item in table_source([folder]).items]

    before = identities()
    assert identities() == before
    (folder / "a/x.csv").write_bytes(b"a\n3\n4\n")
    assert [now == then for now, then in zip(identities(), before, strict=True)] == [False, *[True] * (len(before) - 1)]


def test_standard_input(folder, monkeypatch):
    def stdin(content):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    stdin((folder / "lines.jsonl").read_bytes())
    assert ids(table_source(["-"])) == ["own", "standard input-2"]
    stdin(b"a\n1\n")
    assert ids(table_source(["-"], format="csv")) == ["stdin"]
    stdin(b'{"a": 1}\n')
    with pytest.raises(InputError, match="holds no tables"):
        list(table_source(["-"]).items)
    with pytest.raises(InputError, match="needs a named format"):
        list(read_tables("-"))


def count_rows(item, rng: random.Random, counts):
    return [{"id": table.id, "rows": len(table)} for table in tables_of(item)]


def test_a_bad_line_stops_or_is_skipped_and_counted(folder):
    line = json.dumps(Table(HEADER, ROWS).to_json())
    (folder / "lines.jsonl").write_text(f'{line}\n{{"header": ["a"], "ro\n{line}\n')
    stage = Stage("count", process=count_rows)
    source = table_source([folder / "lines.jsonl"])
    with pytest.raises(InputError, match=r"line 2, column 22: not valid JSON.*--on-error skip"):
        run_stage(stage, source, Options(folder / "out.jsonl"))
    source = table_source([folder / "lines.jsonl"])
    counts = run_stage(stage, source, Options(folder / "skip.jsonl", on_error="skip"))
    assert (counts["in"], counts["out"], counts["bad input"]) == (3, 2, 1)


def test_every_suffix_has_a_reader():
    assert set(SUFFIXES.values()) == set(FORMATS)
