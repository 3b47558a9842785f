"""Agreement with people: the figures, the readers of judgements, the judges, and the commands."""

import json
import math
import random

import pytest
from quals_cli import run_cli

from quals import judges
from quals.agree import agreement, study
from quals.judges import make_judge, make_judges
from tabtext.corpora.judgements import JUDGED_SETS, Judgement, read_judgements
from tabtext.errors import InputError
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record

NAN = math.nan


@pytest.mark.parametrize(
    ("scores", "ratings", "pearson", "spearman", "auc"),
    [
        ([1, 2, 3, 4], [0, 0, 1, 1], 2 / math.sqrt(5), 2 / math.sqrt(5), 1.0),
        ([4, 3, 2, 1], [0, 0, 1, 1], -2 / math.sqrt(5), -2 / math.sqrt(5), 0.0),
        ([1, 10, 100, 1000], [1, 2, 3, 4], 0.824141, 1.0, NAN),  # good from 1 on: all of them
        ([1, 2, 2, 3], [0, 0, 1, 1], 1 / math.sqrt(2), 1 / math.sqrt(2), 0.875),
        ([5, 5, 5, 5], [0, 0, 1, 1], NAN, NAN, 0.5),
        ([1, NAN, 3, 4], [0, 1, 0, 1], 0.755929, math.sqrt(3) / 2, 1.0),
    ],
)
def test_the_figures(scores, ratings, pearson, spearman, auc):
    found = agreement("x", scores, ratings, list("abcd"), 1, resamples=20)
    assert [found.pearson.value, found.spearman.value, found.auc.value] == pytest.approx(
        [pearson, spearman, auc], abs=1e-6, nan_ok=True
    )
    assert found.no_verdict == sum(map(math.isnan, scores)) and found.texts + found.no_verdict == 4


def drawn(size, rng):
    ratings = [rng.choice([0, 25, 50, 75, 100]) for _ in range(size)]
    return [rating + rng.gauss(0, 40) for rating in ratings], ratings


def test_the_figures_are_those_of_pandas_and_of_counting_pairs():
    import pandas as pd

    scores, ratings = drawn(150, random.Random(7))
    scores = [round(score, -1) for score in scores]  # ties on both sides
    found = agreement("x", scores, ratings, list(map(str, range(150))), 50, resamples=1)
    frame = pd.DataFrame({"score": scores, "rating": ratings})
    for method in ("pearson", "spearman"):
        assert getattr(found, method).value == pytest.approx(frame.corr(method=method).iloc[0, 1])
    pairs = [(g > b) + (g == b) / 2 for g, r in zip(scores, ratings, strict=True) if r >= 50
             for b, q in zip(scores, ratings, strict=True) if q < 50]  # fmt: skip
    assert found.auc.value == pytest.approx(sum(pairs) / len(pairs))


def test_an_interval_holds_the_figure_and_is_the_same_each_time():
    scores, ratings = drawn(120, random.Random(3))
    first, again = (agreement("x", scores, ratings, list(map(str, range(120))), 50, resamples=200) for _ in range(2))
    assert first == again
    for figure in (first.pearson, first.spearman, first.auc):
        assert figure.low < figure.value < figure.high


def test_texts_about_one_source_are_drawn_together():
    """Ten copies of each text tell no more than one: the interval is that of the sources alone."""
    scores, ratings = drawn(40, random.Random(5))
    names = list(map(str, range(40)))
    alone = agreement("x", scores, ratings, names, 50, resamples=300)
    copied = agreement("x", scores * 10, ratings * 10, names * 10, 50, resamples=300)
    for name in ("pearson", "spearman", "auc"):
        assert getattr(copied, name) == pytest.approx(getattr(alone, name), abs=0.01)


ARTICLE = "The mill by the river was built in 1874. Mara Lindqvist bought it in 1990."


def qags_line(*sentences):
    said = [
        {"sentence": s, "responses": [{"worker_id": i, "response": r} for i, r in enumerate(v)]} for s, v in sentences
    ]
    return {"article": ARTICLE, "summary_sentences": said}


