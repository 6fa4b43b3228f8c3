"""Remarks, reports and comparisons of documents for programs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from helhet.documents.actions.remarks import remark, remove_remark, settle_remark
from helhet.documents.actions.reporting import report
from helhet.documents.addressing import API_ONE
from helhet.documents.comparing import compared_data, pair_of
from helhet.documents.finding import find_document
from helhet.documents.models import Remark
from helhet.documents.permissions import DocumentPermission
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut

router = Router(tags=["documents"])
Number = Annotated[int, Field(ge=1, le=2**62)]
REMARKS = f"{API_ONE}/remarks"


class RemarkOut(Schema):
    """A remark. `quote` is what it was made on; empty where it is about the whole."""

    model_config = example(
        id=3, quote="Stoppa inflödet.", text="Vilket?", by="Anna Berg", at="2026-11-12T08:00:00Z", edition="2",
        settled_at=None, settled_by="", version=1,
    )  # fmt: skip

    id: int
    quote: str
    text: str
    by: str
    at: dt.datetime
    edition: str | None
    settled_at: dt.datetime | None
    settled_by: str
    version: int


class RemarkIn(Strict):
    """What is said; `quote` with `before` and `after` tell of which words."""

    model_config = example(text="Vilket?", quote="Stoppa inflödet.")

    text: str = Field(max_length=20_000)
    quote: str = Field("", max_length=2_000)
    before: str = Field("", max_length=400)
    after: str = Field("", max_length=400)


class ReportIn(Strict):
    """What a reader tells the group that answers."""

    model_config = example(sort="wrong", text="Kommandot finns inte längre.")

    sort: Literal["unhelpful", "wrong", "question"]
    text: str = Field(max_length=20_000)


class ReportOut(Schema):
    """The task that a report became."""

    model_config = example(task=17)

    task: int


class PieceOut(Schema):
    """A stretch of text: in both (`same`), only in the former (`gone`) or only in the latter (`new`)."""

    model_config = example(kind="new", text="tio minuter")

    kind: Literal["same", "gone", "new"]
    text: str


class ComparedOut(Schema):
    """What was altered, by words. `before` and `after` are editions, or `draft`."""

    model_config = example(
        before="1", after="draft", title=[{"kind": "same", "text": "Omstart"}],
        text=[{"kind": "gone", "text": "fem"}, {"kind": "new", "text": "tio"}], structured=[],
    )  # fmt: skip

    before: str
    after: str
    title: list[PieceOut]
    text: list[PieceOut]
    structured: list[PieceOut]


class CompareAsked(Schema):
    """Two editions (`2`, `2.1`) or `draft`."""

    before: str = Field("", max_length=20, description="The former; the one before `after` when empty")
    after: str = Field("", max_length=20, description="The latter; the draft, else the newest edition, when empty")


def _data(row: Remark) -> dict[str, Any]:
    names = ("quote", "text", "by", "at", "settled_at", "settled_by", "version")
    edition = row.of_version.number if row.of_version is not None else None
    return {"id": row.pk, "edition": edition, **{name: getattr(row, name) for name in names}}


LISTED = Listing(RemarkOut, {"id": "pk"}, _data)


@router.get(REMARKS, response={200: PageOut[RemarkOut], **ERRORS}, summary="List remarks on a document")
@needs(DocumentPermission.VIEW)
def remarks(request: HttpRequest, asked: Query[ListAsked], address: str) -> Any:
    """In the order of saying; those that were removed are left out."""
    found = find_document(address, caller_of(request))
    rows = Remark.objects.filter(document=found, removed_at__isnull=True).select_related("of_version")
    return LISTED.answer(request, asked, rows)


@router.post(REMARKS, response={201: RemarkOut, **ERRORS}, summary="Remark on a passage")
@needs(DocumentPermission.REMARK)
def new_remark(request: HttpRequest, address: str, data: RemarkIn) -> Any:
    """Of what is published."""
    return Status(201, _data(remark(address, by=caller_of(request), **data.dict())))


@router.post(
    f"{REMARKS}/{{int:remark_id}}/settle", response={200: RemarkOut, **WRITE_ERRORS}, summary="Settle a remark"
)
@needs(DocumentPermission.WRITE, DocumentPermission.REMARK)
def settle(request: HttpRequest, address: str, remark_id: Number) -> Any:
    """By whoever made it or writes the document. Needs the remark's If-Match."""
    return _data(settle_remark(address, remark_id, by=caller_of(request), version=version_asked(request)))


@router.delete(
    f"{REMARKS}/{{int:remark_id}}", response={204: None, **WRITE_ERRORS}, summary="Remove a remark"
)  # fmt: skip
@needs(DocumentPermission.MANAGE, DocumentPermission.REMARK)
def removal(request: HttpRequest, address: str, remark_id: Number) -> Any:
    """By whoever made it or manages the document. Needs the remark's If-Match."""
    remove_remark(address, remark_id, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


@router.post(f"{API_ONE}/reports", response={201: ReportOut, **ERRORS}, summary="Tell the group that answers")
@needs(DocumentPermission.REPORT, GroupPermission.TASK_CREATE)
def reports(request: HttpRequest, address: str, data: ReportIn) -> Any:
    """Becomes a task of the group; what is wrong also makes the document doubtful."""
    return Status(201, {"task": report(address, by=caller_of(request), **data.dict()).pk})


@router.get(f"{API_ONE}/compare", response={200: ComparedOut, **ERRORS}, summary="Compare two editions")
@needs(DocumentPermission.VIEW)
def compared(request: HttpRequest, address: str, asked: Query[CompareAsked]) -> dict[str, Any]:
    """Word by word; the pieces that are not `new` give the former text, those that are not `gone` the latter."""
    only_known(request, *CompareAsked.model_fields)
    caller = caller_of(request)
    before, after, first, second = pair_of(find_document(address, caller), caller, asked.before, asked.after)
    return {"before": before, "after": after} | compared_data(first, second)
