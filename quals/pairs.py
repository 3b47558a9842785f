"""Training pairs of the joint question-answer generator: a source, a question, and its answer as the text words it.

Reading-comprehension sets give natural questions about sentences; records with texts give, for every fact that a text
says, the same question for the text and for the record; grammar questions (`gentap questions`) give tables. Each also
gives questions that a source does not answer, without which a generator is as sure of an answer to those (SQuAD 2.0
tells readers the same).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from quals.sources import Source
from tabtext.corpora.fairytaleqa import read_fairytaleqa
from tabtext.corpora.newsqa import read_newsqa
from tabtext.corpora.records import DATASETS, read_examples
from tabtext.corpora.squad import ReadingExample, read_squad
from tabtext.errors import InputError, unknown_name
from tabtext.examples import TextExample
from tabtext.jsonl import read_lines
from tabtext.metrics.match import answer_words
from tabtext.reading import MAX_ANSWER_WORDS, fault, sentence_around
from tabtext.record import Record, Triple
from tabtext.slots import POLAR, Statement, domain_of, load_domain
from tabtext.table import Cell, Table

PASSAGE_SHARE = 0.3
"""The share of questions that are asked of a passage around their sentence rather than of the sentence alone."""

PASSAGE_CHARACTERS = 500
"""What a passage has before and after its sentence, together and at most."""

MAX_ROWS = 4
"""Rows of a table that a question is asked of: those it rests on, and others."""

_PREPOSITIONS = frozenset(("near", "of", "in", "by", "to", "at", "on", "with", "for", "from", "as", "under", "after"))


_BY_VALUE = "lookup"
"""The type of grammar questions that name a value, so that no row but theirs answers them."""

_UNSAID = POLAR | {""}
"""Objects that no text says in these words."""


class Pair(NamedTuple):
    """A question and its answer, which is empty where there is none."""

    question: str
    answer: str


def tells_its_answer(pair: Pair) -> bool:
    """Whether the question has all words of its answer, as `Whose harbour is Calder Bay?` *Calder Bay* does, which asks
    nothing."""
    return set(answer_words(pair.answer)) <= set(answer_words(pair.question))


class PairExample(NamedTuple):
    """A source and a pair that it supports; a question that it does not answer has an empty answer."""

    source: Source
    pair: Pair

    @property
    def answered(self) -> bool:
        """Whether the source answers the question."""
        return bool(self.pair.answer)


Reader = Callable[[Path, random.Random, Counter[str]], Iterator[PairExample]]


def read_pairs(named: str, rng: random.Random, counts: Counter[str]) -> Iterator[PairExample]:
    """The training pairs of `KIND=PATH`, the kind one of `KINDS`; `counts` learns what was dropped and why."""
    kind, equals, path = named.partition("=")
    if not equals:
        raise InputError(f"{named!r}: name the data's kind before its path, as in squad=train.json.")
    if kind not in KINDS:
        raise unknown_name("kind of data", kind, KINDS)
    return KINDS[kind](Path(path), rng, counts)


def reading_pairs(
    questions: Iterable[ReadingExample], rng: random.Random, counts: Counter[str]
) -> Iterator[PairExample]:
    """A pair per question that its sentence alone can be asked, for the sentence or for a passage around it; the
    sentence does not answer the question asked before of its passage, unless it has that answer's words."""
    before = ReadingExample("", "", "", 0)
    for example in questions:
        counts["in"] += 1
        sentence = sentence_around(example.context, example.start, len(example.answer))
        reason = fault(example._replace(title=""), sentence)
        if sentence is None or reason:
            counts[reason or "answer not inside one sentence"] += 1
            continue
        source = sentence if rng.random() >= PASSAGE_SHARE else _passage(example.context, sentence, rng)
        yield PairExample(source, Pair(" ".join(example.question.split()), example.answer))
        if before.context == example.context and before.answer.lower() not in sentence.lower():
            yield PairExample(sentence, Pair(" ".join(before.question.split()), ""))
        before = example


