"""The fidelity classifier: it learns, judges fact by fact, is calibrated and saved, and refuses what is foreign."""

import json
import random
import shutil
from collections import Counter
from dataclasses import replace

import pytest
from restaurants import EXAMPLES, FOODS, NAMES, run_cli

from datatuner.calibration import calibration_error, temperature
from datatuner.fidelity import FidelityClassifier
from datatuner.fidelity_input import FidelityCollator, PairEncoder, TooLongError, labelled
from datatuner.fidelity_model import VERDICTS
from datatuner.judge import agreeing, summary
from datatuner.train_fidelity import FidelityTraining, read_pairs, train_fidelity
from tabtext.batches import IGNORED
from tabtext.candidates import Candidate, rerank
from tabtext.errors import InputError
from tabtext.examples import Fidelity, FidelityExample
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record
from tabtext.slots import Verdict
from tabtext.training import arguments
from tabtext.training_evaluation import Evaluating

RECORD, TEXT = EXAMPLES[0].record, EXAMPLES[0].texts[0]


def pair(name, food, text, label, verdict, words=""):
    start = text.index(words)
    spans = ((start, start + len(words)),) if words else ()
    record = Record.from_mr(f"name[{name}], food[{food}]", id=f"{name}-{food}")
    return FidelityExample(record, text, (label,), verdicts=("ok", verdict), spans=spans)


def short_pairs():
    """Pairs whose faults a word gives away, so that a tiny model learns them in a minute."""
    for name in NAMES[:4]:
        for food in FOODS:
            said = f"{name} serves {food} food"
            yield pair(name, food, f"{said}.", Fidelity.ACCURATE, "ok")
            yield pair(name, food, f"{name} is open.", Fidelity.OMISSION, "missing")
            yield pair(name, food, f"{said} and {food} food.", Fidelity.REPETITION, "repeated")
            yield pair(name, food, f"{said} by the sea.", Fidelity.HALLUCINATION, "ok", "by the sea")
            yield pair(name, food, f"{name} serves Thai food.", Fidelity.VALUE_ERROR, "wrong", "Thai")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    path = tmp_path_factory.mktemp("pairs") / "pairs.jsonl"
    write_jsonl(path, short_pairs())
    return path


@pytest.fixture(scope="module")
def folder(pairs, tmp_path_factory):
    output = tmp_path_factory.mktemp("model") / "fidelity"
    how = FidelityTraining(from_scratch="tiny", epochs=10, batch_size=8, learning_rate=3e-3, max_length=320)
    train_fidelity([pairs], output, how, dev=pairs)
    return output


@pytest.fixture(scope="module")
def classifier(folder):
    return FidelityClassifier.from_pretrained(folder)


def test_each_head_learns_what_its_labels_say(classifier, pairs):
    examples = list(read_pairs(pairs))
    judged = list(zip(examples, classifier.judge((e.record, e.text) for e in examples), strict=True))
    assert share(report.label in example.label for example, report in judged) > 0.9
    facts = [(v.value, gold) for e, r in judged for v, gold in zip(r.verdicts, e.verdicts, strict=True)]
    assert share(found == gold for found, gold in facts if gold != "ok") > 0.9, "always saying ok finds none of these"
    foreign = [(e, r) for e, r in judged if Fidelity.HALLUCINATION in e.label]
    assert share([e.text[a:b] for a, b in r.unsupported] == ["by the sea"] for e, r in foreign) > 0.9


def share(found):
    found = list(found)
    return sum(found) / len(found)


def test_a_report_covers_all_facts_and_only_the_text(classifier):
    [report] = classifier.judge([(RECORD, TEXT)])
    assert len(report.verdicts) == len(report.confidences) == len(RECORD.triples)
    assert set(report.probabilities) == set(Fidelity) and all(0 <= p <= 1 for p in report.probabilities.values())
    fields = json.loads(json.dumps(report.to_json()))
    assert fields["class"] == report.label.value and fields["verdicts"][0]["fact"] == list(RECORD.triples[0])
    assert all(0 <= start < end <= len(TEXT) for start, end in report.unsupported)
    assert sum(len(report.facts(verdict)) for verdict in Verdict) == len(RECORD.triples)


