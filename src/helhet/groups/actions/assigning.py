"""Assigning by hand: who is to answer for items whatever the rules say, and who helps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.answering import Moved, assign_by_hand
from helhet.groups.answering import release as release_hands
from helhet.groups.finding import group_named
from helhet.groups.models import FURTHER_ROLES, Answer, Group, GroupState, ItemRole
from helhet.groups.permissions import GroupPermission
from helhet.items.finding import find_item
from helhet.items.listing import ItemList
from helhet.items.models import Item, Source
from helhet.journal.actions import close_batch, open_batch, record
from helhet.journal.models import Batch, BatchSort
from helhet.kit.errors import Clash, Forbidden, Invalid
from helhet.kit.rights import Caller

PORTION = 2_000


@dataclass(frozen=True, slots=True)
class Done:
    """What assigning did: how many items it was asked for, how many got another group, and its batch (none for one)."""

    asked: int
    moved: Moved
    batch: Batch | None


def assign(
    items: ItemList | Iterable[int],
    group: str,
    *,
    by: Caller,
    reason: str = "",
    batch: Batch | None = None,
    progress: Callable[[int], None] | None = None,
) -> Done:
    """Let the group (reference or name) answer for the items by hand, in portions that are each whole.

    `progress` is told how many are done. For rights see `answering.assign_by_hand`.
    """
    taker = group_named(group, by)
    title = _("Assigned to %(group)s") % {"group": taker.name}
    return _by_portions(
        items, lambda ids, on, whole: assign_by_hand(ids, taker, by=by, on=on, batch=whole, reason=reason),
        title=title, by=by, reason=reason, batch=batch, progress=progress,
    )  # fmt: skip


def release(
    items: ItemList | Iterable[int],
    *,
    by: Caller,
    reason: str = "",
    batch: Batch | None = None,
    progress: Callable[[int], None] | None = None,
) -> Done:
    """Let the rules decide again for items that were assigned by hand; others are left as they are."""
    return _by_portions(
        items, lambda ids, on, whole: release_hands(ids, by=by, on=on, batch=whole, reason=reason),
        title=_("Back to the rules"), by=by, reason=reason, batch=batch, progress=progress,
    )  # fmt: skip


def take(reference: str, *, by: Caller, group: str = "", reason: str = "") -> Done:
    """A member takes an item that nobody answers for to his own group; `group` says which when he is in several."""
    item = find_item(reference, by)
    by.require(GroupPermission.TAKE)
    if Answer.objects.open().filter(item_id=item.pk, group__isnull=False).exists():
        raise Clash(_("A group answers for %(item)s already.") % {"item": item.reference})
    if not group.strip():
        own = list(Group.objects.filter(pk__in=by.member_of, state=GroupState.ACTIVE).select_related("item"))
        if len(own) != 1:
            raise Invalid(
                _("You are in several groups.") if own else _("You are in no group."),
                todo=_("Say which group takes it."), field="group",
            )  # fmt: skip
        group = own[0].reference
    return assign([item.pk], group, by=by, reason=reason)


def _by_portions(
    items: ItemList | Iterable[int],
    write: Callable[[list[int], dt.date, Batch | None], Moved],
    *,
    title: str,
    by: Caller,
    reason: str,
    batch: Batch | None,
    progress: Callable[[int], None] | None,
) -> Done:
    by.require(GroupPermission.TAKE)
    ids = sorted(items.ids() if isinstance(items, ItemList) else visible_ids(items, by))
    if not ids:
        raise Invalid(_("No item fits."), todo=_("Choose other items."), field="items")
    today = timezone.localdate()
    own_batch = open_batch(BatchSort.BULK, title, by=by, reason=reason) if batch is None and len(ids) > 1 else None
    whole = batch or own_batch
    moved = Moved()
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        moved += write(portion, today, whole)
        if progress is not None:
            progress(start + len(portion))
    if own_batch is not None:
        close_batch(own_batch, by=by, counts={"items": len(ids), "moved": moved.groups})
    return Done(len(ids), moved, whole)


def visible_ids(ids: Iterable[int], by: Caller) -> set[int]:
    """Of the ids those of items that the caller may see."""
    wanted = sorted(set(ids))
    found: set[int] = set()
    for start in range(0, len(wanted), PORTION):
        chunk = wanted[start : start + PORTION]
        found.update(Item.objects.visible_to(by).filter(pk__in=chunk).values_list("pk", flat=True))
    return found


# ---- further roles ---------------------------------------------------------------------------------------------

ROLE_LIMIT = 60


def further_role(text: str) -> str:
    """A further role by its word or label in either language, or any other short text. Raises Invalid."""
    name = " ".join(text.split()).lower()
    if not name or len(name) > ROLE_LIMIT:
        raise Invalid(_("A role has 1 to 60 characters."), field="role")
    return next((known for known, label in FURTHER_ROLES.items() if name == str(label).lower()), name)


@transaction.atomic
def add_role(
    reference: str, group: str, role: str, *, by: Caller, source: Source | None = None, reason: str = ""
) -> ItemRole:
    """Give a group a named further role for an item, from today on."""
    item = find_item(reference, by)
    helper = group_named(group, by)
    _may_manage_role(item, helper, by)
    name = further_role(role)
    if helper.state == GroupState.CLOSED:
        raise Clash(_("%(group)s is closed.") % {"group": helper.name}, todo=_("Choose another group."))
    if ItemRole.objects.filter(item=item, group=helper, role=name, to_on__isnull=True).exists():
        raise Clash(_("%(group)s has this role for %(item)s already.") % {"group": helper.name, "item": item.reference})
    made = ItemRole.objects.create(item=item, group=helper, role=name, from_on=timezone.localdate(), source=source)
    record("groups.role.added", "item", item.pk, by=by, after={"group": helper.name, "role": name}, reason=reason)
    return made


@transaction.atomic
def end_role(role_id: int, *, by: Caller, reason: str = "") -> None:
    """The further role ends today."""
    role = ItemRole.objects.select_related("item", "group__item").filter(pk=role_id, to_on__isnull=True).first()
    if role is None:
        raise Clash(_("The role has ended already."))
    _may_manage_role(role.item, role.group, by)
    role.to_on = timezone.localdate()
    role.save(update_fields=["to_on"])
    before = {"group": role.group.name, "role": role.role}
    record("groups.role.ended", "item", role.item_id, by=by, before=before, reason=reason)


def _may_manage_role(item: Item, group: Group, by: Caller) -> None:
    if not (by.may(GroupPermission.ROLE_MANAGE, item) or by.may(GroupPermission.ROLE_MANAGE, group)):
        raise Forbidden(
            _("You may not do this."), todo=_("Ask the group that answers for it, or the group that is to help.")
        )
