"""Pages of jobs: those that the caller may see, one with its progress and result, and the verbs to steer it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.kit.errors import NotFound
from helhet.kit.jobs.models import Job, JobState
from helhet.kit.jobs.view_data import job_panel, title_of
from helhet.kit.parts import Choice, Page
from helhet.kit.permissions import KitPermission
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

ON_A_PAGE = 50
MARKS = {"done": "good", "failed": "over", "dead": "over", "cancelled": "no", "running": "todo", "waiting": "wait"}


def load(request: Request, job_id: int) -> Job:
    """The job, if there is one that the caller may see; raises NotFound otherwise."""
    job = Job.objects.visible_to(request.caller).filter(pk=job_id).first()
    if job is None:
        raise NotFound(_("There is no such job."), todo=_("It may have been cleared away. Look among the jobs."))
    return job


def result_url(job: Job) -> str:
    """Where the job's result is to be seen: the `url` in what it returned, when that is an address of this product."""
    url = job.result.get("url", "") if isinstance(job.result, dict) else ""
    return url if isinstance(url, str) and url.startswith("/") and not url.startswith("//") else ""


def _panel(job: Job) -> dict[str, Any]:
    return {
        "job": job_panel(job, result_url=result_url(job)),
        "poll_url": reverse("kit:job", args=[job.pk]),
        "cancel_url": reverse("kit:job_cancel", args=[job.pk]),
        "again_url": reverse("kit:job_again", args=[job.pk]),
        "may_run_again": job.state in (JobState.FAILED, JobState.DEAD, JobState.CANCELLED),
    }


@page(KitPermission.JOB_VIEW)
def jobs(request: Request) -> HttpResponse:
    """The newest jobs first; `before` is the id under which the page begins, `show=all` also shows the timetable's."""
    found = Job.objects.visible_to(request.caller).order_by("-pk").defer("arguments", "result", "trace")
    sees_all = request.caller.may(KitPermission.JOB_SEE_ALL)
    is_all = sees_all and request.GET.get("show") == "all"
    found = found if is_all else found.exclude(caller_id=None, state=JobState.DONE)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: ON_A_PAGE + 1])
    show = "show=all&" if is_all else ""
    older = f"?{show}before={rows[ON_A_PAGE - 1].pk}" if len(rows) > ON_A_PAGE else ""
    lines = [
        {
            "title": title_of(job),
            "url": reverse("kit:job", args=[job.pk]),
            "mark": MARKS.get(job.state, "unknown"),
            "state": JobState(job.state).label if job.state in JobState.values else job.state,
            "created_at": job.created_at,
            "message": job.error or job.message,
        }
        for job in rows[:ON_A_PAGE]
    ]
    context = {
        "lines": lines,
        "open": Job.objects.visible_to(request.caller).open().count(),
        "list_page": Page(next_url=older, previous_url=f"{request.path}?{show}".rstrip("?&") if before else ""),
        "tabs": [
            Choice(_("Asked for, waiting or failed"), request.path, not is_all),
            Choice(_("With those of the timetable"), "?show=all", is_all),
        ]
        if sees_all
        else [],
    }
    return render(request, "kit/jobs.html", context)


@page(KitPermission.JOB_VIEW)
def job(request: Request, job_id: int) -> HttpResponse:
    """One job; HTMX, which asks each second, gets its panel alone."""
    found = load(request, job_id)
    template = "kit/_job.html" if request.htmx else "kit/job.html"
    return render(request, template, _panel(found))


@page(KitPermission.JOB_CANCEL, methods=("POST",))
def cancel(request: Request, job_id: int) -> HttpResponse:
    """Stop it: at once if it waits, at its next check if it runs."""
    load(request, job_id).cancel(by=request.caller)
    return redirect("kit:job", job_id)


@page(KitPermission.JOB_CANCEL, methods=("POST",))
def again(request: Request, job_id: int) -> HttpResponse:
    """Let it run once more."""
    load(request, job_id).run_again(by=request.caller)
    toast(request, _("The job runs again."))
    return redirect("kit:job", job_id)
