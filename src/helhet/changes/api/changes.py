"""Changes for programs: listed, drafted, read, altered, and what is known better about one."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from helhet.changes import actions
from helhet.changes.api.shapes import (
    CHANGES,
    STARTS,
    ChangeChange,
    ChangeIn,
    ChangeOut,
    ChangeRow,
    Word,
    change_data,
)
from helhet.changes.finding import find_change
from helhet.changes.models import Change
from helhet.changes.permissions import ChangePermission
from helhet.changes.touching import last_of, news_since, touch_of
from helhet.groups.api.lists import FilterAsked
from helhet.groups.models import Group
from helhet.items.models import Item
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import PageOut

router = Router(tags=["changes"])

NULLABLE = {"starts_at", "ends_at"}


@router.get("", response={200: PageOut[ChangeRow], **ERRORS}, summary="List changes")
@needs(ChangePermission.VIEW)
def changes(request: HttpRequest, asked: Query[FilterAsked]) -> Any:
    """Filtered by state, type, outcome, group, touches, owner, item, and text; newest first."""
    found = Change.objects.visible_to(caller_of(request)).select_related("item", "group__item", "owner")
    return CHANGES.found(request, asked, found.annotate(by_time=STARTS).distinct())


@router.post("", response={201: ChangeOut, **ERRORS}, summary="Draft a change")
@needs(ChangePermission.DRAFT)
def add_change(request: HttpRequest, response: HttpResponse, data: ChangeIn) -> Status[dict[str, Any]]:
    """Its group's member. The impact is computed and kept at once; nobody is asked yet."""
    made = actions.draft_change(by=caller_of(request), **{**data.dict(), "owner": data.owner or None})
    return Status(201, told(response, made))


