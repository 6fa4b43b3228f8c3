"""The one task that `django-tasks` knows. It carries a job's number and nothing else."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from helhet.kit.jobs import lease, registry
from helhet.kit.jobs.holder import own_name
from helhet.kit.jobs.models import Job
from helhet.kit.jobs.runner import run_held


@task()
def perform(job_id: int) -> None:
    """Run the job if it may run now. Called by workers of the task backend; our own worker claims jobs directly."""
    registry.discover()
    held = lease.claim_one(job_id, own_name())
    if held is not None:
        run_held(held)


def send(job: Job, run_after: datetime | None) -> None:
    """Hand the job's number to the backend that the setting TASKS names, in the caller's transaction."""
    sent = perform.using(priority=max(-100, min(100, job.priority)), run_after=run_after).enqueue(job.pk)
    Job.objects.filter(pk=job.pk).update(task_id=sent.id)
    job.task_id = sent.id
