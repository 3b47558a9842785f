"""`datatuner generate`: records to texts, several candidates each, by a model that `datatuner train` made."""

from __future__ import annotations

import random
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import compress, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from datatuner.states import LENGTH_PENALTY, StateEncoder, StateSettings
from tabtext.candidates import Candidate
from tabtext.errors import InputError, unknown_name
from tabtext.identity import model_identity
from tabtext.jsonl import Line, read_lines, refuse_existing
from tabtext.record import Record
from tabtext.record_files import LINE_READERS, format_of, try_records
from tabtext.stages import Options, Source, Stage, run_stage

if TYPE_CHECKING:
    from datatuner.repair import Missing, Repair
    from tabtext.batches import Features
    from tabtext.models import Seq2Seq

SEARCHES = ("beam", "diverse", "sample")

SHARD = 128
"""Records that are read before the first is written, so that such of like length share a batch."""


@dataclass(frozen=True)
class Generation:
    """How texts are found: `beam` search, `diverse` beam search (a group per candidate), or `sample`d ones.

    `beams` is at least `candidates`. Beams compare by log-probability / length ** `length_penalty`. With `split` a
    record that is too long for the model is said in several texts, one behind the other; else it is refused.
    """

    candidates: int = 5
    search: str = "beam"
    beams: int = 5
    length_penalty: float = LENGTH_PENALTY
    strength: float = 0.5
    temperature: float = 1.0
    top_p: float = 0.9
    split: bool = False

    def __post_init__(self) -> None:
        if self.search not in SEARCHES:
            raise unknown_name("--search", self.search, SEARCHES)


GENERATION = Generation()

WIDE = 40
"""Beams where five had nothing that would do. To search so wide everywhere lowers the scores of all texts."""


