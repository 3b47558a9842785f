"""ConSeq: a model learns from its own unsupported texts not to write such (Nan et al., ACL 2021, section 4).

Sample several texts per source from the trained model, have any judge score them and the references, choose S+ and S-
(`quals.selection`), train on both (`tabtext.contrastive`), and say what changed on sources held out. A `Generator` is
all that this needs of a model; `TextGenerator` is the one for any seq2seq that reads text.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from quals.changes import Change, changes, first_texts
from quals.judges import Judge
from quals.references import Referenced
from quals.selection import SHARE, Chosen, choose, texts_of
from quals.sources import Source, text_of
from tabtext.errors import InputError
from tabtext.identity import digest_of
from tabtext.jsonl import refuse_existing, write_jsonl
from tabtext.models import WEIGHTS, Seq2Seq
from tabtext.tokenizers import TextCodec
from tabtext.training_settings import ContrastiveTraining


@dataclass(frozen=True, kw_only=True)
class Contrasting(ContrastiveTraining):
    """How a model is trained on its own texts: `samples` per source by top-k sampling, the `share` kept on either side,
    from sources that give both (`paired`); then as any contrastive training. The numbers are the paper's."""

    samples: int = 6
    top_k: int = 50
    share: float = SHARE
    paired: bool = True


CONTRASTING = Contrasting()


class Generator(Protocol):
    """What ConSeq needs of a model."""

    @property
    def seq2seq(self) -> Seq2Seq:
        """The model to train, and its tokenizer."""

    def sample(self, sources: Sequence[Source], count: int, top_k: int, seed: int) -> Iterator[list[str]]:
        """For each source `count` texts drawn from the model."""

    def write(self, sources: Sequence[Source]) -> Iterator[str]:
        """For each source the text that the model would give a user."""

    def features(self, source: Source, text: str) -> Mapping[str, Sequence[int]] | None:
        """What the model is trained on to say a text (`tabtext.contrastive.Contrast`), None if that is too long."""


@dataclass(frozen=True)
class TextGenerator:
    """A seq2seq model that reads a source as text, behind a `prefix` such as `summarize: `.

    A source that is too long is cut, and counted in `codec.counts`.
    """

    seq2seq: Seq2Seq
    prefix: str = ""
    max_new_tokens: int = 60
    beams: int = 4

    @cached_property
    def codec(self) -> TextCodec:
        """Text to ids."""
        return TextCodec(self.seq2seq.tokenizer)

    def sample(self, sources: Sequence[Source], count: int, top_k: int, seed: int) -> Iterator[list[str]]:
        """For each source `count` texts, drawn with a seed of its own: `seed` and its place."""
        return self._texts(sources, seed, do_sample=True, top_k=top_k, num_return_sequences=count)

    def write(self, sources: Sequence[Source]) -> Iterator[str]:
        """For each source the best text of a beam search."""
        return (texts[0] for texts in self._texts(sources, 0, num_beams=self.beams))

    def features(self, source: Source, text: str) -> Mapping[str, Sequence[int]] | None:
        """`input_ids` and `labels`; None for a text that is longer than the model may write."""
        labels = [*self.codec.encode([text])[0], int(self.seq2seq.tokenizer.eos_token_id)]
        return {"input_ids": self._ids(source), "labels": labels} if len(labels) <= self.max_new_tokens else None

    def _texts(self, sources: Sequence[Source], seed: int, **search: Any) -> Iterator[list[str]]:
        from transformers import GenerationConfig

        from tabtext.generation import generate

        model, tokenizer = self.seq2seq
        config = GenerationConfig(
            max_new_tokens=self.max_new_tokens,
            decoder_start_token_id=model.config.decoder_start_token_id,
            eos_token_id=tokenizer.eos_token_id,
            **search,
        )
        rows = ({"input_ids": self._ids(source)} for source in sources)
        seeds = [random.Random(f"{seed}/{number}").getrandbits(32) for number in range(len(sources))]
        for candidates in generate(self.seq2seq, rows, config, seeds=seeds):
            yield [candidate.text for candidate in candidates]

    def _ids(self, source: Source) -> list[int]:
        ids = self.codec.encode([self.prefix + text_of(source)])[0]
        if len(ids) >= self.seq2seq.max_length:
            self.codec.counts["sources cut to fit"] += 1
        return [*ids[: self.seq2seq.max_length - 1], int(self.seq2seq.tokenizer.eos_token_id)]


