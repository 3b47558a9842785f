"""Reranking: by the paper's order, by probability, by any scorer; repair, rules, and the weight fitted on dev."""

import json
import math
from dataclasses import replace

import pytest
from restaurants import EXAMPLES, run_cli
from transformers import T5Config, T5ForConditionalGeneration

from datatuner.judges import Judged, by_scorer, by_slots, slot_class
from datatuner.mending import best
from datatuner.ranking import Reranking, Work, judge_all, rank
from datatuner.repair import Repair
from datatuner.rerank_weight import WEIGHTS, fit_weight
from tabtext.candidates import Candidate
from tabtext.errors import InputError
from tabtext.examples import Fidelity
from tabtext.jsonl import read_jsonl, write_jsonl
from tabtext.record import Record
from tabtext.slots import check
from tabtext.tokenizers import train_tokenizer
from tabtext.verbal import said

ACCURATE, OMISSION, REPETITION, HALLUCINATION, VALUE_ERROR = Fidelity
CANDIDATES = [Candidate(name, -float(place)) for place, name in enumerate("abcd", 1)]


def verdicts(*labels):
    return [Judged(0.0, label) for label in labels]


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        ((HALLUCINATION, OMISSION, REPETITION, VALUE_ERROR), "dcba"),
        ((OMISSION, ACCURATE, ACCURATE, VALUE_ERROR), "bcda"),
        ((ACCURATE,) * 4, "abcd"),
    ],
)
def test_the_papers_policy_sorts_by_class_then_beam(labels, order):
    ranked = rank(CANDIDATES, verdicts(*labels), Reranking("slots", "paper"))
    assert "".join(one.candidate.text for one in ranked) == order


@pytest.mark.parametrize(
    ("scores", "weight", "order"),
    [
        ((-3.0, -2.0, -1.0, -1.0), 0.0, "cdba"),
        ((-3.0, -2.0, -1.0, -1.0), 0.5, "cbda"),
        ((-3.0, -2.0, -1.0, -1.0), 100.0, "abcd"),
        ((math.nan, 0.0, 0.0, math.nan), 0.1, "bcad"),
    ],
)
def test_the_weight_stands_between_the_judge_and_the_beam(scores, weight, order):
    judged = [Judged(score, None) for score in scores]
    ranked = rank(CANDIDATES, judged, Reranking("x", weight=weight))
    assert "".join(one.candidate.text for one in ranked) == order


def test_any_scorer_judges_but_knows_no_class():
    judge = by_scorer(lambda source, texts: [float(len(text)) for text in texts])
    [judged] = judge_all([Work(EXAMPLES[0].record, (Candidate("a", -1.0), Candidate("bbb", -2.0)))], judge)
    assert [verdict.score for verdict in judged] == [1.0, 3.0] and not any(verdict.passes for verdict in judged)
    with pytest.raises(InputError, match="gives none; use --policy probability"):
        rank(CANDIDATES[:2], judged, Reranking("x", "paper"))


@pytest.mark.parametrize(
    ("change", "label", "unsaid"),
    [
        (("", ""), ACCURATE, 0),
        (("by the riverside", "open"), OMISSION, 1),
        (("Indian", "French"), VALUE_ERROR, 1),
        (("The pub is", "The Mill is a pub. It is near Café Rouge. The pub is"), REPETITION, 0),
    ],
)
def test_the_slot_checkers_class(change, label, unsaid):
    text = EXAMPLES[0].texts[0].replace(*change)
    [judged] = by_slots([(EXAMPLES[0].record, text)])
    assert judged.label is label is slot_class(check(EXAMPLES[0].record, text)) and len(judged.unsaid) == unsaid


class Writer:
    """Stands for a model that searches wider and decodes again: it has these texts for every record."""

    def __init__(self, *texts, wide=()):
        self.texts, self.wide, self.asked = texts, wide, []

    def wider(self, records):
        return [[Candidate(text, -6.0 - place) for place, text in enumerate(self.wide)] for _ in records]

    def trusts(self, record, text):
        return text.logprob > -8

    def repairs(self, wanted):
        self.asked += wanted
        return [[Candidate(text, -9.0) for text in self.texts] for _ in wanted]


SHORT = EXAMPLES[0].texts[0].replace("by the riverside", "open")


