"""`datatuner check`: reports per text, a summary, the floor of the references, and texts that fit no record."""

import json

import pytest
from restaurants import EXAMPLES, FOODS, run_cli

from tabtext.jsonl import atomic_output, read_jsonl, write_jsonl


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
    assert summary["slot_error_rate"] == pytest.approx(1 / 72)
    assert summary["slot_error_rate_repeats"] == pytest.approx(2 / 72) and summary["faulty_texts"] == 2 / 12
    assert summary["references"]["slot_error_rate"] == 0 and summary["references"]["texts"] == 12


def test_one_file_cannot_be_output_and_summary(files, capsys):
    arguments = ("check", files / "records.jsonl", files / "texts.jsonl", "-o", files / "one")
    assert run_cli(*arguments, "--summary", files / "x" / ".." / "one") == 2
    assert "named both for --summary and for --output" in capsys.readouterr().err
    assert not (files / "one").exists()


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
        ("t.txt", "one\ntwo", "2 texts for 12 records"),
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


def test_a_rate_is_the_same_figure_by_every_command(files):
    """`check`, `evaluate` and the metric of one text that only repeats a fact."""
    write_jsonl(files / "one.jsonl", [EXAMPLES[2]])
    (files / "one.txt").write_text(f"{EXAMPLES[2].texts[0]} It is not family friendly.\n")
    both = ("slot_error_rate", "slot_error_rate_repeats")
    assert run_cli("check", files / "one.jsonl", files / "one.txt", "--summary", files / "sum.json") == 0
    arguments = ("--texts", files / "one.txt", "-o", files / "out", "--resamples", 0, "-m", *both)
    assert run_cli("evaluate", files / "one.jsonl", *arguments) == 0
    summary, scores = (json.loads((files / name).read_text()) for name in ("sum.json", "out/scores.json"))
    assert [100 * summary[name] for name in both] == pytest.approx([0, 100 / 6])
    assert [score["value"] for score in scores["scores"]] == pytest.approx([0, 100 / 6])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["two.txt", "two.txt.gz"])
def test_a_text_is_a_line_for_every_command(files, capsys, name, end):
    """Only line feeds end a line of a text file, with or without a carriage return; an empty line is an empty text."""
    write_jsonl(files / "three.jsonl", EXAMPLES[:3])
    said = [f"{EXAMPLES[0].texts[0]}\u2028Yes.", "", EXAMPLES[2].texts[0]]
    with atomic_output(files / name) as file:
        file.write("".join(text + end for text in said).encode())
    assert run_cli("check", files / "three.jsonl", files / name) == 0
    assert [len(json.loads(line)["missing"]) for line in capsys.readouterr().out.splitlines()] == [0, 6, 0]
    arguments = ("--texts", files / name, "-o", files / "out", "--resamples", 0, "-m", "slot_error_rate")
    assert run_cli("evaluate", files / "three.jsonl", *arguments) == 0
    assert [row["prediction"] for row in read_jsonl(files / "out/predictions.jsonl")] == said
    write_jsonl(files / "two.jsonl", EXAMPLES[:2])
    for command, *options in (("check",), ("evaluate", "-o", files / "no", "--texts")):
        assert run_cli(command, files / "two.jsonl", *options, files / name) == 2
        message = f"{name}: 3 texts for 2 records; one line per record is needed, empty where nothing is said."
        assert message in capsys.readouterr().err


@pytest.mark.parametrize("command", [("check",), ("evaluate", "-o", "out", "--texts")])
def test_a_second_text_of_an_id_is_refused(files, capsys, monkeypatch, command):
    monkeypatch.chdir(files)
    with (files / "texts.jsonl").open("a") as file:
        file.write('{"id": "r1", "text": "Another."}\n')
    assert run_cli(command[0], "records.jsonl", *command[1:], "texts.jsonl") == 2
    assert "texts.jsonl, line 13: a second text for the id 'r1'; line 2 has one." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["texts.txt", "texts.jsonl"])
def test_a_record_that_cannot_be_read_is_skipped_with_its_text(files, capsys, name):
    (files / "pubs.csv").write_text("id,name,food\na,Aromi,Thai\nb,Ranch\nc,Zizzi,Thai\n")
    said = {"a": "Aromi serves Thai food.", "b": "Ranch is open.", "c": "Zizzi is open."}
    write_jsonl(files / "texts.jsonl", [{"id": key, "text": text} for key, text in said.items()], overwrite=True)
    (files / "texts.txt").write_text("".join(f"{text}\n" for text in said.values()))
    arguments = ("check", files / "pubs.csv", files / name, "-o", files / "out.jsonl")
    assert run_cli(*arguments) == 2
    [error] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert "pubs.csv, line 3: 2 fields where the header has 3." in error and "--on-error skip" in error
    assert run_cli(*arguments, "--on-error", "skip") == 0
    assert [(row["id"], len(row["missing"])) for row in read_jsonl(files / "out.jsonl")] == [("a", 0), ("c", 1)]
    told = capsys.readouterr().err
    assert f"skipped: {files / 'pubs.csv'}, line 3: " in told and "dropped: 1 bad input" in told


@pytest.mark.parametrize("command", [("corrupt", "-o", "out.jsonl"), ("rerank", "c.jsonl", "--judge", "slots")])
def test_commands_that_read_records_with_texts_skip_broken_ones(files, capsys, monkeypatch, command):
    monkeypatch.chdir(files)
    rows = "".join(f'"name[Pub {n}], food[{food}]",Pub {n} serves {food} food.\n' for n, food in enumerate(FOODS[:3]))
    (files / "pubs.csv").write_text(f"mr,ref\n{rows}name[Elm\n")
    (files / "c.jsonl").write_text('{"id": "1", "text": "x", "logprob": -1}\n')
    assert run_cli(*command, "pubs.csv") == 2
    assert "pubs.csv, line 5: 1 fields where the header has 2." in capsys.readouterr().err
    assert run_cli(*command, "pubs.csv", "--on-error", "skip") == 0
    assert "skipped: pubs.csv, line 5: 1 fields where the header has 2." in capsys.readouterr().err
