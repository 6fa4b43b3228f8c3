"""How changes went: counted over all, by group, kind, item and type, and month by month. Nothing here is stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from helhet.changes.models import Change, ChangeItem, ChangeState, Outcome
from helhet.groups.models import Group
from helhet.items.models import Item, Kind
from helhet.kit.rights import Caller
from helhet.rules.change_outcomes import Ended, Figures, figures, undone_by
from helhet.rules.working_span import WorkingClock

CHUNK = 500
COLUMNS = ("pk", "outcome", "type", "group_id", "submitted_at", "finished_at", "closed_at", "ends_at", "reverts_id")


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one group, kind, item, type or month. `key` is its reference or word, empty where it has none."""

    key: str
    name: str
    url: str
    figures: Figures


@dataclass(slots=True)
class Outcomes:
    """The figures of a time. Parts come with the most changes first, months as they come; `items` are all of them."""

    since: dt.date | None
    until: dt.date | None
    whole: Figures
    groups: list[Part] = field(default_factory=list)
    kinds: list[Part] = field(default_factory=list)
    items: list[Part] = field(default_factory=list)
    types: list[Part] = field(default_factory=list)
    months: list[Part] = field(default_factory=list)


class Carried(NamedTuple):
    """One change that was carried out, with what it is counted under."""

    pk: int
    type: str
    group: int | None
    ended: Ended


def carried_out(changes: QuerySet[Change], since: dt.date | None = None, until: dt.date | None = None) -> list[Carried]:
    """The closed ones of these changes that were not cancelled, with an end from one day to another, both counted.

    The end is when it was finished, else closed, else planned to end, else submitted.
    """
    clock = WorkingClock(timezone.get_current_timezone())
    zone = timezone.get_current_timezone()
    undone = undone_by(dict(Change.objects.filter(reverts__isnull=False).values_list("pk", "reverts_id")))
    rows = changes.filter(state=ChangeState.CLOSED).exclude(outcome=Outcome.CANCELLED).order_by()
    found = []
    for row in rows.values_list(*COLUMNS).iterator():
        pk, outcome, sort, group, submitted, finished, closed, planned, reverts = row
        end = finished or closed
        day = (end or planned or submitted).astimezone(zone).date()
        if (since and day < since) or (until and day > until):
            continue
        lead = (end - submitted).total_seconds() if end and end != submitted else None
        working = None if lead is None or end is None else clock.between(submitted, end)
        ended = Ended(outcome, lead, working, f"{day:%Y-%m}", reverts is not None, pk in undone)
        found.append(Carried(pk, sort, group, ended))
    return found


def outcomes(
    caller: Caller, *, since: dt.date | None = None, until: dt.date | None = None, group: Group | None = None
) -> Outcomes:
    """The figures of the changes that the caller may see and that ended in this time, perhaps of one group."""
    changes = Change.objects.visible_to(caller)
    rows = carried_out(changes.filter(group=group) if group else changes, since, until)
    by_group, by_type, by_month = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in rows:
        by_group[row.group].append(row.ended)
        by_type[row.type].append(row.ended)
        by_month[row.ended.month].append(row.ended)
    by_item, by_kind, names = _by_item(rows, caller)
    groups = Group.objects.select_related("item__kind").in_bulk([one for one in by_group if one is not None])
    return Outcomes(
        since, until, figures(row.ended for row in rows),
        groups=_parts((*(_of(groups[one]) if one else ("", "", "")), ended) for one, ended in by_group.items()),
        kinds=_parts((kind.key, kind.name, "", ended) for kind, ended in by_kind.items()),
        items=_parts((*_of(names[one]), by_item[one]) for one in names),
        types=_parts((sort, sort, "", ended) for sort, ended in by_type.items()),
        months=[Part(month, month, "", figures(by_month[month])) for month in sorted(by_month)],
    )  # fmt: skip


def _of(thing: Group | Item) -> tuple[str, str, str]:
    return thing.reference, thing.name, thing.get_absolute_url()


def _by_item(
    rows: list[Carried], caller: Caller
) -> tuple[dict[int, list[Ended]], dict[Kind, list[Ended]], dict[int, Item]]:
    """Each change once under each item that it altered, and once under each kind of such items."""
    ended = {row.pk: row.ended for row in rows}
    pairs: list[tuple[int, int]] = []
    ids = list(ended)
    for start in range(0, len(ids), CHUNK):
        found = ChangeItem.objects.filter(change_id__in=ids[start : start + CHUNK])
        pairs += found.values_list("change_id", "item_id")
    items: dict[int, Item] = {}
    wanted = sorted({item for _change, item in pairs})
    for start in range(0, len(wanted), CHUNK):
        items |= Item.objects.visible_to(caller).select_related("kind").in_bulk(wanted[start : start + CHUNK])
    by_item: dict[int, list[Ended]] = defaultdict(list)
    under: dict[Kind, set[int]] = defaultdict(set)
    for change, item in pairs:
        if item in items:
            by_item[item].append(ended[change])
            under[items[item].kind].add(change)
    return by_item, {kind: [ended[change] for change in changes] for kind, changes in under.items()}, items


def _parts(given: Iterable[tuple[str, str, str, list[Ended]]]) -> list[Part]:
    parts = [Part(key, name, url, figures(ended)) for key, name, url, ended in given]
    return sorted(parts, key=lambda part: (-part.figures.count, part.name))


def as_data(found: Outcomes, most: int | None = None) -> dict[str, Any]:
    """The figures as the API and the command tell them: shares from 0 to 1, lead times in hours. `most` cuts the items,
    of which `item_count` tells how many there are.
    """
    return {
        "since": found.since, "until": found.until, **figures_data(found.whole), "item_count": len(found.items),
        "groups": [part_data(part) for part in found.groups], "kinds": [part_data(part) for part in found.kinds],
        "types": [part_data(part) for part in found.types], "months": [part_data(part) for part in found.months],
        "items": [part_data(part) for part in found.items[:most]],
    }  # fmt: skip


def part_data(part: Part) -> dict[str, Any]:
    """One part."""
    return {"key": part.key, "name": part.name, **figures_data(part.figures)}


def figures_data(one: Figures) -> dict[str, Any]:
    """The figures of one part."""
    return {
        "count": one.count, "good": one.good, "faults": one.faults, "failed": one.failed, "undone": one.undone,
        "reverts": one.reverts, "success": _share(one.success), "revert_share": _share(one.revert_share),
        "undone_share": _share(one.undone_share), "lead_median": _hours(one.lead_median),
        "lead_p90": _hours(one.lead_p90), "working_median": _hours(one.working_median),
        "working_p90": _hours(one.working_p90), "contradictory": one.contradictory,
    }  # fmt: skip


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 3_600, 2)