@pytest.fixture
def qags(tmp_path):
    lines = [
        qags_line(("The mill was built in 1874.", ["yes", "yes", "no"])),
        qags_line(("The mill was built in 1874.", ["yes"] * 3), ("Otto bought it.", ["no", "no", "yes"])),
        qags_line(("Otto built the bridge.", ["no"] * 3)),
    ]
    write_jsonl(tmp_path / "mturk_cnndm.jsonl", lines)
    return tmp_path / "mturk_cnndm.jsonl"


@pytest.fixture
def frank(tmp_path):
    rows = [("a" * 40, "bart", 1.0), ("a" * 40, "pgn", 0.5), ("123", "bart", 0.0)]
    ratings = [
        {"hash": h, "model_name": m, "Factuality": f, "OutE": f, "Flip_OutE": 1, "split": "test"} for h, m, f in rows
    ]
    texts = [
        {"hash": h, "model_name": m, "article": ARTICLE, "summary": f"By {m}.", "reference": "Sold in 1990."}
        for h, m, _ in rows
    ]
    (tmp_path / "human_annotations.json").write_text(json.dumps(ratings))
    (tmp_path / "benchmark_data.json").write_text(json.dumps(texts))
    return tmp_path


@pytest.fixture
def webnlg(tmp_path):
    """Two systems on two entries, one system's lines quoted as CSV does it, and ratings of references without texts."""
    results = tmp_path / "2020/evaluation/human-evaluation/results/en"
    results.mkdir(parents=True)
    ratings = [
        {"submission_id": system, "sample_id": item, "category": "Building", "Correctness": value,
         **dict.fromkeys(("DataCoverage", "Relevance", "Fluency", "TextStructure"), 50.0)}
        for system, item, value in [("A", "1", 90), ("B", "1", 40), ("A", "2", 60), ("B", "2", 80), ("People", "1", 99)]
    ]  # fmt: skip
    (results / "english_humeval_data_all_teams.json").write_text(json.dumps(ratings))
    for system, lines in (
        ("A", "Calder Mill is in Norvik.\nIt is old.\n"),
        ("B", '"""Calder Mill"" is in Osk."\nIt is.'),
    ):
        folder = tmp_path / "2020/submissions/rdf2text/en" / system
        folder.mkdir(parents=True)
        (folder / "primary.en").write_text(lines)
    entries = "".join(
        f'<entry category="Building" eid="Id{i}" size="1"><modifiedtripleset><mtriple>{triple}</mtriple>'
        f'</modifiedtripleset><lex lid="Id1" lang="en">{text}</lex></entry>'
        for i, triple, text in [
            (1, "Calder_Mill | location | Norvik", "Calder Mill lies in Norvik."),
            (2, "Calder_Mill | age | old", "Calder Mill is old."),
        ]
    )
    (tmp_path / "release/test").mkdir(parents=True)
    (tmp_path / "release/test/all.xml").write_text(f"<benchmark><entries>{entries}</entries></benchmark>")
    return tmp_path


def test_qags(qags):
    judged = read_judgements(qags, "qags")
    assert [one.ratings["consistency"] for one in judged] == [1.0, 0.5, 0.0]
    assert judged[1].text == "The mill was built in 1874. Otto bought it." and judged[1].source == ARTICLE


def test_frank(frank):
    judged = read_judgements(frank, "frank")
    assert [(one.part, one.system, one.ratings) for one in judged] == [
        ("cnndm", "bart", {"Factuality": 1, "OutE": 1}),
        ("cnndm", "pgn", {"Factuality": 0.5, "OutE": 0.5}),
        ("bbc", "bart", {"Factuality": 0, "OutE": 0}),
    ]
    assert judged[0].references == ("Sold in 1990.",) and judged[0].id == "a" * 40 + "/bart"


def test_webnlg_2020(webnlg, capsys):
    judged = read_judgements(webnlg, "webnlg2020")
    assert [one.text for one in judged] == [
        "Calder Mill is in Norvik.", '"Calder Mill" is in Osk.', "It is old.", "It is.",
    ]  # fmt: skip
    assert judged[0].source is None and "1 ratings left out" in capsys.readouterr().err
    with_records = read_judgements(webnlg, "webnlg2020", webnlg / "release")
    assert with_records[1].source == Record.from_triples(
        [("Calder_Mill", "location", "Norvik")], category="Building", id="test-test-Building-Id1"
    )
    assert with_records[2].references == ("Calder Mill is old.",)


