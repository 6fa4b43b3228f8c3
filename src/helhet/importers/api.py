"""The API of importing: upload, look, apply, undo, findings, sources."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from helhet.importers import told, uploads
from helhet.importers.findings import SORTS, find_finding, make_group, name_value, open_findings
from helhet.importers.mapping import find_mapping, shipped
from helhet.importers.models import Finding, Run, RunRow, Verdict
from helhet.importers.permissions import ImportPermission
from helhet.importers.sources import change_source, find_source, stated_by_mapping
from helhet.importers.uploads import Upload
from helhet.items.models import Source
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.jobs import Job
from helhet.kit.paging import ListAsked, Listing, PageOut, Table

router = Router(tags=["imports"])
findings_router = Router(tags=["imports"])
sources_router = Router(tags=["imports"])

Text = Annotated[str, Field(max_length=200)]


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
    """A source, when it was last imported, and how many open findings it has.

    `owns` are the fields that its imports overwrite, none for all that it gives; `stated_by_mapping` those that its
    last mapping names itself, which go before.
    """

    id: int
    name: str
    mapping: str
    owns: list[str]
    stated_by_mapping: list[str]
    last_on: dt.date | None
    last_at: dt.datetime | None
    findings: int
    version: int


def source_data(source: Source) -> dict[str, Any]:
    """A source as the API gives it."""
    names = ("id", "name", "mapping", "last_on", "last_at", "version")
    return {name: getattr(source, name) for name in names} | {
        "owns": source.owns or [], "stated_by_mapping": list(stated_by_mapping(source)),
        "findings": Finding.objects.filter(source=source, closed_at__isnull=True).count(),
    }  # fmt: skip


class SourceChange(Strict):
    """What is to be altered of a source. `owns` without a field: all that it gives."""

    owns: list[Annotated[str, Field(max_length=60)]] = Field(max_length=50)


class AskedOut(Schema):
    """The job that was asked for."""

    job: int
    state: str
    run: int


class NewImport(Schema):
    """What comes with the file."""

    source: str
    mapping: str = "plain"
    mapping_text: str = ""
    on: dt.date | None = None
    partial: bool = False


class MappingOut(Schema):
    """A mapping that comes with the product: what it is for, the nouns it speaks of, and the text of its file."""

    name: str
    title: str
    about: str
    nouns: list[str]
    text: str


class Meaning(Strict):
    """What an unknown value means: a group's or an item's reference; or that the group is to be made."""

    thing: str = ""
    make: bool = False


class TiedOut(Schema):
    """How many findings were tied up."""

    tied: int


RUNS = Listing(RunOut, {"-id": "pk"}, told.run_data)
ROWS = Listing(RowOut, {"id": "pk"}, told.row_data)
FINDINGS = Listing(FindingOut, {"id": "pk"}, told.finding_data)
MAPPINGS = Table(MappingOut, "name")
SOURCES = Listing(SourceOut, {"name": "name"}, source_data)


@router.get("", response={200: PageOut[RunOut], **ERRORS}, summary="List imports")
def list_runs(request: HttpRequest, asked: Query[ListAsked], source: Text = "") -> Any:
    """Of one source, where it is named."""
    caller_of(request).require(ImportPermission.VIEW)
    runs = Run.objects.select_related("source")
    return RUNS.answer(request, asked, runs.filter(source__name=source) if source else runs, "source")


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


def mapping_data(name: str) -> dict[str, Any]:
    """A ready mapping as the API gives it, its title and what it is for in the caller's language."""
    found = find_mapping(name)
    return {
        "name": found.name, "title": _(found.title), "about": _(found.about) if found.about else "",
        "nouns": list(found.nouns), "text": found.text,
    }  # fmt: skip


