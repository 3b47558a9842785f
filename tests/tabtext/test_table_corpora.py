"""WikiTableQuestions and FeTaQA in their own formats, with inputs of ours."""

import json

import pytest

from tabtext.corpora.fetaqa import read_fetaqa, read_fetaqa_cells
from tabtext.corpora.questions import read_questions
from tabtext.corpora.wikitablequestions import read_wikitablequestions, read_wikitablequestions_tables
from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.table import Cell

HEAD = "id\tutterance\tcontext\ttargetValue\n"


@pytest.fixture
def wikitablequestions(tmp_path):
    (tmp_path / "csv/200-csv").mkdir(parents=True)
    (tmp_path / "page/200-page").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "csv/200-csv/10.csv").write_text('"Name","Note"\n"Lin","says \\"hi\\" \\\\"\n"Ōta",""\n')
    (tmp_path / "csv/200-csv/2.csv").write_text('"Year","Place\nand day"\n"2001","Oslo"\n')
    (tmp_path / "page/200-page/10.json").write_text('{"title": "Rivers"}')
    (tmp_path / "data/train.tsv").write_text(
        HEAD + "nt-0\twhich ones?\tcsv/200-csv/10.csv\tLin|Ō\\pta\nnt-1\twhen\\nnow?\tcsv/200-csv/2.csv\t2001\n"
    )
    return tmp_path


def test_wikitablequestions(wikitablequestions):
    first, second = read_wikitablequestions(wikitablequestions / "data/train.tsv")
    assert (first.id, first.question, first.answers, first.answer) == (
        "nt-0",
        "which ones?",
        ("Lin", "Ō|ta"),
        "Lin, Ō|ta",
    )
    assert (first.table.title, first.table.id) == ("Rivers", "200-10")
    assert first.table.rows == (("Lin", 'says "hi" \\'), ("Ōta", ""))
    assert (second.question, second.table.header) == ("when\nnow?", ("Year", "Place and day"))
    assert [table.id for table in read_wikitablequestions_tables(wikitablequestions)] == ["200-2", "200-10"]


@pytest.mark.parametrize(
    ("content", "said"),
    [("a\tb\n", "expected the columns id, utterance"), (HEAD + "x\ty\n", "line 2: 2 fields where 4")],
)
def test_wikitablequestions_of_the_wrong_shape(wikitablequestions, content, said):
    (wikitablequestions / "data/bad.tsv").write_text(content)
    with pytest.raises(InputError, match=said):
        list(read_wikitablequestions(wikitablequestions / "data/bad.tsv"))


def test_a_folder_without_tables(tmp_path):
    with pytest.raises(InputError, match="no tables in csv"):
        list(read_wikitablequestions_tables(tmp_path))


FETAQA = {
    "feta_id": 7,
    "table_page_title": "Bo Ek",
    "table_section_title": "Career",
    "table_array": [["Club", "Year", "Cup", "Cup"], ["Club", "Year", "Apps", "Goals"], ["Brann", "2001", "3", "-"]],
    "highlighted_cell_ids": [[0, 0], [2, 0], [2, 2]],
    "question": "How often did Bo Ek play for Brann?",
    "answer": "Bo Ek played three cup matches for Brann.",
}


def test_fetaqa(tmp_path):
    (tmp_path / "dev.jsonl").write_text(json.dumps(FETAQA) + "\n")
    [example] = read_fetaqa(tmp_path / "dev.jsonl")
    assert (example.id, example.question, example.answer) == ("7", FETAQA["question"], FETAQA["answer"])
    assert example.table.header == ("Club", "Year", "Cup Apps", "Cup Goals")
    assert example.evidence == example.table.highlighted == (Cell(0, 0), Cell(0, 2))
    assert QAExample.from_json(json.loads(json.dumps(example.to_json()))) == example


def test_fetaqa_without_a_table(tmp_path):
    (tmp_path / "train.jsonl").write_text('{"question": "?", "answer": "!"}\n')
    with pytest.raises(InputError, match="line 1: no 'table_array'"):
        list(read_fetaqa(tmp_path / "train.jsonl"))


def test_fetaqa_without_tables_is_read_as_the_row_of_its_highlighted_cells(tmp_path):
    fields = {"question": "Who won?", "answer": "Bo won.", "highlighted_cells": "[Bo], [1st [a]], [Bo], [2001, Oslo]"}
    (tmp_path / "train.jsonl").write_text(json.dumps(fields) + '\n{"question": "?", "answer": "!"}\n')
    examples = read_fetaqa_cells(tmp_path / "train.jsonl")
    example = next(examples)
    assert (example.table.header, example.table.rows) == (("", "", ""), (("Bo", "1st [a]", "2001, Oslo"),))
    assert example.evidence == (Cell(0, 0), Cell(0, 1), Cell(0, 2))
    with pytest.raises(InputError, match="line 2: no 'highlighted_cells'"):
        next(examples)
    (tmp_path / "odd.jsonl").write_text(json.dumps({**fields, "highlighted_cells": "Bo"}) + "\n")
    with pytest.raises(InputError, match=r"line 1: 'highlighted_cells' is 'Bo'; expected '\[one\], \[two\]'"):
        next(read_fetaqa_cells(tmp_path / "odd.jsonl"))


