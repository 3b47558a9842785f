"""Calls spread over worker processes, their results in order."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from tabtext.errors import InputError

Result = TypeVar("Result")

_WAITING = 4
"""Calls under way per worker, so that memory stays bounded however long the input is."""


def in_order(function: Callable[..., Result], calls: Iterable[tuple[object, ...]], workers: int) -> Iterator[Result]:
    """`function(*call)` for every call, in order; in this process where there is one worker.

    Raises InputError where a worker is killed. Workers end with this process, also when it is killed.
    """
    if workers == 1:
        yield from (function(*call) for call in calls)
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_start)
    waiting: deque[Future[Result]] = deque()
    try:
        for call in calls:
            waiting.append(pool.submit(function, *call))
            if len(waiting) >= _WAITING * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise InputError(
            "A worker process was killed (out of memory?); run the same command again to go on, "
            "with fewer --workers if it recurs."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start() -> None:
    """In a worker, before it imports anything that computes."""
    # Each worker has as many threads as there are cores (fewer would change sums in their last digits, and with them
    # the output); where they wait for each other by spinning, workers take the cores from one another.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    _end_with_parent()


def _end_with_parent() -> None:
    """End when the parent process is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()
