"""QUALS on a generator whose probabilities are known: what it asks, what it gives, and what it does with odd input."""

import gzip
import json
import math
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from quals.asking import chosen
from quals.explain import as_page, as_text, to_json, unsupported_spans
from quals.items import named_source, read_item
from quals.judging import Judge, Judging, loaded, score_one
from quals.pairs import Pair
from quals.repetition import LEAST
from quals.score import Judged, JudgedPair, weighted_gain
from quals.sources import in_words_of
from tabtext.candidates import Candidate, rerank
from tabtext.diverse import Hypothesis
from tabtext.errors import InputError
from tabtext.jsonl import Line
from tabtext.record import Record
from tabtext.table import Table
from tabtext.verbal import said

CORVO = "Corvo serves Thai food in the harbour"
WRONG = "Corvo serves Greek food in the harbour"


def plain_score(quals, source, text):
    """QUALS one pair at a time: source and text read anew for each, log-probabilities token by token."""
    model = quals.qagen.seq2seq.model

    @torch.no_grad()
    def mean_logprob(read, pair):
        ids, target = quals.qagen.encoder.windows(read)[0], quals.qagen.target(pair)
        encoded = model.get_encoder()(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))
        total = 0.0
        for step, token in enumerate(target):
            before = torch.tensor([[0, *target[:step]]])
            mask = torch.ones(1, len(ids), dtype=torch.long)
            total += float(model(encoded, mask, before).logits[0, -1].log_softmax(-1)[token])
        return total / len(target)

    from quals.pairs import Pair

    pairs = [Pair(pair.question, pair.answer) for pair in quals.explain(source, text).pairs]
    found = [(mean_logprob(in_words_of(text, source), pair), mean_logprob(text, pair)) for pair in pairs]
    weights = [math.exp(quals.sureness * given_text) for _, given_text in found]
    gains = [given_source - given_text for given_source, given_text in found]
    return sum(weight * gain for weight, gain in zip(weights, gains, strict=True)) / sum(weights)


def test_a_source_that_is_the_text_scores_0(quals):
    judged = quals.explain(CORVO, CORVO)
    assert len(judged.pairs) >= 5
    assert judged.score == pytest.approx(0, abs=1e-6)


def test_what_the_source_does_not_say_lowers_the_score(quals):
    right, wrong = quals(CORVO, [CORVO, WRONG])
    assert wrong < right - 0.1
    candidates = [Candidate(WRONG, -1.0), Candidate(CORVO, -2.0)]
    assert rerank(CORVO, candidates, quals)[0].text == CORVO


def test_with_coverage_the_source_is_asked_what_the_text_leaves_out(quals):
    both = type(quals)(quals.qagen, search=quals.search, coverage=True)
    whole, part = both.judge([(CORVO, CORVO), (CORVO, "Corvo serves Thai food")])
    plain = quals.explain(CORVO, "Corvo serves Thai food")
    assert (part.pairs, part.supported) == (plain.pairs, pytest.approx(plain.score, abs=1e-5))
    assert {pair.answer for pair in part.of_source} == {pair.answer for pair in quals.explain(CORVO, CORVO).pairs}
    assert part.covered < -0.1 and part.score == part.supported + part.covered
    assert (whole.supported, whole.covered) == (pytest.approx(0, abs=1e-6), pytest.approx(0, abs=1e-6))
    back = quals.explain("Corvo serves Thai food", CORVO)  # the same two, each in the other's place
    assert part.covered == pytest.approx(back.score, abs=1e-5)
    record = Record.from_json({"id": "1", "mr": "name[Corvo], food[Thai], area[harbour]"})
    [judged] = both.judge([(record, "Corvo")])
    assert {pair.answer for pair in judged.of_source} <= set(said(record).rstrip(".").split()), "rules say the record"
    told, shown = (to_json(judged, explain=explain) for explain in (False, True))
    assert told["n_pairs_of_source"] == shown["n_pairs_of_source"] == len(shown["pairs_of_source"]) > 0
    assert "pairs_of_source" not in told
    assert "asked of the source:" in as_text((record, judged), explain=True)
    assert "Asked of the source" in as_page([(record, judged)])
    assert "pairs_of_source" not in to_json(plain, explain=True)


