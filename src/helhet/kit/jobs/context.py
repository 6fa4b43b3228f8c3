"""What a job's function is given: whose job it is, a place to report progress, and the question whether to go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock
from typing import NamedTuple

from helhet.kit.jobs.errors import Cancelled, Interrupted, LeaseLost
from helhet.kit.rights import Caller, callers_by_user, the_system

Report = Callable[[int, int | None, str], None]


class Progress(NamedTuple):
    """How far a job has come. `rate` is units a second since this try's first report; None while unknown."""

    done: int
    total: int | None
    message: str
    rate: float | None


@dataclass(eq=False)
class JobContext:
    """One run of one job. `job_id` is None when the job runs inline; `due_at` is its slot when the timetable asked.

    `attempt` is 1 at the first try. A job may run twice: whatever it writes, it must be able to write again.
    """

    name: str
    caller_id: int | None = None
    job_id: int | None = None
    attempt: int = 1
    due_at: datetime | None = None
    report: Report | None = None
    hold_lease: Callable[[], None] | None = None
    cancel_asked: Event = field(default_factory=Event)
    lease_lost: Event = field(default_factory=Event)
    stopping: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _progress: Progress | None = None
    _start: tuple[float, int] | None = None
    _inline_caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        """The asker with the rights he has now; the system where the timetable asked."""
        if self._inline_caller is not None:
            return self._inline_caller
        if self.caller_id is None:
            return the_system(self.name)
        return callers_by_user.only()(self.caller_id)

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the job has come. Costs no database call: the heartbeat writes it. Raises as `check` does."""
        now = time.monotonic()
        with self._lock:
            if self._start is None:
                self._start = (now, done)
            since, first = self._start
            rate = (done - first) / (now - since) if now - since > 0.2 and done > first else None
            self._progress = Progress(done, total, message[:300], rate)
        if self.report is not None:
            self.report(done, total, message)
        self.check()

    def check(self) -> None:
        """Call often; returns at once while the job may go on.

        Raises:
            LeaseLost: another worker has taken the job over.
            Cancelled: somebody asked for that.
            Interrupted: the worker is stopping.

        """
        if self.lease_lost.is_set():
            raise LeaseLost
        if self.cancel_asked.is_set():
            raise Cancelled
        if self.stopping.is_set():
            raise Interrupted

    def hold(self) -> None:
        """Call inside each transaction that writes: it commits only while this run still holds the job.

        Raises:
            LeaseLost: another worker has taken the job over; let the transaction roll back.

        """
        if self.hold_lease is not None:
            self.hold_lease()

    def take_progress(self) -> Progress | None:
        """The latest report that has not been taken yet."""
        with self._lock:
            progress, self._progress = self._progress, None
        return progress
