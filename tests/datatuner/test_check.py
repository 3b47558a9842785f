"""`datatuner check`: reports per text, a summary, the floor of the references, and texts that fit no record."""

import json

import pytest
from restaurants import EXAMPLES, run_cli

from tabtext.jsonl import read_jsonl, write_jsonl


@pytest.fixture
def files(tmp_path):
    write_jsonl(tmp_path / "records.jsonl", EXAMPLES)
    texts = [{"id": e.id, "text": e.texts[0]} for e in EXAMPLES]
    texts[1]["text"] = texts[1]["text"].replace("by the riverside", "open")
    texts[2]["text"] += " It is not family friendly."
    write_jsonl(tmp_path / "texts.jsonl", texts)
    return tmp_path


def test_reports_and_summary(files):
    arguments = ("check", files / "records.jsonl", files / "texts.jsonl", "-o", files / "out.jsonl")
    assert run_cli(*arguments, "--summary", files / "sum.json", "--workers", 2) == 0
    reports = list(read_jsonl(files / "out.jsonl"))
    assert [report["id"] for report in reports] == [e.id for e in EXAMPLES]
    assert reports[0]["missing"] == reports[0]["added"] == reports[0]["wrong"] == reports[0]["repeated"] == []
    assert reports[1]["missing"] == [["", "area", "riverside"]]
    assert reports[2]["repeated"] == [["", "familyFriendly", "no"]]
    summary = json.loads((files / "sum.json").read_text())
    assert (summary["texts"], summary["facts"], summary["missing"], summary["repeated"]) == (12, 72, 1, 1)
    assert summary["slot_error_rate"] == pytest.approx(2 / 72)
    assert summary["references"]["slot_error_rate"] == 0 and summary["references"]["texts"] == 12


def test_plain_lines_and_records_in_another_format(files, capsys):
    (files / "two.mr").write_text("name[The Mill], food[Thai]\nname[Aromi]\n")
    (files / "two.txt").write_text("The Mill is nice.\nAromi is a pub.\n")
    assert run_cli("check", files / "two.mr", files / "two.txt", "--domain", "e2e") == 0
    captured = capsys.readouterr()
    first, second = map(json.loads, captured.out.splitlines())
    assert first["missing"] == [["", "food", "Thai"]] and second["added"] == [["eatType", "pub"]]
    assert '"slot_error_rate": 0.666' in captured.err and "dropped" not in captured.err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.jsonl", '{"id": "nobody", "text": "x"}', "line 1, id 'nobody': no record has this id"),
        ("t.jsonl", '{"id": "r1"}', "line 1: needs 'id' and 'text'"),
        ("t.txt", "one\ntwo\n", "2 texts for 12 records"),
    ],
)
def test_texts_that_fit_no_record(files, capsys, name, content, message):
    (files / name).write_text(content + "\n")
    assert run_cli("check", files / "records.jsonl", files / name) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "evaluate"])
def test_texts_of_another_encoding_are_refused(files, capsys, command):
    (files / "latin.txt").write_bytes("Café\n".encode("latin-1") * 12)
    texts = (files / "latin.txt",) if command == "check" else ("--texts", files / "latin.txt")
    assert run_cli(command, files / "records.jsonl", *texts, "-o", files / "out") == 2
    assert "not UTF-8 at byte 4." in capsys.readouterr().err


def test_an_unknown_domain_is_refused_before_reading(files, capsys):
    assert run_cli("check", files / "none.jsonl", files / "none.txt", "--domain", "foo") == 2
    assert capsys.readouterr().err.strip() == "error: Unknown domain 'foo'; known: auto, e2e, triples, viggo."


def test_skipping_keeps_the_others(files, capsys):
    bad = '{"id": "nobody", "text": "x"}\n{"id": "r1"}\n{"id": \n'
    (files / "more.jsonl").write_text(bad + (files / "texts.jsonl").read_text())
    arguments = ("check", files / "records.jsonl", files / "more.jsonl", "-o", files / "out.jsonl")
    assert run_cli(*arguments, "--on-error", "skip") == 0
    assert len(list(read_jsonl(files / "out.jsonl"))) == 12 and "3 bad input" in capsys.readouterr().err


def test_duplicated_records(files, capsys):
    lines = (files / "records.jsonl").read_text()
    (files / "twice.jsonl").write_text(lines + lines)
    assert run_cli("check", files / "twice.jsonl", files / "texts.jsonl") == 0
    (files / "clash.jsonl").write_text(lines + '{"id": "r1", "mr": "name[Elm]"}\n')
    assert run_cli("check", files / "clash.jsonl", files / "texts.jsonl") == 2
    assert "two different records have the id 'r1'" in capsys.readouterr().err
