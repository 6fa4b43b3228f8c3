"""What a page or an API answer shows of a job."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from helhet.kit.jobs import registry
from helhet.kit.jobs.errors import UnknownJob
from helhet.kit.jobs.models import Job, JobState


def job_panel(job: Job, *, result_url: str = "") -> dict[str, Any]:
    """The job as plain values: `percent` is 0 to 100 or None, `rate` units a second or None, times are UTC.

    `state` says failed also for a dead job, and `is_dead` tells them apart. `eta_at` is when a running job will be done
    if it goes on at its rate, else None. `result` is what the job returned.
    """
    return {
        "id": job.pk,
        "name": job.name,
        "title": title_of(job),
        "state": "failed" if job.state == JobState.DEAD else str(job.state),
        "is_dead": job.state == JobState.DEAD,
        "state_label": JobState(job.state).label if job.state in JobState.values else job.state,
        "is_open": job.is_open,
        "is_cancel_asked": job.is_cancel_asked,
        "percent": _percent(job),
        "done": job.done,
        "total": job.total,
        "rate": job.rate if job.state == JobState.RUNNING else None,
        "eta_at": _eta(job),
        "message": job.message,
        "result": job.result,
        "result_url": result_url,
        "error": job.error,
        "tries": job.tries,
        "max_tries": job.max_tries,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }


def title_of(job: Job) -> str:
    """What people call it: its own title, else that of its kind, else its name."""
    if job.title:
        return job.title
    registry.discover()
    try:
        return str(registry.find(job.name).title) or job.name
    except UnknownJob:
        return job.name


def _percent(job: Job) -> int | None:
    if job.state == JobState.DONE:
        return 100
    if job.done is None or not job.total:
        return None
    return max(0, min(99, job.done * 100 // job.total))


def _eta(job: Job) -> Any:
    if job.state != JobState.RUNNING or not job.rate or job.done is None or job.total is None:
        return None
    left = timedelta(seconds=min(max(job.total - job.done, 0) / job.rate, 365 * 86_400.0))
    return (job.progressed_at or timezone.now()) + left
