"""Findings that are tied up by themselves: the missing end has arrived, whatever brought it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from helhet.groups.models import Group, ItemRole
from helhet.groups.writing import change_groups
from helhet.importers.apply_changes import take_changed_items, tie_changes
from helhet.importers.apply_dependencies import take_dependencies
from helhet.importers.apply_groups import take_members
from helhet.importers.apply_relations import ancestors, take_links, take_parts, take_roles
from helhet.importers.mapping import Mapping
from helhet.importers.models import Finding, Run
from helhet.importers.plan import Plan
from helhet.importers.problems import Place
from helhet.importers.report import Report
from helhet.importers.resolving import CHANGE, GROUP, ITEM, Resolver
from helhet.importers.rows import ChangedItemRow, DependencyRow, LinkRow, MemberRow, PartOfRow, RoleRow
from helhet.importers.spool import Taken, row_from
from helhet.importers.work import Importing
from helhet.items.models import Item, KeySort, Presence, Source, SourceKey
from helhet.items.writing import change_items
from helhet.journal.actions import make, record_many
from helhet.journal.models import Batch
from helhet.kit.engines import save
from helhet.kit.rights import Caller
from helhet.responsibility.deciding import recompute
from helhet.rules.loops import would_loop

WAITING = ("unknown_group", "unknown_whole", "unknown_end", "unknown_person", "unknown_change", "loop")
SORTS = {"unknown_group": GROUP, "unknown_change": CHANGE}
"""What the value of a finding names; an item, where it is not said."""
_NOUNS = {"unknown_group": "groups", "unknown_change": "changes", "unknown_person": "persons"}
PORTION = 1_000

ROWS: dict[str, tuple[Any, Callable[[Importing, Sequence[Taken]], None]]] = {
    "members": (MemberRow, take_members),
    "dependencies": (DependencyRow, take_dependencies),
    "links": (LinkRow, take_links),
    "part_of": (PartOfRow, take_parts),
    "responsibilities": (RoleRow, take_roles),
    "changed_items": (ChangedItemRow, take_changed_items),
}


def waiting() -> QuerySet[Finding]:
    """The findings that wait for something to arrive."""
    return Finding.objects.filter(closed_at__isnull=True, sort__in=WAITING)


def tie_up(findings: QuerySet[Finding], *, by: Caller, on: Any, batch: Batch | None, run: Run | None = None) -> int:
    """Close those of these findings whose missing end is there now, and tie what they told of. Returns how many."""
    tied = 0
    source_ids = list(findings.order_by("source_id").values_list("source_id", flat=True).distinct())
    for source in Source.objects.filter(pk__in=source_ids):
        work = _work(source, by, on, batch, run)
        last = 0
        while rows := list(findings.filter(source=source, pk__gt=last).order_by("pk")[:PORTION]):
            last = rows[-1].pk
            ready = _ready(work, rows)
            if ready:
                with transaction.atomic():
                    _tie(work, ready)
                tied += len(ready)
    return tied


class WouldTie(NamedTuple):
    """How many findings a trial would tie up: of any source, of its own, and rows by noun that then wait no more."""

    total: int
    own: int
    rows: Counter[str]


def would_tie(work: Importing) -> WouldTie:
    """What a trial would tie up, since the missing end would come."""
    name, numbers = work.source.name, work.plan.numbers
    total = own = 0
    waits: dict[tuple[str, str], bool] = {}
    found = waiting().filter(
        sort__in=("unknown_group", "unknown_whole", "unknown_end", "unknown_change", "unknown_person")
    )
    values = ("pk", "source__name", "sort", "value", "noun", "key")
    for pk, source, sort, value, noun, key in found.values_list(*values).iterator():
        if pk in work.settled:
            continue
        keys = numbers.get(_NOUNS.get(sort, "items"), {})
        before, _colon, after = value.partition(":")
        comes = (source == name and value in keys) or (before == name and after in keys)
        total += comes
        own += comes and source == name
        if source == name and noun in ROWS and work.plan.has(noun, key):
            waits[noun, key] = waits.get((noun, key), False) or not comes
    return WouldTie(total, own, Counter(noun for (noun, _key), still in waits.items() if not still))


def _work(source: Source, by: Caller, on: Any, batch: Batch | None, run: Run | None) -> Importing:
    return Importing(
        run=run or Run(source=source, on=on), source=source, mapping=Mapping("", "", "", ()), plan=Plan(), by=by, on=on,
        resolver=Resolver(source.pk, source.name), report=Report(), batch=batch,
    )  # fmt: skip


def _ready(work: Importing, rows: Sequence[Finding]) -> list[Finding]:
    """Those whose value can be found now."""
    ready = []
    for sort in (ITEM, GROUP, CHANGE):
        mine = [row for row in rows if SORTS.get(row.sort, ITEM) == sort and row.sort != "unknown_person"]
        work.resolver.learn(sort, {row.value for row in mine})
        ready += [row for row in mine if work.resolver.id_of(sort, row.value) is not None]
    persons = {row.value for row in rows if row.sort == "unknown_person"}
    known = work.statements("persons", persons) if persons else {}
    ready += [row for row in rows if row.sort == "unknown_person" and row.value in known]
    return [row for row in ready if row.sort != "loop" or not _still_loops(work, row)]


def _still_loops(work: Importing, row: Finding) -> bool:
    if row.item_id is None:
        return True
    if row.noun == "groups":
        group = work.resolver.find(GROUP, row.value)
        return would_loop(dict(Group.objects.values_list("pk", "parent_id")), row.item_id, group)
    whole = work.resolver.id_of(ITEM, row.value)
    return whole is None or would_loop(ancestors([whole]), row.item_id, whole)


def _tie(work: Importing, rows: Sequence[Finding]) -> None:
    ours = [row for row in rows if row.noun == "items"]
    _tie_says(work, [row for row in ours if row.field in {"group", "groups"}])
    _tie_roles(work, [row for row in ours if row.field not in {"group", "groups", "part_of"}])
    _tie_wholes(work, [row for row in ours if row.field == "part_of"])
    _tie_parents(work, [row for row in rows if row.noun == "groups"])
    tie_changes(work, [row for row in rows if row.noun == "changes"])
    for noun, (row_class, take) in ROWS.items():
        again = [row for row in rows if row.noun == noun and "row" in row.details]
        known = work.statements(noun, {row.key for row in again})
        digests = {key: statement.digest or 0 for key, statement in known.items()}
        unique = {row.key: row for row in again if row.key in known}
        if unique:
            work.opened = []
            take(work, [
                Taken(row_from(row_class, row.details["row"], Place(row.place)), digests[key])
                for key, row in unique.items()
            ])  # fmt: skip
    Finding.objects.filter(pk__in=[row.pk for row in rows if row.noun not in ROWS]).update(closed_at=timezone.now())


def _tie_says(work: Importing, rows: Sequence[Finding]) -> None:
    by_key = {
        key.key: key
        for key in SourceKey.objects.filter(
            source=work.source, sort=KeySort.ITEM, key__in={row.key for row in rows}, item__presence=Presence.HERE
        )
    }
    events = []
    for row in rows:
        key = by_key.get(row.key)
        group_id = work.resolver.id_of(GROUP, row.value)
        if key is None or group_id is None:
            continue
        before = {"says_group": key.says_group_id, "claimants": key.claimants}
        if row.field == "group":
            key.says_group_id = group_id
        elif group_id not in (key.claimants or []):
            key.claimants = [*(key.claimants or []), group_id]
        after = {"says_group": key.says_group_id, "claimants": key.claimants}
        events.append(
            make("importers.item.said", "item", key.item_id, by=work.by, before=before, after=after, batch=work.batch)
        )
    save(SourceKey, by_key.values(), ["says_group", "claimants"])
    record_many(events)
    ids = sorted({key.item_id for key in by_key.values()})
    recompute(ids, by=work.by, on=work.on, batch_id=work.batch_id)


def _tie_roles(work: Importing, rows: Sequence[Finding]) -> None:
    ItemRole.objects.bulk_create(
        (
            ItemRole(
                item_id=row.item_id, group_id=work.resolver.id_of(GROUP, row.value), role=row.field, from_on=work.on,
                source=work.source, batch_id=work.batch_id,
            )
            for row in rows
            if row.item_id is not None
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def _tie_wholes(work: Importing, rows: Sequence[Finding]) -> None:
    items = _items(row.item_id for row in rows)
    changes = []
    parents = ancestors([*items, *(one for row in rows if (one := work.resolver.id_of(ITEM, row.value)))])
    for row in rows:
        item, whole = items.get(row.item_id or 0), work.resolver.id_of(ITEM, row.value)
        if item is not None and whole is not None and not would_loop(parents, item.pk, whole):
            parents[item.pk] = whole
            changes.append((item, {"part_of_id": whole}))
    change_items(changes, by=work.by, on=work.on, batch=work.batch)


def _tie_parents(work: Importing, rows: Sequence[Finding]) -> None:
    groups = {
        group.pk: group
        for group in Group.objects.filter(pk__in=[row.item_id for row in rows]).select_related("item__kind")
    }
    parents = dict(Group.objects.values_list("pk", "parent_id")) if rows else {}
    changes = []
    for row in rows:
        group, parent = groups.get(row.item_id or 0), work.resolver.id_of(GROUP, row.value)
        if group is not None and parent is not None and not would_loop(parents, group.pk, parent):
            parents[group.pk] = parent
            changes.append((group, {"parent_id": parent}))
    change_groups(changes, by=work.by, on=work.on, batch=work.batch)


def _items(ids: Iterable[int | None]) -> dict[int, Item]:
    wanted = {one for one in ids if one is not None}
    rows = Item.objects.filter(pk__in=wanted, presence=Presence.HERE).select_related("kind")
    return {item.pk: item for item in rows}
