"""Readings of coverage: one each day and one after each import, kept as counts by kind, group and source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from helhet.journal.models import Batch
from helhet.kit.jobs import JobContext, job
from helhet.responsibility.coverage import Counts, Coverage, count
from helhet.responsibility.models import Reading, ReadingSort


def take_reading(on: dt.date | None = None, *, batch: Batch | None = None) -> Reading:
    """Count and keep. The reading of a day without a batch replaces an earlier one of the same day."""
    day = on or timezone.localdate()
    batch_id = batch.pk if batch else None
    coverage = count(day, with_sources=True)
    with transaction.atomic():
        Reading.objects.filter(on=day, batch_id=batch_id).delete()
        made = Reading.objects.bulk_create(_rows(coverage, batch_id))
    return made[0]


def take_past_readings(days: Mapping[dt.date, dt.datetime]) -> None:
    """Count for each of these days from the answers that held then, and keep it as read at the instant given."""
    rows = [row for day in days for row in _rows(count(day, with_sources=True))]
    for row in rows:
        row.read_at = days[row.on]
    with transaction.atomic():
        Reading.objects.filter(on__in=list(days), batch_id=None).delete()
        Reading.objects.bulk_create(rows)


def _rows(coverage: Coverage, batch_id: int | None = None) -> Iterator[Reading]:
    yield _row(coverage.all, coverage.on, batch_id, sort=ReadingSort.ALL)
    for kind_id, counts in coverage.by_kind.items():
        yield _row(counts, coverage.on, batch_id, sort=ReadingSort.KIND, kind_id=kind_id)
    for group_id, counts in coverage.by_group.items():
        yield _row(counts, coverage.on, batch_id, sort=ReadingSort.GROUP, group_id=group_id)
    for source_id, counts in coverage.by_source.items():
        yield _row(counts, coverage.on, batch_id, sort=ReadingSort.SOURCE, source_id=source_id)


def _row(counts: Counts, day: dt.date, batch_id: int | None, **keys: Any) -> Reading:
    return Reading(on=day, batch_id=batch_id, **counts.as_data(), **keys)


def over_time(since: dt.date) -> list[Reading]:
    """The last reading of all on each day since, in order."""
    last: dict[dt.date, Reading] = {}
    for reading in Reading.objects.filter(sort=ReadingSort.ALL, on__gte=since).order_by("on", "read_at"):
        last[reading.on] = reading
    return list(last.values())


@job(name="responsibility.reading", max_tries=5)
def daily_reading(context: JobContext) -> dict[str, int]:
    """The timetable's daily reading."""
    context.check()
    reading = take_reading()
    return {"items": reading.items, "unowned": reading.unowned}
