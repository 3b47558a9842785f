"""OTT-QA's release as pages to mine."""

import json

import pytest

from gentap.mine import mine
from gentap.pages import page_source, read_page
from tabtext.errors import InputError

TABLE = {
    "url": "https://example.org/wiki/Harbour_Prize",
    "title": "Harbour Prize",
    "header": [["Year", []], ["Winner", []], ["Work ( translated )", []]],
    "data": [
        [["1998", []], ["Ada Lindqvist", ["/wiki/Ada_Lindqvist"]], ["The Salt Road", []]],
        [["1999", []], ["Bruno Okafor", []], ["Night Ferry", []]],
    ],
    "section_title": "Winners -- Novels",
    "section_text": "The jury 's choice is told in May .",
    "uid": "Harbour_Prize_0",
    "intro": "The Harbour Prize is given for novels.",
}
PASSAGES = {"/wiki/Ada_Lindqvist": "Ada Lindqvist ( born 1960 ) is a writer . In 1998 she won with The Salt Road ."}


@pytest.fixture
def release(tmp_path):
    """A function that writes a release of one table, of these contents."""

    def write(table, passages=None):
        for folder, content in (("traindev_tables_tok", table), ("traindev_request_tok", passages)):
            (tmp_path / folder).mkdir(exist_ok=True)
            if content is not None:
                text = content if isinstance(content, str) else json.dumps(content)
                (tmp_path / folder / "Harbour_Prize_0.json").write_text(text)
        return tmp_path

    return write


def test_a_table_comes_with_its_section_and_the_pages_it_links_to(release):
    (page,) = map(read_page, page_source(release(TABLE, PASSAGES)).items)
    assert page.title == "Harbour Prize"
    assert page.tables[0].header == ("Year", "Winner", "Work (translated)")
    assert page.tables[0].section == "Winners – Novels"
    assert page.paragraphs == (
        "The jury's choice is told in May.",
        "The Harbour Prize is given for novels.",
        "Ada Lindqvist (born 1960) is a writer. In 1998 she won with The Salt Road.",
    )
    (mention,) = mine([page])
    assert mention.sentence == "In 1998 she won with The Salt Road."
    assert [tuple(cell) for cell in mention.cells] == [(0, 0), (0, 2)]


def test_a_table_without_passages_is_a_page_too(release):
    (page,) = map(read_page, page_source(release(TABLE)).items)
    assert len(page.paragraphs) == 2


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("{", "line 1, column 2: not valid JSON"),
        ("[]", "holds no JSON object"),
        ({**TABLE, "data": [["1998"]]}, "no table of OTT-QA"),
        ({k: v for k, v in TABLE.items() if k != "intro"}, "KeyError: 'intro'"),
    ],
)
def test_a_broken_file_is_named(release, table, message):
    (item,) = page_source(release(table)).items
    with pytest.raises(InputError, match=r"Harbour_Prize_0\.json") as raised:
        read_page(item)
    assert message in str(raised.value)