def conseq(
    generator: Generator,
    train: Sequence[Referenced],
    dev: Sequence[Referenced],
    judge: Judge,
    output: Path,
    how: Contrasting = CONTRASTING,
    *,
    reports: Mapping[str, Judge] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> list[Change]:
    """Train the generator's model on S+ and S- of `train` into the folder `output`; returns what changed on `dev` by
    the judges in `reports`.

    `chosen.jsonl` holds the texts trained on, `changes.jsonl` what is returned. `facts` name the data and the judge;
    checkpoints of a run with others are refused. Raises InputError where nothing could be chosen.
    """
    refuse_existing(output / WEIGHTS, overwrite=how.overwrite)
    before = list(generator.write([one.source for one in dev]))
    chosen = sample_and_choose(generator, train, judge, how)
    write_jsonl(output / "chosen.jsonl", chosen, overwrite=True)
    found: list[Change] = []

    def measure(folder: Path) -> None:
        after = generator.write([one.source for one in dev])
        first, second = (
            first_texts(dev, {one.id: [text] for one, text in zip(dev, texts, strict=True)})
            for texts in (before, after)
        )
        found.extend(changes(first, second, reports or {}))
        write_jsonl(folder / "changes.jsonl", found)

    _train(generator, chosen, output, how, facts or {}, measure)
    return found


def sample_and_choose(
    generator: Generator, sources: Sequence[Referenced], judge: Judge, how: Contrasting
) -> list[Chosen]:
    """S+ and S- of the model's own samples, with a line on standard error that counts what was passed over."""
    drawn = generator.sample([one.source for one in sources], how.samples, how.top_k, how.seed)
    written = dict(zip((one.id for one in sources), drawn, strict=True))
    return choose_texts(sources, written, judge, share=how.share, paired=how.paired)


def choose_texts(
    sources: Sequence[Referenced],
    written: Mapping[str, Sequence[str]],
    judge: Judge,
    *,
    share: float = SHARE,
    paired: bool = True,
    command: str = "conseq",
) -> list[Chosen]:
    """S+ and S- of texts that a model wrote, by the id of their source; says on standard error, under the name of the
    command, what was left out."""
    counts: Counter[str] = Counter()
    judged = [text for one in sources for text in texts_of(one.id, one.source, one.texts, written[one.id])]
    chosen = choose(judged, judge, counts, share=share, paired=paired)
    samples = sum(len(texts) for texts in written.values())
    others = ", ".join(f"{number:,} {name}" for name, number in sorted(counts.items()) if name.startswith(("s", "w")))
    print(f"{command}: {samples:,} samples; {counts['good']:,} texts to say, {counts['bad']:,} not to say ({others})",
          file=sys.stderr)  # fmt: skip
    if not chosen:
        raise InputError("No source gives both a text to say and one not to say; raise --share or --samples.")
    return chosen


def _train(
    generator: Generator,
    chosen: Sequence[Chosen],
    output: Path,
    how: Contrasting,
    facts: Mapping[str, Any],
    finish: Callable[[Path], None],
) -> None:
    from tabtext.contrastive import Contrast, train_contrastive

    features = [generator.features(one.judged.source, one.judged.text) for one in chosen]  # type: ignore[arg-type]
    contrasts = [
        Contrast(found, one.is_good, one.judged.item)
        for found, one in zip(features, chosen, strict=True)
        if found is not None
    ]
    if len(contrasts) < len(chosen):
        print(f"conseq: {len(chosen) - len(contrasts):,} texts left out, longer than the model writes", file=sys.stderr)
    inputs = digest_of((one.judged.item, one.judged.text, one.is_good) for one in chosen)
    facts = {"task": "conseq", **facts, "inputs": inputs}
    train_contrastive(generator.seq2seq, contrasts, output, how, facts, finish)
