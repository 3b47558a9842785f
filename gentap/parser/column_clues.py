"""Clues of the columns of a program: the one that is told, counted or computed with, and the one that orders rows."""

from __future__ import annotations

from collections.abc import Iterable

from gentap.grammar.alike import stands_for
from gentap.grammar.header_words import words_of
from gentap.grammar.measures import COUNTED, LESS_IS_MORE, MEASURED_BY, SUPERLATIVES
from gentap.parser.question import Question
from gentap.parser.tokens import Token, stem

Clues = dict[str, float]

TRIGGERS = frozenset(
    map(
        stem,
        words_of(
            "many much total number average difference sum combined most least first last next previous before after"
            " more less fewer highest lowest top best worst how"
        ),
    )
)
"""Words that ask for an operation, without their endings."""
_TIMES = frozenset(map(stem, ("year", "date", "time", "day", "month", "season", "when")))
_RANKS = frozenset(("rank", "pos", "position", "place", "no"))
_NEAR_ENOUGH = 0.35


def of_order(asked: Question, pick: str, column: int) -> Clues:
    """How well a column orders the rows of which the question wants the one with the most or the least."""
    header, kind = asked.about.headers[column], asked.about.view.columns[column].kind.value
    clues = _named(asked, "by", column)
    clues |= {f"by {kind}": 1, f"by {kind} {pick}": 1, f"by shape {asked.about.shapes[column]}": 1}
    clues |= {"by first": float(column == 0), f"{pick} words": float(not _RANKS.isdisjoint(header))}
    time = "" if _TIMES.isdisjoint(header) else " time"
    for token in asked.words:
        if token.text in SUPERLATIVES or token.text.endswith(("est", "er")) or token.stem in TRIGGERS:
            clues[f"{pick} {kind}{time} | {token.text}"] = 1
            clues |= {f"{pick} {word} | {token.text}": 1 for word in header}
        else:
            clues |= {f"by {word} | {token.stem}": 1 for word in header}
        if (most := _measures(token, header)) is not None:
            clues[f"measure {'as said' if most == pick.endswith('most') else 'not as said'}"] = 1
    return clues


def _measures(token: Token, header: Iterable[str]) -> bool | None:
    """Whether a superlative wants the most of what a column measures, or the least; None where it measures that not."""
    if token.text not in SUPERLATIVES:
        return None
    adjective, most = SUPERLATIVES[token.text]
    if not set(map(stem, LESS_IS_MORE.get(adjective, ()))).isdisjoint(header):
        return not most
    return most if not set(map(stem, MEASURED_BY[adjective])).isdisjoint(header) else None


def of_column(asked: Question, tells: str, column: int) -> Clues:
    """How well a column is what the question asks for: its cells, how many there are, or what they add up to."""
    about, view = asked.about, asked.about.view.columns[column]
    role = "told" if tells in ("cells", "commonest", "repeated") else "counted" if tells == "count" else "computed"
    header, kind, shape = about.headers[column], view.kind.value, about.shapes[column]
    clues = _named(asked, role, column)
    for what in (kind, f"shape {shape}"):
        clues |= {f"{role} {what}": 1, f"{role} {what} wh {asked.wh}": 1}
        if asked.head:
            clues[f"{role} {what} head {asked.head}"] = 1
    clues |= {
        f"{role} first": float(column == 0),
        f"{role} second": float(column == 1),
        f"{role} place": column / max(1, about.table.width - 1),
        f"{role} unique": float(len(view.rows_of) == len(view.keys)),
        f"{role} subject": float(column == about.subject),
        f"{role} flag, asked yes or no": float(shape == "flag" and asked.wh == "none"),
    }
    for word in header:
        clues[f"{role} {word} wh {asked.wh}"] = 1
        if asked.head:
            clues[f"{role} {word} head {asked.head}"] = 1
        if role == "told":
            clues |= {f"told {word} | {token.stem}": 1 for token in asked.words if not token.is_small}
    clues[f"{role} measured"] = float(any(_is_measured(token, header) for token in asked.words))
    return clues


def _is_measured(token: Token, header: Iterable[str]) -> bool:
    """Whether a column measures what an adjective or a verb asks for: Weight what something weighs."""
    verb = next((nouns for verb, nouns in COUNTED.items() if token.text.startswith(verb)), ())
    nouns = MEASURED_BY.get(token.text, verb)
    return not set(map(stem, nouns)).isdisjoint(header)


def _named(asked: Question, role: str, column: int) -> Clues:
    """How much the question says the name of a column, or words near to it."""
    about = asked.about
    header, name = about.headers[column], about.table.header[column].strip().lower()
    words = frozenset(token.stem for token in asked.words)
    near, to_head = asked.nearness, asked.nearness_to_head
    nearest = max((value for other, value in enumerate(near) if other != column), default=0.0)
    clues: Clues = {
        f"{role} said": share(header, words),
        f"{role} said, whole": float(bool(header) and words.issuperset(header)),
        f"{role} said in a cell's name": share(header, asked.stems - words),
        f"{role} verbatim": float(bool(name) and name in asked.low),
        f"{role} nameless": float(not header),
        f"{role} near": near[column],
        f"{role} nearest": max(0.0, near[column] - nearest),
        f"{role} not nearest": max(0.0, nearest - near[column]),
        f"{role} near head": to_head[column],
        f"{role} nearest to head": float(to_head[column] > _NEAR_ENOUGH and to_head[column] == max(to_head)),
    }
    if asked.head:
        is_head = any(map(asked.is_head, header))
        alike = any(stands_for(word, asked.head) for word in header)
        elsewhere = any(asked.is_head(word) for other in about.headers for word in other)
        clues[f"{role} is head"] = float(is_head)
        clues[f"{role} is last of head"] = float(bool(header) and asked.is_head(header[-1]))
        clues[f"{role} like head"] = float(alike and not is_head)
        clues[f"{role} other than head, named"] = float(elsewhere and not is_head)
    return clues


def share(header: Iterable[str], said: frozenset[str]) -> float:
    """The share of the words of a column's name that are said."""
    words = list(header)
    return sum(word in said for word in words) / len(words) if words else 0.0
