"""The API of importing: upload, look, apply, undo, findings, sources."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Status
from ninja.files import UploadedFile

from helhet.importers import told, uploads
from helhet.importers.api_shapes import (
    AskedOut,
    FindingOut,
    MappingOut,
    Meaning,
    NewImport,
    RowOut,
    RunOut,
    SourceChange,
    SourceOut,
    TiedOut,
)
from helhet.importers.findings import SORTS, find_finding, make_group, name_value, open_findings
from helhet.importers.mapping import find_mapping, shipped
from helhet.importers.models import Finding, Run, RunRow, Verdict
from helhet.importers.permissions import ImportPermission
from helhet.importers.sources import change_source, find_source, stated_by_mapping
from helhet.importers.template import TEMPLATES, template_file
from helhet.importers.uploads import Upload
from helhet.items.models import Kind, Source
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.jobs import Job
from helhet.kit.paging import ListAsked, Listing, PageOut, Table

router = Router(tags=["imports"])
findings_router = Router(tags=["imports"])
sources_router = Router(tags=["imports"])

Text = Annotated[str, Field(max_length=200)]


def source_data(source: Source) -> dict[str, Any]:
    """A source as the API gives it."""
    names = ("id", "name", "mapping", "last_on", "last_at", "version")
    return {name: getattr(source, name) for name in names} | {
        "owns": source.owns or [], "stated_by_mapping": list(stated_by_mapping(source)),
        "findings": Finding.objects.filter(source=source, closed_at__isnull=True).count(),
    }  # fmt: skip


RUNS = Listing(RunOut, {"-id": "pk"}, told.run_data)
ROWS = Listing(RowOut, {"id": "pk"}, told.row_data)
FINDINGS = Listing(FindingOut, {"id": "pk"}, told.finding_data)
MAPPINGS = Table(MappingOut, "name")
SOURCES = Listing(SourceOut, {"name": "name"}, source_data)


@router.get("", response={200: PageOut[RunOut], **ERRORS}, summary="List imports")
@needs(ImportPermission.VIEW)
def list_runs(request: HttpRequest, asked: Query[ListAsked], source: Text = "") -> Any:
    """Of one source, where it is named."""
    runs = Run.objects.select_related("source")
    return RUNS.answer(request, asked, runs.filter(source__name=source) if source else runs, "source")


@router.post(
    "", response={202: RunOut, **ERRORS}, summary="Upload a file, which a job then tries out",
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"example": {
        "source": "cmdb", "mapping": "plain", "on": "2026-05-04", "partial": False, "file": "items.csv"}}}}},
)  # fmt: skip
@needs(ImportPermission.START)
def create_run(request: HttpRequest, given: Form[NewImport], file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Nothing of it is written until the run is applied."""
    run = uploads.upload(
        Upload(
            file.name or "file", file.chunks(), given.source, given.mapping, given.mapping_text, given.on,
            given.partial, given.encoding,
        ),
        by=caller_of(request),
    )  # fmt: skip
    return Status(202, told.run_data(run))


def mapping_data(name: str) -> dict[str, Any]:
    """A ready mapping as the API gives it, its title and what it is for in the caller's language."""
    found = find_mapping(name)
    return {
        "name": found.name, "title": _(found.title), "about": _(found.about) if found.about else "",
        "nouns": list(found.nouns), "text": found.text,
    }  # fmt: skip


