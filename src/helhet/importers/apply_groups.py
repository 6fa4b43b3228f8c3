"""Groups, persons and memberships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from helhet.groups.models import Basis, Group, GroupState, Membership, Person
from helhet.groups.writing import (
    NewGroup,
    NewMembership,
    NewPerson,
    add_groups,
    add_memberships,
    add_persons,
    change_groups,
    change_memberships,
    change_persons,
)
from helhet.importers.models import Statement, Verdict
from helhet.importers.plan import further_key
from helhet.importers.resolving import GROUP
from helhet.importers.rows import GroupRow, MemberRow, PersonRow
from helhet.importers.spool import Taken
from helhet.importers.touched import Touched, touched
from helhet.importers.work import Importing
from helhet.items.models import KeySort, Presence, SourceKey
from helhet.items.writing import NewKey
from helhet.kit.engines import save
from helhet.rules.loops import break_loops, would_loop


def take_new_groups(work: Importing, rows: Sequence[Taken]) -> None:
    """Write groups that the source has not given before."""
    places = {one.row.key: at for at, one in enumerate(rows)}
    work.resolver.learn(GROUP, {one.row.parent for one in rows} - places.keys())
    loops = _new_loops(rows, places)
    drafts = []
    for at, one in enumerate(rows):
        row: GroupRow = one.row
        parent_at = places.get(row.parent) if row.parent and at not in loops else None
        parent_id = work.resolver.id_of(GROUP, row.parent) if parent_at is None and at not in loops else None
        if row.parent and parent_at is None and parent_id is None:
            work.open("loop" if at in loops else "unknown_group", "groups", row, "parent", row.parent)
        drafts.append(
            NewGroup(
                name=row.name, basis=row.basis or Basis.OTHER, mandate=row.mandate or "",
                state=row.state or GroupState.ACTIVE, parent_id=parent_id, parent_at=parent_at, contacts=row.contact,
                key=NewKey(work.source_id, row.key, sort=KeySort.GROUP, digest=one.digest),
            )
        )  # fmt: skip
    ids: list[int] = []
    if not work.is_trial:
        ids = add_groups(drafts, by=work.by, on=work.on, batch=work.batch)
        work.resolver.remember(GROUP, places, ids)
        _add_further_keys(work, rows, dict(zip(places, ids, strict=True)))
        work.opened = [one._replace(item_id=ids[places[one.key]]) for one in work.opened if one.key in places]
    for at, one in enumerate(rows):
        work.tell(Verdict.CREATED, "groups", one.row, name=one.row.name, item_id=ids[at] if ids else None)
    work.settle_findings("groups", list(places), are_new=True)


def _new_loops(rows: Sequence[Taken], places: dict[str, int]) -> set[int]:
    parents: dict[int, int | None] = {at: places.get(one.row.parent or "") for at, one in enumerate(rows)}
    return {link.child for link in break_loops({}, parents)}


def take_differing_groups(work: Importing, rows: Sequence[Taken]) -> None:
    """Hold rows against their groups."""
    work.resolver.learn(GROUP, {one.row.parent for one in rows})
    by_key = [one.row.key for one in rows]
    keys = {
        key.key: key for key in SourceKey.objects.filter(source_id=work.source_id, sort=KeySort.GROUP, key__in=by_key)
    }
    _adopt(work, [one.row for one in rows if one.row.key not in keys], keys)
    chosen = Group.objects.filter(pk__in=[key.item_id for key in keys.values()]).select_related("item__kind")
    groups = {group.pk: group for group in chosen}
    who = touched((group.item for group in groups.values()), work.source_id)
    parents: dict[int, int | None] = dict(Group.objects.values_list("pk", "parent_id"))
    changes: list[tuple[Group, dict[str, Any]]] = []
    for one in rows:
        key = keys[one.row.key]
        group = groups[key.item_id]
        wanted = _wanted_group(work, one.row, group, who[group.pk], parents)
        shown = {name.removesuffix("_id"): [_plain(group, name), value] for name, value in wanted.items()}
        comes_back = group.item.presence == Presence.WITHDRAWN
        if comes_back:
            wanted["presence"] = int(Presence.HERE)
        if wanted:
            changes.append((group, wanted))
        if "parent" in shown:
            shown["parent"] = [work.name_of(group.parent_id), work.name_of(wanted["parent_id"], one.row.parent)]
        if shown or comes_back:
            verdict = Verdict.CREATED if comes_back else Verdict.CHANGED
            work.tell(verdict, "groups", one.row, name=one.row.name, item_id=group.pk, changes=shown)
        key.digest, key.not_seen_since = one.digest, None
    if not work.is_trial:
        change_groups(changes, by=work.by, on=work.on, batch=work.batch)
        save(SourceKey, keys.values(), ["digest", "not_seen_since"])
        _add_further_keys(work, rows, {key.key: key.item_id for key in keys.values()})
    work.settle_findings("groups", by_key, are_new=False)


def _add_further_keys(work: Importing, rows: Sequence[Taken], ids: dict[str, int]) -> None:
    """Let the groups be found by their further keys too, by those that mean no other group of the source already."""
    keys = {also: ids[one.row.key] for one in rows for also in one.row.also}
    SourceKey.objects.bulk_create(
        (
            SourceKey(source_id=work.source_id, sort=KeySort.GROUP, key=key, item_id=item_id, digest=further_key(key))
            for key, item_id in keys.items()
        ),
        batch_size=1_000,
        ignore_conflicts=True,
    )


def _adopt(work: Importing, rows: Sequence[GroupRow], keys: dict[str, SourceKey]) -> None:
    """Give the groups that the source named before by a further key of these rows the rows' own keys."""
    further = {also for row in rows for also in row.also}
    named = SourceKey.objects.filter(source_id=work.source_id, sort=KeySort.GROUP, key__in=further)
    ids = dict(named.values_list("key", "item_id"))
    for row in rows:
        item_id = next(ids[also] for also in row.also if also in ids)
        keys[row.key] = key = SourceKey(source_id=work.source_id, sort=KeySort.GROUP, key=row.key, item_id=item_id)
        if not work.is_trial:
            key.save()


