"""What documents state of items that changes without an event of its own: dependencies, and the responsible group."""

from __future__ import annotations

from collections.abc import Collection

from helhet.documents.aspects import DEPENDENCIES, GROUP
from helhet.estate.models import Dependency
from helhet.groups.models import Answer
from helhet.items.models import Presence

CHUNK = 800


def stated_now(aspect: str, items: Collection[int]) -> dict[int, list[str]]:
    """By item the names that a document which states this aspect would state today, sorted; items without any are left
    out. `aspect` is `dependencies` (what the item needs, as its sources still tell) or `group`.
    """
    numbers = sorted(items)
    found: dict[int, list[str]] = {}
    for start in range(0, len(numbers), CHUNK):
        for number, name in _rows(aspect, numbers[start : start + CHUNK]):
            found.setdefault(number, []).append(name)
    return {number: sorted(set(names)) for number, names in found.items()}


def _rows(aspect: str, numbers: list[int]) -> list[tuple[int, str]]:
    if aspect == DEPENDENCIES:
        rows = Dependency.objects.filter(
            from_item_id__in=numbers, not_seen_since__isnull=True, to_item__presence=Presence.HERE
        ).values_list("from_item_id", "to_item__prefix", "to_item__number", "to_item__name")
        return [(number, f"{name} {prefix}-{count}") for number, prefix, count, name in rows]
    if aspect == GROUP:
        answers = Answer.objects.open().filter(item_id__in=numbers, group__isnull=False)
        return [(number, name) for number, name in answers.values_list("item_id", "group__item__name") if name]
    raise ValueError(f"not an aspect that is compared: {aspect}")