def record_pairs(examples: Iterable[TextExample], rng: random.Random, counts: Counter[str]) -> Iterator[PairExample]:
    """Two pairs per text: a fact that it says is asked of the text and of the record, answered in the text's words;
    and both are asked of a fact of another record, which they do not answer.

    Of a text's facts the kind that was asked about least is the likeliest, or hardly any would be answered by no.
    """
    known: dict[str, dict[str, None]] = {}
    asked: Counter[str] = Counter()
    for example in examples:
        for triple in example.record.triples:
            known.setdefault(triple.predicate, {})[triple.object] = None
        for text in example.texts:
            counts["in"] += 1
            text = " ".join(text.split())
            pairs = list(fact_pairs(example.record, text))
            if not pairs:
                counts["no fact found in the text"] += 1
                continue
            [(kind, pair)] = rng.choices(pairs, [1 / (1 + asked[kind]) for kind, _ in pairs])
            asked[kind] += 1
            yield PairExample(text, pair)
            yield PairExample(example.record, pair)
            unsaid = unsaid_pair(example.record, text, _other_fact(example.record, known, rng))
            if unsaid:
                yield PairExample(text, unsaid)
                yield PairExample(example.record, unsaid)


def _other_fact(record: Record, known: Mapping[str, Iterable[str]], rng: random.Random) -> Triple:
    """A fact of any record, of slots if there is one that this record lacks."""
    mine = {triple.predicate for triple in record.triples} if record.is_slots else set()
    predicate = rng.choice([name for name in known if name not in mine] or list(known))
    return Triple("", predicate, rng.choice(list(known[predicate])))


def fact_pairs(record: Record, text: str) -> Iterator[tuple[str, Pair]]:
    """A question for each fact that the text says, answered in its words or by yes or no, behind the kind of fact: its
    predicate, with what is not apart from what is. Of triples one for the fact's subject too; slots have but one
    subject, so that every answer would be its name."""
    names = [triple.object for triple in record.triples if triple.predicate == "name"] if record.is_slots else []
    statements = load_domain(domain_of(record)).find(record, text)
    for triple in record.triples:
        value = _said(triple, statements, text)
        fact = triple._replace(subject=triple.subject or (names or [""])[0]).readable()
        if value is None or fact.subject.lower() not in text.lower():
            continue
        if fact.object in (*names, ""):
            yield fact.predicate, Pair("What is the name?", value)
            continue
        kind = f"{fact.predicate}: {value}" if value in POLAR else fact.predicate
        yield kind, Pair(asked_object(fact), value)
        if not record.is_slots and fact.subject and fact.object.lower() in text.lower():
            start = text.lower().index(fact.subject.lower())
            yield kind, Pair(asked_subject(fact), text[start : start + len(fact.subject)])


def unsaid_pair(record: Record, text: str, fact: Triple) -> Pair | None:
    """A question about a fact of another record that neither this record nor its text answers, or None where they do.

    Slots that the record lacks are asked by its name; of triples another value is asked by, `Whose food is French?`,
    since what a predicate is called tells little of what else may say it.
    """
    value = fact.readable().object
    mine = [triple.object.lower() for triple in record.triples if triple.predicate == fact.predicate]
    stated = [s.values for s in load_domain(domain_of(record)).find(record, text) if s.slot == fact.predicate]
    if fact.predicate == "name" or (stated and not mine) or any(fact.object in values for values in stated):
        return None
    if any(fact.object.lower() in other for other in mine) or (value not in _UNSAID and value.lower() in text.lower()):
        return None
    if not record.is_slots:
        return Pair(asked_subject(fact.readable()), "") if value else None
    if mine or (value in POLAR and domain_of(record) == "triples"):  # no lexicon knows what its text says of it
        return None
    names = [triple.object for triple in record.triples if triple.predicate == "name"]
    return Pair(asked_object(fact._replace(subject=(names or [""])[0]).readable()), "")


def asked_object(fact: Triple) -> str:
    """The question whose answer is the fact's object: `What is the food of Aromi?`"""
    subject, predicate, value = fact
    if value in ("yes", "no"):
        verb, said = ("Does", f"have {predicate[4:]}") if predicate.startswith("has ") else ("Is", predicate)
        return f"{verb} {subject or 'it'} {said}?"
    if predicate.startswith("is ") or predicate.split()[-1] in _PREPOSITIONS:
        return f"What is {subject or 'it'} {predicate.removeprefix('is ')}?"
    return f"What is the {predicate.removeprefix('has ')}{f' of {subject}' if subject else ''}?"


