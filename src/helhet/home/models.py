"""The latest count of everything, kept so that no page of a large register has to count."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Kept(models.Model):
    """One row: the counts of coverage as last made by the job `home.count`.

    `event_id` is the last event that the count knew of, `seconds` how long it took, `figures` what
    `figures.as_plain` wrote.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    figures = models.JSONField(default=dict)
    event_id = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    counted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """When it was counted."""
        return str(self.counted_at)
