"""ConSeq: what is chosen, what is trained, what changed, and the commands, on a model that makes up what it says."""

import json
import math
from collections import Counter

import pytest
from quals_cli import run_cli

from quals.changes import changes
from quals.conseq import Contrasting, TextGenerator, choose_texts, conseq
from quals.judges import make_judge
from quals.references import Referenced, read_referenced, read_written
from quals.selection import choose, texts_of
from tabtext.corpora.judgements import Judgement
from tabtext.errors import InputError
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record

NAN = math.nan


def judged_as(scores):
    """A judge that knows the score of every text."""
    return lambda judged: [scores[one.text] for one in judged]


def choice(groups, **how):
    """The texts to say and not to say of {source: ({reference: score}, {sample: score})}, and the counts."""
    counts, scores = Counter(), {}
    judged = []
    for item, (references, samples) in groups.items():
        scores |= {**references, **samples}
        judged += texts_of(item, "a source", tuple(references), samples)
    chosen = choose(judged, judged_as(scores), counts, **how)
    return (
        [one.judged.text for one in chosen if one.is_good],
        [one.judged.text for one in chosen if not one.is_good],
        counts,
    )


GROUPS = {
    "a": ({"A": 9}, {"a1": 1, "a2": 8}),
    "b": ({"B": 8}, {"b1": 7, "b2": 2}),
    "c": ({"C": 5, "CC": 6}, {"c1": 0, "c2": 3}),
    "d": ({"D": 4}, {"d1": 5}),
}


@pytest.mark.parametrize(
    ("how", "good", "bad"),
    [
        ({"share": 0.5}, ["A"], ["a1"]),  # best references: a, b; worst samples: c, a; both: a
        ({"share": 0.5, "paired": False}, ["A", "B"], ["a1", "c1"]),
        ({"share": 0.75}, ["A", "B", "CC"], ["a1", "b2", "c1"]),
        ({"share": 1.0}, ["A", "B", "CC"], ["a1", "b2", "c1"]),  # d's sample is better than its reference
        ({"share": 1.0, "paired": False}, ["A", "B", "CC", "D"], ["a1", "b2", "c1"]),
        ({"share": 0.1, "paired": False}, ["A"], ["c1"]),
    ],
)
def test_best_references_and_worst_samples(how, good, bad):
    found = choice(GROUPS, **how)
    assert (found[0], found[1]) == (good, bad) and found[2]["good"] == len(good)


def test_ties_are_kept_and_good_samples_never_unlearnt():
    groups = {str(i): ({f"r{i}": 1.0}, {f"s{i}": 1.0 - (i == 3)}) for i in range(10)}
    good, bad, counts = choice(groups, share=0.3, paired=False)
    assert len(good) == 10 and bad == ["s3"] and counts["sample as good as the reference"] == 9


def test_texts_without_a_verdict_are_neither():
    good, bad, counts = choice({"a": ({"A": NAN}, {"a": 1}), "b": ({"B": 2}, {"b": NAN, "bb": 1})}, share=1.0)
    assert (good, bad) == (["B"], ["bb"]) and counts["without a verdict"] == 2


def test_a_sample_that_is_a_reference_is_no_sample():
    found = list(texts_of("a", "s", ("It is  old.",), ["It is old.", "It is new.", "It is new. ", ""]))
    assert [(one.system, one.text) for one in found] == [("reference-0", "It is  old."), ("sample-1", "It is new.")]


@pytest.mark.parametrize("share", [0, -1, 1.5, NAN])
def test_shares_outside_their_range(share):
    with pytest.raises(InputError, match="takes more than 0 and at most 1"):
        choice(GROUPS, share=share)


def judged(*texts):
    return [Judgement(str(i), "s", text) for i, text in enumerate(texts)]


