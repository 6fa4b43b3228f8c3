"""Stretches of time between two instants, half-open: the end does not belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `starts_at` up to but not including `ends_at`, both with their zone.

    Raises:
        ValueError: when it would hold no time.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValueError(f"A stretch of time must end after it starts: {self.starts_at} to {self.ends_at}")

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.ends_at - self.starts_at

    def overlaps(self, other: Interval) -> bool:
        """Whether some time is in both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: Interval) -> bool:
        """Whether all of the other is in it."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def shared(self, other: Interval) -> Interval | None:
        """The time in both, or None."""
        if not self.overlaps(other):
            return None
        return Interval(max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at))


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as few stretches that neither overlap nor touch, by start."""
    found: list[Interval] = []
    for one in sorted(intervals):
        if found and one.starts_at <= found[-1].ends_at:
            if one.ends_at > found[-1].ends_at:
                found[-1] = Interval(found[-1].starts_at, one.ends_at)
        else:
            found.append(one)
    return found


def shared(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """The time that is in both."""
    left, right = merged(one), merged(other)
    found: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        both = left[i].shared(right[j])
        if both is not None:
            found.append(both)
        if left[i].ends_at <= right[j].ends_at:
            i += 1
        else:
            j += 1
    return found


def without(whole: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What is left of the time when what is taken is taken away, by start."""
    left: list[Interval] = []
    away = merged(taken)
    for one in merged(whole):
        starts_at = one.starts_at
        for cut in away:
            if cut.ends_at <= starts_at:
                continue
            if cut.starts_at >= one.ends_at:
                break
            if cut.starts_at > starts_at:
                left.append(Interval(starts_at, cut.starts_at))
            starts_at = cut.ends_at
        if starts_at < one.ends_at:
            left.append(Interval(starts_at, one.ends_at))
    return left
