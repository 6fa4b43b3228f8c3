"""Impact collapsed: what is reached by group, by service or by criticality, and what a filter leaves of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.estate.impact import Direction, Impact
from helhet.estate.models import Dependency
from helhet.estate.rows import Row, chunks
from helhet.items.listing import ItemList
from helhet.items.models import Criticality, Family, Item
from helhet.kit.errors import Invalid
from helhet.rules.nearest import nearest_dependant
from helhet.rules.reach import Effect, Reached, Tie

MOST = 5_000
"""So many items are collapsed and drawn; of more there is a list alone."""
MOST_FILTERED = 50_000
MOST_LOOKED_AT = 500
NONE = "none"

Hit = tuple[Row, Reached]


class View(TextChoices):
    """What impact is collapsed by."""

    GROUP = "group", gettext_lazy("By group")
    SERVICE = "service", gettext_lazy("By service")
    CRITICALITY = "criticality", gettext_lazy("By criticality")


@dataclass(slots=True)
class Part:
    """What is reached of one group, service or criticality. `nearest` is the id of the nearest item in it."""

    key: str
    label: str
    address: str
    order: tuple[Any, ...]
    hits: list[Hit] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many items."""
        return len(self.hits)

    @property
    def nearest(self) -> int:
        """The id of the nearest of them."""
        return self.hits[0][1].item

    @property
    def degraded(self) -> int:
        """How many of them are degraded only."""
        return sum(one.effect == Effect.DEGRADED for _row, one in self.hits)

    @property
    def services(self) -> int:
        """How many of them are services."""
        return sum(row.item.kind.family == Family.SERVICE for row, _one in self.hits)


def parts_of(found: Impact, hits: Sequence[Hit], view: View) -> list[Part]:
    """The parts, those with most first (the most critical first), what belongs to none last."""
    if view == View.SERVICE:
        keys = _services(found, hits)
    elif view == View.CRITICALITY:
        keys = [_criticality(row.item) for row, _one in hits]
    else:
        keys = [_group(row) for row, _one in hits]
    parts: dict[str, Part] = {}
    for hit, (key, label, address, order) in zip(hits, keys, strict=True):
        parts.setdefault(key, Part(key, label, address, order)).hits.append(hit)
    return sorted(parts.values(), key=lambda part: (part.key == NONE, part.order, -part.count, part.label))


Key = tuple[str, str, str, tuple[Any, ...]]


def _group(row: Row) -> Key:
    if row.group is None:
        return NONE, _("without group"), "", ()
    return row.group.reference, row.group.name, reverse("groups:group", args=[row.group.reference]), ()


def _criticality(item: Item) -> Key:
    level = Criticality(item.criticality)
    return level.key or NONE, str(level.label), "", (-level,)


def _services(found: Impact, hits: Sequence[Hit]) -> list[Key]:
    """The nearest service that depends on each item, among what is reached and the start."""
    rows = {row.item.pk: row.item for row, _one in hits} | {item.pk: item for item in found.start}
    ties = [Tie(item, provider) for item, provider in ties_among(rows)]
    services = nearest_dependant(ties, [pk for pk, item in rows.items() if item.kind.family == Family.SERVICE])
    keys: list[Key] = []
    for row, _one in hits:
        service = rows.get(services.get(row.item.pk, 0))
        if service is None:
            keys.append((NONE, _("without service"), "", ()))
        else:
            keys.append((service.reference, service.name, service.get_absolute_url(), ()))
    return keys


def ties_among(ids: Collection[int], sort: str = "") -> list[tuple[int, int]]:
    """The dependencies between these items, of one type where it is named: (what depends, what it depends on)."""
    known = set(ids)
    found: list[tuple[int, int]] = []
    for chunk in chunks(sorted(known)):
        stated = Dependency.objects.filter(from_item_id__in=chunk, **({"type": sort} if sort else {}))
        found += [pair for pair in stated.values_list("from_item_id", "to_item_id") if pair[1] in known]
    return found


def hits_of(found: Impact, text: str = "", sort: str = "") -> list[Hit]:
    """What is reached that the filter finds, and that a dependency of the type ties to what else is reached or the
    start. Raises Invalid where it is too much to look through.
    """
    if found.reached > MOST_FILTERED:
        raise Invalid(
            _("More than %(most)d items are reached, too many to filter.") % {"most": MOST_FILTERED},
            todo=_("Look fewer steps away."), field="filter",
        )  # fmt: skip
    kept = found.hits()
    if sort:
        pairs = ties_among([*(row.item.pk for row, _one in kept), *(item.pk for item in found.start)], sort)
        tied = {pair[0 if found.direction == Direction.DEPENDANTS else 1] for pair in pairs}
        kept = [hit for hit in kept if hit[0].item.pk in tied]
    if text.strip():
        ids: set[int] = set()
        for chunk in chunks([row.item.pk for row, _one in kept]):
            ids |= set(ItemList(found.caller, text).queryset().filter(pk__in=chunk).values_list("pk", flat=True))
        kept = [hit for hit in kept if hit[0].item.pk in ids]
    return kept


def types_among(found: Impact, hits: Sequence[Hit]) -> list[str]:
    """The types of the dependencies along which it went, by name; none where they are too many to be looked at."""
    known = {row.item.pk for row, _one in hits} | {item.pk for item in found.start}
    if len(known) > MOST_LOOKED_AT:
        return []
    between = Dependency.objects.filter(from_item_id__in=known, to_item_id__in=known)
    return sorted(set(between.values_list("type", flat=True)))
