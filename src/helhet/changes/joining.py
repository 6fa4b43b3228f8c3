"""Where changes join in on the pages of items and groups, and what becomes of them when a group closes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.asking import hand_over_positions
from helhet.changes.models import Change, ChangeState, Position
from helhet.changes.permissions import ChangePermission
from helhet.changes.writing import change_changes
from helhet.groups.models import Group
from helhet.groups.ports import Closing, Hanging
from helhet.items.models import Item
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller

OPEN_SHOWN, CLOSED_SHOWN = 5, 3


def panels(item: Item, caller: Caller) -> Sequence[Panel]:
    """Fills `estate.item_panels`: the changes of the item, those that go on first, and a way to draft one."""
    if not item.kind.is_listed or not caller.may(ChangePermission.VIEW):
        return []
    found = Change.objects.visible_to(caller).filter(affected__item=item).select_related("item", "group__item")
    going_on = found.exclude(state=ChangeState.CLOSED).order_by("starts_at", "-pk")
    closed = found.filter(state=ChangeState.CLOSED).order_by("-closed_at", "-pk")
    context = {
        "going_on": list(going_on[:OPEN_SHOWN]), "closed": list(closed[:CLOSED_SHOWN]), "count": found.count(),
        "may_draft": caller.may(ChangePermission.DRAFT),
    }  # fmt: skip
    return [Panel("changes/_of_item.html", context, place="below", order=60)]


def hanging(group: Group) -> list[Hanging]:
    """Fills `groups.hanging`: the open changes that the group answers for, and the answers that wait for it."""
    address = f"{reverse('changes:changes')}?q="
    answers_for = Change.objects.filter(group=group, is_history=False).exclude(state=ChangeState.CLOSED).count()
    waits = _waiting(group).count()
    return [
        Hanging(_("Changes that go on"), answers_for, f"{address}group:{group.reference}"),
        Hanging(_("Positions that it is asked for"), waits, f"{address}touches:{group.reference}"),
    ]


def follow(closing: Closing) -> None:
    """Participant of `groups.closing`: open changes and unanswered positions follow to the group that takes over.

    Without such a group they stand as they are, and silence becomes a matter of the management team.
    """
    if closing.to is None:
        return
    mine = Change.objects.filter(group=closing.group, is_history=False).exclude(state=ChangeState.CLOSED)
    wanted = [(change, {"group_id": closing.to.pk}) for change in mine.select_related("item").select_for_update()]
    change_changes(wanted, by=closing.by, on=timezone.localdate(), reason=closing.group.name)
    ids = [change.pk for change, _wanted in wanted]
    own = Position.objects.filter(change__in=ids, group=closing.to, withdrawn_at__isnull=True)
    hand_over_positions(list(own), closing.to, by=closing.by, reason=closing.group.name)
    hand_over_positions(list(_waiting(closing.group)), closing.to, by=closing.by, reason=closing.group.name)


def _waiting(group: Group) -> QuerySet[Position]:
    ended = (ChangeState.CLOSED, ChangeState.DRAFT)
    return Position.objects.open().filter(group=group).exclude(change__state__in=ended)
