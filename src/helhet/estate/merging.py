"""What depends on an item follows it when it becomes another."""

from __future__ import annotations

from typing import Any

from helhet.estate.models import Dependency
from helhet.items.merging import Merging, move_ends, put_back_ends
from helhet.items.touching import touch


def on_merged(merging: Merging) -> dict[str, Any]:
    """Fills `items.merged`."""
    moved = move_ends(Dependency, "dependencies", merging)
    _touch(merging, moved)
    return moved


def on_split(merging: Merging, moved: dict[str, Any]) -> None:
    """Fills `items.split`."""
    put_back_ends(Dependency, "dependencies", merging, moved)
    _touch(merging, moved)


def _touch(merging: Merging, moved: dict[str, Any]) -> None:
    """Both, and what depends on either of them through what was moved."""
    dependants = Dependency.objects.filter(pk__in=moved.get("dependencies_to", ()))
    touch([merging.kept.pk, merging.gone.pk, *dependants.values_list("from_item_id", flat=True)])
