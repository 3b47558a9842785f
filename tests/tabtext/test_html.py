"""Tables of HTML pages come out as a reader sees them, whatever the markup."""

import time

import pytest

from tabtext.errors import InputError
from tabtext.html import MAX_COLSPAN, MAX_SPREAD_COLUMNS, holds_data, html_tables

HEADER = "<tr><th>City<th>Inhabitants</tr>"


def only(html, **how):
    (table,) = html_tables(html, **how)
    return table


CELLS = {
    "plain": ("<td>Velmar</td><td>12,000</td>", ("Velmar", "12,000")),
    "unclosed": ("<td>Velmar<td>12,000", ("Velmar", "12,000")),
    "inner markup": ("<td><b>Vel</b><i>mar</i><td><a href=x>12</a>,000", ("Velmar", "12,000")),
    "lines and items stay apart": ("<td>Vel<br>mar<td><ul><li>a</li><li>b</li></ul>", ("Vel mar", "a b")),
    "white space": ("<td>\n Vel \t&nbsp; mar\n<td>12", ("Vel mar", "12")),
    "footnote marks": ('<td>Velmar<sup class="reference"><a>[1]</a></sup><td>km<sup>2</sup>', ("Velmar", "km2")),
    "sort keys": ('<td><span class="sortkey">velmar !</span>Velmar<td><span style="display:none">012</span>12',
                  ("Velmar", "12")),
    "hidden cell": ('<td style="display: none">x<td>Velmar<td>12', ("Velmar", "12")),
    "edit link": ('<td>Velmar <span class="mw-editsection">[edit]</span><td>12', ("Velmar", "12")),
    "script": ("<td>Velmar<script>var a = '<b>'</script><td>12<style>td {}</style>", ("Velmar", "12")),
    "entities": ("<td>A &amp; B &lt;/s&gt;<td>&#128512;", ("A & B </s>", "😀")),
    "links": ('<td><a href="x" title="a > b">Vel</a><img alt="y > z"/>mar<td><A HREF=x>1</A><a title="1 < 2">2</a>',
              ("Velmar", "12")),
    "no links": ('<td><abbr title="x">Vel</abbr>&lt;a href="x"&gt;<td data-x="<a b" style="display:none">z<td>1 < 2',
                 ("Vel<a href=\"x\">", "1 < 2")),
    "right to left": ("<td>שלום עולם<td>مرحبا", ("שלום עולם", "مرحبا")),
}  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), CELLS.values(), ids=CELLS)
def test_cells_are_what_a_reader_sees(row, expected):
    table = only(f"<table>{HEADER}<tr>{row}</table>")
    assert table.header == ("City", "Inhabitants")
    assert table.rows == (expected,)


def test_merged_cells_are_repeated_and_headers_joined():
    table = only(
        "<table><tr><th rowspan=2>Team<th colspan=2>Medals<tr><th>Gold<th>Silver"
        "<tr><td rowspan=2>Ostmark<td>1<td>2<tr><td>3<td rowspan=2>4<tr><td>Velmar<td>5</table>"
    )
    assert table.header == ("Team", "Medals Gold", "Medals Silver")
    assert table.rows == (("Ostmark", "1", "2"), ("Ostmark", "3", "4"), ("Velmar", "5", "4"))


def test_a_header_row_is_one_of_header_cells_only():
    table = only("<table><tr><th>A<th>B<tr><th>row head<td>1<tr><th>x<th>y</table>")
    assert table.header == ("A", "B") and len(table) == 2
    assert only("<table><thead><tr><td>A<td>B</thead><tr><td>1<td>2</table>").header == ("A", "B")
    headless = only("<table><tr><td>1<td>2<tr><td>3<td>4</table>")
    assert headless.header == ("", "") and len(headless) == 2 and not holds_data(headless)
    assert len(only("<table><tr><th>A<th>B<tr><th>C<th>D</table>")) == 1


def test_section_is_the_nearest_heading_and_the_caption():
    heading = "<h2>Cities <span class=editsection>[edit]</span></h2><p>x</p>"
    assert only(f"{heading}<table><caption>In 1900</caption>{HEADER}</table>").section == "Cities: In 1900"
    assert only(f"<h1>Top</h1><h3>Cities</h3><table>{HEADER}</table>").section == "Cities"


def test_a_nested_table_is_one_of_its_own():
    inner = "<table><tr><th>in<th>side<tr><td>deep<td>er</table>"
    outer, nested = html_tables(f"<table>{HEADER}<tr><td>Velmar {inner}<td>12</table>")
    assert outer.rows == (("Velmar", "12"),)
    assert nested.rows == (("deep", "er"),)


def test_layout_tables_are_left_out_on_request():
    body = f"{HEADER}<tr><td>a<td>b</table>"
    kinds = ('class="navbox"', 'role="presentation"', 'class="infobox vcard"', 'class="wikitable"')
    html = "".join(f"<table {kind}>{body}" for kind in kinds) + "<table><tr><td>no<td>header</table>"
    assert len(html_tables(html)) == 5
    assert len(html_tables(html, data_only=True)) == 1


NO_TABLES = [
    b"",
    b"   ",
    "",
    "<!-- only -->",
    "<p>prose",
    b"\x00\x01",
    "<table></table>",
    "<table><tr></table>",
    "<<<>",
]


@pytest.mark.parametrize("html", NO_TABLES)
def test_pages_without_tables(html):
    assert html_tables(html) == []


@pytest.mark.parametrize(
    "html",
    [
        "<table><td>a<td>b<tr><td>c<td>d",
        "</table></td><table><tr><td>a</th><td>b</tr></tr><tr><td>c<td>d</table></table>",
        "<tABLE><TR><TD>a</TD><TD>b</TD></TR><TBODY><tr><td>c<td>d</table>",
    ],
)
def test_broken_html_is_read(html):
    assert only(html).rows == (("a", "b"), ("c", "d"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "koi8-r"])
def test_encodings(encoding):
    city = "Москва" if encoding == "koi8-r" else "Zürich"
    html = f"<meta charset={'koi8-r' if encoding == 'koi8-r' else 'x-unknown'}><table><tr><td>{city}<td>1</table>"
    assert only(html.encode(encoding))[0, 0] == city


def test_a_lone_surrogate_does_no_harm():
    assert only("<table><tr><td>a\ud800<td>b</table>")[0, 0] == "a?"


def test_bombs_are_defused():
    begin = time.monotonic()
    wide = only(
        f"<table><tr><td colspan={MAX_COLSPAN + 1}>a<td colspan=99999999999>b<td rowspan=70000>c<td colspan=-1>d"
    )
    assert wide.rows == (("a", "b", "c", "d"),)
    spread = only("<table>" + "<tr>" + "<td colspan=1000>x" * 50)
    assert MAX_SPREAD_COLUMNS <= spread.width <= MAX_SPREAD_COLUMNS + 50
    with pytest.raises(InputError, match="split it"):
        html_tables("<table><tr>" + "<td>a" * 30_000 + "<tr><td>b" * 1000)
    tall = only("<table>" + ("<tr>" + "<td rowspan=65534 colspan=1000>a" * 100) * 100)
    assert tall.width * len(tall) < 3_000_000
    assert len(html_tables("<table><tr><td>x" * 400)) == 400
    html_tables("<div>" * 20_000 + "<table><tr><th>a")
    assert time.monotonic() - begin < 10
