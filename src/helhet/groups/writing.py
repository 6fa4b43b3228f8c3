"""The one way in which groups, persons and memberships come to be and change: for a verb and an import alike.

Each function must run inside a transaction. It writes the rows and their events; rights and the sense of what is
asked are the business of the verbs in `actions`, and of the importer. A group's events carry its item's id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import PROTECT, Exists, OuterRef, Q

from helhet.accounts.models import User
from helhet.groups.models import Basis, Group, GroupState, Membership, Person, Role
from helhet.items.models import Item, Kind, SourceKey, State
from helhet.items.text import sort_key
from helhet.items.writing import NewItem, NewKey, add_items, change_items
from helhet.journal.actions import make, record_many
from helhet.journal.models import Batch
from helhet.kit.engines import engine, insert, save, table_of
from helhet.kit.rights import Caller

KIND = "group"
CHUNK = 500
ITEM_STATE = {
    GroupState.ACTIVE: State.LIVE,
    GroupState.CLOSING: State.RETIRING,
    GroupState.CLOSED: State.RETIRED,
}
"""The state of a group's item follows that of the group."""

ITEM_FIELDS = frozenset({"name", "description", "attributes", "tags", "presence", "merged_into_id"})
GROUP_FIELDS = frozenset({"basis", "mandate", "parent_id", "state", "contacts", "is_management_team"})
PERSON_FIELDS = frozenset(
    {"name", "email", "unit", "title", "phone", "user_id", "source_id", "source_key", "digest", "not_seen_since",
     "ended_on"}
)  # fmt: skip
MEMBERSHIP_FIELDS = frozenset(
    {"role", "from_on", "to_on", "share", "source_id", "source_key", "digest", "not_seen_since"}
)
UNTOLD = frozenset({"digest", "source_id", "source_key"})
"""What events do not tell: it says how a record was taken, not what is so."""


# ---- groups ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class NewGroup:
    """A group that is to be. The parent is a group that exists (`parent_id`, its item's id) or another of the same
    drafts (`parent_at`, its place among them). `key` has the sort GROUP.
    """

    name: str
    basis: str = Basis.OTHER
    mandate: str = ""
    state: str = GroupState.ACTIVE
    parent_id: int | None = None
    parent_at: int | None = None
    contacts: dict[str, Any] = field(default_factory=dict)
    is_management_team: bool = False
    description: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    key: NewKey | None = None


def add_groups(
    drafts: Sequence[NewGroup], *, by: Caller, on: dt.date, batch: Batch | None = None, reason: str = ""
) -> list[int]:
    """Write new groups; returns their ids (those of their items) in the same order."""
    if not drafts:
        return []
    kind = Kind.objects.get(key=KIND)
    items = [
        NewItem(
            kind=kind, name=draft.name, state=ITEM_STATE[GroupState(draft.state)], description=draft.description,
            attributes=draft.attributes, tags=draft.tags, key=draft.key,
        )
        for draft in drafts
    ]  # fmt: skip
    ids = add_items(items, by=by, on=on, batch=batch, reason=reason)
    dump = engine().json
    insert(
        Group,
        ("item", "basis", "mandate", "parent", "state", "closed_on", "contacts", "is_management_team"),
        (
            (
                group_id, draft.basis, draft.mandate,
                draft.parent_id if draft.parent_at is None else ids[draft.parent_at],
                draft.state, on if draft.state == GroupState.CLOSED else None, dump(draft.contacts),
                draft.is_management_team,
            )
            for group_id, draft in zip(ids, drafts, strict=True)
        ),
    )  # fmt: skip
    return ids


def change_groups(
    changes: Iterable[tuple[Group, dict[str, Any]]],
    *,
    by: Caller,
    on: dt.date,
    batch: Batch | None = None,
    reason: str = "",
    verb: str = "groups.group.changed",
) -> list[int]:
    """Set fields of groups and of their items (ITEM_FIELDS, GROUP_FIELDS); returns the ids of those that changed.

    The groups must have been read with their items inside this transaction. Each gets one event; the version is the
    item's.
    """
    on_items: list[tuple[Item, dict[str, Any]]] = []
    beside: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    changed: list[Group] = []
    for group, wanted in changes:
        if unknown := set(wanted) - ITEM_FIELDS - GROUP_FIELDS:
            raise ValueError(f"not fields that can be changed: {sorted(unknown)}")
        own = {name: value for name, value in wanted.items() if name in GROUP_FIELDS and getattr(group, name) != value}
        for_item = {name: value for name, value in wanted.items() if name in ITEM_FIELDS}
        before = {name: getattr(group, name) for name in own}
        for name, value in own.items():
            setattr(group, name, value)
        if "state" in own:
            for_item["state"] = int(ITEM_STATE[GroupState(group.state)])
            group.closed_on = on if group.state == GroupState.CLOSED else None
        if own:
            changed.append(group)
            beside[group.pk] = (before, own)
        on_items.append((group.item, for_item))
    if changed:
        save(Group, changed, [*sorted(GROUP_FIELDS - {"parent_id"}), "parent", "closed_on"])
    return change_items(on_items, by=by, on=on, batch=batch, reason=reason, verb=verb, beside=beside)


