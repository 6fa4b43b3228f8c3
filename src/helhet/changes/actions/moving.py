"""Moving a change to another time."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.clashes import unsigned_of
from helhet.changes.finding import find_change
from helhet.changes.models import Change, ChangeState
from helhet.changes.permissions import ChangePermission
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

MOVABLE = (ChangeState.DRAFT, ChangeState.ASKING, ChangeState.APPROVED, ChangeState.SCHEDULED)
LONGEST = dt.timedelta(days=90)


@transaction.atomic
def move_change(
    reference: str, starts_at: dt.datetime, ends_at: dt.datetime, *, by: Caller, version: int | None, reason: str = ""
) -> Change:
    """Give a change that has not begun another window. One that was scheduled and now has a clash that nobody has
    signed for is approved again, no more: it is scheduled anew when the clash is solved.
    """
    change = find_change(reference, by, for_change=True)
    by.require(ChangePermission.CHANGE, change)
    check_version(change, version, change.reference)
    if change.is_history or change.state not in MOVABLE:
        raise Clash(
            _("%(reference)s can no longer be moved.") % {"reference": change.reference},
            todo=_("Only a change that has not begun can be."),
        )
    if ends_at <= starts_at or ends_at - starts_at > LONGEST:
        raise Invalid(_("The end is not after the start, or more than 90 days after it."), field="ends_at")
    if ends_at <= timezone.now():
        raise Invalid(_("The time has passed."), todo=_("Choose a time to come."), field="starts_at")
    before = {"starts_at": _told(change.starts_at), "ends_at": _told(change.ends_at)}
    after = {"starts_at": _told(starts_at), "ends_at": _told(ends_at)}
    if before == after:
        return change
    change.starts_at, change.ends_at = starts_at, ends_at
    if change.state == ChangeState.SCHEDULED and unsigned_of(change):
        before["state"], after["state"] = str(change.state), str(ChangeState.APPROVED)
        change.state = ChangeState.APPROVED
    change.version += 1
    change.save(update_fields=["starts_at", "ends_at", "state", "version"])
    record("changes.change.moved", "item", change.pk, by=by, before=before, after=after, reason=reason)
    return change


def _told(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat() if at else None
