"""Training pairs of every kind, sources as ids, and a generator trained on them."""

import json
import random
from collections import Counter

import pytest
from quals_cli import run_cli

from quals.pairs import (
    KINDS,
    Pair,
    PairExample,
    asked_object,
    asked_subject,
    fact_pairs,
    read_pairs,
    record_pairs,
    unsaid_pair,
)
from quals.sources import pieces_of, text_of
from quals.train import QAGenTraining, draw, features, read_named
from tabtext.errors import InputError
from tabtext.examples import TextExample
from tabtext.record import Record, Triple
from tabtext.table import Table

PASSAGE = "The old mill stands by the river. Mara Lind bought it in 1990. It grinds rye for the village bakers."


def pairs_of(named):
    counts = Counter()
    return list(read_pairs(named, random.Random(0), counts)), counts


def answered(examples):
    return [example for example in examples if example.answered]


def unanswered(examples):
    return [(example.source, example.pair.question) for example in examples if not example.answered]


def squad(questions):
    asked = [
        {"question": question, "answers": [{"text": answer, "answer_start": PASSAGE.find(answer)}]}
        for question, answer in questions
    ]
    return {"data": [{"title": "Mill", "paragraphs": [{"context": PASSAGE, "qas": asked}]}]}


@pytest.fixture
def files(tmp_path):
    """A file of each kind."""
    questions = [("Who bought the mill?", "Mara Lind"), ("What did Otto Brand sell?", "rye")]
    (tmp_path / "squad.json").write_text(json.dumps(squad(questions)))
    story = {"text": PASSAGE, "type": "train", "questions": [
        {"q": "What stands by the river?", "consensus": {"s": 0, "e": 12}},
        {"q": "Who?", "consensus": {"badQuestion": True}},
    ]}  # fmt: skip
    (tmp_path / "newsqa.json").write_text(json.dumps({"data": [story, {**story, "type": "dev"}]}))
    for folder in ("questions/train", "section-stories/train"):
        (tmp_path / "tales" / folder).mkdir(parents=True)
    (tmp_path / "tales/questions/train/mill-questions.csv").write_text(
        "question_id,cor_section,question,ex-or-im1,answer1\n"
        '1,"1,2",Who bought the mill?,explicit,Mara Lind.\n'
        "2,1,How did the mill feel?,implicit,lonely\n"
        "3,2,What does it grind for the village bakers?,explicit,Rye\n"
    )
    first, _, second = PASSAGE.partition(". ")
    (tmp_path / "tales/section-stories/train/mill-story.csv").write_text(f"section,text\n1,{first}.\n2,{second}\n")
    table = {"header": ["name", "food"], "rows": [["Corvo", "Thai"], ["Bella", "Greek"]], "title": "Pubs"}
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(fields) + "\n" for fields in (
        {"question": "What is the food of Corvo?", "answer": ["Thai"], "evidence": [[0, 1]], "table": table},
        {"question": "How many pubs are there?", "answer": ["2"], "single_cell": False, "table": table},
    )))  # fmt: skip
    record = {"mr": "name[Corvo], food[Thai], area[riverside]", "texts": ["Corvo serves Thai food."]}
    (tmp_path / "records.jsonl").write_text(json.dumps(record) + "\n")
    return tmp_path


@pytest.mark.parametrize("named, count, dropped", [
    ("squad=squad.json", 1, {"names what the sentence does not": 1}),
    ("newsqa=newsqa.json", 1, {}),
    ("fairytaleqa=tales", 2, {}),
    ("questions=questions.jsonl", 1, {"not answered by one cell": 1}),
    ("records=records.jsonl", 2, {}),
])  # fmt: skip
def test_every_kind_is_read_and_drops_are_counted(files, named, count, dropped):
    kind, _, name = named.partition("=")
    pairs, counts = pairs_of(f"{kind}={files / name}")
    assert len(answered(pairs)) == count
    assert {reason: number for reason, number in counts.items() if reason != "in"} == dropped
    assert all(example.pair.answer.lower() in text_of(example.source).lower() for example in pairs)


def test_a_sentence_does_not_answer_what_was_asked_of_another_one(tmp_path):
    asked = [("Who bought the mill?", "Mara Lind"), ("What does it grind for the bakers?", "rye")]
    (tmp_path / "squad.json").write_text(json.dumps(squad(asked)))
    examples, _ = pairs_of(f"squad={tmp_path / 'squad.json'}")
    assert unanswered(examples) == [("It grinds rye for the village bakers.", "Who bought the mill?")]


def test_rows_that_a_question_does_not_name_do_not_answer_it(tmp_path):
    table = {"header": ["name", "food"], "rows": [["Corvo", "Thai"], ["Bella", "Greek"]], "title": "Pubs"}
    line = {"question": "What is the food of Corvo?", "answer": ["Thai"], "evidence": [[0, 1]], "table": table}
    lines = [{**line, "type": "lookup"}, {**line, "type": "superlative"}]
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(fields) + "\n" for fields in lines))
    examples, _ = pairs_of(f"questions={tmp_path / 'questions.jsonl'}")
    assert len(answered(examples)) == 2
    assert [(source.rows, asked) for source, asked in unanswered(examples)] == [
        ((("Bella", "Greek"),), "What is the food of Corvo?")
    ]


