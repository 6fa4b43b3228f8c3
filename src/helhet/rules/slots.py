"""Free times for a change: within its maintenance windows, outside all that it would clash with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from helhet.rules.intervals import Interval, merged, without


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that is free. `short_by` is what it lacks of the length that is needed; nothing for one that is enough."""

    during: Interval
    short_by: timedelta = timedelta(0)

    @property
    def is_short(self) -> bool:
        """Whether it is shorter than what is needed."""
        return bool(self.short_by)


def free_slots(
    length: timedelta, within: Sequence[Interval], taken: Sequence[Interval], *, most: int, most_short: int = 0
) -> list[Slot]:
    """The first free times of that length, by time, at most `most`; then those of at least half of it, told as short.

    Each stretch of `within` gives one slot at most, at its earliest free time; stretches that touch are one. A short
    slot is the longest free piece of its stretch. What is shorter than half is of no use and is not told.
    """
    enough: list[Slot] = []
    short: list[Slot] = []
    for stretch in merged(within):
        if len(enough) == most:
            break
        pieces = without([stretch], taken)
        fitting = next((one for one in pieces if one.length >= length), None)
        if fitting is not None:
            enough.append(Slot(Interval(fitting.starts_at, fitting.starts_at + length)))
            continue
        longest = max(pieces, key=lambda one: one.length, default=None)
        if longest is not None and longest.length * 2 >= length and len(short) < most_short:
            short.append(Slot(longest, length - longest.length))
    return enough + short
