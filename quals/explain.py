"""Why a text has its score: the pairs with both probabilities, and the words that the source does not support."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from quals.score import Judged, JudgedPair
from quals.sources import Source
from tabtext.jsonl import dumps
from tabtext.record import Record
from tabtext.report import Html, draw_table, element, facts, grid, join, page, section
from tabtext.slots import POLAR
from tabtext.table import Table

UNSUPPORTED = -1.0
"""An answer is unsupported where the source takes this much off its words' mean log-probability, or more, with every
question that it answers: they become less than 1/e times as likely."""

MAX_SHOWN = 200
"""A page shows at most this many texts and says how many it leaves out."""

Explained = tuple[Source, Judged]


def unsupported_spans(judged: Judged) -> list[tuple[int, int]]:
    """The characters [start, end) of the text's unsupported answers, none of them overlapping."""
    gains: dict[str, float] = {}
    for pair in judged.pairs:
        gain = pair.answer_given_source - pair.answer_given_text
        if pair.answer.lower() not in POLAR:  # `no` is no word of the text, though the text may have it elsewhere
            gains[pair.answer.lower()] = max(gain, gains.get(pair.answer.lower(), -math.inf))
    found = [
        match.span()
        for answer, gain in gains.items()
        if gain <= UNSUPPORTED
        for match in re.finditer(_words(answer), judged.text, re.IGNORECASE)
    ]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def to_json(judged: Judged, explain: bool) -> dict[str, Any]:
    """The score (null where there is no evidence) and `n_pairs`; to explain it, the pairs and the unsupported words.

    Where more was asked than the text, the parts of the score stand beside them, and the pairs asked of the source.
    """
    fields: dict[str, Any] = {"score": _rounded(judged.score), **_pairs_json("pairs", judged.pairs, explain)}
    if explain:
        fields["unsupported"] = [judged.text[start:end] for start, end in unsupported_spans(judged)]
    if judged.of_source is not None:
        parts = {"supported": _rounded(judged.supported), "covered": _rounded(judged.covered)}
        fields |= parts | _pairs_json("pairs_of_source", judged.of_source, explain)
    if judged.repetition is not None:
        fields |= {"supported": _rounded(judged.supported), "repetition": _rounded(judged.repetition)}
    return fields


def as_text(explained: Explained, explain: bool) -> str:
    """The score for the terminal, with the pairs below it where they are wanted, the least supported first."""
    _, judged = explained
    lines = [said_score(judged)]
    if explain:
        lines += [_line(pair) for pair in _from_the_worst(judged.pairs)]
        lines[1:1] = ["  source   text  (probability per token)"] if judged.pairs else []
        lines += ["  asked of the source:"] if judged.of_source else []
        lines += [_line(pair) for pair in reversed(_from_the_worst(judged.of_source or ()))]
        words = [repr(judged.text[start:end]) for start, end in unsupported_spans(judged)]
        lines += [f"  unsupported: {', '.join(words)}"] if words else []
    return "\n".join(lines)


def as_page(explained: Iterable[Explained]) -> Html:
    """One page with every text, its unsupported words marked, its source and its pairs."""
    shown = list(explained)
    left_out = len(shown) - MAX_SHOWN
    sections = [_section(number, *one) for number, one in enumerate(shown[:MAX_SHOWN], 1)]
    return page("Supported by the source?", *sections, *([f"{left_out:,} texts not shown"] if left_out > 0 else []))


def said_score(judged: Judged) -> str:
    """`-0.412 (10 pairs)`, or that there is no evidence."""
    if math.isnan(judged.score):
        return f"no evidence (the {'source' if judged.pairs else 'text'} gives no question that it answers)"
    said = f"{len(judged.pairs)} pair{'s' * (len(judged.pairs) != 1)}"
    both = said if judged.of_source is None else f"{said}, {len(judged.of_source)} of the source"
    parts = {"covered": judged.covered if judged.of_source is not None else None, "repetition": judged.repetition}
    if any(part is not None for part in parts.values()):
        asked = {"supported": judged.supported, **parts}
        both += ": " + ", ".join(f"{name} {part:.3f}" for name, part in asked.items() if part is not None)
    return f"{judged.score:.3f} ({both})"


def _line(pair: JudgedPair) -> str:
    return f"  {_probability(pair.given_source)} {_probability(pair.given_text)}  {pair.question} {pair.answer}"


def _section(number: int, source: Source, judged: Judged) -> Html:
    pairs = _grid("Pairs", _from_the_worst(judged.pairs))
    theirs = _grid("Asked of the source", list(reversed(_from_the_worst(judged.of_source or ()))))
    marked = element("p", _marked(judged.text, unsupported_spans(judged)))
    return section(f"{number}", marked, facts({"score": said_score(judged)}), *pairs, *theirs, _drawn(source))


def _grid(title: str, pairs: Sequence[JudgedPair]) -> list[Html]:
    rows = {
        f"{pair.question} {pair.answer}": (
            _probability(pair.given_source), _probability(pair.given_text), f"{pair.gain:.2f}",
        )
        for pair in pairs
    }  # fmt: skip
    columns = ("given the source", "given the text", "difference")
    return [grid("Question and answer", columns, rows, title)] if rows else []


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> Html:
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], element("mark", text[start:end], class_="unsupported")]
        done = end
    return join(*parts, text[done:])


def _drawn(source: Source) -> Html:
    if isinstance(source, Table):
        return draw_table(source)
    if isinstance(source, Record):
        return draw_table(Table(("subject", "predicate", "object"), tuple(tuple(t) for t in source.triples)))
    return element("p", source, class_="soft")


def _rounded(score: float) -> float | None:
    return None if math.isnan(score) else round(score, 6)


def _pairs_json(name: str, pairs: Sequence[JudgedPair], explain: bool) -> dict[str, Any]:
    """The number of pairs and, where they are wanted, the pairs under their name."""
    return {f"n_{name}": len(pairs), **({name: [_pair_json(pair) for pair in pairs]} if explain else {})}


def _pair_json(pair: JudgedPair) -> dict[str, Any]:
    probabilities = {"given_source": math.exp(pair.given_source), "given_text": math.exp(pair.given_text)}
    return {"question": pair.question, "answer": pair.answer, **{n: round(p, 6) for n, p in probabilities.items()}}


def _probability(mean: float) -> str:
    """The geometric mean of the tokens' probabilities."""
    return f"{math.exp(mean):.4f}"


def _from_the_worst(pairs: Sequence[JudgedPair]) -> list[JudgedPair]:
    return sorted(pairs, key=lambda pair: pair.gain)


def _words(answer: str) -> str:
    words = r"\s+".join(map(re.escape, answer.split()))
    return rf"(?<!\w){words}(?!\w)"


FORMATS: Mapping[str, Callable[[Explained, bool], str]] = {
    "text": as_text,
    "json": lambda explained, explain: dumps({"text": explained[1].text, **to_json(explained[1], explain)}),
    "html": lambda explained, explain: as_page([explained]).rstrip(),
}
"""How one text's score is shown, by name."""
