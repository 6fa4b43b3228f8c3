"""Clears away jobs that ended long ago, so that the queue stays small. Failed and dead ones stay until they are run."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from helhet.kit.jobs.clock import database_now
from helhet.kit.jobs.context import JobContext
from helhet.kit.jobs.define import job
from helhet.kit.jobs.models import Job, JobState

TIMETABLE_DAYS = 2
ASKED_DAYS = 90
PORTION = 500


@job(name="kit.tidy_jobs", title=gettext_lazy("Clear away old jobs"))
def tidy_jobs(context: JobContext, timetable_days: int = TIMETABLE_DAYS, asked_days: int = ASKED_DAYS) -> int:
    """Delete done and cancelled jobs: the timetable's after two days, those that somebody asked for after ninety."""
    now = database_now()
    ended = Job.objects.filter(state__in=(JobState.DONE, JobState.CANCELLED))
    count = 0
    for rows in (
        ended.filter(due_at__isnull=False, finished_at__lt=now - timedelta(days=timetable_days)),
        ended.filter(finished_at__lt=now - timedelta(days=asked_days)),
    ):
        while portion := list(rows.values_list("pk", "task_id")[:PORTION]):
            with transaction.atomic():
                context.hold()
                DBTaskResult.objects.filter(pk__in=[task for _pk, task in portion if task]).delete()
                Job.objects.filter(pk__in=[pk for pk, _task in portion]).delete()
            count += len(portion)
            context.progress(count)
    return count
