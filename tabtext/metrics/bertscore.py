"""BERTScore F1: tokens of two texts matched by the cosine of their contextual embeddings (Zhang et al. 2020).

Any encoder from a local folder or the hub will do; the numbers of two encoders, or two layers, do not compare. As in
the authors' code, marks such as [CLS] can be matched but have no weight; there is no idf weighting and no rescaling.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.checkpoints import digest
from tabtext.errors import InputError
from tabtext.metrics.base import Items, MeanMetric
from tabtext.models import WEIGHTS, load_encoder

if TYPE_CHECKING:
    import torch

BATCH, AT_ONCE = 32, 512
"""Texts per batch of the encoder; items whose embeddings are kept at a time."""
LAYERS = {
    "bert-base-uncased": 9, "bert-large-uncased": 18, "roberta-base": 10, "roberta-large": 17,
    "distilbert-base-uncased": 5, "distilroberta-base": 5, "microsoft/deberta-xlarge-mnli": 40,
}  # fmt: skip
"""The layer that the authors found best, by encoder; others take the last one unless told."""


class BertScore(MeanMetric):
    """Mean BERTScore F1 in percent; of several references the best one counts, and an empty text scores 0."""

    name = "bertscore"
    scale = 100.0

    def __init__(self, encoder: str | None = None, *, layer: int | None = None, device: str = "cpu") -> None:
        if not encoder:
            raise InputError("bertscore needs an encoder: pass --encoder with a local folder or a hub name.")
        self.encoder, self.device = str(encoder), device
        self.layer = layer if layer is not None else LAYERS.get(self.encoder)
        depth = "last" if self.layer is None else self.layer
        self.settings = ("f1", f"encoder:{_signed(self.encoder)}", f"layer:{depth}", "idf:no", "rescaled:no")

    def segment_scores(self, items: Items) -> list[float]:
        """BERTScore F1 of every item; a few items' embeddings are in memory at a time."""
        pairs = list(zip(items.predictions, items.references, strict=True))
        return [f1 for start in range(0, len(pairs), AT_ONCE) for f1 in self._scores(pairs[start : start + AT_ONCE])]

    def _scores(self, pairs: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[float]:
        texts = {text for prediction, references in pairs for text in (prediction, *references) if text.strip()}
        embedded = self.embed(sorted(texts, key=lambda text: (len(text), text)))
        for prediction, references in pairs:
            yield max(_f1(embedded.get(prediction), embedded.get(reference)) for reference in references)

    def embed(self, texts: Sequence[str]) -> dict[str, Embedded]:
        """Every text's token embeddings, of norm 1."""
        import torch

        tokenizer, model = _load(self.encoder, self.device)
        limit = _longest(tokenizer, model)
        embedded: dict[str, Embedded] = {}
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            inputs = tokenizer(batch, padding=True, truncation=True, max_length=limit, return_tensors="pt")
            with torch.inference_mode():
                outputs = model(**inputs.to(self.device), output_hidden_states=True)
            states = torch.nn.functional.normalize(outputs.hidden_states[self._layer(outputs)].float(), dim=-1)
            special = torch.isin(inputs["input_ids"], torch.tensor(tokenizer.all_special_ids, device=self.device))
            for text, vectors, kept, marks in zip(batch, states, inputs["attention_mask"].bool(), special, strict=True):
                embedded[text] = Embedded(vectors[kept].cpu(), ~marks[kept].cpu())
        return embedded

    def _layer(self, outputs: Any) -> int:
        depth = len(outputs.hidden_states) - 1
        if self.layer is not None and not 0 <= self.layer <= depth:
            raise InputError(f"bertscore: layer {self.layer} was asked for and {self.encoder} has {depth}.")
        return depth if self.layer is None else self.layer


def _signed(encoder: str) -> str:
    """The encoder in a signature: a hub name as it is, a folder by its name and the checksum of its weights."""
    weights = Path(encoder) / WEIGHTS
    return f"{weights.parent.name}#{digest(weights)[:8]}" if weights.is_file() else encoder


class Embedded(NamedTuple):
    """A text's token embeddings, float [tokens, width], and which tokens are words, bool [tokens]."""

    vectors: torch.Tensor
    words: torch.Tensor


def _f1(prediction: Embedded | None, reference: Embedded | None) -> float:
    if prediction is None or reference is None or not prediction.words.any() or not reference.words.any():
        return 0.0
    similar = prediction.vectors @ reference.vectors.T
    precision = float(similar.max(dim=1).values[prediction.words].mean())
    recall = float(similar.max(dim=0).values[reference.words].mean())
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def _longest(tokenizer: Any, model: Any) -> int:
    """The tokens that fit; RoBERTa's positions start at 2, which counts where the tokenizer does not know its limit."""
    positions = getattr(model.config, "max_position_embeddings", 512)
    return int(min(tokenizer.model_max_length, positions) if tokenizer.model_max_length < 10**6 else positions - 2)


@lru_cache(maxsize=1)
def _load(encoder: str, device: str) -> tuple[Any, Any]:
    model, tokenizer = load_encoder(encoder, of_any=True)
    return tokenizer, model.eval().to(device)
