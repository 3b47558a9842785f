"""Corruptions do what their labels say: by the paper's rules to the letter, by ours as the checker confirms."""

import json
import random
from collections import Counter

import pytest
from restaurants import EXAMPLES, run_cli

from datatuner.corrupt import balanced, corruption_stage, work_of
from datatuner.paper_rules import PRESETS, Preset, paper_corruptions
from datatuner.text_edits import unsupported
from datatuner.typed_rules import Context, corrupt_once
from tabtext.errors import InputError
from tabtext.examples import Fidelity, FidelityExample, TextExample
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record
from tabtext.slots import check, load_domain
from tabtext.stages import Options, run_stage

PAIR = Record.from_mr("name[Elm], food[Thai], familyFriendly[yes]")
TEXT = "Elm has Thai food, and music. The room is not dull. It is a family friendly place."


def by_rule(record, text, preset=Preset(1000, 10), seed=0):
    items = paper_corruptions(
        record, text, "Oak is near. It is a large old pub by the sea.", preset, random.Random(seed)
    )
    rules = {}
    for item in items:
        rules.setdefault(item.rule, []).append(item)
    return rules


def test_every_rule_of_the_paper():
    rules = by_rule(PAIR, TEXT)
    texts = {rule: {item.text for item in items} for rule, items in rules.items()}
    assert texts["reference"] == {TEXT}
    assert len(texts["swap"]) == 2, "Elm and Thai occur in the text, yes does not"
    assert texts["swap"] <= {TEXT.replace(old, new) for old in ("Elm", "Thai") for new in ("Elm", "Thai", "yes")} - {
        TEXT
    }
    assert texts["negation"] == {TEXT.replace("not ", "")}
    assert texts["sentence"] == {
        "Elm has Thai food, and music. It is a family friendly place.",
        "Elm has Thai food, and music. The room is not dull.",
        "The room is not dull. It is a family friendly place.",
    }
    assert texts["phrase"] == {TEXT.replace(", and music", "")}
    assert sorted(t.count("The room is not dull.") for t in texts["repeat"]) == [2, 3, 4]
    assert all("Oak is near." in t for t in texts["insert"] | texts["replace"])
    assert sorted(t.count("Oak is near.") for t in texts["insert"]) == [1, 2, 3]
    [data] = rules["data"]
    assert data.text == TEXT and data.record.slots["familyFriendly"] == "no"
    labels = {rule: items[0].label[0].value for rule, items in rules.items()}
    assert labels == {
        "swap": "value_error", "cut": "value_error", "negation": "value_error", "data": "value_error",
        "sentence": "omission", "phrase": "omission", "repeat": "repetition", "insert": "hallucination",
        "replace": "hallucination", "reference": "accurate",
    }  # fmt: skip


def test_presets_cap_and_leave_out():
    assert len(paper_corruptions(PAIR, TEXT, "Oak.", PRESETS["webnlg"], random.Random(1))) == 5
    kept = [paper_corruptions(PAIR, TEXT, "Oak.", PRESETS["e2e"], random.Random(seed)) for seed in range(300)]
    assert {len(items) for items in kept} == {0, 1} and 180 < sum(map(len, kept)) < 240


def typed(examples=EXAMPLES, seed=0):
    stage = corruption_stage("typed")
    counts = Counter()
    works = list(work_of(examples, seed).items)
    items = [item for i, work in enumerate(works) for item in stage.process(work, random.Random(i), counts)]
    return items, counts


def test_typed_corruptions_are_what_they_say():
    items, _ = typed()
    labels = Counter(label.value for item in items for label in item.label)
    assert labels["accurate"] == 12 and all(labels[name.value] >= 10 for name in Fidelity)
    originals = {example.record: example.texts[0] for example in EXAMPLES}
    for item in items:
        report = check(item.record, item.text)
        assert (item.text == originals[item.record]) is (item.rule == "reference")
        if item.rule == "drop":
            assert item.fact[0] in report.facts("missing") and item.label[0] is Fidelity.OMISSION
        if item.rule == "repeat":
            assert item.fact[0] in report.facts("repeated")
        if item.rule == "foreign":
            assert report.added and not set(item.fact) & set(item.record.triples)
        if item.rule in ("substitute", "negation"):
            assert item.fact[0] in report.facts("wrong") and Fidelity.VALUE_ERROR in item.label
        if item.rule != "foreign" and item.fact:
            verdict = dict(zip(item.record.triples, item.verdicts, strict=True))[item.fact[0]]
            assert verdict == {"drop": "missing", "repeat": "repeated"}.get(item.rule, "wrong")


