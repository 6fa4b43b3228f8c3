"""The days on which an operational task comes: by a rule, or so many days after it was last done.

The rule is RFC 5545's (`rules/recurrence.py`), by local days. Closed days are Saturdays, Sundays, Swedish holidays and
the eves that are held as such (`rules/working_time.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from helhet.rules.recurrence import days_of
from helhet.rules.working_time import is_working_day

ONE = timedelta(days=1)
FARTHEST = 30
"""More days than closed ones ever follow on one another."""


class Closed(StrEnum):
    """What becomes of a day that is closed."""

    KEEP = "keep"
    NEXT = "next"
    BEFORE = "before"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, order=True)
class Coming:
    """One time: the day of the rule, and the day after what is done about closed days."""

    rule_on: date
    due_on: date

    @property
    def is_moved(self) -> bool:
        """Whether the rule's own day was closed."""
        return self.rule_on != self.due_on


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How a task comes back: `rule` from `first_on` (empty is that one day), or `after_days` after it was last done."""

    first_on: date
    rule: str = ""
    after_days: int | None = None
    closed: Closed = Closed.KEEP
    at: time = time()

    def due(self, rule_on: date) -> date | None:
        """The day on which a day of the rule is to be done; None when it is left out. What would be moved before the
        first day is done on that, so that it is never late.
        """
        return self._due(rule_on, self.first_on)

    def _due(self, rule_on: date, earliest: date) -> date | None:
        if self.closed == Closed.KEEP or is_working_day(rule_on):
            return rule_on
        if self.closed == Closed.SKIP:
            return None
        if self.closed == Closed.BEFORE:
            return min(max(_open_day(rule_on, -ONE), earliest), rule_on)
        return _open_day(rule_on, ONE)

    def until(self, last: date, zone: ZoneInfo) -> Iterator[Coming]:
        """By rule the times whose day of the rule is not after `last`, in order; of several that closed days move to
        one day only the first. One that comes after it was last done comes once, on its first day.
        """
        days = iter([self.first_on]) if self.after_days is not None else days_of(
            self.first_on, self.rule, last, zone, self.at
        )  # fmt: skip
        previous: date | None = None
        for day in days:
            due = self.due(day) if day <= last else None
            if due is not None and due != previous:
                yield Coming(day, due)
                previous = due

    def after(self, done_on: date) -> Coming:
        """When it comes again, done on this day: on a later one. Only for one that comes so many days after it was last
        done.
        """
        assert self.after_days is not None
        day = done_on + timedelta(days=self.after_days)
        return Coming(day, self._due(day, done_on + ONE) or _open_day(day, ONE))


def _open_day(day: date, step: timedelta) -> date:
    return next(day + step * count for count in range(1, FARTHEST) if is_working_day(day + step * count))
