"""Puns: published layouts read, four tasks prepared, words found by any scorer, success counted."""

import csv
import json

import pytest
from restaurants import run_cli

from datatuner.puns import TASKS, common_keywords, prepare, pun_words, score
from datatuner.train_fidelity import read_pairs
from tabtext.corpora.puns import read_contexts, read_expunations
from tabtext.detokenize import detokenized
from tabtext.errors import InputError
from tabtext.jsonl import read_jsonl
from tabtext.record import Record

TEXTS = {
    "hom_1": "The baker quit because he could n't make enough dough .",
    "hom_2": "Old lamps never die , they just go out .",
}
COLUMNS = ("context", "pun_word", "alter_word", "pun_word_sense", "alter_word_sense", "new_pun", "user_pun")
ROWS = [
    ("bakery,money", "dough", "dough", "a mixture of flour and water", "money", "yes", "Bakers earn their dough."),
    ("bakery,money", "sail", "sale", "a sheet of canvas", "the act of selling", "no", "{}"),
    *[(f"harbour {n}", "sail", "sale", "a sheet of canvas", "the act of selling", "yes", f"Boat {n} is for sail.")
      for n in range(30)],
]  # fmt: skip


@pytest.fixture
def files(tmp_path):
    words = []
    for name, text in TEXTS.items():
        tokens = enumerate(text.split(), 1)
        inside = "".join(f'<word id="{name}_{number}">{token}</word>' for number, token in tokens)
        words.append(f'<text id="{name}">{inside}</text>')
    (tmp_path / "sub2.xml").write_text(f'<?xml version="1.0"?><corpus lang="en">{"".join(words)}</corpus>')
    (tmp_path / "sub2.gold").write_text("hom_1\thom_1_10\n")
    annotated = [
        {"ID": name, "Funniness (1-5)": [2, 0, ""],
         "Natural language explanation": ["Dough is also money.", "", "Two senses."],
         "Joke keywords": [["baker", "dough"], [""], ["bakers", "quit", "dough"]], "Annotator_IDs": [0, 1, 2]}
        for name in (*TEXTS, "het_9")
    ]  # fmt: skip
    (tmp_path / "expun.json").write_text(json.dumps(annotated))
    with (tmp_path / "cup.csv").open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *ROWS])
    return tmp_path


def test_annotations_find_their_texts(files, capsys):
    first, second = read_expunations(files / "expun.json", [files / "sub2.xml"])
    assert first.text == "The baker quit because he couldn't make enough dough."
    assert (first.word, second.word) == ("dough", "") and first.funniness == 1
    assert first.explanations == ("Dough is also money.", "Two senses.")
    assert first.keywords == (("baker", "dough"), ("bakers", "quit", "dough"))
    assert "1 annotated puns left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("I can ' t say ; it ' s late .", "I can't say; it's late."),
        ('He said : " no way " .', 'He said: "no way".'),
        ("A Wal - Mart ( old ) costs $ 5 !", "A Wal-Mart (old) costs $5!"),
    ],
)
def test_tokens_become_text(words, text):
    assert detokenized(words.split()) == text


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([["baker", "dough"], ["bakers", "quit", "dough"]], ["bakers", "dough"]),
        ([["the whole long sentence of it"], ["lamp", "out"]], ["lamp", "out"]),
        ([["lamp"]], ["lamp"]),
    ],
)
def test_keywords_that_annotators_share(rows, kept):
    assert common_keywords(rows) == kept


def test_every_task_is_records_with_texts(files):
    splits = ("train", "dev", "test")
    items = {
        task: [item for split in splits for item in prepare(task, files / name, [files / "sub2.xml"], split)]
        for task, name in zip(TASKS, ("expun.json", "expun.json", "cup.csv", "cup.csv"), strict=True)
    }
    assert {len(items["explain"]), len(items["keywords"])} == {2}
    assert len(items["context"]) == 31 and len(items["retrieve"]) == 32
    [dough] = [item for item in items["keywords"] if item.id == "hom_1"]
    assert [t.object for t in dough.record.triples] == ["bakers", "dough", "dough"] and dough.texts[0].endswith(
        "dough."
    )
    assert [item.label[0].value for item in items["retrieve"]].count("hallucination") == 1
    by_split = {split: {i.record.id for i in prepare("retrieve", files / "cup.csv", (), split)} for split in splits}
    assert sum(map(len, by_split.values())) == 31, "no context is in two splits"


def test_words_for_a_context_by_any_scorer(files):
    pool = list(read_contexts(files / "cup.csv"))
    found = pun_words(("shop",), pool, lambda record, texts: [float("selling" in text) for text in texts], top=2)
    assert [pun.word for pun in found] == ["sail", "dough"] and found[0].context == ("shop",) and not found[0].pun


def test_success_is_the_pun_word_said():
    record = Record.from_triples([("", "keyword", "Baker"), ("", "keyword", "rye bread"), ("", "pun word", "dough")])
    figures = score([(record, "The baker has no DOUGH."), (record, "Doughnuts and rye-bread.")])
    assert figures == (2, 0.5, 0.5)
    empty = score([])
    assert empty.n == 0 and empty.pun_word != empty.pun_word


def test_the_commands(files, capsys):
    arguments = ("puns", "prepare", files / "cup.csv", "--task", "retrieve")
    assert run_cli(*arguments, "-o", files / "pairs.jsonl") == 0
    assert all(pair.rule == "pun words" for pair in read_pairs(files / "pairs.jsonl"))
    assert run_cli("puns", "prepare", files / "cup.csv", "--task", "context", "-o", files / "records.jsonl") == 0
    texts = [{"id": row["id"], "text": row["texts"][0]} for row in read_jsonl(files / "records.jsonl")]
    (files / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in texts))
    capsys.readouterr()
    assert run_cli("puns", "score", files / "records.jsonl", files / "texts.jsonl") == 0
    assert json.loads(capsys.readouterr().out)["pun_word"] == 1
    for arguments, message in (
        (("cup.csv", "--task", "sing"), "Unknown pun task 'sing'; known: context, explain, keywords, retrieve"),
        (("expun.json", "--task", "explain"), "needs SemEval's XML files"),
        (("sub2.gold", "--task", "context"), "needs the columns context, pun_word"),
    ):
        assert run_cli("puns", "prepare", files / arguments[0], *arguments[1:]) == 2
        assert message in capsys.readouterr().err


def test_files_of_another_kind(files):
    for name, read in (
        ("cup.csv", read_contexts),
        ("sub2.gold", lambda path: read_expunations(files / "expun.json", [path.with_suffix(".xml")])),
    ):
        (files / name).write_bytes((files / name).read_bytes() + b"\xff")
        with pytest.raises(InputError, match=f"{name}: not UTF-8 at byte"):
            list(read(files / name))
    with pytest.raises(InputError, match="list of annotations, each with an 'ID'"):
        (files / "other.json").write_text("{}")
        list(read_expunations(files / "other.json", []))
    with pytest.raises(InputError, match="not readable as XML"):
        list(read_expunations(files / "expun.json", [files / "cup.csv"]))