def test_triples_swap_roles_and_change_figures():
    people = [
        TextExample(
            Record.from_triples(
                [(n, "birthPlace", a), (n, "deathPlace", b), (n, "birthYear", str(1900 + i))], id=str(i)
            ),
            (f"{n} was born in {a} in {1900 + i} and died in {b}.",),
        )
        for i, (n, a, b) in enumerate(
            [("Ann Lee", "Oslo", "Rome"), ("Bo Day", "Bern", "Lima"), ("Cy Orr", "Riga", "Kyiv")]
        )
    ]
    found = {}
    for seed in range(12):
        for item in typed(people * 4, seed)[0]:
            found.setdefault(item.rule, item)
    assert {"roles", "figure", "substitute", "drop", "repeat", "foreign"} <= set(found)
    assert found["roles"].label == (Fidelity.VALUE_ERROR,) and found["roles"].verdicts.count("wrong") == 2


def test_garbled_names_are_names_no_more():
    record = Record.from_triples([("Calder Mill", "location", "Fawkham"), ("Calder Mill", "owner", "Anna Lindqvist")])
    text = "Calder Mill in Fawkham belongs to Anna Lindqvist."
    context = Context.of(record, text, (), load_domain("triples"))
    made = [item for seed in range(20) if (item := corrupt_once(context, "garble", random.Random(seed)))]
    assert len(made) >= 10, "what the checker takes for the name nevertheless is not made"
    for item in made:
        assert item.label == (Fidelity.VALUE_ERROR,) and item.fact[0].object not in item.text
        words = zip(item.text.split(), text.split(), strict=True)
        assert sum(new != old for new, old in words) == 1 and item.spans


def test_texts_that_the_checker_faults_are_counted_and_left_out():
    wrong = TextExample(EXAMPLES[0].record, ("The Mill is a pub.",))
    items, counts = typed([wrong, *EXAMPLES[1:]])
    assert counts["text that the checker faults"] == 1
    assert not any(item.record.id == "r0" for item in items)


def test_balancing_follows_the_formula():
    def many(label, number):
        return [FidelityExample(PAIR, f"{label.value} {i}", (label,)) for i in range(number)]

    items = [*many(Fidelity.VALUE_ERROR, 40), *many(Fidelity.OMISSION, 30), *many(Fidelity.ACCURATE, 4)]
    kept = Counter(item.label[0].value for item in balanced(items, random.Random(0), cap=1000))
    assert kept == {"value_error": 40, "omission": 40, "accurate": 16}
    assert len(balanced(items, random.Random(0), cap=50)) == 50


@pytest.mark.parametrize("rules", ["paper", "typed"])
def test_same_bytes_for_any_number_of_workers(tmp_path, rules):
    for workers in (1, 2):
        options = Options(tmp_path / f"{workers}.jsonl", seed=4, workers=workers)
        run_stage(corruption_stage(rules), work_of(EXAMPLES * 4, 4), options)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    first = json.loads((tmp_path / "1.jsonl").read_text().splitlines()[0])
    assert set(first) - {"spans"} == {"id", "record", "text", "label", "fact", "rule", "verdicts"}


def test_the_command(tmp_path, capsys):
    write_jsonl(tmp_path / "data.jsonl", EXAMPLES)
    assert run_cli("corrupt", tmp_path / "data.jsonl", "-o", tmp_path / "out.jsonl", "--balance") == 0
    items = [FidelityExample.from_json(fields) for fields in read_jsonl(tmp_path / "out.jsonl")]
    assert len(items) >= 55 and sorted(p.name for p in tmp_path.iterdir()) == ["data.jsonl", "out.jsonl"]
    assert run_cli("corrupt", tmp_path / "data.jsonl", "--rules", "guess") == 2
    assert "Unknown --rules 'guess'; known: paper, typed." in capsys.readouterr().err
    assert run_cli("corrupt", tmp_path) == 2
    assert run_cli("corrupt", tmp_path / "data.jsonl", "--balance") == 2


def test_one_record_has_nobody_to_borrow_from():
    with pytest.raises(InputError, match="found 1 with a text"):
        work_of(EXAMPLES[:1])


@pytest.mark.parametrize(
    ("before", "after", "label", "words"),
    [
        ("Elm is Thai.", "Elm is Chinese.", Fidelity.VALUE_ERROR, ["Chinese"]),
        ("Elm is Thai.", "Elm is Thai. Oak is near it.", Fidelity.HALLUCINATION, ["Oak is near it."]),
        ("Elm is not Thai.", "Elm is Thai.", Fidelity.VALUE_ERROR, None),
        ("Elm is Thai.", "Elm is.", Fidelity.OMISSION, []),
        ("Elm is Thai.", "Elm is Thai. Elm is Thai.", Fidelity.REPETITION, []),
    ],
)
def test_the_words_that_a_corruption_put_in_are_unsupported(before, after, label, words):
    spans = unsupported(before, after, label)
    assert words == (None if spans is None else [after[start:end] for start, end in spans])
    item = FidelityExample(PAIR, after, (label,), spans=spans)
    assert FidelityExample.from_json(json.loads(json.dumps(item.to_json()))) == item