@pytest.mark.parametrize(
    ("again", "source"),
    [
        ((), "rules"),
        ((SHORT,), "rules"),
        (EXAMPLES[0].texts, "repaired"),
        ((SHORT, *EXAMPLES[0].texts), "repaired"),
    ],
)
def test_what_no_candidate_says_is_mended_or_said_plainly(again, source):
    record, [text] = EXAMPLES[0].record, EXAMPLES[0].texts
    work = Work(record, (Candidate(SHORT, -1.0), Candidate(SHORT + " It is nice.", -2.0)))
    whole = Work(record, (*work.candidates, Candidate(text, -5.0)))
    added = Work(record, (Candidate(text.replace("pub", "pub rated 5 out of 5"), -1.0),))
    works = [whole, work, added, work]
    judged = judge_all(works, by_slots)
    writer = Writer(*again)
    chosen = best(works, judged, Reranking("slots"), by_slots, writer)
    assert [one.source for one in chosen] == ["model", source, "rules", source]
    assert all(one.judged.passes for one in chosen)
    assert writer.asked == [Repair(record, [("riverside",)], work.candidates)] * 2, (
        "nothing is missing where something was added"
    )
    assert best(works, judged, Reranking("slots"), by_slots)[1].candidate.text == SHORT, "without --repair"


def test_a_wider_search_comes_before_anything_is_forced():
    record, [text] = EXAMPLES[0].record, EXAMPLES[0].texts
    works = [Work(record, (Candidate(SHORT, -1.0),))]
    judged = judge_all(works, by_slots)
    for wide, source in (((SHORT, text), "model"), ((SHORT, SHORT, text), "repaired"), ((SHORT,), "repaired")):
        writer = Writer(text, wide=wide)
        [chosen] = best(works, judged, Reranking("slots"), by_slots, writer)
        assert (chosen.source, chosen.candidate.text) == (source, text), "the third is not trusted"
        assert bool(writer.asked) == (source == "repaired")


def test_no_wider_search_is_for_triples():
    record, text = Record.from_triples([("Ada", "birthYear", "1841")]), "Ada was born in 1841."
    works = [Work(record, (Candidate("Ada was born.", -1.0),))]
    [chosen] = best(works, judge_all(works, by_slots), Reranking("slots"), by_slots, Writer(wide=(text,)))
    assert chosen.source == "rules"


def test_what_its_own_model_does_not_trust_is_said_by_rules():
    record, [text] = EXAMPLES[0].record, EXAMPLES[0].texts
    works = [Work(record, (Candidate(text, -9.0),)), Work(record, (Candidate(SHORT, -1.0), Candidate(text, -2.0)))]
    chosen = best(works, judge_all(works, by_slots), Reranking("slots", weight=9), by_slots, Writer())
    assert [(one.source, one.candidate.text == text) for one in chosen] == [("rules", False), ("model", True)]


def test_what_rules_say_passes_the_checker():
    for example in EXAMPLES:
        assert check(example.record, said(example.record)).errors == 0


@pytest.fixture
def files(tmp_path):
    write_jsonl(tmp_path / "records.jsonl", EXAMPLES)
    rows = []
    for example in EXAMPLES:
        whole = example.texts[0]
        texts = (whole.replace("by the riverside", "open"), whole.replace("pub", "place"), whole)
        candidates = [{"text": text, "logprob": -1.0 - place, "scores": {}} for place, text in enumerate(texts)]
        rows.append({"id": example.id, "text": texts[0], "logprob": -1.0, "candidates": candidates})
    write_jsonl(tmp_path / "candidates.jsonl", rows)
    return tmp_path


def test_the_command_chooses_and_keeps_the_candidates(files):
    arguments = ("rerank", files / "candidates.jsonl", files / "records.jsonl", "--judge", "slots")
    for policy in ("paper", "probability"):
        assert run_cli(*arguments, "--policy", policy, "-o", files / f"{policy}.jsonl") == 0
        rows = list(read_jsonl(files / f"{policy}.jsonl"))
        assert [row["text"] for row in rows] == [example.texts[0] for example in EXAMPLES]
        assert rows[0]["source"] == "model" and rows[0]["fidelity"]["class"] == "accurate"
        assert [candidate["scores"]["judge"] for candidate in rows[0]["candidates"]][-1] == 0
    assert run_cli(*arguments, "--weight", 100, "-o", files / "beam.jsonl") == 0
    assert next(read_jsonl(files / "beam.jsonl"))["text"] == EXAMPLES[0].texts[0].replace("by the riverside", "open")


def test_the_weight_is_fitted_to_references_and_slots(files, capsys):
    fitted = fit_weight(files / "candidates.jsonl", EXAMPLES, "slots")
    assert {one.weight for one in fitted} == set(WEIGHTS)
    assert fitted[0].slot_error_rate_repeats == 0 and fitted[0].weight < 1 and fitted[-1].weight == 100.0
    assert run_cli("fit-weight", files / "candidates.jsonl", files / "records.jsonl", "--judge", "slots") == 0
    said = capsys.readouterr().out.splitlines()[0]
    assert said.startswith(f"--weight {fitted[0].weight}: chrF ") and said.endswith("slot_error_rate_repeats 0.00 %")