@router.get("/{reference}", response={200: ChangeOut, **ERRORS}, summary="Read a change")
@needs(ChangePermission.VIEW)
def change(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """By its reference, or `source:key`."""
    only_known(request)
    return told(response, find_change(reference, caller_of(request)))


@router.patch("/{reference}", response={200: ChangeOut, **WRITE_ERRORS}, summary="Alter a change")
@needs(ChangePermission.CHANGE)
def patch_change(
    request: HttpRequest, response: HttpResponse, reference: str, data: ChangeChange
) -> dict[str, Any]:  # fmt: skip
    """Fields that are left out stay as they are. Needs If-Match."""
    sent = data.dict(exclude_unset=True)
    wanted = {name: value for name, value in sent.items() if value is not None or name in NULLABLE}
    by = caller_of(request)
    return told(response, actions.change_change(reference, by=by, version=version_asked(request), **wanted))


class TouchedOut(Schema):
    """A group that the change touches: how many of its things, and the way to the nearest of them."""

    group: str
    count: int
    services: list[str]
    path: list[str]


class TouchOut(Schema):
    """What a change touches now, and what is new since the groups were asked."""

    model_config = example(
        reached=12, services=["SRV-19"], new_services=[], new_groups=[],
        groups=[{"group": "GRP-5", "count": 3, "services": ["SRV-19"], "path": ["STO-2", "DB-4", "SRV-19"]}],
    )  # fmt: skip

    reached: int
    services: list[str]
    groups: list[TouchedOut]
    new_services: list[str]
    new_groups: list[str]


@router.get("/{reference}/impact", response={200: TouchOut, **ERRORS}, summary="What a change touches")
@needs(ChangePermission.VIEW)
def impact(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Computed now, with the marks by hand."""
    only_known(request)
    caller = caller_of(request)
    found = find_change(reference, caller)
    touch = touch_of(found, caller)
    news = news_since(last_of(found, "asked"), touch)
    wanted = {*touch.services, *news.services, *(pk for one in touch.groups for pk in (*one.path, *one.services))}
    items = {one.pk: one.reference for one in Item.objects.visible_to(caller).in_bulk(wanted).values()}
    group_ids = {*news.groups, *(one.group for one in touch.groups)}
    groups = {one.pk: one.reference for one in Group.objects.select_related("item").in_bulk(group_ids).values()}

    def named(ids: list[int]) -> list[str]:
        return [items[pk] for pk in ids if pk in items]

    return {
        "reached": touch.reached, "services": named(touch.services), "new_services": named(news.services),
        "new_groups": [groups[pk] for pk in news.groups],
        "groups": [
            {"group": groups[one.group], "count": one.count, "services": named(one.services), "path": named(one.path)}
            for one in touch.groups
        ],
    }  # fmt: skip


class ImpactMarkIn(Strict):
    """What somebody knows better than the dependencies: the item is also hit, or is not, and why."""

    model_config = example(is_hit=False, reason="Har egen kopia sedan i våras")

    is_hit: bool
    reason: Word


@router.put("/{reference}/marks/{item}", response={200: ChangeOut, **WRITE_ERRORS}, summary="Mark an item for a change")
@needs(ChangePermission.CHANGE)
def put_mark(
    request: HttpRequest, response: HttpResponse, reference: str, item: str, data: ImpactMarkIn
) -> dict[str, Any]:  # fmt: skip
    """The item is also hit by the change, or is not. Needs If-Match."""
    by = caller_of(request)
    actions.mark_impact(reference, item, by=by, version=version_asked(request), **data.dict())
    return told(response, find_change(reference, by))


@router.delete(
    "/{reference}/marks/{item}", response={200: ChangeOut, **WRITE_ERRORS}, summary="Take a mark of a change away"
)
@needs(ChangePermission.CHANGE)
def drop_mark(request: HttpRequest, response: HttpResponse, reference: str, item: str) -> dict[str, Any]:
    """What the dependencies say counts again. Needs If-Match."""
    only_known(request)
    by = caller_of(request)
    actions.clear_mark(reference, item, by=by, version=version_asked(request))
    return told(response, find_change(reference, by))


class NoteIn(Strict):
    """Why the order is so."""

    model_config = example(note="Kabeln måste ligga först")

    note: Word = ""


@router.put("/{reference}/after/{before}", response={200: ChangeOut, **ERRORS}, summary="Put a change after another")
@needs(ChangePermission.CHANGE)
def put_after(
    request: HttpRequest, response: HttpResponse, reference: str, before: str, data: NoteIn
) -> dict[str, Any]:  # fmt: skip
    """It begins only when the other is finished. A circle is refused."""
    by = caller_of(request)
    actions.put_after(reference, before, by=by, note=data.note)
    return told(response, find_change(reference, by))


@router.delete("/{reference}/after/{before}", response={200: ChangeOut, **ERRORS}, summary="Take an order away")
@needs(ChangePermission.CHANGE)
def end_order(request: HttpRequest, response: HttpResponse, reference: str, before: str) -> dict[str, Any]:
    """The change waits for the other no longer."""
    only_known(request)
    by = caller_of(request)
    actions.end_order(reference, before, by=by)
    return told(response, find_change(reference, by))


class IncidentIn(Strict):
    """An incident that the change caused, as another tool knows it."""

    model_config = example(text="Lönen gick inte att nå", url="https://arenden.example.org/4711", minutes=40)

    text: Word = ""
    url: Word = ""
    minutes: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


@router.put("/{reference}/incidents/{incident}", response={200: ChangeOut, **ERRORS}, summary="Tie an incident")
@needs(ChangePermission.CHANGE)
def put_incident(
    request: HttpRequest, response: HttpResponse, reference: str, incident: str, data: IncidentIn
) -> dict[str, Any]:  # fmt: skip
    """By the number that its own tool gives it. Sending it again puts it right."""
    by = caller_of(request)
    actions.tell_consequence(reference, incident, by=by, **data.dict())
    return told(response, find_change(reference, by))


@router.delete("/{reference}/incidents/{incident}", response={200: ChangeOut, **ERRORS}, summary="Untie an incident")
@needs(ChangePermission.CHANGE)
def drop_incident(request: HttpRequest, response: HttpResponse, reference: str, incident: str) -> dict[str, Any]:
    """The change did not cause it."""
    only_known(request)
    by = caller_of(request)
    actions.end_consequence(reference, incident, by=by)
    return told(response, find_change(reference, by))


def told(response: HttpResponse, found: Change) -> dict[str, Any]:
    """The change as an answer, with its version as ETag."""
    etag(response, found.version)
    return change_data(found)
