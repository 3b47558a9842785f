"""Records to texts: order, batches, searches, resumption, records split or refused, repairs."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from restaurants import EXAMPLES, run_cli

from datatuner.generate import Generation, Generator, _joined, generate_texts
from datatuner.repair import FALL, LIKELY_SLOTS, Repair, fluent, stutters, wordings
from datatuner.train import Training, train_generator
from tabtext.candidates import Candidate
from tabtext.errors import InputError
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record, Triple
from tabtext.stages import Options

RECORDS = [example.record for example in EXAMPLES]
LONG = Record.from_triples([("", "near", f"place number {n} of them all") for n in range(30)], id="long")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model that has seen twelve restaurants a few times."""
    path = tmp_path_factory.mktemp("data") / "restaurants.jsonl"
    write_jsonl(path, EXAMPLES)
    train_generator(path, path.parent / "model", Training(from_scratch="tiny", epochs=4, batch_size=4), dev=path)
    return path.parent / "model"


@pytest.fixture(scope="module")
def generator(folder):
    return Generator.from_pretrained(folder)


@pytest.fixture
def records(tmp_path):
    path = tmp_path / "records.jsonl"
    write_jsonl(path, RECORDS)
    return path


def texts(found):
    return [[candidate.text for candidate in candidates] for candidates in found]


def test_two_records_of_one_id_are_refused_before_anything_is_said(tmp_path):
    write_jsonl(tmp_path / "r.jsonl", [*RECORDS, RECORDS[0], Record.from_mr("name[Elm]", id=RECORDS[1].id)])
    with pytest.raises(InputError, match=rf"r.jsonl, line 14: two different records have the id '{RECORDS[1].id}'"):
        generate_texts(tmp_path / "r.jsonl", Options(tmp_path / "out.jsonl"), model="no model is asked for")
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("search", ["beam", "diverse", "sample"])
def test_a_batch_says_what_single_records_say_in_their_order(generator, search):
    how = Generation(3, search)
    prompts = [generator.prompts(record) for record in RECORDS]
    together = list(generator.said(prompts, how, seeds=range(12)))
    alone = [next(generator.said([prompt], how, seeds=[seed])) for seed, prompt in enumerate(prompts)]
    assert texts(together) == texts(alone)
    for one, other in zip(together, alone, strict=True):
        assert [c.logprob for c in one] == pytest.approx([c.logprob for c in other], abs=1e-3)


def test_candidates_differ_and_come_best_first(generator):
    for candidates in generator.candidates(RECORDS, 4):
        assert 1 <= len(candidates) <= 4
        assert len({candidate.text for candidate in candidates}) == len(candidates)
        assert all(candidate.logprob < 0 for candidate in candidates)
    assert generator(RECORDS[0], Generation(4)) == next(generator.candidates(RECORDS[:1], 4))
    greedy = Generation(1, beams=1)
    assert len(generator(RECORDS[0], greedy)) == 1


def test_the_stage_writes_what_the_interface_says_in_input_order(folder, records, tmp_path):
    output = tmp_path / "texts.jsonl"
    counts = generate_texts(records, Options(output), model=str(folder), how=Generation(3))
    rows = list(read_jsonl(output))
    assert counts["in"] == counts["out"] == 12 and [row["id"] for row in rows] == [record.id for record in RECORDS]
    for row in rows:
        assert set(row) == {"id", "text", "logprob", "candidates", "source"} and row["source"] == "model"
        assert row["text"] == row["candidates"][0]["text"] and row["logprob"] == row["candidates"][0]["logprob"]
        assert all(set(candidate) == {"text", "logprob", "scores"} for candidate in row["candidates"])


