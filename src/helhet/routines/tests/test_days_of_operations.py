"""The times that are made of an operational task, day by day, held against every day on the calendar."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from django.utils import timezone

from helhet.groups.answering import assign_by_hand
from helhet.items.models import Item
from helhet.routines.actions.operations import change_operation, create_operation
from helhet.routines.models import Occurrence, OperationalTask
from helhet.routines.occurring import make_all
from helhet.routines.operations import preview
from helhet.rules.working_time import is_working_day
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FOLLOWED = 24


@pytest.fixture
def item() -> Item:
    """A server that the group Drift answers for."""
    made = make_item("Kopieserver")
    assign_by_hand([made.pk], Cast().group, by=SYSTEM, on=DAY)
    return made


def believe(day: dt.date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be that day."""
    monkeypatch.setattr(timezone, "localdate", lambda *_at: day)


def to_do(weekdays: set[int], first: dt.date, last: dt.date, closed: str, made: dt.date) -> list[dt.date]:
    """By hand: the days on which something is to be done, of a task that was made on `made`."""
    done: list[dt.date] = []
    days: list[dt.date] = []
    day = first
    while day <= last:
        due = day
        if day.weekday() in weekdays and (is_working_day(day) or closed != "skip"):
            while closed != "keep" and not is_working_day(due) and due != (first if closed == "before" else None):
                due += ONE if closed == "next" else -ONE
            if due not in done:
                done.append(due)
                # Friday is over when it is made on Saturday: then it is done at once, unless its own day is over too.
                if max(due, day) >= made:
                    days.append(max(due, made))
        day += ONE
    return days


@pytest.mark.parametrize("seed", range(24))
def test_what_is_made_is_what_the_calendar_says_and_nothing_is_late_at_first(
    seed: int, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(seed)
    closed, lead = chance.choice(["before", "before", "next", "keep", "skip"]), chance.choice([0, 0, 3])
    # On weekdays too: what closed days only leave out never comes.
    weekdays = set(chance.sample(range(7), chance.choice([1, 2, 7]))) | ({2} if closed == "skip" else set())
    days = [dt.date(2026, 12, 18) + count * ONE for count in range(24)]
    made = chance.choice([day for day in days if seed % 4 == 0 or not is_working_day(day)])
    first = made + chance.choice([0, -1, -40, -40, 5]) * ONE
    while first.weekday() not in weekdays or (closed == "skip" and not is_working_day(first)):
        first += ONE
    rule = "FREQ=WEEKLY;BYDAY=" + ",".join(NAMES[one] for one in sorted(weekdays))
    believe(made, monkeypatch)
    task = create_operation(
        by=SYSTEM, title="Byt band", item=item.reference, rule=rule, first_on=first, closed_day=closed, lead_days=lead
    )
    foretold = [one.due_on for one in preview(task, 5)]
    known: set[int] = set()
    for count in range(FOLLOWED):
        day = made + count * ONE
        make_all(day)
        new = Occurrence.objects.exclude(pk__in=known)
        assert [one.due_on for one in new if one.due_on < day] == []
        known.update(new.values_list("pk", flat=True))
    end = made + (FOLLOWED - 1 + lead) * ONE
    wanted = [one for one in to_do(weekdays, first, end + 15 * ONE, closed, made) if one <= end]
    assert list(Occurrence.objects.order_by("due_on").values_list("due_on", flat=True)) == wanted
    assert foretold[: len(wanted)] == wanted[:5]


def test_days_that_are_altered_on_a_closed_day_are_neither_late_at_once_nor_lost(
    item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    friday, saturday = dt.date(2026, 11, 27), dt.date(2026, 11, 28)
    believe(friday - 7 * ONE, monkeypatch)
    task = create_operation(by=SYSTEM, title="Byt band", item=item.reference, rule="FREQ=WEEKLY;BYDAY=SU", lead_days=3)
    believe(saturday, monkeypatch)
    make_all(saturday)
    task = change_operation(task.pk, by=SYSTEM, version=1, closed_day="before")
    assert [one.due_on for one in Occurrence.objects.filter(due_on__gt=friday)] == [saturday]
    # The other way it waits for Monday, also when that is said on Sunday.
    believe(saturday + ONE, monkeypatch)
    Occurrence.objects.all().delete()
    change_operation(task.pk, by=SYSTEM, version=2, closed_day="next", lead_days=0, rule="FREQ=WEEKLY;BYDAY=SA")
    assert not Occurrence.objects.exists()
    for day in (saturday + ONE, saturday + 2 * ONE):
        make_all(day)
    assert [one.due_on for one in Occurrence.objects.all()] == [saturday + 2 * ONE]
    assert OperationalTask.objects.get().made_up_to == saturday
