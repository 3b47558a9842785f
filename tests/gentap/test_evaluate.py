"""Evaluation: scores beside floors, gold cells only when asked for, predictions that can be scored again."""

import json
from dataclasses import replace

import pytest

from gentap import TableQA
from gentap.cli import app
from gentap.encode import structure_of
from gentap.evaluate import Evaluating, evaluate
from gentap.model import DualDecoderT5
from gentap.model_settings import ModelSettings
from tabtext import InputError
from tabtext.jsonl import read_jsonl
from tabtext.metrics.formats import to_json
from tabtext.metrics.references import read_predictions
from tabtext.models import from_scratch

TABLE = [["Town", "Built"], ["Ostby", "1874"], ["Velmar", "1901"], ["Hallam", "1903"]]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    made = from_scratch("tiny", [cell for row in TABLE for cell in row], structure=structure_of("keyed"), seed=1)
    settings = ModelSettings(max_length=96, decoders=("sentence", "cell"), seen=("9 long questions",))
    TableQA(made._replace(model=DualDecoderT5.from_t5(made.model.cpu())), settings).save_pretrained(folder)
    return folder


@pytest.fixture
def fetaqa(tmp_path):
    records = [
        {"feta_id": number, "table_page_title": "Lighthouses", "table_section_title": "", "table_array": TABLE,
         "highlighted_cell_ids": [[number + 1, 0], [number + 1, 1]], "question": f"When was {town} built?",
         "answer": f"{town} was built in {year}."}
        for number, (town, year) in enumerate(TABLE[1:])
    ]  # fmt: skip
    path = tmp_path / "dev.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


QUICK = Evaluating(metrics=("sacrebleu_lc", "sacrebleu", "brevity_penalty", "rougeL"), beams=1)


def test_scores_stand_beside_their_floors_and_say_what_the_model_saw(model, fetaqa, tmp_path):
    evaluated = evaluate(str(model), fetaqa, tmp_path / "out", QUICK)
    assert [row.system for row in evaluated.rows] == [str(model), "copy the question", "best row, joined"]
    fields = json.loads((tmp_path / "out" / "scores.json").read_text())
    assert fields["n"] == 3 and fields["setting"] == "zero-shot" and fields["seen"] == ["9 long questions"]
    assert {"sacrebleu_lc", "sacrebleu", "brevity_penalty", "rougeL"} <= {score["name"] for score in fields["scores"]}
    assert all(set(score) == {"name", "value", "signature", "interval"} for score in fields["scores"])
    assert "zero-shot" in evaluated.to_text() and "copy the question (floor)" in evaluated.to_text()
    assert to_json(evaluated.rows)


def test_intervals_come_of_as_many_resamples_as_asked_for(fetaqa, tmp_path, capsys):
    arguments = ["evaluate", str(fetaqa), "--model", "rules", "-m", "sacrebleu_lc", "--json"]
    for asked, told in (((), "|bs:1000|"), (("--resamples", "20"), "|bs:20|"), (("--resamples", "0"), "")):
        app([*arguments, "-o", str(tmp_path / f"out{told}"), *asked], standalone_mode=False)
        [score] = json.loads(capsys.readouterr().out)["scores"]
        assert told in score["signature"] and ("interval" in score) == bool(told)


def test_the_share_of_answers_from_cells_that_people_marked_is_told(fetaqa, tmp_path):
    moved = fetaqa.read_text().replace(
        '"When was Hallam built?"', '"When was Velmar built?"'
    )  # whose cell is not marked
    fetaqa.write_text(moved)
    evaluated = evaluate("rules", fetaqa, tmp_path / "out", QUICK)
    assert evaluated.facts["marked_cells"] == 66.67


def test_predictions_are_saved_and_can_be_scored_again(model, fetaqa, tmp_path):
    evaluate(str(model), fetaqa, tmp_path / "out", replace(QUICK, limit=2))
    records = list(read_jsonl(tmp_path / "out" / "predictions.jsonl"))
    assert [record["id"] for record in records] == ["0", "1"]
    assert [entry.texts[0] for entry in read_predictions(tmp_path / "out" / "predictions.jsonl")] == [
        record["prediction"] for record in records
    ]
    with pytest.raises(InputError, match="exists already"):
        evaluate(str(model), fetaqa, tmp_path / "out", QUICK)


@pytest.mark.parametrize(
    ("metrics", "message"), [(("rougeL", "foo"), "Unknown metric 'foo'"), (("rougeL,bertscore",), "encoder")]
)
def test_metrics_are_checked_before_anything_is_answered(fetaqa, tmp_path, metrics, message):
    with pytest.raises(InputError, match=message):
        evaluate("rules", fetaqa, tmp_path / "out", replace(QUICK, metrics=metrics))
    assert not (tmp_path / "out").exists()
    evaluate("rules", fetaqa, tmp_path / "out", replace(QUICK, metrics=("rougeL,sacrebleu",)))


@pytest.mark.parametrize("names", [("rulez", ()), ("rules", ("rulez",))])
def test_a_name_like_one_that_stands_for_no_model_is_refused(fetaqa, tmp_path, names):
    model, beside = names
    with pytest.raises(InputError, match=r"'rulez': no such folder, .* did you mean 'rules'"):
        evaluate(model, fetaqa, tmp_path / "out", replace(QUICK, beside=beside))


