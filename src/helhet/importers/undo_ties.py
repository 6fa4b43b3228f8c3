"""Undoing what an import tied together: links, dependencies, memberships, roles, and what sources say of groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from helhet.changes.models import Change, ChangeItem
from helhet.changes.writing import ITEM_FIELDS, change_changes, plain
from helhet.estate.models import Dependency
from helhet.groups.models import Group, ItemRole, Membership, Person
from helhet.groups.writing import change_groups, change_memberships, change_persons, remove_memberships
from helhet.groups.writing import remove_persons as remove_people
from helhet.importers import roles, undo_pages
from helhet.importers.also_stated import hand_over
from helhet.importers.models import Statement, Verdict
from helhet.importers.rows import OWN
from helhet.items.actions import withdraw
from helhet.items.models import Link, Presence, SourceKey
from helhet.items.touching import touch
from helhet.journal.models import Event
from helhet.responsibility.deciding import recompute

if TYPE_CHECKING:
    from helhet.importers.undo import Undoing

MEMBERSHIP = ("role", "from_on", "to_on", "share")
PERSON = ("name", "email", "unit")
GROUP = ("basis", "mandate", "parent_id", "contacts", "name", "state")


def remove(work: Undoing, rows: Sequence[Statement]) -> None:
    """Take away the statements that the import made first, and the rows that they became."""
    by_noun: dict[str, list[int]] = {}
    for row in rows:
        if row.object_id is not None:
            by_noun.setdefault(row.noun, []).append(row.object_id)
    made = Dependency.objects.filter(pk__in=by_noun.get("dependencies", ()), batch_id=work.of.pk)
    own = set(made.values_list("pk", flat=True))
    dependencies = Dependency.objects.filter(pk__in=own - hand_over(own, {row.pk for row in rows}))
    touch(dependencies.values_list("from_item_id", flat=True))
    dependencies.delete()
    Link.objects.filter(pk__in=by_noun.get("links", ()), source_id=work.source.pk, at__gte=work.of.started_at).delete()
    ChangeItem.objects.filter(pk__in=by_noun.get("changed_items", ())).delete()
    members = _made(work, "groups.membership.created", "membership")
    ids = [one for one in by_noun.get("members", ()) if one in members]
    remove_memberships(ids, by=work.by, batch=work.batch, reason=work.batch.title)
    for noun, count in ((noun, len(found)) for noun, found in by_noun.items() if noun != OWN):
        work.report.count(Verdict.CREATED, noun, count)
    Statement.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _made(work: Undoing, verb: str, name: str) -> set[int]:
    """The ids that the import's events name."""
    rows = Event.objects.filter(batch=work.of, verb=verb).values_list("after", flat=True)
    return {after[name] for after in rows if after and name in after}


def end_roles(work: Undoing) -> None:
    """Further roles that the import gave."""
    ItemRole.objects.filter(batch_id=work.of.pk).delete()


def remove_persons(work: Undoing) -> int:
    """Persons that the import made, unless something is tied to them."""
    rows = list(Statement.objects.filter(batch_id=work.of.pk, noun="persons"))
    made = set(Event.objects.filter(batch=work.of, verb="groups.person.created").values_list("noun_id", flat=True))
    ids = [row.object_id for row in rows if row.object_id is not None and row.object_id in made]
    # A change that has left the register needs its owner no more; it gets him back with its row.
    left = Change.objects.filter(item__created_in=work.of.pk, owner_id__in=ids).exclude(item__presence=Presence.HERE)
    left.update(owner=None)
    gone = set(remove_free(ids, work))
    Statement.objects.filter(pk__in=[row.pk for row in rows if row.object_id in gone or row.object_id is None]).delete()
    work.report.count(Verdict.CREATED, "persons", len(gone))
    return len(gone)


def remove_free(ids: Sequence[int], work: Undoing) -> list[int]:
    """Those of the persons that nothing is tied to."""
    return remove_people(ids, by=work.by, batch=work.batch, reason=work.batch.title)


