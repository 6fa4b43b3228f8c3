"""Further roles that an import ends, told in the item's history so that an undo can open them again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from helhet.groups.models import ItemRole
from helhet.importers.work import Importing
from helhet.journal.actions import make, record_many
from helhet.kit.engines import save

if TYPE_CHECKING:
    from helhet.importers.undo import Undoing

ENDED, OPENED = "groups.role.ended", "groups.role.added"


def end_roles(work: Importing, roles: Iterable[ItemRole]) -> None:
    """These end on the import's day."""
    ended = list(roles)
    for role in ended:
        role.to_on = work.on
    save(ItemRole, ended, ["to_on"])
    record_many(
        make(ENDED, "item", role.item_id, by=work.by, before=_told(work, role),
             after={"to_on": work.on.isoformat()}, reason=work.source.name, batch=work.batch)
        for role in ended
    )  # fmt: skip


def _told(work: Importing, role: ItemRole) -> dict[str, Any]:
    return {"group": work.name_of(role.group_id), "role": role.role, "entry": role.pk}


def open_again(work: Undoing, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """A role that the undone import ended, unless it was altered since or the group has it anew."""
    role = ItemRole.objects.filter(pk=before.get("entry") or 0, to_on__isnull=False).first()
    if role is None or role.to_on != dt.date.fromisoformat(after["to_on"]):
        return
    same = ItemRole.objects.filter(item_id=role.item_id, group_id=role.group_id, role=role.role, to_on__isnull=True)
    if same.exists():
        return
    role.to_on = None
    role.save(update_fields=["to_on"])
    told = {"group": before.get("group"), "role": role.role}
    record_many([make(OPENED, "item", role.item_id, by=work.by, after=told, reason=work.batch.title, batch=work.batch)])
