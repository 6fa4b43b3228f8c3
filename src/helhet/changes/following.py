"""What must come along when a change is moved: those that wait for it, and those that wait for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helhet.changes.free import first_free
from helhet.changes.meeting import window_of
from helhet.changes.models import Change, ChangeState, Order
from helhet.changes.permissions import ChangePermission
from helhet.changes.times import told
from helhet.kit.errors import Clash
from helhet.kit.rights import Caller
from helhet.rules.chain import follow
from helhet.rules.intervals import Interval

MOVABLE = (ChangeState.DRAFT, ChangeState.ASKING, ChangeState.APPROVED, ChangeState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Follower:
    """A change that would begin too early, since `because` would end later. `to` is the first time that fits it, or
    None where the coming 90 days have none; the caller may move it, or its group is asked to.
    """

    change: Change
    because: Change
    to: Interval | None
    may_move: bool

    @property
    def was(self) -> str:
        """When it is planned, in words."""
        time = window_of(self.change)
        return told(time) if time else ""

    @property
    def when(self) -> str:
        """When it could be instead, in words."""
        return told(self.to) if self.to else ""

    @property
    def asks(self) -> str:
        """Who is asked to move it: its group, else its owner; empty when nobody answers for it."""
        if self.change.group is not None:
            return self.change.group.name
        return self.change.owner.name if self.change.owner else ""


def followers_of(change: Change, during: Interval, caller: Caller) -> list[Follower]:
    """Those that would begin too early if the change were made `during`, in their order. Writes nothing.

    What the caller may not move keeps its time here: what comes after it follows when its group has moved it.
    """
    orders, changes = _chain(change)
    planned = {pk: time for pk, one in changes.items() if (time := window_of(one))}
    ahead = {pk: one for pk, one in changes.items() if one.state in MOVABLE and not one.is_history}
    stays = {pk for pk, one in ahead.items() if not caller.may(ChangePermission.CHANGE, one)}

    def fit(pk: int, earliest: dt.datetime, instead: Mapping[int, Interval]) -> Interval | None:
        return first_free(ahead[pk], earliest, instead)

    try:
        found = follow(
            change.pk, during, planned, [one for one in orders if one[1] in {*ahead, change.pk}], fit, stays=stays
        )
    except ValueError as error:
        raise Clash(
            _("The order among the changes goes in a circle."), where=change.reference,
            todo=_("Take one of the orders away first."),
        ) from error  # fmt: skip
    changes[change.pk] = change
    return [Follower(ahead[one.change], changes[one.because], one.to, not one.stays) for one in found]


def _chain(change: Change) -> tuple[set[tuple[int, int]], dict[int, Change]]:
    """The orders below the change, with all that those wait for; and the changes of these that are not over."""
    below: set[int] = set()
    layer = {change.pk}
    while layer:
        below |= layer
        layer = set(Order.objects.filter(before_id__in=layer).values_list("after_id", flat=True)) - below
    pairs = set(Order.objects.filter(after_id__in=below).values_list("before_id", "after_id"))
    known = {pk for pair in pairs for pk in pair} - {change.pk}
    rows = Change.objects.filter(pk__in=known, item__presence=0).select_related("item__kind", "group__item", "owner")
    changes = {one.pk: one for one in rows if not one.is_over}
    here = changes.keys() | {change.pk}
    return {pair for pair in pairs if here.issuperset(pair)}, changes