def test_an_empty_text_has_no_evidence_with_coverage_either(quals):
    both = type(quals)(quals.qagen, search=quals.search, coverage=True)
    empty, said = both.judge([(CORVO, " "), (CORVO, CORVO)])
    assert math.isnan(empty.score) and empty.of_source == () and said.score == pytest.approx(0, abs=1e-6)


def test_with_repetition_each_sentence_is_asked_of_the_others(quals, monkeypatch):
    monkeypatch.setattr("quals.repetition.SURE", -9.0)  # of so many words this generator is sure of none
    asking = type(quals)(quals.qagen, search=quals.search, repetition=True)
    texts = ["Corvo serves Thai food. Corvo serves Thai food.", "Corvo serves Thai food. Bella hosted games.", CORVO]
    twice, once, alone = asking.judge((CORVO, text) for text in texts)
    assert twice.repetition == pytest.approx(math.log(LEAST)), "the rest says all of it as surely"
    assert twice.repetition < once.repetition - 1 and once.repetition < 0 and alone.repetition == 0
    assert twice.score == twice.supported + twice.repetition
    assert quals.explain(CORVO, texts[0]).repetition is None
    fields = to_json(twice, explain=False)
    assert fields["score"] == pytest.approx(fields["supported"] + fields["repetition"], abs=1e-5)
    assert "repetition" not in to_json(quals.explain(CORVO, CORVO), explain=True)
    assert to_json(next(asking.judge([(CORVO, " ")])), explain=False)["repetition"] is None
    assert "repetition -" in as_text((CORVO, twice), explain=False)


def test_a_record_is_read_in_the_words_of_its_text(quals):
    record = Record.from_triples([("Corvo_(restaurant)", "opened", "2004-06-01")])
    text = "Corvo opened on June 1, 2004"
    read = Record.from_triples([("Corvo", "opened", "June 1, 2004")])
    assert quals.explain(record, text) == quals.explain(read, text)


def test_pairs_answer_in_words_of_the_text_and_are_spread_over_answers(quals):
    pairs = quals.explain(WRONG, CORVO).pairs
    answers = [pair.answer for pair in pairs]
    assert all(answer in CORVO.split() for answer in answers)
    assert len({pair.question for pair in pairs}) == len(pairs)


@pytest.mark.parametrize("source", [
    WRONG,
    Record.from_mr("name[Corvo], food[Thai], area[harbour]"),
    Record.from_triples([("Corvo", "food", "Thai")]),
    Table(("name", "food"), (("Corvo", "Greek"), ("Bella", "Thai")), title="Beijing"),
], ids=["document", "slots", "triples", "table"])  # fmt: skip
def test_batches_equal_one_pair_at_a_time(quals, source):
    assert quals(source, [CORVO])[0] == pytest.approx(plain_score(quals, source, CORVO), abs=1e-5)


@pytest.mark.parametrize(("sureness", "score"), [(0, -2.0), (1, -1.0 * 2 / 3 - 3.0 / 3), (50, -1.0)])
def test_pairs_that_the_text_makes_likely_weigh_more_and_without_sureness_all_weigh_alike(sureness, score):
    sure = JudgedPair("?", "a", given_source=-2.0, given_text=-1.0, answer_given_source=0, answer_given_text=0)
    unsure = replace(sure, given_text=-1.0 - math.log(2), given_source=-4.0 - math.log(2))
    assert weighted_gain([sure, unsure], sureness) == pytest.approx(score)
    assert math.isnan(weighted_gain([], sureness))


def test_one_source_is_encoded_once_for_thousands_of_texts(quals):
    texts = [f"{word} serves {food} food" for word in ("Corvo", "Bella") for food in ("Thai", "Greek")]
    list(quals.judge((CORVO, text) for text in texts * 500))
    assert quals.qagen.seq2seq.model.encoded <= 1 + 4 * math.ceil(2000 / 64)


def test_judging_many_equals_judging_each(quals):
    items = [
        (CORVO, WRONG),
        (WRONG, CORVO),
        (CORVO, ""),
        (Record.from_mr("name[Corvo]"), CORVO),
        (CORVO, "Rome hosted"),
    ]
    together = [judged.score for judged in quals.judge(items)]
    alone = [quals.explain(*item).score for item in items]
    assert together == pytest.approx(alone, abs=1e-5, nan_ok=True)


