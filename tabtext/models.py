"""From a model's name to a model: shipped with the toolkit, a local folder, a hub id, or made from scratch.

Folders are checked before transformers reads them, so that what is wrong is said in one sentence; weights are
safetensors only, and a packed folder (`tabtext.packing`) must be byte for byte what was packed. A head that a
checkpoint keeps apart from its embeddings (T5 v1.1, Flan) stays apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.checkpoints import digest
from tabtext.errors import InputError, unknown_name
from tabtext.model_kinds import CONFIG, read_config, refuse_other_kind
from tabtext.shipped import shipped

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"

SIGNATURE = "signature.json"
"""The file in a model's folder that says what it was made from, and how."""

CHOICE = "choice.json"
"""The file with what the clues of a cell are worth to a model of tables (`gentap.rules.choice`)."""

LOADED = (CONFIG, "generation_config.json", "tokenizer*.json", "special_tokens_map.json", "added_tokens.json",
          "vocab.*", "merges.txt", "*.model", CHOICE)  # fmt: skip
"""The files, beside the weights, that loading a model reads; all others stay behind."""

HUB_SECONDS = 5.0
"""How long the hub may take to answer before only models of the local cache count."""

MAX_LENGTH = 512
"""Input tokens of a model made from scratch, and of one whose tokenizer names no limit."""

SIZES: dict[str, dict[str, float]] = {
    "tiny": {"d_model": 64, "d_kv": 16, "d_ff": 256, "num_layers": 2, "num_heads": 4, "dropout_rate": 0.1},
    "mini": {"d_model": 192, "d_kv": 48, "d_ff": 768, "num_layers": 3, "num_heads": 4, "dropout_rate": 0.0},
    "small": {"d_model": 512, "d_kv": 64, "d_ff": 2048, "num_layers": 6, "num_heads": 8, "dropout_rate": 0.0},
    "base": {"d_model": 768, "d_kv": 64, "d_ff": 3072, "num_layers": 12, "num_heads": 12, "dropout_rate": 0.0},
}
"""T5 shapes for `from_scratch`; encoder and decoder have `num_layers` each. Mini has 4 M parameters.

Tiny is for a minute on a few hundred texts, which it sees many times; the others see theirs a few times at most."""


class Seq2Seq(NamedTuple):
    """An encoder-decoder, or a decoder alone (a transformers `PreTrainedModel` with `generate`), and its tokenizer."""

    model: Any
    tokenizer: PreTrainedTokenizerBase

    @property
    def max_length(self) -> int:
        """The number of input tokens that fit."""
        positions = getattr(self.model.config, "max_position_embeddings", MAX_LENGTH)
        return min(int(positions), int(self.tokenizer.model_max_length))

    @property
    def vocabulary_sha256(self) -> str:
        """The checksum of the tokenizer's pieces and their ids, in hexadecimal."""
        return sha256(json.dumps(sorted(self.tokenizer.get_vocab().items())).encode()).hexdigest()

    def save(self, folder: Path, weights: Mapping[str, torch.Tensor] | None = None) -> None:
        """Write model (safetensors) and tokenizer into a folder that `load_seq2seq` takes; `weights` where the model
        itself does not hold them whole."""
        with without_bars():
            self.model.save_pretrained(folder, state_dict=weights)
        self.tokenizer.save_pretrained(folder)


def points(model: Any) -> bool:
    """Whether a model can point at a token of its input and say it (`tabtext.copying`)."""
    return hasattr(model, "copy_head")


def resolve(name: str | Path) -> str:
    """A model's name as transformers takes it: the folder of a shipped model, a checked local folder, or a hub id.

    Raises InputError for a folder that holds no whole model, for a name that can only be a missing path, and for one
    without an owner that is like a shipped model's: the hub's own (`gpt2`, `t5-base`, …), to which none is added any
    more, are not.
    """
    text = str(name).strip()
    if text in shipped_models():
        return str(checked_folder(shipped("models") / text))
    if text and Path(text).exists():
        return str(checked_folder(Path(text)))
    if text.startswith((".", "/", "~")) or text.count("/") > 1 or not text:
        raise InputError(f"Model {text!r}: no such folder.")
    refuse_near_name(text)
    return text


def refuse_near_name(name: str | Path, others: Sequence[str] = ()) -> None:
    """An InputError for a name that is neither a shipped model's, one of `others` nor a path, has no owner, and is like
    one that ships or one of `others`, which a command takes in place of a model."""
    text, known = str(name).strip(), [*shipped_models(), *others]
    if not text or "/" in text or text in known or Path(text).exists():
        return
    if meant := get_close_matches(text.lower(), known, 1):
        raise InputError(f"Model {text!r}: no such folder, and no model of this name ships; did you mean {meant[0]!r}?")


def shipped_models() -> list[str]:
    """The names of the models that came with this installation."""
    try:
        return sorted(folder.name for folder in shipped("models").iterdir() if (folder / SIGNATURE).is_file())
    except FileNotFoundError:
        return []


