"""Tokenizers trained on our own text, and user text made into ids in which nothing is structure and nothing is lost.

`train_tokenizer` makes a small byte-level BPE with T5's special tokens. `TextCodec` is the way from text to ids for any
tokenizer: structure ids are put in by the caller, by number, and never come out of a text, whatever it says
(`</s>`, `<extra_id_0>`, `<pad>`); characters that the vocabulary lacks are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

VOCABULARY = 6000
"""Pieces of a tokenizer made from scratch, special tokens included."""

EXTRA_IDS = 32
"""Sentinels `<extra_id_0>` … of a tokenizer made from scratch, as T5's denoising uses them."""

_WORDS = r" ?\p{N}{1,4}| ?[\p{L}\p{M}]+| ?[^\s\p{L}\p{M}\p{N}]|\s+(?!\S)|\s"
"""A word, up to four digits (a year) or a single sign, each with the space before it."""


def train_tokenizer(
    texts: Iterable[str], *, size: int = VOCABULARY, structure: Sequence[str] = (), extra_ids: int = EXTRA_IDS
) -> PreTrainedTokenizerBase:
    """A byte-level BPE tokenizer of at most `size` pieces: `<pad>` 0, `</s>` 1, `<unk>` 2, structure and sentinels.

    A word has the same pieces at the start of a text as inside it (a space is put before each text and taken off in
    decoding), so that a name in a cell and in a sentence are the same ids. Every character can be said: those without
    a piece of their own are bytes. `structure` are special tokens of the caller's, such as `<entry>`.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["<pad>", "</s>", "<unk>", *structure, *(f"<extra_id_{i}>" for i in range(extra_ids))]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Prepend(" ")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(_WORDS), "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)]
    )
    tokenizer.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Strip(" ", 1, 0)])
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=special,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        extra_special_tokens=special[3:],
        model_max_length=512,
        split_special_tokens=True,
        clean_up_tokenization_spaces=False,
    )


class TextCodec:
    """Text to ids and back for one tokenizer; `counts` tells what could not be kept as it was.

    `special tokens in text`: literals such as `</s>` that had to be broken (`< /s>`) to stay text.
    `unknown characters`: characters that the vocabulary cannot say; the model does not see them.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        self.counts: Counter[str] = Counter()
        self.special_ids = frozenset(tokenizer.all_special_ids)
        self._leaks = self._leaking_literals()
        self._known: dict[str, bool] = {}
        self._vocabulary = tokenizer.get_vocab()
        inside, start = self._plain_ids(["b a", "a"])
        self._space = "" if inside[-len(start) :] == start else " "

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, without end token or any other special id."""
        if not texts:
            return []
        texts = [text.encode("utf-8", "replace").decode() for text in texts]  # a lone surrogate becomes `?`
        self._count_unknown(texts)
        if self._leaks is not None:
            texts = [self._broken(text) for text in texts]
        rows = self._plain_ids(texts)
        return [[i for i in row if i not in self.special_ids] for row in rows]

    def encode_words(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of texts, white space evened out, with which a word has the same ids at the start as inside.

        GPT-2's tokenizer gives a word at the start of a text others; ours does not.
        """
        evened = [" ".join(text.split()) for text in texts]
        return self.encode([f"{self._space}{text}" if text else "" for text in evened])

    def decode(self, rows: Iterable[Sequence[int]]) -> list[str]:
        """The text of each row of ids; special ids are left out."""
        kept = [[int(i) for i in row if int(i) not in self.special_ids and int(i) >= 0] for row in rows]
        return list(self.tokenizer.batch_decode(kept, clean_up_tokenization_spaces=False))

    def id(self, token: str) -> int:
        """The id of a structure token; a ValueError if the tokenizer has no such token."""
        found = self._vocabulary.get(token)
        if found is None:
            raise ValueError(f"The tokenizer has no token {token!r}.")
        return found

    def _plain_ids(self, texts: Sequence[str]) -> list[list[int]]:
        return self.tokenizer(list(texts), add_special_tokens=False, split_special_tokens=True, verbose=False).input_ids

    def _leaking_literals(self) -> re.Pattern[str] | None:
        """The special tokens that come back as their own id even when told to split them (T5's pieces do)."""
        literals = [str(token) for token in self.tokenizer.all_special_tokens]
        rows = self._plain_ids(literals)
        leaks = [text for text, row in zip(literals, rows, strict=True) if self.special_ids.intersection(row)]
        return re.compile("|".join(map(re.escape, sorted(leaks, key=len, reverse=True)))) if leaks else None

    def _broken(self, text: str) -> str:
        """The text with a space after the first character of every leaking literal."""
        assert self._leaks is not None
        broken, found = self._leaks.subn(lambda match: f"{match[0][0]} {match[0][1:]}", text)
        self.counts["special tokens in text"] += found
        return broken

    def _count_unknown(self, texts: Sequence[str]) -> None:
        unknown_id = self.tokenizer.unk_token_id
        characters = Counter("".join(texts))
        new = [c for c in characters if c not in self._known and not c.isspace()]
        if new and unknown_id is not None:
            for character, row in zip(new, self._plain_ids(new), strict=True):
                self._known[character] = unknown_id not in row
        missing = sum(count for c, count in characters.items() if not self._known.get(c, True))
        if missing:
            self.counts["unknown characters"] += missing
