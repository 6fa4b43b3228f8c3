"""Items: new ones with their responsibility and whole, and those that differ, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from helhet.groups.models import ItemRole
from helhet.importers.models import Verdict
from helhet.importers.resolving import GROUP, ITEM
from helhet.importers.rows import ROLES, ItemRow
from helhet.importers.spool import Taken
from helhet.importers.touched import Touched, touched
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import Criticality, Item, KeySort, Presence, SourceKey, State
from helhet.items.writing import NewItem, NewKey, add_items, change_items
from helhet.journal.actions import make, record_many
from helhet.kit.engines import engine, table_of
from helhet.responsibility.deciding import recompute
from helhet.rules.loops import break_loops

STATES = {state.key: int(state) for state in State}
CRITICALITIES = {one.key: int(one) for one in Criticality}


@dataclass(slots=True)
class Says:
    """What a row says about responsibility, looked up."""

    group_id: int | None = None
    claimants: list[int] = field(default_factory=list)
    roles: list[tuple[str, int]] = field(default_factory=list)


def learn(work: Importing, rows: Sequence[Taken]) -> None:
    """Look up all that these rows refer to."""
    groups = {one.row.group for one in rows}
    for one in rows:
        groups.update(one.row.groups)
        groups.update(group for _role, group in one.row.roles)
    work.resolver.learn(GROUP, groups)
    work.resolver.learn(ITEM, {one.row.part_of for one in rows})


def said(work: Importing, row: ItemRow, item_id: int | None = None) -> Says:
    """Look up a row's groups; those that are unknown become findings."""
    says = Says()
    if row.group:
        says.group_id = work.resolver.id_of(GROUP, row.group)
        if says.group_id is None:
            work.open("unknown_group", "items", row, "group", row.group, item_id=item_id)
    for text in row.groups:
        group_id = work.resolver.id_of(GROUP, text)
        if group_id is None:
            work.open("unknown_group", "items", row, "groups", text, item_id=item_id)
        elif group_id not in says.claimants:
            says.claimants.append(group_id)
    for role, text in row.roles:
        group_id = work.resolver.id_of(GROUP, text)
        if group_id is None:
            work.open("unknown_group", "items", row, role, text, item_id=item_id)
        elif (role, group_id) not in says.roles:
            says.roles.append((role, group_id))
    return says


def take_new(work: Importing, numbers: Sequence[int], rows: Sequence[Taken]) -> None:
    """Write items whose keys the source has not given before."""
    learn(work, rows)
    places = {one.row.key: at for at, one in enumerate(rows)}
    drafts: list[NewItem] = []
    saying: list[Says] = []
    late: list[tuple[int, str, str]] = []
    for at, (number, one) in enumerate(zip(numbers, rows, strict=True)):
        row: ItemRow = one.row
        says = said(work, row)
        whole_id, whole_at = _whole(work, row, number, places, at, late)
        saying.append(says)
        drafts.append(
            NewItem(
                kind=work.kinds[row.kind], name=row.name, state=STATES[row.state or "live"],
                criticality=CRITICALITIES[row.criticality or ""], description=row.description or "",
                attributes=dict(row.attributes), tags=list(row.tags or ()), part_of_id=whole_id, part_of_at=whole_at,
                key=NewKey(
                    work.source_id, row.key, digest=one.digest, says_group_id=says.group_id,
                    claimants=says.claimants or None,
                ),
            )
        )  # fmt: skip
    ids: list[int] = []
    if not work.is_trial:
        ids = add_items(drafts, by=work.by, on=work.on, batch=work.batch)
        work.resolver.remember(ITEM, (one.row.key for one in rows), ids)
        _add_roles(work, zip(ids, saying, strict=True))
    for at, sort, value in late:
        work.open(sort, "items", rows[at].row, "part_of", value, item_id=ids[at] if ids else None)
    if work.opened and ids:
        by_key = {one.row.key[:700]: item_id for one, item_id in zip(rows, ids, strict=True)}
        work.opened = [one._replace(item_id=by_key.get(one.key)) for one in work.opened]
    listed = min(len(rows), work.report.room(Verdict.CREATED))
    for at, one in enumerate(rows[:listed]):
        work.tell(Verdict.CREATED, "items", one.row, name=one.row.name, item_id=ids[at] if ids else None)
    work.report.count(Verdict.CREATED, "items", len(rows) - listed)
    work.settle_findings("items", list(places), are_new=True)