def set_back(work: Undoing, events: Sequence[Event]) -> None:
    """What the import changed besides the fields of items."""
    for event in events:
        before, after = event.before or {}, event.after or {}
        if event.verb == "importers.item.said":
            _said(work, event.noun_id, before, after)
        elif event.verb in {"importers.item.not_seen", "importers.item.seen_again"}:
            _seen(work, event.noun_id, before, after)
        elif event.verb == roles.ENDED:
            roles.open_again(work, before, after)
        elif event.verb == "groups.membership.changed":
            _membership(work, before, after)
        elif event.verb == "groups.person.changed":
            _person(work, event.noun_id, before, after)
        elif event.verb == "groups.group.changed":
            _group(work, event.noun_id, before, after)
        elif event.verb == "estate.dependency.changed":
            _dependency(before, after)
        elif event.verb == "changes.change.changed":
            _change(work, event.noun_id, before, after)


def _said(work: Undoing, item_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    key = SourceKey.objects.filter(source=work.source, sort=0, item_id=item_id).order_by("id").first()
    if key is not None and key.says_group_id == after["says_group"] and (key.claimants or None) == after["claimants"]:
        key.says_group_id, key.claimants, key.digest = before["says_group"], before["claimants"], None
        key.save(update_fields=["says_group", "claimants", "digest"])
        recompute([item_id], by=work.by, on=work.on, batch_id=work.batch.pk)


def _seen(work: Undoing, item_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    rows = SourceKey.objects.filter(source=work.source, item_id=item_id)
    rows.filter(not_seen_since=after["not_seen_since"]).update(not_seen_since=before["not_seen_since"], digest=None)
    undo_pages.seen(work.source, item_id, before["not_seen_since"])


def _membership(work: Undoing, before: dict[str, Any], after: dict[str, Any]) -> None:
    row = Membership.objects.filter(pk=before.get("membership") or 0).first()
    if row is not None:
        wanted = {
            name: _value(name, before.get(name)) for name in MEMBERSHIP if name in before and _holds(row, name, after)
        }
        change_memberships([(row, wanted)], by=work.by, batch=work.batch, reason=work.batch.title)


def _person(work: Undoing, person_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    row = Person.objects.filter(pk=person_id).first()
    if row is not None:
        wanted = {name: before[name] for name in PERSON if name in before and _holds(row, name, after)}
        change_persons([(row, wanted)], by=work.by, batch=work.batch, reason=work.batch.title)


def _group(work: Undoing, group_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    row = Group.objects.filter(pk=group_id).select_related("item__kind").first()
    if row is None:
        return
    held = {name: row.name if name == "name" else getattr(row, name) for name in GROUP}
    wanted = {name: before[name] for name in GROUP if name in before and held[name] == after.get(name)}
    if wanted.get("state") in {"live", "retiring", "retired"}:
        wanted.pop("state")
    change_groups([(row, wanted)], by=work.by, on=work.on, batch=work.batch, reason=work.batch.title)
    work.forget([group_id])


def _dependency(before: dict[str, Any], after: dict[str, Any]) -> None:
    row = Dependency.objects.filter(pk=before.get("dependency") or 0).first()
    if row is None:
        return
    for name in ("type", "criticality", "note"):
        if name in before and getattr(row, name) == after.get(name):
            setattr(row, name, before[name])
    row.version += 1
    row.save(update_fields=["type", "criticality", "note", "version"])
    touch([row.from_item_id])


def _change(work: Undoing, change_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    row = Change.objects.filter(pk=change_id).select_related("item__kind").first()
    if row is None:
        return
    held = {name: plain(getattr(row.item if name in ITEM_FIELDS else row, name)) for name in before}
    wanted = {name: _instant(name, before[name]) for name in before if name != "presence" and held[name] == after[name]}
    change_changes([(row, wanted)], by=work.by, on=work.on, batch=work.batch, reason=work.batch.title)
    if before.get("presence") == Presence.WITHDRAWN:
        withdraw([row.item], by=work.by, batch=work.batch, reason=work.batch.title)
    work.forget([change_id])


def _instant(name: str, value: Any) -> Any:
    return dt.datetime.fromisoformat(value) if value and name.endswith("_at") else value


def _holds(row: Any, name: str, after: dict[str, Any]) -> bool:
    value = getattr(row, name)
    return (str(value) if isinstance(value, dt.date | Decimal) else value) == after.get(name)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in {"from_on", "to_on"}:
        return dt.date.fromisoformat(value)
    return Decimal(value) if name == "share" else value
