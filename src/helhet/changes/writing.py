"""The one way in which changes come to be and change: for a verb and an import alike.

Each function must run inside a transaction. It writes the rows and their events; rights and the sense of what is asked
are the business of the verbs in `actions`, and of the importer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils import timezone

from helhet.changes.models import Change, ChangeItem, ChangeState, ChangeType, Risk
from helhet.items.models import Item, Kind
from helhet.items.writing import NewItem, NewKey, add_items, change_items
from helhet.journal.models import Batch
from helhet.kit.engines import engine, insert
from helhet.kit.rights import Caller

KIND = "change"
ITEM_FIELDS = frozenset({"name", "description", "attributes", "tags", "presence"})


@dataclass(slots=True)
class NewChange:
    """A change that is to be. `items` are ids of the items that it alters. The other fields are those of the model."""

    name: str
    type: str = ChangeType.NORMAL
    state: str = ChangeState.DRAFT
    outcome: str = ""
    group_id: int | None = None
    owner_id: int | None = None
    standard_id: int | None = None
    purpose: str = ""
    plan: str = ""
    test: str = ""
    way_back: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    submitted_at: dt.datetime = field(default_factory=timezone.now)
    asked_at: dt.datetime | None = None
    approved_at: dt.datetime | None = None
    began_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    learnt: str = ""
    went_around: bool = False
    risk: int = Risk.UNSET
    reverts_id: int | None = None
    is_history: bool = False
    items: Sequence[int] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    key: NewKey | None = None


OF_ITEM = frozenset({"name", "items", "attributes", "tags", "key"})
COLUMNS = tuple(one.name for one in fields(NewChange) if one.name not in OF_ITEM)


def add_changes(
    drafts: Sequence[NewChange], *, by: Caller, on: dt.date, batch: Batch | None = None, reason: str = ""
) -> list[int]:
    """Write new changes with the items that they alter; returns their ids (those of their items) in the same order."""
    if not drafts:
        return []
    kind = Kind.objects.get(key=KIND)
    items = [NewItem(kind=kind, name=one.name, attributes=one.attributes, tags=one.tags, key=one.key) for one in drafts]
    ids = add_items(items, by=by, on=on, batch=batch, reason=reason)
    nothing = engine().json({})
    insert(
        Change,
        ("item", *(name.removesuffix("_id") for name in COLUMNS), "risk_facts", "version"),
        (
            (pk, *(getattr(one, name) for name in COLUMNS), nothing, 1)
            for pk, one in zip(ids, drafts, strict=True)
        ),
    )  # fmt: skip
    pairs = [(pk, item) for pk, one in zip(ids, drafts, strict=True) for item in dict.fromkeys(one.items)]
    insert(ChangeItem, ("change", "item"), pairs)
    return ids


def change_changes(
    changes: Iterable[tuple[Change, dict[str, Any]]], *, by: Caller, on: dt.date, verb: str = "changes.change.changed",
    reason: str = "", batch: Batch | None = None,
) -> list[int]:  # fmt: skip
    """Set fields of changes (model fields, and ITEM_FIELDS of their items); returns the ids of those that changed.

    The changes must have been read with their items inside this transaction. Each that changed gets one event of
    `verb` and its version grows.
    """
    on_items: list[tuple[Item, dict[str, Any]]] = []
    beside: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    altered = []
    for change, wanted in changes:
        own = {name: value for name, value in wanted.items() if name not in ITEM_FIELDS}
        before = {name: getattr(change, name) for name in own}
        new = {name: value for name, value in own.items() if before[name] != value}
        of_item = {
            name: wanted[name] for name in ITEM_FIELDS & wanted.keys() if getattr(change.item, name) != wanted[name]
        }
        if not new and not of_item:
            continue
        for name, value in new.items():
            setattr(change, name, value)
        change.version += 1
        change.save(update_fields=[*new, "version"])
        if new:
            told = ({name: plain(before[name]) for name in new}, {name: plain(value) for name, value in new.items()})
            beside[change.pk] = told
        on_items.append((change.item, of_item))
        altered.append(change.pk)
    change_items(on_items, by=by, on=on, batch=batch, reason=reason, verb=verb, beside=beside)
    return altered


def plain(value: Any) -> Any:
    """A value as events tell it."""
    if value is None or isinstance(value, str | int | float | bool | dict | list):
        return value
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)
