"""What documents state of items that changes without an event of their own: what they consist of, need, who answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from helhet.documents.aspects import COMPONENTS, DEPENDENCIES, GROUP, SUPPLIERS
from helhet.estate.models import Dependency
from helhet.groups.models import Answer
from helhet.items.models import Item, Presence, State
from helhet.suppliers.models import Delivery

CHUNK = 800


def stated_now(aspect: str, items: Collection[int]) -> dict[int, list[str]]:
    """By item the names that a document which states this aspect would state today, sorted; items without any are left
    out. `aspect` is `components` (what is part of it), `dependencies` (what it needs, as its sources still tell),
    `group` or `suppliers`. What is retired or no longer in the register is not counted.
    """
    numbers = sorted(items)
    found: dict[int, list[str]] = {}
    for start in range(0, len(numbers), CHUNK):
        for number, name in _rows(aspect, numbers[start : start + CHUNK]):
            found.setdefault(number, []).append(name)
    return {number: sorted(set(names)) for number, names in found.items()}


def _rows(aspect: str, numbers: list[int]) -> list[tuple[int, str]]:
    if aspect == GROUP:
        answers = Answer.objects.open().filter(item_id__in=numbers, group__isnull=False)
        return [(number, name) for number, name in answers.values_list("item_id", "group__item__name") if name]
    rows: Iterable[tuple[int, str, int, str]]
    if aspect == DEPENDENCIES:
        needs = Dependency.objects.filter(
            from_item_id__in=numbers, not_seen_since__isnull=True, to_item__presence=Presence.HERE
        ).exclude(to_item__state=State.RETIRED)
        rows = needs.values_list("from_item_id", "to_item__prefix", "to_item__number", "to_item__name")
    elif aspect == COMPONENTS:
        parts = Item.objects.filter(part_of_id__in=numbers, presence=Presence.HERE).exclude(state=State.RETIRED)
        rows = parts.values_list("part_of_id", "prefix", "number", "name")
    elif aspect == SUPPLIERS:
        given = Delivery.objects.filter(item_id__in=numbers, supplier__item__presence=Presence.HERE)
        rows = given.values_list("item_id", "supplier__item__prefix", "supplier__item__number", "supplier__item__name")
    else:
        raise ValueError(f"not an aspect that is compared: {aspect}")
    return [(number, f"{name} {prefix}-{count}") for number, prefix, count, name in rows]