def test_webnlg_2020_with_the_records_that_one_system_handed_in(webnlg, capsys):
    results = webnlg / "2020/evaluation/human-evaluation/results/en/english_humeval_data_all_teams.json"
    rated = [{**row, "size": row["sample_id"]} for row in json.loads(results.read_text())]  # the second has two facts
    results.write_text(json.dumps(rated))
    told = webnlg / "2020/submissions/rdf2text/en/RALI/non-primary-id10.en"
    told.parent.mkdir()
    told.write_text("Calder Mill location Norvik\nCalder Mill age Old\n")
    judged = read_judgements(webnlg, "webnlg2020")
    assert [one.item for one in judged] == ["1", "1"], "the second record has one fact of two"
    assert judged[0].source == Record.from_triples([("Calder Mill", "location", "Norvik")], id="1")
    assert "1 of 2 records read from RALI/non-primary-id10.en" in capsys.readouterr().err


def test_spoiled_texts_are_told_apart_by_fault(tmp_path):
    record = {"triples": [["Otto", "owns", "the mill"]]}
    lines = [
        {"id": "a", "record": record, "text": "Otto owns the mill.", "label": ["accurate"], "rule": "reference"},
        {"id": "a", "record": record, "text": "Otto.", "label": ["omission"], "rule": "drop"},
        {"id": "a", "record": record, "text": "Anna owns it.", "label": ["omission", "value_error"], "rule": "swap"},
    ]
    write_jsonl(tmp_path / "pairs.jsonl", lines)
    judged = read_judgements(tmp_path / "pairs.jsonl", "corrupted")
    assert [one.ratings for one in judged] == [
        {"accurate": 1.0, "omission": 1.0, "value_error": 1.0},
        {"accurate": 0.0, "omission": 0.0},
        {"accurate": 0.0, "omission": 0.0, "value_error": 0.0},
    ]
    assert {one.item for one in judged} == {"a"} and len({one.id for one in judged}) == 3
    found = study(judged, {"length": lambda texts: [len(one.text) for one in texts]}, "value_error", good=1.0)
    assert (found.texts, found.good_texts, found.agreements[0].auc.value) == (2, 1, 1.0)


@pytest.mark.parametrize("dataset", ["qags", "frank", "webnlg2020"])
def test_a_judgement_survives_its_file(dataset, request, tmp_path):
    folder = request.getfixturevalue("webnlg" if dataset == "webnlg2020" else dataset)
    records = {"records": folder / "release"} if dataset == "webnlg2020" else {}
    judged = read_judgements(folder, dataset, **records)
    write_jsonl(tmp_path / "judged.jsonl", judged)
    assert read_judgements(tmp_path / "judged.jsonl") == judged


@pytest.mark.parametrize(
    ("name", "content", "dataset", "message"),
    [
        ("x.jsonl", '{"article": "a"}', "qags", "line 1: not a line of QAGS"),
        ("x.jsonl", '{"article": "a", "summary_sentences": []}', "qags", "line 1: not a line of QAGS"),
        ("x.jsonl", '{"source": "a"}', "jsonl", "line 1: A judged text needs 'text'"),
        ("x.jsonl", '{"text": "a", "ratings": {"good": "very"}}', "jsonl", "line 1: could not convert"),
        ("x.jsonl", "", "jsonl", "holds no judgement"),
        ("x.jsonl", '{"text": "a", "label": []}', "corrupted", "line 1: no pair of datatuner corrupt"),
        (
            "x.jsonl",
            "{}",
            "frnk",
            "Unknown set of judgements 'frnk'; known: corrupted, frank, jsonl, qags, webnlg2020.",
        ),
        ("human_annotations.json", "[", "frank", "line 1, column 2: not valid JSON"),
        ("other.json", "", "frank", "human_annotations.json: no such file"),
    ],
)
def test_files_that_hold_no_judgements(tmp_path, name, content, dataset, message):
    (tmp_path / name).write_text(content)
    (tmp_path / "benchmark_data.json").write_text("[]")
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        read_judgements(tmp_path if dataset == "frank" else tmp_path / name, dataset)


