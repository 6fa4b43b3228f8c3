"""The pages of importing: runs and sources, a new import, one run, findings, help."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.importers import told, uploads
from helhet.importers.fields import FIELDS, REQUIRED
from helhet.importers.findings import find_finding, make_group, name_value, open_findings
from helhet.importers.forms import UploadForm
from helhet.importers.mapping import find_mapping, shipped
from helhet.importers.models import Run, RunRow
from helhet.importers.permissions import ImportPermission
from helhet.importers.row_lines import row_lines
from helhet.importers.template import template_file
from helhet.items.models import Kind, Source
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.jobs.view_data import job_panel
from helhet.kit.parts import Choice, Crumb, Page
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

SHOWN = 100


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Imports"), reverse("importers:runs"))]


@page(ImportPermission.VIEW)
def runs(request: Request) -> HttpResponse:
    """What was taken in, newest first, and the sources."""
    after = told.number(request.GET.get("after"))
    found = Run.objects.select_related("source", "batch")
    found = found.filter(pk__lt=after) if after else found
    listed = list(found[: SHOWN + 1])
    sources = Source.objects.annotate(last_run=Max("runs__id")).order_by("name")
    context = {
        "runs": [told.RunLine.of(run) for run in listed[:SHOWN]], "sources": sources,
        "findings": open_findings(request.caller).count(),
        "next_url": f"?after={listed[SHOWN - 1].pk}" if len(listed) > SHOWN else "",
        "may_start": request.caller.may(ImportPermission.START),
    }  # fmt: skip
    return render(request, "importers/runs.html", context)


@page(ImportPermission.START, methods=("GET", "HEAD", "POST"))
def new(request: Request) -> HttpResponse:
    """Upload a file; it is tried out before anything is written."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"source": request.GET.get("source", "")})
    if request.method == "POST" and form.is_valid():
        try:
            run = uploads.upload(form.upload(), by=request.caller)
        except Invalid as refusal:
            text = " ".join(str(part) for part in (refusal.where, refusal.message, refusal.todo) if part)
            name = "mapping_text" if refusal.field == "mapping" and form.cleaned_data["mapping_text"] else refusal.field
            form.add_error(name if name in form.fields else None, text)
        else:
            return redirect("importers:run", run.pk)
    context = {"form": form, "crumbs": _crumbs(), "sources": form.sources()}
    return render(request, "importers/new.html", context, status=422 if form.errors else 200)


@page(ImportPermission.VIEW)
def run(request: Request, run_id: int) -> HttpResponse:
    """One import: what it did or would do, row by row."""
    found = uploads.find_run(run_id, request.caller)
    counts = told.verdict_counts(found)
    show = request.GET.get("show", "")
    show = show if show in counts else next((name for name, count in counts.items() if count), "created")
    after = told.number(request.GET.get("after"))
    rows = list(RunRow.objects.filter(run=found, verdict=show, pk__gt=after or 0).order_by("id")[: SHOWN + 1])
    context = {
        "run": found, "line": told.RunLine.of(found), "crumbs": _crumbs(), "show": show, "counts": counts,
        "rows": row_lines(found, rows[:SHOWN]),
        "tabs": [
            Choice(told.verdict_label(name), f"?show={name}", name == show, count) for name, count in counts.items()
        ],
        "nouns": told.by_noun(found), "findings": told.findings_of(found),
        "page": Page(next_url=f"?show={show}&after={rows[SHOWN - 1].pk}" if len(rows) > SHOWN else ""),
        "may_apply": found.can_be_applied and request.caller.may(ImportPermission.START),
        "may_undo": found.state in {"done", "failed"} and request.caller.may(ImportPermission.UNDO),
        **_job(found),
    }  # fmt: skip
    return render(request, "importers/run.html", context)


def _job(found: Run) -> dict[str, Any]:
    job = uploads.job_of(found)
    return {
        "job": job_panel(job, result_url=reverse("importers:run", args=[found.pk])) if job else None,
        "poll_url": reverse("importers:progress", args=[found.pk]),
    }