def _wanted_group(
    work: Importing, row: GroupRow, group: Group, who: Touched, parents: dict[int, int | None]
) -> dict[str, Any]:
    asked: dict[str, Any] = {"name": row.name}
    if row.basis is not None:
        asked["basis"] = row.basis
    if row.mandate is not None:
        asked["mandate"] = row.mandate
    if row.state is not None:
        asked["state"] = row.state
    asked["contacts"] = {**group.contacts, **row.contact}
    if row.parent:
        parent = work.resolver.id_of(GROUP, row.parent)
        if parent is None:
            work.open("unknown_group", "groups", row, "parent", row.parent, item_id=group.pk)
        elif parent > 0 and would_loop(parents, group.pk, parent):
            work.open("loop", "groups", row, "parent", row.parent, item_id=group.pk)
        else:
            asked["parent_id"] = parent
            parents[group.pk] = parent
    return {
        name: value
        for name, value in asked.items()
        if _plain(group, name) != value and (work.owns(name.removesuffix("_id")) or not who.is_others(name))
    }


def _plain(group: Group, name: str) -> Any:
    return group.item.name if name == "name" else getattr(group, name)


# ---- persons -----------------------------------------------------------------------------------------------------


def take_persons(work: Importing, rows: Sequence[Taken]) -> None:
    """Persons, new and known: by the source's key, else by their address."""
    keys = [one.row.key for one in rows]
    known = work.statements("persons", keys)
    by_email = _people_by_email({one.row.email.lower() for one in rows if one.row.email})
    ids = {statement.object_id for statement in known.values() if statement.object_id is not None}
    people = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
    made: list[Statement] = []
    new: list[tuple[Taken, Statement]] = []
    changes: list[tuple[Person, dict[str, Any]]] = []
    for one in rows:
        row: PersonRow = one.row
        statement = work.statement("persons", row.key, one.digest)
        person = people.get((known[row.key].object_id if row.key in known else 0) or 0)
        person = person or by_email.get((row.email or "").lower())
        made.append(statement)
        if person is None:
            new.append((one, statement))
            work.tell(Verdict.CREATED, "persons", row, name=row.name)
            continue
        statement.object_id = person.pk
        wanted = _wanted_person(row, person)
        if told := {name: [getattr(person, name), value] for name, value in wanted.items()}:
            work.tell(Verdict.CHANGED, "persons", row, name=row.name, changes=told)
        if person.source_id in {None, work.source.pk}:
            wanted |= {"source_id": work.source.pk, "source_key": row.key, "not_seen_since": None}
        changes.append((person, wanted))
    if not work.is_trial:
        change_persons(changes, by=work.by, batch=work.batch)
        drafts = [
            NewPerson(name=one.row.name, email=one.row.email or "", unit=one.row.unit or "", source_id=work.source_id,
                      source_key=one.row.key)
            for one, _statement in new
        ]  # fmt: skip
        for (_one, statement), person_id in zip(new, add_persons(drafts, by=work.by, batch=work.batch), strict=True):
            statement.object_id = person_id
        work.state(made, known)
    work.settle_findings("persons", keys, are_new=False)


