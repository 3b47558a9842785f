"""Pages from every kind of input, and the sentences that speak of a row of their tables."""

import io
import json
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from gentap.mine import mine, mine_stage, read_titles
from gentap.pages import MAX_PAGE_BYTES, Page, page_source, read_page
from tabtext.errors import InputError
from tabtext.stages import Options, run_stage
from tabtext.table import Cell, Table

TABLE = """<table class="wikitable"><tr><th>Year</th><th>Winner</th><th>Country</th><th>Time</th><th>Place</th></tr>
<tr><td>2011</td><td>Daniel Kiprop</td><td>Kenya</td><td>1:03:12</td><td>1</td></tr>
<tr><td>2012</td><td>Yared Tesfaye</td><td>Ethiopia</td><td>1:02:48</td><td>2</td></tr>
<tr><td>2013</td><td>Luca Ferri</td><td>Italy</td><td>1:02:59</td><td>3</td></tr>
<tr><td>2014</td><td>Maja Nowak</td><td>Poland</td><td>1:04:30</td><td>4</td></tr></table>"""


def page_html(*paragraphs, title="Brackwater Race"):
    prose = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body><h2>Winners</h2>{TABLE}{prose}</body></html>"


def mined(*paragraphs, **how):
    return list(mine([Page.from_html(page_html(*paragraphs))], **how))


MENTIONS = [
    ("Daniel Kiprop won the race in 2011.", 0, [0, 1]),
    ("In 2012 the Ethiopian champion Yared Tesfaye needed 1:02:48.", 1, [0, 1, 3]),
    ("The race was won by LUCA FERRI of Italy in the end.", 2, [1, 2]),
    ("Maja Nowak (21) came from Poland, he said.", 3, [1, 2]),
]


@pytest.mark.parametrize(("sentence", "row", "columns"), MENTIONS)
def test_a_sentence_that_names_two_cells_of_a_row(sentence, row, columns):
    (mention,) = mined(f"It rained all day. {sentence} Then it was over.")
    assert (mention.sentence, mention.row) == (sentence, row)
    assert mention.cells == tuple(Cell(row, column) for column in columns)
    assert mention.table.title == "Brackwater Race" and mention.table.section == "Winners"


DROPPED = {
    "Daniel Kiprop was tired after the long race.": "sentences that name one cell only",
    "Daniel Kiprop was tired and came 1st.": "sentences that name one cell only",
    "Daniel Kiprop vs. Luca Ferri": "fragments that are no sentence",
    "won by Daniel Kiprop of Kenya in 2011.": "fragments that are no sentence",
    "Kenya had 1 runner there that day.": "trivial overlaps",
}


@pytest.mark.parametrize(("sentence", "reason"), DROPPED.items())
def test_what_says_too_little_is_counted(sentence, reason):
    counts = Counter()
    assert mined(sentence, counts=counts) == []
    assert counts == {reason: 1}


def test_rows_that_cannot_be_told_apart_are_left_out():
    row = "<tr><td>2011<td>Daniel Kiprop<td>Kenya"
    html = f"<table><tr><th>Year<th>Name<th>Land{row}{row}</table><p>Daniel Kiprop of Kenya won that day.</p>"
    counts = Counter()
    assert list(mine([Page.from_html(html)], counts=counts)) == []
    assert counts == {"sentences that several rows fit": 1}


def test_what_the_page_is_about_tells_nothing_of_a_row():
    html = page_html("Kenya is where Daniel Kiprop was born and raised.", title="Races in Kenya")
    assert list(mine([Page.from_html(html)])) == []


def test_prose_is_paragraphs_and_list_items_outside_tables_and_notes():
    page = Page.from_html(
        f"<h1>Race</h1>{TABLE}<p>One. Two came.</p><ul><li>Three.</li></ul><ol class=references><li>Note.</li></ol>"
        "<table class=infobox><tr><td><p>Box.</p></table><table><tr><td><p>Four in a layout.</p></table>"
        "<script>var p = '<p>no</p>'</script><p style='display:none'>Hidden.</p>"
    )
    assert page.title == "Race"
    assert page.paragraphs == ("One. Two came.", "Three.", "Four in a layout.")
    assert page.sentences == ("One.", "Two came.", "Three.", "Four in a layout.")


