"""Readers of the public data sets of records and texts, on files of our own in their formats."""

import json

import pytest

from tabtext.corpora.records import DATASETS, read_examples
from tabtext.corpora.webnlg import COUNTS as WEBNLG_COUNTS
from tabtext.errors import InputError
from tabtext.record_files import read_records

CSV = 'mr,ref\n"name[Mill], food[Thai]",Mill is Thai.\n"name[Elm]",Elm.\n"name[Mill], food[Thai]","Thai, at Mill."\n'
RNNLG = "####\n# notice #\n" + json.dumps(
    [["inform(name='elm';near)", "it is elm", "elm"], ["goodbye()", "bye", "so long"]]
)
XML = """<benchmark><entries><entry category="Food" eid="Id1" size="1"><originaltripleset><otriple>x | y | z</otriple>
</originaltripleset><modifiedtripleset><mtriple>Fig_pie | origin | "Uptown"@en</mtriple></modifiedtripleset>
<lex comment="good" lid="Id1">Fig pie is from
Uptown.</lex></entry></entries></benchmark>"""
DART = [{"tripleset": [["Mill", "TYPE", "pub"]], "annotations": [{"source": "s", "text": "Mill\tis a pub."}]}]

FILES = {
    "e2e": ("dev.csv", CSV, "dev"),
    "viggo": ("valid.csv", CSV, "dev"),
    "rnnlg": ("hotel/train.json", RNNLG, "train"),
    "webnlg": ("dev/1triples/Food.xml", XML, "dev"),
    "dart": ("dart-v1.1.1-full-dev.json", json.dumps(DART), "dev"),
}
WANT = {
    "e2e": [(2, ("Mill is Thai.", "Thai, at Mill.")), (1, ("Elm.",))],
    "viggo": [(2, ("Mill is Thai.", "Thai, at Mill.")), (1, ("Elm.",))],
    "rnnlg": [(2, ("it is elm",)), (0, ("bye",))],
    "webnlg": [(1, ("Fig pie is from Uptown.",))],
    "dart": [(1, ("Mill is a pub.",))],
}


@pytest.fixture
def folder(tmp_path):
    for name, text, _ in FILES.values():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", DATASETS)
def test_each_data_set(folder, name, capsys):
    examples = list(read_examples(folder, name, FILES[name][2]))
    assert [(len(e.record.triples), e.texts) for e in examples] == WANT[name]
    assert len({e.id for e in examples}) == len(examples) and all(e.split for e in examples)
    assert "are known" in capsys.readouterr().err, "counts that no version of the data set has are told"


def test_webnlg_takes_the_triples_people_saw(folder):
    example = next(iter(read_examples(folder, "webnlg", "dev")))
    assert example.record.triples == (("Fig_pie", "origin", "Uptown"),) and example.record.category == "Food"
    assert example.id == "dev-1triples-Food-Id1" and WEBNLG_COUNTS["dev"][0] == (872, 2268)


@pytest.mark.parametrize(
    ("dataset", "split", "message"),
    [
        ("auto", "dev", "a folder; say with --dataset"),
        ("e2f", "dev", "Unknown data set 'e2f'; known: amr, auto, csv, dart, e2e"),
        ("e2e", "val", "Unknown split 'val'; known: dev, test, train"),
        ("e2e", "train", "no file of the split 'train'; expected train.csv or train-fixed.no-ol.csv"),
        ("webnlg", "test", "no folder 'test' with WebNLG XML"),
    ],
)
def test_what_is_not_there_is_said(folder, dataset, split, message):
    with pytest.raises(InputError, match=message):
        list(read_examples(folder, dataset, split))


def test_wrong_columns_and_broken_json(folder):
    (folder / "dev.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="needs the columns mr, ref; found a, b"):
        list(read_examples(folder, "e2e", "dev"))
    for content, said in (
        (b"mr,ref\nname[Stra\xdfe],x\n", "dev.csv: not UTF-8 at byte 17"),
        (b"mr,ref\nname[Elm]\n", "dev.csv, line 2: 1 cells where the header has 2"),
        (b"mr,ref\nname[Elm],It is old, and big.\n", "dev.csv, line 2: 3 cells where the header has 2"),
        (b'mr,ref\nname[Elm],"It is old.\nname[Oak],Oak\n', "dev.csv, line 3: not valid CSV"),
    ):
        (folder / "dev.csv").write_bytes(content)
        with pytest.raises(InputError, match=said):
            list(read_examples(folder, "e2e", "dev"))
    (folder / "hotel/train.json").write_text("# c\n[[\n")
    with pytest.raises(InputError, match="line 2, column 3: not valid JSON"):
        list(read_examples(folder, "rnnlg", "train"))


@pytest.mark.parametrize(
    ("name", "place"),
    [("a.mr", ", line 2: not UTF-8 at byte 9"), ("a.jsonl", ", line 2: not UTF-8 at byte 9"), ("a.csv", ": not UTF-8")],
)
def test_another_encoding_is_refused(tmp_path, name, place):
    header = b"id,mr" if name == "a.csv" else b'{"mr": "name[Elm]"}' if name == "a.jsonl" else b"name[Elm]"
    (tmp_path / name).write_bytes(header + "\nname[Café]\n".encode("latin-1"))
    with pytest.raises(InputError) as caught:
        list(read_records(tmp_path / name))
    assert str(caught.value).startswith(f"{tmp_path / name}{place}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.mr", "name[Elm]\nname[Oak"),
        ("a.csv", 'id,mr\n1,"name[Oak"'),
        ("a.jsonl", '{"mr": "name[Elm]"}\n{"mr": "name[Oak"}'),
    ],
)
def test_a_broken_meaning_in_a_file_is_one_sentence_with_one_place(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    what = "the text ends where a bracket or a slot was expected."
    with pytest.raises(InputError) as caught:
        list(read_records(tmp_path / name))
    assert str(caught.value) == f"{tmp_path / name}, line 2: The meaning representation is broken at column 9: {what}"
