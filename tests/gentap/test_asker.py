"""The asker: what it reads, what it drops and why, the commands, and the same bytes after a kill."""

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from gentap.asker import Asker, AskerTraining, Asking, ask, asker_inputs, train_asker
from gentap.asker_data import (
    MIN_HEADER_USES,
    STRUCTURE,
    AskerExample,
    AskerInput,
    Entry,
    asker_examples,
    learnt_headers,
    source_ids,
    spoken_header,
)
from gentap.mentions import read_mention
from gentap.question_filters import FAULTS, degenerate, names_another
from tabtext.corpora.squad import ReadingExample, read_squad
from tabtext.errors import InputError
from tabtext.jsonl import Line, read_jsonl, write_jsonl
from tabtext.stages import Options
from tabtext.tokenizers import TextCodec, train_tokenizer

PAIRS = Path(__file__).parents[2] / "examples" / "asker_pairs.json"
CONTEXT = "Norvik lies on the coast. Mara Lindqvist of Norvik won the 2016 regatta with 24 points. It rained."
TABLE = {
    "title": "Regattas",
    "header": ["Year", "Winner", "Points"],
    "rows": [["2015", "Otto Brand", "19"], ["2016", "Mara Lindqvist", "24"]],
}
SENTENCE = "Mara Lindqvist won the 2016 regatta with 24 points."
MENTION = {"sentence": SENTENCE, "cells": [[1, 0], [1, 1], [1, 2]], "row": 1, "table": TABLE, "page": {"url": "p"}}


def made(question, answer, context=CONTEXT):
    counts = Counter()
    example = ReadingExample(context, question, answer, context.find(answer), "Regattas")
    return list(asker_examples([example], random.Random(1), counts)), counts


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        ("Who won the 2016 regatta?", "Mara Lindqvist", "kept"),
        ("Who won the 2017 regatta?", "Mara Lindqvist", "names what the sentence does not"),
        ("Who won the 2016 regatta in Paris?", "Mara Lindqvist", "names what the sentence does not"),
        ("Who won the 2016 regatta", "Mara Lindqvist", "no question mark"),
        ("What happened?", "Mara Lindqvist", "shares nothing with the sentence"),
        ("Who won the 2016 regatta?", "24 points. It rained", "answer not inside one sentence"),
    ],
)
def test_pairs_are_kept_or_dropped_with_a_reason(question, answer, reason):
    examples, counts = made(question, answer)
    assert counts[reason] == 1 and len(examples) == (reason == "kept")


def test_a_pair_has_the_sentence_the_answer_asked_for_and_names_given():
    for seed in range(20):
        example = next(iter(asker_examples(
            [ReadingExample(CONTEXT, "How many points did Mara Lindqvist have?", "24", CONTEXT.find("24"), "Regattas")],
            random.Random(seed), Counter(),
        )))  # fmt: skip
        assert example.source.sentence == "Mara Lindqvist of Norvik won the 2016 regatta with 24 points."
        assert example.source.asked.value == "24" and example.source.asked.header in ("points did", "points", "")
        assert {entry.value for entry in example.source.given} <= {"Mara Lindqvist of Norvik", "2016", "Regattas"}


SOURCE = AskerInput(SENTENCE, Entry("Points", "24"), (Entry("Winner", "Mara Lindqvist"), Entry("title", "Regattas")))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many points did Mara Lindqvist have?", None),
        ("In what year did Mara Lindqvist win the regatta?", None),
        ("How many points did Mara Lindqvist have", "no question mark"),
        ("How many points?", "too short or too long"),
        ("How " + "very " * 45 + "many?", "too short or too long"),
        ("Did Mara Lindqvist win the regatta?", "no question word"),
        ("How many points points did she have?", "repeats itself"),
        ("How many points did the points did the points have?", "repeats itself"),
        ("What is the regagagagatta of Mara?", "repeats itself"),
        ("How many times did 24 points win?", "tells the answer"),
        ("How many points did Otto Brand have?", "names what the sentence does not"),
        ("How many points did she have in 2017?", "names what the sentence does not"),
        ("What barley harvest reglatted Mara Lindqvist?", "in other words than the sentence"),
        ("Who won the regatta of Mara Lindqvist?", "asks for another kind of answer"),
    ],
)
def test_degenerate_questions_have_a_reason(question, reason):
    assert degenerate(question, SOURCE) == reason
    assert reason is None or reason in FAULTS