@pytest.mark.parametrize("fact, asked", [
    (("area", "riverside"), "What is the area of Corvo?"),
    (("food", "Greek"), None),  # it has a food
    (("familyFriendly", "no"), None),  # the text says something of it that the record does not
    (("priceRange", "high"), "What is the price range of Corvo?"),
    (("name", "Bella"), None),
])  # fmt: skip
def test_slots_that_neither_text_nor_record_says(fact, asked):
    record = Record.from_mr("name[Corvo], eatType[pub], food[Thai]")
    text = "Corvo is a family friendly pub that serves Thai food."
    assert unsaid(record, text, fact) == asked


@pytest.mark.parametrize("fact, asked", [
    (("country", "Peru"), "Whose country is Peru?"),
    (("birthPlace", "Oslo"), "Whose birth place is Oslo?"),
    (("birthPlace", "Rome"), None),
    (("employer", "Rome"), None),  # the text may say so
])  # fmt: skip
def test_triples_that_neither_text_nor_record_says(fact, asked):
    assert unsaid(Record.from_triples([("Ann", "birthPlace", "Rome")]), "Ann was born in Rome.", fact) == asked


def unsaid(record, text, fact):
    pair = unsaid_pair(record, text, Triple("", *fact))
    assert pair is None or not pair.answer
    return pair and pair.question


def test_what_no_lexicon_knows_is_not_held_to_be_unsaid():
    record = Record.from_mr("name[Corvo], stars[4]")
    assert unsaid(record, "Corvo has 4 stars and a pool.", ("has_pool", "yes")) is None


def test_what_is_or_is_not_is_answered_by_yes_or_no():
    record = Record.from_mr("name[Corvo], familyFriendly[no]")
    assert dict(fact_pairs(record, "Corvo is not family-friendly.")) == {
        "name": Pair("What is the name?", "Corvo"), "family friendly: no": Pair("Is Corvo family friendly?", "no"),
    }  # fmt: skip
    assert dict(fact_pairs(record, "Corvo is family-friendly.")) == {"name": Pair("What is the name?", "Corvo")}


def test_kinds_of_facts_are_asked_about_alike():
    """One record in ten says what is not; half of all texts would name the name otherwise."""
    examples = [
        TextExample(Record.from_mr(f"name[Corvo], familyFriendly[{word}]"), (f"Corvo is {said}.",))
        for word, said in [*[("yes", "family-friendly")] * 9, ("no", "not family-friendly")] * 30
    ]
    pairs = answered(record_pairs(examples, random.Random(0), Counter()))
    counts = Counter(example.pair.answer for example in pairs)
    assert counts["no"] >= 0.8 * 2 * 30 and abs(counts["yes"] - counts["Corvo"]) < 0.2 * len(pairs)


def test_so_many_pairs_are_drawn_as_are_asked_for():
    examples = [PairExample("x", Pair(f"{i}?", "yes" if i < 90 else "")) for i in range(180)]
    drawn = draw(examples, QAGenTraining(per_set=50, unanswerable=0.2), random.Random(0))
    assert len(drawn) == 50 and len(answered(drawn)) == 40
    assert len(draw(examples, QAGenTraining(unanswerable=0.5), random.Random(0))) == 180
    assert draw(examples, QAGenTraining(unanswerable=0), random.Random(0)) != []
    assert unanswered(draw(examples, QAGenTraining(unanswerable=0), random.Random(0))) == []
    assert unanswered(draw(examples, QAGenTraining(task="question", unanswerable=0.5), random.Random(0))) == []


def test_of_some_pairs_only_the_answer_is_learnt(folder):
    from quals.qagen import QAGen

    qagen = QAGen.from_pretrained(folder / "model")
    examples = [
        PairExample("Corvo serves Thai food.", Pair("What is the food of Corvo?", answer)) for answer in ("Thai", "")
    ]
    said, unsaid = features(qagen, examples, QAGenTraining())
    assert said["given"] == 0
    assert unsaid["labels"][unsaid["given"] :] == [qagen.seq2seq.tokenizer.eos_token_id]
    said, _ = features(qagen, examples, QAGenTraining(answering=1))
    assert said["labels"][said["given"] - 1] == qagen.separator_id
    assert len(said["labels"]) > said["given"] + 1


def test_a_fact_is_asked_of_text_and_record_alike(files):
    pairs = answered(pairs_of(f"records={files / 'records.jsonl'}")[0])
    assert [type(example.source) for example in pairs] == [str, Record]
    assert pairs[0].pair == pairs[1].pair


@pytest.mark.parametrize("text, expected", [
    ("Corvo serves Thai food.", {
        Pair("What is the name?", "Corvo"), Pair("What is the food of Corvo?", "Thai"),
    }),
    ("It serves Thai food.", set()),
    ("Corvo serves Greek food.", {Pair("What is the name?", "Corvo")}),
])  # fmt: skip
def test_only_facts_that_the_text_says_are_asked(text, expected):
    record = Record.from_mr("name[Corvo], food[Thai]")
    assert {pair for _, pair in fact_pairs(record, text)} == expected


