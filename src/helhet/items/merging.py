"""Two items that are one: both keys and histories are kept, what hung on one hangs on the other; it can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.items.actions import undone
from helhet.items.finding import find_item
from helhet.items.models import Attachment, Comment, Criticality, Item, Link, Presence, SourceKey
from helhet.items.permissions import ItemPermission
from helhet.items.writing import change_items
from helhet.journal.actions import close_batch, open_batch
from helhet.journal.models import Batch, BatchSort, BatchState, Event
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.ports import Port
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.loops import would_loop

DEPTH = 1_000


@dataclass(frozen=True, slots=True)
class Merging:
    """A merge, or its undo, as participants see it: `gone` becomes `kept`."""

    kept: Item
    gone: Item
    by: Caller
    batch: Batch
    on: dt.date


merged: Port[Callable[[Merging], dict[str, Any]]] = Port("items.merged")
"""Each moves what its room hangs on `gone` to `kept`, and returns plain values by which `split` puts it back."""

split: Port[Callable[[Merging, dict[str, Any]], None]] = Port("items.split")
"""Each puts back what its room's part of `merged` moved; it is handed what all of them returned."""


@transaction.atomic
def merge_items(kept: str, gone: str, *, by: Caller, version: int | None, reason: str = "") -> Batch:
    """Let the item `gone` become the item `kept`. What `kept` lacks it takes over; its own values stand.

    Both are named by reference or `source:key`; `version` is that of `kept`. Raises Invalid for an item with itself,
    Clash for items of kinds with pages of their own, and where one is part of the other.
    """
    stays, goes = find_item(kept, by, for_change=True), find_item(gone, by, for_change=True)
    by.require(ItemPermission.MERGE, stays)
    by.require(ItemPermission.MERGE, goes)
    check_version(stays, version, stays.reference)
    _check(stays, goes)
    title = _("%(gone)s is %(kept)s") % {"gone": goes, "kept": stays}
    batch = open_batch(BatchSort.MERGE, title, by=by, reason=reason)
    merging = Merging(stays, goes, by, batch, timezone.localdate())
    moved: dict[str, Any] = {"kept": stays.pk, "gone": goes.pk, **_move(merging)}
    for participant in merged:
        moved |= participant(merging)
    parts = list(Item.objects.filter(part_of=goes).select_related("kind"))
    moved["parts"] = [item.pk for item in parts]
    wholly = {"presence": int(Presence.MERGED), "merged_into_id": stays.pk, "part_of_id": None}
    changes: list[tuple[Item, dict[str, Any]]] = [(item, {"part_of_id": stays.pk}) for item in parts]
    filled = _filled(stays, goes)
    change_items([*changes, (goes, wholly)], by=by, on=merging.on, batch=batch, reason=reason)
    change_items([(stays, filled)], by=by, on=merging.on, batch=batch, reason=reason, verb="items.item.merged",
                 beside={stays.pk: ({"took_over": None}, {"took_over": goes.reference})})  # fmt: skip
    close_batch(batch, by=by, counts=moved)
    return batch


def _check(stays: Item, goes: Item) -> None:
    if stays.pk == goes.pk:
        raise Invalid(_("An item cannot be merged with itself."), todo=_("Name another item."), field="gone")
    if not stays.kind.is_listed or not goes.kind.is_listed:
        raise Clash(_("Items of this kind cannot be merged."), field="gone")
    for one, other in ((stays, goes), (goes, stays)):
        if would_loop(_above(other), one.pk, other.pk):
            raise Clash(
                _("%(part)s is part of %(whole)s.") % {"part": other, "whole": one},
                todo=_("Take it out of there first."), field="gone",
            )  # fmt: skip


def _above(item: Item) -> dict[int, int | None]:
    parents: dict[int, int | None] = {}
    at: int | None = item.pk
    while at is not None and at not in parents and len(parents) < DEPTH:
        parents[at] = Item.objects.values_list("part_of_id", flat=True).filter(pk=at).first()
        at = parents[at]
    return parents


def _filled(stays: Item, goes: Item) -> dict[str, Any]:
    """What the one that stays takes over where it has nothing of its own."""
    wanted: dict[str, Any] = {"attributes": {**goes.attributes, **stays.attributes}}
    wanted["tags"] = list(dict.fromkeys([*stays.tags, *goes.tags]))
    if not stays.description:
        wanted["description"] = goes.description
    if stays.criticality == Criticality.UNSET:
        wanted["criticality"] = goes.criticality
    if stays.part_of_id is None:
        wanted["part_of_id"] = goes.part_of_id
    return wanted


