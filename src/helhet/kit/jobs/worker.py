"""The loop that does the jobs, one at a time. As many of these processes may run, on as many hosts, as one likes."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import Error, connection

from helhet.kit.jobs import lease, registry, slots
from helhet.kit.jobs.holder import own_name
from helhet.kit.jobs.runner import run_held
from helhet.rules.timetable import Entry

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 2.0
ROUNDS_SECONDS = 1.0


def run(
    *,
    queues: Sequence[str] | None = None,
    once: bool = False,
    stop_event: threading.Event | None = None,
    timetable: Sequence[Entry] = (),
    rounds: Sequence[Callable[[], object]] = (),
) -> int:
    """Do jobs until told to stop; with `once` until none is ready. `queues` None means all. Returns how many were run.

    `rounds` are called about once a second while no job runs here; they must be quick, and may ask for jobs, which they
    then say: with `once` they are called when none is ready too.

    SIGTERM and SIGINT (or `stop_event`) let the running job come to its next check, give it back, and end the loop.
    A second signal ends the process at once; its job is then taken over by another worker.

    Raises:
        UnknownJob: the timetable names a job that no room registers.

    """
    registry.discover()
    registry.require(entry.name for entry in timetable)
    stopping = stop_event or threading.Event()
    with _signals_set(stopping):
        return _Loop(queues, timetable, rounds, stopping).run(once=once)


def drain(queues: Sequence[str] | None = None, limit: int = 1000) -> int:
    """Do all ready jobs here, in this thread and connection, without heartbeat: for tests and commands."""
    registry.discover()
    holder = own_name()
    for count in range(limit):
        held = lease.claim(holder, queues)
        if held is None:
            return count
        run_held(held, with_heartbeat=False)
    return limit


class _Loop:
    """One worker's state between jobs."""

    def __init__(
        self,
        queues: Sequence[str] | None,
        timetable: Sequence[Entry],
        rounds: Sequence[Callable[[], object]],
        stopping: threading.Event,
    ) -> None:
        self._queues = queues
        self._timetable = timetable
        self._rounds = rounds
        self._stopping = stopping
        self._holder = own_name()
        self._watch = lease.Watch()
        self._rounds_at = float("-inf")

    def run(self, *, once: bool) -> int:
        """Step after step; the pause grows while there is nothing to do."""
        count, pause = 0, SHORTEST_PAUSE
        while not self._stopping.is_set():
            try:
                did_run = self._step()
            except Error:
                if once:
                    raise
                log.exception("the database does not answer; the worker tries again")
                connection.close()
                did_run, pause = False, LONGEST_PAUSE
            if did_run:
                count, pause = count + 1, SHORTEST_PAUSE
            elif once and not any(look() for look in self._rounds):
                break
            else:
                self._stopping.wait(pause)
                pause = min(pause * 1.5, LONGEST_PAUSE)
        return count

    def _step(self) -> bool:
        if time.monotonic() - self._rounds_at >= ROUNDS_SECONDS:
            self._rounds_at = time.monotonic()
            self._watch.sweep()
            slots.take_due(self._timetable)
            for look in self._rounds:
                look()
        held = lease.claim(self._holder, self._queues)
        if held is None:
            return False
        run_held(held, stopping=self._stopping)
        return True


@contextmanager
def _signals_set(stopping: threading.Event) -> Iterator[None]:
    """Let the first signal stop the loop gently. Only the main thread may set signals; elsewhere the event serves."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[signal.Signals, Callable[[int, FrameType | None], Any] | int | None] = {}

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stopping.set()

    for kind in (signal.SIGTERM, signal.SIGINT):
        before[kind] = signal.signal(kind, stop)
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