def test_it_is_a_scorer_and_a_text_is_judged_alike_in_any_company(classifier):
    texts = [TEXT, "The Mill.", TEXT + " It is near Zizzi. " + TEXT, ""]
    together = classifier(RECORD, texts)
    alone = [classifier(RECORD, [text])[0] for text in texts]
    assert together == pytest.approx(alone, abs=1e-5)
    best = rerank(RECORD, [Candidate(text, -1.0) for text in texts], classifier)[0]
    assert best.text == texts[max(range(4), key=lambda i: together[i])]


def test_saved_and_loaded_it_says_the_same(classifier, tmp_path):
    classifier.save_pretrained(tmp_path / "copy")
    again = FidelityClassifier.from_pretrained(tmp_path / "copy")
    assert again(RECORD, [TEXT]) == classifier(RECORD, [TEXT])
    assert again.temperatures == classifier.temperatures and set(again.temperatures) == {"classes", "facts", "spans"}
    assert any(value != 1.0 for value in again.temperatures.values()), "calibrated on dev"


def test_same_seed_same_bytes(pairs, tmp_path):
    how = FidelityTraining(from_scratch="tiny", epochs=1, limit=40, max_length=320)
    for name in "ab":
        train_fidelity([pairs], tmp_path / name, how)
    assert (tmp_path / "a/model.safetensors").read_bytes() == (tmp_path / "b/model.safetensors").read_bytes()


def test_a_run_stopped_while_it_calibrates_goes_on_to_a_calibrated_model(pairs, tmp_path, monkeypatch):
    how = FidelityTraining(from_scratch="tiny", epochs=1, limit=40, max_length=320)

    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("datatuner.train_fidelity.calibrate", stop)
        train_fidelity([pairs], tmp_path, how, dev=pairs)
    train_fidelity([pairs], tmp_path, how, dev=pairs)
    assert json.loads((tmp_path / "config.json").read_text())["temperatures"]


def test_what_is_refused(classifier, folder, tmp_path, capsys):
    many = Record.from_triples([("Elm", f"part {n}", f"value {n}") for n in range(200)], id="long")
    with pytest.raises(TooLongError, match=r"'long', 200 facts, needs \d+ tokens .* 320 fit"):
        classifier(many, ["Elm."])
    config = json.loads((folder / "config.json").read_text())
    for name, change, message in (
        ("labels", {"classes": ["good", "bad"]}, "trained on other classes: good, bad"),
        ("foreign", {"model_type": "bert"}, "is a bert, no fidelity classifier"),
    ):
        other = tmp_path / name
        classifier.save_pretrained(other)
        (other / "config.json").write_text(json.dumps(config | change))
        with pytest.raises(InputError, match=message):
            FidelityClassifier.from_pretrained(other)
    (tmp_path / "pairs.jsonl").write_text('{"record": {"mr": "name[Elm]"}, "text": "Elm", "label": ["odd"]}\n')
    assert run_cli("train-fidelity", tmp_path / "pairs.jsonl", "-o", tmp_path / "new") == 2
    assert "line 1: Unknown fidelity label 'odd'; known: accurate" in capsys.readouterr().err


