"""Answering: any table, any question, the same answer in any batch, evidence in the caller's own table."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from transformers import AutoModelForSeq2SeqLM

from gentap import TableQA
from gentap.answering import answer_command
from gentap.answers import FORMATS, Answer, as_text
from gentap.encode import structure_of
from gentap.evidence import find_evidence
from gentap.model import DualDecoderT5
from gentap.model_settings import ModelSettings
from gentap.rules.choice import Choice
from tabtext import Cell, InputError, Table, generation
from tabtext.matching import TableMatcher
from tabtext.models import from_scratch

GAMES = Table.from_rows(
    [
        ["Year", "Host", "Nations", "Champion"],
        ["2004", "Athens", "201", "Mara Lindqvist"],
        ["2008", "Beijing", "204", "Jon Aske"],
        ["2012", "London", "204", "Mara Lindqvist"],
    ],
    title="Summer games",
)
QUESTION = "Which city hosted the games in 2008?"


@pytest.fixture(scope="module")
def qa():
    texts = [
        "Beijing hosted the games in 2008.",
        QUESTION,
        *GAMES.header,
        *(cell for row in GAMES.rows for cell in row),
    ]
    made = from_scratch("tiny", texts, structure=structure_of("keyed"), seed=1)
    settings = ModelSettings("keyed", 128, ("sentence", "cell"), threshold=0.0, seen=("nothing",))
    dual = DualDecoderT5.from_t5(made.model.cpu()).eval()
    settings.store(dual.config)
    return TableQA(made._replace(model=dual), settings, beams=2)


@pytest.fixture(scope="module")
def saved(qa, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    qa.save_pretrained(folder)
    return folder


@pytest.fixture
def games(tmp_path):
    (tmp_path / "games.csv").write_text("\n".join(map(",".join, [GAMES.header, *GAMES.rows])))
    return str(tmp_path / "games.csv")


@pytest.mark.parametrize(
    ("text", "value", "cells", "cell"),
    [
        ("Beijing hosted the games in 2008.", "Beijing", [(1, 0), (1, 1)], (1, 1)),
        ("Beijing hosted them.", "", [(1, 1)], None),
        ("204", "204", [(1, 2)], (1, 2)),  # the question says which of the two rows
        ("Athens had 201 nations in 2004 and London 204 in 2012.", "201",
         [(0, 0), (0, 1), (0, 2), (2, 0), (2, 1), (2, 2)], (0, 2)),
        ("Mara Lindqvist won in London.", "Mara Lindqvist", [(2, 1), (2, 3)], (2, 3)),
        ("Nobody knows.", "Rome", [], None),
        ("London was host in 2012.", "Athens", [(2, 0), (2, 1)], (0, 1)),  # the decoders disagree
        ("It was held abroad.", "Athens", [(0, 1)], (0, 1)),
    ],
)  # fmt: skip
def test_evidence_is_the_cells_that_an_answer_names(text, value, cells, cell):
    everywhere = {Cell(row, column) for row in range(3) for column in range(4)}
    found = find_evidence(TableMatcher(GAMES), everywhere, QUESTION, text, value)
    assert (list(found.cells), found.cell) == (cells, cell)


def test_evidence_is_only_what_the_model_read():
    found = find_evidence(TableMatcher(GAMES), {Cell(0, 1)}, QUESTION, "Beijing and Athens", "Beijing")
    assert found == ((Cell(0, 1),), None)


def test_answers_do_not_depend_on_the_batch(qa):
    questions = [QUESTION, "Who won in London?", "How many nations were in Athens in 2004, and who won?", "Who?"]
    together = qa(questions, GAMES)
    alone = [qa(question, GAMES) for question in questions]
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    assert [answer.evidence for answer in together] == [answer.evidence for answer in alone]
    assert all(a.score == pytest.approx(b.score, abs=1e-4) for a, b in zip(together, alone, strict=True))


def test_a_frame_is_a_table(qa):
    frame = pd.DataFrame(GAMES.rows, columns=list(GAMES.header))
    assert qa(QUESTION, frame, title="Summer games") == qa(QUESTION, GAMES)


def test_saved_and_loaded_it_answers_the_same(qa, tmp_path):
    qa.save_pretrained(tmp_path)
    loaded = TableQA.from_pretrained(tmp_path, device="cpu", beams=2)
    assert loaded.settings == qa.settings and loaded(QUESTION, GAMES) == qa(QUESTION, GAMES)
    assert isinstance(AutoModelForSeq2SeqLM.from_pretrained(tmp_path), DualDecoderT5)


def test_composed_sentences_are_made_of_cells_and_of_what_is_written_where_nothing_is_named(qa, tmp_path):
    composed = TableQA(qa.seq2seq, replace(qa.settings, composed=True), beams=2)
    answer = composed(QUESTION, GAMES)
    assert answer.text == "Beijing hosted the games in 2008 (Nations 204, Jon Aske)." and answer.composed
    assert (answer.cell, answer.evidence) == ("Beijing", ((1, 0), (1, 1), (1, 2), (1, 3)))
    assert "made by rules" in as_text(answer, GAMES)
    written = composed("Who?", GAMES)
    assert not written.composed and written.text == qa("Who?", GAMES).text
    assert TableQA(qa.seq2seq, composed.settings, beams=2, composed=False)(QUESTION, GAMES) == qa(QUESTION, GAMES)
    cells = TableQA(qa.seq2seq, replace(composed.settings, decoders=("cell",)), beams=2)
    assert cells(QUESTION, GAMES).text == "Beijing"
    composed.save_pretrained(tmp_path)
    assert TableQA.from_pretrained(tmp_path, device="cpu").composed


def test_sentences_are_composed_only_around_cells_that_a_model_has_learnt(qa, tmp_path, games):
    TableQA(qa.seq2seq, replace(qa.settings, decoders=("sentence",))).save_pretrained(tmp_path / "own")
    with pytest.raises(InputError, match="learnt no cells"):
        TableQA.from_pretrained(tmp_path / "own", device="cpu", composed=True)
    qa.settings.store(qa.seq2seq.model.config)
    with pytest.raises(InputError, match="--model rules has none"):
        answer_command(QUESTION, games, model="rules", threshold=0.9)


def test_composed_answers_abstain_where_the_model_is_unsure(qa):
    answer = TableQA(qa.seq2seq, qa.settings, beams=2, composed=True, threshold=1.0)(QUESTION, GAMES)
    assert not answer.answerable and not answer.composed and "below 1" in answer.reason


def test_sentences_are_as_long_as_the_model_says_and_cells_as_they_come(qa, monkeypatch, tmp_path):
    long = TableQA(qa.seq2seq, replace(qa.settings, length_penalty=3.0), beams=2)
    long.save_pretrained(tmp_path)
    assert TableQA.from_pretrained(tmp_path, device="cpu").settings.length_penalty == 3.0
    plain, penalties = generation.generate, {}

    def generate(seq2seq, rows, config, decoder_name):
        penalties[decoder_name] = config.length_penalty
        return plain(seq2seq, rows, config, decoder_name=decoder_name)

    monkeypatch.setattr(generation, "generate", generate)
    long("Which city?", GAMES)
    assert penalties == {"sentence": 3.0, "cell": 1.0}


def test_what_is_pushed_to_the_hub_is_a_model_that_answers_the_same(qa, tmp_path, monkeypatch):
    def upload(self, folder, repo_id, **_):
        shutil.copytree(folder, tmp_path / repo_id, dirs_exist_ok=True)

    def upload_file(self, path_or_fileobj, path_in_repo, repo_id, revision):
        assert revision == "v2"
        (tmp_path / repo_id / path_in_repo).write_bytes(path_or_fileobj)

    hub = SimpleNamespace(create_repo=lambda name, **_: SimpleNamespace(repo_id=name))
    monkeypatch.setattr("transformers.utils.hub.hf_api", lambda: hub)
    monkeypatch.setattr("transformers.utils.hub.PushToHubMixin._upload_modified_files", upload)
    card = SimpleNamespace(save=lambda path: None)
    monkeypatch.setattr("transformers.utils.hub.create_and_tag_model_card", lambda *_, **__: card)
    monkeypatch.setattr("huggingface_hub.HfApi.create_repo", lambda self, name, **_: SimpleNamespace(repo_id=name))
    monkeypatch.setattr("huggingface_hub.HfApi.upload_file", upload_file)
    shipped = Choice.load()
    monkeypatch.setattr(qa, "choice", shipped._replace(units=-shipped.units))
    qa.push_to_hub("me/tables", revision="v2")
    loaded = TableQA.from_pretrained(tmp_path / "me" / "tables", device="cpu", beams=2)
    assert loaded.settings == qa.settings and loaded(QUESTION, GAMES) == qa(QUESTION, GAMES)
    assert np.allclose(loaded.choice.units, -shipped.units, atol=1e-3)


def test_the_pipeline_answers_the_same(qa, tmp_path):
    from transformers import pipeline

    from gentap.pipeline import TASK

    qa.save_pretrained(tmp_path)
    piped = pipeline(TASK, model=str(tmp_path), device="cpu")
    piped.qa.beams = 2
    asked = {"question": QUESTION, "table": GAMES}
    assert piped([asked, asked]) == [qa(QUESTION, GAMES).to_json()] * 2


@pytest.mark.parametrize(
    ("table", "cut"),
    [
        (Table.from_rows([["Year", "City"], *[[str(i), f"Town {i}"] for i in range(20_000)]]), "rows"),
        (Table.from_rows([[f"Name {i}" for i in range(2000)], [str(i) for i in range(2000)]]), "columns"),
        (Table.from_rows([["City"], ["Athens"], ["London"]]), ""),
        (Table.from_rows([["City", "Note"], ["</s> <extra_id_0> <pad>", "<row> <value> <question>"]]), ""),
        (Table.from_rows([["مدينة", "🏙️"], ["بيروت", "🌊 北京"], ["", "NaN"]]), ""),
        (Table.from_rows([["City"], ["word " * 3000]]), "1 cell"),
    ],
)
def test_any_table_is_answered_and_what_was_cut_is_said(qa, table, cut):
    answer = qa("Which town is number 17,321?", table)
    assert (cut in answer.cut) if cut else not answer.cut
    assert all(cell.row < len(table) and cell.column < table.width for cell in answer.evidence)


def test_the_relevant_row_of_a_long_table_is_read(qa):
    rows = [[str(i), f"Town {i}"] for i in range(20_000)]
    rows[17_321][1] = "Zanzibar"
    source = qa.encoder.source("What is the year of Zanzibar?", Table.from_rows([["Year", "City"], *rows]))
    assert Cell(17_321, 1) in source.cells


def test_no_rows_and_low_scores_are_not_in_this_table(qa):
    empty = qa("Who won?", Table.from_rows([["Year", "City"]]))
    assert not empty.answerable and empty.reason == "It has no rows."
    unsure = TableQA(qa.seq2seq, qa.settings, beams=1, threshold=1.0)(QUESTION, GAMES)
    assert not unsure.answerable and "below 1" in unsure.reason and unsure.evidence == ()


@pytest.mark.parametrize(("question", "said"), [("  ", "is empty"), ("why " * 200, "ask it in fewer words")])
def test_questions_that_cannot_be_read_are_said(qa, question, said):
    with pytest.raises(InputError, match=said):
        qa(question, GAMES)
    answers = list(qa.answers([(QUESTION, GAMES), (question, GAMES)], on_error="skip"))
    assert answers[0] == qa(QUESTION, GAMES)
    assert not answers[1].answerable and said in answers[1].reason


BAD_LINES = [
    ('{"question": " "}', "line 2: The question is empty"),
    ('{"question": "Who?", "table": "nowhere.csv"}', "line 2: .*nowhere.csv: no such file"),
    ('{"question": "Who?", "table": {"header": 3}}', "line 2: "),
    ('{"asked": "Who?"}', "line 2: needs the field 'question'"),
    ('{"question": ', "line 2, column .*: not valid JSON"),
]


@pytest.mark.parametrize(("line", "said"), BAD_LINES)
@pytest.mark.parametrize("model", ["grammar", "trained"])
def test_answers_before_a_bad_line_are_kept_and_it_can_be_skipped(saved, games, tmp_path, capsys, model, line, said):
    good = '{"question": "What is the host of 2008?"}'
    (tmp_path / "asked.jsonl").write_text("\n".join([good, line, good]))
    name = str(saved) if model == "trained" else model
    how = dict(model=name, questions=tmp_path / "asked.jsonl", format="json")
    with pytest.raises(InputError, match=said):
        answer_command("", games, **how)
    assert len(capsys.readouterr().out.splitlines()) == 1
    answer_command("", games, **how, on_error="skip")
    printed = capsys.readouterr()
    answers = [json.loads(record) for record in printed.out.splitlines()]
    assert answers[0] == answers[-1]
    if len(answers) == 3:
        assert not answers[1]["answerable"] and answers[1]["score"] == 0.0
    else:
        assert "skipped: " in printed.err and "line 2" in printed.err


@pytest.mark.parametrize(("grammar", "first"), [(True, "grammar"), (False, "trained")])
def test_the_grammar_answers_what_it_reads_and_the_model_the_rest(saved, games, tmp_path, capsys, grammar, first):
    asked = ["What is the host of 2008?", "Why so?", "What is the host of 1900?"]
    (tmp_path / "asked.jsonl").write_text("\n".join(json.dumps({"question": question}) for question in asked))
    answer_command("", games, model=str(saved), grammar=grammar, questions=tmp_path / "asked.jsonl", format="json")
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["question"] for answer in answers] == asked
    assert [answer["model"] for answer in answers] == [
        {"trained": str(saved)}.get(first, first),
        str(saved),
        str(saved),
    ]
    if grammar:
        assert answers[0]["answer"] == "Beijing" and answers[0]["score"] == 1.0


def test_a_question_may_name_its_table_file(tmp_path, capsys):
    (tmp_path / "cities.csv").write_text("City,Year\nOstby,1990\n")
    (tmp_path / "asked.jsonl").write_text('{"question": "Which city has a year of 1990?", "table": "cities.csv"}\n')
    answer_command("", "", model="grammar", questions=tmp_path / "asked.jsonl", format="text")
    assert capsys.readouterr().out.startswith("Ostby\n")


def test_a_model_that_never_read_a_table_is_refused(tmp_path):
    from_scratch("tiny", ["a text"]).save(tmp_path)
    with pytest.raises(InputError, match="has never read a table"):
        TableQA.from_pretrained(tmp_path)


@pytest.mark.parametrize(("name", "meant"), [("gramar", "grammar"), ("Rules", "rules"), ("parsers", "parser")])
def test_a_name_like_one_that_stands_for_no_model_is_no_hub_id(games, name, meant):
    with pytest.raises(InputError, match=f"'{name}': no such folder, .* did you mean '{meant}'"):
        answer_command(QUESTION, games, model=name)


@pytest.mark.parametrize("format", ["text", "json", "html"])
def test_the_command_prints_every_answer(saved, games, tmp_path, capsys, format):
    own = {"header": ["City"], "rows": [["Rome <b>"]]}
    records = [{"question": QUESTION}, {"question": "Which city?", "table": own}]
    (tmp_path / "asked.jsonl").write_text("\n".join(map(json.dumps, records)))
    answer_command("", games, model=str(saved), grammar=False, questions=tmp_path / "asked.jsonl", format=format)
    printed = capsys.readouterr().out
    if format == "json":
        fields = [json.loads(line) for line in printed.splitlines()]
        assert [record["question"] for record in fields] == [QUESTION, "Which city?"]
        told = {"question", "answer", "cell", "evidence", "score", "answerable", "reason", "cut", "model"}
        assert set(fields[0]) == {*told, "composed"}
        assert fields[0]["model"] == str(saved)
    if format == "html":
        assert "Rome &lt;b&gt;" in printed and "<b>" not in printed


def test_text_and_page_show_evidence_and_abstention():
    answer = Answer(QUESTION, "Beijing did.", "Beijing", (Cell(1, 1),), 0.5, True, "left out to fit the model: 3 rows")
    assert as_text(answer, GAMES) == (
        "Beijing did.\n  evidence: (1, 1) 'Beijing'\n  left out to fit the model: 3 rows\n  (score 0.50)"
    )
    page = "".join(FORMATS["html"]([(answer, GAMES)]))
    assert page.count("<mark>") == 1 and "<mark>Beijing</mark>" in page
    named = Answer(QUESTION, "Beijing.", score=0.5, model="gentap-mini")
    assert as_text(named, GAMES).endswith("(gentap-mini, score 0.50)")
    abstained = Answer(QUESTION, "", score=0.01, answerable=False, reason="It has no rows.")
    assert as_text(abstained, GAMES) == "not in this table: It has no rows.\n  (score 0.01)"


def test_a_rejected_guess_is_no_answer_in_json():
    guess = Answer(QUESTION, "Rome.", "Rome", (Cell(1, 1),), 0.01, False, reason="Its score is below 0.05.")
    (line,) = FORMATS["json"]([(guess, GAMES)])
    told = json.loads(line)
    assert (told["answer"], told["cell"], told["evidence"], told["score"]) == (None, None, [], 0.01)
    assert told["reason"] == guess.reason
