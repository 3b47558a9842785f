"""`gentap ablate`: the paper's claims, over several seeds (GenTaP, section 4).

Pretraining on long and short questions with two decoders, on long ones alone, and with one decoder, each asked without
having seen the data set; and what pretraining is worth to a model that then learns from few or many questions of it.
What was finished by an earlier run is not done again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gentap.evaluate import SENTENCE_METRICS, Evaluating, evaluate
from gentap.finetune import Finetuning, drawn, finetune_on
from gentap.pretrain import Pretraining, pretrain
from gentap.unpretrained import unpretrained
from tabtext.corpora.questions import read_questions
from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.identity import identity, model_identity
from tabtext.metrics.evaluated import PREDICTIONS, SCORES, computable, named

if TYPE_CHECKING:
    from tabtext.metrics.ablation import Condition
    from tabtext.metrics.base import Items

TABLE = "ablation.md"
ALL = "all"

BOTH = "long and short questions, two decoders"
PRETRAININGS: dict[str, dict[str, bool]] = {
    BOTH: {},
    "long questions alone": {"short_form": False},
    "long and short questions, one decoder": {"one_decoder": True},
}
"""The conditions of pretraining, each with what it changes; the first is what the others are set beside."""


@dataclass(frozen=True)
class Ablation:
    """What is compared, how all of it is trained and asked, and with how many seeds.

    `sizes` are numbers of questions to fine-tune on, None being all. `model` is a pretrained model to fine-tune in
    place of those that the ablation pretrains itself. All that are set beside each other pass over as many rows: in
    pretraining a condition with one form over each of them twice as often, in fine-tuning fewer questions more often,
    `finetuning.epochs` being passes over all of them.
    """

    pretraining: Pretraining
    finetuning: Finetuning
    evaluating: Evaluating
    sizes: tuple[int | None, ...] = (100, 1000, None)
    seeds: int = 3
    model: str | None = None


def sizes_of(text: str) -> tuple[int | None, ...]:
    """The numbers of questions in a text such as `100,1000,all`; an InputError for another."""
    words = text.replace(" ", "").split(",")
    if not all(re.fullmatch(rf"{ALL}|[1-9]\d*", word) for word in words):
        raise InputError(f"--sizes {text!r}: numbers or the word all, with commas between, were expected: 100,all.")
    return tuple(dict.fromkeys(None if word == ALL else int(word) for word in words))


def ablate(corpora: Sequence[Path], dev: Path, output: Path, how: Ablation, train: Path | None = None) -> str:
    """Train and score every condition with every seed into folders of `output`, write `ablation.md`, return its text.

    The conditions of pretraining are compared where `corpora` are given, those of fine-tuning where `train` is. Raises
    InputError where there is nothing to compare.
    """
    from gentap.corpus import MANIFEST
    from tabtext.metrics.ablation import claim, write_compared

    if not corpora and (train is None or how.model is None):
        raise InputError("Nothing to compare: name corpora to pretrain on, or a --model and what it is to --train on.")
    how = replace(how, evaluating=replace(how.evaluating, metrics=named(how.evaluating.metrics)))
    questions = _questions(train, how) if train is not None else []
    inputs = identity(*(corpus / MANIFEST for corpus in corpora), dev, train)
    models = [*map(model_identity, (how.model, how.pretraining.model))]
    settings = {**asdict(how), "corpora": corpora, "dev": dev, "train": train}
    claim(output, {**settings, "inputs": inputs, "models": models})
    conditions = [*_pretrained(corpora, dev, output, how)] if corpora else []
    if train is not None:
        conditions += _finetuned(questions, train.name, dev, output, how)
    metrics = how.evaluating.metrics or tuple(computable(SENTENCE_METRICS))
    return write_compared(output / TABLE, conditions, metrics)


def _pretrained(corpora: Sequence[Path], dev: Path, output: Path, how: Ablation) -> Iterator[Condition]:
    """Every condition of pretraining, asked without fine-tuning."""
    for name, changed in PRETRAININGS.items():
        its: Pretraining = replace(how.pretraining, exclude_tables=dev, **changed)  # type: ignore[arg-type]
        its = replace(its, epochs=its.epochs * len(how.pretraining.forms) / len(its.forms))

        def train(folder: Path, seed: int, its: Pretraining = its) -> None:
            pretrain(corpora, folder, replace(its, seed=seed))

        yield _condition(name, dev, output, how, train, against=None if name == BOTH else BOTH)


def _questions(data: Path, how: Ablation) -> list[QAExample]:
    """The questions to fine-tune on; an InputError where there are not as many as any condition learns from."""
    questions = list(read_questions(data, how.finetuning.dataset))
    if not questions:
        raise InputError(f"{data}: holds no questions.")
    for size in how.sizes:
        drawn(questions, size, 0)
    return questions


def _finetuned(
    questions: Sequence[QAExample], name: str, dev: Path, output: Path, how: Ablation
) -> Iterator[Condition]:
    """Fine-tuning without and with pretraining, for every number of questions."""

    def pretrained(seed: int) -> str:
        return how.model or str(output / _named(BOTH, seed))

    def fresh(seed: int) -> str:
        return unpretrained(pretrained(seed), output / f"fresh-{seed}", seed)

    def training(start: Callable[[int], str], size: int | None) -> Callable[[Path, int], None]:
        def train(folder: Path, seed: int) -> None:
            examples = drawn(questions, size, seed)
            said = f"{len(examples):,} questions of {how.finetuning.dataset} ({name})"
            epochs = how.finetuning.epochs * len(questions) / len(examples)
            its = replace(how.finetuning, model=start(seed), epochs=epochs, seed=seed)
            finetune_on(examples, folder, its, said=said)

        return train

    for size in how.sizes:
        learnt = f"fine-tuned on {size or len(questions):,}"
        without = f"{learnt}, not pretrained"
        yield _condition(without, dev, output, how, training(fresh, size))
        yield _condition(f"{learnt}, pretrained", dev, output, how, training(pretrained, size), against=without)


def _condition(
    name: str, dev: Path, output: Path, how: Ablation, train: Callable[[Path, int], None], against: str | None = None
) -> Condition:
    """A condition whose models `train` makes, a folder and a seed each, and what they answer."""
    from tabtext.metrics.ablation import Condition

    runs = []
    for seed in range(how.seeds):
        model = output / _named(name, seed)
        if not (model / "model.safetensors").exists():
            train(model, seed)
        runs.append(_answers(model, dev, how.evaluating))
    print(f"ablate: {name}, {how.seeds} seeds: done", file=sys.stderr)
    return Condition(name, runs, against)


def _answers(model: Path, dev: Path, how: Evaluating) -> Items:
    """What a model answers, from its folder's own folder of answers or asked now; never composed by rules."""
    from tabtext.metrics.ablation import said_in

    folder = model / "answers"
    if not (folder / SCORES).exists():
        (folder / PREDICTIONS).unlink(missing_ok=True)  # of a run that was killed before its scores
        evaluate(str(model), dev, folder, replace(how, composed=False))
    return said_in(folder)


def _named(condition: str, seed: int) -> str:
    """The name of a folder for a condition and a seed."""
    return f"{re.sub('[^a-z0-9]+', '-', condition)}-{seed}"
