"""One change held against 1,000, 10,000 and 100,000 planned ones, with windows, freezes, people and services."""

from __future__ import annotations

import datetime as dt
import random
import re
import time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.measure import Place, clocked, ms, percentile, say, spread
from helhet.changes.clashes import clashes_of
from helhet.changes.free import free_times_of
from helhet.changes.models import Change, ChangeItem, ChangePerson, ChangeState, Freeze, Snapshot, Window
from helhet.estate.graph import build_graph
from helhet.estate.models import Dependency
from helhet.groups.models import Group, Person
from helhet.items.models import Item, Kind
from helhet.items.writing import NewItem, add_items
from helhet.kit.rights import the_system

PLANNED = (1_000, 10_000, 100_000)
SMALLEST = 10_000
"""A smaller estate is asked about few changes: it is there to show that the case runs."""
ASKED, FEW = 200, 20
TARGET_MS = 50
SPREAD_DAYS = 365
PEOPLE = 500
PORTION = 5_000


def clashes(place: Place) -> dict[str, Any]:
    """All figures; the changes of each step are added to those before."""
    chance = random.Random(23)  # noqa: S311 - the same changes each time
    items = list(Item.objects.exclude(kind__key__in=("group", "change")).values_list("pk", flat=True))
    _tie(items, chance)
    _periods(items, chance)
    people = [Person(name=f"Person {number}", name_key=f"person {number}") for number in range(PEOPLE)]
    people = Person.objects.bulk_create(people)
    told: dict[str, Any] = {}
    for count in PLANNED if place.size >= SMALLEST else (100, 200):
        with clocked() as clock:
            _plan(count - Change.objects.count(), items, [one.pk for one in people], chance)
            _analyse()
            # As the timetable does once a minute.
            build_graph()
        say(f"  {count} planned in {clock.seconds:.0f} s")
        told[str(count)] = _measured(chance, ASKED if place.size >= SMALLEST else FEW)
        figures = told[str(count)]
        free, bare = figures["free_times"], figures["bare"]
        say(f"  p95 {figures['p95_ms']} ms, SQL bare {bare['p95_ms']} ms; free times {free['p95_ms']} ms")
    return told


def _tie(items: list[int], chance: random.Random) -> None:
    """Three dependencies an item, of which few items are the providers of most."""
    pairs = {
        (item, items[int(len(items) * chance.random() ** 3)]) for item in items for _number in range(3)
    }  # fmt: skip
    Dependency.objects.bulk_create(
        (Dependency(from_item_id=one, to_item_id=other) for one, other in sorted(pairs) if one != other),
        batch_size=PORTION, ignore_conflicts=True,
    )  # fmt: skip


def _periods(items: list[int], chance: random.Random) -> None:
    """A hundred weekly windows, some for much used items, and a freeze a fortnight."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    today = timezone.localdate()
    groups = list(Group.objects.order_by("pk"))
    for number in range(100):
        day = today - dt.timedelta(days=chance.randrange(7))
        Window.objects.create(
            name=f"Window {number}", starts_on=day, starts_time=dt.time(18), minutes=600,
            rule=f"FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[day.weekday()]}",
            item_id=items[int(len(items) * chance.random() ** 3)] if number % 2 else None,
            group=None if number % 2 else groups[number % len(groups)],
        )  # fmt: skip
    for number in range(26):
        starts_at = now + dt.timedelta(days=14 * number)
        sort = {"item_id": chance.choice(items)} if number % 2 else {"group": groups[number % len(groups)]}
        Freeze.objects.create(
            name=f"Freeze {number}", starts_at=starts_at, ends_at=starts_at + dt.timedelta(days=3), **sort
        )


def _plan(count: int, items: list[int], people: list[int], chance: random.Random) -> None:
    """Scheduled changes of one to four items over a year, each by two people, with what they hit kept."""
    kind, by = Kind.objects.get(key="change"), the_system("bench")
    groups = list(Group.objects.order_by("pk").values_list("pk", flat=True))
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for start in range(0, count, PORTION):
        portion = range(start, min(start + PORTION, count))
        with transaction.atomic():
            drafts = [NewItem(kind=kind, name=f"Change {number}") for number in portion]
            ids = add_items(drafts, by=by, on=timezone.localdate())
            rows = []
            for pk in ids:
                starts_at = now + dt.timedelta(hours=chance.randrange(SPREAD_DAYS * 24))
                ends_at = starts_at + dt.timedelta(hours=chance.randint(1, 8))
                rows.append(
                    Change(item_id=pk, state=ChangeState.SCHEDULED, starts_at=starts_at, ends_at=ends_at,
                           group_id=chance.choice(groups))
                )  # fmt: skip
            Change.objects.bulk_create(rows)
            ChangeItem.objects.bulk_create(
                ChangeItem(change_id=pk, item_id=item)
                for pk in ids
                for item in chance.sample(items, chance.randint(1, 4))
            )
            ChangePerson.objects.bulk_create(
                ChangePerson(change_id=pk, person_id=person) for pk in ids for person in chance.sample(people, 2)
            )
            Snapshot.objects.bulk_create(
                Snapshot(change_id=pk, moment="drafted", reached=8, services=chance.sample(items, 8)) for pk in ids
            )


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measured(chance: random.Random, most: int) -> dict[str, Any]:
    """The check of so many changes by chance, and of each all its SQL bare; free times of a few of them."""
    ids = list(Change.objects.values_list("pk", flat=True))
    asked = list(Change.objects.filter(pk__in=chance.sample(ids, min(most, len(ids)))))
    clashes_of(asked[0])
    checked, cpu, bare, found, counts = [], [], [], 0, []
    for change in asked:
        with clocked() as clock, clocked(by=time.process_time) as own:
            met = clashes_of(change)
        checked.append(clock.seconds)
        cpu.append(own.seconds)
        found += len(met)
        statements = _statements(change)
        counts.append(len(statements))
        with clocked() as clock, connection.cursor() as cursor:
            for sql, values in statements:
                cursor.execute(sql, values)
                cursor.fetchall()
        bare.append(clock.seconds)
    free, free_cpu = [], []
    for change in asked[: most // 5]:
        with clocked() as clock, clocked(by=time.process_time) as own:
            free_times_of(change)
        free.append(clock.seconds)
        free_cpu.append(own.seconds)
    return {
        **spread(checked), "worst_ms": ms(max(checked)), "cpu": spread(cpu), "target_p95_ms": TARGET_MS,
        "bare": spread(bare), "statements_p50": percentile(counts, 0.5), "clashes": found, "asked": len(asked),
        "free_times": {**spread(free), "cpu": spread(free_cpu)},
    }  # fmt: skip


def _statements(change: Change) -> list[tuple[str, Any]]:
    statements: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if re.match(r"\s*(SELECT|WITH)\b", sql):
            statements.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(listen):
        clashes_of(change)
    return statements
