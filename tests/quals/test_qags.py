"""QAGS: answer candidates by shape, its four steps, the models it is made of, and the command."""

import json
import math

import pytest
from quals_cli import run_cli

from quals.answers import answer_candidates
from quals.pairs import Pair
from quals.qagen import QAGen
from quals.qags import QAGS, QAGSSettings, fault
from quals.train import QAGenTraining, train_qagen
from quals.writer import TASKS, Writer
from tabtext.candidates import Candidate
from tabtext.errors import InputError
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record

MILL = "The mill of Calder Bay was built in 1874. Mara Lindqvist bought it for $5 million in May 1990."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (MILL, ["mill", "Calder Bay", "built", "1874", "Mara Lindqvist", "$5 million", "May 1990"]),
        ("Otto walked his old dog on 12 May 2016.", ["Otto", "old dog", "12 May 2016"]),
        ("Norvik won 28-24, which 12.5 % of 1,874 people saw.", ["Norvik", "28-24", "12.5 %", "1,874"]),
        ("It is a low-priced French pub.", ["low-priced French pub", "French"]),
        ("She joined the Bank of the West and Ursula von der Aue left.", ["Bank of the West", "Ursula von der Aue"]),
        ("J. R. Brand's boat, the Calder 747, has three masts.", ["J. R. Brand", "boat", "Calder 747", "three masts"]),
        ("the old mill was sold to a farmer .", ["old mill", "sold", "farmer"]),
        ("storms hit northern villages", ["storms hit northern", "villages"]),
        ("Calder Bay met Calder Bay.", ["Calder Bay"]),
        ("He said that she was.", []),
        ("北京 hosted the games.", ["北京", "games"]),
        ("?! ...", []),
        ("", []),
    ],
)
def test_answer_candidates(text, found):
    assert [text[start:end] for start, end in answer_candidates(text)] == found


def test_names_and_dates_come_first_when_there_is_no_room():
    assert [MILL[start:end] for start, end in answer_candidates(MILL, 3)] == ["Calder Bay", "1874", "May 1990"]


class Fake:
    """Stands for a `Writer`: what it writes is a function of source and pair; it counts what it was asked."""

    def __init__(self, write):
        self.one, self.asked = write, 0

    def write(self, inputs, *, beams, each=1):
        for source, pair in inputs:
            self.asked += 1
            yield [Candidate(text, -float(rank)) for rank, text in enumerate(self.one(source, pair))][:each]


def look_up(source, pair):
    """Answers a question of the form `Which … after WORD?` with the word after WORD."""
    words = source.rstrip(".").split()
    before = pair.question.rstrip("?").split()[-1]
    return [words[words.index(before) + 1] if before in words[:-1] else "nothing"]


def ask(source, pair):
    words = source.rstrip(".").split()
    place = words.index(pair.answer)
    return [f"Which word comes after {words[place - 1]}?", "Which?", f"Which word is {pair.answer}?"]


def test_the_four_steps():
    asker, answerer = Fake(ask), Fake(look_up)
    qags = QAGS(asker, answerer, QAGSSettings(answers=10, beams=3))
    source = "In 1874 people built Norvik for Otto."
    report, other = qags.reports([(source, "They built Norvik for Mara."), (source, "In 1874 people built Norvik.")])
    assert [(a.question, a.answer, a.from_source, a.from_text, a.f1) for a in report.asked] == [
        ("Which word comes after built?", "Norvik", "Norvik", "Norvik", 1.0),
        ("Which word comes after for?", "Mara", "Otto", "Mara", 0.0),
    ]
    assert report.score == 0.5 and other.score == 1.0
    assert report.dropped == {"no question": 2, "tells its answer": 2}
    assert asker.asked == 4 and qags(source, ["They built Norvik for Mara."]) == [0.5]


def test_the_likeliest_questions_stay_and_the_text_must_answer_as_expected():
    qags = QAGS(Fake(ask), Fake(lambda source, pair: ["Otto"]), QAGSSettings(questions=1))
    (report,) = qags.reports([("s", "They built Norvik for Otto.")])
    assert not report.asked and math.isnan(report.score) and report.to_json()["score"] is None
    assert report.dropped["less likely"] == 1 and report.dropped["the text answers otherwise"] == 1


@pytest.mark.parametrize("text", ["", "He said that she was.", "?"])
def test_nothing_to_ask_is_no_evidence(text):
    assert math.isnan(QAGS(Fake(ask), Fake(look_up))("a source", [text])[0])


def test_the_same_question_is_answered_once_per_source():
    asker, answerer = Fake(lambda source, pair: ["Which word comes after built?"]), Fake(look_up)
    texts = ["We built Norvik and Osk."] * 50
    assert QAGS(asker, answerer)("They built Norvik.", texts) == [1.0] * 50
    assert answerer.asked == 2


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        ("Who built the mill?", "Otto", None),
        ("Who built the mill", "Otto", "no question"),
        ("Who built?", "Otto", "no question"),
        ("Who is the Otto?", "Otto", "tells its answer"),
    ],
)
def test_faults(question, answer, reason):
    assert fault(Pair(question, answer)) == reason


@pytest.fixture(scope="module")
def squad(tmp_path_factory):
    """Twenty sentences with a question each, in SQuAD's shape."""
    names, places = ("Otto", "Mara", "Ida", "Karl", "Lena"), ("Norvik", "Osk", "Calder", "Tarn")
    paragraphs = [
        {
            "context": f"{name} lives in {place} by the sea.",
            "qas": [{"question": f"Where does {name} live?", "answers": [{"text": place, "answer_start": -1}]}],
        }
        for name in names
        for place in places
    ]
    file = tmp_path_factory.mktemp("squad") / "train.json"
    file.write_text(json.dumps({"data": [{"title": "People", "paragraphs": paragraphs}]}))
    return file


