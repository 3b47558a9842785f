"""TableQA: a trained model that answers questions about tables, with the cells behind each answer.

>>> qa = TableQA.from_pretrained("gentap-mini")
>>> qa("Which city hosted the games in 2008?", games, title="Summer Olympics").text
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from gentap.answers import EMPTY_QUESTION, NO_CELL, WINDOW, Answer, Asked, in_windows
from gentap.encode import Encoded, TableEncoder
from gentap.evidence import find_evidence
from gentap.model_settings import ModelSettings
from gentap.rules.choice import Choice
from gentap.rules.compose import SURENESS, Composed, compose
from tabtext.errors import InputError
from tabtext.matching import TableMatcher
from tabtext.models import CHOICE
from tabtext.table import Cell, Table

if TYPE_CHECKING:
    import pandas as pd
    import torch

    from tabtext.candidates import Candidate
    from tabtext.models import Seq2Seq

BEAMS = 4
MAX_NEW_TOKENS = 128
_WHERE = ("revision", "create_pr", "commit_message", "commit_description")
"""Options of `push_to_hub` that say where a file goes and why."""
LOOP = 8
"""So many tokens never come twice in an answer; the digits of a large number do, up to seven."""


Read = tuple[Asked, Encoded]
"""A question with what the model reads of it."""


class TableQA:
    """A model with the settings it was trained with. `threshold` overrides the model's own: what is less sure than it
    counts as not in the table. So does `composed`: whether rules make the sentences, around the cells that it finds.
    """

    def __init__(
        self,
        seq2seq: Seq2Seq,
        settings: ModelSettings,
        *,
        beams: int = BEAMS,
        threshold: float | None = None,
        composed: bool | None = None,
        choice: Choice | None = None,
    ) -> None:
        self.seq2seq, self.settings, self.beams, self.choice = seq2seq, settings, beams, choice
        self.composed = settings.composed if composed is None else composed
        self.threshold = settings.threshold if threshold is None else threshold
        self.encoder = TableEncoder(
            seq2seq.tokenizer, settings.linearization, settings.max_length, drafts=settings.drafts, choice=choice
        )
        self.max_new_tokens = MAX_NEW_TOKENS
        self._matcher = lru_cache(maxsize=8)(TableMatcher)

    @classmethod
    def from_pretrained(
        cls,
        name: str | Path,
        *,
        device: str | torch.device | None = None,
        beams: int = BEAMS,
        threshold: float | None = None,
        composed: bool | None = None,
    ) -> TableQA:
        """The model of this name, folder or hub id; an InputError says why it cannot be one."""
        import gentap.model  # noqa: F401  (makes DualDecoderT5 known to the Auto classes)
        from tabtext.models import load_seq2seq

        seq2seq = load_seq2seq(name, device=device, kind="table_qa")
        settings = ModelSettings.of(seq2seq.model.config, str(name))
        if composed and "cell" not in settings.decoders:
            raise InputError(
                f"Model {str(name)!r}: has learnt no cells, around which sentences are composed; ask for its own."
            )
        choice = Choice.of_model(name)
        return cls(seq2seq, settings, beams=beams, threshold=threshold, composed=composed, choice=choice)

    def save_pretrained(self, folder: str | Path) -> None:
        """Write model, tokenizer and settings into a folder that `from_pretrained` takes."""
        self.settings.store(self.seq2seq.model.config)
        self.seq2seq.save(Path(folder))
        Choice.keep(self.choice, Path(folder))

    def push_to_hub(self, repo_id: str, **options: Any) -> None:
        """Put model, tokenizer and settings on the hub; `options` are those of transformers' `push_to_hub`."""
        self.settings.store(self.seq2seq.model.config)
        self.seq2seq.model.push_to_hub(repo_id, **options)
        self.seq2seq.tokenizer.push_to_hub(repo_id, **options)
        if self.choice is not None:
            from huggingface_hub import HfApi

            hub = HfApi(token=options.get("token"))
            whole = hub.create_repo(repo_id, exist_ok=True).repo_id  # with the name of its owner
            where = {name: options[name] for name in _WHERE if name in options}
            hub.upload_file(path_or_fileobj=self.choice.to_bytes(), path_in_repo=CHOICE, repo_id=whole, **where)

    @overload
    def __call__(  # type: ignore[overload-overlap]
        self, question: str, table: Table | pd.DataFrame, *, title: str = ""
    ) -> Answer: ...

    @overload
    def __call__(self, question: Sequence[str], table: Table | pd.DataFrame, *, title: str = "") -> list[Answer]: ...

    def __call__(
        self, question: str | Sequence[str], table: Table | pd.DataFrame, *, title: str = ""
    ) -> Answer | list[Answer]:
        """The answer to a question, or the answers to several, about a table or DataFrame.

        Raises InputError for a question that is empty or longer than the model's input, and for a table of which not
        one row fits.
        """
        about = table if isinstance(table, Table) else Table.from_frame(table, title=title)
        questions = [question] if isinstance(question, str) else question
        answers = list(self.answers(Asked(text, about) for text in questions))
        return answers[0] if isinstance(question, str) else answers

    def answers(self, asked: Iterable[Asked | tuple[str, Table]], *, on_error: str = "stop") -> Iterator[Answer]:
        """The answers to questions, each about its own table, in order and in batches of like length.

        A question that cannot be read is an InputError, after the answers to those before it, or with
        `on_error="skip"` an answer that gives the reason.
        """
        sources = ((one, self._encoded(one, on_error)) for one in (Asked(*one) for one in asked))
        for ahead in in_windows(sources, WINDOW):
            read = [(one, source) for one, source in ahead if isinstance(source, Encoded)]
            answers = iter(self._composed(read) if self.composed else self._written(read))
            for one, source in ahead:
                if isinstance(source, Encoded):
                    yield next(answers)
                else:
                    yield Answer(one.question, "", score=0.0, answerable=False, reason=source, is_read=False)

    def _encoded(self, asked: Asked, on_error: str) -> Encoded | str:
        """The model's input, or why there is none."""
        try:
            if not asked.question.strip():
                raise InputError(EMPTY_QUESTION)
            return self.encoder.source(asked.question, asked.table)
        except InputError as error:
            if on_error == "stop":
                raise asked.error(error) from None
            return str(error)

    def _written(self, read: Sequence[Read]) -> list[Answer]:
        """The answers that the trained decoders write."""
        said = {name: self._said(name, [source for _, source in read]) for name in self.settings.decoders}
        first = next(iter(said))
        cells = said.get("cell", said[first])
        return [
            self._answer(one, source, best, cell.text)
            for (one, source), best, cell in zip(read, said[first], cells, strict=True)
        ]

    def cells(self, asked: Iterable[Asked | tuple[str, Table]]) -> Iterator[Cell | None]:
        """The cells with which the cell decoder alone answers questions; None where its answer is no cell.

        Raises InputError for a model without a cell decoder.
        """
        if "cell" not in self.settings.decoders:
            raise InputError("The model has learnt no cells.")
        for ahead in in_windows((Asked(*one) for one in asked), WINDOW):
            sources = [self._encoded(one, "skip") for one in ahead]
            read = [(one, source) for one, source in zip(ahead, sources, strict=True) if not isinstance(source, str)]
            found = self._own_cells(read)
            yield from (None if isinstance(source, str) else next(found)[1] for source in sources)

    def _own_cells(self, read: Sequence[Read]) -> Iterator[tuple[Candidate, Cell | None]]:
        """What the cell decoder says to each question, and the cell that this is, if any."""
        for (one, source), best in zip(read, self._said("cell", [source for _, source in read]), strict=True):
            yield best, find_evidence(self._matcher(one.table), source.seen, one.question, best.text, best.text).cell

    def _composed(self, read: Sequence[Read]) -> list[Answer]:
        """Answers composed by rules around the cells that the cell decoder finds; where no rule finds any, none but a
        guess: what is written."""
        answers: list[Answer | None] = []
        for (one, source), (best, own) in zip(read, self._own_cells(read), strict=True):
            refused = self._refusal(one, source, best)
            found = compose(one.question, self._matcher(one.table), own, self.choice) if not refused else None
            score = self._probability(best) if found and found.cell == own else SURENESS
            answers.append(self._of_composed(one, found, score) if found else None)
        left = iter(self._written([item for item, answer in zip(read, answers, strict=True) if answer is None]))
        return [answer or _guessed(next(left)) for answer in answers]

    def _of_composed(self, asked: Asked, found: Composed, score: float) -> Answer:
        """What rules composed; they look at all of the table, whatever the model read of it."""
        cell = asked.table[found.cell]
        text = found.text if "sentence" in self.settings.decoders else cell.strip()
        return Answer(asked.question, text, cell, found.cells, score, composed=True)

    def _said(self, decoder: str, sources: Sequence[Encoded]) -> list[Candidate]:
        """What a decoder says to each input."""
        from transformers import GenerationConfig

        from gentap.model import DualDecoderT5
        from tabtext.generation import generate

        model, tokenizer = self.seq2seq
        config = GenerationConfig(
            num_beams=self.beams,
            max_new_tokens=self.max_new_tokens,
            no_repeat_ngram_size=LOOP,
            length_penalty=self.settings.length_penalty if decoder == "sentence" else 1.0,
            decoder_start_token_id=model.config.decoder_start_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
        rows = ({"input_ids": source.ids} for source in sources)
        chosen: dict[str, Any] = {"decoder_name": decoder} if isinstance(model, DualDecoderT5) else {}
        return [best for best, *_ in generate(self.seq2seq, rows, config, **chosen)]

    def _answer(self, asked: Asked, source: Encoded, best: Candidate, value: str) -> Answer:
        """The answer made of what a decoder said, and of the text of the cell that answers."""
        score, cut = self._probability(best), str(source.cut)
        if reason := self._refusal(asked, source, best):
            return Answer(asked.question, best.text, None, (), score, False, cut, reason)
        evidence = find_evidence(self._matcher(asked.table), source.seen, asked.question, best.text, value)
        cell = asked.table[evidence.cell] if evidence.cell else None
        return Answer(asked.question, best.text, cell, evidence.cells, score, True, cut)

    def _refusal(self, asked: Asked, source: Encoded, best: Candidate) -> str:
        """Why what a decoder said is no answer, nothing where it is one."""
        if not source.seen:
            return "It has no rows." if not len(asked.table) else "It has no text."
        score = self._probability(best)
        if best.text.strip() and score >= self.threshold:
            return ""
        return f"The best guess, {best.text!r}, has a score of {score:.2g}, below {self.threshold:g}."

    def _probability(self, candidate: Candidate) -> float:
        """The geometric mean of the probabilities of a text's tokens, its end included."""
        return exp(candidate.logprob / len(self.encoder.target(candidate.text)))


def _guessed(answer: Answer) -> Answer:
    """The same as a guess: a model whose sentences are composed says little that holds in its own."""
    return replace(answer, answerable=False, reason=answer.reason or NO_CELL)
