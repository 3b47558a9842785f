"""JSON that people give us: what would lose a value or break a parser is one sentence that says where."""

import json

import pytest

from tabtext.corpora.squad import read_articles
from tabtext.errors import InputError
from tabtext.json_text import parse_json
from tabtext.jsonl import read_jsonl
from tabtext.readers import read_tables
from tabtext.record import Record
from tabtext.record_files import read_records

TWICE = '{"City": "Athens", "Year": 2004, "City": "Rome"}'


@pytest.mark.parametrize(
    ("name", "content", "read", "place"),
    [
        ("t.jsonl", f'{{"City": "Oslo"}}\n{TWICE}\n', read_tables, "t.jsonl, line 2, column 34"),
        ("t.json", f'[\n {{"City": "Oslo"}},\n {TWICE}\n]', read_tables, "t.json, line 3, column 35"),
        ("r.jsonl", f"\n{TWICE}", read_records, "r.jsonl, line 2, column 34"),
        ("r.json", TWICE, read_records, "r.json, line 1, column 34"),
        ("d.json", f'{{"data": [{TWICE}]}}', read_articles, "d.json, line 1, column 44"),
        ("utf16.json", f'{{"data": [{TWICE}]}}'.encode("utf-16"), read_articles, "utf16.json, line 1, column 44"),
    ],
)
def test_a_key_that_stands_twice_is_refused_where_it_does(tmp_path, name, content, read, place):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as raised:
        list(read(tmp_path / name))
    assert str(raised.value) == f"{tmp_path}/{place}: 'City' stands twice in one object; which value counts? Keep one."


def test_a_line_with_a_key_twice_can_be_skipped_as_other_bad_lines(tmp_path, capsys):
    (tmp_path / "r.jsonl").write_text(f'{TWICE}\n{{"City": "Oslo"}}\n')
    assert list(read_jsonl(tmp_path / "r.jsonl", on_error="skip")) == [{"City": "Oslo"}]
    assert "'City' stands twice" in capsys.readouterr().err


def test_json_ld_is_read_so_too():
    with pytest.raises(InputError, match="JSON-LD document, line 1, column 22: '@id' stands twice"):
        Record.from_rdf('{"@id": "http://e/", "@id": "http://f/"}', format="json-ld")


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('{"a": {"b": 1}, "c": {"b": 2, "d": "}"}, "a": 3}', 42),
        (r'{"a": "{\"a\": 1", "\u0061" : 2}', 20),
        (r'[{"\"": [], "": {}, "\"": 0}]', 21),
        ('{"a": "\\\\", "b": "a", "a": 1}', 23),
    ],
)
def test_braces_and_quotes_in_texts_do_not_move_the_place(text, column):
    with pytest.raises(InputError, match=rf"^f, line 1, column {column}: .* stands twice"):
        parse_json(text, "f")


@pytest.mark.parametrize("value", [{"a": {"a": {"a": 1}}}, [{"a": 1}, {"a": 1}], {"a": 'x "a": 1', "b": "a"}, {}, "a"])
def test_one_key_in_several_objects_is_nothing_to_refuse(value):
    assert parse_json(json.dumps(value), "f") == value == parse_json(json.dumps(value).encode(), "f", 3)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": \xff}', "f, line 7: not UTF-8 at byte 7."),
        (b'{"a": }', "f, line 7, column 7: not valid JSON (Expecting value)."),
        (b"[" * 100_000, "f, line 7: JSON nested too deeply."),
        (b'{"a": ' + b"9" * 5000 + b"}", "f, line 7: not readable as JSON (Exceeds the limit (4300 digits) for integer "
                                         "string conversion: value has 5000 digits)."),
    ],
)  # fmt: skip
def test_what_is_no_json_is_one_sentence(data, said):
    with pytest.raises(InputError) as raised:
        parse_json(data, "f", 7)
    assert str(raised.value) == said
