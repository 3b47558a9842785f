"""`datatuner say`: the model where it says a record well, the rules where it does not, and a verdict on every fact."""

import json
from dataclasses import replace

import pytest
from restaurants import EXAMPLES, run_cli

import datatuner
from datatuner import saying
from datatuner.generate import Generator
from datatuner.repair import least
from datatuner.states import StateSettings
from datatuner.train import Training, train_generator
from tabtext.candidates import Candidate
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record
from tabtext.verbal import said

RECORDS = [example.record for example in EXAMPLES]
TRIPLES = Record.from_triples([("Ada", "employer", "Acme"), ("Acme", "city", "Leeds")], id="ada")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model that has seen twelve restaurants, and hardly learnt to write."""
    path = tmp_path_factory.mktemp("data") / "restaurants.jsonl"
    write_jsonl(path, EXAMPLES)
    train_generator(path, path.parent / "model", Training(from_scratch="tiny", epochs=1, batch_size=4), dev=path)
    return path.parent / "model"


@pytest.fixture
def fluent(monkeypatch):
    """Lets any model write the texts that people wrote, the first of them with a fact left out, and be sure of them."""
    texts = {example.record: example.texts[0] for example in EXAMPLES}
    texts[RECORDS[0]] = texts[RECORDS[0]].replace("Indian ", "")

    def candidates(self, records, n=None, how=None):
        return iter([[Candidate(texts[record], -1.0)] for record in records])

    monkeypatch.setattr(Generator, "candidates", candidates)
    monkeypatch.setattr(Generator, "repairs", lambda self, wanted: [[] for _ in wanted])


def test_rules_say_records_without_a_model():
    [one] = datatuner.say([TRIPLES])
    assert one.candidate.text == "Ada works for Acme, which is located in Leeds." == said(TRIPLES)
    assert one.source == "rules" and one.judged.passes


def test_a_model_says_what_it_says_well_and_rules_the_others(folder, fluent):
    strange = Record.from_mr("name[Elm], moonPhase[full]", id="strange")
    long = Record.from_mr(f"name[{'Elm ' * 900}]", id="long")
    chosen = datatuner.say([*RECORDS, TRIPLES, strange, long, RECORDS[1]], datatuner.Saying(model=str(folder)))
    assert [one.source for one in chosen] == ["rules", *["model"] * 11, "rules", "rules", "rules", "model"]
    assert all(one.judged.passes for one in chosen)
    assert "Elm's moon phase is full." in chosen[13].candidate.text and "Indian" in chosen[0].candidate.text


def test_a_model_that_writes_nonsense_is_not_trusted(folder):
    chosen = datatuner.say(RECORDS, datatuner.Saying(model=str(folder)))
    assert {one.source for one in chosen} <= {"rules", "repaired"} and all(one.judged.passes for one in chosen)


def test_a_model_of_triples_knows_the_predicates_that_it_learnt_from(tmp_path):
    examples = [
        replace(example, record=Record.from_triples([("A", "nearTo", "B"), ("A", "food", name)], id=name))
        for example, name in zip(EXAMPLES, "abcdefghijkl", strict=True)
    ]
    write_jsonl(tmp_path / "r.jsonl", examples)
    train_generator(tmp_path / "r.jsonl", tmp_path / "model", Training(from_scratch="tiny", epochs=1))
    encoder = Generator.from_pretrained(tmp_path / "model").encoder
    assert encoder.settings.predicates == ("food", "near to")
    assert encoder.knows(Record.from_triples([("X", "near_to", "Y")]))
    assert not encoder.knows(Record.from_triples([("X", "owner", "Y")]))
    encoder.settings = StateSettings()
    assert encoder.knows(Record.from_triples([("X", "owner", "Y")])), "a model of before does not tell what it knows"


def test_of_triples_a_model_is_asked_to_be_surer_than_of_slots():
    assert least(RECORDS[0]) < least(TRIPLES) < 0


def test_the_command_writes_texts_with_verdicts_and_goes_on(tmp_path, capsys, monkeypatch):
    write_jsonl(tmp_path / "r.jsonl", [*RECORDS, TRIPLES])
    arguments = ("say", tmp_path / "r.jsonl", "-o", tmp_path / "out.jsonl")
    assert run_cli(*arguments) == 0
    rows = list(read_jsonl(tmp_path / "out.jsonl"))
    assert [row["id"] for row in rows] == [*(record.id for record in RECORDS), "ada"]
    assert rows[-1] == {
        "id": "ada", "text": "Ada works for Acme, which is located in Leeds.", "logprob": None, "source": "rules",
        "fidelity": {"class": "accurate", "id": "ada", "missing": [], "wrong": [], "repeated": [], "added": [],
                     "verdicts": ["ok", "ok"]},
    }  # fmt: skip
    assert "13 records in, 13 records out" in capsys.readouterr().err
    monkeypatch.setattr(saying, "say", lambda *_: pytest.fail("said again what was said"))
    assert run_cli(*arguments) == 2 and "exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line", ['{"triples": [["A", "", "B"]]}', '{"triples": [["A", "b"]]}', '{"mr": "name[A"}', "{"]
)
def test_bad_records_are_one_sentence_and_may_be_skipped(tmp_path, capsys, line):
    (tmp_path / "r.jsonl").write_text(line + "\n" + json.dumps(TRIPLES.to_json()) + "\n")
    assert run_cli("say", tmp_path / "r.jsonl") == 2
    assert "r.jsonl, line 1" in capsys.readouterr().err
    assert run_cli("say", tmp_path / "r.jsonl", "--on-error", "skip") == 0
    assert "Ada works for Acme" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("--model", "datatuner-mini-webnl"), "datatuner-mini-webnlg"),
        (("--model", "rule"), "rules"),
        (("--judge", "fidelity-min"), "fidelity-mini"),
        (("--model", "fidelity-mini"), "fidelity-mini"),
    ],
)
def test_names_that_are_no_such_model_are_one_sentence(tmp_path, capsys, extra, message):
    write_jsonl(tmp_path / "r.jsonl", [TRIPLES])
    assert run_cli("say", tmp_path / "r.jsonl", *extra) == 2
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith("error: ") and message in said