@pytest.mark.parametrize("question", ["How many winner won the regatta?", "When was the regatta won?"])
def test_a_name_answers_neither_how_many_nor_when(question):
    source = AskerInput(SENTENCE, Entry("Winner", "Mara Lindqvist"))
    assert degenerate(question, source) == "asks for another kind of answer"
    assert degenerate("Who won the regatta?", source) is None


def test_a_question_that_is_the_sentence_is_a_copy():
    source = AskerInput("Nobody knew who won the regatta.", Entry("", "Nobody"))
    assert degenerate("who won the regatta?", source) == "copies the sentence"


def test_structure_is_ours_whatever_the_cells_say():
    codec = TextCodec(train_tokenizer([SENTENCE], size=400, structure=STRUCTURE))
    hostile = AskerInput("A </s> <sentence> B", Entry("<ask>", "<value>"), (Entry("<entry>", "<pad>"),))
    ids = source_ids(codec, [SOURCE, hostile], 192)
    ask_, entry, value, sentence = map(codec.id, STRUCTURE)
    for row, given in zip(ids, (2, 1), strict=True):
        structure = [i for i in row if i in codec.special_ids]
        assert structure == [ask_, value, *[entry, value] * given, sentence, 1]
    assert codec.decode([ids[1]]) == ["<ask> <value> <entry> <pad> A </s> <sentence> B"]


def test_what_is_too_long_loses_given_entries_first_and_is_counted():
    codec = TextCodec(train_tokenizer([SENTENCE], size=400, structure=STRUCTURE))
    whole = source_ids(codec, [SOURCE], 192)[0]
    shorter = source_ids(codec, [SOURCE], len(whole) - 1)[0]
    assert shorter.count(codec.id("<entry>")) == 1 and shorter[-1] == 1
    assert len(source_ids(codec, [SOURCE], 12)[0]) == 12
    assert codec.counts["shortened"] == 2


def test_each_matched_cell_is_asked_for_and_the_others_are_given():
    mention = read_mention(Line("mentions", 1, json.dumps(MENTION).encode()))
    asked = {tuple(cell): source for cell, source in asker_inputs(mention)}
    assert asked[1, 2].asked == Entry("Points", "24")
    assert asked[1, 2].given == (Entry("title", "Regattas"), Entry("Year", "2016"), Entry("Winner", "Mara Lindqvist"))
    assert set(asked) == {(1, 0), (1, 1), (1, 2)}


@pytest.mark.parametrize(
    ("header", "value", "spoken"),
    [
        ("Team", "Norvik", "team"),
        ("Home Teams", "Norvik", "team"),
        ("First elected", "2006", "year"),
        ("Opened", "6 August 2010", "date"),
        ("Draw date", "6 August", "date"),
        ("Viewers", "1,204", "number"),
        ("Skipper", "Mara Lindqvist", ""),
    ],
)
def test_a_header_is_said_in_words_that_were_learnt(header, value, spoken):
    assert spoken_header(header, value, {"team", "date"}) == spoken


def test_headers_are_learnt_from_enough_pairs():
    pair = AskerExample(SOURCE, "How many points did Mara Lindqvist have?")
    assert learnt_headers([pair] * (MIN_HEADER_USES - 1)) == []
    assert learnt_headers([pair] * MIN_HEADER_USES) == ["Points", "Winner", "title"]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How many points did Mara Lindqvist have?", True),
        ("How many points were made in 2016?", True),
        ("How many points did Mara have?", False),
        ("How many points did she have?", False),
    ],
)
def test_a_question_of_a_row_names_another_of_its_cells(question, names):
    assert names_another(question, ["Mara Lindqvist", "2016", "–"]) is names


@pytest.mark.parametrize("answer", ["2014", "6 August 2010"])
def test_a_date_is_no_amount(answer):
    source = AskerInput(SENTENCE, Entry("", answer))
    assert degenerate("How many regatta did Mara Lindqvist win?", source) == "asks for another kind of answer"
    assert degenerate("When did Mara Lindqvist win the regatta?", source) is None


@pytest.fixture(scope="module")
def asker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asker")
    how = AskerTraining(from_scratch="tiny", epochs=20, limit=200, batch_size=16)
    report = train_asker([PAIRS], folder, how)
    assert report.dev_loss is not None
    return folder