@pytest.mark.parametrize("gold", [False, True])
def test_gold_cells_are_read_only_when_asked_for_and_that_is_told(model, fetaqa, tmp_path, monkeypatch, gold):
    read = []
    answers = TableQA.answers
    monkeypatch.setattr(TableQA, "answers", lambda self, asked, **k: answers(self, read_all(asked, read), **k))
    evaluated = evaluate(str(model), fetaqa, tmp_path / "out", replace(QUICK, gold_cells=gold))
    assert [len(one.table) for one in read] == ([1, 1, 1] if gold else [3, 3, 3])
    assert evaluated.facts["gold_cells"] is gold and f"gold_cells: {gold}" in evaluated.to_text()
    assert not any("gold" in row.system for row in evaluated.rows)


def read_all(asked, read):
    for pair in asked:
        read.append(pair)
        yield pair


def test_the_grammar_is_evaluated_alone_and_beside_a_model(model, fetaqa, tmp_path):
    beside = evaluate(str(model), fetaqa, tmp_path / "beside", replace(QUICK, beside=("grammar",)))
    assert [row.system for row in beside.rows[:2]] == [str(model), "grammar"]
    alone = evaluate("grammar", fetaqa, tmp_path / "alone", QUICK)
    assert alone.facts["setting"] == "zero-shot" and alone.facts["seen"] == []
    assert [s.value for s in alone.rows[0].scores] == [s.value for s in beside.rows[1].scores]


def test_rules_compose_around_a_models_cells_or_alone_and_that_is_told(model, fetaqa, tmp_path):
    how = replace(QUICK, composed=True, beside=("rules",))
    composed = evaluate(str(model), fetaqa, tmp_path / "composed", how)
    assert composed.facts["composed"] is True and composed.rows[1].system == "rules"
    assert all(record["composed"] for record in read_jsonl(tmp_path / "composed" / "predictions.jsonl"))
    written = evaluate(str(model), fetaqa, tmp_path / "written", QUICK)
    assert written.facts["composed"] is False and "composed: False" in written.to_text()


def test_the_rules_answer_short_questions_by_the_cell(tmp_path):
    table = {"header": TABLE[0], "rows": TABLE[1:]}
    asked = {"question": "When was Ostby built?", "answer": "1874", "table": table}
    (tmp_path / "own.jsonl").write_text(json.dumps(asked))
    evaluated = evaluate("rules", tmp_path / "own.jsonl", tmp_path / "out", Evaluating("jsonl", decoder="cell"))
    assert [score.value for score in evaluated.rows[0].scores] == [100.0, 100.0]


def test_the_parser_answers_short_questions_by_what_its_program_gives_and_long_ones_in_sentences(fetaqa, tmp_path):
    table = {"header": ["Shop", "Price", "Town"], "rows": [["A", "£2.50", "Ostby"], ["B", "£3.00", "Ostby"]]}
    asked = [("What do both cost in total?", ["5.5"]), ("Which shops are in Ostby?", ["B", "A"])]
    lines = [json.dumps({"question": question, "answer": answer, "table": table}) for question, answer in asked]
    (tmp_path / "own.jsonl").write_text("\n".join(lines))
    how = Evaluating("jsonl", decoder="cell", metrics=("denotation_accuracy",))
    evaluated = evaluate("parser", tmp_path / "own.jsonl", tmp_path / "out", how)
    assert [score.value for score in evaluated.rows[0].scores] == [100.0]
    told = evaluate("parser", fetaqa, tmp_path / "told", QUICK)
    assert told.facts["composed"] is True and told.facts["model"] == "parser"


def test_shuffled_tables_are_scored_beside(model, fetaqa, tmp_path):
    evaluated = evaluate(str(model), fetaqa, tmp_path / "out", replace(QUICK, shuffle=True))
    assert evaluated.rows[1].system.endswith("rows and columns shuffled")
    assert evaluated.to_json()["beside"][0]["system"] == evaluated.rows[1].system
    with pytest.raises(InputError, match="not both"):
        evaluate(str(model), fetaqa, tmp_path / "two", replace(QUICK, shuffle=True, gold_cells=True))


def test_ones_own_short_questions_are_asked_of_the_cell_decoder(model, tmp_path, monkeypatch):
    spoke = []
    answers = TableQA.answers
    monkeypatch.setattr(
        TableQA, "answers", lambda qa, *a, **k: spoke.append(qa.settings.decoders) or answers(qa, *a, **k)
    )
    table = {"header": TABLE[0], "rows": TABLE[1:]}
    lines = [{"question": "Which town?", "answer": [cell], "table": table} for cell in ("Ostby", "Velmar")]
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    how = Evaluating("jsonl", beams=1, decoder="cell")
    evaluated = evaluate(str(model), tmp_path / "own.jsonl", tmp_path / "out", how)
    assert [score.name for score in evaluated.rows[0].scores] == ["exact_match", "denotation_accuracy"]
    assert spoke == [("cell",)] and evaluated.facts["decoder"] == "cell"
    kept = read_jsonl(tmp_path / "out" / "predictions.jsonl")
    assert [record["references"] for record in kept] == [["Ostby"], ["Velmar"]]
    with pytest.raises(InputError, match="decoder 'both'; known: cell, sentence"):
        Evaluating(decoder="both")


def test_short_answers_are_scored_by_what_they_denote(model, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "0.csv").write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in TABLE))
    lines = [["id", "utterance", "context", "targetValue"], ["nt-0", "which towns?", "csv/0.csv", "Ostby|Velmar"]]
    (tmp_path / "data" / "dev.tsv").write_text("".join("\t".join(line) + "\n" for line in lines))
    how = Evaluating("wikitablequestions", beams=1)
    evaluated = evaluate(str(model), tmp_path / "data" / "dev.tsv", tmp_path / "out", how)
    assert [score.name for score in evaluated.rows[0].scores] == ["exact_match", "denotation_accuracy"]
    [record] = read_jsonl(tmp_path / "out" / "predictions.jsonl")
    assert record["references"] == ["Ostby|Velmar"]
