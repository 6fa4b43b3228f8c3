"""Keeps the stock backend's task row in step with its job, so that whoever looks through `django-tasks` sees the truth.

With another backend in the setting TASKS there is no such row, and nothing to do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus, task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult, get_date_max


def runs(task_id: str, now: datetime) -> None:
    """The job has been claimed."""
    _follow(task_id, status=TaskResultStatus.RUNNING, started_at=now)


def waits(task_id: str, until: datetime | None) -> None:
    """The job waits again; `until` None means that it may run at once."""
    _follow(
        task_id, status=TaskResultStatus.READY, run_after=until or get_date_max(), finished_at=None, started_at=None
    )


def ended(task_id: str, now: datetime, *, result: Any = None, error: str = "", trace: str = "") -> None:
    """The job has ended: with a result, or with an error in words."""
    status = TaskResultStatus.FAILED if error else TaskResultStatus.SUCCESSFUL
    path = "helhet.kit.jobs.errors.Ended" if error else ""
    _follow(
        task_id,
        status=status,
        finished_at=now,
        return_value=result,
        exception_class_path=path,
        traceback=trace or error,
    )


def _follow(task_id: str, **fields: Any) -> None:
    if task_id and isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend):
        DBTaskResult.objects.filter(pk=task_id).update(**fields)
