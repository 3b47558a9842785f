"""A pretrained model as it was before: the same backbone without pretraining, to set beside it."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from gentap.model_settings import ModelSettings
from gentap.table_qa import TableQA
from tabtext.errors import InputError


def unpretrained(model: str, folder: Path, seed: int = 0) -> str:
    """The model's backbone as pretraining found it: the T5 that it started from, or, where it was made from scratch,
    fresh weights of the same shape with the same tokenizer, drawn from `seed`, which are written into `folder`.

    Raises InputError for a model made from scratch that is no dual-decoder model.
    """
    import torch

    from gentap.model import DualDecoderT5
    from tabtext.copying import CopyT5, CopyT5Config

    start = backbone(model)
    if start != model or (folder / "model.safetensors").exists():
        return start if start != model else str(folder)
    qa = TableQA.from_pretrained(model)
    config = qa.seq2seq.model.config
    if not isinstance(qa.seq2seq.model, DualDecoderT5):
        raise InputError(f"Model {model!r}: is no pretrained dual-decoder model; make one with gentap pretrain.")
    own = ("model_type", "architectures", "table_qa", "copies", "scale_decoder_outputs", "table_ids", "cell_weight",
           "has_cells")  # fmt: skip
    torch.manual_seed(seed)
    folded = getattr(qa.seq2seq.model.encoder, "folded", None)
    fresh = CopyT5(CopyT5Config(**{k: copy.deepcopy(v) for k, v in config.to_dict().items() if k not in own}))
    fresh.start_ready_to_copy()
    settings = ModelSettings(qa.settings.linearization, qa.settings.max_length, qa.settings.decoders)
    dual = DualDecoderT5.from_t5(fresh, copies=config.copies, table_ids=config.table_ids, folded=folded)
    TableQA(qa.seq2seq._replace(model=dual), settings).save_pretrained(folder)
    return str(folder)


def backbone(model: str) -> str:
    """The name of the T5 that pretraining, in one run or several, started from; of a model from scratch its own."""
    from tabtext.model_kinds import read_config
    from tabtext.models import SIGNATURE, resolve

    folder = Path(resolve(model))
    if not (folder / SIGNATURE).is_file() or read_config(folder).get("copies"):  # only models from scratch copy
        return model
    made = json.loads((folder / SIGNATURE).read_bytes())["settings"]
    return backbone(made["model"]) if made.get("task") == "pretrain" and made["model"] else model