@pytest.mark.parametrize(
    ("line", "extra", "message"),
    [
        ({"id": "nobody", "text": "x", "logprob": -1}, (), "line 1: none of the 12 records has the id 'nobody'"),
        ({"id": "r1", "text": "x"}, (), "line 1: the candidate 'x' has no log-probability"),
        ({"id": "r1", "candidates": [{"logprob": -1}]}, (), "line 1: a candidate needs 'text' and 'logprob'"),
        ({"id": "r1", "candidates": 5}, (), "line 1: 'candidates' must be a list; found '5'."),
        ({"id": "r1", "text": "x", "logprob": -1}, ("--policy", "best"), "Unknown --policy 'best'"),
        ({"id": "r1", "text": "x", "logprob": -1}, ("--repair",), "--repair decodes again and needs the --model"),
        (None, (), "bad.jsonl: no candidates in it; datatuner generate writes them."),
        ('{"id": "r1", "te', (), "bad.jsonl, line 1, column 14: not valid JSON"),
        ({"id": "r1", "text": "x", "logprob": -1}, ("--judge", "."), "Model .: has no config.json"),
        ({"id": "r1", "text": "x", "logprob": -1}, ("--judge", "Slot"), "'Slot': no such folder, and no model"),
    ],
)
def test_bad_input_is_one_sentence(files, capsys, line, extra, message):
    written = line if isinstance(line, str) else json.dumps(line) + "\n" if line else ""
    (files / "bad.jsonl").write_text(written)
    judge = () if "--judge" in extra else ("--judge", "slots")
    arguments = ("rerank", files / "bad.jsonl", files / "records.jsonl", *judge, *extra)
    assert run_cli(*arguments, "-o", files / "out.jsonl") == 2
    assert message in capsys.readouterr().err


def test_skipping_keeps_the_others(files, capsys):
    bad = '{"id": "nobody", "text": "x", "logprob": -1}\n{"id": "r1", "text": "x"}\n{"id": \n'
    (files / "more.jsonl").write_text(bad + (files / "candidates.jsonl").read_text())
    arguments = ("rerank", files / "more.jsonl", files / "records.jsonl", "--judge", "slots", "-o", files / "out.jsonl")
    assert run_cli(*arguments) == 2 and "or pass --on-error skip" in capsys.readouterr().err
    assert run_cli(*arguments, "--on-error", "skip") == 0
    assert [row["id"] for row in read_jsonl(files / "out.jsonl")] == [example.id for example in EXAMPLES]
    said = capsys.readouterr().err
    assert "more.jsonl, line 2: the candidate 'x' has no log-probability" in said and "3 bad input" in said


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([], "There are no records to match the candidates with"),
        (EXAMPLES[3:], "candidates.jsonl, line 1: none of the 9 records has the id 'r0'"),
        (
            [*EXAMPLES, replace(EXAMPLES[1], record=replace(EXAMPLES[2].record, id="r1"))],
            "Two records have the id 'r1'",
        ),
    ],
)
def test_records_that_are_not_those_of_the_candidates_are_one_sentence(files, capsys, records, message):
    write_jsonl(files / "others.jsonl", records)
    arguments = ("rerank", files / "candidates.jsonl", files / "others.jsonl", "--judge", "slots")
    assert run_cli(*arguments, "-o", files / "out.jsonl") == 2
    assert message in capsys.readouterr().err


def test_the_same_record_may_come_twice(files):
    write_jsonl(files / "twice.jsonl", [*EXAMPLES, *EXAMPLES])
    arguments = ("rerank", files / "candidates.jsonl", files / "twice.jsonl", "--judge", "slots")
    assert run_cli(*arguments, "-o", files / "out.jsonl") == 0


@pytest.mark.parametrize("option", ["--judge", "--model"])
def test_a_model_of_another_kind_is_refused_in_one_sentence(files, capsys, option):
    folder = files / "foreign"
    folder.mkdir()
    T5ForConditionalGeneration(T5Config(vocab_size=16, d_model=8, d_ff=8, num_layers=1)).save_pretrained(folder)
    train_tokenizer(["a"], size=300, structure=(), extra_ids=0).save_pretrained(folder)
    arguments = ("rerank", files / "candidates.jsonl", files / "records.jsonl", "-o", files / "out.jsonl")
    extra = ("--judge", "slots", "--repair") if option == "--model" else ()
    capsys.readouterr()
    assert run_cli(*arguments, *extra, option, folder) == 2
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith("error: Model") and ("is a t5, no fidelity" in said or "it is a T5, an archi" in said)
    assert not (files / "out.jsonl.partial").exists()