# ---- persons ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class NewPerson:
    """A person who is to be. The e-mail address ties him to the user who has it."""

    name: str
    email: str = ""
    unit: str = ""
    title: str = ""
    phone: str = ""
    source_id: int | None = None
    source_key: str = ""
    digest: int | None = None


def add_persons(drafts: Sequence[NewPerson], *, by: Caller, batch: Batch | None = None, reason: str = "") -> list[int]:
    """Write new persons, one event each, and tie them to users; returns their ids in the same order."""
    if not drafts:
        return []
    people = [
        Person(
            name=draft.name, name_key=sort_key(draft.name), email=draft.email.strip().lower(), unit=draft.unit,
            title=draft.title, phone=draft.phone, source_id=draft.source_id, source_key=draft.source_key,
            digest=draft.digest,
        )
        for draft in drafts
    ]  # fmt: skip
    for person, person_id in zip(people, engine().reserve_ids(table_of(Person), len(people)), strict=True):
        person.pk = person_id
    Person.objects.bulk_create(people, CHUNK)
    record_many(
        make(
            "groups.person.created", "person", person.pk, by=by, after={"name": person.name}, reason=reason, batch=batch
        )
        for person in people
    )
    tie_users(people, by=by, batch=batch)
    return [person.pk for person in people]


def change_persons(
    changes: Iterable[tuple[Person, dict[str, Any]]],
    *,
    by: Caller,
    batch: Batch | None = None,
    reason: str = "",
    verb: str = "groups.person.changed",
) -> list[int]:
    """Set fields of persons (PERSON_FIELDS), read inside this transaction; returns the ids of those that changed."""
    changed: list[Person] = []
    events = []
    for person, wanted in changes:
        new = _set(person, wanted, PERSON_FIELDS)
        if not new:
            continue
        if "name" in new:
            person.name_key = sort_key(person.name)
        changed.append(person)
        if told := new.keys() - UNTOLD:
            person.version += 1
            before, after = _told(new, told)
            events.append(
                make(verb, "person", person.pk, by=by, before=before, after=after, reason=reason, batch=batch)
            )
    if changed:
        fields = [name.removesuffix("_id") for name in sorted(PERSON_FIELDS)]
        save(Person, changed, [*fields, "name_key", "version"])
        record_many(events)
        tie_users([person for person in changed if person.email and not person.user_id], by=by, batch=batch)
    return [person.pk for person in changed]


def tie_users(people: Sequence[Person], *, by: Caller, batch: Batch | None = None) -> None:
    """Tie persons without a user to the user with their address, unless that user is somebody already."""
    by_email = {person.email: person for person in reversed(people) if person.email and person.user_id is None}
    emails = list(by_email)
    events = []
    for start in range(0, len(emails), CHUNK):
        free = User.objects.filter(email__in=emails[start : start + CHUNK], person__isnull=True)
        for user_id, email in free.values_list("pk", "email"):
            person = by_email[email]
            person.user_id = user_id
            Person.objects.filter(pk=person.pk).update(user_id=user_id)
            events.append(make("groups.person.tied", "person", person.pk, by=by, after={"user": email}, batch=batch))
    record_many(events)


# ---- memberships -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class NewMembership:
    """A membership that is to be. `to_on` is the last day; `share` is percent of working time."""

    group_id: int
    person_id: int
    role: str = Role.MEMBER
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    share: Decimal | None = None
    source_id: int | None = None
    source_key: str = ""
    digest: int | None = None


def add_memberships(
    drafts: Sequence[NewMembership], *, by: Caller, batch: Batch | None = None, reason: str = ""
) -> list[int]:
    """Write new memberships, one event each among those of the group; returns their ids in the same order."""
    if not drafts:
        return []
    rows = [
        Membership(
            pk=membership_id, group_id=draft.group_id, person_id=draft.person_id, role=draft.role,
            from_on=draft.from_on, to_on=draft.to_on, share=draft.share, source_id=draft.source_id,
            source_key=draft.source_key, digest=draft.digest,
        )
        for membership_id, draft in zip(
            engine().reserve_ids(table_of(Membership), len(drafts)), drafts, strict=True
        )
    ]  # fmt: skip
    Membership.objects.bulk_create(rows, CHUNK)
    names = _names_of({row.person_id for row in rows})
    record_many(
        make(
            "groups.membership.created", "item", row.group_id, by=by, after=_as_told(row, names), reason=reason,
            batch=batch,
        )
        for row in rows
    )  # fmt: skip
    return [row.pk for row in rows]


