"""Recurrence rules by the local clock, held against a walk of every day and against published vectors."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.recurrence import BadRule, Recurring, read_rule
from helhet.rules.recurrence_limits import RANGES, check_rule

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ROOT = Path(__file__).resolve().parents[4]
VECTORS = Path(os.environ.get("HELHET_SHARED", ROOT.parent / "shared")) / "data" / "calendar" / "dateutil_vectors.json"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EIGHT = timedelta(hours=8)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM)  # type: ignore[misc,arg-type]


@given(
    st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(0, 23), st.sets(st.sampled_from(DAYS), min_size=1),
    st.integers(1, 3), st.integers(1, 30),
)  # fmt: skip
def test_weeks_are_walked_as_a_calendar_on_the_wall_is(
    first: date, hour: int, days: set[str], every: int, hours: int
) -> None:
    days |= {DAYS[first.weekday()]}
    rule = f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(sorted(days))}"
    one = Recurring(first, time(hour), timedelta(hours=hours), rule)
    one.check()
    starts_at, ends_at = local(2026, 2, 20, 12), local(2026, 4, 20, 12)
    monday = first - timedelta(days=first.weekday())
    naive = []
    for count in range(900):
        day = first + timedelta(days=count)
        if DAYS[day.weekday()] in days and ((day - monday).days // 7) % every == 0:
            begins = datetime.combine(day, time(hour), STOCKHOLM).astimezone(UTC)
            if begins < ends_at and begins + timedelta(hours=hours) > starts_at:
                naive.append(begins)
    assert [found.starts_at for found in one.between(starts_at, ends_at, STOCKHOLM)] == naive


def test_a_weekly_window_stays_at_its_clock_time_over_both_changes_of_the_clock() -> None:
    one = Recurring(date(2026, 3, 24), time(18), EIGHT, "FREQ=WEEKLY;BYDAY=TU")
    found = one.between(local(2026, 3, 20), local(2026, 11, 12), STOCKHOLM)
    assert {when.starts_at.astimezone(STOCKHOLM).hour for when in found} == {18}
    assert {when.starts_at.hour for when in found} == {16, 17}
    assert {when.length for when in found} == {EIGHT}


def test_a_clock_time_that_spring_leaves_out_is_read_with_the_offset_before_it() -> None:
    one = Recurring(date(2026, 3, 28), time(2, 30), timedelta(hours=1), "FREQ=DAILY")
    found = one.between(local(2026, 3, 28), local(2026, 3, 31), STOCKHOLM)
    assert [when.starts_at for when in found] == [
        datetime(2026, 3, 28, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
    ]  # fmt: skip


def test_of_a_clock_time_that_comes_twice_in_autumn_the_first_is_taken() -> None:
    one = Recurring(date(2026, 10, 25), time(2, 30), timedelta(hours=1))
    (found,) = one.between(local(2026, 10, 25), local(2026, 10, 26), STOCKHOLM)
    assert found.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_without_a_rule_it_is_that_one_time_and_over_after_it() -> None:
    one = Recurring(date(2026, 5, 4), time(18), EIGHT)
    assert len(one.between(local(2026, 1, 1), local(2027, 1, 1), STOCKHOLM)) == 1
    assert not one.is_over(local(2026, 5, 5), STOCKHOLM)
    assert one.is_over(local(2026, 5, 5, 2), STOCKHOLM)


def test_an_end_in_the_rule_ends_it() -> None:
    by_count = Recurring(date(2026, 5, 4), time(18), EIGHT, "FREQ=WEEKLY;COUNT=3")
    by_day = Recurring(date(2026, 5, 4), time(18), EIGHT, "RRULE:FREQ=WEEKLY;UNTIL=20260518")
    by_instant = Recurring(date(2026, 5, 4), time(18), EIGHT, "FREQ=WEEKLY;UNTIL=20260518T160000Z")
    for one in (by_count, by_day, by_instant):
        assert len(one.between(local(2026, 1, 1), local(2027, 1, 1), STOCKHOLM)) == 3, one.rule
        assert one.is_over(local(2026, 5, 20), STOCKHOLM)
    earlier = Recurring(date(2026, 5, 4), time(18), EIGHT, "FREQ=WEEKLY;UNTIL=20260518T155959Z")
    assert len(earlier.between(local(2026, 1, 1), local(2027, 1, 1), STOCKHOLM)) == 2


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ("every tuesday", "unknown"),
        ("FREQ=WEEKLY;FREQ=DAILY", "unknown"),
        ("FREQ=WEEKLY;BYDAY=XX", "unknown"),
        ("FREQ=HOURLY", "frequency"),
        ("BYDAY=TU", "frequency"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "part"),
        ("FREQ=DAILY;INTERVAL=0", "many"),
        ("FREQ=DAILY;COUNT=99999", "many"),
        ("FREQ=DAILY;UNTIL=soon", "unknown"),
        ("FREQ=WEEKLY;BYDAY=WE", "first"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "first"),
    ],
)
def test_what_is_no_rule_is_refused_with_a_word_that_says_why(rule: str, word: str) -> None:
    with pytest.raises(BadRule) as caught:
        Recurring(date(2026, 5, 5), time(18), EIGHT, rule).check()
    assert caught.value.args == (word,)


def breach(rule: str, *, has_time: bool = True) -> str:
    """The word with which a rule is refused that is written now; empty where it may be written."""
    try:
        check_rule(rule, has_time=has_time)
    except BadRule as error:
        return error.word
    return ""


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ("FREQ=WEEKLY;BYDAY=1MO", "numbered"),
        ("FREQ=DAILY;BYDAY=MO,-1FR", "numbered"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "numbered_week"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "both_ends"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "month_day"),
        ("FREQ=MONTHLY;BYWEEKNO=20", "yearly"),
        ("FREQ=MONTHLY;BYYEARDAY=100", "yearly"),
        ("FREQ=MONTHLY;BYSETPOS=-1", "position"),
        ("FREQ=MONTHLY;BYDAY=54MO", "number"),
        ("FREQ=MONTHLY;BYDAY=0MO", "number"),
        ("FREQ=MONTHLY;BYDAY=TU(2)", "weekday"),
        ("FREQ=WEEKLY;BYDAY=MO,", "weekday"),
        ("FREQ=WEEKLY;WKST=1MO", "weekday"),
        ("FREQ=YEARLY;BYMONTH=-1", "number"),
        ("FREQ=DAILY;UNTIL=20260518T180000", "until"),
        ("FREQ=DAILY;UNTIL=20260231", "until"),
        ("FREQ=MONTHLY;BYDAY=+1MO,-1FR;BYMONTHDAY=-31,+31;WKST=SU", ""),
        ("FREQ=YEARLY;BYWEEKNO=-53;BYDAY=MO;BYSETPOS=366", ""),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-1;BYMONTH=1,12;COUNT=5", ""),
        ("FREQ=DAILY;UNTIL=20260518T160000Z", ""),
        ("FREQ=DAILY;UNTIL=20260518", ""),
    ],
)
def test_what_rfc_5545_forbids_is_not_written_and_yet_read_where_it_stands(rule: str, word: str) -> None:
    assert breach(rule) == word
    read_rule(rule)


@given(st.sampled_from(sorted(RANGES)), st.integers(-400, 400))
def test_a_number_is_written_when_it_lies_within_what_its_part_can_be(name: str, number: int) -> None:
    least = {"BYMONTH": 1}.get(name, -RANGES[name][1])
    can_be = number != 0 and least <= number <= RANGES[name][1]
    other = ";BYDAY=MO" if name == "BYSETPOS" else ""
    assert breach(f"FREQ=YEARLY;{name}={number}{other}") == ("" if can_be else "number")


def test_a_task_without_a_clock_time_ends_on_a_day() -> None:
    assert breach("FREQ=DAILY;UNTIL=20260518T160000Z", has_time=False) == "until_day"
    assert breach("FREQ=DAILY;UNTIL=20260518", has_time=False) == ""


# Vectors whose dates are not those of their rule: their test asks a part of it (between two days, a slice).
ASK_A_PART = {
    "testBetween",
    "testBetweenInc",
    "testGetItemSlice",
    "testGetItemSliceStep",
    "testXAfter",
    "testXAfterInc",
}
# Rules that we refuse on purpose, by the word of the refusal: what comes more often than once a day; hours, minutes and
# seconds, which are no days, and Easter, which is no part of RFC 5545.
REFUSED = {"frequency": r"FREQ=(HOURLY|MINUTELY|SECONDLY)", "part": r"BYHOUR|BYMINUTE|BYSECOND|BYEASTER"}


# What dateutil gives a meaning of its own, and RFC 5545 forbids: read where it stands, so that the dates are held
# against the vectors', and refused where somebody writes it now. By the word of the refusal.
NOT_WRITTEN = {
    "yearly": r"FREQ=(DAILY|WEEKLY|MONTHLY).*(BYWEEKNO|BYYEARDAY)",  # these parts go with YEARLY alone
    "month_day": r"FREQ=WEEKLY.*BYMONTHDAY",  # days of the month do not go with weeks
    "until": r"UNTIL=\d{8}T\d{6}$",  # floating times: ours are of a time zone, whose rules end on a day or in UTC
}


def refusal(rule: str) -> str:
    try:
        read_rule(rule)
    except BadRule as error:
        return str(error.args[0])
    return ""


def test_published_vectors_come_out_as_they_say() -> None:
    if not VECTORS.exists():
        pytest.skip(f"the shared data is not there: {VECTORS} (set HELHET_SHARED)")
    held = refused = 0
    not_written: Counter[str] = Counter()
    for vector in json.loads(VECTORS.read_text())["rules"]:
        lines = vector["rule"].split()
        begins, rule = lines[0].removeprefix("DTSTART:"), lines[1].removeprefix("RRULE:")
        first = datetime.strptime(begins, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - floating, as the vectors are
        if word := refusal(rule):
            assert re.search(REFUSED[word], rule), vector["name"]
            refused += 1
            continue
        if word := breach(rule):
            assert re.search(NOT_WRITTEN[word], rule), vector["name"]
            not_written[word] += 1
        if vector["name"] in ASK_A_PART:
            continue
        one = Recurring(first.date(), first.time(), timedelta(minutes=1), rule)
        found = one.between(datetime(1990, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))
        assert [when.starts_at.strftime("%Y%m%dT%H%M%S") for when in found] == vector["instances"], vector["name"]
        held += 1
    assert (held, refused) == (188, 280)
    assert not_written == {"yearly": 54, "month_day": 8, "until": 4}
