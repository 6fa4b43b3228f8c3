"""Asking for a job that follows what was saved, when there is something to follow."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from helhet.kit.jobs.clock import database_now
from helhet.kit.jobs.models import Job, JobState

PAUSE = timedelta(minutes=1)
"""After a job that was given up, this long nobody but the timetable asks for another."""


def is_under_way(name: str) -> bool:
    """Whether a job of this name waits or runs, or was given up a moment ago."""
    given_up = Q(state__in=(JobState.FAILED, JobState.DEAD), finished_at__gte=database_now() - PAUSE)
    is_open = Q(state__in=(JobState.WAITING, JobState.RUNNING))
    return Job.objects.filter(is_open | given_up, name=name).exists()
