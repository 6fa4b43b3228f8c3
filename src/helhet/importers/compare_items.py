"""What rows of items ask for: references looked up, and held field by field against the items that they speak of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from helhet.groups.models import ItemRole
from helhet.importers.apply_relations import ancestors
from helhet.importers.resolving import GROUP, ITEM
from helhet.importers.rows import ROLES, ItemRow
from helhet.importers.spool import Taken
from helhet.importers.touched import Touched, touched
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import Criticality, Item, KeySort, Presence, SourceKey, State
from helhet.rules.loops import break_loops

STATES = {state.key: int(state) for state in State}
CRITICALITIES = {one.key: int(one) for one in Criticality}

WORDS: dict[str, Callable[[Any], str]] = {
    "kind": lambda kind: str(kind.key),
    "state": lambda state: State(state).key,
    "criticality": lambda criticality: Criticality(criticality).key,
}


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


def compare(work: Importing, rows: Sequence[Taken]) -> list[Compared]:
    """Each row beside its item, with what it asks for."""
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
        firsts |= deciding(work, part)
        for role in ItemRole.objects.filter(item_id__in=part, to_on__isnull=True).order_by("id"):
            roles.setdefault(role.item_id, []).append(role)
    who = touched(items.values(), work.source_id)
    work.learn_names(item.part_of_id for item in items.values())
    work.learn_names(work.resolver.id_of(ITEM, one.row.part_of) for one in rows if one.row.part_of)
    work.learn_names(key.says_group_id for key in keys.values())
    compared = []
    for one in rows:
        key = keys[one.row.key]
        item = items[key.item_id]
        result = Compared(one, key, item, said(work, one.row, item.pk))
        if firsts[item.pk] == key.pk:
            _compare(work, result, who[item.pk], roles.get(item.pk, []))
        compared.append(result)
    return compared


def deciding(work: Importing, ids: Sequence[int]) -> dict[int, int]:
    """By item, the key whose row says what the item is, where the source has several: the first that it still shows."""
    chosen: dict[int, tuple[bool, int]] = {}
    known = SourceKey.objects.filter(source_id=work.source_id, sort=KeySort.ITEM, item_id__in=ids)
    for key_id, item_id, key, since in known.values_list("id", "item_id", "key", "not_seen_since"):
        is_gone = not work.plan.has("items", key) and (since is not None or not work.run.is_partial)
        chosen[item_id] = min((is_gone, key_id), chosen.get(item_id, (is_gone, key_id)))
    return {item_id: key_id for item_id, (_is_gone, key_id) in chosen.items()}


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
    given = {name: value for name, value in row.attributes.items() if owned or not who.is_others(f"attributes.{name}")}
    return {**wanted, **given}


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
    for name, value in one.wanted.items():
        _show_field(work, one, name, value)
    if one.new_says:
        before = _said_names(work, one.key.says_group_id, one.key.claimants)
        after = _said_names(work, one.says.group_id, one.says.claimants, one.taken.row.group)
        if before != after:
            one.changes["group"] = [before, after]
    for role, group_id in one.new_roles:
        one.changes[role] = [None, work.name_of(group_id)]
    for old_role in one.old_roles:
        one.changes.setdefault(old_role.role, [None, None])[0] = work.name_of(old_role.group_id)


def _show_field(work: Importing, one: Compared, name: str, value: Any) -> None:
    old = getattr(one.item, name)
    if name == "attributes":
        differing = [inner for inner in sorted({*old, *value}) if old.get(inner) != value.get(inner)]
        one.changes |= {f"attributes.{inner}": [old.get(inner), value.get(inner)] for inner in differing}
    elif name == "part_of_id":
        one.changes["part_of"] = [work.name_of(old), work.name_of(value, one.taken.row.part_of)]
    elif name in WORDS:
        one.changes[name] = [WORDS[name](old), WORDS[name](value)]
    elif name != "presence":
        one.changes[name] = [old, value]


def _said_names(
    work: Importing, group_id: int | None, claimants: list[int] | None, given: str | None = None
) -> str | None:
    if group_id is not None:
        return work.name_of(group_id, given)
    return ", ".join(work.name_of(one) or "?" for one in claimants) if claimants else None


def refuse_loops(work: Importing, compared: list[Compared]) -> None:
    """Leave the links that would close a circle, and tell them."""
    moving = {one.item.pk: one for one in compared if (one.wanted.get("part_of_id") or 0) > 0}
    if not moving:
        return
    changes = {one.item.pk: one.wanted["part_of_id"] for one in compared if "part_of_id" in one.wanted}
    ends = {whole for whole in changes.values() if whole is not None}
    parents = {one.item.pk: one.item.part_of_id for one in compared}
    parents |= ancestors({*ends, *(whole for whole in parents.values() if whole is not None)})
    for link in break_loops(parents, changes):
        one = moving[link.child]
        del one.wanted["part_of_id"]
        one.changes.pop("part_of", None)
        row = one.taken.row
        work.open("loop", "items", row, "part_of", row.part_of or "", item_id=one.item.pk)