@pytest.mark.parametrize("html", ["", b"", "<p>", "<p>No table. At all.</p>", "<table><tr><td>x</table>", b"\xff\xfe"])
def test_pages_with_nothing_to_mine(html):
    counts = Counter()
    assert list(mine([Page.from_html(html)], counts=counts)) == []
    assert counts == {"pages without a table that holds data": 1}


@pytest.fixture
def folder(tmp_path):
    pages = tmp_path / "pages"
    (pages / "below").mkdir(parents=True)
    for number in range(40):
        path = pages / "below" / f"{number:02}.html" if number % 3 else pages / f"{number:02}.htm"
        path.write_text(page_html(*(m[0] for m in MENTIONS), title="" if number % 2 else f"T{number}"))
        if number % 2:
            path.with_suffix(".json").write_text(json.dumps({"title": f"T{number}", "url": f"http://x/{number}"}))
    return pages


def run(source, output, excluded=frozenset(), **options):
    counts = run_stage(mine_stage(excluded), source, Options(output, **options))
    return counts, output.read_bytes()


def test_the_same_bytes_for_one_and_two_workers(folder, tmp_path):
    counts, one = run(page_source(folder), tmp_path / "one.jsonl")
    _, two = run(page_source(folder), tmp_path / "two.jsonl", workers=2)
    assert one == two
    assert counts == {"in": 40, "out": 160}
    record = json.loads(one.splitlines()[-1])
    assert set(record) == {"sentence", "cells", "row", "table", "page"}
    assert record["cells"] == [[3, 1], [3, 2]] and record["row"] == 3
    assert record["page"] == {"title": "T38", "url": ""}
    assert Table.from_json(record["table"]).rows[3][1] == "Maja Nowak"


def test_archives_and_lines_hold_what_the_folder_does(folder, tmp_path):
    _, expected = run(page_source(folder), tmp_path / "folder.jsonl")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with tarfile.open(tmp_path / "p.tar.xz", "w:xz") as archive:
        for path in sorted(files, key=lambda p: (p.suffix != ".json", str(p))):
            archive.add(path, path.relative_to(folder))
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder))
    with (tmp_path / "p.jsonl").open("w") as lines:
        for item in page_source(folder).items:
            page = read_page(item)
            html = Path(item.path).read_text()
            print(json.dumps({"html": html, "title": page.title, "url": page.url}), file=lines)
    for name in ("p.tar.xz", "p.zip", "p.jsonl"):
        _, found = run(page_source(tmp_path / name), tmp_path / f"{name}.out")
        assert sorted(found.splitlines()) == sorted(expected.splitlines()), name


def test_excluded_titles_are_kept_out_and_counted(folder, tmp_path):
    titles = tmp_path / "titles.txt"
    titles.write_text("t_3\nT5\n\nno such page\n")
    counts, _ = run(page_source(folder), tmp_path / "out.jsonl", read_titles(titles))
    assert counts["pages with an excluded title"] == 1 and counts["out"] == 156
    feta = tmp_path / "feta.jsonl"
    feta.write_text(json.dumps({"table_page_title": "T3"}) + "\n")
    assert read_titles(feta) == {"t3"}
    feta.write_text('{"title": 1}\n')
    with pytest.raises(InputError, match=r"feta\.jsonl, line 1: no 'table_page_title'"):
        read_titles(feta)


BAD_LINES = {
    '{"html": "<p>cut': "not valid JSON",
    '{"title": "x"}': "needs the field 'html'",
    '{"html": 5}': "needs the field 'html'",
    "[1]": "expected a JSON object",
}


