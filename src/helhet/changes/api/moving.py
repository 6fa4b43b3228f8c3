"""Moving a change, and those that wait for it, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from helhet.changes.actions import move_change
from helhet.changes.actions.drafting import check_window
from helhet.changes.api.shapes import MOST, Word
from helhet.changes.finding import find_change
from helhet.changes.following import Follower, followers_of
from helhet.changes.permissions import ChangePermission
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, version_asked
from helhet.kit.api_examples import example, example_of
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, PageOut, Table
from helhet.rules.intervals import Interval

router = Router(tags=["changes in time"])


class FollowingIn(Strict):
    """A change that is to come along, in the version in which it was looked at."""

    model_config = example(reference="CHG-121", version=2)

    reference: Word
    version: int


class MoveIn(Strict):
    """To when, and why. `following` names all that would begin too early (see `followers`) when they are to come along;
    without it they are left where they are.
    """

    model_config = example(
        starts_at="2026-11-24T17:00:00Z", ends_at="2026-11-25T01:00:00Z", reason="Lönekörningen",
        following=[{"reference": "CHG-121", "version": 2}],
    )  # fmt: skip

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Word = ""
    following: list[FollowingIn] | None = Field(None, max_length=MOST)


class FollowersAsked(ListAsked):
    """When the change would be made."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class FollowerOut(Schema):
    """A change that would begin too early, since `because` ends later. `to_starts_at` and `to_ends_at` are the first
    time that fits it, null where the coming 90 days have none. Without `may_move` it keeps its time, and its group (or
    owner, `asks`) is asked to move it.
    """

    model_config = example(
        reference="CHG-121", version=2, group="GRP-5", because="CHG-118", starts_at="2026-11-24T19:00:00Z",
        ends_at="2026-11-24T20:00:00Z", to_starts_at="2026-11-25T19:00:00Z", to_ends_at="2026-11-25T20:00:00Z",
        may_move=True, asks="Nät",
    )  # fmt: skip

    reference: str
    version: int
    group: str | None
    because: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    to_starts_at: dt.datetime | None
    to_ends_at: dt.datetime | None
    may_move: bool
    asks: str


class MovedOut(Schema):
    """The change's time and state after it was moved, and those that begin too early then: moved along, asked about, or
    left (`has_moved` false and `is_asked` false).
    """

    model_config = example(
        reference="CHG-118", state="approved", starts_at="2026-11-24T17:00:00Z", ends_at="2026-11-25T01:00:00Z",
        version=4, followers=[{**example_of(FollowerOut), "version": 3, "has_moved": True, "is_asked": False}],
    )  # fmt: skip

    reference: str
    state: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    version: int
    followers: list[dict[str, Any]]


def _follower(one: Follower) -> dict[str, Any]:
    change = one.change
    return {
        "reference": change.reference, "version": change.version, "because": one.because.reference,
        "group": change.group.reference if change.group else None, "starts_at": change.starts_at,
        "ends_at": change.ends_at, "to_starts_at": one.to.starts_at if one.to else None,
        "to_ends_at": one.to.ends_at if one.to else None, "may_move": one.may_move, "asks": one.asks,
    }  # fmt: skip


FOLLOWERS = Table(FollowerOut, "reference", {"reference": "reference"})


@router.get(
    "/{reference}/followers", response={200: PageOut[FollowerOut], **ERRORS}, summary="List what must come along"
)
@needs(ChangePermission.VIEW)
def followers(request: HttpRequest, reference: str, asked: Query[FollowersAsked]) -> Any:
    """The changes that wait for this one and would begin too early if it were made then. Nothing is moved."""
    caller = caller_of(request)
    check_window(asked.starts_at, asked.ends_at)
    found = followers_of(find_change(reference, caller), Interval(asked.starts_at, asked.ends_at), caller)
    return FOLLOWERS.answer(request, asked, [_follower(one) for one in found], "starts_at", "ends_at")


@router.post("/{reference}/move", response={200: MovedOut, **WRITE_ERRORS}, summary="Move a change")
@needs(ChangePermission.CHANGE, GroupPermission.TASK_CREATE)
def move(request: HttpRequest, response: HttpResponse, reference: str, data: MoveIn) -> dict[str, Any]:
    """To another time, alone or with those that wait for it. Needs If-Match."""
    named = None if data.following is None else {one.reference: one.version for one in data.following}
    moved, after = move_change(
        reference, data.starts_at, data.ends_at, by=caller_of(request), version=version_asked(request),
        reason=data.reason, following=named,
    )  # fmt: skip
    etag(response, moved.version)
    names = ("reference", "state", "starts_at", "ends_at", "version")
    comes = named is not None
    return {name: getattr(moved, name) for name in names} | {
        "followers": [
            _follower(one) | {
                "has_moved": comes and one.may_move and one.to is not None,
                "is_asked": comes and not one.may_move and bool(one.asks),
            }
            for one in after
        ],
    }  # fmt: skip
