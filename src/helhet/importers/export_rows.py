"""What an export consists of: the tables of the plain layout. Keys are references, so that they hold anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from helhet.changes.models import Change, ChangeItem
from helhet.estate.models import Dependency
from helhet.groups.models import Answer, Group, ItemRole, Membership, Person
from helhet.importers.apply_changes import INSTANTS
from helhet.items.models import Criticality, Item, Kind, Link, Presence, State

FIXED = ("key", "kind", "name", "group", "part_of", "state", "criticality", "tags", "description")
OF_CHANGE = (
    "key", "title", "type", "state", "outcome", "group", "owner", "submitted", "starts", "ends", "began", "finished",
    "closed", "items", "reverts", "description", "plan", "test", "way_back", "learnt",
)  # fmt: skip
PORTION = 2_000

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OutTable:
    """One table: `columns` may be asked for before the rows."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]


def tables() -> list[OutTable]:
    """Every table, items one for each kind, since kinds have attributes of their own."""
    found = [
        OutTable("groups", ("key", "name", "basis", "parent", "mandate", "state"), _groups),
        OutTable("persons", ("key", "name", "email", "unit"), _persons),
        OutTable("members", ("group", "person", "name", "role", "from", "to", "share", "email"), _members),
    ]
    kinds = Kind.objects.filter(is_listed=True, items__presence=Presence.HERE).distinct().order_by("position", "key")
    found += [
        OutTable(f"items.{kind.key}", (*FIXED, *_attributes(kind.items.all(), FIXED)), _items_of(kind))
        for kind in kinds
    ]
    changes = (*OF_CHANGE, *_attributes(Item.objects.filter(as_change__isnull=False), OF_CHANGE))
    return [
        *found,
        OutTable("responsibilities", ("item", "group", "role"), _roles),
        OutTable("links", ("from", "to", "type"), _links),
        OutTable("dependencies", ("from", "to", "type", "criticality", "note", "set", "least"), _dependencies),
        OutTable("changes", changes, _changes),
    ]


def _reference(prefix: str | None, number: int | None) -> str:
    return f"{prefix}-{number}" if prefix else ""


def _attributes(items: QuerySet[Item], fixed: tuple[str, ...]) -> list[str]:
    """Names of attributes that these items have; one that is called as a column is left to JSON."""
    names: dict[str, None] = {}
    for attributes in items.filter(presence=Presence.HERE).values_list("attributes", flat=True).iterator(PORTION):
        names.update(dict.fromkeys(attributes))
    return sorted(name for name in names if name.lower() not in fixed)


def _items_of(kind: Kind) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        found = Item.objects.filter(kind=kind, presence=Presence.HERE).select_related("part_of").order_by("pk")
        last = 0
        while portion := list(found.filter(pk__gt=last)[:PORTION]):
            last = portion[-1].pk
            answers = Answer.objects.open().filter(item_id__in=[item.pk for item in portion], group__isnull=False)
            owners = {
                item_id: _reference(prefix, number)
                for item_id, prefix, number in answers.values_list(
                    "item_id", "group__item__prefix", "group__item__number"
                )
            }
            for item in portion:
                yield {
                    "key": item.reference, "kind": kind.key, "name": item.name, "group": owners.get(item.pk, ""),
                    "part_of": item.part_of.reference if item.part_of else "", "state": State(item.state).key,
                    "criticality": Criticality(item.criticality).key, "tags": ",".join(item.tags),
                    "description": item.description,
                    **{name: value for name, value in item.attributes.items() if name.lower() not in FIXED},
                }  # fmt: skip

    return rows


def _groups() -> Iterator[Row]:
    for group in (
        Group.objects.filter(item__presence=Presence.HERE).select_related("item", "parent__item").order_by("pk")
    ):
        yield {
            "key": group.reference, "name": group.name, "basis": group.basis, "mandate": group.mandate,
            "parent": group.parent.reference if group.parent else "", "state": group.state,
        }  # fmt: skip


def _persons() -> Iterator[Row]:
    for person in Person.objects.order_by("pk").iterator(PORTION):
        yield {"key": f"person-{person.pk}", "name": person.name, "email": person.email, "unit": person.unit}


def _members() -> Iterator[Row]:
    found = Membership.objects.filter(group__item__presence=Presence.HERE).select_related("group__item", "person")
    for row in found.order_by("pk").iterator(PORTION):
        yield {
            "group": row.group.reference, "person": f"person-{row.person_id}", "name": row.person.name,
            "role": row.role, "from": row.from_on, "to": row.to_on, "share": row.share, "email": row.person.email,
        }  # fmt: skip


def _roles() -> Iterator[Row]:
    found = ItemRole.objects.filter(to_on=None, item__presence=Presence.HERE).select_related("item", "group__item")
    for row in found.order_by("pk").iterator(PORTION):
        yield {"item": row.item.reference, "group": row.group.reference, "role": row.role}


def _links() -> Iterator[Row]:
    found = Link.objects.filter(from_item__presence=Presence.HERE, to_item__presence=Presence.HERE)
    for row in found.select_related("from_item", "to_item").order_by("pk").iterator(PORTION):
        yield {"from": row.from_item.reference, "to": row.to_item.reference, "type": row.type}


def _dependencies() -> Iterator[Row]:
    found = Dependency.objects.filter(from_item__presence=Presence.HERE, to_item__presence=Presence.HERE)
    for row in found.select_related("from_item", "to_item", "redundancy").order_by("pk").iterator(PORTION):
        said = row.redundancy
        yield {
            "from": row.from_item.reference, "to": row.to_item.reference, "type": row.type,
            "criticality": row.criticality, "note": row.note,
            "set": (said.name or f"set-{said.pk}") if said else "", "least": str(said) if said else "",
        }  # fmt: skip


def _changes() -> Iterator[Row]:
    found = Change.objects.filter(item__presence=Presence.HERE).order_by("pk")
    last = 0
    while portion := list(found.filter(pk__gt=last).select_related("item", "group__item", "reverts__item")[:PORTION]):
        last = portion[-1].pk
        altered: dict[int, list[str]] = {}
        rows = ChangeItem.objects.filter(change_id__in=[one.pk for one in portion], item__presence=Presence.HERE)
        for row in rows.select_related("item").order_by("pk"):
            altered.setdefault(row.change_id, []).append(row.item.reference)
        for one in portion:
            times = (one.submitted_at, one.starts_at, one.ends_at, one.began_at, one.finished_at, one.closed_at)
            yield {
                "key": one.reference, "title": one.name, "type": one.type, "state": one.state, "outcome": one.outcome,
                "group": one.group.reference if one.group else "",
                "owner": f"person-{one.owner_id}" if one.owner_id else "",
                **dict(zip(INSTANTS, (at.isoformat() if at else "" for at in times), strict=True)),
                "items": ",".join(altered.get(one.pk, ())), "reverts": one.reverts.reference if one.reverts else "",
                "description": one.purpose, "plan": one.plan, "test": one.test, "way_back": one.way_back,
                "learnt": one.learnt,
                **{name: value for name, value in one.item.attributes.items() if name.lower() not in OF_CHANGE},
            }  # fmt: skip
