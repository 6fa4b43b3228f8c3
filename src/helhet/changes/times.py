"""Times of windows and changes, in the installation's zone and in words."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.models import Window
from helhet.kit.spoken import WEEKDAYS, clock, day, language, number
from helhet.rules.intervals import Interval
from helhet.rules.recurrence import Recurring


def zone() -> ZoneInfo:
    """The installation's time zone, by whose clock windows come back."""
    return ZoneInfo(settings.TIME_ZONE)


def recurring(window: Window) -> Recurring:
    """The window as the rules take it."""
    return Recurring(window.starts_on, window.starts_time, dt.timedelta(minutes=window.minutes), window.rule)


def span(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """`tisdag 24 november 18.00–02.00`; an end more than a day away is told with its day."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if last - first < dt.timedelta(days=1):
        return f"{day(starts_at, 'weekday')} {clock(starts_at)}–{clock(ends_at)}"
    ends = [f"{day(at, 'weekday')} {clock(at)}" for at in (starts_at, ends_at)]
    return _("%(start)s to %(end)s") % {"start": ends[0], "end": ends[1]}


def told(time: Interval) -> str:
    """A stretch of time in words."""
    return span(time.starts_at, time.ends_at)


def brief(time: Interval) -> str:
    """`tis 18–02`: for a bar in a picture."""
    first, last = timezone.localtime(time.starts_at), timezone.localtime(time.ends_at)
    return f"{short_weekday(first.date())} {_hour(first)}–{_hour(last, is_end=True)}"


def short_weekday(on: dt.date) -> str:
    """`tis`, `Tue`."""
    return WEEKDAYS[language()][on.weekday()][:3]


def short_day(on: dt.date) -> str:
    """`tis 24`, as a column of a picture is headed."""
    return f"{short_weekday(on).capitalize()} {on.day}"


def _hour(at: dt.datetime, *, is_end: bool = False) -> str:
    if at.minute:
        return clock(at)
    return "24" if is_end and at.hour == 0 else f"{at.hour:02}"


def length(of: dt.timedelta) -> str:
    """`8 h`, `1 h 30 min`, `2 d 4 h`."""
    minutes = int(of.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [_("%(n)s d") % {"n": number(days)}] * bool(days) + [_("%(n)s h") % {"n": hours}] * bool(hours)
    parts += [_("%(n)s min") % {"n": left}] * bool(left)
    return " ".join(parts)
