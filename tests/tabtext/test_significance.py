"""Intervals and tests: those of sacreBLEU with the same seed, and the properties they must have."""

import random

import numpy as np
import pytest

from tabtext.errors import InputError
from tabtext.metrics import Items, load
from tabtext.metrics.breakdowns import breakdown, labels, shuffled
from tabtext.metrics.significance import compare, over_runs, over_seeds, randomised, resampled, with_interval
from tabtext.table import Cell, Table

WORDS = ["Athens", "hosted", "the", "games", "of", "2004", "and", "Beijing", "those", "2008"]


def systems(seed, size=80):
    rng = random.Random(seed)
    references = [" ".join(rng.choices(WORDS, k=12)) for _ in range(size)]
    drop = lambda share: [" ".join(w for w in text.split() if rng.random() > share) for text in references]  # noqa: E731
    return Items.of(drop(0.10), references), Items.of(drop(0.13), references)


@pytest.mark.parametrize("name", ["sacrebleu", "chrf"])
@pytest.mark.parametrize(("test", "ours"), [("bs", "p_bootstrap"), ("ar", "p_randomisation")])
def test_p_values_are_sacrebleus(monkeypatch, name, test, ours):
    from sacrebleu.significance import PairedTest

    monkeypatch.setenv("SACREBLEU_SEED", "12345")
    first, second = systems(name)
    trials = 500
    found = compare(load(name), first, second, resamples=trials, trials=trials)
    named = [("a", list(first.predictions)), ("b", list(second.predictions))]
    streams = [[group[0] for group in first.references]]
    results = PairedTest(named, {name: load(name).peer.make()}, streams, test, trials)()[1]
    expected = next(values[1].p_value for key, values in results.items() if key != "System")
    assert getattr(found, ours) == pytest.approx(expected, abs=1 / (trials + 1) + 1e-9)


def test_parts_of_trials_draw_the_same_as_all_at_once(monkeypatch):
    first, second = (load("rouge1").statistics(items) for items in systems(1, 70))
    metric = load("rouge1")
    whole = resampled(metric, first, 100, 5), randomised(metric, first, second, 100, 5)
    monkeypatch.setattr("tabtext.metrics.significance._AT_ONCE", 70 * 32)
    parts = resampled(metric, first, 100, 5), randomised(metric, first, second, 100, 5)
    assert np.array_equal(whole[0], parts[0]) and np.allclose(whole[1], parts[1], atol=1e-12)


def test_a_system_does_not_differ_from_itself():
    first, _ = systems(2)
    found = compare(load("chrf"), first, first, trials=200)
    assert (found.difference, found.better, found.p_bootstrap, found.interval) == (0, "neither", 1 / 1001, (0, 0)) or (
        found.better == "neither" and found.difference == 0
    )


def test_an_interval_holds_its_score_and_says_how_it_came():
    items, _ = systems(3)
    metric = load("sacrebleu")
    statistics = metric.statistics(items)
    score = with_interval(metric.score(items), metric, statistics, resamples=200, seed=7)
    assert score.interval[0] < score.value < score.interval[1]
    assert score.signature.endswith("|bs:200|seed:7")
    assert score == with_interval(metric.score(items), metric, statistics, resamples=200, seed=7)


def test_distinct_has_no_interval_and_no_paired_test():
    items, other = systems(4)
    metric = load("distinct2")
    assert with_interval(metric.score(items), metric, metric.statistics(items)).interval is None
    with pytest.raises(InputError, match="distinct2 has no paired test"):
        compare(metric, items, other)


def test_seeds_need_the_same_metric_and_data():
    items, other = systems(5)
    seeds = over_seeds([load("rouge1").score(items), load("rouge1").score(other)])
    assert seeds.mean == pytest.approx(sum(seeds.values) / 2)
    assert seeds.deviation == pytest.approx(abs(seeds.values[0] - seeds.values[1]) / 2**0.5)
    with pytest.raises(InputError, match="Only scores of one metric on the same data"):
        over_seeds([load("rouge1").score(items), load("rouge2").score(items)])


def test_the_mean_of_runs_and_their_difference_have_intervals():
    metric = load("rouge1")
    (good, bad), (good_again, bad_again) = systems(6), systems(6)
    others = [items.with_predictions(["the", *items.predictions[1:]]) for items in (good_again, bad_again)]
    ours, theirs = (over_runs(metric, runs, resamples=200) for runs in ([good, others[0]], [bad, others[1]]))
    assert ours.mean == pytest.approx(sum(metric.score(items).value for items in (good, others[0])) / 2)
    assert ours.interval[0] < ours.mean < ours.interval[1] and ours.signature.endswith("|bs:200|seed:12345")
    above = ours - theirs
    assert above.mean == pytest.approx(ours.mean - theirs.mean) and above.interval[0] < above.mean < above.interval[1]
    assert (ours - ours).interval == (0, 0), "the same items and runs are drawn for both"
    with pytest.raises(InputError, match="another number"):
        ours - over_runs(metric, [good], resamples=200)
    with pytest.raises(InputError, match="other data"):
        ours - over_runs(load("rouge2"), [good, others[0]], resamples=200)


