"""A change's clashes and free times, the calendar, and calendars to subscribe to, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from helhet.changes.actions import (
    ask_exemption,
    end_feed,
    sign_clash,
    withdraw_signature,
)
from helhet.changes.calendar import Entry, calendar, wanted_of
from helhet.changes.clashes import Clash, clashes_of
from helhet.changes.finding import find_change
from helhet.changes.free import free_times_of
from helhet.changes.models import Feed
from helhet.changes.permissions import ChangePermission
from helhet.groups.finding import group_named
from helhet.groups.permissions import GroupPermission
from helhet.items.finding import find_item
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid
from helhet.kit.paging import ListAsked, Listing, PageOut, Table
from helhet.rules.intervals import Interval

router = Router(tags=["changes in time"])
calendars = Router(tags=["changes in time"])
feeds = Router(tags=["changes in time"])

KEY = "same_item|change:121|6920a250-692112d0|6920be70-6920da90"
LONGEST = dt.timedelta(days=400)
AHEAD = dt.timedelta(days=31)


class ClashOut(Schema):
    """One clash. `reason`: freeze, same_item, related, service, person, outside, busy. `key` is what is signed for."""

    model_config = example(
        key=KEY, reason="same_item", title="Krock med CHG-121 Ny version", why="Båda ändrar Norr 2.", change="CHG-121",
        freeze=None, windows=[], starts_at="2026-11-21T19:00:00Z", ends_at="2026-11-21T21:00:00Z", items=["SRV-12"],
        services=[], people=[], is_signed=False, signed_by=None, signed_for=None,
    )  # fmt: skip

    key: str
    reason: str
    title: str
    why: str
    change: str | None
    freeze: int | None
    windows: list[int]
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    items: list[str]
    services: list[str]
    people: list[int]
    is_signed: bool
    signed_by: str | None
    signed_for: str | None


class SignIn(Strict):
    """Which clash, and why it may stand."""

    model_config = example(key=KEY, reason="Samma folk gör båda")

    key: str
    reason: str


class KeyIn(Strict):
    """Which clash."""

    model_config = example(key=KEY)

    key: str


class ExemptionIn(Strict):
    """Which clash with a freeze, and why the change cannot wait."""

    model_config = example(key="freeze|freeze:3|6920a250-692112d0|691f3b40-69230b40", text="Garantin går ut")

    key: str
    text: str = ""


class ExemptionOut(Schema):
    """The task that asks for it, and whose it is."""

    model_config = example(task=8, group="GRP-3")

    task: int
    group: str


class FreeTimeOut(Schema):
    """A free time. `short_by` is how many minutes it lacks; `why` tells the window and who has time."""

    model_config = example(
        starts_at="2026-11-24T17:00:00Z", ends_at="2026-11-25T01:00:00Z", short_by=0,
        why="I serviceperioden Datahallens serviceperiod.",
    )  # fmt: skip

    starts_at: dt.datetime
    ends_at: dt.datetime
    short_by: int
    why: str


class CalendarAsked(ListAsked):
    """Of which time, and of which group (reference or name), service (reference), state and type."""

    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    group: str = Field("", max_length=300)
    service: str = Field("", max_length=300)
    state: str = Field("", max_length=40)
    type: str = Field("", max_length=40)


class EntryOut(Schema):
    """A change in the calendar, with the reasons of its clashes that nobody has signed for."""

    model_config = example(
        reference="CHG-118", name="Byte av Lagringsnod Norr 2", type="normal", state="scheduled", group="GRP-3",
        starts_at="2026-11-21T17:00:00Z", ends_at="2026-11-22T01:00:00Z", clashes=["freeze"],
    )  # fmt: skip

    reference: str
    name: str
    type: str
    state: str
    group: str | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    clashes: list[str]


class FeedOut(Schema):
    """A secret address of a calendar, without its secret. One is made in the page alone, since it outlives a token."""

    model_config = example(
        id=4, prefix="aB3x_9", what="changes", group="GRP-3", person=None, created_at="2026-11-19T11:00:00Z",
        expires_at="2027-11-19T11:00:00Z", last_used_at=None, ended_at=None, version=1,
    )  # fmt: skip

    id: int
    prefix: str
    what: str
    group: str | None
    person: int | None
    created_at: dt.datetime
    expires_at: dt.datetime
    last_used_at: dt.datetime | None
    ended_at: dt.datetime | None
    version: int


def clash_data(one: Clash) -> dict[str, Any]:
    """A clash as the API gives it."""
    theirs = one.found.theirs
    return {
        "key": one.key, "reason": one.reason.value, "title": one.title, "why": one.why,
        "change": one.change.reference if one.change else None, "freeze": one.freeze.pk if one.freeze else None,
        "windows": [window.pk for window in one.windows], "starts_at": theirs.starts_at if theirs else None,
        "ends_at": theirs.ends_at if theirs else None, "items": [item.reference for item in one.items],
        "services": [item.reference for item in one.services], "people": [person.pk for person in one.people],
        "is_signed": one.is_signed, "signed_by": one.signature.signed_by if one.signature else None,
        "signed_for": one.signature.reason if one.signature else None,
    }  # fmt: skip


CLASHES = Table(ClashOut, "key", {"reason": "reason", "key": "key"})
FREE = Table(FreeTimeOut, "starts_at", {"starts_at": "starts_at"})
CALENDAR = Table(EntryOut, "reference", {"starts_at": "starts_at", "reference": "reference"})


def _feed(row: Feed) -> dict[str, Any]:
    names = ("prefix", "what", "created_at", "expires_at", "last_used_at", "ended_at", "version")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "group": row.group.reference if row.group else None, "person": row.person_id,
    }  # fmt: skip


FEEDS = Listing(FeedOut, {"-created_at": "created_at", "expires_at": "expires_at"}, _feed)


@router.get("/{reference}/clashes", response={200: PageOut[ClashOut], **ERRORS}, summary="List a change's clashes")
@needs(ChangePermission.VIEW)
def clashes(request: HttpRequest, reference: str, asked: Query[ListAsked]) -> Any:
    """Computed now, from its planned time; also those that are signed for."""
    change = find_change(reference, caller_of(request))
    return CLASHES.answer(request, asked, [clash_data(one) for one in clashes_of(change)])


@router.post("/{reference}/clashes/sign", response={200: ClashOut, **ERRORS}, summary="Sign for a clash")
@needs(ChangePermission.SIGN_CLASH)
def sign(request: HttpRequest, reference: str, data: SignIn) -> dict[str, Any]:
    """It may stand, for a reason, until either side is moved. For a freeze: chair and deputy of the group that stated
    it.
    """
    caller = caller_of(request)
    sign_clash(reference, data.key, by=caller, reason=data.reason)
    return clash_data(next(one for one in clashes_of(find_change(reference, caller)) if one.key == data.key))


@router.post("/{reference}/clashes/unsign", response={204: None, **ERRORS}, summary="Take a signature back")
@needs(ChangePermission.SIGN_CLASH)
def unsign(request: HttpRequest, reference: str, data: KeyIn) -> Status[None]:
    """The clash hinders again."""
    withdraw_signature(reference, data.key, by=caller_of(request))
    return Status(204, None)


@router.post("/{reference}/clashes/exemption", response={201: ExemptionOut, **ERRORS}, summary="Ask for an exemption")
@needs(ChangePermission.CHANGE, GroupPermission.TASK_CREATE)
def exemption(request: HttpRequest, reference: str, data: ExemptionIn) -> Status[dict[str, Any]]:
    """From a freeze, as a task of the group that stated it, else of the management team."""
    task = ask_exemption(reference, data.key, by=caller_of(request), text=data.text)
    return Status(201, {"task": task.pk, "group": task.group.reference if task.group else ""})


@router.get("/{reference}/free-times", response={200: PageOut[FreeTimeOut], **ERRORS}, summary="List free times")
@needs(ChangePermission.VIEW)
def free_times(request: HttpRequest, reference: str, asked: Query[ListAsked]) -> Any:
    """The next times in 90 days in which the change would clash with nothing; then shorter ones, told as such."""
    change = find_change(reference, caller_of(request))
    rows = [
        {
            "starts_at": _text(one.during.starts_at), "ends_at": _text(one.during.ends_at), "why": one.why,
            "short_by": int(one.slot.short_by.total_seconds()) // 60,
        }
        for one in free_times_of(change, most=10, most_short=5)
    ]  # fmt: skip
    return FREE.answer(request, asked, rows)


def _text(at: dt.datetime) -> str:
    """An instant as it travels: the list is known by it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@calendars.get("", response={200: PageOut[EntryOut], **ERRORS}, summary="List the changes of a time")