@pytest.fixture
def mentions(tmp_path):
    records = []
    for example in list(read_squad(PAIRS))[:66]:
        table = {"header": ["Name", "Other"], "rows": [[example.answer, "x"]]}
        records.append({"sentence": example.context, "cells": [[0, 0]], "row": 0, "table": table})
    write_jsonl(tmp_path / "mentions.jsonl", records)
    return tmp_path / "mentions.jsonl"


def test_asking_gives_the_mention_with_its_question_and_counts_the_rest(asker, mentions, tmp_path, capsys):
    counts = ask(mentions, Options(tmp_path / "out.jsonl"), model=str(asker), how=Asking(per_sentence=2, any_row=True))
    records = list(read_jsonl(tmp_path / "out.jsonl"))
    assert counts["in"] == 66 and counts["out"] == len(records) > 0
    assert counts["sentence without a question"] + len({r["sentence"] for r in records}) >= 20
    for record in records:
        assert record["question"].endswith("?") and record["asked"] == [0, 0] and record["logprob"] < 0
        assert record["table"]["header"] == ["Name", "Other"]
    assert "ask: 66 sentences in" in capsys.readouterr().err


def test_an_asker_reads_as_much_as_it_learnt_to_and_by_default_192_tokens(asker, tmp_path, monkeypatch):
    read = []

    def noted(codec, sources, max_length):
        read.append(max_length)
        return source_ids(codec, sources, max_length)

    monkeypatch.setattr("gentap.asker.source_ids", noted)
    folder, older = tmp_path / "short", tmp_path / "older"
    train_asker([PAIRS], folder, AskerTraining(from_scratch="tiny", epochs=1, limit=40, max_length=40))
    shutil.copytree(asker, older)
    config = json.loads((asker / "config.json").read_text())
    assert config.pop("asker_max_length") == 192
    (older / "config.json").write_text(json.dumps(config))
    mention = read_mention(Line("mentions", 1, json.dumps(MENTION).encode()))
    read.clear()
    for model in (folder, older):
        list(Asker(str(model))([mention], [random.Random(1)], Counter()))
    assert read == [40, 192]


@pytest.mark.parametrize("how", [Asking(any_row=True), Asking(sample=True, any_row=True)])
def test_a_run_that_goes_on_gives_the_bytes_of_an_unbroken_one(asker, mentions, tmp_path, how):
    ask(mentions, Options(tmp_path / "whole.jsonl"), model=str(asker), how=how)
    lines = mentions.read_text().splitlines(keepends=True)
    mentions.write_text("".join([*lines[:64], "{broken\n"]))
    with pytest.raises(InputError):
        ask(mentions, Options(tmp_path / "out.jsonl"), model=str(asker), how=how)
    mentions.write_text("".join(lines))
    ask(mentions, Options(tmp_path / "out.jsonl"), model=str(asker), how=how)
    whole = (tmp_path / "whole.jsonl").read_bytes()
    assert whole and (tmp_path / "out.jsonl").read_bytes() == whole


BAD = [
    ({**MENTION, "cells": [[5, 0]]}, "every cell of 'cells' inside the table"),
    ({**MENTION, "cells": "1,0"}, "a mention needs"),
    ({**MENTION, "sentence": 7}, "'sentence' must be text"),
    ({"sentence": SENTENCE}, "a mention needs"),
    ({**MENTION, "table": "t1"}, "a mention needs"),
]


@pytest.mark.parametrize(("record", "said"), BAD)
def test_a_line_that_is_no_mention_is_named(record, said):
    with pytest.raises(InputError, match=rf"mentions, line 3: .*{said}"):
        read_mention(Line("mentions", 3, json.dumps(record).encode()))


def gentap(*arguments):
    command = [sys.executable, "-c", "from gentap.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path):
    (tmp_path / "m.jsonl").write_text("")
    (tmp_path / "squad.json").write_text('{"questions": []}')
    for arguments, said in (
        (("ask", tmp_path / "m.jsonl", "--model", tmp_path / "nowhere"), "no such folder"),
        (("train-asker", tmp_path / "squad.json", "--output", tmp_path / "a"), "expected SQuAD JSON"),
        (("train-asker", tmp_path / "none.json", "--output", tmp_path / "a"), "no such file"),
    ):
        done = gentap(*arguments)
        assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
