"""Changes, windows and freezes as the tests of time need them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from helhet.changes.models import Change, ChangeItem, ChangePerson, ChangeState, Freeze, Window
from helhet.groups.models import Group, Person
from helhet.items.models import Item, Kind
from helhet.items.writing import NewItem, add_items
from tests.world import DAY, SYSTEM

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(day: int, hour: int = 0, month: int = 11, year: int = 2026) -> dt.datetime:
    """A local time; hours beyond 24 go on into the next day."""
    return dt.datetime(year, month, day, tzinfo=STOCKHOLM) + dt.timedelta(hours=hour)


def make_change(
    name: str, items: list[Item] | None = None, starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None, *, group: Group | None = None, people: tuple[Person, ...] = (),
    state: str = ChangeState.SCHEDULED, **fields: Any,
) -> Change:  # fmt: skip
    """A change with what it alters, planned between the two."""
    (item_id,) = add_items([NewItem(kind=Kind.objects.get(key="change"), name=name)], by=SYSTEM, on=DAY)
    change = Change.objects.create(
        item_id=item_id, group=group, starts_at=starts_at, ends_at=ends_at, state=state, **fields
    )
    ChangeItem.objects.bulk_create(ChangeItem(change=change, item=item) for item in items or [])
    ChangePerson.objects.bulk_create(ChangePerson(change=change, person=person) for person in people)
    return Change.objects.select_related("item", "group__item", "owner").get(pk=item_id)


def make_freeze(name: str, starts_at: dt.datetime, ends_at: dt.datetime, **fields: Any) -> Freeze:
    """A freeze."""
    return Freeze.objects.create(name=name, starts_at=starts_at, ends_at=ends_at, **fields)


def make_window(name: str, on: dt.date, hour: int, hours: int, rule: str = "", **fields: Any) -> Window:
    """A maintenance window."""
    return Window.objects.create(
        name=name, starts_on=on, starts_time=dt.time(hour), minutes=hours * 60, rule=rule, **fields
    )
