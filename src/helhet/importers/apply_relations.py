"""What ties items together: links, parts and responsibilities that stand in rows of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Q

from helhet.groups.models import ItemRole
from helhet.importers.apply_groups import as_details
from helhet.importers.models import Statement, Verdict
from helhet.importers.resolving import GROUP, ITEM
from helhet.importers.spool import Taken
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import Item, KeySort, Link, SourceKey
from helhet.items.writing import change_items
from helhet.journal.actions import make, record_many
from helhet.kit.engines import engine, insert, save, table_of
from helhet.responsibility.deciding import recompute
from helhet.rules.loops import break_loops

_UNKNOWN = {"group": "unknown_group", "change": "unknown_change"}
LINK_FIELDS = ("id", "from_item", "to_item", "type", "source_id", "at")


@dataclass(slots=True)
class Relations:
    """One portion of rows of one noun with both ends looked up."""

    noun: str
    rows: Sequence[Taken]
    known: dict[str, Statement] = field(default_factory=dict)
    made: list[Statement] = field(default_factory=list)
    whole: list[tuple[Taken, Statement, int, int]] = field(default_factory=list)

    def is_new(self, one: Taken) -> bool:
        """Whether the row was never tied before."""
        before = self.known.get(one.row.key)
        return before is None or before.object_id is None


def look_up(
    work: Importing, noun: str, rows: Sequence[Taken], ends: tuple[str, str], sorts: tuple[int, int] = (ITEM, ITEM)
) -> Relations:
    """Find both ends of each row. Rows with an unknown end, or tied to themselves, become findings."""
    found = Relations(noun, rows, work.statements(noun, [one.row.key for one in rows]))
    first, second = ends
    work.resolver.learn(sorts[0], {getattr(one.row, first) for one in rows})
    work.resolver.learn(sorts[1], {getattr(one.row, second) for one in rows})
    for one in rows:
        row = one.row
        statement = work.statement(noun, row.key, one.digest)
        found.made.append(statement)
        a = work.resolver.id_of(sorts[0], getattr(row, first))
        b = work.resolver.id_of(sorts[1], getattr(row, second))
        statement.item_id = a if a and a > 0 else None
        missing = [name for name, value in ((first, a), (second, b)) if value is None]
        for name in missing:
            sort = _UNKNOWN.get(name, "unknown_end")
            work.open(
                sort, noun, row, name.rstrip("_"), getattr(row, name), item_id=statement.item_id,
                details={"row": as_details(row)},
            )  # fmt: skip
        is_loop = not missing and sorts[0] == sorts[1] and a == b
        work.hang(noun, found.known.get(row.key), hangs=bool(missing) or is_loop)
        if is_loop:
            work.open("self_link", noun, row, second.rstrip("_"), getattr(row, second), item_id=statement.item_id)
        elif not missing:
            found.whole.append((one, statement, a, b))  # type: ignore[arg-type] # neither is None here
    return found


def take_links(work: Importing, rows: Sequence[Taken]) -> None:
    """Links, new and known."""
    found = look_up(work, "links", rows, ("from_", "to"))
    held = held_between(Link, {(a, b, one.row.type) for one, _statement, a, b in found.whole})
    new: list[Link] = []
    for one, statement, a, b in found.whole:
        before = held.get((a, b, one.row.type))
        if before is None:
            held[a, b, one.row.type] = made = Link(
                from_item_id=a, to_item_id=b, type=one.row.type, source_id=work.source.pk
            )
            new.append(made)
            tell_new(work, found, one, a)
        elif before.pk is None:
            work.open("duplicate", "links", one.row, "to", one.row.to, item_id=a)
        else:
            statement.object_id = before.pk
    if not work.is_trial:
        insert_rows(Link, LINK_FIELDS, new)
        state_made(work, found, held)
    work.settle_findings("links", [one.row.key for one in rows], are_new=False)


def tell_new(work: Importing, found: Relations, one: Taken, item_id: int) -> None:
    """One that was tied before and taken away since is changed rather than created."""
    if found.is_new(one):
        work.tell(Verdict.CREATED, found.noun, one.row, item_id=item_id if item_id > 0 else None)
    else:
        work.tell(Verdict.CHANGED, found.noun, one.row, item_id=item_id, changes={"to": [None, one.row.to]})


def held_between(model: Any, wanted: Collection[tuple[int, int, str]]) -> dict[tuple[int, int, str], Any]:
    """The rows that stand between these ends in these types already. The pairs are looked up one by one through the
    unique index: a start may have thousands of other ends.
    """
    pairs = sorted({(a, b) for a, b, _type in wanted if a > 0 and b > 0})
    ids: list[int] = []
    with connection.cursor() as cursor:
        for start in range(0, len(pairs), CHUNK):
            part = pairs[start : start + CHUNK]
            cursor.execute(
                f"WITH w (a, b) AS (VALUES {', '.join(['(%s, %s)'] * len(part))}) SELECT d.id, d.from_item_id, "  # noqa: S608 - own names only
                f"d.to_item_id, d.type FROM w CROSS JOIN {table_of(model)} d "
                "WHERE d.from_item_id = w.a AND d.to_item_id = w.b",
                [number for pair in part for number in pair],
            )
            ids += [row_id for row_id, *key in cursor.fetchall() if tuple(key) in wanted]
    held: dict[tuple[int, int, str], Any] = {}
    for start in range(0, len(ids), CHUNK):
        for row in model.objects.filter(pk__in=ids[start : start + CHUNK]):
            held[row.from_item_id, row.to_item_id, row.type] = row
    return held


def insert_rows(model: Any, fields: Sequence[str], rows: Sequence[Any]) -> None:
    """Write new rows and give them their numbers."""
    if rows:
        for row, row_id in zip(rows, engine().reserve_ids(table_of(model), len(rows)), strict=True):
            row.pk = row_id
        values = attrgetter(*(model._meta.get_field(name).attname for name in fields))
        insert(model, fields, map(values, rows))


def state_made(work: Importing, found: Relations, held: dict[tuple[int, int, str], Any]) -> None:
    """Keep the statements of what was tied, each with the row that it became."""
    for one, statement, a, b in found.whole:
        if statement.object_id is None:
            statement.object_id = held[a, b, one.row.type].pk
    work.state(found.made, found.known)


# ---- parts -------------------------------------------------------------------------------------------------------


def take_parts(work: Importing, rows: Sequence[Taken]) -> None:
    """Rows that say what an item is part of."""
    found = look_up(work, "part_of", rows, ("item", "parent"))
    ids = [a for _one, _statement, a, _b in found.whole if a > 0]
    items = {item.pk: item for item in Item.objects.filter(pk__in=ids).select_related("kind")}
    changes = {a: b for _one, _statement, a, b in found.whole if a > 0 and b > 0 and items[a].part_of_id != b}
    refused = {link.child for link in break_loops(ancestors({*ids, *changes.values()}), changes)}
    wanted = []
    for one, statement, a, b in found.whole:
        if a in refused:
            work.hanging["part_of"] += 1
            work.open("loop", "part_of", one.row, "parent", one.row.parent, item_id=a)
            continue
        statement.object_id = a if a > 0 else None
        if a > 0 and a in changes:
            wanted.append((items[a], {"part_of_id": b}))
        if found.is_new(one):
            work.tell(Verdict.CREATED, "part_of", one.row, item_id=a if a > 0 else None)
        elif a in changes:
            told = {"parent": [work.name_of(items[a].part_of_id), work.name_of(b, one.row.parent)]}
            work.tell(Verdict.CHANGED, "part_of", one.row, item_id=a, changes=told)
    if not work.is_trial:
        change_items(wanted, by=work.by, on=work.on, batch=work.batch)
        work.state(found.made, found.known)
    work.settle_findings("part_of", [one.row.key for one in rows], are_new=False)


def ancestors(ids: Iterable[int]) -> dict[int, int | None]:
    """Item to whole, for these items and all that they are part of."""
    parents: dict[int, int | None] = {}
    ends = {one for one in ids if one > 0}
    while missing := [one for one in ends if one not in parents]:
        for start in range(0, len(missing), CHUNK):
            part = missing[start : start + CHUNK]
            parents.update(dict.fromkeys(part))
            parents.update(Item.objects.filter(pk__in=part).values_list("id", "part_of_id"))
        ends = {whole for one in missing if (whole := parents[one]) is not None}
    return parents


# ---- responsibilities --------------------------------------------------------------------------------------------


def take_roles(work: Importing, rows: Sequence[Taken]) -> None:
    """Rows that say which group answers for an item, or has another role for it."""
    found = look_up(work, "responsibilities", rows, ("item", "group"), (ITEM, GROUP))
    new = []
    owners: set[int] = set()
    for one, statement, a, b in found.whole:
        statement.group_id = b if b > 0 else None
        statement.object_id = statement.item_id
        if found.is_new(one):
            work.tell(Verdict.CREATED, "responsibilities", one.row, item_id=a if a > 0 else None)
        if one.row.role == "responsible":
            owners.add(a)
        else:
            new.append(
                ItemRole(item_id=a, group_id=b, role=one.row.role, from_on=work.on, source_id=work.source.pk,
                         batch_id=work.batch_id)
            )  # fmt: skip
    if not work.is_trial:
        ItemRole.objects.bulk_create(new, batch_size=1_000, ignore_conflicts=True)
        work.state(found.made, found.known)
        say_again(work, owners)
    work.settle_findings("responsibilities", [one.row.key for one in rows], are_new=False)


def say_again(work: Importing, ids: Iterable[int]) -> None:
    """Work out anew which group the source names for these items, from all that it states of them.

    A statement that has vanished counts as long as its item has vanished too.
    """
    wanted = sorted({one for one in ids if one > 0})
    altered: list[SourceKey] = []
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        keys = _own_keys(work, part)
        groups: dict[int, list[int]] = {}
        stated = Statement.objects.filter(
            Q(not_seen_since__isnull=True) | Q(item_id__in=[key.item_id for key in keys if key.not_seen_since]),
            source_id=work.source_id, noun="responsibilities", item_id__in=part, group_id__isnull=False,
        )  # fmt: skip
        for item_id, group_id, key in stated.order_by("id").values_list("item_id", "group_id", "key"):
            named = groups.setdefault(item_id or 0, [])
            if key.endswith("\x1fresponsible") and group_id is not None and group_id not in named:
                named.append(group_id)
        altered += _altered(work, keys, groups)
    save(SourceKey, altered, ["says_group", "claimants"])
    recompute(sorted({key.item_id for key in altered}), by=work.by, on=work.on, batch_id=work.batch_id)


def _own_keys(work: Importing, ids: Sequence[int]) -> list[SourceKey]:
    """One key of this source for each item, made where the source speaks of another's item."""
    keys: dict[int, SourceKey] = {}
    for key in SourceKey.objects.filter(source_id=work.source_id, sort=KeySort.ITEM, item_id__in=ids).order_by("-id"):
        keys[key.item_id] = key
    missing = [item_id for item_id in ids if item_id not in keys]
    references = {item.pk: item.reference for item in Item.objects.filter(pk__in=missing)}
    for item_id in missing:
        keys[item_id] = SourceKey.objects.create(
            source=work.source, sort=KeySort.ITEM, key=references[item_id], item_id=item_id
        )
    return list(keys.values())


def _altered(work: Importing, keys: Iterable[SourceKey], groups: dict[int, list[int]]) -> list[SourceKey]:
    altered = []
    events = []
    for key in keys:
        named = groups.get(key.item_id, [])
        says, claimants = (named[0], None) if len(named) == 1 else (None, named or None)
        if key.says_group_id != says or key.claimants != claimants:
            before = {"says_group": key.says_group_id, "claimants": key.claimants}
            after = {"says_group": says, "claimants": claimants}
            events.append(
                make("importers.item.said", "item", key.item_id, by=work.by, before={**before}, after={**after},
                     reason=work.source.name, batch=work.batch)
            )  # fmt: skip
            key.says_group_id, key.claimants = says, claimants
            altered.append(key)
    record_many(events)
    return altered
