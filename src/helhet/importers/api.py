"""The API of importing: upload, look, apply, undo, findings, sources."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from helhet.importers import told, uploads
from helhet.importers.findings import find_finding, make_group, name_value, open_findings
from helhet.importers.models import Run, RunRow, Verdict
from helhet.importers.permissions import ImportPermission
from helhet.importers.uploads import Upload
from helhet.items.models import Source
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.errors import Invalid
from helhet.kit.jobs import Job

router = Router(tags=["imports"])
findings_router = Router(tags=["imports"])
sources_router = Router(tags=["imports"])

MOST = 1_000


class RunOut(Schema):
    """One import."""

    id: int
    source: str
    title: str
    mapping: str
    state: str
    on: dt.date
    partial: bool
    size: int
    sha256: str
    by: str
    counts: dict[str, dict[str, int]]
    totals: dict[str, int]
    findings: int
    message: str
    todo: str
    sentence: str
    created_at: dt.datetime
    finished_at: dt.datetime | None


class RowOut(Schema):
    """One row of an import's report."""

    id: int
    verdict: str
    noun: str
    row: str
    key: str
    name: str
    item_id: int | None
    changes: dict[str, list[Any]] | None
    reason: str


class FindingOut(Schema):
    """Something in a source that does not hold together."""

    id: int
    source: str
    sort: str
    noun: str
    key: str
    field: str
    value: str
    row: str
    item: str | None
    message: str
    opened_at: dt.datetime


class SourceOut(Schema):
    """A source, and when it was last imported."""

    id: int
    name: str
    mapping: str
    last_on: dt.date | None
    last_at: dt.datetime | None


class JobOut(Schema):
    """The job that was asked for."""

    job: int
    state: str
    run: int


class RunsOut(Schema):
    """A page of imports."""

    results: list[RunOut]
    next: str | None


class RowsOut(Schema):
    """A page of rows."""

    results: list[RowOut]
    next: str | None


class FindingsOut(Schema):
    """A page of findings."""

    results: list[FindingOut]
    next: str | None


class NewImport(Schema):
    """What comes with the file."""

    source: str
    mapping: str = "plain"
    mapping_text: str = ""
    on: dt.date | None = None
    partial: bool = False


class Meaning(Schema):
    """What an unknown value means: a group's or an item's reference; or that the group is to be made."""

    thing: str = ""
    make: bool = False


class TiedOut(Schema):
    """How many findings were tied up."""

    tied: int


