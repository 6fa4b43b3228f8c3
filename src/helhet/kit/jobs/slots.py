"""Turns the timetable's due slots into jobs, each once, however many processes try."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from helhet.kit.jobs import registry
from helhet.kit.jobs.clock import database_now
from helhet.kit.jobs.define import JobFunction
from helhet.kit.jobs.models import Job, Slot
from helhet.rules.timetable import Entry, Mark, next_mark

KEPT_SLOTS = 200


def take_due(timetable: Sequence[Entry], clock: Callable[[], datetime] = database_now) -> list[Job]:
    """Ask for the jobs whose slot has come and that nobody has taken.

    The first time an entry is seen, its past slot is marked as taken and no job is asked for.
    """
    jobs = (_take(entry, clock) for entry in timetable)
    return [job for job in jobs if job is not None]


def _take(entry: Entry, clock: Callable[[], datetime]) -> Job | None:
    if _mark_due(entry, clock) is None:
        return None
    try:
        with transaction.atomic():
            # Asked again inside: on SQLite nobody else writes now, on PostgreSQL the constraint lets one of two pass.
            found = _mark_due(entry, clock)
            if found is None:
                return None
            mark, is_first = found
            slot = Slot.objects.create(name=entry.name, era=mark.era, slot_at=mark.slot_at, taken_at=clock())
            if is_first:
                return None
            function = JobFunction(registry.find(entry.name))
            slot.job = function.later(caller=None, unique="timetable", due_at=mark.slot_at)
            slot.save(update_fields=["job"])
            _forget_old(entry.name)
    except IntegrityError:
        return None
    return slot.job


def _mark_due(entry: Entry, clock: Callable[[], datetime]) -> tuple[Mark, bool] | None:
    """The slot to take, and whether it is the entry's first.

    The clock is read after the last slot: a process that slept in between must not take its old time for a clock that
    was set back.
    """
    last = _last(entry.name)
    mark = next_mark(entry, last, clock(), ZoneInfo(settings.TIME_ZONE))
    return None if mark is None else (mark, last is None)


def _last(name: str) -> Mark | None:
    row = Slot.objects.filter(name=name).order_by("-era", "-slot_at").values_list("era", "slot_at").first()
    return Mark(*row) if row else None


def _forget_old(name: str) -> None:
    """Keep the latest slots only; the constraint needs no more than the last, people may look at some."""
    older = Slot.objects.filter(name=name).order_by("-era", "-slot_at").values_list("pk", flat=True)[KEPT_SLOTS:]
    Slot.objects.filter(pk__in=list(older)).delete()
