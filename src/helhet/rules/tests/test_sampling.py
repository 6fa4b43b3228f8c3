"""A sample proves only what the exact tail of the distribution bears out."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from hypothesis import example, given
from hypothesis import strategies as st

from helhet.rules.sampling import CERTAIN, proves_more


def exact_tail(met: int, drawn: int, population: int, having: int) -> Fraction:
    """The chance of at least `met` among the drawn when `having` of the population are such."""
    ways = sum(comb(having, k) * comb(population - having, drawn - k) for k in range(met, min(drawn, having) + 1))
    return Fraction(ways, comb(population, drawn))


@given(st.integers(1, 400), st.data())
@example(400, None)
def test_nothing_is_proved_that_the_exact_tail_does_not_bear_out(population, data):
    if data is None:
        drawn, limit, met = 60, 4, 20
    else:
        drawn = data.draw(st.integers(1, population))
        limit = data.draw(st.integers(0, population))
        met = data.draw(st.integers(0, drawn))
    if proves_more(met, drawn, population, limit):
        assert exact_tail(met, drawn, population, limit) <= Fraction(CERTAIN)


def test_what_is_plain_is_proved():
    assert proves_more(1_000, 2_000, 1_000_000, 10_000)
    assert proves_more(60, 2_000, 1_000_000, 10_000)
    assert not proves_more(25, 2_000, 1_000_000, 10_000)
    assert not proves_more(20, 20, 20, 20)
    assert not proves_more(0, 0, 0, 0)
    assert proves_more(1, 100, 1_000, 0)