@router.get("/mappings", response={200: PageOut[MappingOut], **ERRORS}, summary="List the ready mappings")
@needs(ImportPermission.VIEW)
def list_mappings(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """By name. One's own is sent with the file, as `mapping_text`."""
    return MAPPINGS.answer(request, asked, [mapping_data(name) for name in shipped()])


@router.get("/mappings/{name}", response={200: MappingOut, **ERRORS}, summary="Read a ready mapping")
@needs(ImportPermission.VIEW)
def read_mapping(request: HttpRequest, name: str) -> dict[str, Any]:
    """With its text, to be copied and changed."""
    only_known(request)
    if name not in shipped():
        raise NotFound(
            _("There is no ready mapping %(name)s.") % {"name": name[:60]}, where="name",
            todo=_("Choose one of: %(names)s.") % {"names": ", ".join(shipped())},
        )  # fmt: skip
    return mapping_data(name)


@router.get(
    "/template/{str:ending}", response={200: None, **ERRORS}, summary="Fetch the template of the plain layout",
    openapi_extra={"responses": {200: {"description": "The file", "content": {
        kind: {"schema": {"type": "string", "format": "binary"}} for _make, kind in TEMPLATES.values()}}}},
)  # fmt: skip
@needs(ImportPermission.VIEW)
def fetch_template(request: HttpRequest, ending: Literal["xlsx", "zip"]) -> HttpResponse:
    """Empty, with what to write where in the caller's language and with the kinds that there are."""
    only_known(request)
    kinds = {kind.key: kind.name for kind in Kind.objects.filter(is_listed=True)}
    return template_file(ending, get_language() or "sv", kinds)


@router.get("/{int:run_id}", response={200: RunOut, **ERRORS}, summary="Read an import")
@needs(ImportPermission.VIEW)
def read_run(request: HttpRequest, run_id: int) -> dict[str, Any]:
    """With its counts and its state."""
    only_known(request)
    return told.run_data(uploads.find_run(run_id, caller_of(request)))


@router.get(
    "/{int:run_id}/rows", response={200: PageOut[RowOut], **ERRORS}, summary="List the rows of an import's report"
)
@needs(ImportPermission.VIEW)
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


@router.post("/{int:run_id}/apply", response={202: AskedOut, **ERRORS}, summary="Apply an import that was tried out")
@needs(ImportPermission.START)
def apply_run(request: HttpRequest, run_id: int) -> Status[dict[str, Any]]:
    """By a job."""
    caller = caller_of(request)
    return Status(202, _asked(uploads.begin_applying(uploads.find_run(run_id, caller), by=caller), run_id))


@router.post("/{int:run_id}/undo", response={202: AskedOut, **ERRORS}, summary="Undo an applied import")
@needs(ImportPermission.UNDO)
def undo_run(request: HttpRequest, run_id: int) -> Status[dict[str, Any]]:
    """By a job. Later edits are kept, and listed as rows with the verdict `kept`."""
    caller = caller_of(request)
    return Status(202, _asked(uploads.begin_undoing(uploads.find_run(run_id, caller), by=caller), run_id))


def _asked(job: Job, run_id: int) -> dict[str, Any]:
    return {"job": job.pk, "state": str(job.state), "run": run_id}


@findings_router.get("", response={200: PageOut[FindingOut], **ERRORS}, summary="List open findings")
@needs(ImportPermission.FINDING_VIEW)
def list_findings(request: HttpRequest, asked: Query[ListAsked], source: Text = "", what: Text = "") -> Any:
    """What does not hold together in the sources: of one source, of one sort (`what`, as `sort` in the answer)."""
    found = open_findings(caller_of(request))
    found = found.filter(source__name=source) if source else found
    if what and what not in SORTS:
        raise Invalid(f"There is no sort {what}.", where="what", todo=f"Known: {', '.join(SORTS)}.", field="what")
    return FINDINGS.answer(request, asked, found.filter(sort=what) if what else found, "source", "what")


@findings_router.post("/{int:finding_id}/meaning", response={200: TiedOut, **ERRORS}, summary="Say what a value means")
@needs(ImportPermission.START)
def say_meaning(request: HttpRequest, finding_id: int, given: Meaning) -> dict[str, int]:
    """From now on and wherever the source writes it."""
    caller = caller_of(request)
    finding = find_finding(finding_id, caller)
    tied = make_group(finding, by=caller) if given.make else name_value(finding, given.thing.strip(), by=caller)
    return {"tied": tied}


@sources_router.get("", response={200: PageOut[SourceOut], **ERRORS}, summary="List sources")
@needs(ImportPermission.VIEW)
def list_sources(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """By name."""
    return SOURCES.answer(request, asked, Source.objects.all())


@sources_router.get("/{int:source_id}", response={200: SourceOut, **ERRORS}, summary="Read a source")
@needs(ImportPermission.VIEW)
def read_source(request: HttpRequest, response: HttpResponse, source_id: int) -> dict[str, Any]:
    """With its version as ETag."""
    only_known(request)
    found = find_source(source_id, caller_of(request))
    etag(response, found.version)
    return source_data(found)


@sources_router.patch("/{int:source_id}", response={200: SourceOut, **WRITE_ERRORS}, summary="Say what a source owns")
@needs(ItemPermission.SOURCE_MANAGE)
def patch_source(request: HttpRequest, response: HttpResponse, source_id: int, data: SourceChange) -> dict[str, Any]:
    """Its next import looks at every record again. Needs If-Match."""
    version = version_asked(request)
    changed = change_source(source_id, by=caller_of(request), version=version, owns=data.owns)
    etag(response, changed.version)
    return source_data(changed)