@router.get("/mappings", response={200: PageOut[MappingOut], **ERRORS}, summary="List the ready mappings")
def list_mappings(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """By name. One's own is sent with the file, as `mapping_text`."""
    caller_of(request).require(ImportPermission.VIEW)
    return MAPPINGS.answer(request, asked, [mapping_data(name) for name in shipped()])


@router.get("/mappings/{name}", response={200: MappingOut, **ERRORS}, summary="Read a ready mapping")
def read_mapping(request: HttpRequest, name: str) -> dict[str, Any]:
    """With its text, to be copied and changed."""
    only_known(request)
    caller_of(request).require(ImportPermission.VIEW)
    if name not in shipped():
        raise NotFound(
            _("There is no ready mapping %(name)s.") % {"name": name[:60]}, where="name",
            todo=_("Choose one of: %(names)s.") % {"names": ", ".join(shipped())},
        )  # fmt: skip
    return mapping_data(name)


@router.get("/{int:run_id}", response={200: RunOut, **ERRORS}, summary="One import")
def read_run(request: HttpRequest, run_id: int) -> dict[str, Any]:
    """With its counts and its state."""
    only_known(request)
    return told.run_data(uploads.find_run(run_id, caller_of(request)))


@router.get(
    "/{int:run_id}/rows", response={200: PageOut[RowOut], **ERRORS}, summary="List the rows of an import's report"
)
def list_rows(request: HttpRequest, asked: Query[ListAsked], run_id: int, verdict: Text = "") -> Any:
    """Created, changed, refused, noted, not seen and kept rows; unchanged ones are counted only."""
    run = uploads.find_run(run_id, caller_of(request))
    found = RunRow.objects.filter(run=run)
    if verdict:
        if verdict not in Verdict.values:
            raise Invalid(
                f"There is no verdict {verdict}.", where="verdict", todo=f"Known: {', '.join(Verdict.values)}."
            )
        found = found.filter(verdict=verdict)
    return ROWS.answer(request, asked, found, "verdict")


@router.post("/{int:run_id}/apply", response={202: AskedOut, **ERRORS}, summary="Apply what was tried out")
def apply_run(request: HttpRequest, run_id: int) -> Status[dict[str, Any]]:
    """By a job."""
    caller = caller_of(request)
    return Status(202, _asked(uploads.begin_applying(uploads.find_run(run_id, caller), by=caller), run_id))


@router.post("/{int:run_id}/undo", response={202: AskedOut, **ERRORS}, summary="Undo an applied import")
def undo_run(request: HttpRequest, run_id: int) -> Status[dict[str, Any]]:
    """By a job. Later edits are kept, and listed as rows with the verdict `kept`."""
    caller = caller_of(request)
    return Status(202, _asked(uploads.begin_undoing(uploads.find_run(run_id, caller), by=caller), run_id))


def _asked(job: Job, run_id: int) -> dict[str, Any]:
    return {"job": job.pk, "state": str(job.state), "run": run_id}


@findings_router.get("", response={200: PageOut[FindingOut], **ERRORS}, summary="List open findings")
def list_findings(request: HttpRequest, asked: Query[ListAsked], source: Text = "", what: Text = "") -> Any:
    """What does not hold together in the sources: of one source, of one sort (`what`, as `sort` in the answer)."""
    found = open_findings(caller_of(request))
    found = found.filter(source__name=source) if source else found
    if what and what not in SORTS:
        raise Invalid(f"There is no sort {what}.", where="what", todo=f"Known: {', '.join(SORTS)}.", field="what")
    return FINDINGS.answer(request, asked, found.filter(sort=what) if what else found, "source", "what")


@findings_router.post("/{int:finding_id}/meaning", response={200: TiedOut, **ERRORS}, summary="Say what a value means")
def say_meaning(request: HttpRequest, finding_id: int, given: Meaning) -> dict[str, int]:
    """From now on and wherever the source writes it."""
    caller = caller_of(request)
    finding = find_finding(finding_id, caller)
    tied = make_group(finding, by=caller) if given.make else name_value(finding, given.thing.strip(), by=caller)
    return {"tied": tied}


@sources_router.get("", response={200: PageOut[SourceOut], **ERRORS}, summary="List sources")
def list_sources(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """By name."""
    caller_of(request).require(ImportPermission.VIEW)
    return SOURCES.answer(request, asked, Source.objects.all())


@sources_router.get("/{int:source_id}", response={200: SourceOut, **ERRORS}, summary="Read a source")
def read_source(request: HttpRequest, response: HttpResponse, source_id: int) -> dict[str, Any]:
    """With its version as ETag."""
    only_known(request)
    found = find_source(source_id, caller_of(request))
    etag(response, found.version)
    return source_data(found)


@sources_router.patch("/{int:source_id}", response={200: SourceOut, **WRITE_ERRORS}, summary="Say what a source owns")
def patch_source(request: HttpRequest, response: HttpResponse, source_id: int, data: SourceChange) -> dict[str, Any]:
    """Its next import looks at every record again. Needs If-Match. Coordinators and administrators."""
    version = version_asked(request)
    changed = change_source(source_id, by=caller_of(request), version=version, owns=data.owns)
    etag(response, changed.version)
    return source_data(changed)