@pytest.mark.parametrize("search", ["beam", "sample"])
def test_a_run_that_goes_on_gives_the_same_bytes(folder, records, tmp_path, monkeypatch, search):
    import datatuner.generate as module

    monkeypatch.setattr(module, "SHARD", 4)
    how = Generation(2, search)
    whole, other = tmp_path / "whole.jsonl", tmp_path / "other.jsonl"
    generate_texts(records, Options(whole, seed=3), model=str(folder), how=how)
    rows = records.read_bytes().splitlines(keepends=True)
    records.write_bytes(b"".join([*rows[:9], b"{\n", *rows[9:]]))
    with pytest.raises(InputError, match="line 10"):
        generate_texts(records, Options(other, seed=3), model=str(folder), how=how)
    assert len((tmp_path / "other.jsonl.partial").read_bytes().splitlines()) == 9
    records.write_bytes(b"".join(rows))
    generate_texts(records, Options(other, seed=3), model=str(folder), how=how)
    assert whole.read_bytes() == other.read_bytes()


def test_two_workers_killed_midway_and_one_that_goes_on_give_the_same_bytes(folder, tmp_path):
    records, output = tmp_path / "many.jsonl", tmp_path / "killed.jsonl"
    write_jsonl(records, RECORDS * 50)  # five shards
    how = Generation(1, beams=1)
    generate_texts(records, Options(tmp_path / "whole.jsonl"), model=str(folder), how=how)
    command = [sys.executable, "-m", "datatuner", "generate", records, "--model", folder, "-o", output,
               "--candidates", "1", "--beams", "1", "--workers", "2"]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    journal, latest = tmp_path / "killed.jsonl.partial.journal", time.monotonic() + 120
    while not (journal.exists() and b"items" in journal.read_bytes()):
        assert process.poll() is None and time.monotonic() < latest
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=120)  # their standard error is shut when workers have ended too
    assert not output.exists()
    finished = len((tmp_path / "killed.jsonl.partial").read_bytes().splitlines())
    generate_texts(records, Options(output), model=str(folder), how=how)
    assert 0 < finished < 600 and output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_records_stream_from_standard_input_to_standard_output(folder, monkeypatch, capsysbinary):
    lines = b'{"mr": "name[Aromi], near[Ranch]"}\n\n{"id": "x", "row": {"Name": "Zizzi"}}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    assert run_cli("generate", "-", "--model", folder, "--candidates", "1") == 0
    captured = capsysbinary.readouterr()
    assert [json.loads(line)["id"] for line in captured.out.splitlines()] == ["1", "x"]


def test_other_formats_and_unseen_tags_are_read_and_said(folder, tmp_path, capsys):
    (tmp_path / "facts.tsv").write_text("subject\tpredicate\tobject\nNorvik\tmayorName\tMara Lindqvist\n")
    (tmp_path / "pub.txt").write_text("name[Aromi], dogsAllowed[yes]\n")
    for name in ("facts.tsv", "pub.txt"):
        assert run_cli("generate", tmp_path / name, "--model", folder, "-o", tmp_path / f"{name}.jsonl") == 0
        assert len(list(read_jsonl(tmp_path / f"{name}.jsonl"))) == 1
    assert "never saw <slot:dogs allowed>" in capsys.readouterr().err


def test_what_is_too_long_is_refused_skipped_or_split(folder, generator, tmp_path, capsys):
    path = tmp_path / "long.jsonl"
    write_jsonl(path, [RECORDS[0], LONG])
    arguments = ("generate", path, "--model", folder, "--candidates", "2", "-o", tmp_path / "texts.jsonl")
    assert run_cli(*arguments) == 2
    assert "line 2: Record 'long' with 30 facts takes" in capsys.readouterr().err
    assert run_cli(*arguments, "--on-error", "skip") == 0
    assert [row["id"] for row in read_jsonl(tmp_path / "texts.jsonl")] == [RECORDS[0].id]
    [(whole, *_)] = generator.candidates([LONG], how=Generation(2, split=True))
    parts = [generator(part, Generation(2))[0] for part in generator.encoder.split(LONG)]
    assert len(parts) > 1 and whole.text == " ".join(part.text for part in parts)
    assert whole.logprob == pytest.approx(sum(part.logprob for part in parts), abs=1e-3)


def test_an_empty_text_is_a_candidate_only_where_there_is_no_other():
    empty, some = Candidate("", -1.0), Candidate("Elm.", -2.0)
    assert _joined([[empty, some]]) == [some] and _joined([[empty]]) == [empty]


