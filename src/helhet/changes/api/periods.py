"""Maintenance windows and freezes for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status

from helhet.changes.actions import change_freeze, change_window, end_freeze, end_window, state_freeze, state_window
from helhet.changes.actions.periods import drafted_freeze, drafted_window
from helhet.changes.finding import find_freeze, find_window
from helhet.changes.models import Freeze, Window
from helhet.changes.periods import preview, when
from helhet.changes.permissions import ChangePermission
from helhet.groups.api.shapes_groups import ReasonIn
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.kit.rights import Caller

windows = Router(tags=["windows and freezes"])
freezes = Router(tags=["windows and freezes"])

TUESDAYS = {
    "name": "Datahallens serviceperiod", "starts_on": "2026-11-24", "starts_time": "18:00:00", "minutes": 480,
    "rule": "FREQ=WEEKLY;BYDAY=TU", "item": "SRV-12", "group": None, "filter": "", "reason": "", "stated_by": "GRP-3",
}  # fmt: skip
PAYROLL = {
    "name": "Lönekörning", "starts_at": "2026-11-20T15:00:00Z", "ends_at": "2026-11-23T07:00:00Z", "item": "SRV-19",
    "group": None, "filter": "", "reason": "Lönerna räknas ut", "stated_by": "GRP-3",
}  # fmt: skip


class AboutIn(Strict):
    """For what it holds: at most one of an item (reference), a group and a filter; none is everything."""

    item: str | None = None
    group: str | None = None
    filter: str | None = None
    reason: str = ""
    stated_by: str = ""


class WindowIn(AboutIn):
    """A window that is to be: its first time by the local clock, its length, and a recurrence rule (RFC 5545)."""

    model_config = example(**{name: value for name, value in TUESDAYS.items() if value})

    name: str
    starts_on: dt.date
    starts_time: dt.time
    minutes: int
    rule: str = ""


class WindowChange(Strict):
    """What is to be altered. When one of `item`, `group` and `filter` is given, the others are taken away."""

    model_config = example(minutes=360)

    name: str = ""
    starts_on: dt.date | None = None
    starts_time: dt.time | None = None
    minutes: int = 0
    rule: str = ""
    item: str | None = None
    group: str | None = None
    filter: str | None = None
    reason: str = ""


class FreezeIn(AboutIn):
    """A freeze that is to be."""

    model_config = example(**{name: value for name, value in PAYROLL.items() if value})

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime


class FreezeChange(Strict):
    """What is to be altered. When one of `item`, `group` and `filter` is given, the others are taken away."""

    model_config = example(ends_at="2026-11-23T11:00:00Z")

    name: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    item: str | None = None
    group: str | None = None
    filter: str | None = None
    reason: str = ""


class PeriodOut(Schema):
    """What windows and freezes have in common. `when` is in words; `stated_by` empty: the management team's."""

    id: int
    name: str
    when: str
    item: str | None
    group: str | None
    filter: str
    reason: str
    stated_by: str | None
    ended_at: dt.datetime | None
    version: int


class WindowOut(PeriodOut):
    """A maintenance window."""

    model_config = example(id=2, when="varje vecka på tisdag 18.00–02.00", ended_at=None, version=1, **TUESDAYS)

    starts_on: dt.date
    starts_time: dt.time
    minutes: int
    rule: str


class FreezeOut(PeriodOut):
    """A freeze."""

    model_config = example(
        id=3, when="fredag 20 november 16.00 till måndag 23 november 08.00", ended_at=None, version=1, **PAYROLL
    )

    starts_at: dt.datetime
    ends_at: dt.datetime


class PeriodPreview(Schema):
    """What it would mean: for what it holds and how many items that is, its next times in words, and the planned
    changes (references) that would clash with it; `is_whole`: all that are planned were looked at.
    """

    model_config = example(
        holds="Lön och det som står på det", count=None, times=[], changes=["CHG-118"], is_whole=True
    )

    holds: str
    count: int | None
    times: list[str]
    changes: list[str]
    is_whole: bool


def _data(row: Window | Freeze) -> dict[str, Any]:
    own = ("starts_on", "starts_time", "minutes", "rule") if isinstance(row, Window) else ("starts_at", "ends_at")
    return {
        "id": row.pk, "name": row.name, "when": when(row), "filter": row.filter, "reason": row.reason,
        "item": row.item.reference if row.item else None, "group": row.group.reference if row.group else None,
        "stated_by": row.stated_by.reference if row.stated_by else None, "ended_at": row.ended_at,
        "version": row.version, **{name: getattr(row, name) for name in own},
    }  # fmt: skip


WINDOWS = Listing(WindowOut, {"name": "name", "starts_on": "starts_on"}, _data)
FREEZES = Listing(FreezeOut, {"starts_at": "starts_at", "ends_at": "ends_at", "name": "name"}, _data)
WITH = ("item", "group__item", "stated_by__item")