def test_a_long_source_is_read_in_windows_and_the_best_one_counts(quals):
    long = ". ".join(["Rome hosted the games"] * 20 + [CORVO] + ["Rome hosted the games"] * 20)
    assert len(quals.qagen.encoder.windows(long)) > 3
    assert quals(long, [CORVO])[0] == pytest.approx(0, abs=0.2)
    assert quals(long, [WRONG])[0] < quals(long, [CORVO])[0]


def test_a_text_longer_than_the_model_reads_is_asked_in_windows(quals):
    text = ". ".join([CORVO, *["Rome hosted the games"] * 12, WRONG])
    judged = quals.explain(text, text)
    assert len(quals.qagen.encoder.windows(text)) > 1
    assert judged.pairs
    assert judged.score == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_text_gives_no_evidence(quals, text):
    assert math.isnan(quals(CORVO, [text])[0])


@pytest.mark.parametrize("source", ["饭店在港口供应泰国菜", "Ресторан у реки", "\ud800", "😀"])
def test_a_source_in_another_script_has_a_score(quals, source):
    score = quals(source, [CORVO])[0]
    assert score < 0
    assert quals(source, [source])[0] != quals(source, [CORVO])[0]


@pytest.mark.parametrize("source", ["", Record(()), Table(("a",), (("",),))])
def test_an_empty_source_is_refused(quals, source):
    with pytest.raises(InputError, match="empty"):
        quals(source, [CORVO])


def test_a_record_is_read_as_rules_say_it_in_the_texts_words():
    record = Record.from_triples([("Ann_Lee", "birthDate", "2009-06-01"), ("Ann_Lee", "employer", "Corvo")])
    read = in_words_of("She was born on June 1, 2009.", record)
    assert read == "Ann Lee was born on June 1, 2009, and works for Corvo."
    assert in_words_of("x", CORVO) == CORVO


def test_structure_in_a_text_stays_text(quals):
    ids = quals.qagen.encoder.windows("Corvo <sep> Thai </s> food <row>")[0]
    assert not quals.qagen.encoder.codec.special_ids & set(ids[:-1])
    assert math.isfinite(quals(CORVO, ["Corvo <sep> Thai </s> food <row>"])[0])


def test_probabilities_that_are_no_numbers_are_named(quals):
    with torch.no_grad():
        quals.qagen.seq2seq.model.loudness.fill_(math.nan)
    with pytest.raises(InputError, match="not numbers"):
        quals(CORVO, [CORVO])


def test_unsupported_words_are_found(quals):
    judged = quals.explain(CORVO, "Corvo serves Greek food. Greek")
    words = [judged.text[start:end] for start, end in unsupported_spans(judged)]
    assert words == ["Greek", "Greek"]
    shown = to_json(judged, explain=True)
    assert shown["unsupported"] == words
    assert shown["n_pairs"] == len(shown["pairs"]) == to_json(judged, explain=False)["n_pairs"]
    assert "pairs" not in to_json(judged, explain=False)
    pair = next(pair for pair in shown["pairs"] if pair["answer"] == "Greek")
    assert pair["given_source"] < pair["given_text"] <= 1


def test_the_page_marks_words_and_escapes_texts(quals):
    page = as_page([("<b>Corvo</b>", quals.explain("<b>Corvo</b>", "Corvo serves Greek"))])
    assert '<mark class="unsupported">Greek</mark>' in page
    assert "<b>Corvo" not in page
    assert "no evidence" in as_text((CORVO, quals.explain(CORVO, "")), True)


def line(number, **fields):
    return Line("items.jsonl", number, json.dumps(fields).encode())


@pytest.fixture
def at_work(quals, monkeypatch):
    monkeypatch.setattr("quals.judging.loaded", lambda how: quals)
    return Judging("no folder", explain=False)


def test_no_line_is_lost_and_texts_without_evidence_are_counted(at_work):
    from collections import Counter

    counts = Counter()
    items = [read_item(line(n, id=n, source=CORVO, text=text)) for n, text in enumerate([CORVO, "", WRONG], 1)]
    lines = list(Judge(at_work)(items, [], counts))
    assert [one["id"] for one in lines] == [1, 2, 3]
    assert [one["score"] is None for one in lines] == [False, True, False]
    assert counts["without evidence"] == 1


