"""How complete service documentation is, per part, service, group and whole, and which gaps weigh most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from helhet.documents.models import Document
from helhet.estate.rows import Named, Row, chunks, rows_of
from helhet.handbook.models import Contradiction, Weight
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.shapes import part_label
from helhet.handbook.states import FAMILIES, PARTS, Standing, standings
from helhet.items.listing import ItemList
from helhet.items.models import Criticality, Item, State
from helhet.kit.rights import Caller
from helhet.rules.service_parts import WEIGHT, Gap, PartState, Share, gaps_of, share_of, shares_by_part


def weights() -> dict[str, int]:
    """What each part counts, by part."""
    known = dict(Weight.objects.values_list("part", "weight"))
    return {part: known.get(part, WEIGHT) for part in PARTS}


@dataclass(frozen=True, slots=True)
class Service:
    """One service or product with its seven parts. `drafts` are the parts with a draft that the caller may read."""

    row: Row
    parts: dict[str, Standing]
    share: Share
    gaps: list[Gap]
    contradictions: int = 0
    drafts: Sequence[str] = ()

    @property
    def item(self) -> Item:
        """The service itself."""
        return self.row.item

    @property
    def group(self) -> Named | None:
        """The group that answers for it."""
        return self.row.group

    @property
    def states(self) -> dict[str, PartState]:
        """The states alone, by part."""
        return {part: one.state for part, one in self.parts.items()}


@dataclass(frozen=True, slots=True)
class WeighedGap:
    """A gap with the service that has it."""

    service: Service
    gap: Gap

    @property
    def sum(self) -> str:
        """How its size came about."""
        return _("%(weight)d × %(factor)d = %(size)d") % {
            "weight": self.gap.weight, "factor": self.gap.factor, "size": self.gap.size
        }  # fmt: skip


@dataclass(frozen=True)
class Handbook:
    """Many services with their documentation."""

    services: list[Service]
    weights: dict[str, int] = field(default_factory=dict)

    @cached_property
    def whole(self) -> Share:
        """How complete all of them are together."""
        return sum((one.share for one in self.services), Share())

    @cached_property
    def by_part(self) -> dict[str, Share]:
        """Of how many services each part is done."""
        return shares_by_part([one.states for one in self.services], PARTS)

    @cached_property
    def by_group(self) -> list[tuple[Named | None, Share, int]]:
        """(group, how complete, how many services) by the group's name, those without one first."""
        found: dict[str, tuple[Named | None, Share, int]] = {}
        for one in self.services:
            key = one.group.reference if one.group else ""
            _group, share, count = found.get(key, (None, Share(), 0))
            found[key] = (one.group, share + one.share, count + 1)
        return sorted(found.values(), key=lambda line: line[0].name.casefold() if line[0] else "")

    @cached_property
    def gaps(self) -> list[WeighedGap]:
        """Everything that is not done, heaviest first."""
        found = [WeighedGap(one, gap) for one in self.services for gap in one.gaps]
        order = {part: place for place, part in enumerate(PARTS)}
        return sorted(
            found,
            key=lambda one: (-one.gap.size, one.service.item.name_key, one.service.item.pk, order[one.gap.part]),
        )

    @cached_property
    def counts(self) -> dict[PartState, int]:
        """How many parts stand in each state."""
        found = dict.fromkeys(PartState, 0)
        for service in self.services:
            for one in service.parts.values():
                found[one.state] += 1
        return found


def handbook(caller: Caller, text: str = "") -> Handbook:
    """The documentation of the services and products that a filter names. Raises Invalid for a filter that is none."""
    caller.require(HandbookPermission.VIEW)
    listed = ItemList(caller, text).queryset().filter(kind__family__in=FAMILIES).exclude(state=State.RETIRED)
    return of_items(list(listed.select_related("kind").order_by("name_key", "pk")), caller)


def of_items(items: Sequence[Item], caller: Caller) -> Handbook:
    """The documentation of these services, in seven questions at most for each 800 of them."""
    counted = weights()
    parts = standings([item.pk for item in items])
    open_ones = Contradiction.objects.filter(settled_at__isnull=True).order_by()
    against = dict(open_ones.values_list("item_id").annotate(number=Count("pk")))
    drafts = _drafts(parts, caller)
    services = []
    for row in rows_of(items, ("group",)):
        states = {part: one.state for part, one in parts[row.item.pk].items()}
        services.append(
            Service(
                row, parts[row.item.pk], share_of(states, counted), gaps_of(states, counted, row.item.criticality),
                against.get(row.item.pk, 0), drafts.get(row.item.pk, ()),
            )
        )  # fmt: skip
    return Handbook(services, counted)


def _drafts(parts: Mapping[int, Mapping[str, Standing]], caller: Caller) -> dict[int, list[str]]:
    """By item the parts with a draft that the caller may read."""
    drafted = {
        one.document_id: (item, part) for item, some in parts.items() for part, one in some.items() if one.has_draft
    }
    found: dict[int, list[str]] = {}
    for chunk in chunks([pk for pk in drafted if pk is not None]):
        for pk in Document.objects.visible_to(caller).filter(pk__in=chunk).values_list("pk", flat=True):
            item, part = drafted[pk]
            found.setdefault(item, []).append(part)
    return {item: sorted(some, key=PARTS.index) for item, some in found.items()}


def service_data(one: Service) -> dict[str, Any]:
    """A service as the API and the command line give it."""
    return {
        "reference": one.item.reference, "name": one.item.name, "kind": one.item.kind.key,
        "group": one.group.reference if one.group else None,
        "criticality": Criticality(one.item.criticality).key, "completeness": one.share.share,
        "parts": {part: str(standing.state) for part, standing in one.parts.items()},
        "drafts": list(one.drafts),
        "contradictions": one.contradictions,
    }  # fmt: skip


def gap_data(one: WeighedGap) -> dict[str, Any]:
    """A gap as the API and the command line give it."""
    return {
        "id": f"{one.service.item.reference}/{one.gap.part}", "reference": one.service.item.reference,
        "name": one.service.item.name, "part": one.gap.part, "label": part_label(one.gap.part),
        "state": str(one.gap.state), "weight": one.gap.weight, "factor": one.gap.factor, "size": one.gap.size,
        "group": one.service.group.reference if one.service.group else None,
    }  # fmt: skip


def whole_data(found: Handbook) -> dict[str, Any]:
    """Completeness as the API and the command line give it."""
    return {
        "services": len(found.services), "completeness": found.whole.share,
        "parts": {part: share.share for part, share in found.by_part.items()},
        "states": {str(state): count for state, count in found.counts.items()},
        "groups": [
            {"group": group.reference if group else None, "name": group.name if group else None,
             "services": count, "completeness": share.share}
            for group, share, count in found.by_group
        ],
        "weights": found.weights, "gaps": len(found.gaps),
    }  # fmt: skip