class Generator:
    """A model that says records.

    >>> generator = Generator.from_pretrained("my-model")                               # doctest: +SKIP
    >>> [best, *others] = generator(Record.from_mr("name[Alimentum], food[Indian]"))    # doctest: +SKIP
    """

    def __init__(self, seq2seq: Seq2Seq, settings: StateSettings) -> None:
        self.seq2seq = seq2seq
        self.encoder = StateEncoder(seq2seq.tokenizer, settings, seq2seq.model.config.n_positions)
        self._told: set[str] = set()

    @classmethod
    def from_pretrained(cls, name: str | Path) -> Generator:
        """The model of a folder that `datatuner train` wrote, or of a name; an InputError where it is none."""
        from datatuner.model import load

        seq2seq = load(name)
        return cls(seq2seq, StateSettings.of(seq2seq.model.config, str(name)))

    def __call__(self, record: Record, how: Generation = GENERATION) -> list[Candidate]:
        """The candidates for one record, best first."""
        return next(self.candidates([record], how=how))

    def candidates(
        self, records: Iterable[Record], n: int | None = None, how: Generation = GENERATION
    ) -> Iterator[list[Candidate]]:
        """For each record its `n` candidates (default: as `how` says), best first, no text twice.

        Records are read ahead of what is given back. Raises InputError for one that is empty or too long.
        """
        how = how if n is None else Generation(**{**asdict(how), "candidates": n})
        return self.said((self.prompts(record, split=how.split) for record in records), how)

    def prompts(self, record: Record, *, split: bool = False) -> list[Features]:
        """What the model reads: one prompt, or with `split` as many as a long record takes."""
        wholes = self.encoder.split(record) if split else [record]
        return [self.encoder.checked_prompt(part) for part in wholes]

    def said(
        self, prompts: Iterable[Sequence[Features]], how: Generation, seeds: Iterable[int] | None = None
    ) -> Iterator[list[Candidate]]:
        """`candidates` for records that are prompts already; samples are drawn with a seed per prompt."""
        sizes: deque[int] = deque()

        def rows() -> Iterator[Features]:
            for parts in prompts:
                sizes.append(len(parts))
                yield from parts

        results = self._found(rows(), how, seeds)
        for first in results:
            yield _joined([first, *islice(results, sizes.popleft() - 1)])

    def _found(
        self, rows: Iterable[Features], how: Generation, seeds: Iterable[int] | None
    ) -> Iterator[list[Candidate]]:
        from transformers import GenerationConfig

        from tabtext.diverse import DiverseSearch, diverse_candidates
        from tabtext.generation import generate

        limit = self.encoder.settings.max_new_tokens
        if how.search == "diverse":
            search = DiverseSearch(how.candidates, how.strength, 1, limit)
            return diverse_candidates(self.seq2seq, rows, search, decode=self._text)
        sample = how.search == "sample"
        width = 1 if sample else max(how.beams, how.candidates)
        config = GenerationConfig(
            num_beams=width,
            num_return_sequences=how.candidates,
            max_new_tokens=limit,
            eos_token_id=self.seq2seq.tokenizer.eos_token_id,
            do_sample=sample,
            **({"temperature": how.temperature, "top_p": how.top_p, "top_k": 0} if sample else {}),
            **({"length_penalty": how.length_penalty, "early_stopping": True} if width > 1 else {}),
        )
        return generate(self.seq2seq, rows, config, seeds=seeds, decode=self._text)

    def wider(self, records: Sequence[Record]) -> list[list[Candidate]]:
        """For each record, none of whose candidates would do, those of a search of `WIDE` beams; none, as with
        `repairs`, for one that cannot be read in one go or of which training never saw all."""
        fitting = [self._can_repair(record) for record in records]
        found = self.candidates(compress(records, fitting), how=Generation(candidates=WIDE, beams=WIDE))
        return [next(found) if fits else [] for fits in fitting]

    def trusts(self, record: Record, text: Candidate) -> bool:
        """Whether training saw all that a record speaks of, and the model holds its own text for likely (`least`)."""
        from datatuner.repair import by_token, least

        return self.encoder.knows(record) and by_token(self.encoder.codec, text) >= least(record)

    def repaired(
        self, record: Record, missing: Sequence[Missing], accept: Callable[[str], bool] | None = None
    ) -> Candidate | None:
        """A text found anew that says every one of `missing` (a phrase, or wordings of which one will do) and that
        `accept` takes; None where there is none, as in `repairs`. `datatuner.repair.wordings` gives a fact's."""
        from datatuner.repair import repaired

        if not self._can_repair(record):
            return None
        return repaired(self.seq2seq, self.encoder, record, missing, accept=accept)

    def repairs(self, wanted: Sequence[Repair]) -> list[list[Candidate]]:
        """For each of many repairs all texts found that say what was missing, the likeliest first.

        There are none for a record that the model cannot read in one go, such as one that was said in several texts,
        and none for one with a slot or predicate that training never saw: forced to say that, it writes nonsense."""
        from datatuner.repair import repairs

        fitting = [i for i, each in enumerate(wanted) if self._can_repair(each.record)]
        found = dict(zip(fitting, repairs(self.seq2seq, self.encoder, [wanted[i] for i in fitting]), strict=True))
        return [found.get(i, []) for i in range(len(wanted))]

    def _can_repair(self, record: Record) -> bool:
        """Whether a record can be read in one go, and training saw all of its slots and predicates."""
        return self.encoder.knows(record) and self.encoder.fits(record)

    def new_unseen(self) -> list[str]:
        """The structure tokens of records read since the last call that the model was not trained on, each once."""
        new = [tag for tag in self.encoder.unseen if tag not in self._told]
        self._told.update(new)
        return new

    def _text(self, ids: Sequence[int]) -> str:
        return self.encoder.codec.decode([ids])[0].strip()


@lru_cache(maxsize=1)
def load_generator(model: str) -> Generator:
    """The model of this name or folder, kept for the next shard and for whoever asks for the same."""
    return Generator.from_pretrained(model)


def _joined(parts: Sequence[list[Candidate]]) -> list[Candidate]:
    """The candidates of one record from those of its parts, the k-th being the k-th of every part; no text twice,
    and no empty one where there are others."""
    distinct: dict[str, Candidate] = {}
    for row in zip(*parts, strict=False):
        text = " ".join(part.text for part in row)
        distinct.setdefault(text, Candidate(text, sum(part.logprob for part in row)))
    return [one for one in distinct.values() if one.text.strip()] or list(distinct.values())


