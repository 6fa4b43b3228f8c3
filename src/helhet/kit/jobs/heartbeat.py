"""The thread beside a running job: beats, writes progress, and hears whether the job was cancelled or taken."""

from __future__ import annotations

import logging
import time
from threading import Event, Thread
from typing import Any

from django.db import Error, connection

from helhet.kit.jobs import lease
from helhet.kit.jobs.clock import database_now
from helhet.kit.jobs.context import JobContext
from helhet.kit.jobs.lease import Held
from helhet.kit.jobs.plain import plain_text

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Heartbeat:
    """Runs while its `with` block does. It has a database connection of its own."""

    def __init__(self, held: Held, context: JobContext) -> None:
        self._held = held
        self._context = context
        self._end = Event()
        self._pause = min(LOOK_SECONDS, held.lease_seconds / 5)
        self._thread = Thread(target=self._run, name=f"heartbeat of job {held.job_id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        heard_at = time.monotonic()
        try:
            while not self._end.wait(self._pause):
                try:
                    is_due = time.monotonic() - heard_at >= self._held.lease_seconds / 4
                    if look(self._held, self._context, must_beat=is_due):
                        heard_at = time.monotonic()
                except Error:
                    log.warning("job %s: no heartbeat, the database does not answer", self._held.job_id, exc_info=True)
                    connection.close()
                if time.monotonic() - heard_at >= self._held.lease_seconds:
                    # By now a neighbour may have taken the job; to go on would be to work beside him.
                    self._context.lease_lost.set()
        finally:
            connection.close()


def look(held: Held, context: JobContext, *, must_beat: bool) -> bool:
    """Beat if there is progress or a beat is due, and tell the context what was heard. True if a beat was written."""
    progress = context.take_progress()
    is_beat = progress is not None or must_beat
    if is_beat and not lease.beat(held, **progress_fields(progress)):
        context.lease_lost.set()
        return False
    asked = held.rows().values_list("is_cancel_asked", flat=True).first()
    if asked is None:
        context.lease_lost.set()
    elif asked:
        context.cancel_asked.set()
    return is_beat


def progress_fields(progress: Any) -> dict[str, Any]:
    """The columns that a report of progress fills; none without a report."""
    if progress is None:
        return {}
    return {
        "done": progress.done,
        "total": progress.total,
        "rate": progress.rate,
        "message": plain_text(progress.message, 300),
        "progressed_at": database_now(),
    }