def change_memberships(
    changes: Iterable[tuple[Membership, dict[str, Any]]],
    *,
    by: Caller,
    batch: Batch | None = None,
    reason: str = "",
    verb: str = "groups.membership.changed",
) -> list[int]:
    """Set fields of memberships (MEMBERSHIP_FIELDS), read inside this transaction; returns the ids of the changed."""
    changed: list[tuple[Membership, dict[str, tuple[Any, Any]]]] = []
    for membership, wanted in changes:
        new = _set(membership, wanted, MEMBERSHIP_FIELDS)
        if new:
            changed.append((membership, new))
            membership.version += bool(new.keys() - UNTOLD)
    if not changed:
        return []
    fields = [name.removesuffix("_id") for name in sorted(MEMBERSHIP_FIELDS)]
    save(Membership, [row for row, _new in changed], [*fields, "version"])
    names = _names_of({row.person_id for row, _new in changed})
    events = []
    for row, new in changed:
        if told := new.keys() - UNTOLD:
            who = {"membership": row.pk, "person": row.person_id, "person_name": names[row.person_id]}
            before, after = (who | part for part in _told(new, told))
            events.append(
                make(verb, "item", row.group_id, by=by, before=before, after=after, reason=reason, batch=batch)
            )
    record_many(events)
    return [row.pk for row, _new in changed]


def remove_memberships(ids: Sequence[int], *, by: Caller, batch: Batch | None = None, reason: str = "") -> None:
    """Take memberships away as if they had never been (a mistake, an undone import); the event keeps what they were."""
    rows = list(Membership.objects.filter(pk__in=ids))
    names = _names_of({row.person_id for row in rows})
    record_many(
        make(
            "groups.membership.removed", "item", row.group_id, by=by, before=_as_told(row, names), reason=reason,
            batch=batch,
        )
        for row in rows
    )  # fmt: skip
    Membership.objects.filter(pk__in=ids).delete()


def remove_persons(ids: Sequence[int], *, by: Caller, batch: Batch | None = None, reason: str = "") -> list[int]:
    """Take away persons to whom nothing is tied (no user, and no membership, task or other row that would not stand
    without them, also of rooms above); returns the ids of those removed.
    """
    tied = Q(user__isnull=False)
    for relation in Person._meta.related_objects:
        if relation.on_delete is PROTECT:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            tied |= Q(Exists(rows))
    free = list(Person.objects.filter(pk__in=ids).exclude(tied))
    record_many(
        make("groups.person.removed", "person", row.pk, by=by, before={"name": row.name, "email": row.email},
             reason=reason, batch=batch)
        for row in free
    )  # fmt: skip
    removed = [row.pk for row in free]
    Person.objects.filter(pk__in=removed).delete()
    return removed


def keyed_groups(source_id: int, keys: Sequence[str]) -> dict[str, int]:
    """Of the keys under which a source knows groups: key to the id of the group."""
    found: dict[str, int] = {}
    for start in range(0, len(keys), CHUNK):
        rows = SourceKey.objects.filter(source_id=source_id, sort=1, key__in=keys[start : start + CHUNK])
        found.update(rows.values_list("key", "item_id"))
    return found


# ---- parts -----------------------------------------------------------------------------------------------------


def _set(row: Any, wanted: dict[str, Any], allowed: frozenset[str]) -> dict[str, tuple[Any, Any]]:
    if unknown := set(wanted) - allowed:
        raise ValueError(f"not fields that can be changed: {sorted(unknown)}")
    new = {name: (getattr(row, name), value) for name, value in wanted.items() if getattr(row, name) != value}
    for name, (_old, value) in new.items():
        setattr(row, name, value)
    return new


def _told(new: dict[str, tuple[Any, Any]], names: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    before = {name: _plain(new[name][0]) for name in names}
    after = {name: _plain(new[name][1]) for name in names}
    return before, after


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _as_told(row: Membership, names: dict[int, str]) -> dict[str, Any]:
    told = {
        "membership": row.pk, "person": row.person_id, "person_name": names[row.person_id], "role": row.role,
        "from_on": _plain(row.from_on), "to_on": _plain(row.to_on), "share": _plain(row.share),
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def _names_of(ids: set[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        names.update(Person.objects.filter(pk__in=wanted[start : start + CHUNK]).values_list("pk", "name"))
    return names