@pytest.mark.parametrize(
    ("name", "record", "message"),
    [
        ("human_annotations.json", {"model_name": "bart"}, "record 2: needs a text in the field 'hash'; found None"),
        ("human_annotations.json", {"hash": 5}, "record 2: needs a text in the field 'hash'; found 5"),
        ("human_annotations.json", "bart", "record 2: expected a JSON object, found str"),
        ("benchmark_data.json", {"hash": "1", "model_name": "x"}, "record 2: needs a text in the field 'summary'"),
        ("articles.jsonl", {"article": ARTICLE}, "line 2: needs a text in the field 'hash'"),
        ("summaries_annotated.jsonl", {"hash": "1", "summary": "x"}, "line 2: needs a text in the field 'model_name'"),
    ],
)
def test_a_record_of_frank_that_lacks_a_field_is_named(frank, name, record, message):
    texts = json.loads((frank / "benchmark_data.json").read_text())
    write_jsonl(frank / "articles.jsonl", texts[:1])
    write_jsonl(frank / "summaries_annotated.jsonl", texts[:1])
    if name.endswith(".jsonl"):
        (frank / "benchmark_data.json").unlink()
        write_jsonl(frank / name, [texts[0], record], overwrite=True)
    else:
        (frank / name).write_text(json.dumps([texts[0], record]))
    with pytest.raises(InputError, match=f"{name}, {message}"):
        read_judgements(frank, "frank")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sample_id": None}, "record 1: needs a text in the field 'sample_id'; found None"),
        ({"sample_id": "9"}, "the rating of 9 by A needs the number of a line of primary.en"),
        ({"Fluency": "high"}, "the rating of 1 by A needs .* and numbers for Correctness"),
        ({"size": "many"}, None),
    ],
)
def test_a_rating_of_webnlg_2020_that_is_not_of_its_form_is_named(webnlg, changed, message):
    file = webnlg / "2020/evaluation/human-evaluation/results/en/english_humeval_data_all_teams.json"
    first, *others = json.loads(file.read_text())
    file.write_text(json.dumps([{**first, **changed}, *others]))
    if message:
        with pytest.raises(InputError, match=f"{file.name}.*{message}"):
            read_judgements(webnlg, "webnlg2020")
    else:
        assert len(read_judgements(webnlg, "webnlg2020")) == 4


def test_judges(webnlg):
    judged = read_judgements(webnlg, "webnlg2020", webnlg / "release")
    scores = {spec: make_judge(spec)[1](judged) for spec in ("slots", "rougeL", "rougeL:peers", "rougeL:source")}
    assert scores["slots"][:2] == [1.0, 0.0]
    assert scores["rougeL"][0] > scores["rougeL"][1] > 0 and scores["rougeL:peers"][:2] == pytest.approx([80, 80])
    assert all(map(math.isnan, scores["rougeL:source"]))


def test_scores_of_another_program(qags, tmp_path):
    judged = read_judgements(qags, "qags")
    lines = [{"id": one.id, "p": {"accurate": i}, "score": None} for i, one in enumerate(judged)]
    write_jsonl(tmp_path / "scores.jsonl", reversed(lines))
    name, judge = make_judge(f"fidelity={tmp_path / 'scores.jsonl'}:p.accurate")
    assert name == "fidelity" and judge(judged) == [0.0, 1.0, 2.0]
    assert all(map(math.isnan, make_judge(f"x={tmp_path / 'scores.jsonl'}")[1](judged)))
    with pytest.raises(InputError, match="line 1: needs 'id' and a number in 'q'"):
        make_judge(f"x={tmp_path / 'scores.jsonl'}:q")[1](judged)
    with pytest.raises(InputError, match="no score for 1 of 4 texts, the first 'new'"):
        judge([*judged, Judgement("new", "s", "t")])
    write_jsonl(tmp_path / "twice.jsonl", [*lines, {**lines[0], "p": {"accurate": 7}}])
    with pytest.raises(InputError, match=r"line 4: a score of .* came before; give each text one"):
        make_judge(f"x={tmp_path / 'twice.jsonl'}:p.accurate")[1](judged)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("quirk", "Unknown judge 'quirk'; known: .*slots"),
        ("rougeL:me", "known: peers, references, source"),
        ("quals", "needs a model: quals:FOLDER"),
    ],
)
def test_unknown_judges(spec, message):
    with pytest.raises(InputError, match=message):
        make_judge(spec)