def _people_by_email(emails: set[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    listed = sorted(emails)
    for start in range(0, len(listed), 500):
        for person in Person.objects.filter(email__in=listed[start : start + 500]).order_by("-id"):
            found[person.email] = person
    return found


def _wanted_person(row: PersonRow, person: Person) -> dict[str, Any]:
    asked: dict[str, Any] = {"name": row.name if row.name != row.key else person.name}
    if row.email:
        asked["email"] = row.email.lower()
    if row.unit:
        asked["unit"] = row.unit
    return {name: value for name, value in asked.items() if getattr(person, name) != value}


# ---- memberships -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Members:
    """One portion of memberships: what was stated before, and what is to be written."""

    known: dict[str, Statement]
    persons: dict[str, Statement]
    held: dict[int, Membership]
    made: list[Statement] = field(default_factory=list)
    new: list[tuple[Statement, MemberRow, int, int]] = field(default_factory=list)
    changes: list[tuple[Membership, dict[str, Any]]] = field(default_factory=list)


def take_members(work: Importing, rows: Sequence[Taken]) -> None:
    """Memberships, new and known. One of an unknown group is kept as a finding until the group is there."""
    keys = [one.row.key for one in rows]
    known = work.statements("members", keys)
    ids = [one.object_id for one in known.values() if one.object_id is not None]
    work.resolver.learn(GROUP, {one.row.group for one in rows})
    members = Members(
        known,
        work.statements("persons", {one.row.person for one in rows}),
        {row.pk: row for row in Membership.objects.filter(pk__in=ids)},
    )
    for one in rows:
        _member(work, members, one)
    if not work.is_trial:
        change_memberships(members.changes, by=work.by, batch=work.batch)
        join(work, members.new)
        work.state(members.made, known)
    work.settle_findings("members", keys, are_new=False)


def _member(work: Importing, members: Members, one: Taken) -> None:
    row: MemberRow = one.row
    statement = work.statement("members", row.key, one.digest)
    members.made.append(statement)
    group_id, person_id = work.resolver.id_of(GROUP, row.group), _person_id(work, members, row)
    known = members.known.get(row.key)
    work.hang("members", known, hangs=group_id is None or person_id is None)
    if group_id is None:
        work.open("unknown_group", "members", row, "group", row.group, details={"row": as_details(row)})
        return
    if person_id is None:
        work.open("unknown_person", "members", row, "person", row.person, details={"row": as_details(row)})
        return
    statement.group_id = group_id if group_id > 0 else None
    before = members.held.get((known.object_id if known else None) or 0)
    if before is None:
        members.new.append((statement, row, group_id, person_id))
        work.tell(Verdict.CREATED, "members", row, name=row.name or row.person)
        return
    statement.object_id = before.pk
    wanted: dict[str, Any] = {"role": row.role, "from_on": row.from_on, "to_on": row.to_on, "share": row.share}
    differing = {name: value for name, value in wanted.items() if getattr(before, name) != value}
    if differing:
        told = {name: [_text(getattr(before, name)), _text(value)] for name, value in differing.items()}
        work.tell(Verdict.CHANGED, "members", row, name=row.name or row.person, changes=told)
    members.changes.append((before, {**wanted, "not_seen_since": None}))


def _person_id(work: Importing, members: Members, row: MemberRow) -> int | None:
    """The person's id; below 0 for one that is only planned."""
    person = members.persons.get(row.person)
    if person is not None:
        return person.object_id
    return -1 if work.is_trial and row.person in work.plan.numbers.get("persons", {}) else None


def join(work: Importing, new: Sequence[tuple[Statement, MemberRow, int, int]]) -> None:
    """Write memberships whose both ends are known, and tell their statements."""
    drafts = [
        NewMembership(
            group_id=group_id, person_id=person_id, role=row.role, from_on=row.from_on, to_on=row.to_on,
            share=row.share, source_id=work.source_id, source_key=row.key,
        )
        for _statement, row, group_id, person_id in new
    ]  # fmt: skip
    for (statement, *_rest), membership_id in zip(
        new, add_memberships(drafts, by=work.by, batch=work.batch), strict=True
    ):
        statement.object_id = membership_id


def as_details(row: Any) -> dict[str, Any]:
    """A row without its place, as JSON, so that it can be taken when its missing end arrives."""
    return {name: _text(value) for name, value in zip(row._fields[:-1], row[:-1], strict=True)}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str | bool) else str(value)
