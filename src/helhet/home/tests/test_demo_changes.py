"""Vinterhamn's changes as they are worked out, on whatever day that is done; and time as its clock keeps it."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helhet.home.demo import change_words as cw
from helhet.home.demo.changes import AHEAD, SLOTS, Plan, is_quiet
from helhet.home.demo.changing import window
from helhet.home.demo.clock import Clock, keeping_time

days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))


def on_awkward_days(test):  # type: ignore[no-untyped-def]
    """A weekend, Christmas Eve, a leap day, the ends of months and years, and both days when the clocks change."""
    for day in ("2026-11-28", "2026-12-24", "2024-02-29", "2026-01-31", "2025-12-31", "2026-03-29", "2026-10-25"):
        test = example(dt.date.fromisoformat(day))(test)
    return settings(max_examples=15, deadline=None)(given(days)(test))


@on_awkward_days
def test_the_plan_is_the_same_for_the_same_day_and_each_change_has_a_name_of_its_own(today: dt.date) -> None:
    plan = Plan(today).make()
    assert plan == Plan(today).make()
    assert len({one.key for one in plan}) == len(plan)
    assert 230 <= len(plan) <= 430


@on_awkward_days
def test_every_window_is_as_long_as_planned_whatever_the_clocks_do(today: dt.date) -> None:
    for one in Plan(today).make():
        first, last = window(one, today)
        assert last - first == dt.timedelta(minutes=one.minutes)
        assert timezone.localtime(first).time() == dt.time(one.hour, one.minute)


@on_awkward_days
def test_next_week_has_changes_and_two_of_the_same_item_at_one_time(today: dt.date) -> None:
    monday = today + dt.timedelta(days=7 - today.weekday())
    plan = {one.key: one for one in Plan(today).make()}
    coming = [one for one in plan.values() if monday <= today - dt.timedelta(days=one.ago) < monday + dt.timedelta(7)]
    assert len(coming) >= 5
    first, second = plan["clash"], plan["clash too"]
    assert second.about == first.key
    assert first in coming
    assert window(first, today)[0] < window(second, today)[0] < window(first, today)[1]


@on_awkward_days
def test_what_comes_after_another_begins_when_that_is_over(today: dt.date) -> None:
    plan = {one.key: one for one in Plan(today).make()}
    waiting = [one for one in plan.values() if one.after]
    assert len(waiting) == 2
    for one in waiting:
        assert window(plan[one.after], today)[1] <= window(one, today)[0]


@on_awkward_days
def test_nothing_ordinary_is_planned_on_a_sunday_and_next_to_nothing_over_christmas(today: dt.date) -> None:
    ordinary = [one for one in Plan(today).make() if one.key[0] in "ABC" and one.key[1].isdigit()]
    on = [today - dt.timedelta(days=one.ago) for one in ordinary]
    assert all(day.weekday() < 6 for day in on)
    assert sum(is_quiet(day) for day in on) < len(on) / 20
    assert max(on) <= today + dt.timedelta(days=AHEAD)
    by_month = Counter((day.year, day.month) for day in on)
    july = [count for (_year, month), count in by_month.items() if month == 7]
    assert all(count < max(by_month.values()) for count in july)


def test_the_times_of_a_day_never_meet() -> None:
    spans = sorted((hour * 60 + minute, hour * 60 + minute + length) for hour, minute, length in SLOTS)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert spans[-1][1] < 24 * 60


def test_chance_chooses_among_a_hundred() -> None:
    assert sum(sort[1] for sort in cw.SORTS) == 100
    assert all("{}" in title for sort in cw.SORTS for title in sort[2])


@pytest.mark.django_db
def test_the_clock_is_believed_in_its_own_thread_alone_and_the_truth_comes_back() -> None:
    clock = Clock(timezone.localdate())
    heard: list[dt.datetime] = []
    with keeping_time():
        with clock.believe(100, 9, 30):
            assert timezone.now() == clock.moment(100, 9, 30)
            assert timezone.localdate() == clock.day(100)
            other = threading.Thread(target=lambda: heard.append(timezone.now()))
            other.start()
            other.join()
        assert timezone.now() >= clock.began
    assert heard[0] >= clock.began
    with pytest.raises(ZeroDivisionError), keeping_time(), clock.believe(3, 9):
        _ = 1 / 0
    assert timezone.now() >= heard[0]
