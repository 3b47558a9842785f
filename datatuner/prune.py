"""A smaller encoder for the fidelity classifier: the pieces of its vocabulary that the texts at hand use, fewer layers.

Half of a small encoder's weights are embeddings of pieces that these texts never show it. Those that stay keep their
embeddings and, among themselves, their order; every sign and every Latin, Greek and Cyrillic letter stays writable. A
text all of whose pieces stayed is cut into the same pieces and has the same states as before, since the longest match
is still there. The upper layers of an encoder that was fine-tuned can go at little cost, if what stays is taught on
(Sajjad et al., 2023).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerBase

PIECES = 4200
"""Pieces that stay: MiniLM with so many has 12.4 million weights."""

_LETTERS_END = 0x530
"""Letters from here on stay only where the texts have them: Armenian and all after it in Unicode, Chinese included."""

_BATCH = 10_000
"""Texts that are cut into pieces at a time."""


def prune_encoder(
    name: str, pairs: Sequence[Path], output: Path, pieces: int = PIECES, layers: int | None = None
) -> tuple[int, int]:
    """Save the encoder of this name, or classifier of ours, with at most `pieces` of its vocabulary, chosen by the
    pairs' names and texts, and its first `layers`; returns how many pieces it had and has.

    Raises InputError where its tokenizer is no WordPiece one, where `pieces` has no room for the characters, or where
    it is not BERT-like or has fewer layers.
    """
    from datatuner.train_fidelity import load_encoder, names_and_texts, read_pairs
    from tabtext.model_kinds import CONFIG
    from tabtext.models import Seq2Seq

    if (output / CONFIG).exists():
        raise InputError(f"{output}: holds a model already; name another folder.")
    encoder, tokenizer = load_encoder(name)
    texts = names_and_texts(chain.from_iterable(map(read_pairs, pairs)))
    kept = kept_pieces(tokenizer, texts, pieces)
    before = len(tokenizer)
    if layers is not None:
        keep_layers(encoder, layers)
    Seq2Seq(*pruned(encoder, tokenizer, kept)).save(output)
    return before, len(kept)


def keep_layers(encoder: Any, layers: int) -> None:
    """Take all but the first `layers` away."""
    inner = _inner(encoder)
    stack = getattr(getattr(inner, "encoder", None), "layer", None)
    if stack is None or not 1 <= layers <= len(stack):
        found = "no layers that can be told apart" if stack is None else f"{len(stack)} layers"
        raise InputError(f"{layers} layers are to stay, and this {inner.config.model_type} has {found}.")
    inner.encoder.layer = stack[:layers]
    inner.config.num_hidden_layers = layers
    _tell(encoder)


def _inner(encoder: Any) -> Any:
    """The encoder itself, also of a classifier around one."""
    return encoder.encoder if encoder.config.model_type == "fidelity" else encoder


def _tell(encoder: Any) -> None:
    """Let a classifier's configuration say what its encoder is now."""
    if (inner := _inner(encoder)) is not encoder:
        encoder.config.encoder = inner.config.to_dict()


def kept_pieces(tokenizer: PreTrainedTokenizerBase, texts: Iterable[str], pieces: int) -> list[int]:
    """The ids of the pieces to keep, in order: special tokens, characters, and what the texts show most often."""
    cutter = _word_piece(tokenizer)
    used = _uses(cutter, Counter(texts))
    always = {i for piece, i in cutter.get_vocab().items() if _is_kept_character(cutter, piece, i in used)}
    always.update(tokenizer.all_special_ids)
    if len(always) > pieces:
        raise InputError(f"{pieces:,} pieces have no room for the {len(always):,} that write single characters.")
    by_use = sorted(used.keys() - always, key=lambda i: (-used[i], i))
    return sorted(always.union(by_use[: pieces - len(always)]))


def _uses(cutter: Tokenizer, texts: Counter[str]) -> Counter[int]:
    """How often each piece stands in the texts, of which there are so many of each."""
    used: Counter[int] = Counter()
    distinct = list(texts)
    for start in range(0, len(distinct), _BATCH):
        batch = distinct[start : start + _BATCH]
        for text, found in zip(batch, cutter.encode_batch(batch, add_special_tokens=False), strict=True):
            for i in found.ids:
                used[i] += texts[text]
    return used


def pruned(encoder: Any, tokenizer: PreTrainedTokenizerBase, kept: Sequence[int]) -> tuple[Any, Any]:
    """The encoder with the embeddings [len(kept), width] of these ids alone, and the tokenizer that gives new ids.

    The encoder is changed in place.
    """
    import torch
    from transformers import PreTrainedTokenizerFast

    inner = _inner(encoder)
    new = {old: i for i, old in enumerate(kept)}
    rows = inner.get_input_embeddings().weight.detach()[torch.tensor(kept)].clone()
    pad = new[int(tokenizer.pad_token_id)]
    inner.set_input_embeddings(torch.nn.Embedding.from_pretrained(rows, freeze=False, padding_idx=pad))
    inner.config.vocab_size, inner.config.pad_token_id = len(kept), pad
    _tell(encoder)
    smaller = PreTrainedTokenizerFast(
        tokenizer_object=_renumbered(_word_piece(tokenizer), new),
        model_max_length=tokenizer.model_max_length,
        clean_up_tokenization_spaces=False,
        **{name: str(token) for name, token in tokenizer.special_tokens_map.items()},
    )
    return encoder, smaller


def _word_piece(tokenizer: Any) -> Tokenizer:
    """The tokenizer's own machine, without padding and cutting off; an InputError where it is no WordPiece one."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece

    machine = getattr(tokenizer, "backend_tokenizer", None)
    if machine is None or not isinstance(machine.model, WordPiece):
        raise InputError(f"Only WordPiece vocabularies (BERT, MiniLM) can be pruned, not a {type(tokenizer).__name__}.")
    copy = Tokenizer.from_str(machine.to_str())
    copy.no_padding()
    copy.no_truncation()
    return copy


def _is_kept_character(cutter: Tokenizer, piece: str, is_used: bool) -> bool:
    """Whether a piece is one character that some text is cut into (inside of words there are neither signs nor Chinese
    characters), and one that stays."""
    character = piece.removeprefix(cutter.model.continuing_subword_prefix)
    if len(character) != 1 or (character.isalpha() and ord(character) >= _LETTERS_END and not is_used):
        return False
    inside = cutter.normalizer.normalize_str(f"a{character}")
    return character == piece or len(cutter.pre_tokenizer.pre_tokenize_str(inside)) == 1


def _renumbered(cutter: Tokenizer, new: dict[int, int]) -> Tokenizer:
    """The same machine with only the pieces of these old ids, under their new ones."""
    from tokenizers import Tokenizer

    facts = json.loads(cutter.to_str())
    vocabulary = facts["model"]["vocab"]
    facts["model"]["vocab"] = {piece: new[i] for piece, i in vocabulary.items() if i in new}
    for token in facts["added_tokens"]:
        token["id"] = new[token["id"]]
    for token in (facts["post_processor"] or {}).get("special_tokens", {}).values():
        token["ids"] = [new[i] for i in token["ids"]]
    return Tokenizer.from_str(json.dumps(facts))
