"""When a timetable's jobs are due. Local clock times are turned into instants, so that summer time moves no slot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Every:
    """A job that runs at a steady pace, in slots counted from 1970 in UTC: summer time does not touch it."""

    name: str
    minutes: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        if self.minutes < 0 or self.hours < 0 or self.period <= timedelta(0):
            raise ValueError(f"{self.name}: the period must be at least one minute")

    @property
    def period(self) -> timedelta:
        """The time from one slot to the next."""
        return timedelta(hours=self.hours, minutes=self.minutes)

    @property
    def tolerance(self) -> timedelta:
        """How far the clock may fall behind the last slot before it counts as set back."""
        return 2 * self.period

    def slot_at(self, now: datetime, zone: tzinfo) -> datetime:  # noqa: ARG002 - same shape as Daily
        """The latest slot that is not after `now`, in UTC."""
        return now.astimezone(UTC) - (now - _EPOCH) % self.period

    def next_at(self, now: datetime, zone: tzinfo) -> datetime:
        """The first slot after `now`, in UTC."""
        return self.slot_at(now, zone) + self.period


@dataclass(frozen=True, slots=True)
class Daily:
    """A job that runs once each local day at `at` ("05:15").

    A clock time that the spring change leaves out is taken an hour later by the clock; of one that comes twice in
    autumn the first is taken.
    """

    name: str
    at: str

    def __post_init__(self) -> None:
        if time.fromisoformat(self.at).tzinfo is not None:
            raise ValueError(f"{self.name}: {self.at!r} must be a local clock time such as 05:15")

    @property
    def tolerance(self) -> timedelta:
        """How far the clock may fall behind the last slot before it counts as set back."""
        return timedelta(days=3)

    def slot_at(self, now: datetime, zone: tzinfo) -> datetime:
        """The latest slot that is not after `now`, in UTC."""
        return max(slot for slot in self._slots_around(now, zone) if slot <= now)

    def next_at(self, now: datetime, zone: tzinfo) -> datetime:
        """The first slot after `now`, in UTC."""
        return min(slot for slot in self._slots_around(now, zone) if slot > now)

    def _slots_around(self, now: datetime, zone: tzinfo) -> list[datetime]:
        at = time.fromisoformat(self.at)
        today = now.astimezone(zone).date()
        days = (today + timedelta(days=shift) for shift in (-2, -1, 0, 1, 2))
        return [datetime.combine(day, at, zone).astimezone(UTC) for day in days]


Entry = Every | Daily


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A slot that was taken. `era` counts how often the clock was found set far back; it orders marks before time."""

    era: int
    slot_at: datetime


def next_mark(entry: Entry, last: Mark | None, now: datetime, zone: tzinfo) -> Mark | None:
    """The slot to take now, or None when the latest one is taken already.

    Slots missed while nothing ran fall together into the latest. A clock set back a little takes no slot twice; one
    set back by more than the entry's tolerance opens a new era, or the job would wait until the clock has caught up.
    """
    slot = entry.slot_at(now, zone)
    if last is None:
        return Mark(0, slot)
    if slot > last.slot_at:
        return Mark(last.era, slot)
    if last.slot_at - now > entry.tolerance:
        return Mark(last.era + 1, slot)
    return None