def _limit(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise Invalid(f"limit must be from 1 to {MOST}.", where="limit")
    return limit


def _cursor(cursor: str) -> int | None:
    found = told.number(cursor)
    if cursor and found is None:
        raise Invalid("This is not a cursor.", where="cursor", todo="Send the one that you got.")
    return found


@router.get("", response={200: RunsOut, **ERRORS}, summary="Imports, newest first")
def list_runs(request: HttpRequest, source: str = "", cursor: str = "", limit: int = 100) -> dict[str, Any]:
    """Imports, newest first."""
    only_known(request, "source", "cursor", "limit")
    caller_of(request).require(ImportPermission.VIEW)
    runs = Run.objects.select_related("source")
    runs = runs.filter(source__name=source) if source else runs
    before = _cursor(cursor)
    runs = runs.filter(pk__lt=before) if before is not None else runs
    rows = list(runs[: _limit(limit) + 1])
    return _page([told.run_data(run) for run in rows[:limit]], rows, limit)


@router.post("", response={202: RunOut, **ERRORS}, summary="Upload a file; it is tried out by a job")
def create_run(request: HttpRequest, given: Form[NewImport], file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Nothing of it is written until the run is applied."""
    run = uploads.upload(
        Upload(
            file.name or "file", file.chunks(), given.source, given.mapping, given.mapping_text, given.on, given.partial
        ),
        by=caller_of(request),
    )
    return Status(202, told.run_data(run))


@router.get("/{int:run_id}", response={200: RunOut, **ERRORS}, summary="One import")
def read_run(request: HttpRequest, run_id: int) -> dict[str, Any]:
    """With its counts and its state."""
    only_known(request)
    return told.run_data(uploads.find_run(run_id, caller_of(request)))


@router.get("/{int:run_id}/rows", response={200: RowsOut, **ERRORS}, summary="Rows of an import's report")
def list_rows(
    request: HttpRequest, run_id: int, verdict: str = "", cursor: str = "", limit: int = 100
) -> dict[str, Any]:
    """Created, changed, refused, noted, not seen and kept rows; unchanged ones are counted only."""
    only_known(request, "verdict", "cursor", "limit")
    run = uploads.find_run(run_id, caller_of(request))
    found = RunRow.objects.filter(run=run, pk__gt=_cursor(cursor) or 0).order_by("id")
    if verdict:
        if verdict not in Verdict.values:
            raise Invalid(
                f"There is no verdict {verdict}.", where="verdict", todo=f"Known: {', '.join(Verdict.values)}."
            )
        found = found.filter(verdict=verdict)
    rows = list(found[: _limit(limit) + 1])
    return _page([told.row_data(row) for row in rows[:limit]], rows, limit)


@router.post("/{int:run_id}/apply", response={202: JobOut, **ERRORS}, summary="Apply what was tried out")
def apply_run(request: HttpRequest, run_id: int) -> Status[dict[str, Any]]:
    """By a job."""
    caller = caller_of(request)
    return Status(202, _asked(uploads.begin_applying(uploads.find_run(run_id, caller), by=caller), run_id))


@router.post("/{int:run_id}/undo", response={202: JobOut, **ERRORS}, summary="Undo an applied import")
def undo_run(request: HttpRequest, run_id: int) -> Status[dict[str, Any]]:
    """By a job. Later edits are kept, and listed as rows with the verdict `kept`."""
    caller = caller_of(request)
    return Status(202, _asked(uploads.begin_undoing(uploads.find_run(run_id, caller), by=caller), run_id))


def _asked(job: Job, run_id: int) -> dict[str, Any]:
    return {"job": job.pk, "state": str(job.state), "run": run_id}


def _page(results: list[dict[str, Any]], rows: list[Any], limit: int) -> dict[str, Any]:
    return {"results": results, "next": str(rows[limit - 1].pk) if len(rows) > limit else None}


@findings_router.get("", response={200: FindingsOut, **ERRORS}, summary="Open findings")
def list_findings(
    request: HttpRequest, source: str = "", sort: str = "", cursor: str = "", limit: int = 100
) -> dict[str, Any]:
    """What does not hold together in the sources."""
    only_known(request, "source", "sort", "cursor", "limit")
    found = open_findings(caller_of(request)).order_by("id").filter(pk__gt=_cursor(cursor) or 0)
    found = found.filter(source__name=source) if source else found
    found = found.filter(sort=sort) if sort else found
    rows = list(found[: _limit(limit) + 1])
    return _page([told.finding_data(row) for row in rows[:limit]], rows, limit)


@findings_router.post("/{int:finding_id}/meaning", response={200: TiedOut, **ERRORS}, summary="Say what a value means")
def say_meaning(request: HttpRequest, finding_id: int, given: Meaning) -> dict[str, int]:
    """From now on and wherever the source writes it."""
    caller = caller_of(request)
    finding = find_finding(finding_id, caller)
    tied = make_group(finding, by=caller) if given.make else name_value(finding, given.thing.strip(), by=caller)
    return {"tied": tied}


@sources_router.get("", response={200: list[SourceOut], **ERRORS}, summary="Sources")
def list_sources(request: HttpRequest) -> list[dict[str, Any]]:
    """By name."""
    only_known(request)
    caller_of(request).require(ImportPermission.VIEW)
    return [dict(row) for row in Source.objects.values("id", "name", "mapping", "last_on", "last_at")]
