"""What the page of a change's times shows: its clashes with their next steps, free times, and both as a picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.band import Band, Bar, Lane, band, plain
from helhet.changes.clashes import Clash, clashes_of
from helhet.changes.following import MOVABLE
from helhet.changes.free import FreeTime, free_times_of
from helhet.changes.meeting import window_of
from helhet.changes.models import Change, Window
from helhet.changes.permissions import ChangePermission
from helhet.changes.times import brief, recurring, told, zone
from helhet.kit.rights import Caller
from helhet.rules.days import start_of_day
from helhet.rules.intervals import Interval

BEFORE = 2
SHORTEST, LONGEST = 7, 14
ROOM = dt.timedelta(hours=44)
"""A bar so long has room for a word in it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A clash with what the reader may do about it."""

    clash: Clash
    may_sign: bool
    may_ask: bool
    sign_url: str
    unsign_url: str
    ask_url: str


@dataclass(frozen=True, slots=True)
class Times:
    """Everything that the section shows. `unsigned` are the clashes that hinder."""

    change: Change
    during: Interval | None
    lines: list[Line]
    free: list[FreeTime]
    band: Band | None
    may_move: bool

    @property
    def unsigned(self) -> list[Line]:
        """The clashes that nobody has signed for."""
        return [line for line in self.lines if not line.clash.is_signed]

    @property
    def signed(self) -> list[Line]:
        """Those that somebody has."""
        return [line for line in self.lines if line.clash.is_signed]

    @property
    def first_free(self) -> FreeTime | None:
        """The first time that is long enough."""
        return next((one for one in self.free if not one.slot.is_short), None)

    @property
    def when(self) -> str:
        """The planned time in words."""
        return told(self.during) if self.during else ""


def times_of(change: Change, caller: Caller, found: list[Clash] | None = None) -> Times:
    """Computed now; `found` are its clashes, where they are known already."""
    during = window_of(change)
    found = clashes_of(change) if found is None else found
    may_move = (
        change.state in MOVABLE and not change.is_history and caller.may(ChangePermission.CHANGE, change)
    )  # fmt: skip
    free = free_times_of(change) if change.state in MOVABLE and not change.is_history else []
    return Times(
        change, during, [_line(clash, change, caller) for clash in found], free,
        _picture(change, during, found, free) if during else None, may_move,
    )  # fmt: skip


def _line(clash: Clash, change: Change, caller: Caller) -> Line:
    def to(name: str) -> str:
        return reverse(f"changes:{name}", args=[change.reference])

    return Line(
        clash,
        caller.may(ChangePermission.SIGN_CLASH, clash.freeze or change),
        clash.freeze is not None and caller.may(ChangePermission.CHANGE, change),
        to("signing"), to("unsigning"), to("exemption"),
    )  # fmt: skip


def _picture(change: Change, during: Interval, found: list[Clash], free: list[FreeTime]) -> Band:
    own = timezone.localtime(during.starts_at).date()
    earliest = min([timezone.localtime(one.during.starts_at).date() for one in free], default=own)
    # Free times long before stand in the list alone: the picture is of the planned time.
    reaches = (timezone.localtime(during.ends_at).date() - earliest).days < LONGEST
    first = min(own - dt.timedelta(days=BEFORE), earliest) if reaches else own - dt.timedelta(days=BEFORE)
    last = max(timezone.localtime(one).date() for one in (during.ends_at, *(one.during.ends_at for one in free)))
    days = min(max((last - first).days + 1, SHORTEST), LONGEST)
    whole = Interval(start_of_day(first, zone()), start_of_day(first + dt.timedelta(days=days), zone()))
    lanes = [Lane(_("This change"), [plain("me", during, change.name)])]
    lanes += _other_lanes(during, found)
    lanes += _window_lanes(found, whole)
    if free:
        bars = [plain("short" if one.slot.is_short else "free", one.during, _("Free time")) for one in free]
        lanes.append(Lane(_("Free times"), bars))
    return band(first, days, lanes, timezone.localdate(), title=f"{told(whole)}")


def _other_lanes(during: Interval, found: Iterable[Clash]) -> list[Lane]:
    lanes: dict[str, Lane] = {}
    for clash in found:
        theirs = clash.found.theirs
        both = during.shared(theirs) if theirs else None
        if theirs is None or both is None or clash.found.other in lanes:
            continue
        told_beside = _("clash %(time)s") % {"time": brief(both)}
        is_inside = theirs.ends_at > both.ends_at
        bars = [
            _other_bar(clash, theirs, both, told_beside if is_inside else ""),
            Bar("over", both, _("Clash with %(other)s") % {"other": clash.other_name},
                words="" if is_inside else told_beside),
        ]  # fmt: skip
        label = clash.freeze.item.name if clash.freeze and clash.freeze.item else clash.other_name
        lanes[clash.found.other] = Lane(label, bars, _url(clash))
    return list(lanes.values())


def _other_bar(clash: Clash, theirs: Interval, both: Interval, words: str) -> Bar:
    """The other side; beside it the clash is told when it reaches beyond that, and in it what it is, where there is
    room before the clash.
    """
    if clash.freeze is not None:
        inside = _("Freeze") if both.starts_at - theirs.starts_at >= ROOM else ""
        return plain("stop", theirs, clash.freeze.name, _url(clash), words=words, inside=inside)
    return plain("plan", theirs, clash.other_name, _url(clash), words=words)


def _url(clash: Clash) -> str:
    if clash.change is not None:
        return clash.change.get_absolute_url()
    if clash.freeze is not None:
        return clash.freeze.get_absolute_url()
    return clash.busy.url if clash.busy else ""


def _window_lanes(found: Iterable[Clash], whole: Interval) -> list[Lane]:
    windows: dict[int, Window] = {one.pk: one for clash in found for one in clash.windows}
    return [
        Lane(
            one.name,
            [plain("window", when, one.name, one.get_absolute_url(), words="")
             for when in recurring(one).between(whole.starts_at, whole.ends_at, zone())],
            one.get_absolute_url(),
        )
        for one in windows.values()
    ]  # fmt: skip