def checked_folder(folder: Path) -> Path:
    """The folder, if it holds a config and whole safetensors weights, and all that its signature has checksums of as
    it was; else an InputError says what is wrong."""
    if not folder.is_dir():
        raise InputError(f"Model {folder}: a file, where a folder with {CONFIG} and {WEIGHTS} was expected.")
    _check_sums(folder)
    read_config(folder)
    for file in weight_files(folder):
        _check_safetensors(file)
    return folder


def _check_sums(folder: Path) -> None:
    """Raise InputError where a file is gone or is not the one that was packed; folders without sums pass."""
    signature = folder / SIGNATURE
    sums = _json_object(signature).get("files", {}) if signature.is_file() else {}
    if not isinstance(sums, dict):
        raise InputError(f"{signature}: damaged (no checksums under 'files').")
    for name, expected in sums.items():
        if not (folder / name).is_file():
            raise InputError(f"Model {folder}: {name} is missing, which it was packed with; get the folder anew.")
        if digest(folder / name) != expected:
            raise InputError(f"Model {folder}: {name} is damaged or not what was packed here; get the folder anew.")


def load_seq2seq(name: str | Path, *, device: str | torch.device | None = None, kind: str = "") -> Seq2Seq:
    """The encoder-decoder of this name (T5 of any version, BART, …) with its tokenizer, in evaluation mode.

    Raises InputError where the folder is damaged, of another architecture or `kind` (of `tabtext.model_kinds`), or the
    hub cannot be reached.
    """
    from transformers import AutoModelForSeq2SeqLM

    import_module("tabtext.copying")  # makes CopyT5 known to the Auto classes
    return _loaded(name, AutoModelForSeq2SeqLM, device, kind)


def load_decoder(name: str | Path, *, device: str | torch.device | None = None, kind: str = "") -> Seq2Seq:
    """The language model of this name (GPT-2 of any size, …) with its tokenizer, in evaluation mode.

    Raises InputError as `load_seq2seq` does.
    """
    from transformers import AutoModelForCausalLM

    return _loaded(name, AutoModelForCausalLM, device, kind)


def load_encoder(name: str, *, of_any: bool = False) -> tuple[Any, Any]:
    """An encoder in single precision, with its tokenizer; an InputError for a model that writes, of which with `of_any`
    the encoder is taken."""
    source, cached = located(name)
    import torch
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    from tabtext.model_kinds import refuse_other_kind

    refuse_other_kind(name, source)
    with said_clearly(name), without_bars():
        config = AutoConfig.from_pretrained(source, local_files_only=cached)
        if not of_any and (config.is_encoder_decoder or getattr(config, "is_decoder", False)):
            raise InputError(
                f"Model {name!r} is a {config.model_type}, which writes; an encoder (RoBERTa, BERT) judges."
            )
        model = AutoModel.from_pretrained(source, use_safetensors=True, dtype=torch.float32, local_files_only=cached)
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=cached)
    return model.get_encoder() if config.is_encoder_decoder else model, tokenizer


def located(name: str | Path) -> tuple[str, bool]:
    """A model's name as transformers takes it, and whether the hub is not to be asked for its files."""
    source = resolve(name)
    return source, not Path(source).is_dir() and not on_hub(source)


def _loaded(name: str | Path, auto: Any, device: str | torch.device | None, kind: str) -> Seq2Seq:
    source, cached = located(name)
    refuse_other_kind(name, source, kind)
    from transformers import AutoTokenizer

    with said_clearly(name), without_bars():
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=cached)
        model = auto.from_pretrained(source, use_safetensors=True, local_files_only=cached)
    keep_head_apart(model)
    return Seq2Seq(model.to(device or default_device()).eval(), tokenizer)


def file_of(name: str | Path, file: str) -> Path | None:
    """A further file of a model, if it has one; one on the hub is fetched or, offline, looked up in the local cache.

    Raises InputError where the hub answers and the file cannot be fetched.
    """
    source = resolve(name)
    if Path(source).is_dir():
        path = Path(source) / file
        return path if path.is_file() else None
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError

    cached = not on_hub(source)
    with said_clearly(name):
        try:
            return Path(hf_hub_download(source, file, local_files_only=cached))
        except LocalEntryNotFoundError:
            if cached:
                return None
            raise InputError(f"Model {str(name)!r}: its {file} could not be fetched; try again.") from None
        except EntryNotFoundError:
            return None


def on_hub(name: str) -> bool:
    """Whether the hub answers for this id; if not, only the local cache is left. Offline it is not asked.

    One request with `HUB_SECONDS` to answer, where transformers would try each file six times. Raises InputError where
    the hub answers that it has no such model.
    """
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    if constants.HF_HUB_OFFLINE:
        return False
    try:
        HfApi().model_info(name, timeout=HUB_SECONDS)
    except RepositoryNotFoundError:
        raise InputError(f"Model {name!r}: no such folder, and no such model on the hub that you may read.") from None
    except HFValidationError:
        raise InputError(f"Model {name!r}: no such folder, and this cannot be the name of a hub model.") from None
    except Exception:  # what its HTTP library, of which there are two, raises where nothing or nonsense answers
        return False
    return True


