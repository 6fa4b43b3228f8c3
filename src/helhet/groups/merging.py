"""Roles and tasks follow an item when it becomes another."""

from __future__ import annotations

from typing import Any

from helhet.groups.models import ItemRole, Task
from helhet.items.merging import Merging


def on_merged(merging: Merging) -> dict[str, Any]:
    """Fills `items.merged`. A role that the kept item's groups have already stays where it is, out of sight."""
    kept, gone = merging.kept, merging.gone
    held = set(ItemRole.objects.filter(item=kept, to_on=None).values_list("group_id", "role"))
    roles = [
        role.pk for role in ItemRole.objects.filter(item=gone) if role.to_on or (role.group_id, role.role) not in held
    ]
    tasks = list(Task.objects.filter(item=gone).values_list("pk", flat=True))
    ItemRole.objects.filter(pk__in=roles).update(item=kept)
    Task.objects.filter(pk__in=tasks).update(item=kept)
    return {"roles": roles, "tasks": tasks}


def on_split(merging: Merging, moved: dict[str, Any]) -> None:
    """Fills `items.split`."""
    ItemRole.objects.filter(pk__in=moved.get("roles", ()), item=merging.kept).update(item=merging.gone)
    Task.objects.filter(pk__in=moved.get("tasks", ()), item=merging.kept).update(item=merging.gone)
