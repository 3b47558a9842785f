"""A budget in minutes ends a run with a learning rate of zero, in several processes for all of them at once."""

import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace

from test_training import EXAMPLES, RUN, STEPS, fresh
from transformers import TrainerCallback

from tabtext.training import arguments, train


def test_a_budget_in_minutes_ends_the_run_with_a_rate_of_zero(tmp_path, monkeypatch):
    ticks, rates = count(), []
    monkeypatch.setattr("tabtext.training_clock.time", SimpleNamespace(monotonic=lambda: 0.2 * next(ticks)))

    class Rates(TrainerCallback):
        def on_pre_optimizer_step(self, args, state, control, optimizer=None, **_):
            rates.append(optimizer.param_groups[0]["lr"])

    report = train(fresh(), EXAMPLES, arguments(tmp_path, **RUN), max_minutes=0.5, callbacks=[Rates()])
    assert 30 <= report.seconds < 32 and report.steps > STEPS
    assert max(rates) > 5 * rates[0] and rates[-1] < 0.2 * max(rates)


PROCESS = """
import json, os, sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace
import tabtext.training_clock as clock
from tabtext.training import arguments, train
from test_training import EXAMPLES, RUN, fresh

rank = int(os.environ["RANK"])
ticks = count()
clock.time = SimpleNamespace(monotonic=lambda: (0.8, 1.6)[rank] * next(ticks))
seq2seq = fresh()
settings = arguments(Path(sys.argv[1]) / "run", ddp_timeout=60, **RUN)
report = train(seq2seq, EXAMPLES, settings, max_minutes=0.5)
weights = [float(weight.detach().double().sum()) for weight in seq2seq.model.parameters()]
(Path(sys.argv[1]) / f"{rank}.json").write_text(json.dumps([report.steps, weights]))
"""


def test_processes_whose_clocks_differ_learn_at_one_rate_and_stop_at_one_update(tmp_path):
    (tmp_path / "process.py").write_text(PROCESS)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    settings = {"PYTHONPATH": str(Path(__file__).parent), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*launcher, tmp_path / "process.py", tmp_path], env=os.environ | settings, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (steps, weights), other = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert [steps, weights] == other and steps > 3
