"""The calendar of changes: a month, a week, or a week by group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.band import Band, Bar, Lane, band, plain, rows_of
from helhet.changes.calendar import Calendar, Entry, Wanted, calendar, wanted_of
from helhet.changes.models import ChangeState, ChangeType
from helhet.changes.permissions import ChangePermission
from helhet.changes.times import zone
from helhet.groups.finding import group_named
from helhet.groups.models import Group
from helhet.items.finding import find_item
from helhet.items.models import Family, Item
from helhet.kit.parts import Choice
from helhet.kit.spoken import MONTHS, WEEKDAYS, language
from helhet.kit.web import Request, page
from helhet.rules.days import Span, add_months, parse_day, start_of_day
from helhet.rules.intervals import Interval

MONTH, WEEK, GROUPS = "month", "week", "groups"
IN_A_DAY = {MONTH: 4, WEEK: 40}
FILTERS = ("group", "service", "state", "type")


@dataclass(frozen=True, slots=True)
class Day:
    """One day's cell. `more` are entries that did not fit."""

    on: dt.date
    is_today: bool
    is_outside: bool
    entries: list[Entry] = field(default_factory=list)
    freezes: list[Any] = field(default_factory=list)
    windows: list[Any] = field(default_factory=list)
    more: int = 0


@page(ChangePermission.VIEW)
def calendar_page(request: Request) -> HttpResponse:
    """What is planned when, over all groups or some."""
    view = request.GET.get("view", MONTH)
    view = view if view in (MONTH, WEEK, GROUPS) else MONTH
    today = timezone.localdate()
    on = _day(request.GET.get("on", ""), today)
    shown = _shown(view, on)
    wanted = _wanted(request)
    found = calendar(request.caller, _interval(shown), wanted)
    context = {
        "calendar": found, "view": view, "title": _title(view, on, shown), "wanted": wanted,
        "days": _days(found, view, on, shown, today) if view != GROUPS else [],
        "weekdays": WEEKDAYS[language()], "band": _by_group(found, shown, today) if view == GROUPS else None,
        "tabs": _tabs(request, view, on), "previous": _to(request, on=_moved(view, on, -1)),
        "next": _to(request, on=_moved(view, on, 1)), "today_url": _to(request, on=None), **_choices(request),
        "may_state": request.caller.may(ChangePermission.PERIOD_MANAGE),
        "is_narrow": any(request.GET.get(name) for name in FILTERS),
    }  # fmt: skip
    return render(request, "changes/calendar.html", context)


def _day(text: str, today: dt.date) -> dt.date:
    try:
        found = parse_day(text, today) if text else today
    except ValueError:
        return today
    return found if 1900 < found.year < 2200 else today


def _shown(view: str, on: dt.date) -> Span:
    """The days shown: whole weeks."""
    if view == MONTH:
        first = on.replace(day=1)
        first, last = first - dt.timedelta(days=first.weekday()), add_months(first, 1) - dt.timedelta(days=1)
        return Span(first, last + dt.timedelta(days=7 - last.weekday()))
    first = on - dt.timedelta(days=on.weekday())
    return Span(first, first + dt.timedelta(days=7))


def _interval(shown: Span) -> Interval:
    assert shown.end is not None
    return Interval(start_of_day(shown.start, zone()), start_of_day(shown.end, zone()))


def _moved(view: str, on: dt.date, steps: int) -> dt.date:
    return add_months(on.replace(day=1), steps) if view == MONTH else on + dt.timedelta(days=7 * steps)


def _title(view: str, on: dt.date, shown: Span) -> str:
    months = MONTHS[language()]
    if view == MONTH:
        return f"{months[on.month - 1]} {on.year}".capitalize()
    week = {"week": shown.start.isocalendar().week, "year": shown.start.isocalendar().year}
    return _("Week %(week)s, %(year)s") % week