def keep_head_apart(model: Any) -> None:
    """Say in the config that a head of its own is one, so that adding tokens does not overwrite it by the embeddings.

    transformers 5 forces `tie_word_embeddings` on T5 v1.1 and Flan, whose head is separate; without this the next
    `resize_token_embeddings` or `tie_weights` replaces the trained head, silently.
    """
    head, embeddings = model.get_output_embeddings(), model.get_input_embeddings()
    if head is not None and head.weight is not embeddings.weight:
        model.config.tie_word_embeddings = False


def add_tokens(seq2seq: Seq2Seq, tokens: Sequence[str]) -> int:
    """Give the tokenizer these structure tokens and the model rows for them; returns how many were new."""
    model, tokenizer = seq2seq
    new = [token for token in tokens if token not in tokenizer.get_vocab()]
    if new:
        tokenizer.add_special_tokens({"extra_special_tokens": new}, replace_extra_special_tokens=False)
        if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:
            keep_head_apart(model)
            model.resize_token_embeddings(len(tokenizer))
    return len(new)


COPY_CONTEXT = 2
"""Tokens just said that the pointer of a model made from scratch minds."""

VOCABULARIES = {"tiny": 1000, "mini": 6000, "small": 8000, "base": 16000}
"""Pieces of the tokenizer of each size. Few pieces cut names that are new into parts that are not."""


def from_scratch(
    size: str,
    texts: Iterable[str],
    *,
    structure: Sequence[str] = (),
    copy_context: int = COPY_CONTEXT,
    copy_coverage: bool = False,
    seed: int = 0,
) -> Seq2Seq:
    """A `CopyT5` of one of `SIZES`, its weights fresh and ready to copy, and a tokenizer trained on `texts`.

    `structure` are the special tokens that the caller puts between texts; `copy_context` is how many tokens just said
    the pointer minds, with `copy_coverage` it counts that a token was said before.
    """
    if size not in SIZES:
        raise unknown_name("size", size, SIZES)
    import torch

    from tabtext.copying import CopyT5, CopyT5Config
    from tabtext.tokenizers import train_tokenizer

    tokenizer = train_tokenizer(texts, size=VOCABULARIES[size], structure=structure)
    settings: dict[str, Any] = {
        "vocab_size": -(-len(tokenizer) // 64) * 64,
        "decoder_start_token_id": tokenizer.pad_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "copy_context": copy_context,
        "copy_coverage": copy_coverage,
        **SIZES[size],
    }
    torch.manual_seed(seed)
    model: Any = CopyT5(CopyT5Config(**settings))
    model.start_ready_to_copy()
    return Seq2Seq(model.to(default_device()).eval(), tokenizer)


def default_device() -> torch.device:
    """The accelerator if there is one, else the CPU."""
    import torch

    return torch.accelerator.current_accelerator() or torch.device("cpu")


@contextmanager
def without_bars() -> Iterator[None]:
    """Keep transformers from drawing progress bars of its own for a while."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


@contextmanager
def said_clearly(name: str | Path) -> Iterator[None]:
    """Turn what transformers raises about a model that cannot be loaded into one sentence."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if reason.startswith("We couldn't connect to"):  # said in either case: nobody asked the hub, or it is away
            reason = "there is no such folder, the hub was not reached, and its cache does not hold it"
            reason += f"; shipped are {', '.join(shipped_models()) or 'none'}."
        if kind := re.match(r"Unrecognized configuration class <class '[\w.]*?(\w+?)(?:Config)?'>", reason):
            reason = f"it is a {kind[1]}, an architecture that cannot do this."
        raise InputError(f"Model {str(name)!r} cannot be loaded: {reason}") from None


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a model folder, shards included."""
    if (folder / WEIGHTS).exists():
        return [folder / WEIGHTS]
    if (folder / INDEX).exists():
        index = _json_object(folder / INDEX)
        return [folder / name for name in sorted(set(index.get("weight_map", {}).values()))]
    pickled = sorted(file.name for pattern in ("*.bin", "*.pt", "*.ckpt") for file in folder.glob(pattern))
    if pickled:
        raise InputError(
            f"Model {folder}: {pickled[0]} is a pickle, which can run code when loaded; convert it to {WEIGHTS}."
        )
    raise InputError(f"Model {folder}: has no weights ({WEIGHTS}).")


def _json_object(file: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(file.read_text())
    except ValueError as error:
        raise InputError(f"{file}: damaged ({error}).") from None
    return content if isinstance(content, dict) else {}


def _check_safetensors(file: Path) -> None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt"):
            pass
    except FileNotFoundError:
        raise InputError(f"Model {file.parent}: the weights {file.name} are missing.") from None
    except SafetensorError as error:
        raise InputError(f"Model {file.parent}: {file.name} is damaged or cut short ({error}).") from None
