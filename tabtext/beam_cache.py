"""A cache of keys and values for beam search: rows are put in order and take in a token in one copy.

transformers' own cache copies everything once to reorder rows and once more to append; with small models that is most
of what a step of beam search does.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import DynamicCache, PreTrainedConfig
from transformers.cache_utils import DynamicLayer


class BeamLayer(DynamicLayer):
    """One layer; new rows wait until the next token comes."""

    rows: torch.Tensor | None = None

    def reorder_cache(self, beam_idx: torch.Tensor) -> None:
        """Go on with these rows, which may be more or fewer than before."""
        self.rows = beam_idx

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Keys and values [rows, heads, tokens so far, width] with those of the new tokens."""
        if self.rows is None or self.keys is None or self.values is None:
            return super().update(key_states, value_states, *args, **kwargs)
        self.keys = _extended(self.keys, self.rows, key_states)
        self.values = _extended(self.values, self.rows, value_states)
        self.rows = None
        return self.keys, self.values


def beam_cache(config: PreTrainedConfig) -> DynamicCache:
    """An empty cache for a model of this config."""
    cache = DynamicCache(config=config)
    cache.layers = [BeamLayer() for _ in cache.layers]
    return cache


def _extended(kept: torch.Tensor, rows: torch.Tensor, new: torch.Tensor) -> torch.Tensor:
    before = kept.shape[2]
    whole = kept.new_empty(len(rows), kept.shape[1], before + new.shape[2], kept.shape[3])
    torch.index_select(kept, 0, rows, out=whole[:, :, :before])
    whole[:, :, before:] = new
    return whole