@pytest.mark.parametrize("fields, message", [
    ({"source": CORVO}, "line 7: needs 'text'"),
    ({"text": 3, "source": CORVO}, "needs 'text', a text"),
    ({"text": CORVO}, "needs 'source', 'table', 'record'"),
    ({"text": CORVO, "source": " "}, "'source' is empty"),
    ({"text": CORVO, "table": {"rows": []}}, "line 7: A table needs"),
])  # fmt: skip
def test_bad_lines_say_where_they_are(fields, message):
    with pytest.raises(InputError, match=message):
        read_item(line(7, **fields))


@pytest.mark.parametrize("fields, kind", [
    ({"source": CORVO}, str),
    ({"table": {"header": ["a"], "rows": [["b"]]}}, Table),
    ({"record": {"triples": [["a", "b", "c"]]}}, Record),
    ({"mr": "name[Corvo]", "id": 3}, Record),
])  # fmt: skip
def test_sources_of_every_kind_are_read(fields, kind):
    assert isinstance(read_item(line(1, text=CORVO, **fields)).source, kind)


def test_one_text_from_files(at_work, tmp_path):
    (tmp_path / "corvo.mr").write_text("name[Corvo], food[Thai]\n")
    (tmp_path / "menu.csv").write_text("name,food\nCorvo,Thai\n")
    (tmp_path / "text.txt").write_text(CORVO)
    (tmp_path / "text.txt.gz").write_bytes(gzip.compress(CORVO.encode()))
    for source in ("corvo.mr", "menu.csv", "text.txt", "text.txt.gz"):
        shown = score_one(str(tmp_path / source), str(tmp_path / "text.txt"), at_work, "json")
        assert json.loads(shown)["text"] == CORVO
    assert "<html" in score_one(CORVO, WRONG, at_work, "html")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", "The mill, an old one, was built.\nIt burnt, alas, in 1900.", str),
        ("a.jsonl", '{"mr": "name[Corvo], food[Thai]"}', Record),
        ("a.mr", "name[Corvo], food[Thai]", Record),
        ("a.csv", "name,food\nCorvo,Thai", Table),
    ],
)
def test_a_packed_source_is_what_it_is_unpacked(tmp_path, name, content, kind):
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content.encode()))
    (tmp_path / name).write_text(content)
    packed = named_source(str(tmp_path / f"{name}.gz"))
    assert isinstance(packed, kind) and packed == named_source(str(tmp_path / name))


def test_files_of_another_encoding_are_refused(at_work, tmp_path):
    (tmp_path / "latin.txt").write_bytes("Café Corvo".encode("latin-1"))
    for source, text in ((str(tmp_path / "latin.txt"), CORVO), (CORVO, str(tmp_path / "latin.txt"))):
        with pytest.raises(InputError, match=r"latin.txt: not UTF-8 at byte 4\."):
            score_one(source, text, at_work, "json")


@pytest.mark.parametrize("source, message", [("missing.txt", "no such file"), ("", "empty")])
def test_a_source_that_is_not_there(at_work, source, message):
    with pytest.raises(InputError, match=message):
        score_one(source, CORVO, at_work)


def test_a_model_without_the_separator_is_refused(tmp_path):
    from tabtext.models import from_scratch

    from_scratch("tiny", [CORVO]).save(tmp_path)
    with pytest.raises(InputError, match=r"is no question-answer generator \(its tokenizer lacks <sep>\)"):
        loaded(Judging(str(tmp_path)))


def test_yes_and_no_are_answers_that_no_text_has(quals):
    asked = [Pair("Is Corvo open", "no"), Pair("Who serves Corvo", "river"), Pair("Which food", "Thai")]
    found = [Hypothesis(tuple(quals.qagen.target(pair)), (-0.1,) * len(quals.qagen.target(pair))) for pair in asked]
    kept = {one.pair.answer for one in chosen(quals.qagen, found, CORVO)}
    assert kept == {"no", "Thai"}


def test_yes_and_no_mark_no_words_of_the_text():
    def pair(answer, loss):
        return JudgedPair("Is it open?", answer, -2.0, -1.0, -loss, 0.0)

    text = "There is no river; Corvo is Thai."
    assert unsupported_spans(Judged(text, -1.0, (pair("no", 3.0), pair("Thai", 3.0)))) == [(28, 32)]
