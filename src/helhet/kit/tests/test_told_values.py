"""What an event keeps is told in words: with its unit, and with nothing where there is nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from helhet.kit.spoken import NOTHING
from helhet.kit.told_values import UNITS, value_told


@pytest.mark.parametrize(
    ("value", "unit", "swedish", "english"),
    [
        (30, "minutes", "30 minuter", "30 minutes"),
        (1, "minutes", "1 minut", "1 minute"),
        ("1204.50", "kronor", "1\u00a0204,5 kr", "1,204.5 kr"),
        (0, "days", "0 dagar", "0 days"),
        (3, "months", "3 månader", "3 months"),
        ("2020-11-17", "", "17\u00a0november\u00a02020", "17\u00a0November\u00a02020"),
        ("18:00:00", "", "18.00", "18:00"),
        ("2020-08-19T22:00:00+00:00", "", "20\u00a0aug\u00a02020\u00a000.00", "20\u00a0Aug\u00a02020\u00a000:00"),
        (True, "", "ja", "yes"),
        (["a", "b"], "", "a, b", "a, b"),
        (
            [{"measure": "Svar", "target": "1 h", "hours": ""}, {"measure": "Åter"}],
            "",
            "Svar, 1 h; Åter",
            "Svar, 1 h; Åter",
        ),
        (22, "", "22", "22"),
        ("2020-13-45", "", "2020-13-45", "2020-13-45"),
        ("om 3", "days", "om 3", "om 3"),
        ("9999-12-31T23:59:59Z", "", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("0001-01-01T00:00:00+14:00", "", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_values_are_told_with_their_unit(value: Any, unit: str, swedish: str, english: str) -> None:
    with override("sv"):
        assert value_told(value, unit) == swedish
    with override("en"):
        assert value_told(value, unit) == english


@pytest.mark.parametrize("value", [None, "", [], {}, {"hours": ""}, ["", None]])
def test_nothing_is_told_as_nothing(value: Any) -> None:
    assert value_told(value, "minutes") == ""


PLAIN = st.one_of(
    st.text(min_size=1), st.integers(-(10**9), 10**9), st.booleans(), st.dates().map(dt.date.isoformat), st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**6), max_value=10**6
    ).map(str),
)  # fmt: skip


@given(PLAIN, st.sampled_from(["", *UNITS]))
def test_whatever_is_something_is_told_and_a_number_keeps_its_unit(value: Any, unit: str) -> None:
    with override("en"):
        told = value_told(value, unit)
    assert told
    assert told != NOTHING or value == NOTHING
    if unit and isinstance(value, int) and not isinstance(value, bool):
        assert told.endswith(
            ("minute", "minutes", "day", "days", "week", "weeks", "month", "months", "year", "years", "kr")
        )
