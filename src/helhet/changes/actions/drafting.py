"""Drafting a change and changing what it says: its words, its window, its items, its people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.finding import find_change
from helhet.changes.models import Change, ChangeItem, ChangePerson, ChangeState, ChangeType
from helhet.changes.permissions import ChangePermission
from helhet.changes.risks import take_risk
from helhet.changes.touching import keep, touch_of
from helhet.changes.writing import NewChange, add_changes, change_changes
from helhet.groups.finding import group_named, person_named
from helhet.groups.models import GroupState
from helhet.items.finding import checked_name, find_item
from helhet.items.models import Item, State
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

TEXT_LIMIT = 20_000
LONGEST = dt.timedelta(days=90)
TEXTS = ("purpose", "plan", "test", "way_back", "learnt")
MOST_ITEMS = 500


@transaction.atomic
def draft_change(*, by: Caller, title: str, group: str, reason: str = "", **fields: Any) -> Change:
    """A new change, of a group (reference or name). `fields`: type, owner, purpose, plan, test, way_back, starts_at and
    ends_at (instants), items (references), people (names).
    """
    wanted = wanted_fields({"group": group, **fields}, by)
    items, people = wanted.pop("items", []), wanted.pop("people", [])
    by.require(ChangePermission.DRAFT, Change(group_id=wanted["group_id"]))
    if "owner_id" not in wanted:
        wanted["owner_id"] = by.person_id
    draft = NewChange(checked_name(title), items=[item.pk for item in items], **wanted)
    (change_id,) = add_changes([draft], by=by, on=timezone.localdate(), reason=reason)
    change = find_change(Item.objects.get(pk=change_id).reference, by)
    record("changes.change.drafted", "item", change.pk, by=by, after={"title": change.name}, reason=reason)
    ChangePerson.objects.bulk_create([ChangePerson(change=change, person_id=pk) for pk in people])
    touch = touch_of(change, by)
    keep(change, touch, "drafted")
    take_risk(change, touch)
    return change


@transaction.atomic
def change_change(reference: str, *, by: Caller, version: int | None, reason: str = "", **fields: Any) -> Change:
    """Set fields as `draft_change` takes them, and title. What is altered after the groups were asked is for
    `moving` where it is the window; the type is altered in a draft alone.
    """
    change = taken(reference, by, version)
    if "title" in fields:
        fields["name"] = fields.pop("title")
    wanted = wanted_fields(fields, by, change)
    items, people = wanted.pop("items", None), wanted.pop("people", None)
    things = {"items": items, "people": people}
    still_allowed(change, {**wanted, **{name: given for name, given in things.items() if given is not None}})
    told: dict[str, Any] = {}
    if items is not None:
        told |= _set_items(change, items)
    if people is not None:
        told |= _set_people(change, people)
    if told:
        record(
            "changes.change.changed", "item", change.pk, by=by, reason=reason,
            before={name: pair[0] for name, pair in told.items()}, after={name: pair[1] for name, pair in told.items()},
        )  # fmt: skip
        change.version += 1
        change.save(update_fields=["version"])
    change_changes([(change, wanted)], by=by, on=timezone.localdate(), reason=reason)
    if items is not None and told:
        touch = touch_of(change, by)
        keep(change, touch, "changed")
        take_risk(change, touch)
    return change


def taken(
    reference: str, by: Caller, version: int | None, permission: ChangePermission = ChangePermission.CHANGE
) -> Change:
    """The change, held for the transaction, when the caller may and made it from the current version."""
    change = find_change(reference, by, for_change=True)
    by.require(permission, change)
    check_version(change, version, change.reference)
    if change.is_history:
        raise Clash(
            _("The change is history that another tool told of."),
            todo=_("Alter it there; it follows with the next import."), where=change.reference,
        )  # fmt: skip
    return change


def still_allowed(change: Change, wanted: dict[str, Any]) -> None:
    """Raise Clash for fields that are not altered any more, as far as the change has come."""
    state = change.state
    if state == ChangeState.CLOSED and wanted.keys() - {"learnt", "name"}:
        raise Clash(_("The change is closed."), todo=_("Draft a new one."), where=change.reference)
    fixed = {"type", "group_id", "items"} & wanted.keys()
    altered = {name for name in fixed if name == "items" or getattr(change, name) != wanted[name]}
    if altered and state != ChangeState.DRAFT:
        raise Clash(
            _("Type, group and items are altered in a draft alone: what the groups said was about these."),
            todo=_("Take the change back to draft first."), where=change.reference, field=min(altered),
        )  # fmt: skip
    if {"starts_at", "ends_at"} & wanted.keys() and state != ChangeState.DRAFT:
        raise Clash(
            _("The time of a change that others have been told of is moved, not edited."),
            todo=_("Use “Move”, which says what becomes of the positions."), where=change.reference, field="starts_at",
        )  # fmt: skip


def _set_items(change: Change, items: Sequence[Item]) -> dict[str, tuple[list[str], list[str]]]:
    before = list(Item.objects.filter(changed_by__change=change).order_by("pk"))
    wanted = {item.pk: item for item in items}
    if {item.pk for item in before} == wanted.keys():
        return {}
    ChangeItem.objects.filter(change=change).exclude(item_id__in=wanted).delete()
    known = {item.pk for item in before}
    ChangeItem.objects.bulk_create([ChangeItem(change=change, item_id=pk) for pk in wanted if pk not in known])
    return {"items": ([item.reference for item in before], [item.reference for item in items])}


def _set_people(change: Change, people: Sequence[int]) -> dict[str, tuple[list[str], list[str]]]:
    def names() -> list[str]:
        return [one.person.name for one in ChangePerson.objects.filter(change=change).select_related("person")]

    before = names()
    rows = ChangePerson.objects.filter(change=change)
    known = set(rows.values_list("person_id", flat=True))
    if known == set(people):
        return {}
    rows.exclude(person_id__in=people).delete()
    ChangePerson.objects.bulk_create([ChangePerson(change=change, person_id=pk) for pk in people if pk not in known])
    return {"people": (before, names())}


def wanted_fields(fields: dict[str, Any], by: Caller, change: Change | None = None) -> dict[str, Any]:
    """Words and plain values as the model's. Raises Invalid for unknown fields and values."""
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name in TEXTS:
            wanted[name] = str(value or "").replace("\r\n", "\n").strip()[:TEXT_LIMIT]
        elif name in {"starts_at", "ends_at"}:
            wanted[name] = value
        elif name in READ:
            column, read = READ[name]
            wanted[column] = read(value, by)
        else:
            raise Invalid(_("A change has no field %(name)s.") % {"name": name}, field=name)
    if {"starts_at", "ends_at"} & wanted.keys():
        old = (change.starts_at, change.ends_at) if change else (None, None)
        check_window(wanted.get("starts_at", old[0]), wanted.get("ends_at", old[1]))
    return wanted


