"""Claiming a job, holding it, giving it back, and taking it from a holder who is gone.

Every write names the fence that the holder was given; once another has claimed the job, it matches no row. No clock
ends a lease. A neighbour counts, by a clock of its own that cannot jump, how long a holder's beat has stood still.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from helhet.kit.jobs import mirror
from helhet.kit.jobs.clock import database_now
from helhet.kit.jobs.errors import LeaseLost
from helhet.kit.jobs.holder import is_surely_gone
from helhet.kit.jobs.models import OPEN, Job, JobQuerySet, JobState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A job that this process holds, with the fence that proves it."""

    job_id: int
    task_id: str
    name: str
    caller_id: int | None
    fence: int
    tries: int
    max_tries: int
    lease_seconds: float
    due_at: datetime | None

    def rows(self) -> JobQuerySet:
        """The job's row while it is still held, else nothing."""
        return Job.objects.filter(pk=self.job_id, fence=self.fence, state=JobState.RUNNING)


def claim(holder: str, queues: Sequence[str] | None) -> Held | None:
    """Take the first job that may run, highest priority first, then oldest. None when nothing is to be done."""
    now = database_now()
    return _claim_first(_ready(now, queues), holder, now)


def claim_one(job_id: int, holder: str) -> Held | None:
    """Take this very job if it may run now; for a task backend with workers of its own."""
    now = database_now()
    return _claim_first(_ready(now, None).filter(pk=job_id), holder, now)


def _ready(now: datetime, queues: Sequence[str] | None) -> JobQuerySet:
    same = Job.objects.filter(name=OuterRef("name"), unique_key=OuterRef("unique_key"))
    beside = Exists(same.filter(state=JobState.RUNNING))
    before = Exists(same.filter(state=JobState.WAITING, pk__lt=OuterRef("pk")))
    alone = Q(unique_key="") | (~Q(beside) & ~Q(before))
    # A clock that stands before the beginning of the waiting was set back: nobody should wait for it.
    may_start = Q(waits_until_at=None) | Q(waits_until_at__lte=now) | Q(waits_from_at__gt=now)
    ready = Job.objects.filter(may_start, alone, state=JobState.WAITING)
    if queues is not None:
        ready = ready.filter(queue__in=queues)
    return ready.order_by(F("priority").desc(), "pk")


def _claim_first(ready: JobQuerySet, holder: str, now: datetime) -> Held | None:
    ready = ready.defer("arguments", "result", "trace")
    try:
        if connection.features.has_select_for_update_skip_locked:
            with transaction.atomic():
                job = ready.select_for_update(skip_locked=True, of=("self",)).first()
                return None if job is None else _claimed(job, holder, now)
        # SQLite: reading first keeps an idle worker from taking the one write lock; the fence tells who came first.
        job = ready.first()
        if job is None:
            return None
        with transaction.atomic():
            return _claimed(job, holder, now)
    except IntegrityError:
        # Another of the same name and key was claimed in the same moment; the worker looks again soon.
        return None


def _claimed(job: Job, holder: str, now: datetime) -> Held | None:
    taken = Job.objects.filter(pk=job.pk, fence=job.fence, state=JobState.WAITING).update(
        state=JobState.RUNNING,
        fence=job.fence + 1,
        beat=0,
        tries=job.tries + 1,
        holder=holder,
        started_at=now,
        waits_from_at=None,
        waits_until_at=None,
    )
    if not taken:
        return None
    mirror.runs(job.task_id, now)
    return Held(
        job_id=job.pk,
        task_id=job.task_id,
        name=job.name,
        caller_id=job.caller_id,
        fence=job.fence + 1,
        tries=job.tries + 1,
        max_tries=job.max_tries,
        lease_seconds=job.lease_seconds,
        due_at=job.due_at,
    )


def beat(held: Held, **progress: Any) -> bool:
    """Tell the others that the holder lives. False when the job is no longer his."""
    return bool(held.rows().update(beat=F("beat") + 1, **progress))


def lock(held: Held) -> None:
    """Inside a transaction: keep the job from being taken until it ends. Raises LeaseLost if it has been taken."""
    if not connection.in_atomic_block:
        raise RuntimeError("hold() protects a transaction: call it inside one")
    rows = held.rows().select_for_update().values_list("pk", flat=True)
    if not list(rows):
        raise LeaseLost


def end(held: Held, state: JobState, *, result: Any = None, error: str = "", trace: str = "", **fields: Any) -> bool:
    """End the job. False, and nothing written, when another has taken it over."""
    with transaction.atomic():
        now = database_now()
        ended = held.rows().update(state=state, finished_at=now, result=result, error=error, trace=trace, **fields)
        if ended:
            shown = error or ("" if state == JobState.DONE else state)
            mirror.ended(held.task_id, now, result=result, error=shown, trace=trace)
    return bool(ended)


def give_back(held: Held, *, delay: float = 0.0, error: str = "", trace: str = "", counts: bool = True) -> bool:
    """Let the job wait again, for at least `delay` seconds. Without `counts` the try is not held against it."""
    with transaction.atomic():
        now = database_now()
        until = now + timedelta(seconds=delay) if delay else None
        given = held.rows().update(
            state=JobState.WAITING,
            tries=held.tries if counts else held.tries - 1,
            waits_from_at=now if until else None,
            waits_until_at=until,
            error=error,
            trace=trace,
        )
        if given:
            mirror.waits(held.task_id, until)
    return bool(given)


class Watch:
    """One worker's view of the others: takes over jobs whose holder is dead or has not been heard of for its lease."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds and never goes back."""
        self._clock = clock
        self._seen: dict[int, tuple[int, int, float]] = {}

    def sweep(self) -> int:
        """Look at all running jobs once; the number of jobs taken from their holders."""
        running = Job.objects.filter(state=JobState.RUNNING).defer("arguments", "result", "trace")
        seen, taken = self._seen, 0
        self._seen = {}
        for job in running:
            fence, beats, since = seen.get(job.pk, (-1, -1, 0.0))
            if (fence, beats) != (job.fence, job.beat):
                since = self._clock()
            is_silent = self._clock() - since >= job.lease_seconds
            if is_silent or is_surely_gone(job.holder):
                taken += self._take(job)
            else:
                self._seen[job.pk] = (job.fence, job.beat, since)
        return taken

    def _take(self, job: Job) -> bool:
        """Fence the old holder off and let the job wait again, or end it if it was cancelled or has no try left."""
        now = database_now()
        state, error = JobState.WAITING, job.error
        if job.is_cancel_asked:
            state = JobState.CANCELLED
        elif job.tries >= job.max_tries:
            state, error = JobState.DEAD, _("The worker was lost at each of %(tries)s tries.") % {"tries": job.tries}
        with transaction.atomic():
            rows = Job.objects.filter(pk=job.pk, fence=job.fence, beat=job.beat, state=JobState.RUNNING)
            if connection.features.has_select_for_update_skip_locked:
                # A holder frozen inside a transaction that holds the row: nobody should freeze with it.
                rows = Job.objects.filter(
                    pk__in=list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
                )
            taken = rows.update(
                state=state, fence=job.fence + 1, error=error, finished_at=None if state in OPEN else now
            )
            if taken and state == JobState.WAITING:
                mirror.waits(job.task_id, None)
            elif taken:
                mirror.ended(job.task_id, now, error=error or state)
        if taken:
            log.warning("job %s (%s) was taken from its lost holder; it is now %s", job.pk, job.name, state)
        return bool(taken)