def _wanted(request: Request) -> Wanted:
    text = {name: request.GET.get(name, "").strip() for name in FILTERS}
    return wanted_of(
        request.caller,
        group=group_named(text["group"], request.caller) if text["group"] else None,
        service=find_item(text["service"], request.caller) if text["service"] else None,
        state=text["state"], type_=text["type"],
    )  # fmt: skip


def _choices(request: Request) -> dict[str, Any]:
    """What can be chosen in the filters."""
    groups = Group.objects.visible_to(request.caller).exclude(state="closed").select_related("item").by_name()
    services = Item.objects.visible_to(request.caller).filter(kind__family=Family.SERVICE).select_related("kind")
    return {
        "groups": [(group.reference, group.name) for group in groups],
        "services": [(item.reference, item.name) for item in services.order_by("name_key")[:500]],
        "states": ChangeState.choices, "types": ChangeType.choices,
    }  # fmt: skip


def _to(request: Request, **changed: Any) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else reverse("changes:calendar")


def _tabs(request: Request, view: str, on: dt.date) -> list[Choice]:
    labels = {MONTH: _("Month"), WEEK: _("Week"), GROUPS: _("By group")}
    return [Choice(label, _to(request, view=name, on=on), view == name) for name, label in labels.items()]


def _days(found: Calendar, view: str, on: dt.date, shown: Span, today: dt.date) -> list[list[Day]]:
    """Weeks of days, each with what falls on it."""
    assert shown.end is not None
    weeks: list[list[Day]] = []
    for count in range((shown.end - shown.start).days):
        day = shown.start + dt.timedelta(days=count)
        whole = Interval(start_of_day(day, zone()), start_of_day(day + dt.timedelta(days=1), zone()))
        entries = [one for one in found.entries if one.during.overlaps(whole)]
        room = IN_A_DAY[view]
        kept = entries[:room] if len(entries) > room + 1 else entries
        cell = Day(
            day, day == today, view == MONTH and day.month != on.month, kept,
            [one for one in found.freezes if Interval(one.starts_at, one.ends_at).overlaps(whole)],
            [one for one, time in found.windows if time.overlaps(whole)] if view == WEEK else [],
            len(entries) - len(kept),
        )  # fmt: skip
        if day.weekday() == 0:
            weeks.append([])
        weeks[-1].append(cell)
    return weeks


def _by_group(found: Calendar, shown: Span, today: dt.date) -> Band:
    """A lane for each group with its changes, in as many rows as they need; freezes and windows above."""
    lanes = [
        Lane(one.name, [plain("stop", Interval(one.starts_at, one.ends_at), one.name, one.get_absolute_url(), words="",
                              inside=_("Freeze"))], one.get_absolute_url())
        for one in found.freezes
    ]  # fmt: skip
    windows: dict[int, list[Bar]] = {}
    names = {one.pk: one for one, _time in found.windows}
    for one, time in found.windows:
        windows.setdefault(one.pk, []).append(plain("window", time, one.name, one.get_absolute_url(), words=""))
    lanes += [Lane(names[pk].name, bars, names[pk].get_absolute_url()) for pk, bars in windows.items()]
    groups: dict[int, tuple[Group | None, list[Bar]]] = {}
    for entry in found.entries:
        groups.setdefault(entry.change.group_id or 0, (entry.change.group, []))[1].append(_bar(entry))
    for group, bars in sorted(groups.values(), key=lambda pair: pair[0].item.name_key if pair[0] else "~"):
        label, url = (group.name, group.get_absolute_url()) if group else (_("No group"), "")
        rows: Sequence[Sequence[Bar]] = rows_of(bars)
        lanes += [Lane(label, row, url, is_more=place > 0) for place, row in enumerate(rows)]
    return band(shown.start, 7, lanes, today)


def _bar(entry: Entry) -> Bar:
    change = entry.change
    sort = "over" if entry.clashes else "plan" if entry.is_planned else "window"
    name = f"{change.reference} {change.name}, {change.state_label}"
    name = _("%(change)s, clashes") % {"change": name} if entry.clashes else name
    return plain(sort, entry.during, name, change.get_absolute_url(), words=change.reference)
