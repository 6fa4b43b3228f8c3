"""Windows and freezes as people read them: for what, when, and which planned changes they would hit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helhet.changes import meeting
from helhet.changes.clashes import listed
from helhet.changes.models import Change, Freeze, Window
from helhet.changes.times import length, recurring, span, told, zone
from helhet.groups.links import items_of, items_url
from helhet.items.listing import COUNT_LIMIT, ItemList
from helhet.kit.errors import Refused
from helhet.kit.rights import Caller
from helhet.kit.spoken import WEEKDAYS, clock, day, language, number
from helhet.rules.intervals import Interval
from helhet.rules.recurrence import read_rule

AHEAD = dt.timedelta(days=90)
LOOKED_AT = 200
"""So many planned changes are held against a period for its preview, the next ones first."""

SHAPES = {
    "FREQ=DAILY": gettext_lazy("every day"),
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR": gettext_lazy("every day from Monday to Friday"),
}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Holds:
    """For what a period holds: in words, with a link where there is a list, and how many; `error` of a filter that can
    no longer be read.
    """

    text: str
    url: str = ""
    count: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a period would mean. `changes` are the planned changes that would clash with it; `is_whole` says that all
    that are planned were looked at.
    """

    holds: Holds
    changes: list[Change] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    is_whole: bool = True


def holds(period: Window | Freeze, caller: Caller, *, with_count: bool = False) -> Holds:
    """For what it holds."""
    if period.item is not None:
        words = _("%(name)s and what stands on it") % {"name": period.item.name}
        return Holds(words, period.item.get_absolute_url())
    text = f"group:{period.group.reference}" if period.group else period.filter
    url = items_of(period.group) if period.group else items_url(text) if text else ""
    words = period.group.name if period.group else text or _("everything")
    if not with_count and not period.filter:
        return Holds(words, url)
    try:
        count = ItemList(caller, text).count(COUNT_LIMIT).number
    except Refused as error:
        return Holds(words, url, error=str(error.message))
    return Holds(words, url, count)


def preview(period: Window | Freeze, caller: Caller) -> Preview:
    """What it holds for, and which planned changes it hits, before it is stated."""
    now = timezone.now()
    if isinstance(period, Freeze):
        time = Interval(period.starts_at, period.ends_at)
        shown = [told(time)]
    else:
        time = Interval(now, now + AHEAD)
        shown = [told(one) for one in recurring(period).between(now, now + AHEAD, zone(), 3)]
    planned = (
        Change.objects.visible_to(caller).planned().filter(starts_at__lt=time.ends_at, ends_at__gt=time.starts_at)
        .select_related("item", "group__item").order_by("starts_at")
    )  # fmt: skip
    looked_at = list(planned[: LOOKED_AT + 1])
    hit = [change for change in looked_at[:LOOKED_AT] if _is_hit(change, period)]
    return Preview(holds(period, caller, with_count=True), hit, shown, len(looked_at) <= LOOKED_AT)


def _is_hit(change: Change, period: Window | Freeze) -> bool:
    """Whether the change as planned would clash with the period."""
    time = meeting.window_of(change)
    if time is None:
        return False
    mine = meeting.mine_of(change)
    if isinstance(period, Freeze):
        items, everything = meeting.held(period, mine)
        return bool(items) or everything
    windows = meeting.windows_of(mine, time.starts_at, also=period)
    bound = {item: found for item, found in windows.items() if any(one is period for one in found)}
    return any(
        not any(when.holds(time) for when in one.times) for one in meeting.allowed_in(bound, time)
    )  # fmt: skip


def when(period: Window | Freeze) -> str:
    """When it holds, in words."""
    if isinstance(period, Freeze):
        return span(period.starts_at, period.ends_at)
    first = dt.datetime.combine(period.starts_on, period.starts_time)
    last = first + dt.timedelta(minutes=period.minutes)
    hours = f"{clock(first)}–{clock(last)}"
    if last - first >= dt.timedelta(days=1):
        hours = _("%(clock)s for %(length)s") % {"clock": clock(first), "length": length(last - first)}
    if not period.rule:
        return f"{day(period.starts_on, 'weekday')} {hours}"
    return f"{repeated(period.rule)} {hours}"


def repeated(rule: str) -> str:
    """A recurrence rule in words; one of a shape that has none is told as it is written."""
    if rule in SHAPES:
        return str(SHAPES[rule])
    parts = read_rule(rule)
    names = [WEEKDAYS[language()][DAYS.index(one)] for one in parts.get("BYDAY", "").split(",") if one in DAYS]
    if parts.get("FREQ") == "WEEKLY" and names and set(parts) <= {"FREQ", "BYDAY", "INTERVAL"}:
        every = int(parts.get("INTERVAL", "1"))
        words = ngettext("every week on %(days)s", "every %(count)s weeks on %(days)s", every)
        return words % {"days": listed(names, most=7), "count": number(every)}
    return _("by the rule %(rule)s") % {"rule": rule}


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A window or freeze in the list."""

    period: Window | Freeze
    holds: Holds
    when: str
    next: str = ""


def freeze_rows(caller: Caller, now: dt.datetime) -> list[PeriodRow]:
    """The freezes that hold or will, as they come."""
    found = Freeze.objects.visible_to(caller).filter(ended_at__isnull=True, ends_at__gt=now)
    return [
        PeriodRow(one, holds(one, caller), when(one))
        for one in found.select_related("item__kind", "group__item", "stated_by__item")
    ]


def window_rows(caller: Caller, now: dt.datetime) -> list[PeriodRow]:
    """The windows that are not ended, with their next time; those that will not come again last."""
    found = Window.objects.visible_to(caller).filter(ended_at__isnull=True)
    rows = []
    for one in found.select_related("item__kind", "group__item", "stated_by__item"):
        coming = recurring(one).between(now, now + dt.timedelta(days=400), zone(), 1)
        rows.append(PeriodRow(one, holds(one, caller), when(one), told(coming[0]) if coming else ""))
    return sorted(rows, key=lambda row: not row.next)


def ended(caller: Caller, now: dt.datetime, most: int = 50) -> list[Window | Freeze]:
    """The last that have ended, or that time has passed."""
    freezes = Freeze.objects.visible_to(caller).filter(Q(ended_at__isnull=False) | Q(ends_at__lte=now))
    windows = Window.objects.visible_to(caller).filter(ended_at__isnull=False)
    return [*freezes.order_by("-ends_at")[:most], *windows.order_by("-ended_at")[:most]]