def generate_texts(records: Path, options: Options, *, model: str, how: Generation = GENERATION) -> Counter[str]:
    """Write the candidates for every record of a file (any format of records): `id`, `text`, `logprob`, `candidates`,
    `source`."""
    refuse_existing(options.output, overwrite=options.overwrite)
    if str(records) != "-":
        _refuse_two_of_one_id(islice(_items(records), options.limit))
    load_generator(model)
    stage = Stage(
        "generate", {"model": model_identity(model), **asdict(how)}, process_shard=_Shard(model, how),
        read=_Reader(model, how.split), shard_size=SHARD,
    )  # fmt: skip
    return run_stage(stage, Source(_items(records), "records"), options)


class _Read(NamedTuple):
    """A record's id and what the model reads of it."""

    id: str
    prompts: list[Features]


class _Given(NamedTuple):
    """A line that holds a record, its number among such lines and its format."""

    number: int
    line: Line
    format: str


def _items(path: Path) -> Iterator[_Given | Record | InputError]:
    """The lines of a file that has a record on each, or the records of any other file, and why one cannot be read."""
    format = format_of(path)
    if format in LINE_READERS:
        yield from (_Given(number, line, format) for number, line in enumerate(read_lines(path), 1))
    else:
        yield from (tried if isinstance(tried, InputError) else tried[0] for tried in try_records(path, format))


def _refuse_two_of_one_id(items: Iterable[_Given | Record | InputError]) -> None:
    """An InputError where two different records have one id, by which what is said of them is matched later."""
    by_id: dict[str, Record] = {}
    for item in items:
        if isinstance(item, InputError):
            continue  # the stage complains of it in its turn
        try:
            record = item if isinstance(item, Record) else LINE_READERS[item.format](item.line)[0]
        except InputError:
            continue  # the stage complains of it in its turn
        id = record.id or (str(item.number) if isinstance(item, _Given) else "")
        if by_id.setdefault(id, record) != record:
            place = f"{item.line.name}, line {item.line.number}: " if isinstance(item, _Given) else ""
            raise InputError(f"{place}two different records have the id {id!r}; ids must be unique.")


@dataclass(frozen=True)
class _Reader:
    """From an item to what the model reads; an InputError names the place of a record that it cannot read."""

    model: str
    split: bool

    def __call__(self, item: _Given | Record | InputError) -> _Read:
        if isinstance(item, InputError):
            raise item
        generator = load_generator(self.model)
        if isinstance(item, Record):
            return _Read(item.id, generator.prompts(item, split=self.split))
        record, _ = LINE_READERS[item.format](item.line)
        try:
            return _Read(record.id or str(item.number), generator.prompts(record, split=self.split))
        except InputError as error:
            raise InputError(f"{item.line.name}, line {item.line.number}: {error}") from None


@dataclass(frozen=True)
class _Shard:
    """The shard function of `generate_texts`."""

    model: str
    how: Generation

    def __call__(self, read: list[_Read], rngs: list[random.Random], counts: Counter[str]) -> Iterator[dict[str, Any]]:
        generator = load_generator(self.model)
        for tag in generator.new_unseen():
            print(f"generate: the model never saw {tag} in training; it reads it as words", file=sys.stderr)
        seeds = [rng.getrandbits(32) for one, rng in zip(read, rngs, strict=True) for _ in one.prompts]
        for one, candidates in zip(read, generator.said((one.prompts for one in read), self.how, seeds), strict=True):
            yield _output(one.id, candidates)


def _output(id: str, candidates: Sequence[Candidate]) -> dict[str, Any]:
    rows = [{"text": one.text, "logprob": round(one.logprob, 4), "scores": {}} for one in candidates]
    return {"id": id, "text": rows[0]["text"], "logprob": rows[0]["logprob"], "candidates": rows, "source": "model"}