def check_window(starts_at: dt.datetime | None, ends_at: dt.datetime | None) -> None:
    """Raise Invalid unless both are missing, or the end comes after the beginning and within 90 days of it."""
    if starts_at is None and ends_at is None:
        return
    if starts_at is None or ends_at is None:
        field = "ends_at" if ends_at is None else "starts_at"
        raise Invalid(_("A time has a beginning and an end."), todo=_("Give both, or neither."), field=field)
    if timezone.is_naive(starts_at) or timezone.is_naive(ends_at):
        raise Invalid(
            _("The time does not say its zone."), todo=_("Write it as 2026-11-24T18:00+01:00."), field="starts_at"
        )
    if ends_at <= starts_at:
        raise Invalid(_("It ends before it begins."), todo=_("Give a later end."), field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Invalid(
            _("A change takes at most 90 days."),
            todo=_("Make it several changes, one after the other."),
            field="ends_at",
        )


def checked_items(references: Sequence[str], by: Caller) -> list[Item]:
    """The items that a change alters, each once. Raises Invalid for too many, changes and what is retired."""
    found = {item.pk: item for item in (find_item(one.strip(), by) for one in references if one.strip())}
    if len(found) > MOST_ITEMS:
        raise Invalid(
            _("A change alters at most %(most)d items.") % {"most": MOST_ITEMS},
            todo=_("Name what they are part of, or make it several changes."), field="items",
        )  # fmt: skip
    for item in found.values():
        if item.kind.key == "change" or item.state == State.RETIRED:
            raise Invalid(
                _("%(item)s cannot be altered by a change.") % {"item": item.reference},
                todo=_("Choose an item that is planned, live or retiring."), field="items",
            )  # fmt: skip
    return list(found.values())


def _type(value: Any, _by: Caller) -> str:
    for one in ChangeType:
        if str(value or ChangeType.NORMAL).strip().lower() in {one.value, str(one.label).lower()}:
            return str(one.value)
    raise Invalid(
        _("There is no type of change %(word)s.") % {"word": str(value)[:40]},
        todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(ChangeType.values)}, field="type",
    )  # fmt: skip


def _group(text: str, by: Caller) -> int:
    if not text.strip():
        raise Invalid(_("No group answers for the change."), todo=_("Choose its group."), field="group")
    group = group_named(text.strip(), by)
    if group.state == GroupState.CLOSED:
        raise Invalid(_("%(group)s is closed.") % {"group": group.name}, field="group")
    return int(group.pk)


def _people(names: Sequence[str] | None, by: Caller) -> list[int]:
    return list(dict.fromkeys(person_named(one, by).pk for one in names or [] if one.strip()))


READ: dict[str, tuple[str, Callable[[Any, Caller], Any]]] = {
    "name": ("name", lambda value, _by: checked_name(value or "")),
    "type": ("type", _type),
    "group": ("group_id", lambda value, by: _group(value or "", by)),
    "owner": ("owner_id", lambda value, by: person_named(value, by).pk if value else None),
    "items": ("items", lambda value, by: checked_items(value or [], by)),
    "people": ("people", _people),
}
"""To each field that people write in words, the model's field and how the words are read."""
