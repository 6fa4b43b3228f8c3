"""What an undo leaves as it is, since somebody has built on it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from helhet.estate.models import Dependency
from helhet.groups.models import Answer, Group, ItemRole, Membership, Task
from helhet.items.models import Attachment, Item, Link, Presence
from helhet.journal.models import Batch, Event
from helhet.responsibility.models import Rule

OWN = ("importers.item.not_seen", "importers.item.seen_again", "importers.item.said")
"""What later imports tell of an item without altering it."""


class Kept(NamedTuple):
    """One thing that stays."""

    noun: str
    key: str
    name: str
    item_id: int
    reason: str


def items_kept(items: Sequence[Item], of: Batch, edited: Iterable[int] = ()) -> dict[int, Kept]:
    """Of the items that a batch made, those that somebody has edited, or tied something to, since. `edited` are
    further ones, whose documents were.
    """
    ids = [item.pk for item in items]
    reasons: dict[int, str] = {}

    def mark(found: Iterable[int | None], reason: str) -> None:
        for item_id in found:
            if item_id is not None:
                reasons.setdefault(item_id, reason)

    mark(_edited(ids, of), _("Edited since."))
    mark(edited, _("Edited since."))
    mark(
        Attachment.objects.filter(item_id__in=ids, removed_at=None).values_list("item_id", flat=True), _("Has a file.")
    )
    mark(Task.objects.filter(item_id__in=ids).values_list("item_id", flat=True), _("Has a task."))
    others = Item.objects.filter(part_of_id__in=ids, presence=Presence.HERE).exclude(created_in=of.pk)
    mark(others.values_list("part_of_id", flat=True), _("Something else is part of it."))
    mark(
        ItemRole.objects.filter(item_id__in=ids, to_on=None).exclude(batch_id=of.pk).values_list("item_id", flat=True),
        _("A group has a role for it."),
    )
    for model in (Link, Dependency):
        for end in ("from_item_id", "to_item_id"):
            rows = model.objects.filter(**{f"{end}__in": ids})
            mark(rows.values_list(end, flat=True), _("Linked since."))
    return {
        item.pk: Kept("items", item.reference, item.name, item.pk, reasons[item.pk])
        for item in items
        if item.pk in reasons
    }


def _edited(ids: Sequence[int], of: Batch) -> set[int]:
    rows = Event.objects.filter(noun="item", noun_id__in=ids).exclude(batch=of).exclude(verb__in=OWN)
    return set(rows.exclude(batch__undo_of=of).values_list("noun_id", flat=True))


def group_kept(item: Item, of: Batch) -> Kept | None:
    """A group that a batch made is kept while anything hangs on it."""
    group = Group.objects.get(pk=item.pk)
    reason = ""
    if _edited([item.pk], of):
        reason = _("Edited since.")
    elif Answer.objects.open().filter(group=group, item__presence=Presence.HERE).exclude(item_id=item.pk).exists():
        reason = _("Answers for items.")
    elif Rule.objects.filter(group=group).exists():
        reason = _("A rule names it.")
    elif Membership.objects.filter(group=group).exists() or Task.objects.filter(group=group).exists():
        reason = _("Has members or tasks.")
    elif Group.objects.filter(Q(parent=group), item__presence=Presence.HERE).exists():
        reason = _("Has subgroups.")
    elif ItemRole.objects.filter(group=group, to_on=None).exists():
        reason = _("Has a role for an item.")
    return Kept("groups", item.reference, item.name, item.pk, reason) if reason else None