def test_judging_a_file_says_how_often_that_is_right(folder, pairs, tmp_path, capsys):
    arguments = ("judge", pairs, "--model", folder, "-o", tmp_path / "out.jsonl", "--overwrite")
    assert run_cli(*arguments, "--summary", tmp_path / "sum.json") == 0
    rows, figures = list(read_jsonl(tmp_path / "out.jsonl")), json.loads((tmp_path / "sum.json").read_text())
    right = sum(
        row["fidelity"]["class"] in e.to_json()["label"] for row, e in zip(rows, read_pairs(pairs), strict=True)
    )
    assert figures["texts"] == len(rows) == 120 and figures["accuracy"] == pytest.approx(right / 120, abs=1e-4)
    assert figures["classes"]["omission"]["texts"] == 24 and figures["verdicts"]["missing"] > 0.8
    assert figures["unsupported"]["recall"] > 0.8 and 0 <= figures["calibration_error"] < 0.5
    assert run_cli(*arguments) == 0 and "omission (24): accuracy" in capsys.readouterr().err
    (tmp_path / "plain.jsonl").write_text('{"id": "x", "mr": "name[Elm]", "text": "Elm."}\n{"mr": "name[Elm]"}\n')
    assert run_cli("judge", tmp_path / "plain.jsonl", "--model", folder, "-o", tmp_path / "plain.out") == 2
    assert "line 2: needs 'text' beside its record" in capsys.readouterr().err