def test_a_broken_meaning_is_skipped_and_the_others_keep_their_numbers(folder, tmp_path, capsys):
    (tmp_path / "pubs.mr").write_text("name[Aromi]\nname[Aromi\nname[Ranch]\n")
    arguments = ("generate", tmp_path / "pubs.mr", "--model", folder, "-o", tmp_path / "texts.jsonl")
    assert run_cli(*arguments, "--on-error", "skip") == 0
    assert [row["id"] for row in read_jsonl(tmp_path / "texts.jsonl")] == ["1", "3"]
    assert "pubs.mr, line 2" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "text", "place"), [
    ("pubs.csv", "id,name,food\n1,Aromi,Thai\n2,Ranch\n3,Zizzi,Thai\n", "pubs.csv, line 3: 2 fields"),
    ("pubs.amr", "(p / pub)\n\n(p / \n\n(c / cafe)\n", "pubs.amr, graph 2: The AMR graph is broken"),
])  # fmt: skip
def test_records_that_share_no_lines_are_skipped_too(folder, tmp_path, capsys, name, text, place):
    (tmp_path / name).write_text(text)
    arguments = ("generate", tmp_path / name, "--model", folder, "-o", tmp_path / "texts.jsonl", "--candidates", 1)
    assert run_cli(*arguments) == 2
    [said] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert place in said and "or pass --on-error skip" in said
    assert run_cli(*arguments, "--on-error", "skip", "--workers", 2) == 0
    assert [row["id"] for row in read_jsonl(tmp_path / "texts.jsonl")] == ["1", "3"]
    told = capsys.readouterr().err
    assert f"skipped: {tmp_path / place.partition(',')[0]}" in told and "dropped: 1 bad input" in told


@pytest.mark.parametrize(("line", "said"), [
    ('{"mr": "name[Aromi"}', "line 1"),
    ('{"triples": []}', "is empty"),
    ('{"triples": [["a", "b"]]}', "Fact 1 must have subject, predicate and object"),
    ('{"text": "x"}', "exactly one of the fields"),
    ("[1]", "expected a JSON object"),
])  # fmt: skip
def test_bad_records_are_named_in_one_sentence(folder, tmp_path, capsys, line, said):
    path = tmp_path / "bad.jsonl"
    path.write_text(line + "\n")
    assert run_cli("generate", path, "--model", folder, "-o", tmp_path / "texts.jsonl") == 2
    message = capsys.readouterr().err
    assert "error: " in message and said in message and "Traceback" not in message


def test_the_command_refuses_unknown_searches_and_models(records, folder, tmp_path, capsys):
    for arguments, said in ((["--model", folder, "--search", "best"], "known: beam, diverse, sample"),
                            (["--model", tmp_path / "none"], "no such folder")):  # fmt: skip
        assert run_cli("generate", records, *arguments, "-o", tmp_path / "texts.jsonl") == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("missing", [["Norvik"], ["Norvik", "with a garden"], [("quite cheap", "cheap"), "Café Rouge"]])
def test_a_repair_says_what_was_missing(generator, missing):
    candidate = generator.repaired(RECORDS[0], missing)
    assert candidate is not None and candidate.logprob < 0
    for each in missing:
        assert any(words in candidate.text for words in ([each] if isinstance(each, str) else each))


def test_repairs_are_the_same_alone_and_together(generator):
    wanted = [Repair(record, [["Norvik", "a garden"][place % 2]]) for place, record in enumerate(RECORDS)]
    together = generator.repairs(wanted)
    assert texts(together) == texts(generator.repairs([one])[0] for one in wanted)
    assert [found[0].text for found in together] == [generator.repaired(one.record, one.missing).text for one in wanted]
    assert generator.repairs([]) == []


def test_records_that_do_not_fit_have_no_repairs_and_take_none_from_the_others(generator):
    wanted = [Repair(RECORDS[0], ["Norvik"]), Repair(LONG, ["place number 3"]), Repair(RECORDS[1], ["Norvik"])]
    first, none, last = generator.repairs(wanted)
    assert none == [] and texts([first, last]) == texts(generator.repairs([wanted[0], wanted[2]]))


