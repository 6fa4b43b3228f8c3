"""Values as people read them, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from helhet.kit import spoken

# hypothesis wants bounds without a zone and adds it itself
LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001
FAR_OFF = datetime(2100, 1, 1)  # noqa: DTZ001
NOON = datetime(2026, 11, 17, 12, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        (0, None, "0", "0"),
        (1204, None, "1\u00a0204", "1,204"),
        (5_050_000, None, "5\u00a0050\u00a0000", "5,050,000"),
        (-3.5, None, "−3,5", "−3.5"),
        (99.9, 2, "99,90", "99.90"),
        (-0.001, 1, "0,0", "0.0"),
        (Decimal("1234.50"), None, "1\u00a0234,5", "1,234.5"),
        (None, None, "–", "–"),
    ],
)
def test_numbers_follow_the_language(value: float | None, decimals: int | None, swedish: str, english: str) -> None:
    with translation.override("sv"):
        assert spoken.number(value, decimals) == swedish
    with translation.override("en"):
        assert spoken.number(value, decimals) == english


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_whole_number_can_be_read_back_from_its_swedish(value: int) -> None:
    with translation.override("sv"):
        text = spoken.number(value)
    assert int(text.replace(spoken.NBSP, "").replace(spoken.MINUS, "-")) == value


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=10**9))
def test_a_share_reads_as_the_whole_only_when_it_is(part: int, whole: int) -> None:
    share = min(part, whole) / whole
    with translation.override("en"):
        text = spoken.percent(share)
    assert (text == "100%") == (share == 1)
    assert (text == "0%") == (share == 0)


def test_shares_follow_the_language() -> None:
    with translation.override("sv"):
        assert spoken.percent(0.988) == "98,8\u00a0%"
        assert spoken.percent(0.9999999) == "99,9\u00a0%"
    with translation.override("en"):
        assert spoken.percent(0.988) == "98.8%"


def test_a_signed_number_shows_its_direction() -> None:
    with translation.override("sv"):
        assert [spoken.signed(value) for value in (5, -1, 0)] == ["+5", "−1", "0"]


@time_machine.travel(NOON, tick=False)
def test_days_carry_the_year_only_when_it_is_another() -> None:
    with translation.override("sv"):
        assert spoken.day(date(2026, 11, 17)) == "17\u00a0november"
        assert spoken.day(date(2025, 3, 4)) == "4\u00a0mars\u00a02025"
        assert spoken.day(date(2026, 11, 17), "weekday") == "tisdag 17\u00a0november"
        assert spoken.day(date(2026, 11, 17), "full") == "17\u00a0november\u00a02026"
    with translation.override("en"):
        assert spoken.day(date(2026, 11, 17), "short") == "17\u00a0Nov"


@time_machine.travel(NOON, tick=False)
def test_moments_are_told_in_the_time_zone_of_the_installation() -> None:
    with translation.override("sv"):
        assert spoken.moment(NOON) == "17\u00a0nov\u00a013.42"
        assert spoken.day(datetime(2026, 11, 16, 23, 30, tzinfo=UTC)) == "17\u00a0november"
    with translation.override("en"):
        assert spoken.moment(NOON) == "17\u00a0Nov\u00a013:42"


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("since", "english"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=20), "yesterday at 17:42"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "18\u00a0October"),
        (timedelta(minutes=-5), "in 5 minutes"),
        (timedelta(hours=-2), "in 2 hours"),
    ],
)
def test_distances_in_time_are_told_in_words(since: timedelta, english: str) -> None:
    with translation.override("en"):
        assert spoken.ago(NOON - since) == english


@given(st.datetimes(min_value=LONG_AGO, max_value=FAR_OFF, timezones=st.just(UTC)))
def test_any_moment_can_be_told(value: datetime) -> None:
    for code in ("sv", "en"):
        with translation.override(code):
            assert spoken.ago(value)
            assert spoken.moment(value)


def test_lengths_of_time_are_told_in_hours_and_minutes() -> None:
    assert [spoken.duration(value) for value in (12, 180, 26_400)] == [
        "12\u00a0s",
        "3\u00a0min",
        "7\u00a0h 20\u00a0min",
    ]
    with translation.override("sv"):
        assert spoken.duration(611_640, in_days=True) == "7\u00a0dygn 2\u00a0h"
        assert spoken.duration(611_640) == "169\u00a0h 54\u00a0min"
    with translation.override("en"):
        assert spoken.duration(2 * 86_400, in_days=True) == "2\u00a0days"
        assert spoken.duration(2 * 86_400 - 60, in_days=True) == "47\u00a0h 59\u00a0min"
