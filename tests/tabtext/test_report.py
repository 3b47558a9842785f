"""The HTML building blocks: nothing from elsewhere, everything escaped, evidence marked."""

import re
from html.parser import HTMLParser

import pytest

from tabtext.metrics.base import Score
from tabtext.report import Html, draw_table, element, facts, page, score_table, section
from tabtext.table import Cell, Table

GAMES = Table(("Year", "Host"), (("2004", "Athens"), ("2008", "Beijing")), title="Games", section="Summer")
NASTY = '<script>alert("1")</script>&\x00\ud800'


class Checker(HTMLParser):
    """Collects tags, and complains about what is not closed in order."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.open, self.text = [], [], []
        self.feed(markup)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def tagged(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_page_is_whole_and_loads_nothing():
    markup = page("Answers", section("One", "text", draw_table(GAMES, [Cell(1, 1)])))
    checker = Checker(markup)
    assert markup.startswith("<!doctype html>")
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in checker.tags}
    assert "url(" not in markup and "http://" not in markup and "https://" not in markup
    policy = next(a["content"] for a in checker.tagged("meta") if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize(
    "markup",
    [
        page(NASTY, NASTY, section(NASTY, NASTY)),
        draw_table(Table((NASTY,), ((NASTY,),), NASTY, NASTY), [Cell(0, 0)]),
        score_table([Score(NASTY, 1.0, NASTY)]),
        facts({NASTY: NASTY}),
        element("p", title=NASTY),
    ],
)
def test_text_never_becomes_markup(markup):
    checker = Checker(markup)
    assert "script" not in {tag for tag, _ in checker.tags}
    assert "\x00" not in markup
    markup.encode()


def test_evidence_is_marked():
    cells = re.findall(r'<td class="evidence"><mark>(.*?)</mark></td>', draw_table(GAMES, [Cell(1, 1), Cell(0, 0)]))
    assert cells == ["2004", "Beijing"]


@pytest.mark.parametrize(
    ("rows", "evidence", "gaps"),
    [(3, [], []), (10, [], ["6"]), (10, [9], ["5"]), (10, [6], ["2", "3"]), (2000, [], ["1,996"])],
)
def test_long_tables_say_what_they_leave_out(rows, evidence, gaps):
    table = Table(("n",), tuple((str(i),) for i in range(rows)))
    markup = draw_table(table, [Cell(row, 0) for row in evidence], max_rows=4)
    assert re.findall(r"⋮ ([\d,]+) rows not shown", markup) == gaps


def test_attributes_and_children():
    assert element("p", "a<b", Html("<b>c</b>"), class_="x", hidden=None, open=True) == (
        '<p class="x" open>a&lt;b<b>c</b></p>'
    )


def test_scores_come_with_their_signature():
    markup = score_table([Score("chrf", 51.23456, "n:2|v:0.1.0", (50.0, 52.0))])
    assert "51.23" in markup and "chrf|n:2|v:0.1.0" in markup and "50 to 52" in markup
