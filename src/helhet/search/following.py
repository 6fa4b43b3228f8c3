"""The index follows what is saved within seconds: workers look whether it is behind, so saving costs nothing more."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from helhet.journal.models import Event
from helhet.kit.jobs import Job, JobState
from helhet.kit.jobs.clock import database_now
from helhet.search.indexing import reached
from helhet.search.jobs import index

LOOKED_AT = 50
PAUSE = timedelta(minutes=1)
"""After a job that was given up, this long nobody but the timetable asks for another."""


def ask_if_behind() -> bool:
    """Ask for the indexing job when something was saved that the index lacks and no such job is under way.

    Called by every worker once a second: two small reads. What an import writes is left to the batch's last event, and
    to the timetable: indexing beside an import would slow it.
    """
    if not _is_behind() or _is_under_way():
        return False
    index.later(caller=None, unique="search.index", due_at=database_now())
    return True


def _is_behind() -> bool:
    known = reached().sequence
    newest = Event.objects.order_by("-id").values_list("sequence", "batch_id", "verb")[:LOOKED_AT]
    return any(
        (sequence or known + 1) > known and (not batch or verb.startswith("journal.batch."))
        for sequence, batch, verb in newest
    )


def _is_under_way() -> bool:
    given_up = Q(state__in=(JobState.FAILED, JobState.DEAD), finished_at__gte=database_now() - PAUSE)
    is_open = Q(state__in=(JobState.WAITING, JobState.RUNNING))
    return Job.objects.filter(is_open | given_up, name=index.name).exists()
