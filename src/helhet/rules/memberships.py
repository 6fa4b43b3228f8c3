"""Memberships as spans of days: who is a member on a day, what overlaps, and when shares add up to too much.

A span's first and last day both count; None is open at that end.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

FULL = Decimal(100)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it ends before it begins."""
        return self.first is not None and self.last is not None and self.last < self.first

    def holds(self, day: dt.date) -> bool:
        """Whether the day is among them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def overlaps(self, other: "Span") -> bool:
        """Whether some day is in both."""
        first = max(self.first or dt.date.min, other.first or dt.date.min)
        last = min(self.last or dt.date.max, other.last or dt.date.max)
        return first <= last


@dataclass(frozen=True, slots=True)
class Peak:
    """The most that shares add up to, in percent, and the first day on which they do."""

    percent: Decimal
    on: dt.date | None = None

    @property
    def is_too_much(self) -> bool:
        """Whether it is more than the whole working time."""
        return self.percent > FULL


def share_on(shares: Iterable[tuple[Span, Decimal]], day: dt.date) -> Decimal:
    """The sum of the shares that hold on the day, in percent."""
    return sum((share for span, share in shares if span.holds(day)), Decimal(0))


def peak(shares: Iterable[tuple[Span, Decimal]], since: dt.date) -> Peak:
    """The highest sum of shares on any day from `since` on.

    Sums rise only where a span begins, so those days and `since` itself are all that need be asked.
    """
    kept = [(span, share) for span, share in shares if span.last is None or span.last >= since]
    days = sorted({since, *(span.first for span, _share in kept if span.first is not None and span.first > since)})
    best = Peak(Decimal(0))
    for day in days:
        percent = share_on(kept, day)
        if percent > best.percent:
            best = Peak(percent, day)
    return best
