"""Early stopping keeps the best model, and goes on after a stop as if there had been none."""

from itertools import count
from types import SimpleNamespace

import pytest
from test_training import EXAMPLES, RUN, StopAt, example, fresh, weights
from transformers import TrainerCallback

from tabtext.errors import InputError
from tabtext.training import arguments, early_stopping, train

DEV = [example() for _ in range(6)]
PATIENT = RUN | {"num_train_epochs": 50, "learning_rate": 0.05}
"""Learns so fast that the dev loss soon rises."""


class Evaluations(TrainerCallback):
    """Keeps update and dev loss of every evaluation."""

    def __init__(self):
        self.found = []

    def on_evaluate(self, args, state, control, metrics=None, **_):
        self.found.append((state.global_step, metrics["eval_loss"]))


def run(folder, *callbacks, patience=3, **composed):
    settings = arguments(folder, **(PATIENT | early_stopping(patience)))
    return train(fresh(), EXAMPLES, settings, dev=DEV, patience=patience, callbacks=callbacks, **composed)


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr("tabtext.training.SAVE_STEPS", 2)


def test_early_stopping_keeps_the_best(often, tmp_path):
    evaluations = Evaluations()
    report = run(tmp_path, evaluations)
    *found, (_, kept) = evaluations.found
    best = min(found, key=lambda one: one[1])
    assert report.steps == best[0] + 2 * 3 < 300
    assert kept == report.dev_loss == pytest.approx(best[1], rel=1e-5) and found[-1][1] > 1.01 * kept


def test_a_run_that_goes_on_stops_where_an_unbroken_one_does(often, tmp_path):
    whole = run(tmp_path / "whole")
    for stopped in (whole.steps - 3, whole.steps - 1):
        folder = tmp_path / str(stopped)
        with pytest.raises(KeyboardInterrupt):
            run(folder, StopAt(stopped))
        assert run(folder).steps == whole.steps
        assert weights(folder) == weights(tmp_path / "whole")


def test_a_run_whose_patience_was_used_up_when_it_was_stopped_does_not_evaluate_again(often, tmp_path):
    class StopAtTheEnd(TrainerCallback):
        def on_train_end(self, args, state, control, **_):
            raise KeyboardInterrupt

    run(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "stopped", StopAtTheEnd())
    evaluations = Evaluations()
    run(tmp_path / "stopped", evaluations)
    assert len(evaluations.found) == 1, "of the model that was kept"
    assert weights(tmp_path / "stopped") == weights(tmp_path / "whole")


@pytest.mark.parametrize("dev", [None, []])
def test_patience_without_dev_data_is_refused_before_any_work(tmp_path, dev):
    settings = arguments(tmp_path / "model", **(PATIENT | early_stopping(2)))
    with pytest.raises(InputError, match="--patience needs dev data"):
        train(fresh(), EXAMPLES, settings, dev=dev, patience=2)
    assert not (tmp_path / "model").exists()


def test_the_last_updates_of_a_budget_in_minutes_count(tmp_path, monkeypatch):
    monkeypatch.setattr("tabtext.training.SAVE_STEPS", 20)
    ticks, evaluations = count(), Evaluations()
    monkeypatch.setattr("tabtext.training_clock.time", SimpleNamespace(monotonic=lambda: 0.2 * next(ticks)))
    settings = arguments(tmp_path, **(RUN | early_stopping(9)))
    report = train(fresh(), EXAMPLES, settings, dev=EXAMPLES, patience=9, max_minutes=0.25, callbacks=[evaluations])
    *found, (_, kept) = evaluations.found
    assert report.steps % 20 and [step for step, _ in found] == [20, report.steps]
    assert kept == report.dev_loss == pytest.approx(found[1][1], rel=1e-5) and kept < found[0][1]
