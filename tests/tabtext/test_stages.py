"""Stages give the same bytes for any number of workers, after a kill, and whatever is wrong with an input."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tabtext.errors import InputError
from tabtext.jsonl import read_jsonl, read_lines
from tabtext.stages import Options, Source, Stage, _fingerprint, run_stage
from tabtext.workers import in_order


def dice(item, rng, counts):
    if item % 7 == 0:
        counts["a multiple of seven"] += 1
        return
    if item == 50:
        raise InputError("input 50: cannot be read.")
    yield {"item": item, "roll": rng.random()}


def slow_dice(item, rng, counts):
    time.sleep(0.004)
    yield {"item": item, "roll": rng.random()}


def numbers(count):
    return Source(range(count), "numbers", count)


def stage(process=dice):
    return Stage("dice", {"sides": 6}, process, shard_size=8)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_same_bytes_for_any_number_of_workers(tmp_path, workers, capsys):
    run_stage(stage(), numbers(45), Options(tmp_path / "one.jsonl"))
    counts = run_stage(stage(), numbers(45), Options(tmp_path / "many.jsonl", workers=workers))
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "many.jsonl").read_bytes()
    assert counts == {"in": 45, "out": 38, "a multiple of seven": 7}
    assert "dice: 45 numbers in, 38 records out; dropped: 7 a multiple of seven" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["many.jsonl", "one.jsonl"]


def test_a_bad_input_stops_and_what_was_finished_stays(tmp_path, capsys):
    output = tmp_path / "rolls.jsonl"
    with pytest.raises(InputError, match=r"input 50: cannot be read\. .*the 42 records before it are in .*\.partial"):
        run_stage(stage(), numbers(60), Options(output))
    assert len(list(read_jsonl(f"{output}.partial"))) == 42
    counts = run_stage(stage(), numbers(60), Options(output, on_error="skip"))
    assert counts["bad input"] == 1 and counts["out"] == 50
    assert "going on after 48 inputs" in capsys.readouterr().err


def told(line, rng, counts):
    yield {"word": line.json()["word"], "roll": rng.random()}


def words(path, *words):
    path.write_text("".join(f"{word}\n" if word.startswith("{") else f'{{"word": "{word}"}}\n' for word in words))


def test_after_a_bad_line_was_mended_it_goes_on_behind_what_was_finished(tmp_path, capsys):
    path, output = tmp_path / "words.jsonl", tmp_path / "out.jsonl"
    stage = Stage("told", {}, told, shard_size=4)

    def run(name="out.jsonl"):
        return run_stage(stage, Source(read_lines(path), "words"), Options(tmp_path / name))

    words(path, *"abcdefghi", "{torn", *"jkl")
    with pytest.raises(InputError, match=r"line 10, .*mend it and run the same command again"):
        run()
    words(path, *"abcdefghi", "mended", *"jklm")
    assert run() == {"in": 14, "out": 14}
    assert "going on after 8 inputs that an earlier run finished\n" in capsys.readouterr().err
    run("whole.jsonl")
    assert output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("ABCDEFGHIJK", "starting anew"),
        ("abcdEfghijk", "going on after 4 inputs that an earlier run finished; the input behind them has changed"),
        ("abcdef", "going on after 4 inputs .*; the input behind them has changed"),
        ("abcd", "going on after 4 inputs"),
    ],
)
def test_nothing_of_an_input_that_changed_is_kept(tmp_path, capsys, now, said):
    path, output = tmp_path / "words.jsonl", tmp_path / "out.jsonl"
    stage = Stage("told", {}, told, shard_size=4)
    words(path, *"abcdefghi", "{torn")
    with pytest.raises(InputError):
        run_stage(stage, Source(read_lines(path), "words"), Options(output))
    words(path, *now)
    assert run_stage(stage, Source(read_lines(path), "words"), Options(output))["out"] == len(now)
    assert "".join(record["word"] for record in read_jsonl(output)) == now
    assert re.search(said, capsys.readouterr().err)


def test_a_journal_of_an_older_version_is_started_anew(tmp_path, capsys):
    output = tmp_path / "rolls.jsonl"
    output.with_name("rolls.jsonl.partial").write_text('{"old": 1}\n')
    journal = output.with_name("rolls.jsonl.partial.journal")
    for run in ("an older identity", _fingerprint(stage(), Options(output))):
        journal.write_text(json.dumps({"run": run}) + '\n{"bytes": 11, "items": 8, "counts": {"in": 8, "out": 1}}\n')
        run_stage(stage(), numbers(3), Options(output, overwrite=True))
        assert [record["item"] for record in read_jsonl(output)] == [1, 2]
        assert "starting anew: " in capsys.readouterr().err


def test_an_existing_output_is_refused(tmp_path):
    output = tmp_path / "rolls.jsonl"
    output.write_text("mine\n")
    with pytest.raises(InputError, match="--overwrite"):
        run_stage(stage(), numbers(3), Options(output))
    assert output.read_text() == "mine\n"
    run_stage(stage(), numbers(3), Options(output, overwrite=True))
    assert len(list(read_jsonl(output))) == 2


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".GZ"])
def test_compressed_output_holds_the_same_lines(tmp_path, suffix):
    run_stage(stage(), numbers(40), Options(tmp_path / "plain.jsonl"))
    for name in ("a", "b"):
        run_stage(stage(), numbers(40), Options(tmp_path / f"{name}.jsonl{suffix}"))
    assert list(read_jsonl(tmp_path / f"a.jsonl{suffix}")) == list(read_jsonl(tmp_path / "plain.jsonl"))
    assert (tmp_path / f"a.jsonl{suffix}").read_bytes() == (tmp_path / f"b.jsonl{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", [".bz2", ".XZ", ".zip"])
def test_compression_that_we_lack_is_refused_and_leaves_nothing(tmp_path, suffix):
    with pytest.raises(InputError, match=rf"{suffix.lower()} is neither read nor written; take .gz, .zst"):
        run_stage(stage(), numbers(40), Options(tmp_path / f"a.jsonl{suffix}"))
    assert not list(tmp_path.iterdir())
    (tmp_path / f"b{suffix}").write_text("{}\n")
    with pytest.raises(InputError, match="neither read nor written"):
        list(read_jsonl(tmp_path / f"b{suffix}"))


def test_limit_and_seed(tmp_path):
    run_stage(stage(), numbers(40), Options(tmp_path / "a", limit=9))
    run_stage(stage(), numbers(40), Options(tmp_path / "b", limit=9, seed=1))
    a, b = (list(read_jsonl(tmp_path / name)) for name in "ab")
    assert [r["item"] for r in a] == [r["item"] for r in b] == [1, 2, 3, 4, 5, 6, 8]
    assert a != b


def test_workers_do_not_spin_while_they_wait(monkeypatch):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert list(in_order(os.getenv, [("OMP_WAIT_POLICY",)], 2)) == ["PASSIVE"]
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    assert list(in_order(os.getenv, [("OMP_WAIT_POLICY",)], 2)) == ["ACTIVE"], "unless asked for"


KILLED = """
import sys; sys.path.insert(0, {folder!r})
from pathlib import Path
from test_stages import numbers, slow_dice, stage
from tabtext.stages import Options, run_stage
if __name__ == "__main__":
    run_stage(stage(slow_dice), numbers(400), Options(Path({output!r}), workers={workers}))
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_and_run_again_gives_the_bytes_of_an_unbroken_run(tmp_path, workers):
    run_stage(stage(slow_dice), numbers(400), Options(tmp_path / "whole.jsonl"))
    output = tmp_path / "killed.jsonl"
    folder = str(Path(__file__).parent)
    script = tmp_path / "killed.py"
    script.write_text(KILLED.format(folder=folder, output=str(output), workers=workers))
    process = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.DEVNULL)
    journal = tmp_path / "killed.jsonl.partial.journal"
    while not (journal.exists() and journal.read_bytes().count(b"\n") >= 6):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    partial = tmp_path / "killed.jsonl.partial"
    with partial.open("ab") as file:
        file.write(b'{"item": torn')
    assert not output.exists()
    again = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert "going on after" in again.stderr
    assert output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_two_runs_into_one_output_are_refused(tmp_path):
    from tabtext.stages import _output

    options = Options(tmp_path / "rolls.jsonl")
    with _output(options), pytest.raises(InputError, match="another run"), _output(options):
        pass


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("opened", ["before", "after"])
def test_a_run_that_ends_while_another_starts_keeps_its_output(tmp_path, monkeypatch, opened, overwrite):
    """The other run opens the unfinished file before the first renames it, or just after, and locks it then."""
    output, partial = tmp_path / "rolls.jsonl", tmp_path / "rolls.jsonl.partial"
    if opened == "before":
        partial.write_text("finished\n")
    locks = []

    def flock(file, how):
        if not locks and opened == "before":
            partial.replace(output)
        elif not locks:
            output.write_text("finished\n")
        locks.append(file)
        return lock(file, how)

    lock = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", flock)
    options = Options(output, overwrite=overwrite)
    if overwrite:
        run_stage(stage(), numbers(3), options)
        assert len(list(read_jsonl(output))) == 2
    else:
        with pytest.raises(InputError, match="--overwrite"):
            run_stage(stage(), numbers(3), options)
        assert output.read_text() == "finished\n"
    assert [path.name for path in tmp_path.iterdir()] == ["rolls.jsonl"]


def test_records_on_standard_output(capfdbinary):
    run_stage(stage(), numbers(3), Options())
    assert [json.loads(line)["item"] for line in capfdbinary.readouterr().out.splitlines()] == [1, 2]


def read_even(item):
    if item % 5 == 4:
        raise InputError(f"input {item}: cannot be read.")
    return 10 * item


def add_up(items, rngs, counts):
    for item, rng in zip(items, rngs, strict=True):
        yield {"item": item, "of": len(items), "roll": rng.random()}


def test_a_stage_that_sees_whole_shards_reads_its_items_first(tmp_path, capsys):
    whole = Stage("whole", process_shard=add_up, read=read_even, shard_size=4)
    counts = run_stage(whole, numbers(12), Options(tmp_path / "skip.jsonl", on_error="skip"))
    assert counts == {"in": 12, "out": 10, "bad input": 2}
    records = list(read_jsonl(tmp_path / "skip.jsonl"))
    assert [record["item"] for record in records] == [0, 10, 20, 30, 50, 60, 70, 80, 100, 110]
    with pytest.raises(InputError, match="the 4 records before it"):
        run_stage(whole, numbers(12), Options(tmp_path / "stop.jsonl"))
    assert "input 4: cannot be read." in capsys.readouterr().err