@page(ImportPermission.VIEW)
def progress(request: Request, run_id: int) -> HttpResponse:
    """The job's part of the page."""
    found = uploads.find_run(run_id, request.caller)
    shown = _job(found)
    return render(request, "kit/_job.html", shown) if shown["job"] else HttpResponse(status=204)


@page(ImportPermission.START, methods=("POST",))
def apply(request: Request, run_id: int) -> HttpResponse:
    """Apply what was tried out."""
    uploads.begin_applying(uploads.find_run(run_id, request.caller), by=request.caller)
    return redirect("importers:run", run_id)


@page(ImportPermission.UNDO, methods=("POST",))
def undoing(request: Request, run_id: int) -> HttpResponse:
    """Undo what was applied."""
    uploads.begin_undoing(uploads.find_run(run_id, request.caller), by=request.caller)
    return redirect("importers:run", run_id)


@page(ImportPermission.FINDING_VIEW)
def findings(request: Request) -> HttpResponse:
    """What does not hold together in the sources: one row for each value, the most wanted first, with its next step.

    `value` asks for the findings of one value one by one; `from` is the place of the first row shown.
    """
    asked = {name: request.GET.get(name, "") for name in ("source", "sort", "value")}
    found = open_findings(request.caller)
    found = found.filter(source__name=asked["source"]) if asked["source"] else found
    counts = told.sort_counts(found)
    found = found.filter(sort=asked["sort"]) if asked["sort"] in counts else found
    found = found.filter(value=asked["value"]) if asked["value"] else found
    first = told.number(request.GET.get("from")) or 0
    lines = told.finding_lines(found, one_by_one=bool(asked["value"]), first=first, limit=SHOWN + 1)
    total = sum(counts.values())
    rest = {"source": asked["source"]} if asked["source"] else {}
    here = {name: value for name, value in asked.items() if value}
    context = {
        "findings": lines[:SHOWN], "total": total, "source": asked["source"], "value": asked["value"],
        "crumbs": _crumbs(), "may_start": request.caller.may(ImportPermission.START),
        "tabs": [
            Choice(_("All"), f"?{urlencode(rest)}", not asked["sort"], total),
            *(
                Choice(told.sort_label(name), f"?{urlencode({**rest, 'sort': name})}", name == asked["sort"], count)
                for name, count in counts.items()
            ),
        ],
        "page": Page(next_url=f"?{urlencode({**here, 'from': first + SHOWN})}" if len(lines) > SHOWN else ""),
    }  # fmt: skip
    return render(request, "importers/findings.html", context)


@page(ImportPermission.START, methods=("POST",))
def finding(request: Request, finding_id: int) -> HttpResponse:
    """Say what an unknown value means, or make the group that it names."""
    found = find_finding(finding_id, request.caller)
    try:
        if request.POST.get("act") == "make":
            tied = make_group(found, by=request.caller)
        else:
            tied = name_value(found, request.POST.get("thing", "").strip(), by=request.caller)
    except (Invalid, NotFound, Clash) as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    else:
        toast(request, _("%(count)d findings tied up.") % {"count": tied})
    return redirect("importers:findings")


@page(ImportPermission.VIEW)
def mappings(request: Request) -> HttpResponse:
    """How mappings are written, with those that are ready."""
    ready = [find_mapping(name) for name in shipped()]
    fields = [(noun, [(name, name in REQUIRED[noun]) for name in names]) for noun, names in FIELDS.items()]
    return render(request, "importers/mappings.html", {"crumbs": _crumbs(), "ready": ready, "fields": fields})


@page(ImportPermission.VIEW)
def template(request: Request, ending: str) -> HttpResponse:
    """The plain layout as an empty workbook or zip."""
    del request
    kinds = {kind.key: kind.name for kind in Kind.objects.filter(is_listed=True)}
    return template_file(ending, get_language() or "sv", kinds)