def asked_subject(fact: Triple) -> str:
    """The question whose answer is the fact's subject: `Whose food is French?`"""
    _, predicate, value = fact
    if value in ("yes", "no"):
        verb, said = ("has", predicate[4:]) if predicate.startswith("has ") else ("is", predicate)
        return f"What {verb} {'not ' if value == 'no' else ''}{said}?"
    if predicate.startswith("is ") or predicate.split()[-1] in _PREPOSITIONS:
        return f"What is {predicate.removeprefix('is ')} {value}?"
    return f"Whose {predicate.removeprefix('has ')} is {value}?"


def question_pairs(path: Path, rng: random.Random, counts: Counter[str]) -> Iterator[PairExample]:
    """A pair per grammar question that one cell answers, for a few of the table's rows."""
    for line in read_lines(path):
        counts["in"] += 1
        fields = line.json()
        try:
            table, answer = Table.from_json(fields["table"]), fields["answer"]
            evidence = tuple(Cell(int(row), int(column)) for row, column in fields.get("evidence", ()))
            question = str(fields["question"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(
                f"{line.name}, line {line.number}: needs 'question', 'answer' and 'table' ({error})."
            ) from None
        answers = [answer] if isinstance(answer, str) else list(answer)
        if len(answers) != 1 or not fields.get("single_cell", True):
            counts["not answered by one cell"] += 1
        elif len(answers[0].split()) > MAX_ANSWER_WORDS or not answers[0].strip():
            counts["too long"] += 1
        else:
            told = {cell.row for cell in evidence}
            yield PairExample(_few_rows(table, told, rng), Pair(question, answers[0]))
            if fields.get("type") == _BY_VALUE and 0 < len(told) < len(table):
                yield PairExample(_few_rows(table, set(), rng, left_out=told), Pair(question, ""))


def _passage(context: str, sentence: str, rng: random.Random) -> str:
    """The sentence with what stands around it, cut at spaces."""
    start = context.index(sentence)
    before = rng.randint(0, PASSAGE_CHARACTERS)
    left = context[max(0, start - before) : start]
    right = context[start + len(sentence) :][: PASSAGE_CHARACTERS - before]
    whole_left = left if len(left) == start else left.partition(" ")[2]
    whole_right = right if context.endswith(sentence + right) else right.rpartition(" ")[0]
    return " ".join(f"{whole_left}{sentence}{whole_right}".split())


def _said(triple: Triple, statements: Iterable[Statement], text: str) -> str | None:
    """How the text words the fact's object: the value where it is in there, else the words that state it; yes and
    no stay what they are."""
    value = triple.readable().object
    stated = [s for s in statements if s.slot == triple.predicate and triple.object in s.values and s.start < s.end]
    if value in POLAR:
        return value if stated else None
    if stated:
        words = text[stated[0].start : stated[0].end]
        found = re.search(re.escape(value), words, re.IGNORECASE)
    else:
        words = ""  # the lexicon of the domain need not know every value
        found = re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text, re.IGNORECASE) if value else None
    said = found[0] if found else words
    return said if said.strip() and len(said.split()) <= MAX_ANSWER_WORDS else None


def _few_rows(table: Table, kept: set[int], rng: random.Random, left_out: Collection[int] = ()) -> Table:
    """The table with the rows that are kept and a few others that are not left out, in their order."""
    others = [row for row in range(len(table)) if row not in kept and row not in left_out]
    chosen = sorted({*kept, *rng.sample(others, min(len(others), max(0, MAX_ROWS - len(kept))))})
    return Table(table.header, tuple(table.rows[row] for row in chosen), table.title, table.section, table.id)


def _of_reading(read: Callable[[Path], Iterator[ReadingExample]]) -> Reader:
    return lambda path, rng, counts: reading_pairs(read(path), rng, counts)


def _of_records(path: Path, rng: random.Random, counts: Counter[str], dataset: str) -> Iterator[PairExample]:
    return record_pairs(read_examples(path, dataset, "train"), rng, counts)


KINDS: dict[str, Reader] = {
    "squad": _of_reading(read_squad),
    "newsqa": _of_reading(read_newsqa),
    "fairytaleqa": _of_reading(read_fairytaleqa),
    "questions": question_pairs,
    "records": partial(_of_records, dataset="auto"),
    **{name: partial(_of_records, dataset=name) for name in DATASETS},
}
"""Readers of training data by the word before `=`; `questions` is what `gentap questions` writes, `records` a file of
records with texts."""