@pytest.mark.parametrize("fact, of_object, of_subject", [
    (("Corvo", "food", "Thai"), "What is the food of Corvo?", "Whose food is Thai?"),
    (("Corvo", "near", "the mill"), "What is Corvo near?", "What is near the mill?"),
    (("Corvo", "is part of", "Calder"), "What is Corvo part of?", "What is part of Calder?"),
    (("Corvo", "family friendly", "no"), "Is Corvo family friendly?", "What is not family friendly?"),
    (("Corvo", "has multiplayer", "yes"), "Does Corvo have multiplayer?", "What has multiplayer?"),
])  # fmt: skip
def test_questions_about_facts(fact, of_object, of_subject):
    assert asked_object(Triple(*fact)) == of_object
    assert asked_subject(Triple(*fact)) == of_subject


@pytest.mark.parametrize("source, structure", [
    ("a mill", []),
    (Record.from_mr("name[Corvo], food[Thai]"), ["<row>", "<value>", "<row>", "<value>"]),
    (Record.from_triples([("a", "b", "c")]), ["<row>", "<cell>", "<value>"]),
    (Table(("a",), (("b",), ("c",)), title="t"), ["<title>", "<row>", "<value>", "<row>", "<value>"]),
    (Table(("a",), ()), ["<header>"]),
])  # fmt: skip
def test_sources_as_pieces(source, structure):
    pieces = [piece for part in pieces_of(source) for piece in part]
    assert [piece.text for piece in pieces if piece.is_structure] == structure


@pytest.mark.parametrize("named, message", [
    ("squad.json", "name the data's kind before its path"),
    ("triviaqa=x.json", "Unknown kind of data 'triviaqa'; known: .*fairytaleqa"),
    ("squad=missing.json", "no such file"),
    ("questions=squad.json", "needs 'question', 'answer' and 'table'"),
    ("fairytaleqa=.", "name the folder of FairytaleQA"),
])  # fmt: skip
def test_data_that_cannot_be_read(files, monkeypatch, named, message):
    monkeypatch.chdir(files)
    with pytest.raises(InputError, match=message):
        pairs_of(named)


def test_kinds_cover_the_data_sets_of_records():
    assert {"squad", "newsqa", "fairytaleqa", "questions", "records", "e2e", "webnlg"} <= set(KINDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny generator, trained for a moment through the program."""
    pytest.importorskip("torch")
    folder = tmp_path_factory.mktemp("train")
    lines = [
        {"mr": f"name[{name}], food[{food}]", "texts": [f"{name} serves {food} food."]}
        for name in ("Corvo", "Bella", "Elgar", "Iris") for food in ("Thai", "Greek", "Polish")
    ]  # fmt: skip
    (folder / "records.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    status = run_cli(
        "train", f"records={folder / 'records.jsonl'}", "-o", folder / "model", "--from-scratch", "tiny",
        "--epochs", "2", "--max-length", "40",
    )  # fmt: skip
    assert status == 0
    return folder


def test_what_was_trained_scores(folder):
    from quals import QUALS
    from quals.qagen import QAGen

    assert QAGen.from_pretrained(folder / "model").max_length == 40
    scores = QUALS.from_pretrained(folder / "model")("Corvo serves Thai food.", ["Corvo serves Thai food.", ""])
    assert len(scores) == 2 and scores[1] != scores[1]


def test_the_program_writes_every_line_and_counts_those_without_evidence(folder, capsys):
    items = folder / "items.jsonl"
    items.write_text("".join(json.dumps({"source": "Corvo is open.", "text": text}) + "\n" for text in ("", "Hm")))
    assert run_cli("score", items, "--model", folder / "model", "-o", folder / "scored.jsonl") == 0
    lines = [json.loads(line) for line in (folder / "scored.jsonl").read_text().splitlines()]
    assert [line["text"] for line in lines] == ["", "Hm"]
    assert lines[0]["score"] is None
    assert "texts without evidence, their score is null" in capsys.readouterr().err


def test_a_trained_model_is_not_replaced_unasked(folder, capsys):
    records = f"records={folder / 'records.jsonl'}"
    assert run_cli("train", records, "-o", folder / "model", "--from-scratch", "tiny") == 2
    assert "pass --overwrite" in capsys.readouterr().err


@pytest.mark.parametrize("options, message", [
    (("--task", "answer", "--answering", "0.5"), "--answering is for --task pair"),
    (("--unanswerable", "1"), "--unanswerable"),
])  # fmt: skip
def test_shares_that_mean_nothing_are_refused(folder, capsys, options, message):
    records = f"records={folder / 'records.jsonl'}"
    assert run_cli("train", records, "-o", folder / "none", "--from-scratch", "tiny", *options) == 2
    assert message in capsys.readouterr().err
    assert not (folder / "none").exists()


def test_a_limit_counts_what_is_learnt(files):
    data = [f"records={files / 'records.jsonl'}"]
    assert [len(read_named(data[0], QAGenTraining(limit=2, unanswerable=share))) for share in (0.0, 0.3)] == [2, 2]