def test_runs_that_differ_widen_the_interval():
    metric, (good, _) = load("rouge1"), systems(7)
    width = lambda runs: float(np.diff(over_runs(metric, runs, resamples=400).interval)[0])  # noqa: E731
    assert width([good, good.with_predictions([""] * len(good))]) > 3 * width([good, good])


QUESTION_FIELDS = [
    {"question": "How many games were there?", "category": "sport", "mr": "name[A], food[B]"},
    {"question": "In which year did it end?", "category": "sport", "mr": "name[A]"},
    {"question": "Tell me the year.", "category": "city", "mr": "name[A]"},
]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("question", ["how many", "which", "other"]),
        ("category", ["sport", "sport", "city"]),
        ("facts", ["2", "1", "1"]),
        ("seen", ["seen", "seen", "unseen"]),
        ("answer-length", ["0-10 words", "11-15 words", "31+ words"]),
    ],
)
def test_labels_of_breakdowns(by, expected):
    references = (("a b",), ("w " * 12,), ("w " * 40,))
    items = Items(("x", "y", "z"), references, fields=tuple(QUESTION_FIELDS))
    assert labels(items, by, seen={"sport"}) == expected


def test_parts_of_a_mean_are_means_in_natural_order():
    items = Items.of(["a", "b", "c", "d"], ["a", "x", "c", "d"])
    metric = load("exact_match")
    parts = breakdown(metric, metric.statistics(items), ["10", "2", "2", None])
    assert [(part.label, part.size, part.value) for part in parts] == [("2", 2, 50), ("10", 1, 100)]


def test_a_shuffled_table_keeps_its_cells_and_their_marks():
    table = Table(
        ("a", "b", "c"), tuple((f"a{i}", f"b{i}", f"c{i}") for i in range(5)), highlighted=(Cell(2, 1), Cell(4, 0))
    )
    other = shuffled(table, random.Random(3))
    assert other != table and {other[cell] for cell in other.highlighted} == {"b2", "a4"}
    assert sorted(map(sorted, other.rows)) == sorted(map(sorted, table.rows))
    assert all(cell[0] == name for row in other.rows for cell, name in zip(row, other.header, strict=True))


def test_shuffled_questions_keep_their_evidence(tmp_path):
    from tabtext.cli import app
    from tabtext.examples import QAExample
    from tabtext.jsonl import read_jsonl, write_jsonl

    table = Table(("a", "b"), tuple((f"a{i}", f"b{i}") for i in range(6)))
    examples = [QAExample(f"q{i}", "?", f"b{i}", (), table, (Cell(i, 1),)) for i in range(6)]
    paths = [tmp_path / name for name in ("in.jsonl", "one.jsonl", "two.jsonl")]
    write_jsonl(paths[0], examples)
    for path in paths[1:]:
        app(["shuffle", str(paths[0]), "--output", str(path)], standalone_mode=False)
    assert paths[1].read_bytes() == paths[2].read_bytes()
    found = [QAExample.from_json(fields) for fields in read_jsonl(paths[1])]
    assert [example.table[example.evidence[0]] for example in found] == [f"b{i}" for i in range(6)]
    assert len({example.table for example in found}) > 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": None, "table": 5}, "line 2: A question's 'table' is an object"),
        ({"evidence": [[1, 0], [6, 0]]}, r"line 2: 'evidence' names the cell \[6, 0\], and the table has 2 rows"),
        ({"evidence": [[-1, 0]]}, r"line 2: 'evidence' names the cell \[-1, 0\]"),
        ({"table": {"header": ["a"], "rows": [["b"]], "highlighted": [[0, 1]]}}, "line 2: 'highlighted' names"),
        ({"question": 5}, "question 2: question and answer must be texts"),
    ],
)
def test_a_question_that_cannot_be_shuffled_is_named(tmp_path, change, said):
    from tabtext.cli import app
    from tabtext.errors import InputError
    from tabtext.jsonl import write_jsonl

    whole = {"question": "?", "answer": "b", "table": {"header": ["a", "b"], "rows": [["1", "2"], ["3", "4"]]}}
    write_jsonl(tmp_path / "in.jsonl", [whole, {**whole, **change}])
    with pytest.raises(InputError, match=rf"^{tmp_path}/in.jsonl, {said}"):
        app(["shuffle", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl")], standalone_mode=False)
    assert not (tmp_path / "out.jsonl").exists()