def _whole(  # noqa: PLR0913 - all of it is the place of one row among the others
    work: Importing, row: ItemRow, number: int, places: dict[str, int], at: int, late: list[tuple[int, str, str]]
) -> tuple[int | None, int | None]:
    """The whole that a new row is part of: an item, or an earlier row of the same portion."""
    if not row.part_of:
        return None, None
    if number in work.plan.loops:
        late.append((at, "loop", row.part_of))
        return None, None
    if places.get(row.part_of, at) < at:
        return None, places[row.part_of]
    found = work.resolver.id_of(ITEM, row.part_of)
    if found is None:
        late.append((at, "unknown_whole", row.part_of))
    return found, None


def _add_roles(work: Importing, saying: Any) -> None:
    ItemRole.objects.bulk_create(
        (
            ItemRole(
                item_id=item_id, group_id=group_id, role=role, from_on=work.on, source_id=work.source_id,
                batch_id=work.batch_id,
            )
            for item_id, says in saying
            for role, group_id in says.roles
        ),
        batch_size=1_000,
        ignore_conflicts=True,
    )  # fmt: skip


# ---- items that the source gave before ---------------------------------------------------------------------------


@dataclass(slots=True)
class Compared:
    """One item that the source gave before, and what its row asks for."""

    taken: Taken
    key: SourceKey
    item: Item
    says: Says
    wanted: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    new_says: bool = False
    new_roles: list[tuple[str, int]] = field(default_factory=list)
    old_roles: list[ItemRole] = field(default_factory=list)
    comes_back: bool = False


def take_differing(work: Importing, rows: Sequence[Taken]) -> None:
    """Hold rows against their items and write what differs."""
    learn(work, rows)
    compared = _compared(work, rows)
    _refuse_loops(work, compared)
    if not work.is_trial:
        _write(work, compared)
    for one in compared:
        _tell(work, one)
    work.settle_findings("items", [one.row.key for one in rows], are_new=False)


def _compared(work: Importing, rows: Sequence[Taken]) -> list[Compared]:
    keys: dict[str, SourceKey] = {}
    wanted = [one.row.key for one in rows]
    for start in range(0, len(wanted), CHUNK):
        found = SourceKey.objects.filter(
            source_id=work.source_id, sort=KeySort.ITEM, key__in=wanted[start : start + CHUNK]
        )
        keys.update({key.key: key for key in found})
    ids = sorted({key.item_id for key in keys.values()})
    items: dict[int, Item] = {}
    firsts: dict[int, int] = {}
    roles: dict[int, list[ItemRole]] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        chosen = Item.objects.filter(pk__in=part).select_related("kind")
        chosen = chosen if work.is_trial else chosen.select_for_update(of=("self",))
        items.update({item.pk: item for item in chosen})
        for key_id, item_id in SourceKey.objects.filter(
            source_id=work.source_id, sort=KeySort.ITEM, item_id__in=part
        ).values_list("id", "item_id"):
            firsts[item_id] = min(key_id, firsts.get(item_id, key_id))
        for role in ItemRole.objects.filter(item_id__in=part, to_on__isnull=True).order_by("id"):
            roles.setdefault(role.item_id, []).append(role)
    who = touched(items.values(), work.source_id)
    compared = []
    for one in rows:
        key = keys[one.row.key]
        item = items[key.item_id]
        result = Compared(one, key, item, said(work, one.row, item.pk))
        if firsts[item.pk] == key.pk:
            _compare(work, result, who[item.pk], roles.get(item.pk, []))
        compared.append(result)
    return compared