def test_a_question_without_its_fields():
    with pytest.raises(InputError, match="needs 'answer'"):
        QAExample.from_json({"question": "?"})


def test_questions_by_name(tmp_path, caplog):
    (tmp_path / "dev.jsonl").write_text(json.dumps(FETAQA) + "\n")
    [example] = read_questions(tmp_path / "dev.jsonl", "fetaqa")
    assert "1 questions, where files of fetaqa have 7,326 or 1,001 or 2,003" in caplog.text
    (tmp_path / "own.jsonl").write_text(json.dumps(example.to_json()) + "\n")
    assert list(read_questions(tmp_path / "own.jsonl")) == [example]
    with pytest.raises(InputError, match="known: fetaqa, fetaqa-cells, jsonl, qtsumm, squad, wikitablequestions"):
        list(read_questions(tmp_path / "own.jsonl", "triviaqa"))


def test_own_questions_name_table_files(tmp_path):
    (tmp_path / "cups.csv").write_text("Club,Cups\nBrann,7\n")
    (tmp_path / "asked.csv").write_text("question,answer,table\nHow many cups?,7,cups.csv\n")
    (tmp_path / "asked.jsonl").write_text(
        '{"question": "How many cups?", "answer": "7", "table": "cups.csv"}\n{"question": "?", "answer": "7"}\n'
    )
    [example] = read_questions(tmp_path / "asked.csv")
    assert (example.question, example.answer, example.table.rows) == ("How many cups?", "7", (("Brann", "7"),))
    for rows, said in (
        ("How many, all in all?,7,cups.csv\n", "asked.csv, row 2: more cells than columns; put a text with commas"),
        ('"How many cups?,7,cups.csv\nHow many cups?,7,cups.csv\n', "asked.csv, after row 1: not valid CSV"),
    ):
        (tmp_path / "asked.csv").write_text(f"question,answer,table\n{rows}")
        with pytest.raises(InputError, match=said):
            list(read_questions(tmp_path / "asked.csv"))
    examples = read_questions(tmp_path / "asked.jsonl")
    assert next(examples) == example
    with pytest.raises(InputError, match=r"asked.jsonl, line 2: A question needs 'table'"):
        next(examples)


def test_qtsumm(tmp_path):
    table = {"title": "Cups", "header": ["Club", "Cups"], "rows": [["Brann", "7"], ["Viking", "6"]]}
    asked = {"example_id": "a", "query": "How did Viking do?", "summary": "Viking won six.", "table": table}
    for number in (10, 2):
        record = {**asked, "example_id": str(number), "row_ids": [1, 9]}
        (tmp_path / f"chunk_{number}.json").write_text(json.dumps([record]))
    examples = list(read_questions(tmp_path, "qtsumm"))
    assert [example.id for example in examples] == ["2", "10"]
    assert examples[0].answer == "Viking won six." and examples[0].evidence == (Cell(1, 0), Cell(1, 1))
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match=r"holds no .json files"):
        list(read_questions(tmp_path / "none", "qtsumm"))


@pytest.mark.parametrize(
    ("dataset", "line", "said"),
    [
        ("jsonl", {"question": 5, "answer": "a"}, "question 1: question and answer must be texts"),
        ("jsonl", {"question": "?", "answer": "a", "evidence": 5}, r"line 1: .*'evidence' is \[\[row, column\]"),
        ("jsonl", {"question": "?", "answer": "a", "answers": 7}, "line 1: .*'answers' is a list of texts"),
        ("jsonl", {"question": "?", "answer": "a", "table": [1]}, "line 1: .*'table' is an object"),
        ("fetaqa-cells", {"question": None, "answer": None}, "question 1: question and answer must be texts"),
        ("fetaqa-cells", {"question": "?", "answer": "a", "highlighted_cells": ["a"]}, "expected '.one., .two.'"),
    ],
)
def test_fields_of_another_kind_are_said(tmp_path, dataset, line, said):
    whole = {"table": {"header": ["a"], "rows": []}, "highlighted_cells": "[a]", **line}
    (tmp_path / "asked.jsonl").write_text(json.dumps(whole) + "\n")
    with pytest.raises(InputError, match=said):
        list(read_questions(tmp_path / "asked.jsonl", dataset))


@pytest.mark.parametrize("records", [[5], [{"table": 5, "query": "?", "summary": "!"}]])
def test_qtsumm_records_of_another_kind_are_said(tmp_path, records):
    (tmp_path / "part_1.json").write_text(json.dumps(records))
    with pytest.raises(InputError, match="record 1: is no object with a table"):
        list(read_questions(tmp_path, "qtsumm"))
