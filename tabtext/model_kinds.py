"""A model folder's config, and by it which kind of model it holds, so that a command given another kind can say so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tabtext.errors import InputError

CONFIG = "config.json"
KINDS = {
    "fidelity": "a fidelity classifier (datatuner train-fidelity makes one)",
    "table_qa": "a model that answers questions about tables (gentap pretrain or finetune makes one)",
    "data_to_text": "a model that says records (datatuner train makes one)",
    "qagen": "a question-answer generator (quals train makes one)",
    "quals_task": "an asker or answerer of QAGS (quals train makes one)",
    "asker_headers": "an asker of questions (gentap train-asker makes one)",
}
"""The kinds that we make, in words, by the field of the config, or its model type, that only they have."""


def read_config(folder: Path) -> dict[str, Any]:
    """The folder's config.json."""
    try:
        config = json.loads((folder / CONFIG).read_text())
    except FileNotFoundError:
        raise InputError(f"Model {folder}: has no {CONFIG}; name a folder that save_pretrained wrote.") from None
    except ValueError as error:
        raise InputError(f"Model {folder}: its {CONFIG} is damaged ({error}).") from None
    if not isinstance(config, dict) or not isinstance(config.get("model_type"), str):
        raise InputError(f"Model {folder}: its {CONFIG} names no model_type.")
    return config


def refuse_other_kind(name: str | Path, source: str, wanted: str = "") -> None:
    """An InputError where the model in the folder `source` is one of ours and not of the kind `wanted` (of `KINDS`), or
    is of an architecture that the running program does not know. What a hub id stands for is not looked at."""
    if not Path(source).is_dir():
        return
    from transformers import CONFIG_MAPPING

    config = read_config(Path(source))
    kinds = _kinds(config)
    if wanted and kinds and wanted not in kinds:
        raise InputError(f"Model {str(name)!r} is {KINDS[kinds[0]]}; this command needs {KINDS[wanted]}.")
    if config["model_type"] not in CONFIG_MAPPING and wanted not in kinds:
        kind = KINDS[kinds[0]] if kinds else f"a {config['model_type']}"
        raise InputError(f"Model {str(name)!r} is {kind}, which this command cannot use.")


def _kinds(config: Mapping[str, Any]) -> list[str]:
    """The kinds that a config tells of; a model may have begun as one of another kind."""
    return [kind for kind in KINDS if kind in config or kind == config["model_type"]]
