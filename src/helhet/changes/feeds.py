"""What a subscribed calendar holds: titles and times, nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.accounts.actions import base_url
from helhet.changes.models import Change, ChangeState, Feed, Freeze, Outcome
from helhet.changes.models.period import FeedOf
from helhet.changes.permissions import ChangePermission
from helhet.kit import spoken
from helhet.kit.rights import Caller
from helhet.routines.feeding import times_of
from helhet.rules.ical import Entry, Status, calendar_text
from helhet.rules.intervals import Interval

BACK, AHEAD = dt.timedelta(days=90), dt.timedelta(days=400)
MOST = 2_000
SURE = frozenset({ChangeState.SCHEDULED, ChangeState.UNDER_WAY, ChangeState.REVIEW, ChangeState.CLOSED})


def feed_text(feed: Feed, caller: Caller) -> str:
    """The calendar of a group (its changes, and those that it is asked about) or a person (those he takes part in),
    with the freezes that hold for it; from three months back to a year and a month ahead.
    """
    now = timezone.now()
    name = feed.group.name if feed.group else feed.person.name if feed.person else ""
    title = _("Changes: %(name)s") % {"name": name}
    entries: list[Entry] = []
    if feed.what != FeedOf.OPERATIONS:
        entries += [*_changes(feed, caller, now), *_freezes(feed, caller, now)]
    else:
        title = _("Operational tasks: %(name)s") % {"name": name}
    if feed.what == FeedOf.BOTH:
        title = _("Changes and operational tasks: %(name)s") % {"name": name}
    if feed.what != FeedOf.CHANGES:
        entries += _operations(feed, caller)
    return calendar_text(title, entries, now)


def tasks_url(caller: Caller, group: str) -> str:
    """Fills `routines.calendar_url`."""
    if not caller.may(ChangePermission.FEED_MANAGE):
        return ""
    return f"{reverse('changes:feeds')}?{urlencode({'what': FeedOf.OPERATIONS.value, 'group': group})}"


def _operations(feed: Feed, caller: Caller) -> Iterator[Entry]:
    held = times_of(caller, group_id=feed.group_id, person_id=feed.person_id, back=BACK, ahead=AHEAD, most=MOST)
    if held.up_to is not None:
        told = {"most": spoken.number(MOST), "day": spoken.day(held.up_to)}
        title = _("The calendar holds %(most)s operational tasks, the nearest in time: all up to %(day)s") % told
        yield _up_to("operations", title, held.up_to)
    for one in held.times:
        during: Interval | dt.date = one.on
        if one.at is not None:
            begins = timezone.make_aware(dt.datetime.combine(one.on, one.at))
            during = Interval(begins, begins + dt.timedelta(minutes=one.minutes))
        status = Status.CANCELLED if one.is_off else Status.CONFIRMED
        yield Entry(f"{one.key}@{_host()}", one.title, during, status, one.version, is_busy=False)


def _up_to(what: str, title: str, day: dt.date) -> Entry:
    return Entry(f"more-{what}@{_host()}", title, day, sequence=day.toordinal(), is_busy=False)


def _changes(feed: Feed, caller: Caller, now: dt.datetime) -> Iterator[Entry]:
    of = (
        Q(group_id=feed.group_id) | Q(positions__group_id=feed.group_id, positions__withdrawn_at__isnull=True)
        if feed.group_id is not None
        else Q(owner_id=feed.person_id) | Q(people__person_id=feed.person_id)
    )
    found = (
        Change.objects.visible_to(caller).filter(of, starts_at__lt=now + AHEAD, ends_at__gt=now - BACK)
        .exclude(state=ChangeState.DRAFT).select_related("item").distinct().order_by("starts_at", "pk")
    )  # fmt: skip
    # Of more than that the nearest in time, those to come first.
    nearest = list(found.filter(ends_at__gte=now)[: MOST + 1])
    to_come, left_out = nearest[:MOST], nearest[MOST:]
    if left_out and left_out[0].starts_at:
        day = timezone.localdate(left_out[0].starts_at) - dt.timedelta(days=1)
        told = {"most": spoken.number(MOST), "day": spoken.day(day)}
        yield _up_to("changes", _("The calendar holds %(most)s changes: all to come up to %(day)s") % told, day)
    past = found.filter(ends_at__lt=now).order_by("-ends_at", "pk")[: MOST - len(to_come)]
    for one in (*reversed(past), *to_come):
        if one.starts_at and one.ends_at:
            yield Entry(
                f"{one.reference}@{_host()}", f"{one.reference} {one.name}", Interval(one.starts_at, one.ends_at),
                _status(one), one.version,
            )  # fmt: skip


def _status(change: Change) -> Status:
    if change.outcome == Outcome.CANCELLED:
        return Status.CANCELLED
    return Status.CONFIRMED if change.state in SURE else Status.TENTATIVE


def _freezes(feed: Feed, caller: Caller, now: dt.datetime) -> Iterator[Entry]:
    of = Q(group=None, item=None, filter="")
    if feed.group_id is not None:
        of |= Q(group_id=feed.group_id) | Q(stated_by_id=feed.group_id)
    found = Freeze.objects.visible_to(caller).filter(of, starts_at__lt=now + AHEAD, ends_at__gt=now - BACK)
    for one in found[:MOST]:
        status = Status.CANCELLED if one.ended_at is not None else Status.CONFIRMED
        yield Entry(
            f"freeze-{one.pk}@{_host()}", _("Freeze: %(name)s") % {"name": one.name},
            Interval(one.starts_at, one.ends_at), status, one.version, is_busy=False,
        )  # fmt: skip


def _host() -> str:
    return urlsplit(base_url()).hostname or "helhet"
