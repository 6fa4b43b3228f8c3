"""The API of the offline copies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import Query, Router, Schema, Status

from helhet.handbook.bundle.renewing import find_readable, make_later, readable_audiences, standings
from helhet.handbook.bundle.showing import as_data
from helhet.handbook.bundle.zipping import zip_of
from helhet.handbook.permissions import HandbookPermission
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, PageOut, Table

router = Router(tags=["Offline copies"])


class CopyPlaceOut(Schema):
    """A folder that the copy was to be put into; `fault` is empty where it stands."""

    folder: str
    fault: str


class CopyWaitingOut(Schema):
    """A document published since the newest copy."""

    address: str
    title: str
    is_critical_routine: bool


class CopyOut(Schema):
    """The newest copy of an audience; all of it is null while there is none. `is_late`: something was published more
    than an hour ago and is in no copy.
    """

    model_config = example(
        audience="operations", name="Driften", number=41, made_at="2026-05-04T08:30:00Z",
        expires_at="2026-05-07T08:30:00Z", pages=812, digest="9f2c", sequence=120455, is_expired=False, is_late=False,
        places=[{"folder": "/mnt/share/helhet/operations", "fault": ""}],
        waiting=[{"address": "RUT-3", "title": "Starta om journalen", "is_critical_routine": True}],
    )  # fmt: skip

    audience: str
    name: str
    number: int | None
    made_at: dt.datetime | None
    expires_at: dt.datetime | None
    pages: int | None
    digest: str | None
    sequence: int | None
    is_expired: bool
    is_late: bool
    places: list[CopyPlaceOut]
    waiting: list[CopyWaitingOut]


class CopyJobOut(Schema):
    """The job that makes the copy."""

    model_config = example(job=88)

    job: int


COPIES = Table(CopyOut, "audience", {"audience": "audience"})


@router.get("", response={200: PageOut[CopyOut], **ERRORS}, summary="List the offline copies")
@needs(HandbookPermission.BUNDLE_VIEW)
def list_copies(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """Of each audience that the caller belongs to, the newest one."""
    found = standings(readable_audiences(caller_of(request)))
    return COPIES.answer(request, asked, [as_data(one) for one in found])


@router.get("/{audience}", response={200: CopyOut, **ERRORS}, summary="Read an audience's offline copy")
@needs(HandbookPermission.BUNDLE_VIEW)
def read_copy(request: HttpRequest, audience: str) -> Any:
    """Number, age, places, and what is in no copy yet."""
    only_known(request)
    (found,) = standings([find_readable(audience, caller_of(request))])
    return as_data(found)


@router.post("/{audience}", response={202: CopyJobOut, **ERRORS}, summary="Make an audience's offline copy")
@needs(HandbookPermission.BUNDLE_MAKE)
def make_copy(request: HttpRequest, audience: str) -> Status[dict[str, int]]:
    """Asks for a job; those who ask before it has begun share one."""
    only_known(request)
    caller = caller_of(request)
    return Status(202, {"job": make_later(find_readable(audience, caller), by=caller).pk})


@router.get(
    "/{audience}/file", response={200: None, **ERRORS}, summary="Fetch an audience's offline copy",
    openapi_extra={"responses": {200: {"description": "The copy", "content": {
        "application/zip": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
@needs(HandbookPermission.BUNDLE_VIEW)
def copy_file(request: HttpRequest, audience: str) -> Any:
    """As one zip file."""
    only_known(request)
    file, name = zip_of(find_readable(audience, caller_of(request)))
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
