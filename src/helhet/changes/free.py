"""The next times that are free for a change: within its windows, outside freezes and everything it would clash with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.changes.clashes import listed
from helhet.changes.meeting import Mine, busy_in, freezes_in, mine_of, near_of, now, others_in, window_of, windows_of
from helhet.changes.models import Change, ChangeState, Window
from helhet.changes.times import length as spoken_length
from helhet.changes.times import recurring, told, zone
from helhet.groups.models import Person
from helhet.rules import clashes as rules
from helhet.rules.intervals import Interval, merged, shared
from helhet.rules.slots import Slot, free_slots

AHEAD = dt.timedelta(days=90)
SOONEST = dt.timedelta(hours=1)
MOST = 3
MOST_SHORT = 2
PORTION = 8
"""So many stretches are looked at together; the rest only while too few free times are found."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A free time with its reason. `names` are the windows that it lies in."""

    slot: Slot
    needed: dt.timedelta
    names: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def during(self) -> Interval:
        """When."""
        return self.slot.during

    @property
    def when(self) -> str:
        """When, in words."""
        return told(self.during)

    @property
    def lead(self) -> str:
        """Free, or how much it lacks."""
        if self.slot.is_short:
            return _("%(time)s shorter") % {"time": spoken_length(self.slot.short_by)}
        return _("free for everybody")

    @property
    def why(self) -> str:
        """In which window, and who has time."""
        parts = []
        if self.slot.is_short:
            told = {"there": spoken_length(self.during.length), "needed": spoken_length(self.needed)}
            parts.append(_("%(there)s is there, %(needed)s is needed.") % told)
        if self.names:
            words = ngettext("In the maintenance window %(names)s.", "In the maintenance windows %(names)s.",
                             len(self.names))  # fmt: skip
            parts.append(words % {"names": listed(self.names)})
        else:
            parts.append(_("No maintenance window binds it; it is the same time of day."))
        if self.people:
            words = ngettext("%(people)s has time.", "%(people)s have time.", len(self.people))
            parts.append(words % {"people": listed(self.people)})
        return " ".join(parts)


def free_times_of(change: Change, *, most: int = MOST, most_short: int = MOST_SHORT) -> list[FreeTime]:
    """The next free times of the change's length in the coming 90 days, then shorter ones; none without a window.

    Its present time is not told again, and none before the groups that are asked are to have answered. Where no
    maintenance window binds it, each day's same time of day is looked at.
    """
    time = window_of(change)
    if time is None:
        return []
    mine = mine_of(change)
    begins = soonest(change)
    windows = windows_of(mine, begins)
    own = [time] if time.ends_at > begins else []
    stretches = _stretches(windows, time, begins)
    found = _slots(mine, time.length, stretches, own, most=most, most_short=most_short)
    whole = [slot for slot in found if not slot.is_short][:most]
    short = [slot for slot in found if slot.is_short][:most_short]
    names = tuple(sorted({one.name for bound in windows.values() for one in bound}))
    people = tuple(Person.objects.filter(pk__in=mine.people).values_list("name", flat=True))
    return [FreeTime(slot, time.length, names, people) for slot in [*whole, *short]]


def soonest(change: Change) -> dt.datetime:
    """The earliest that it may begin: in an hour, or when those whom it asks are to have answered."""
    soon = now() + SOONEST
    return max(soon, change.answer_by) if change.state == ChangeState.ASKING and change.answer_by else soon


def first_free(change: Change, earliest: dt.datetime, instead: Mapping[int, Interval]) -> Interval | None:
    """The first free time of the change's length that begins no earlier, when other changes (ids) have the times
    `instead`; None when the coming 90 days have none.

    Where no maintenance window binds it: later on its day if that is free, else the first day with the same time of day
    free.
    """
    time = window_of(change)
    if time is None:
        return None
    mine = replace(mine_of(change), instead=instead)
    begins = max(earliest, soonest(change))
    windows = windows_of(mine, begins)
    stretches = _stretches(windows, time, begins)
    if not windows and timezone.localtime(begins, zone()).date() == timezone.localtime(time.starts_at, zone()).date():
        at_once = _slots(mine, time.length, [Interval(begins, begins + time.length)], [], most=1, most_short=0)
        if at_once:
            return at_once[0].during
    found = _slots(mine, time.length, stretches, [], most=1, most_short=0)
    return found[0].during if found else None


def _slots(
    mine: Mine, length: dt.timedelta, stretches: Sequence[Interval], own: Sequence[Interval], *, most: int,
    most_short: int,
) -> list[Slot]:  # fmt: skip
    found: list[Slot] = []
    for portion in _portions(stretches):
        found += free_slots(length, portion, [*_taken(mine, portion), *own], most=most, most_short=most_short)
        if sum(not slot.is_short for slot in found) >= most:
            break
    return found


def _stretches(windows: dict[int, list[Window]], time: Interval, begins: dt.datetime) -> list[Interval]:
    """The times that all binding windows allow, from now on."""
    ahead = Interval(begins, begins + AHEAD)
    if not windows:
        return _same_time_of_day(time, ahead)
    allowed = [ahead]
    for bound in windows.values():
        allowed = shared(
            allowed, [when for one in bound for when in recurring(one).between(begins, begins + AHEAD, zone())]
        )
    return merged(allowed)


def _same_time_of_day(time: Interval, ahead: Interval) -> list[Interval]:
    local = timezone.localtime(time.starts_at, zone())
    first = timezone.localtime(ahead.starts_at, zone()).date()
    # A change that takes days is tried from day to day as well, one try beside another.
    step = max(1, -(-time.length // dt.timedelta(days=1)))
    found = []
    for count in range(0, AHEAD.days, step):
        starts_at = dt.datetime.combine(first + dt.timedelta(days=count), local.time(), zone()).astimezone(dt.UTC)
        if starts_at >= ahead.starts_at:
            found.append(Interval(starts_at, starts_at + time.length))
    return found


def _portions(stretches: Sequence[Interval]) -> Iterator[Sequence[Interval]]:
    for start in range(0, len(stretches), PORTION):
        yield stretches[start : start + PORTION]


def _taken(mine: Mine, portion: Sequence[Interval]) -> list[Interval]:
    """What is not free in these stretches: the other side of every clash that the change would have there."""
    whole = Interval(portion[0].starts_at, portion[-1].ends_at)
    others = others_in(mine, portion)
    found = rules.clashes(
        mine.during(whole), others, near_of(mine, others),
        freezes=[one for _row, one in freezes_in(mine, whole)], busy=[one for _row, one in busy_in(mine, whole)],
    )  # fmt: skip
    return [one.theirs for one in found if one.theirs is not None]