def test_a_run_that_goes_on_sums_up_all_texts(folder, pairs, tmp_path, capsys):
    many, good = tmp_path / "many.jsonl", [*pairs.read_text().splitlines(), *pairs.read_text().splitlines()[:28]]
    arguments = ("judge", many, "--model", folder, "--summary", tmp_path / "sum.json", "-o", tmp_path / "out.jsonl")
    many.write_text("\n".join([*good[:147], "{torn"]) + "\n")
    assert run_cli(*arguments) == 2 and not (tmp_path / "sum.json").exists()
    many.write_text("\n".join(good) + "\n")
    assert run_cli(*arguments) == 0
    told = capsys.readouterr().err
    assert "going on after 128 inputs" in told and "148 texts in, 148 records out\n" in told
    whole = ("judge", many, "--model", folder, "--summary", tmp_path / "whole.json", "-o", tmp_path / "whole.jsonl")
    assert run_cli(*whole) == 0
    assert (tmp_path / "sum.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert json.loads((tmp_path / "sum.json").read_text())["texts"] == 148


def test_the_calibration_error_of_counts_is_that_of_probabilities(classifier, pairs):
    examples = list(read_pairs(pairs))
    reports = list(classifier.judge((e.record, e.text) for e in examples))
    figures = summary(sum((agreeing(e, r) for e, r in zip(examples, reports, strict=True)), Counter()))
    true = [Fidelity.ACCURATE in example.label for example in examples]
    error = calibration_error([report.accurate for report in reports], true)
    assert figures["calibration_error"] == pytest.approx(error, abs=1e-6)


def test_a_classifier_that_was_trained_anew_judges_all_texts(folder, pairs, tmp_path, capsys):
    judge, many = tmp_path / "judge", tmp_path / "many.jsonl"
    shutil.copytree(folder, judge)
    many.write_text(2 * pairs.read_text() + "{torn\n")
    arguments = ("judge", many, "--model", judge, "-o", tmp_path / "out.jsonl")
    assert run_cli(*arguments) == 2
    config = json.loads((judge / "config.json").read_text())
    (judge / "config.json").write_text(json.dumps(config | {"temperatures": {}}))
    assert run_cli(*arguments) == 2
    assert "starting anew" in capsys.readouterr().err


def test_a_summary_that_is_there_is_refused_before_the_work(tmp_path, capsys):
    (tmp_path / "sum.json").write_text("{}")
    arguments = ("judge", tmp_path / "none.jsonl", "--model", tmp_path / "none", "-o", tmp_path / "out.jsonl")
    assert run_cli(*arguments, "--summary", tmp_path / "sum.json") == 2
    assert "sum.json" in capsys.readouterr().err


def test_texts_that_people_judged(folder, tmp_path, capsys):
    """In WebNLG 2020's layout, its records in WebNLG's own."""
    root = tmp_path / "2020"
    ratings = root / "evaluation/human-evaluation/results/en/english_humeval_data_all_teams.json"
    texts = root / "submissions/rdf2text/en/Ours/primary.en"
    test = tmp_path / "webnlg/test/1triples/Food.xml"
    for path in (ratings, texts, test):
        path.parent.mkdir(parents=True)
    names = ("Correctness", "DataCoverage", "Relevance", "Fluency", "TextStructure")
    rated = {"submission_id": "Ours", "sample_id": "2", "category": "Food", **dict.fromkeys(names, 90.0)}
    ratings.write_text(json.dumps([rated]))
    texts.write_text("Elm.\nElm serves Thai food.\n")
    test.write_text(
        '<benchmark><entries><entry category="Food" eid="Id2"><modifiedtripleset><mtriple>Elm | food | Thai</mtriple>'
        '</modifiedtripleset><lex lid="1" lang="en">Elm has Thai food.</lex></entry></entries></benchmark>'
    )
    arguments = ("judge", root, "--model", folder, "--dataset", "webnlg2020", "-o", tmp_path / "out.jsonl")
    assert run_cli(*arguments) == 2
    assert "does not hold the record of 2/Ours; name it with --records" in capsys.readouterr().err
    assert run_cli(*arguments, "--records", tmp_path / "webnlg") == 0
    [row] = read_jsonl(tmp_path / "out.jsonl")
    assert row["id"] == "2/Ours" and row["fidelity"]["verdicts"][0]["fact"] == ["Elm", "food", "Thai"]


@pytest.fixture
def encoder(classifier):
    return PairEncoder(classifier.tokenizer, 320)


@pytest.mark.parametrize("value", ["</s>", "<pad>", "a </s> b", "مرحبا 😀", "\ud800"])
def test_user_text_never_becomes_structure(encoder, value):
    plain = encoder.encode(Record.from_triples([("Elm", "food", "x")]), "x")
    ids = encoder.encode(Record.from_triples([("Elm", "food", value)]), value).input_ids
    assert ids.count(encoder.end) == plain.input_ids.count(encoder.end)
    assert encoder.codec.tokenizer.pad_token_id not in ids


def test_a_value_is_read_as_the_text_words_it(encoder):
    text = "Elm opened on 1 June 2009."
    written = encoder.encode(Record.from_triples([("Elm_(pub)", "opened", "2009-06-01")]), text)
    assert written == encoder.encode(Record.from_triples([("Elm", "opened", "1 June 2009")]), text)
    other = encoder.encode(Record.from_triples([("Elm", "opened", "2009-07-01")]), text)
    assert other != written, "another month is no wording of it"


def test_labels_stand_where_the_facts_and_the_words_are(encoder):
    record = Record.from_triples([("Elm", "food", "Thai"), ("Elm", "area", "city")])
    text = "Elm serves Chinese food in the city."
    start = text.index("Chinese")
    example = FidelityExample(record, text, (Fidelity.VALUE_ERROR,), (), "", ("wrong", "ok"), ((start, start + 7),))
    row = labelled(encoder, example)
    assert list(row["labels"]) == [0, 0, 0, 0, 1]
    assert [VERDICTS[number] for number in row["fact_labels"]] == ["wrong", "ok"]
    assert max(row["fact_ids"]) == 2 and len(row["fact_ids"]) == len(row["input_ids"]) == len(row["span_labels"])
    offsets = encoder.encode(record, text).offsets
    marked = "".join(text[slice(*offsets[i])] for i, label in enumerate(row["span_labels"]) if label == 1)
    assert marked.strip() == "Chinese"
    unknown = labelled(encoder, FidelityExample(record, text, (Fidelity.VALUE_ERROR,)))
    assert set(unknown["fact_labels"]) == set(unknown["span_labels"]) == {IGNORED}
    with pytest.raises(InputError, match="a verdict for each of its 2 facts"):
        labelled(encoder, FidelityExample(record, text, (Fidelity.ACCURATE,), verdicts=("ok",)))


def test_the_loss_does_not_depend_on_how_an_update_is_split(classifier, encoder, pairs):
    rows = [labelled(encoder, example) for example in list(read_pairs(pairs))[:8]]
    rows += [labelled(encoder, FidelityExample(Record((), "goodbye"), "Bye.", (Fidelity.ACCURATE,)))]
    collator = FidelityCollator(classifier.tokenizer.pad_token_id)
    items = len(rows) * 5

    def loss(rows, **given):
        return classifier.model(**collator(rows), **given).loss.item()

    whole = loss(rows, num_items_in_batch=items)
    assert sum(loss(rows[i : i + 3], num_items_in_batch=items) for i in (0, 3, 6)) == pytest.approx(whole, rel=1e-4)
    assert loss(rows) == pytest.approx(whole, rel=1e-4)


def test_the_dev_loss_is_the_mean_over_pairs(classifier, encoder, folder, pairs, tmp_path):
    rows = [labelled(encoder, example) for example in list(read_pairs(pairs))[:5]]
    collator = FidelityCollator(classifier.tokenizer.pad_token_id)
    settings = arguments(tmp_path, learning_rate=1e-3, per_device_eval_batch_size=2, bf16=False)
    trainer = Evaluating(model=classifier.model, args=settings, eval_dataset=rows, data_collator=collator)
    expected = classifier.model.eval()(**collator(rows)).loss.item()
    assert trainer.evaluate()["eval_loss"] == pytest.approx(expected, rel=1e-5)
    assert json.loads((folder / "signature.json").read_text())["report"]["per"] == "pair"


def test_temperatures_mend_overconfidence():
    import math

    rng = random.Random(0)
    logits = [rng.uniform(-4, 4) for _ in range(2000)]
    happened = [rng.random() < 1 / (1 + math.exp(-x / 2)) for x in logits]

    def probabilities(t):
        return [1 / (1 + math.exp(-x / t)) for x in logits]

    def loss(t):
        return -sum(math.log(p if true else 1 - p) for p, true in zip(probabilities(t), happened, strict=True))

    found = temperature(loss)
    assert found == pytest.approx(2, rel=0.2)
    assert calibration_error(probabilities(found), happened) < calibration_error(probabilities(1), happened) / 2


def test_an_encoder_of_another_kind_to_start_from(pairs, tmp_path):
    from transformers import RobertaConfig, RobertaModel

    from tabtext.tokenizers import train_tokenizer

    tokenizer = train_tokenizer([TEXT], size=400, extra_ids=0)
    shape = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    config = RobertaConfig(vocab_size=448, max_position_embeddings=130, pad_token_id=tokenizer.pad_token_id, **shape)
    RobertaModel(config).save_pretrained(tmp_path / "roberta")
    tokenizer.save_pretrained(tmp_path / "roberta")
    how = FidelityTraining(model=str(tmp_path / "roberta"), epochs=1, limit=30)
    train_fidelity([pairs], tmp_path / "out", how)
    classifier = FidelityClassifier.from_pretrained(tmp_path / "out")
    assert classifier.encoder.max_length == 129, "RoBERTa's first position comes after its padding's"
    long = "The Mill is a pub. " * 40
    with pytest.raises(TooLongError):
        classifier(RECORD, [long])
    assert 0 < classifier(RECORD, [TEXT])[0] < 1


def test_reranking_skips_a_candidate_that_the_classifier_has_no_room_for(folder, tmp_path, capsys):
    write_jsonl(tmp_path / "records.jsonl", [replace(RECORD, id="r")])
    rows = [{"id": "r", "text": text, "logprob": -1.0} for text in (TEXT, "The Mill is a pub. " * 80)]
    write_jsonl(tmp_path / "candidates.jsonl", rows)
    arguments = ("rerank", tmp_path / "candidates.jsonl", tmp_path / "records.jsonl", "--judge", folder)
    assert run_cli(*arguments, "-o", tmp_path / "out.jsonl") == 2
    assert "candidates.jsonl, line 2: " in capsys.readouterr().err
    assert run_cli(*arguments, "-o", tmp_path / "out.jsonl", "--on-error", "skip") == 0
    assert [row["text"] for row in read_jsonl(tmp_path / "out.jsonl")] == [TEXT]
    assert "dropped: 1 bad input" in capsys.readouterr().err
