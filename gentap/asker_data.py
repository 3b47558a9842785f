"""What the inverted question generator reads: a sentence, the entry asked for, the entries given (GenTaP, "ask").

At work the entries are the cells of a mined sentence under their headers. A reading-comprehension set has no headers,
so training makes entries that look the same: the answer is the entry asked for, and its header is what the question
calls it (`Which team …` gives `team`); other names and numbers of the sentence, and the article's title, are given.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from tabtext.corpora.squad import ReadingExample
from tabtext.reading import FUNCTION_WORDS, content_words, fault, sentence_around, share_said, words
from tabtext.tokenizers import TextCodec

ASK, ENTRY, VALUE, SENTENCE = STRUCTURE = ("<ask>", "<entry>", "<value>", "<sentence>")
"""The structure tokens: `<ask> header <value> value [<entry> header <value> value]… <sentence> sentence`."""

MAX_GIVEN = 5
MIN_SAID = 0.75
"""The share of a question's content words that its sentence, title or header must have. Rewording is more than a small
model learns; what it learns from questions in other words is to say what the sentence does not."""


MIN_HEADER_USES = 5
"""A header that stands in fewer training pairs is one that the model has not learnt to ask with."""


class Entry(NamedTuple):
    """A cell under its header; the header may be empty."""

    header: str
    value: str


class AskerInput(NamedTuple):
    """A sentence, the entry whose value the question asks for, and entries that the question may name."""

    sentence: str
    asked: Entry
    given: tuple[Entry, ...] = ()


class AskerExample(NamedTuple):
    """A training pair."""

    source: AskerInput
    question: str


def learnt_headers(examples: Iterable[AskerExample]) -> list[str]:
    """The headers that at least `MIN_HEADER_USES` of the pairs ask with or give, in alphabetical order."""
    entries = chain.from_iterable((x.source.asked, *x.source.given) for x in examples)
    uses = Counter(entry.header for entry in entries)
    return sorted(header for header, count in uses.items() if header and count >= MIN_HEADER_USES)


def spoken_header(header: str, value: str, learnt: Container[str]) -> str:
    """A table's header in words that the model has `learnt` to ask with: itself, the last of its words that is one,
    what its value looks like, or none. `First elected` over 2006 is a `year`."""
    low = " ".join(header.lower().split())
    if low in learnt:
        return low
    words = reversed(re.findall(r"[^\W\d_]+", low))
    forms = (form for word in words for form in (word, word.removesuffix("s")))
    return next((form for form in forms if form in learnt), _kind_of_value(value))


def source_ids(codec: TextCodec, sources: Sequence[AskerInput], max_length: int) -> list[list[int]]:
    """The model's input ids of each source, end token included: the structure is ours, the texts are text.

    Where they are more than `max_length`, given entries are left out from the last on, then the sentence's end
    (counted as `shortened` in the codec's counts).
    """
    texts = [text for source in sources for text in _texts(source)]
    encoded = iter(codec.encode(texts))
    rows = []
    for source in sources:
        sentence = next(encoded)
        entries = [(next(encoded), next(encoded)) for _ in (source.asked, *source.given)]
        rows.append(_assembled(codec, sentence, entries, max_length))
    return rows


def _texts(source: AskerInput) -> Iterator[str]:
    """The sentence, then header and value of each entry; headers in lower case, as questions say them."""
    yield source.sentence
    for entry in (source.asked, *source.given):
        yield from (entry.header.lower(), entry.value)


def _assembled(
    codec: TextCodec, sentence: list[int], entries: list[tuple[list[int], list[int]]], max_length: int
) -> list[int]:
    ask, entry, value, text = map(codec.id, STRUCTURE)
    parts = [[ask if i == 0 else entry, *header, value, *cell] for i, (header, cell) in enumerate(entries)]
    room = max_length - len(sentence) - 2
    while len(parts) > 1 and sum(map(len, parts)) > room:
        parts.pop()
    ids = [*chain.from_iterable(parts), text, *sentence]
    if len(parts) < len(entries) or len(ids) >= max_length:
        codec.counts["shortened"] += 1
    return [*ids[: max_length - 1], codec.tokenizer.eos_token_id]


def asker_examples(
    questions: Iterable[ReadingExample], rng: random.Random, counts: Counter[str]
) -> Iterator[AskerExample]:
    """The training pairs of a reading-comprehension set; `counts` tells what was read, kept and dropped, and why."""
    for example in questions:
        counts["questions"] += 1
        made = _example(example, rng)
        if isinstance(made, str):
            counts[made] += 1
        else:
            counts["kept"] += 1
            yield made


def _example(example: ReadingExample, rng: random.Random) -> AskerExample | str:
    """A training pair, or why there is none."""
    sentence = sentence_around(example.context, example.start, len(example.answer))
    question = " ".join(example.question.split())
    reason = fault(example, sentence)
    if sentence is None or reason:
        return reason or "answer not inside one sentence"
    asked = Entry(_asked_header(question, example.answer, rng), example.answer)
    if share_said(question, f"{sentence} {example.title} {asked.header}") < MIN_SAID:
        return "in other words than the sentence"
    return AskerExample(AskerInput(sentence, asked, _given(sentence, question, example, rng)), question)


def _given(sentence: str, question: str, example: ReadingExample, rng: random.Random) -> tuple[Entry, ...]:
    """Names and numbers of the sentence that the question repeats, some that it does not, and the title."""
    asked = words(question)
    found = (_without_leading_word(span) for span in _NAME_SPAN.findall(sentence))
    spans = [span for span in dict.fromkeys(found) if span not in example.answer and content_words(span)]
    chosen = [
        span
        for span in spans
        if example.answer not in span and rng.random() < (0.9 if words(span) <= asked else 0.25)
    ]  # fmt: skip
    given = [Entry(_guessed_header(span, rng), span) for span in rng.sample(chosen, min(len(chosen), MAX_GIVEN - 1))]
    title_asked = bool(content_words(example.title) & asked)
    if example.title and rng.random() < (0.9 if title_asked else 0.4):
        given.insert(0, Entry("title", example.title))
    return tuple(given)


def _asked_header(question: str, answer: str, rng: random.Random) -> str:
    """What the question calls its answer, as a column header would; empty for one in six."""
    low = question.lower()
    if rng.random() < 1 / 6:
        return ""
    if found := _COUNTED.search(low):
        return found[1]
    if found := _NAMED.search(low):
        kept: list[str] = []
        for word in found[1].split()[:3]:
            if word in FUNCTION_WORDS or _VERB.fullmatch(word):
                break
            kept.append(word)
        if kept:
            return " ".join(kept)
    for word, headers in _HEADERS:
        if re.search(rf"\b{word}\b", low):
            return rng.choice(headers)
    return _guessed_header(answer, rng)


def _without_leading_word(span: str) -> str:
    """A capitalised span without the article or preposition that begins a sentence."""
    found = _LEADING_WORD.match(span)
    return span[found.end() :] if found else span


def _kind_of_value(value: str) -> str:
    """`year`, `date` or `number`, or nothing for what is no figure."""
    if re.fullmatch(r"[12]\d{3}", value):
        return "year"
    if _MONTH.search(value):
        return "date"
    return "number" if re.fullmatch(r"[\d$£€][\d.,% ]*", value) else ""


def _guessed_header(value: str, rng: random.Random) -> str:
    """A header that a table might have for the value, or none."""
    if re.fullmatch(r"[12]\d{3}", value):
        return rng.choice(("year", "year", "date", ""))
    if re.match(r"[\d$£€]", value):
        return rng.choice(("number", "total", "amount", ""))
    return rng.choice(("name", "", "", "")) if value[:1].isupper() else ""


_CAPITALISED = r"[A-Z][\w.'’-]*\w"
_NAME_SPAN = re.compile(
    rf"(?<![\w.])(?:{_CAPITALISED}(?: (?:(?:of|the|de|von|and|for) )?(?:{_CAPITALISED}|[0-9][\w.'’-]*\w))*"
    r"|[$£€]?\d[\d,.]*\d(?:%| million| billion)?|\d)"
)
_MONTH = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
_LEADING_WORD = re.compile(r"(?:The|In|On|At|From|By|For|After|Before|During|When|While|But|And|As|With|Since) ")
_COUNTED = re.compile(r"\bhow many ((?:[a-z-]+ )?[a-z-]+)")
_NAMED = re.compile(r"\b(?:what|which) ((?:[a-z-]+ ?){1,3})")
_VERB = re.compile(r"\w+(?:ed|ing|ize|ise)")
_HEADERS = (
    ("who", ("name", "person", "winner", "holder", "")),
    ("whom", ("name", "person")),
    ("when", ("date", "year", "period")),
    ("where", ("location", "place", "city", "country")),
    ("how much", ("amount", "total", "price")),
    ("how long", ("length", "duration", "time")),
    ("how old", ("age",)),
    ("how far", ("distance",)),
    ("why", ("reason", "notes")),
)
