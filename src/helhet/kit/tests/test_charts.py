"""A line over time."""

import re

from hypothesis import given
from hypothesis import strategies as st

from helhet.kit.charts import BOTTOM, LEFT, RIGHT, TOP, Point, line
from helhet.kit.spoken import percent

finite = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def test_one_reading_is_no_line() -> None:
    assert line([], "Coverage") is None
    assert line([Point("jan", 1)], "Coverage") is None


@given(st.lists(finite, min_size=2, max_size=60))
def test_every_reading_lies_within_the_drawing_and_in_the_table(values: list[float]) -> None:
    drawn = line([Point(str(place), value) for place, value in enumerate(values)], "x")
    assert drawn is not None
    places = [tuple(map(float, pair.split(","))) for pair in drawn.points.split()]
    assert len(places) == len(drawn.rows) == len(values)
    assert all(LEFT <= x <= RIGHT and TOP - 0.1 <= y <= BOTTOM + 0.1 for x, y in places)
    assert 2 <= len(drawn.up) <= 7


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=2, max_size=30))
def test_a_share_never_has_a_scale_beyond_nothing_or_the_whole(values: list[float]) -> None:
    drawn = line([Point("x", value) for value in values], "x", percent, 0.0, 1.0)
    assert drawn is not None
    shares = [float(re.sub(r"[^\d.]", "", tick.text.replace(",", "."))) for tick in drawn.up]
    assert min(shares) >= 0
    assert max(shares) <= 100


@given(st.lists(finite, min_size=2, max_size=20))
def test_a_higher_value_stands_higher(values: list[float]) -> None:
    drawn = line([Point("x", value) for value in values], "x")
    assert drawn is not None
    heights = [float(pair.split(",")[1]) for pair in drawn.points.split()]
    for one, other in zip(range(len(values)), range(1, len(values)), strict=False):
        if values[one] < values[other]:
            assert heights[one] >= heights[other]


def test_the_last_point_is_told() -> None:
    drawn = line([Point("aug", 0.96), Point("nov", 0.988, bad=True)], "Coverage", percent, 0.0, 1.0)
    assert drawn is not None
    assert drawn.bad
    assert drawn.last_text in drawn.alt
    assert drawn.across[-1].text == "nov"


def test_a_line_is_true_to_time_and_its_words_have_room() -> None:
    days = [0, 10, 300, 301, 302, 303, 310]
    drawn = line([Point(str(day), 0.5, at=day) for day in days], "Coverage", percent, 0.0, 1.0)
    assert drawn is not None
    across = [float(pair.split(",")[0]) for pair in drawn.points.split()]
    assert across == [round(LEFT + (RIGHT - LEFT) * day / 310, 1) for day in days]
    assert [tick.text for tick in drawn.across] == ["10", "310"]
