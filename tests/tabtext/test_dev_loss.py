"""The losses of a report: the dev loss is a mean over all tokens, whatever the batches and processes, and both are the
same for a run that went on."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from test_training import EXAMPLES, RUN, StopAt, fresh

from tabtext.batches import Collator
from tabtext.training import arguments, token_loss, train

rng = random.Random(7)


def unequal(number):
    """Examples whose lengths differ, those of the longest texts last, in a batch of one."""
    lengths = sorted(rng.randrange(1, 30) for _ in range(number))
    return [{"input_ids": [50, 1], "labels": [rng.randrange(40, 300) for _ in range(length)]} for length in lengths]


DEV = unequal(65)
SHORT = RUN | {"max_steps": 1}


def loss_per_token(seq2seq, examples):
    """The mean over all target tokens, one example at a time."""
    total = count = 0
    for example in examples:
        batch = Collator(seq2seq.model, 0)([example])
        labels = batch["labels"]
        with torch.no_grad():
            total += float(token_loss(seq2seq.model(**batch), labels, 1))
        count += len(example["labels"])
    return total / count


@pytest.mark.parametrize("batch_size", [64, 7])
def test_the_dev_loss_is_the_mean_over_all_tokens(tmp_path, batch_size):
    seq2seq = fresh()
    settings = arguments(tmp_path, **SHORT, per_device_eval_batch_size=batch_size)
    report = train(seq2seq, EXAMPLES, settings, dev=DEV)
    assert report.dev_loss == pytest.approx(loss_per_token(seq2seq, DEV), rel=1e-5) and report.per == "token"


def test_the_loss_of_a_run_that_went_on_is_that_of_all_its_updates(tmp_path):
    whole = train(fresh(), EXAMPLES, arguments(tmp_path / "whole", **RUN), dev=DEV)
    with pytest.raises(KeyboardInterrupt):
        train(fresh(), EXAMPLES, arguments(tmp_path / "stopped", **RUN), dev=DEV, callbacks=[StopAt(8)])
    again = train(fresh(), EXAMPLES, arguments(tmp_path / "stopped", **RUN), dev=DEV)
    assert again.loss == pytest.approx(whole.loss, rel=1e-6) and again.dev_loss == whole.dev_loss
    assert 0 < whole.loss < 10


PROCESS = """
import json, os, sys
from pathlib import Path
from tabtext.training import arguments, train
from test_dev_loss import DEV, SHORT
from test_training import EXAMPLES, fresh

settings = arguments(Path(sys.argv[1]) / "run", ddp_timeout=60, **SHORT, per_device_eval_batch_size=4)
report = train(fresh(), EXAMPLES, settings, dev=DEV)
(Path(sys.argv[1]) / f"{os.environ['RANK']}.json").write_text(json.dumps(report.dev_loss))
"""


def test_several_processes_share_the_dev_data_and_count_each_example_once(tmp_path):
    from tabtext.models import load_seq2seq

    (tmp_path / "process.py").write_text(PROCESS)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    places = os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")))
    settings = {"PYTHONPATH": places, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*launcher, tmp_path / "process.py", tmp_path], env=os.environ | settings, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found, other = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert found == other == pytest.approx(loss_per_token(load_seq2seq(tmp_path / "run"), DEV), rel=1e-5)