@pytest.mark.parametrize(("line", "complaint"), BAD_LINES.items())
def test_a_line_that_is_no_page(tmp_path, line, complaint):
    path = tmp_path / "pages.jsonl"
    good = json.dumps({"html": page_html(MENTIONS[0][0])})
    path.write_text(f"{good}\n{line}\n{good}\n")
    with pytest.raises(InputError, match="Stopped here") as stop:
        run(page_source(path), tmp_path / "out.jsonl")
    assert f"{path}, line 2" in str(stop.value) and complaint in str(stop.value)
    counts, _ = run(page_source(path), tmp_path / "out.jsonl", on_error="skip")
    assert counts["bad input"] == 1 and counts["out"] == 2


def test_inputs_that_are_no_pages(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    (tmp_path / "x.zip").write_bytes(b"no zip")
    (tmp_path / "x.tar.gz").write_bytes(b"no tar")
    for name, complaint in {
        "empty": "no page in this folder",
        "x.pdf": "not a kind of file",
        "missing": "no such file",
        "x.zip": "damaged or cut short",
        "x.tar.gz": "damaged or cut short",
    }.items():
        with pytest.raises(InputError, match=complaint):
            list(page_source(tmp_path / name).items)


def test_a_damaged_page_is_one_bad_input(tmp_path, capsys):
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_text(page_html(MENTIONS[0][0]))
    (pages / "b.html").write_text(page_html(MENTIONS[0][0]))
    (pages / "b.json").write_text("{")
    with (pages / "c.html").open("wb") as huge:
        huge.truncate(MAX_PAGE_BYTES + 1)
    (pages / "d.html").write_text("<table><tr>" + "<td>a" * 30_000 + "<th>b" + "<tr><td>b" * 1000)
    counts, _ = run(page_source(pages), tmp_path / "out.jsonl", on_error="skip")
    assert counts == {"in": 4, "out": 1, "bad input": 3}
    err = capsys.readouterr().err
    assert "b.html: the .json file beside it, line 1" in err and "JSON" in err
    assert "c.html: 67,108,865 bytes" in err and "d.html: A table of 1,001 rows" in err


def test_a_damaged_member_of_an_archive_is_one_bad_input(tmp_path):
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.html", page_html(MENTIONS[0][0]))
        archive.writestr("b.html", page_html(MENTIONS[1][0]))
    path.write_bytes(path.read_bytes().replace(b"Brackwater", b"Blackwater", 1))
    counts, _ = run(page_source(path), tmp_path / "out.jsonl", on_error="skip")
    assert counts == {"in": 2, "out": 1, "bad input": 1}


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_page_of_an_archive_that_is_too_large_is_one_bad_input(tmp_path, monkeypatch, kind):
    pages = {"a.html": page_html(MENTIONS[0][0]), "b.html": page_html(MENTIONS[0][0], title="x" * 2000)}
    path = tmp_path / f"pages.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, html in pages.items():
                archive.writestr(name, html)
    else:
        with tarfile.open(path, "w") as archive:
            for name, html in pages.items():
                (tmp_path / name).write_text(html)
                archive.add(tmp_path / name, name)
    monkeypatch.setattr("gentap.pages.MAX_PAGE_BYTES", 2000)
    counts, _ = run(page_source(path), tmp_path / "out.jsonl", on_error="skip")
    assert counts == {"in": 2, "out": 1, "bad input": 1}


def test_cells_with_our_separators_stay_text(tmp_path):
    html = (
        "<table><tr><th>row 1 :<th>&lt;/s&gt;<tr><td>&lt;extra_id_0&gt; Hallam Hill<td>col : 😀 Bay</table>"
        "<p>From &lt;extra_id_0&gt; Hallam Hill one sees col : 😀 Bay well.</p>"
    )
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps({"html": html}))
    counts, out = run(page_source(path), tmp_path / "out.jsonl")
    assert counts["out"] == 1
    assert json.loads(out)["table"]["header"] == ["row 1 :", "</s>"]


def test_standard_input(monkeypatch):
    lines = json.dumps({"html": page_html(MENTIONS[0][0])}).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines)))
    (item,) = page_source("-").items
    assert read_page(item).title == "Brackwater Race"
