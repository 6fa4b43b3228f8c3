"""Moving a change in time: what becomes of the positions."""

from __future__ import annotations

import datetime as dt
from copy import copy
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.asking import ask_anew
from helhet.changes.actions.drafting import check_window, taken
from helhet.changes.clashes import unsigned_of
from helhet.changes.models import Change, ChangeState, Condition
from helhet.changes.touching import last_of, news_since, touch_of
from helhet.changes.writing import change_changes
from helhet.groups.models import TaskState
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller

MOVABLE = (ChangeState.DRAFT, ChangeState.ASKING, ChangeState.APPROVED, ChangeState.SCHEDULED)


@transaction.atomic
def move_change(
    reference: str, starts_at: dt.datetime, ends_at: dt.datetime, *, by: Caller, version: int | None, reason: str = ""
) -> Change:
    """Give a change another window. Positions stand when it is not longer, the impact is the same and no condition is
    still to be met; otherwise the groups are asked anew (decision 0007). One that clashes anew is no longer scheduled.
    """
    change = taken(reference, by, version)
    if change.state not in MOVABLE:
        raise Clash(_("The change cannot be moved any more."), todo=_("Draft a new one."), where=change.reference)
    check_window(starts_at, ends_at)
    if ends_at <= timezone.now():
        raise Invalid(_("The time has passed."), todo=_("Choose a time to come."), field="starts_at")
    longer = (
        change.starts_at is None or change.ends_at is None or ends_at - starts_at > change.ends_at - change.starts_at
    )
    wanted: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at}
    there = copy(change)
    there.starts_at, there.ends_at = starts_at, ends_at
    if change.state == ChangeState.SCHEDULED and unsigned_of(there):
        wanted["state"] = ChangeState.APPROVED
    change_changes([(change, wanted)], by=by, on=timezone.localdate(), verb="changes.change.moved", reason=reason)
    if change.state != ChangeState.DRAFT and change.asked_at is not None:
        touch = touch_of(change, by)
        news = news_since(last_of(change, "asked"), touch)
        open_conditions = Condition.objects.filter(
            position__change=change, position__withdrawn_at__isnull=True, task__state=TaskState.OPEN
        )
        if longer or news or open_conditions.exists():
            ask_anew(change, by=by, touch=touch)
    return change
