"""What touched groups say, for programs: answers, settlements, reminders, and positions given in advance."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from helhet.changes import actions
from helhet.changes.actions.asking import find_position
from helhet.changes.api.shapes import PositionOut, Text, Word, position_data
from helhet.changes.models import Advance, Position
from helhet.changes.permissions import ChangePermission
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut

router = Router(tags=["changes"])
ahead = Router(tags=["changes"])


class AnswerIn(Strict):
    """What the group says. A no says why in `words`; a yes-if has conditions."""

    model_config = example(stance="yes_if", conditions=["Reservrutinen på papper är utdelad"])

    stance: Literal["yes", "yes_if", "no"]
    words: Text = ""
    conditions: list[Word] = Field([], max_length=20)


@router.get("/{reference}/positions/{group}", response={200: PositionOut, **ERRORS}, summary="Read a position")
@needs(ChangePermission.VIEW)
def position(request: HttpRequest, response: HttpResponse, reference: str, group: str) -> dict[str, Any]:
    """What the group says, or when it is to answer, and the way by which it is touched."""
    only_known(request)
    return _told(response, find_position(reference, group, caller_of(request)))


@router.post(
    "/{reference}/positions/{group}/answer", response={200: PositionOut, **WRITE_ERRORS}, summary="Answer for a group"
)
@needs(ChangePermission.ANSWER, GroupPermission.TASK_CHANGE)
def answer(
    request: HttpRequest, response: HttpResponse, reference: str, group: str, data: AnswerIn
) -> dict[str, Any]:  # fmt: skip
    """By chair or deputy of the asked group. Needs If-Match: the version of the position."""
    by, version = caller_of(request), version_asked(request)
    actions.answer_position(reference, group, by=by, version=version, **data.dict())
    return _told(response, find_position(reference, group, by))


class SettleIn(Strict):
    """Whether the change goes on in spite of a no, or of silence, and why."""

    model_config = example(goes_on=True, words="Noden håller inte till efter lönekörningen")

    goes_on: bool
    words: Text


@router.post(
    "/{reference}/positions/{group}/settle", response={200: PositionOut, **WRITE_ERRORS}, summary="Settle a position"
)
@needs(ChangePermission.SETTLE, GroupPermission.TASK_CHANGE)
def settle(
    request: HttpRequest, response: HttpResponse, reference: str, group: str, data: SettleIn
) -> dict[str, Any]:  # fmt: skip
    """The management team's decision on a no, or on silence. Needs If-Match: the version of the position."""
    by, version = caller_of(request), version_asked(request)
    actions.settle_position(reference, group, by=by, version=version, **data.dict())
    return _told(response, find_position(reference, group, by))


@router.post("/{reference}/positions/{group}/remind", response={200: PositionOut, **ERRORS}, summary="Remind a group")
@needs(ChangePermission.CHANGE)
def remind(request: HttpRequest, response: HttpResponse, reference: str, group: str) -> dict[str, Any]:
    """It goes with the next round of mail."""
    only_known(request)
    by = caller_of(request)
    actions.remind(reference, group, by=by)
    return _told(response, find_position(reference, group, by))


def _told(response: HttpResponse, found: Position) -> dict[str, Any]:
    etag(response, found.version)
    return position_data(found)


class AdvanceIn(Strict):
    """A yes in advance: to changes of a type (empty: any) to an item (empty: any of what the group is touched by)."""

    model_config = example(group="GRP-5", item="STO-2", type="standard", until_on="2027-06-30")

    group: Word
    item: Word = ""
    type: Literal["", "standard", "normal", "emergency"] = ""
    until_on: dt.date
    words: Word = ""


class AdvanceOut(Schema):
    """A yes that a group has given in advance."""

    model_config = example(
        id=3, group="GRP-5", item="STO-2", type="", until_on="2027-06-30", words="", given_by="Karin Sjöström",
        given_at="2026-11-13T08:00:00Z", ended_at=None, version=1,
    )  # fmt: skip

    id: int
    group: str
    item: str | None
    type: str
    until_on: dt.date
    words: str
    given_by: str
    given_at: dt.datetime
    ended_at: dt.datetime | None
    version: int


def advance_data(one: Advance) -> dict[str, Any]:
    """A position in advance as the API gives it."""
    names = ("id", "type", "until_on", "words", "given_by", "given_at", "ended_at", "version")
    return {name: getattr(one, name) for name in names} | {
        "group": one.group.reference, "item": one.item.reference if one.item else None,
    }  # fmt: skip


ADVANCES = Listing(AdvanceOut, {"until": "until_on", "given": "given_at"}, advance_data)


@ahead.get("", response={200: PageOut[AdvanceOut], **ERRORS}, summary="List positions given in advance")
@needs(ChangePermission.VIEW)
def advances(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """Those that hold, those that end soonest first."""
    found = Advance.objects.visible_to(caller_of(request)).holding()
    return ADVANCES.answer(request, asked, found.select_related("group__item", "item"))


@ahead.post("", response={201: AdvanceOut, **ERRORS}, summary="Give a position in advance")
@needs(ChangePermission.GIVE_AHEAD)
def give(request: HttpRequest, response: HttpResponse, data: AdvanceIn) -> Status[dict[str, Any]]:
    """By chair or deputy of the group. It answers at once when the group is asked, and says that it did."""
    fields = data.dict(exclude={"group", "type"})
    made = actions.give_ahead(data.group, by=caller_of(request), type_=data.type, **fields)
    etag(response, made.version)
    return Status(201, advance_data(made))


@ahead.delete("/{int:advance_id}", response={204: None, **WRITE_ERRORS}, summary="End a position in advance")
@needs(ChangePermission.GIVE_AHEAD)
def end(request: HttpRequest, advance_id: int) -> Status[None]:
    """What it has answered stands. Needs If-Match."""
    only_known(request)
    actions.end_ahead(advance_id, by=caller_of(request), version=version_asked(request))
    return Status(204, None)