def _compare(work: Importing, one: Compared, who: Touched, roles: list[ItemRole]) -> None:
    """Fill in what the row asks for. A further key of an item that the source names twice asks for nothing."""
    row, item = one.taken.row, one.item
    asked: dict[str, Any] = {"name": row.name, "kind": work.kinds[row.kind]}
    if row.state is not None:
        asked["state"] = STATES[row.state]
    if row.criticality is not None:
        asked["criticality"] = CRITICALITIES[row.criticality]
    if row.description is not None:
        asked["description"] = row.description
    if row.tags is not None:
        asked["tags"] = list(row.tags)
    one.wanted = {
        name: value
        for name, value in asked.items()
        if getattr(item, name) != value and (work.owns(name) or not who.is_others(name))
    }
    attributes = _attributes(work, row, item, who)
    if attributes != item.attributes:
        one.wanted["attributes"] = attributes
    _compare_whole(work, one, who)
    if item.presence == Presence.WITHDRAWN:
        one.wanted["presence"] = int(Presence.HERE)
        one.comes_back = True
    _compare_says(work, one, roles)
    _show(work, one)


def _attributes(work: Importing, row: ItemRow, item: Item, who: Touched) -> dict[str, Any]:
    """What the source gives, over what others wrote where it may; what it gave before and gives no more is gone."""
    owned = work.owns("attributes")
    wanted = dict(item.attributes)
    for name in item.attributes.keys() - row.attributes.keys():
        if who.is_ours(f"attributes.{name}"):
            del wanted[name]
    for name, value in row.attributes.items():
        if owned or not who.is_others(f"attributes.{name}"):
            wanted[name] = value
    return wanted


def _compare_whole(work: Importing, one: Compared, who: Touched) -> None:
    row, item = one.taken.row, one.item
    may = work.owns("part_of") or not who.is_others("part_of_id")
    if row.part_of:
        whole = work.resolver.id_of(ITEM, row.part_of)
        if whole is None:
            work.open("unknown_whole", "items", row, "part_of", row.part_of, item_id=item.pk)
        elif may and whole != item.part_of_id:
            one.wanted["part_of_id"] = whole
    elif item.part_of_id is not None and work.speaks(row, "part_of") and who.is_ours("part_of_id"):
        one.wanted["part_of_id"] = None


def _compare_says(work: Importing, one: Compared, roles: list[ItemRole]) -> None:
    row = one.taken.row
    if work.speaks(row, "group") or work.speaks(row, "groups"):
        claimants = one.says.claimants or None
        one.new_says = one.says.group_id != one.key.says_group_id or claimants != (one.key.claimants or None)
    if any(work.speaks(row, name) for name in (*ROLES[1:], "groups")):
        held = {(role.role, role.group_id): role for role in roles}
        one.new_roles = [pair for pair in one.says.roles if pair not in held]
        one.old_roles = [
            role for pair, role in held.items() if role.source_id == work.source.pk and pair not in one.says.roles
        ]


def _show(work: Importing, one: Compared) -> None:
    """The changes as people read them: field to before and after."""
    row, item = one.taken.row, one.item
    for name, value in one.wanted.items():
        old = getattr(item, name)
        if name == "attributes":
            for inner in sorted({*old, *value}):
                if old.get(inner) != value.get(inner):
                    one.changes[f"attributes.{inner}"] = [old.get(inner), value.get(inner)]
        elif name == "kind":
            one.changes[name] = [old.key, value.key]
        elif name == "state":
            one.changes[name] = [State(old).key, State(value).key]
        elif name == "criticality":
            one.changes[name] = [Criticality(old).key, Criticality(value).key]
        elif name == "part_of_id":
            one.changes["part_of"] = [work.name_of(old), work.name_of(value, row.part_of)]
        elif name != "presence":
            one.changes[name] = [old, value]
    if one.new_says:
        before = _said_names(work, one.key.says_group_id, one.key.claimants)
        after = _said_names(work, one.says.group_id, one.says.claimants, row.group)
        if before != after:
            one.changes["group"] = [before, after]
    for role, group_id in one.new_roles:
        one.changes[role] = [None, work.name_of(group_id)]
    for old_role in one.old_roles:
        one.changes.setdefault(old_role.role, [None, None])[0] = work.name_of(old_role.group_id)


