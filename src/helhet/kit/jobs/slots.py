"""Turns the timetable's due slots into jobs, each once, however many processes try."""

from __future__ import annotations

from collections.abc import Sequence
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


def take_due(timetable: Sequence[Entry], now: datetime | None = None) -> list[Job]:
    """Ask for the jobs whose slot has come and that nobody has taken. `now` is the database's clock unless given.

    The first time an entry is seen, its past slot is marked as taken and no job is asked for.
    """
    moment = now or database_now()
    jobs = (_take(entry, moment) for entry in timetable)
    return [job for job in jobs if job is not None]


def _take(entry: Entry, now: datetime) -> Job | None:
    mark = next_mark(entry, _last(entry.name), now, ZoneInfo(settings.TIME_ZONE))
    if mark is None:
        return None
    try:
        with transaction.atomic():
            # Inside, the last slot is read again: on SQLite nobody else can write now, on PostgreSQL the constraint
            # makes the second of two wait and fail.
            last = _last(entry.name)
            if next_mark(entry, last, now, ZoneInfo(settings.TIME_ZONE)) != mark:
                return None
            slot = Slot.objects.create(name=entry.name, era=mark.era, slot_at=mark.slot_at, taken_at=now)
            if last is None:
                return None
            slot.job = JobFunction(registry.find(entry.name)).later(
                caller=None, unique="timetable", due_at=mark.slot_at
            )
            slot.save(update_fields=["job"])
            _forget_old(entry.name)
    except IntegrityError:
        return None
    return slot.job


def _last(name: str) -> Mark | None:
    row = Slot.objects.filter(name=name).order_by("-era", "-slot_at").values_list("era", "slot_at").first()
    return Mark(*row) if row else None


def _forget_old(name: str) -> None:
    """Keep the latest slots only; the constraint needs no more than the last, people may look at some."""
    older = Slot.objects.filter(name=name).order_by("-era", "-slot_at").values_list("pk", flat=True)[KEPT_SLOTS:]
    Slot.objects.filter(pk__in=list(older)).delete()