@pytest.fixture(scope="module")
def models(squad, tmp_path_factory):
    """The folders of an asker and an answerer, hardly trained, and of a question-answer generator."""
    folder = tmp_path_factory.mktemp("models")
    how = QAGenTraining(from_scratch="tiny", epochs=1, batch_size=10, max_length=96, task="question")
    train_qagen([f"squad={squad}"], folder / "question", how)
    seq2seq = Writer.from_pretrained(folder / "question", "question").seq2seq
    Writer(seq2seq, "answer", 96).store()
    seq2seq.save(folder / "answer")
    del seq2seq.model.config.quals_task
    QAGen(seq2seq, 96).store()
    seq2seq.save(folder / "pair")
    return folder


def test_inputs_and_targets(models):
    writer = Writer.from_pretrained(models / "answer", "answer")
    decode = writer.seq2seq.tokenizer.decode
    pair = Pair("Where does Otto live?", "Norvik")
    (window,) = writer.windows("Otto lives in Norvik.", pair)
    assert decode(window) == "Where does Otto live?<sep> Otto lives in Norvik.</s>"
    assert decode(writer.target(pair)) == "Norvik</s>" and writer.max_length == 96
    (fact,) = writer.windows(Record.from_triples([("Otto", "livesIn", "Norvik")]), pair)
    assert decode(fact) == "Where does Otto live?<sep><row> Otto<cell> lives in<value> Norvik</s>"
    many = writer.windows("Otto lives in Norvik. " * 50, pair)
    assert len(many) > 3 and all(len(one) <= 96 and one[: len(window) - 10] == window[:-10] for one in many)
    long = writer.windows("Otto.", Pair("Where </s> does Otto live? " * 40, ""))
    assert len(long) == 1 and len(long[0]) <= 96 and long[0].count(writer.seq2seq.tokenizer.eos_token_id) == 1


def test_a_model_without_our_tokens_gets_words(tmp_path, tokenizer):
    from tabtext.models import from_scratch

    made = from_scratch("tiny", [MILL, "question: context: answer:"])
    made.save(tmp_path / "plain")
    asker, answerer = (Writer.from_pretrained(tmp_path / "plain", task) for task in TASKS)
    pair, record = Pair("Who bought it?", "Mara"), Record.from_mr("name[Aromi], food[French]")
    assert asker.seq2seq.tokenizer.decode(asker.windows(MILL, pair)[0]).startswith("answer: Mara context: The mill of")
    said = answerer.seq2seq.tokenizer.decode(answerer.windows(record, pair)[0])
    assert said == "question: Who bought it? context: name: Aromi; food: French</s>"


def test_models_of_another_task(models):
    with pytest.raises(InputError, match="writes questions, where a model for answers is needed; make one with"):
        QAGS.from_pretrained(models / "question", models / "question")
    with pytest.raises(InputError, match="writes pairs, where a model for questions is needed"):
        QAGS.from_pretrained(models / "pair", models / "answer")
    with pytest.raises(InputError, match="Unknown task 'pairs'; known: answer, pair, question"):
        train_qagen([], models / "x", QAGenTraining(task="pairs"))


def test_what_is_written_does_not_depend_on_the_batch(models):
    writer = Writer.from_pretrained(models / "question", "question")
    inputs = [("Otto lives in Norvik.", Pair("", "Norvik")), (f"{MILL} " * 9, Pair("", "1874")), (MILL, Pair("", "it"))]
    together = list(writer.write(inputs, beams=3, each=3))
    for one, found in zip(inputs, together, strict=True):
        (alone,) = writer.write([one], beams=3, each=3)
        assert [c.text for c in alone] == [c.text for c in found]
        assert [c.logprob for c in alone] == pytest.approx([c.logprob for c in found], abs=1e-3)
    assert all(len({c.text for c in found}) == len(found) <= 3 for found in together)
    assert all(found[0].logprob >= found[-1].logprob for found in together)


def test_the_command(models, tmp_path, capsys):
    both = ("--asker", models / "question", "--answerer", models / "answer", "--beams", 2)
    lines = [{"id": "a", "source": MILL, "text": "Otto lives in Norvik."}, {"id": "b", "mr": "name[Otto]", "text": ""}]
    write_jsonl(tmp_path / "items.jsonl", [*lines, {"text": "x"}])
    assert run_cli("qags", tmp_path / "items.jsonl", *both, "-o", tmp_path / "out.jsonl", "--explain") == 2
    assert "line 3: needs 'source', 'table', 'record'" in capsys.readouterr().err
    assert run_cli("qags", tmp_path / "items.jsonl", *both, "-o", tmp_path / "out.jsonl", "--on-error", "skip") == 0
    first, second = read_jsonl(tmp_path / "out.jsonl")
    assert first["id"] == "a" and (first["score"] is None or 0 <= first["score"] <= 1)
    assert second["score"] is None and second["n_questions"] == 0 and "without evidence" in capsys.readouterr().err
    assert "questions" not in second
    assert run_cli("qags", *both, "--source", "Otto lives in Osk.", "--text", "", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == {"text": "", "score": None, "n_questions": 0}
    assert run_cli("qags", *both, "--source", MILL, "--text", "", "--format", "json", "--explain") == 0
    told = {"text": "", "score": None, "n_questions": 0, "questions": [], "dropped": {}}
    assert json.loads(capsys.readouterr().out) == told
    pair = ("--source", "Otto lives in Osk.", "--text", "He was there.")
    assert run_cli("qags", *both, *pair, "--explain") == 0
    assert capsys.readouterr().out.startswith("no evidence")
    assert run_cli("qags", *pair) == 2 and "pass --asker and --answerer" in capsys.readouterr().err
