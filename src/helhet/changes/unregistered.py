"""Alterations that no change told of: found when an import alters an item, and what people make of them.

An alteration counts when it is of name, kind, state, whole or attributes, of an item whose group has a change in the
system, and no change of the item (or of its whole) was planned or under way since its sources were last taken in. What
a threshold covers does not count. New items are no alterations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.models import Change, ChangeItem, Lasting, Outcome, Threshold, Unregistered
from helhet.changes.permissions import ChangePermission
from helhet.groups.actions import create_task
from helhet.groups.models import Answer, Task, TaskState
from helhet.items.finding import find_item
from helhet.items.models import Item, SourceKey
from helhet.items.writing import Written
from helhet.journal.models import BatchSort, Event
from helhet.kit.rights import Caller, the_system

CHUNK = 500
MATTER = frozenset({"name", "kind", "state", "part_of_id", "attributes"})
"""The fields whose alteration counts: criticality, tags and description are what people think of an item."""
ORIGIN = "unregistered"
Fields = dict[str, list[Any]]


def on_written(written: Written) -> None:
    """Participant of `items.written`: two questions for each portion that an import alters, and none for new items."""
    is_import = written.batch is not None and written.batch.sort == BatchSort.IMPORT
    if written.created or not is_import or not written.fields & MATTER:
        return
    counting = set(Change.objects.filter(group__isnull=False).values_list("group_id", flat=True).distinct())
    for start in range(0, len(written.ids) if counting else 0, CHUNK):
        _look(written, written.ids[start : start + CHUNK], counting)


def _look(written: Written, ids: Sequence[int], counting: set[int]) -> None:
    assert written.batch is not None
    answers = Answer.objects.open().filter(item_id__in=ids, group_id__in=counting)
    groups: dict[int, int] = dict(answers.values_list("item_id", "group_id"))
    if not groups:
        return
    items = {item.pk: item for item in Item.objects.filter(pk__in=groups)}
    altered = _altered(written.batch.pk, items)
    explained = _explained(items, altered, written.batch.started_at)
    rows = [
        Unregistered(item_id=pk, batch_id=written.batch.pk, fields=fields)
        for pk, fields in altered.items()
        if fields and pk not in explained
    ]
    Unregistered.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    _ask({groups[row.item_id] for row in rows})


def _altered(batch_id: int, items: dict[int, Item]) -> dict[int, Fields]:
    """What the batch's events tell of these items, by field: [before, after]; without what a threshold covers."""
    events = Event.objects.filter(noun="item", noun_id__in=items, batch_id=batch_id, verb="items.item.changed")
    found: dict[int, Fields] = {}
    for pk, before, after in events.order_by("id").values_list("noun_id", "before", "after"):
        fields = found.setdefault(pk, {})
        for name, pair in _pairs(before or {}, after or {}).items():
            fields[name] = [fields[name][0] if name in fields else pair[0], pair[1]]
    kinds = {item.kind_id for item in items.values()}
    thresholds = Threshold.objects.filter(Q(item_id__in=items) | Q(kind_id__in=kinds), ended_at__isnull=True)
    for one in thresholds:
        for pk, fields in found.items():
            if one.item_id == pk or (one.kind_id is not None and one.kind_id == items[pk].kind_id):
                for name in list(fields) if not one.fields else one.fields:
                    fields.pop(name, None)
    return found


def _pairs(before: dict[str, Any], after: dict[str, Any]) -> Fields:
    pairs: Fields = {}
    for name in MATTER & after.keys():
        old, new = before.get(name), after[name]
        if name == "attributes":
            old, new = old or {}, new or {}
            names = [one for one in sorted({*old, *new}) if old.get(one) != new.get(one)]
            pairs |= {f"attributes.{one}": [old.get(one), new.get(one)] for one in names}
        else:
            pairs[name] = [old, new]
    return pairs


def _explained(items: dict[int, Item], altered: dict[int, Fields], started: dt.datetime) -> set[int]:
    """The items of which, or of whose whole, a change was planned or under way since they were last taken in."""
    since: dict[int, dt.datetime] = {}
    keys = SourceKey.objects.filter(item_id__in=altered, source__last_at__isnull=False)
    for pk, last in keys.values_list("item_id", "source__last_at"):
        if last is not None:
            since[pk] = min(since.get(pk, last), last)
    wholes = {item.part_of_id for item in items.values() if item.part_of_id}
    rows = ChangeItem.objects.filter(item_id__in={*altered, *wholes}).exclude(change__outcome=Outcome.CANCELLED)
    times: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {}
    now = timezone.now()
    for pk, *at in rows.values_list(
        "item_id", "change__began_at", "change__finished_at", "change__starts_at", "change__ends_at"
    ):
        began, finished, starts, ends = at
        spans = [(began, finished or now)] if began else []
        spans += [(starts, ends)] if starts and ends else []
        spans += [(finished, finished)] if finished and not began else []
        times.setdefault(pk, []).extend(spans)
    return {
        pk
        for pk in altered
        if any(
            first <= now and last >= since.get(pk, started)
            for one in (pk, items[pk].part_of_id)
            for first, last in times.get(one or 0, ())
        )
    }


def _ask(groups: set[int]) -> None:
    """One open task for each group, however many alterations there are."""
    has = Task.objects.filter(group_id__in=groups, origin=ORIGIN, state=TaskState.OPEN)
    asked = set(has.values_list("group_id", flat=True))
    for item in Item.objects.filter(pk__in=groups - asked):
        create_task(
            by=the_system("helhet"), title=_("Explain alterations that no change told of"), group=item.reference,
            text=_("They stand in the list of unregistered changes."), origin=ORIGIN, origin_id=item.pk,
        )  # fmt: skip


def visible_unregistered(caller: Caller) -> QuerySet[Unregistered]:
    """The alterations that the caller may see, the newest first."""
    found = Unregistered.objects.filter(item__presence=0).select_related("item__kind", "change__item")
    return found if caller.may(ChangePermission.VIEW) else found.none()


def of_item(rows: QuerySet[Unregistered], text: str, caller: Caller) -> QuerySet[Unregistered]:
    """Those of one item (reference or `source:key`); all when the text is empty. Raises NotFound."""
    return rows.filter(item=find_item(text, caller)) if text.strip() else rows


def open_of(caller: Caller) -> QuerySet[Unregistered]:
    """Those that nobody has explained."""
    return visible_unregistered(caller).filter(state=Lasting.OPEN)
