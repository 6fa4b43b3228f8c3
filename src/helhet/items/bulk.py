"""The same change to many items: looked at first, made as one batch in portions, undone as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.items.actions import (
    checked_attributes,
    checked_tags,
    criticality_named,
    kind_named,
    state_named,
    undone,
    whole_named,
)
from helhet.items.models import Item, Kind
from helhet.items.permissions import ItemPermission
from helhet.items.writing import change_items
from helhet.journal.models import Batch, Event
from helhet.kit.errors import Clash, Invalid, Refused
from helhet.kit.rights import Caller

PORTION = 500
SHOWN = 20
EXAMINED = 5_000
FIELDS = ("state", "criticality", "kind", "part_of", "add_tags", "remove_tags", "attributes")


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What is to be set, in words and plain values, by the names in FIELDS. `attributes` are name and value, an empty
    value takes one away; tags are added to and removed from what is there.
    """

    values: dict[str, Any]

    def __post_init__(self) -> None:
        """Refuse names that do not exist."""
        for name in self.values:
            if name not in FIELDS:
                raise Invalid(
                    _("Items cannot be changed by %(name)s.") % {"name": name[:60]},
                    todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(FIELDS)}, field=name[:60],
                )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one item: the fields before and after as told to people, or why it is left as it is."""

    item: Item
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""


@dataclass(slots=True)
class Preview:
    """What would happen. The counts hold for the first `examined` of `total` items; `lines` are some by name."""

    total: int
    examined: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    lines: list[Line] = field(default_factory=list)
    refusals: list[Line] = field(default_factory=list)


class Plan:
    """A bulk change made ready: words looked up once, then asked item by item."""

    def __init__(self, change: BulkChange, by: Caller) -> None:
        """Raises Invalid for words that mean nothing."""
        by.require(ItemPermission.CHANGE)
        values = change.values
        self.by = by
        self.state = state_named(str(values["state"] or "")) if "state" in values else None
        self.criticality = criticality_named(str(values["criticality"] or "")) if "criticality" in values else None
        self.kind = self._kind(str(values["kind"] or "")) if "kind" in values else None
        self.whole = str(values["part_of"] or "") if "part_of" in values else None
        if self.whole is not None:
            whole_named(self.whole, by)
        self.add = checked_tags(list(values.get("add_tags") or []))
        self.remove = set(checked_tags(list(values.get("remove_tags") or [])))
        self.attributes: dict[str, Any] = {
            " ".join(name.split()): value for name, value in (values.get("attributes") or {}).items() if name.strip()
        }

    @staticmethod
    def _kind(key: str) -> Kind:
        kind = kind_named(key)
        if not kind.is_listed:
            raise Invalid(_("Items of this kind are made on pages of their own."), field="kind")
        return kind

    def wanted(self, item: Item) -> dict[str, Any]:
        """The model's values for one item. Raises Refused when it cannot be so."""
        kind = self.kind or item.kind
        wanted: dict[str, Any] = {}
        if self.kind is not None and not item.kind.is_listed:
            raise Clash(_("Items of this kind cannot become another kind."), field="kind")
        if self.kind is not None:
            wanted["kind"] = self.kind
        if self.state is not None:
            wanted["state"] = self.state
        if self.criticality is not None:
            wanted["criticality"] = self.criticality
        if self.whole is not None:
            wanted["part_of_id"] = whole_named(self.whole, self.by, of=item)
        if self.add or self.remove:
            kept = [tag for tag in item.tags if tag not in self.remove]
            wanted["tags"] = kept + [tag for tag in self.add if tag not in kept]
        if self.attributes:
            wanted["attributes"] = checked_attributes(
                kind, {**item.attributes, **self.attributes}, only=frozenset(self.attributes)
            )
        return wanted

    def line(self, item: Item, *, may: bool) -> Line:
        """What happens to one item."""
        if not may:
            return Line(item, refusal=_("It belongs to another group."))
        try:
            wanted = self.wanted(item)
        except Refused as refusal:
            return Line(item, refusal=str(refusal))
        new = {name: value for name, value in wanted.items() if getattr(item, name) != value}
        return Line(item, {name: getattr(item, name) for name in new}, new)


def changeable(items: Sequence[Item], by: Caller) -> set[int]:
    """The ids of those items that the caller may change, asked of the policy once for all where that is enough."""
    if by.may(ItemPermission.CHANGE, None) and not by.member_of:
        return {item.pk for item in items}
    return {item.pk for item in items if by.may(ItemPermission.CHANGE, item)}


def apply_portion(items: Iterable[Item], plan: Plan, batch: Batch) -> tuple[set[int], set[int]]:
    """Change some items, read and taken inside this transaction; returns the ids of those changed and refused."""
    kept = list(items)
    mine = changeable(kept, plan.by)
    changes: list[tuple[Item, dict[str, Any]]] = []
    refused: set[int] = set()
    for item in kept:
        try:
            if item.pk in mine:
                changes.append((item, plan.wanted(item)))
            else:
                refused.add(item.pk)
        except Refused:
            refused.add(item.pk)
    changed = change_items(changes, by=plan.by, on=timezone.localdate(), batch=batch, reason=batch.reason)
    return set(changed), refused


def portions(found: QuerySet[Item], after: int = 0) -> Iterable[list[int]]:
    """The ids found, in portions by rising id; a portion is asked for when the one before has been dealt with, so that
    what no longer fits the filter afterwards is passed all the same.
    """
    while True:
        ids = list(found.filter(pk__gt=after).order_by("id").values_list("id", flat=True)[:PORTION])
        if not ids:
            return
        yield ids
        after = ids[-1]


def taken(ids: Sequence[int]) -> list[Item]:
    """These items, their rows taken for the transaction."""
    return list(Item.objects.select_for_update(of=("self",)).select_related("kind").filter(pk__in=ids).order_by("id"))


def undo_fields(batch: Batch, undoing: Batch, *, by: Caller) -> tuple[int, int]:
    """Set back the fields that a batch changed, inside a transaction: how many items were, and how many were left
    because somebody has changed them since.
    """
    changed = kept = last = 0
    events = Event.objects.filter(batch=batch, noun="item", verb="items.item.changed").order_by("id")
    while portion := list(events.filter(pk__gt=last)[:PORTION]):
        last = portion[-1].pk
        by_item = {item.pk: item for item in taken([event.noun_id for event in portion])}
        changes = []
        for event in portion:
            item = by_item.get(event.noun_id)
            wanted = undone(item, event.before or {}, event.after or {}) if item is not None else {}
            if item is None or not wanted:
                kept += 1
            else:
                changes.append((item, wanted))
        done = change_items(
            changes, by=by, on=timezone.localdate(), batch=undoing, reason=batch.title, verb="items.item.undone"
        )
        changed += len(done)
    return changed, kept
