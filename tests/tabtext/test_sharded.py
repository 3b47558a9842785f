"""Training under FSDP: sharded checkpoints are told whole from damaged, a run goes on from one to the byte, and the
model that is saved is the one of a single process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from test_training import cut, fresh, lose, never_had, run

from tabtext.checkpoints import fault, newest_valid, seal
from tabtext.errors import InputError
from tabtext.models import load_seq2seq

SHARDED = (
    *(f"{part}/{file}" for part in ("pytorch_model_fsdp_0", "optimizer_0")
      for file in (".metadata", "__0_0.distcp", "__1_0.distcp")),
    "rng_state_0.pth", "rng_state_1.pth", "scheduler.pt", "trainer_state.json",
)  # fmt: skip


@pytest.fixture
def checkpoint(tmp_path):
    folder = tmp_path / "checkpoint-3"
    for name in SHARDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"what {name} holds")
    seal(folder)
    return folder


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: None, None),
        (cut("pytorch_model_fsdp_0/__1_0.distcp"), "pytorch_model_fsdp_0/__1_0.distcp is damaged"),
        (lose("optimizer_0/__0_0.distcp"), "optimizer_0/__0_0.distcp is missing"),
        (never_had("optimizer_0/.metadata"), "optimizer_0/.metadata is missing"),
        (never_had("pytorch_model_fsdp_0/.metadata"), "pytorch_model_fsdp_0/.metadata is missing"),
        (lose("manifest.json"), "it was not finished"),
    ],
)
def test_every_shard_counts(checkpoint, damage, said):
    damage(checkpoint)
    assert fault(checkpoint) == said


def test_a_checkpoint_is_not_gone_on_from_in_the_other_way(checkpoint, tmp_path):
    assert newest_valid(tmp_path, sharded=True) == checkpoint
    with pytest.raises(InputError, match="checkpoint-3: was written under FSDP, and this run is without it"):
        newest_valid(tmp_path)
    assert checkpoint.exists()


BATCHES = {"num_train_epochs": 2, "save_steps": 1}
"""Each epoch is one update of all 22 examples, in one process or as 11 in each of two."""

PROCESS = """
import sys; from pathlib import Path
import accelerate.state as state
from accelerate.utils import DistributedType
from test_training import StopAt, fresh, run
from test_sharded import BATCHES

plain = state.AcceleratorState.__init__

def sharded(self, *args, fsdp_plugin=None, **kwargs):  # accelerate itself shards on accelerators only
    plain(self, *args, **kwargs)
    if fsdp_plugin is not None:
        self.fsdp_plugin = fsdp_plugin
        self.distributed_type = state.PartialState._shared_state["distributed_type"] = DistributedType.FSDP

state.AcceleratorState.__init__ = sharded
whole, parts = map(Path, sys.argv[1:])
batches = {**BATCHES, "per_device_train_batch_size": 11}
try:
    run(fresh(0.0), parts, StopAt(1), **batches)
except KeyboardInterrupt:
    assert (parts / "checkpoints/checkpoint-1/optimizer_0/__1_0.distcp").exists()
    run(fresh(0.0), parts, **batches)
run(fresh(0.0), whole, **batches)
"""


def test_shards_of_two_processes_are_one_model_also_after_a_stop(tmp_path):
    """On two CPUs, by telling accelerate's state that these will do; all else is what runs on GPUs."""
    (tmp_path / "process.py").write_text(PROCESS)
    settings = {
        "ACCELERATE_USE_FSDP": "true", "FSDP_VERSION": "2", "FSDP_STATE_DICT_TYPE": "SHARDED_STATE_DICT",
        "FSDP_AUTO_WRAP_POLICY": "TRANSFORMER_BASED_WRAP", "FSDP_TRANSFORMER_CLS_TO_WRAP": "T5Block",
        "PYTHONPATH": str(Path(__file__).parent), "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    folders = [tmp_path / name for name in ("whole", "parts", "alone")]
    done = subprocess.run(
        [*launcher, tmp_path / "process.py", *folders[:2]], env=os.environ | settings, capture_output=True, text=True,
        timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    run(fresh(0.0), folders[2], **BATCHES, per_device_train_batch_size=22)
    whole, parts, alone = ((folder / "model.safetensors").read_bytes() for folder in folders)
    assert whole == parts
    found, expected = (load_seq2seq(folder).model.state_dict() for folder in (folders[0], folders[2]))
    assert len(whole) == len(alone) and found.keys() == expected.keys()
    assert all(torch.allclose(found[name], expected[name], atol=1e-5) for name in expected)
