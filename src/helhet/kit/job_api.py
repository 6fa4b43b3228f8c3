"""Jobs for programs: what was asked for, how far it has come, what came of it, and the verbs to steer it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import NotFound
from helhet.kit.jobs.models import Job
from helhet.kit.jobs.permissions import JobPermission
from helhet.kit.jobs.view_data import job_panel
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.kit.permissions import KitPermission

router = Router(tags=["jobs"])
BIGGEST = 2**63 - 1


class JobOut(Schema):
    """A job. `state`: waiting, running, done, failed, cancelled. `done` of `total` units, `rate` a second.

    `result` is what it returned; `url` in it is the page of what came of it.
    """

    model_config = example(
        id=88,
        name="importers.apply",
        title="items.csv",
        state="running",
        is_open=True,
        is_cancel_asked=False,
        percent=40,
        done=400,
        total=1000,
        rate=180.5,
        eta_at="2026-05-04T08:30:05Z",
        message="",
        result=None,
        error="",
        tries=1,
        created_at="2026-05-04T08:30:00Z",
        started_at="2026-05-04T08:30:01Z",
        finished_at=None,
    )

    id: int
    name: str
    title: str
    state: str
    is_open: bool
    is_cancel_asked: bool
    percent: int | None
    done: int | None
    total: int | None
    rate: float | None
    eta_at: dt.datetime | None
    message: str
    result: Any
    error: str
    tries: int
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


def job_data(job: Job) -> dict[str, Any]:
    """A job in the shape of JobOut."""
    panel = job_panel(job)
    return {name: panel[name] for name in JobOut.model_fields}


JOBS = Listing(JobOut, {"-id": "pk"}, job_data)


@router.get("", response={200: PageOut[JobOut], **ERRORS}, summary="List jobs")
@needs(KitPermission.JOB_VIEW)
def jobs(request: HttpRequest, asked: Query[ListAsked], is_open: bool | None = None) -> Any:
    """One's own, or everybody's for coordinators; newest first. `is_open=true` gives those that wait or run."""
    caller = caller_of(request)
    rows = Job.objects.visible_to(caller)
    if is_open is not None:
        open_ones = Job.objects.open()
        rows = rows.filter(pk__in=open_ones) if is_open else rows.exclude(pk__in=open_ones)
    return JOBS.answer(request, asked, rows, "is_open")


@router.get("/{int:job_id}", response={200: JobOut, **ERRORS}, summary="Read a job")
@needs(KitPermission.JOB_VIEW)
def job(request: HttpRequest, job_id: int) -> dict[str, Any]:
    """How far it has come. One's own, or anybody's for coordinators."""
    only_known(request)
    return job_data(_found(request, job_id))


@router.post("/{int:job_id}/cancel", response={200: JobOut, **ERRORS}, summary="Cancel a job")
@needs(KitPermission.JOB_CANCEL, JobPermission.JOB_STEER_ALL)
def cancel(request: HttpRequest, job_id: int) -> dict[str, Any]:
    """At once if it waits, at its next check if it runs. One's own, or anybody's for administrators."""
    only_known(request)
    found = _found(request, job_id)
    found.cancel(by=caller_of(request))
    return job_data(found)


@router.post("/{int:job_id}/again", response={200: JobOut, **ERRORS}, summary="Run a job again")
@needs(KitPermission.JOB_CANCEL, JobPermission.JOB_STEER_ALL)
def again(request: HttpRequest, job_id: int) -> dict[str, Any]:
    """One that ended without success. One's own, or anybody's for administrators."""
    only_known(request)
    found = _found(request, job_id)
    found.run_again(by=caller_of(request))
    return job_data(found)


def _found(request: HttpRequest, job_id: int) -> Job:
    caller = caller_of(request)
    caller.require(KitPermission.JOB_VIEW)
    found = Job.objects.visible_to(caller).filter(pk=min(job_id, BIGGEST)).first()
    if found is None:
        raise NotFound(_("There is no such job."), where=str(job_id)[:30])
    return found
