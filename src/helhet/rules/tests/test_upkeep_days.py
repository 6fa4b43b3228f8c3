"""The days of operational tasks, held against a walk of every day on the wall calendar."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.recurrence import BadRule, first_day
from helhet.rules.upkeep_days import Closed, Coming, Upkeep
from helhet.rules.working_time import is_working_day

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONE = timedelta(days=1)
ROOT = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("HELHET_SHARED", ROOT.parent / "shared")) / "data" / "calendar"


def is_nth(day: date, weekday: int, nth: int) -> bool:
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE
    count = (day.day - 1) // 7 + 1 if nth > 0 else -((last.day - day.day) // 7 + 1)
    return day.weekday() == weekday and count == nth


def is_last_weekday(day: date) -> bool:
    rest = [day + timedelta(days=count) for count in range(1, 4)]
    return day.weekday() < 5 and not any(one.month == day.month and one.weekday() < 5 for one in rest)


def is_day_of_month(day: date, wanted: int) -> bool:
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE
    return day.day == (wanted if wanted > 0 else last.day + 1 + wanted)


nth = st.tuples(st.integers(0, 6), st.sampled_from([1, 2, 3, 4, 5, -1, -2]))
RULES: st.SearchStrategy[tuple[str, Callable[[date], bool]]] = st.one_of(
    nth.map(lambda one: (f"FREQ=MONTHLY;BYDAY={one[1]}{NAMES[one[0]]}", lambda day: is_nth(day, *one))),
    st.just(("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", is_last_weekday)),
    st.sampled_from([1, 15, 29, 30, 31, -1, -3]).map(
        lambda one: (f"FREQ=MONTHLY;BYMONTHDAY={one}", lambda day: is_day_of_month(day, one))
    ),
    st.just(("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", lambda day: (day.month, day.day) == (2, 29))),
    st.sets(st.integers(0, 6), min_size=1).map(
        lambda days: (
            "FREQ=WEEKLY;BYDAY=" + ",".join(NAMES[one] for one in sorted(days)),
            lambda d: d.weekday() in days,
        )
    ),
)


def moved(day: date, closed: Closed, first: date) -> date | None:
    """By hand: a day at a time until one is open."""
    if closed == Closed.KEEP or is_working_day(day):
        return day
    if closed == Closed.SKIP:
        return None
    before = day
    while not is_working_day(before):
        before -= ONE
    if closed == Closed.BEFORE:
        return before if before >= first else min(first, day)
    while not is_working_day(day):
        day += ONE
    return day


@given(RULES, st.dates(date(2024, 1, 1), date(2031, 12, 31)), st.sampled_from(Closed))
def test_days_are_those_that_a_walk_of_every_day_finds(
    given_rule: tuple[str, Callable[[date], bool]], on: date, closed: Closed
) -> None:
    rule, meets = given_rule
    day = on
    while not meets(day):
        day += ONE
    assert first_day(on, rule) == day
    first, last = day, day + timedelta(days=800)
    naive: list[Coming] = []
    while day <= last:
        due = moved(day, closed, first) if meets(day) else None
        if due is not None and (not naive or naive[-1].due_on != due):
            naive.append(Coming(day, due))
        day += ONE
    assert list(Upkeep(first, rule, closed=closed).until(last, STOCKHOLM)) == naive


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(1, 4), st.sets(st.integers(0, 6), min_size=1))
def test_every_so_many_weeks_begins_with_its_first_day_and_keeps_its_weeks(
    on: date, every: int, days: set[int]
) -> None:
    rule = f"FREQ=WEEKLY;INTERVAL={every};BYDAY=" + ",".join(NAMES[one] for one in sorted(days))
    monday = on - timedelta(days=on.weekday())
    walked = [
        day
        for day in (on + timedelta(days=count) for count in range(200))
        if day.weekday() in days and (day - monday).days // 7 % every == 0
    ]
    first = first_day(on, rule)
    assert [one.rule_on for one in Upkeep(first, rule).until(on + timedelta(days=199), STOCKHOLM)] == walked


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(1, 400), st.sampled_from([*Closed][:3]))
def test_after_it_was_last_done_it_comes_so_many_days_later(done: date, days: int, closed: Closed) -> None:
    coming = Upkeep(done, after_days=days, closed=closed).after(done)
    assert coming.rule_on == done + timedelta(days=days)
    assert coming.due_on == moved(coming.rule_on, closed, done + ONE)
    assert coming.due_on > done
    assert closed != Closed.BEFORE or coming.due_on <= coming.rule_on


def test_the_eves_that_are_held_as_holidays_are_closed() -> None:
    friday = "FREQ=WEEKLY;BYDAY=FR"
    to_midsummer = Upkeep(date(2026, 6, 12), friday, closed=Closed.NEXT).until(date(2026, 6, 19), STOCKHOLM)
    assert [one.due_on for one in to_midsummer] == [date(2026, 6, 12), date(2026, 6, 22)]
    christmas = Upkeep(date(2026, 12, 24), closed=Closed.BEFORE)
    assert christmas.due(date(2026, 12, 25)) == date(2026, 12, 24)
    assert Upkeep(date(2026, 12, 1), closed=Closed.BEFORE).due(date(2026, 12, 25)) == date(2026, 12, 23)


def test_days_that_are_moved_together_are_done_once() -> None:
    daily = Upkeep(date(2026, 11, 27), "FREQ=DAILY", closed=Closed.NEXT).until(date(2026, 12, 1), STOCKHOLM)
    assert [(one.rule_on.day, one.due_on.day) for one in daily] == [(27, 27), (28, 30), (1, 1)]


def test_a_rule_that_no_day_meets_is_refused() -> None:
    with pytest.raises(BadRule, match="first"):
        first_day(date(2026, 1, 1), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")


def test_days_that_the_published_list_calls_holidays_or_held_eves_are_closed() -> None:
    path = SHARED / "swedish_holidays_2010_2026.csv"
    if not path.exists():
        pytest.skip(f"the shared data is not there: {path} (set HELHET_SHARED)")
    with path.open(encoding="utf-8", newline="") as text:
        rows = [(date.fromisoformat(row["date"]), row["category"]) for row in csv.DictReader(text)]
    free = {day for day, category in rows if category in {"public", "de_facto"}}
    assert len(free) > 200
    assert [day for day in free if is_working_day(day)] == []
    only_weekends = {
        day
        for count in range((date(2026, 12, 31) - date(2010, 1, 1)).days + 1)
        if (day := date(2010, 1, 1) + timedelta(days=count)).weekday() < 5 and day not in free
    }
    assert [day for day in only_weekends if not is_working_day(day)] == []