@windows.get("", response={200: PageOut[WindowOut], **ERRORS}, summary="List maintenance windows")
@needs(ChangePermission.VIEW)
def all_windows(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """All of them; those that were ended have `ended_at`."""
    return WINDOWS.answer(request, asked, Window.objects.visible_to(caller_of(request)).select_related(*WITH))


@windows.post("", response={201: WindowOut, **ERRORS}, summary="State a maintenance window")
@needs(ChangePermission.PERIOD_MANAGE)
def add_window(request: HttpRequest, response: HttpResponse, data: WindowIn) -> Status[dict[str, Any]]:
    """By a group for itself and what it answers for; by the management team for anything."""
    return Status(201, _out(response, state_window(by=caller_of(request), **data.dict())))


@windows.post("/preview", response={200: PeriodPreview, **ERRORS}, summary="Say what a maintenance window would mean")
@needs(ChangePermission.PERIOD_MANAGE)
def preview_window(request: HttpRequest, data: WindowIn) -> dict[str, Any]:
    """Nothing is written."""
    caller = caller_of(request)
    return _preview(drafted_window(by=caller, **data.dict()), caller)


@windows.get("/{int:window_id}", response={200: WindowOut, **ERRORS}, summary="Read a maintenance window")
@needs(ChangePermission.VIEW)
def window(request: HttpRequest, response: HttpResponse, window_id: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    return _out(response, find_window(window_id, caller_of(request)))


@windows.patch("/{int:window_id}", response={200: WindowOut, **WRITE_ERRORS}, summary="Change a maintenance window")
@needs(ChangePermission.PERIOD_MANAGE)
def patch_window(request: HttpRequest, response: HttpResponse, window_id: int, data: WindowChange) -> dict[str, Any]:
    """Fields that are left out stay as they are. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    return _out(response, change_window(window_id, by=caller_of(request), version=version_asked(request), **wanted))


@windows.post("/{int:window_id}/end", response={200: WindowOut, **WRITE_ERRORS}, summary="End a maintenance window")
@needs(ChangePermission.PERIOD_MANAGE)
def stop_window(request: HttpRequest, response: HttpResponse, window_id: int, data: ReasonIn) -> dict[str, Any]:
    """It binds no longer. Needs If-Match."""
    done = end_window(window_id, by=caller_of(request), version=version_asked(request), reason=data.reason)
    return _out(response, done)


@freezes.get("", response={200: PageOut[FreezeOut], **ERRORS}, summary="List freezes")
@needs(ChangePermission.VIEW)
def all_freezes(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """All of them; those that were ended have `ended_at`."""
    return FREEZES.answer(request, asked, Freeze.objects.visible_to(caller_of(request)).select_related(*WITH))


@freezes.post("", response={201: FreezeOut, **ERRORS}, summary="State a freeze")
@needs(ChangePermission.PERIOD_MANAGE)
def add_freeze(request: HttpRequest, response: HttpResponse, data: FreezeIn) -> Status[dict[str, Any]]:
    """By a group for itself and what it answers for; by the management team for anything."""
    return Status(201, _out(response, state_freeze(by=caller_of(request), **data.dict())))


@freezes.post("/preview", response={200: PeriodPreview, **ERRORS}, summary="Say what a freeze would mean")
@needs(ChangePermission.PERIOD_MANAGE)
def preview_freeze(request: HttpRequest, data: FreezeIn) -> dict[str, Any]:
    """Nothing is written."""
    caller = caller_of(request)
    return _preview(drafted_freeze(by=caller, **data.dict()), caller)


@freezes.get("/{int:freeze_id}", response={200: FreezeOut, **ERRORS}, summary="Read a freeze")
@needs(ChangePermission.VIEW)
def freeze(request: HttpRequest, response: HttpResponse, freeze_id: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    return _out(response, find_freeze(freeze_id, caller_of(request)))


@freezes.patch("/{int:freeze_id}", response={200: FreezeOut, **WRITE_ERRORS}, summary="Change a freeze")
@needs(ChangePermission.PERIOD_MANAGE)
def patch_freeze(request: HttpRequest, response: HttpResponse, freeze_id: int, data: FreezeChange) -> dict[str, Any]:
    """Fields that are left out stay as they are. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    return _out(response, change_freeze(freeze_id, by=caller_of(request), version=version_asked(request), **wanted))


@freezes.post("/{int:freeze_id}/end", response={200: FreezeOut, **WRITE_ERRORS}, summary="End a freeze")
@needs(ChangePermission.PERIOD_MANAGE)
def stop_freeze(request: HttpRequest, response: HttpResponse, freeze_id: int, data: ReasonIn) -> dict[str, Any]:
    """It holds no longer. Needs If-Match."""
    done = end_freeze(freeze_id, by=caller_of(request), version=version_asked(request), reason=data.reason)
    return _out(response, done)


def _out(response: HttpResponse, found: Window | Freeze) -> dict[str, Any]:
    etag(response, found.version)
    return _data(found)


def _preview(drafted: Window | Freeze, caller: Caller) -> dict[str, Any]:
    shown = preview(drafted, caller)
    return {
        "holds": shown.holds.text, "count": shown.holds.count, "times": shown.times,
        "changes": [change.reference for change in shown.changes], "is_whole": shown.is_whole,
    }  # fmt: skip