def _said_names(
    work: Importing, group_id: int | None, claimants: list[int] | None, given: str | None = None
) -> str | None:
    if group_id is not None:
        return work.name_of(group_id, given)
    return ", ".join(work.name_of(one) or "?" for one in claimants) if claimants else None


def _refuse_loops(work: Importing, compared: list[Compared]) -> None:
    """Leave the links that would close a circle, and tell them."""
    moving = {one.item.pk: one for one in compared if (one.wanted.get("part_of_id") or 0) > 0}
    if not moving:
        return
    changes = {one.item.pk: one.wanted["part_of_id"] for one in compared if "part_of_id" in one.wanted}
    parents: dict[int, int | None] = {one.item.pk: one.item.part_of_id for one in compared}
    ends = {whole for whole in (*changes.values(), *parents.values()) if whole is not None and whole > 0}
    while missing := [one for one in ends if one not in parents]:
        for start in range(0, len(missing), CHUNK):
            part = missing[start : start + CHUNK]
            parents.update(dict.fromkeys(part))
            parents.update(Item.objects.filter(pk__in=part).values_list("id", "part_of_id"))
        ends = {parents[one] for one in missing if parents[one] is not None}  # type: ignore[misc]
    for link in break_loops(parents, changes):
        one = moving[link.child]
        del one.wanted["part_of_id"]
        one.changes.pop("part_of", None)
        row = one.taken.row
        work.open("loop", "items", row, "part_of", row.part_of or "", item_id=one.item.pk)


def _write(work: Importing, compared: list[Compared]) -> None:
    dump = engine().json
    by_id = {one.key.pk: one for one in compared}
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table_of(SourceKey)} SET digest = %s, says_group_id = %s, claimants = %s, "  # noqa: S608 - own names only
            f"not_seen_since = NULL WHERE id = %s",
            [
                (
                    one.taken.digest,
                    one.says.group_id if one.new_says else one.key.says_group_id,
                    dump(claimants) if (claimants := one.says.claimants if one.new_says else one.key.claimants) else None,
                    key_id,
                )
                for key_id, one in by_id.items()
            ],
        )
    events = []
    for one in compared:
        if one.key.not_seen_since is not None:
            before = {"not_seen_since": one.key.not_seen_since.isoformat()}
            events.append(_event(work, "importers.item.seen_again", one, before, {"not_seen_since": None}))
        if one.new_says:
            old = {"says_group": one.key.says_group_id, "claimants": one.key.claimants}
            new = {"says_group": one.says.group_id, "claimants": one.says.claimants or None}
            events.append(_event(work, "importers.item.said", one, {**old}, {**new}))
    record_many(events)
    for one in compared:
        for role in one.old_roles:
            role.to_on = work.on
    ItemRole.objects.bulk_update([role for one in compared for role in one.old_roles], ["to_on"], batch_size=200)
    ItemRole.objects.bulk_create(
        (
            ItemRole(
                item_id=one.item.pk, group_id=group_id, role=role, from_on=work.on, source_id=work.source_id,
                batch_id=work.batch_id,
            )
            for one in compared
            for role, group_id in one.new_roles
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    change_items(
        [(one.item, one.wanted) for one in compared if one.wanted], by=work.by, on=work.on, batch=work.batch
    )
    again = [one.item.pk for one in compared if one.new_says]
    recompute(sorted(set(again)), by=work.by, on=work.on, batch_id=work.batch_id)


def _event(work: Importing, verb: str, one: Compared, before: dict[str, Any], after: dict[str, Any]) -> Any:
    return make(
        verb, "item", one.item.pk, by=work.by, before=before, after=after, reason=work.source.name, batch=work.batch
    )


def _tell(work: Importing, one: Compared) -> None:
    verdict = Verdict.CREATED if one.comes_back else Verdict.CHANGED if one.changes else None
    if verdict:
        row = one.taken.row
        work.tell(verdict, "items", row, name=row.name, item_id=one.item.pk, changes=one.changes or None)
