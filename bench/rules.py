"""A rule in the middle of 200: one that moves a tenth of all items, one that moves ten, and their previews."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.data import TOWNS
from bench.measure import Place, clocked, ratio, say
from helhet.groups.answering import Day
from helhet.groups.models import Group
from helhet.items.models import Value
from helhet.kit.rights import the_system
from helhet.responsibility.actions import Draft, create_rule
from helhet.responsibility.deciding import recompute_all
from helhet.responsibility.models import Rule
from helhet.responsibility.trying import preview

RULES = 200
TARGET = 4
FEW_SHARE = 0.1


def rules(place: Place) -> dict[str, Any]:
    """All figures of rules. Claims of the 199 are found as of the day of the import."""
    groups = list(Group.objects.order_by("pk"))
    _stand_up(groups)
    large = _one(place, Draft(filter="kind:database", group=groups[0], place=RULES // 2))
    serials = Value.objects.filter(name__name="serial").order_by("fold").values_list("text", flat=True)[:10]
    few = _one(place, Draft(filter=f"serial:{','.join(serials)}", group=groups[1], place=RULES // 2))
    return {
        "rules": Rule.objects.count(),
        "moves_a_tenth": {**large, "target_ratio": TARGET},
        "moves_ten": {
            **few,
            "share_of_the_large": ratio(few["seconds"], large["seconds"]),
            "preview_share_of_the_large": ratio(few["preview_seconds"], large["preview_seconds"]),
            "target_share": FEW_SHARE,
        },
    }


def _stand_up(groups: list[Group]) -> None:
    """Named rules over a room each, in front of the two given ones."""
    missing = RULES - 1 - Rule.objects.count()
    if missing <= 0:
        return
    Rule.objects.filter(position__lt=1_000).update(position=1_000_000)
    rooms = [f"{TOWNS[number % 10]} sal {number // 10}" for number in range(missing)]
    Rule.objects.bulk_create(
        Rule(number=1_000 + at, position=at * 10 + 10, filter=f'location:"{room}"', group=groups[at % len(groups)])
        for at, room in enumerate(rooms)
    )
    with clocked() as clock, transaction.atomic():
        moved = recompute_all(Day(timezone.localdate() - dt.timedelta(days=1)))
    say(f"  {missing} rules stood up in {clock.seconds:.1f} s, {moved.groups} moved")


def _one(place: Place, draft: Draft) -> dict[str, Any]:
    by = the_system("bench")
    with clocked() as tried, transaction.atomic():
        shown = preview(draft, by=by)
    with clocked() as saved:
        _rule, moved = create_rule(draft, by=by)
    if moved.groups != shown.moved:
        raise RuntimeError(f"the preview told {shown.moved} and {moved.groups} moved")
    rows = moved.groups + moved.grounds
    floor = _floor(rows)
    say(f"  {rows} of {place.size} moved in {saved.seconds:.2f} s, preview {tried.seconds:.2f} s, floor {floor:.2f} s")
    return {
        "selected": shown.selected,
        "moved": moved.groups,
        "other_ground_alone": moved.grounds,
        "seconds": round(saved.seconds, 3),
        "preview_seconds": round(tried.seconds, 3),
        "floor_update_seconds": round(floor, 4),
        "ratio": ratio(saved.seconds, floor),
        "preview_ratio": ratio(tried.seconds, floor),
    }


def _floor(rows: int) -> float:
    """One UPDATE of one indexed column of as many rows of items, committed."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS picked")
        cursor.execute("CREATE TEMP TABLE picked (id bigint PRIMARY KEY)")
        cursor.execute(f"INSERT INTO picked SELECT id FROM items_item WHERE id % 9 = 1 LIMIT {int(rows)}")  # noqa: S608
        with clocked() as clock, transaction.atomic():
            cursor.execute(
                "UPDATE items_item SET criticality = (criticality + 1) % 5 WHERE id IN (SELECT id FROM picked)"
            )
    return clock.seconds
