"""What needs no change at all, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import StringConstraints

from helhet.changes.actions.thresholds import end_threshold, state_threshold, visible_thresholds
from helhet.changes.api.shapes import covered_data
from helhet.changes.models import Threshold
from helhet.changes.permissions import ChangePermission
from helhet.changes.thresholds import covering, named
from helhet.groups.api.shapes_groups import ReasonIn
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut, Table

router = Router(tags=["registration thresholds"])
MORE: dict[str, Any] = {
    "text": "Fler processorer", "covered_by": "Beställning 12: mer kraft", "fields": ["attributes.cpu"],
}  # fmt: skip


class ThresholdIn(Strict):
    """For one item (reference) or one kind (key); `fields` are those that an import may alter, none: all."""

    model_config = example(kind="server", group="GRP-3", **MORE)

    text: str
    covered_by: str
    item: str = ""
    kind: str = ""
    group: str = ""
    fields: list[str] = []


class ThresholdOut(Schema):
    """What needs no change. Without a group it is the management team's."""

    model_config = example(
        id=4, item=None, kind="server", group="GRP-3", stated_by="Eva Ek", at="2026-11-20T08:00:00Z", ended_at=None,
        version=1, **MORE,
    )  # fmt: skip

    id: int
    text: str
    covered_by: str
    fields: list[str]
    item: str | None
    kind: str | None
    group: str | None
    stated_by: str
    at: dt.datetime
    ended_at: dt.datetime | None
    version: int


class CoveredOut(Schema):
    """What needs no change of these items (references), since `covered_by` covers it; `is_all`: of all that were asked
    about.
    """

    model_config = example(id=4, text="Fler processorer", covered_by="Beställning 12", items=["SRV-12"], is_all=True)

    id: int
    text: str
    covered_by: str
    items: list[str]
    is_all: bool


class CoveredAsked(ListAsked):
    """Which items (references with commas between), and the type of the change."""

    items: Annotated[str, StringConstraints(max_length=2_000)]
    type: Literal["standard", "normal", "emergency"] = "normal"


COVERED = Table(CoveredOut, "id", {"id": "id"})


@router.get("/covering", response={200: PageOut[CoveredOut], **ERRORS}, summary="Ask whether a change is needed")
@needs(ChangePermission.VIEW)
def covering_these(request: HttpRequest, asked: Query[CoveredAsked]) -> Any:
    """What needs no change of these items. Nothing covers an emergency; references that are none are passed over."""
    found = covering(named(asked.items, caller_of(request)), asked.type)
    return COVERED.answer(request, asked, covered_data(found), "items", "type")


def _data(row: Threshold) -> dict[str, Any]:
    own = ("text", "covered_by", "fields", "stated_by", "at", "ended_at", "version")
    return {
        "id": row.pk, **{name: getattr(row, name) for name in own}, "item": row.item.reference if row.item else None,
        "kind": row.kind.key if row.kind else None, "group": row.group.reference if row.group else None,
    }  # fmt: skip


THRESHOLDS = Listing(ThresholdOut, {"at": "at"}, _data)


@router.get("", response={200: PageOut[ThresholdOut], **ERRORS}, summary="List what needs no change")
@needs(ChangePermission.VIEW)
def thresholds(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """All of them; those that were ended have `ended_at`."""
    return THRESHOLDS.answer(request, asked, visible_thresholds(caller_of(request)))


@router.post("", response={201: ThresholdOut, **ERRORS}, summary="State that something needs no change")
@needs(ChangePermission.THRESHOLD_MANAGE)
def add_threshold(request: HttpRequest, response: HttpResponse, data: ThresholdIn) -> Status[dict[str, Any]]:
    """By a group's chair or deputy, or by the management team."""
    made = state_threshold(by=caller_of(request), **data.dict())
    etag(response, made.version)
    return Status(201, _data(made))


@router.post(
    "/{int:threshold_id}/end", response={200: ThresholdOut, **WRITE_ERRORS}, summary="End a registration threshold"
)
@needs(ChangePermission.THRESHOLD_MANAGE)
def stop_threshold(request: HttpRequest, response: HttpResponse, threshold_id: int, data: ReasonIn) -> dict[str, Any]:
    """From then on it needs a change. Needs If-Match."""
    done = end_threshold(threshold_id, by=caller_of(request), version=version_asked(request), reason=data.reason)
    etag(response, done.version)
    return _data(done)
