"""What needs no change at all, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status

from helhet.changes.actions.thresholds import end_threshold, state_threshold, visible_thresholds
from helhet.changes.models import Threshold
from helhet.changes.permissions import ChangePermission
from helhet.groups.api.shapes_groups import ReasonIn
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut

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