def test_changes():
    (found,) = changes(
        judged("a", "b", "c"), judged("b", "c", "d"), {"x": judged_as({"a": 1, "b": 2, "c": 4, "d": NAN})}
    )
    assert (found.before, found.after, found.texts, found.no_verdict) == (1.5, 3.0, 2, 1)
    assert found.interval == (1.0, 2.0)
    assert str(found) == "x: 1.5 -> 3, difference +1.5 [+1, +2] (2 texts, 1 without a verdict left out)"
    (none,) = changes(judged("d"), judged("d"), {"x": judged_as({"d": NAN})})
    assert "no verdict on any of 1 texts" in str(none) and json.loads(json.dumps(none.to_json()))["after"] is None
    with pytest.raises(InputError, match="about the same sources"):
        changes(judged("a"), [Judgement("9", "s", "a")], {})


NAMES, FOODS = ("Bella", "Corvo", "Dunmore", "Elgar", "Fennel", "Garnet"), ("French", "Italian", "Chinese", "Indian")


def restaurants():
    for name in NAMES:
        for food in FOODS:
            record = Record.from_mr(f"name[{name}], food[{food}]", id=f"{name}-{food}")
            yield Referenced(record.id, record, (f"{name} serves {food} food.",))


@pytest.fixture(scope="module")
def confused(tmp_path_factory):
    """The folder of a model trained on these restaurants, half of the texts with another food."""
    from tabtext.models import from_scratch
    from tabtext.training import arguments, train

    sources = list(restaurants())
    texts = [text for one in sources for text in one.texts]
    seq2seq = from_scratch("tiny", [*texts, "name: food:"], copy_context=0)
    generator = TextGenerator(seq2seq, max_new_tokens=24)
    rows = []
    for number, one in enumerate(sources):
        rows.append(generator.features(one.source, one.texts[0]))
        rows.append(
            generator.features(one.source, one.texts[0].replace(one.source.slots["food"], FOODS[number // 2 % 4]))
        )
    folder = tmp_path_factory.mktemp("confused") / "model"
    train(seq2seq, rows, arguments(folder, num_train_epochs=12, learning_rate=5e-3, per_device_train_batch_size=16))
    return folder


def load(folder):
    from tabtext.models import load_seq2seq

    return TextGenerator(load_seq2seq(folder), max_new_tokens=24)


def test_samples_do_not_depend_on_what_else_is_sampled(confused):
    sources = [one.source for one in restaurants()][:4]
    generator = load(confused)
    together = list(generator.sample(sources, 3, 50, 0))
    assert list(generator.sample(sources[:2], 3, 50, 0)) == together[:2]
    assert all(len(texts) == 3 for texts in together) and list(generator.sample(sources, 3, 50, 1)) != together


def test_a_model_unlearns_what_the_slot_checker_faults(confused, tmp_path, capsys):
    sources = list(restaurants())
    how = Contrasting(samples=4, share=1.0, epochs=6, learning_rate=2e-3)
    slots = make_judge("slots")[1]
    found = conseq(load(confused), sources, sources, slots, tmp_path / "out", how, reports={"slots": slots})
    (change,) = found
    assert change.before < 0.95 and change.after > change.before and change.texts == 24
    chosen = list(read_jsonl(tmp_path / "out/chosen.jsonl"))
    assert {one["good"] for one in chosen} == {True, False}
    assert all(one["score"] < 1 and one["system"].startswith("sample") for one in chosen if not one["good"])
    assert all(one["score"] == 1 and one["id"].startswith(one["item"]) for one in chosen if one["good"])
    assert next(read_jsonl(tmp_path / "out/changes.jsonl"))["judge"] == "slots"
    assert "texts to say" in capsys.readouterr().err
    with pytest.raises(InputError, match="exists already"):
        conseq(load(confused), sources, sources, slots, tmp_path / "out", how)


def test_a_run_stopped_while_it_measures_goes_on_to_what_changed(confused, tmp_path, monkeypatch):
    sources, slots = list(restaurants())[:8], make_judge("slots")[1]
    how = Contrasting(samples=2, share=1.0, epochs=1, paired=False)

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("quals.conseq.changes", stop)
        conseq(load(confused), sources, sources, slots, tmp_path, how, reports={"slots": slots})
    (change,) = conseq(load(confused), sources, sources, slots, tmp_path, how, reports={"slots": slots})
    assert change.texts == 8 and next(read_jsonl(tmp_path / "changes.jsonl"))["judge"] == "slots"


def test_nothing_to_choose(confused):
    sources = list(restaurants())[:2]
    written = {one.id: list(one.texts) for one in sources}
    with pytest.raises(InputError, match="No source gives both a text to say and one not to say"):
        choose_texts(sources, written, make_judge("slots")[1])


@pytest.fixture
def files(tmp_path):
    lines = [{**one.source.to_json(), "texts": list(one.texts)} for one in restaurants()]
    write_jsonl(tmp_path / "data.jsonl", lines)
    write_jsonl(tmp_path / "before.jsonl", [{"id": x["id"], "text": "Bella serves Indian food."} for x in lines])
    write_jsonl(tmp_path / "after.jsonl", [{"id": x["id"], "candidates": [{"text": x["texts"][0]}]} for x in lines])
    return tmp_path


def test_the_commands(files, confused, capsys):
    data, before, after = (files / f"{name}.jsonl" for name in ("data", "before", "after"))
    assert run_cli("select", data, before, "--judge", "slots", "-o", files / "chosen.jsonl", "--unpaired") == 0
    chosen = list(read_jsonl(files / "chosen.jsonl"))
    assert sum(one["good"] for one in chosen) == 24 and 0 < sum(not one["good"] for one in chosen) < 24
    assert run_cli("changes", data, before, after, "--judge", "slots", "--judge", "rougeL") == 0
    slots, rouge = capsys.readouterr().out.splitlines()
    assert slots.startswith("slots: ") and "-> 1, difference +" in slots and "-> 100" in rouge
    assert run_cli("changes", data, before, after, "--judge", "slots", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["after"] == 1
    arguments = ("conseq", data, "--dev", data, "--model", confused, "--judge", "slots", "-o", files / "out")
    quick = ("--limit", 8, "--samples", 2, "--epochs", 1, "--share", 1, "--unpaired", "--max-new-tokens", 24)
    assert run_cli(*arguments, *quick) == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["slots", "rougeL"]
    assert (files / "out/model.safetensors").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"source": "a"}, "line 1: needs 'texts'"),
        ({"source": "a", "texts": []}, "line 1: needs 'texts'"),
        ({"source": "a", "texts": [""]}, "line 1: needs 'texts'"),
        ({"text": "a"}, "line 1: needs 'source', 'table', 'record'"),
        ({"source": " ", "text": "a"}, "line 1: its 'source' is empty"),
    ],
)
def test_files_of_references_that_lack_something(tmp_path, line, message):
    write_jsonl(tmp_path / "x.jsonl", [line])
    with pytest.raises(InputError, match=message):
        read_referenced(tmp_path / "x.jsonl")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"id": "z", "text": "a"}, "line 1: no source has the id 'z'"),
        ({"id": "a"}, "line 1: needs 'text', or a list of 'candidates'"),
        ({"id": "a", "candidates": ["x"]}, "line 1: needs 'text', or a list of 'candidates'"),
        ({"id": "a", "candidates": 5}, "line 1: needs 'text', or a list of 'candidates'"),
        ({"id": "a", "text": "x"}, "no text for 1 of 2 sources, the first 'b'"),
    ],
)
def test_files_of_texts_that_fit_no_source(tmp_path, line, message):
    write_jsonl(tmp_path / "x.jsonl", [line])
    with pytest.raises(InputError, match=message):
        read_written(tmp_path / "x.jsonl", [Referenced("a", "s", ("t",)), Referenced("b", "s", ("t",))])


def test_an_id_may_come_once(tmp_path):
    write_jsonl(tmp_path / "x.jsonl", [{"id": "a", "source": "s", "text": "t"}] * 2)
    with pytest.raises(InputError, match="line 2: a source with the id 'a' came before"):
        read_referenced(tmp_path / "x.jsonl")