def test_a_repair_is_fluent_beside_what_was_written_unforced(generator):
    [found] = generator.repairs([Repair(RECORDS[0], ["Norvik"])])
    codec = generator.encoder.codec
    tokens = [1 + len(codec.encode([one.text])[0]) for one in found]

    def kept(by_token, texts=tuple(one.text for one in found)):
        likely = [Candidate(text, by_token * length) for text, length in zip(texts, tokens, strict=True)]
        return fluent(codec, Repair(RECORDS[0], ["Norvik"], [Candidate(found[0].text, -0.1 * tokens[0])]), likely)

    assert len(kept(-0.1 - 0.9 * FALL)) == len(found) and not kept(-0.1 - 1.1 * FALL)
    alike = Repair(RECORDS[0], ["Norvik"], [Candidate(found[0].text, -9.0 * tokens[0])])
    assert not fluent(codec, alike, [Candidate(found[0].text, 1.1 * LIKELY_SLOTS * tokens[0])]), (
        "the unforced are no better"
    )
    assert fluent(codec, alike, [Candidate(found[0].text, 0.9 * LIKELY_SLOTS * tokens[0])])


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ("The hut has beds beds and a range.", True),
        ("Mont Sorrel's hut Mont Sorrel's hut is high.", True),
        ("It is a role-playing, role-playing game.", True),
        ("It is in Oslo. Oslo is in Norway.", False),
        ("Wagga Wagga is a city.", False),
        ("It has 5 5 stars and is near a near-by pub.", False),
    ],
)
def test_words_that_stand_twice_running(text, twice):
    assert stutters(text, Record.from_triples([("Wagga_Wagga", "type", "city")])) is twice


def test_records_with_a_slot_that_training_never_saw_have_no_repairs(generator):
    wanted = [Repair(Record.from_mr("name[Aromi], dogsAllowed[Norvik]"), ["Norvik"]), Repair(RECORDS[0], ["Norvik"])]
    none, found = generator.repairs(wanted)
    assert none == [] and texts([found]) == texts(generator.repairs(wanted[1:]))


def test_a_wider_search_has_more_candidates_and_none_for_what_cannot_be_repaired(generator):
    unknown = Record.from_mr("name[Aromi], dogsAllowed[Norvik]")
    first, *none, last = generator.wider([RECORDS[0], unknown, LONG, RECORDS[1]])
    assert none == [[], []] and texts([first, last]) == texts(generator.wider(RECORDS[:2]))
    assert len(first) > len(generator(RECORDS[0])) and first[0].logprob >= first[-1].logprob


def test_a_repair_of_one_of_two_values_says_both(generator):
    record = Record.from_mr("name[Aromi], eatType[pub], food[Indian], food[French], near[Ranch]")
    candidate = generator.repaired(record, ["French"])
    assert candidate is not None and "Indian" in candidate.text and "French" in candidate.text


def test_a_repair_that_nothing_accepts_is_none(generator):
    assert generator.repaired(RECORDS[0], ["Norvik"], accept=lambda text: False) is None
    tried = []
    generator.repaired(RECORDS[0], ["Norvik"], accept=lambda text: bool(tried.append(text)))
    assert tried and all("Norvik" in text for text in tried)


@pytest.mark.parametrize(("fact", "expected"), [
    (Triple("", "food", "Italian"), ("Italian", "italian")),
    (Triple("", "familyFriendly", "yes"), ("family friendly", "family-friendly")),
    (Triple("", "dogsAllowed", "no"), ("not dogs allowed", "no dogs allowed", "not dogs-allowed", "no dogs-allowed")),
    (Triple("Airman", "creator", "Otto_Brand_(artist)"), ("Otto Brand (artist)", "Otto Brand", "otto brand (artist)")),
])  # fmt: skip
def test_a_fact_has_wordings_to_force(fact, expected):
    assert wordings(fact) == expected