@needs(ChangePermission.VIEW)
def changes_of_a_time(request: HttpRequest, asked: Query[CalendarAsked]) -> Any:
    """From now and a month ahead unless said otherwise; at most the first 500, with their clashes."""
    caller = caller_of(request)
    begins = asked.starts_at or timezone.now()
    ends = asked.ends_at or begins + AHEAD
    if begins.tzinfo is None or ends.tzinfo is None or not dt.timedelta(0) < ends - begins <= LONGEST:
        raise Invalid(
            _("The time is not one of at most 400 days."), field="ends_at",
            todo=_("Write both with their zone, as 2026-11-21T17:00:00Z."),
        )  # fmt: skip
    wanted = wanted_of(
        caller, group=group_named(asked.group, caller) if asked.group else None, state=asked.state, type_=asked.type,
        service=find_item(asked.service, caller) if asked.service else None,
    )  # fmt: skip
    found = calendar(caller, Interval(begins, ends), wanted)
    return CALENDAR.answer(request, asked, [_entry(one) for one in found.entries], *CalendarAsked.model_fields)


def _entry(one: Entry) -> dict[str, Any]:
    change = one.change
    return {
        "reference": change.reference, "name": change.name, "type": change.type, "state": change.state,
        "group": change.group.reference if change.group else None, "starts_at": one.during.starts_at,
        "ends_at": one.during.ends_at, "clashes": [reason.value for reason in one.clashes],
    }  # fmt: skip


@feeds.get("", response={200: PageOut[FeedOut], **ERRORS}, summary="List one's calendar addresses")
@needs(ChangePermission.FEED_MANAGE)
def own_feeds(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """One's own alone, also those that have ended; never with their secret."""
    return FEEDS.answer(request, asked, Feed.objects.visible_to(caller_of(request)).select_related("group__item"))


@feeds.delete("/{int:feed_id}", response={204: None, **WRITE_ERRORS}, summary="End a calendar address")
@needs(ChangePermission.FEED_MANAGE)
def drop_feed(request: HttpRequest, feed_id: int) -> Status[None]:
    """It answers no longer. Needs If-Match."""
    only_known(request)
    end_feed(feed_id, by=caller_of(request), version=version_asked(request))
    return Status(204, None)