def _move(merging: Merging) -> dict[str, Any]:
    kept, gone = merging.kept, merging.gone
    moved: dict[str, Any] = {}
    rows: tuple[tuple[str, type[Model]], ...] = (
        ("keys", SourceKey),
        ("comments", Comment),
        ("attachments", Attachment),
    )
    for name, model in rows:
        found = model._default_manager.filter(item_id=gone.pk)
        moved[name] = list(found.values_list("pk", flat=True))
        found.update(item_id=kept.pk)
    moved |= move_ends(Link, "links", merging)
    return moved


def move_ends(model: Any, name: str, merging: Merging) -> dict[str, Any]:
    """Let relations with `from_item`, `to_item` and `type` end at the kept item; returns what `put_back_ends` needs.

    One that would tie the item to itself, or that the kept item has already, stays where it is, out of sight.
    """
    kept, gone = merging.kept.pk, merging.gone.pk
    moved: dict[str, list[int]] = {f"{name}_from": [], f"{name}_to": []}
    for end, other in (("from_item_id", "to_item_id"), ("to_item_id", "from_item_id")):
        held = set(model.objects.filter(**{end: kept}).values_list(other, "type"))
        for row in model.objects.filter(**{end: gone}):
            pair = (getattr(row, other), row.type)
            if pair[0] not in {kept, gone} and pair not in held:
                moved[f"{name}_{end.split('_')[0]}"].append(row.pk)
                model.objects.filter(pk=row.pk).update(**{end: kept})
    return moved


def put_back_ends(model: Any, name: str, merging: Merging, moved: dict[str, Any]) -> None:
    """Undo of `move_ends`, for rows that still end at the kept item."""
    for end in ("from", "to"):
        rows = model.objects.filter(pk__in=moved.get(f"{name}_{end}", ()), **{f"{end}_item_id": merging.kept.pk})
        rows.update(**{f"{end}_item_id": merging.gone.pk})


@transaction.atomic
def split_items(batch_id: int, *, by: Caller) -> Batch:
    """Undo a merge: both stand again as they were, with what was changed on the kept one since left as it is."""
    of = Batch.objects.select_for_update().filter(pk=batch_id, sort=BatchSort.MERGE).first()
    if of is None:
        raise NotFound(_("There is no merge %(number)s.") % {"number": batch_id})
    kept = Item.objects.select_for_update(of=("self",)).select_related("kind").get(pk=of.counts["kept"])
    gone = Item.objects.select_for_update(of=("self",)).select_related("kind").get(pk=of.counts["gone"])
    by.require(ItemPermission.MERGE, kept)
    if of.state == BatchState.UNDONE or gone.merged_into_id != kept.pk:
        raise Clash(_("This merge has been undone already."))
    if kept.presence != Presence.HERE:
        raise Clash(_("%(item)s has left the register since.") % {"item": kept}, todo=_("Undo that first."))
    batch = open_batch(BatchSort.UNDO, _("Undo of: %(title)s") % {"title": of.title}, by=by)
    batch.undo_of = of
    batch.save(update_fields=["undo_of"])
    merging = Merging(kept, gone, by, batch, timezone.localdate())
    _put_back(merging, of.counts)
    for participant in split:
        participant(merging, of.counts)
    _set_back(merging, of)
    of.state = BatchState.UNDONE
    of.save(update_fields=["state"])
    close_batch(batch, by=by, counts={"kept": kept.pk, "gone": gone.pk})
    return batch


def _put_back(merging: Merging, moved: dict[str, Any]) -> None:
    for name, model in (("keys", SourceKey), ("comments", Comment), ("attachments", Attachment)):
        rows = model.objects.filter(pk__in=moved[name], item=merging.kept)
        rows.update(item=merging.gone)
    put_back_ends(Link, "links", merging, moved)


def _set_back(merging: Merging, of: Batch) -> None:
    kept, gone = merging.kept, merging.gone
    events = {event.noun_id: event for event in Event.objects.filter(batch=of, noun="item")}
    was = (events[gone.pk].before or {}).get("part_of_id")
    if was is not None and not Item.objects.filter(pk=was, presence=Presence.HERE).exists():
        was = None
    back: dict[str, Any] = {"presence": int(Presence.HERE), "merged_into_id": None, "part_of_id": was}
    changes: list[tuple[Item, dict[str, Any]]] = [(gone, back)]
    parts = Item.objects.filter(pk__in=of.counts["parts"], part_of=kept).select_related("kind")
    changes += [(item, {"part_of_id": gone.pk}) for item in parts]
    event = events.get(kept.pk)
    if event is not None:
        before = {name: value for name, value in (event.before or {}).items() if name != "took_over"}
        changes.append((kept, undone(kept, before, event.after or {})))
    change_items(changes, by=merging.by, on=merging.on, batch=merging.batch, verb="items.item.undone")