@pytest.mark.parametrize(
    ("specs", "names"),
    [
        (["quals:a", "slots", "rougeL:source"], ["quals", "slots", "rougeL:source"]),
        (["quals:a", "slots", "quals:b"], ["quals:a", "slots", "quals:b"]),
        (["quals:a", "quals=scores.jsonl"], ["quals:a", "quals"]),
        (["quals:a", "quals:a"], None),
        (["slots", "slots"], None),
        (["x=a.jsonl", "x=b.jsonl:p"], None),
    ],
)
def test_no_judge_hides_another(monkeypatch, specs, names):
    monkeypatch.setitem(judges._SCORERS, "quals", lambda folder: lambda source, texts: [float(folder == "a")])
    if names is None:
        with pytest.raises(InputError, match=r"The judge '.*' is named 2 times; name each once"):
            make_judges(specs)
    else:
        made = make_judges(specs)
        assert list(made) == names
        scores = {name: made[name]([Judgement("1", ARTICLE, "x")]) for name in names if name.startswith("quals:")}
        assert scores == {name: [float(name == "quals:a")] for name in scores}


def test_a_study_leaves_unrated_texts_out_and_says_so(qags, capsys):
    judged = [
        *read_judgements(qags, "qags"),
        Judgement("new", ARTICLE, "x"),
        Judgement("n", ARTICLE, "y", {"consistency": NAN}),
    ]
    found = study(judged, dict([make_judge("rouge2:source"), make_judge("slots")]), good=1.0, resamples=50)
    assert (found.texts, found.good_texts, found.rating) == (3, 1, "consistency")
    assert "2 texts without the rating consistency left out" in capsys.readouterr().err
    overlap, slots = found.agreements
    assert overlap.spearman.value == pytest.approx(0.5) and slots.texts == 0 and slots.no_verdict == 3
    assert "3 texts without a verdict left out" in str(found)
    assert json.loads(json.dumps(found.to_json()))["agreements"][1]["auc"] == [None, None, None]
    with pytest.raises(InputError, match="No text has the rating 'quality'; known: consistency"):
        study(judged, {}, "quality")


def test_every_data_set_names_its_rating():
    assert {name: found.rating for name, found in JUDGED_SETS.items()} == {
        "qags": "consistency", "frank": "Factuality", "webnlg2020": "Correctness", "corrupted": "accurate", "jsonl": "",
    }  # fmt: skip


def test_the_commands(frank, tmp_path, capsys):
    assert run_cli("judgements", frank, "--dataset", "frank", "--part", "cnndm", "-o", tmp_path / "judged.jsonl") == 0
    assert len(list(read_jsonl(tmp_path / "judged.jsonl"))) == 2
    arguments = ("agree", tmp_path / "judged.jsonl", "--judge", "chrf:source", "--resamples", "20")
    assert run_cli(*arguments, "--rating", "Factuality", "--good", "1") == 0
    assert "Factuality: 2 texts about 1 sources; good: 1 with 1 or more" in capsys.readouterr().out
    assert run_cli(*arguments, "--rating", "Factuality", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["agreements"][0]["judge"] == "chrf:source"
    assert run_cli(*arguments) == 2 and "known: Factuality, OutE" in capsys.readouterr().err
    assert run_cli("agree", frank, "--dataset", "frank", "--part", "xsum", "--judge", "slots") == 2
    assert "no text of the part 'xsum'; known: bbc, cnndm" in capsys.readouterr().err
