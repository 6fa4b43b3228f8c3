"""Moving a change in time: what becomes of the positions, and of the changes that wait for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.asking import ask_anew
from helhet.changes.actions.drafting import check_window, taken
from helhet.changes.actions.ordering import ask_to_move, settle_orders
from helhet.changes.clashes import unsigned_of
from helhet.changes.following import MOVABLE, Follower, followers_of
from helhet.changes.models import Change, ChangeState, Condition
from helhet.changes.touching import last_of, news_since, touch_of
from helhet.changes.writing import change_changes
from helhet.groups.models import TaskState
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.rules.intervals import Interval


@transaction.atomic
def move_change(
    reference: str, starts_at: dt.datetime, ends_at: dt.datetime, *, by: Caller, version: int | None, reason: str = "",
    following: Mapping[str, int] | None = None,
) -> tuple[Change, list[Follower]]:  # fmt: skip
    """Give a change another window. Positions stand when it is not longer, the impact is the same and no condition is
    still to be met; otherwise the groups are asked anew (decision 0007). One that clashes anew is no longer scheduled.

    Gives also those that wait for it and begin too early then. With `following`, which says what version each of them
    had when they were looked at, they come along, each to the first time that fits it; the groups of those that the
    caller may not move are asked to.
    """
    change = taken(reference, by, version)
    if change.state not in MOVABLE:
        raise Clash(_("The change cannot be moved any more."), todo=_("Draft a new one."), where=change.reference)
    check_window(starts_at, ends_at)
    if ends_at <= timezone.now():
        raise Invalid(_("The time has passed."), todo=_("Choose a time to come."), field="starts_at")
    followers = followers_of(change, Interval(starts_at, ends_at), by)
    if following is not None:
        followers = [_held(one, following, by) for one in followers]
    _shift(change, Interval(starts_at, ends_at), by, reason)
    for one in followers if following is not None else ():
        if not one.may_move:
            ask_to_move(one.because, one.change, one.to, by=by)
        elif one.to is not None:
            told = {"change": one.because.reference}
            _shift(one.change, one.to, by, _("%(change)s was moved") % told)
    return change, followers


def _held(one: Follower, following: Mapping[str, int], by: Caller) -> Follower:
    """Hold it for the transaction, if it is as it was when it was looked at."""
    reference = one.change.reference
    if reference not in following:
        raise Clash(
            _("%(change)s would begin too early, and was not among those that come along.") % {"change": reference},
            todo=_("Look at what comes along once more."), where=reference,
        )  # fmt: skip
    if not one.may_move:
        return one
    return replace(one, change=taken(reference, by, following[reference]))


def _shift(change: Change, during: Interval, by: Caller, reason: str) -> None:
    longer = (
        change.starts_at is None or change.ends_at is None or during.length > change.ends_at - change.starts_at
    )  # fmt: skip
    wanted: dict[str, Any] = {"starts_at": during.starts_at, "ends_at": during.ends_at}
    there = copy(change)
    there.starts_at, there.ends_at = during.starts_at, during.ends_at
    if change.state == ChangeState.SCHEDULED and unsigned_of(there):
        wanted["state"] = ChangeState.APPROVED
    change_changes([(change, wanted)], by=by, on=timezone.localdate(), verb="changes.change.moved", reason=reason)
    settle_orders(change, by)
    if change.state != ChangeState.DRAFT and change.asked_at is not None:
        touch = touch_of(change, by)
        news = news_since(last_of(change, "asked"), touch)
        open_conditions = Condition.objects.filter(
            position__change=change, position__withdrawn_at__isnull=True, task__state=TaskState.OPEN
        )
        if longer or news or open_conditions.exists():
            ask_anew(change, by=by, touch=touch)
