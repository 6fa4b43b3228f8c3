"""Events, and the batches (an import, a bulk edit, a saved rule) that they belong to."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone


class BatchSort(models.TextChoices):
    """What a batch was."""

    IMPORT = "import"
    BULK = "bulk"
    RULE = "rule"
    MERGE = "merge"
    UNDO = "undo"
    DEMO = "demo"


class BatchState(models.TextChoices):
    """How far a batch has come."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class Batch(models.Model):
    """Many changes made as one, which can be told, shown and undone as one."""

    sort = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=20, default=BatchState.RUNNING)
    user_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    undo_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Event(models.Model):
    """Who did what to what. Never altered, never deleted; written in the transaction of the change itself.

    `noun` and `noun_id` are plain values so that history outlives its subject. `before` and `after` hold the
    changed fields alone. `sequence` is given afterwards, over committed events, by the sealing job.
    """

    sequence = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField(default=timezone.now)
    user_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=60)
    noun = models.CharField(max_length=40)
    noun_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, db_index=False, related_name="events")
    request_id = models.CharField(max_length=40, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    details_seal = models.CharField(max_length=64, blank=True, default="")
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        """History of one thing, events of one batch, and what waits for its seal are each one index."""

        indexes = (
            models.Index(fields=("noun", "noun_id", "id"), name="event_of_thing"),
            models.Index(fields=("batch", "id"), name="event_in_batch", condition=models.Q(batch__isnull=False)),
            models.Index(fields=("id",), name="event_unsealed", condition=models.Q(sequence__isnull=True)),
            models.Index(fields=("at",), name="event_at"),
            models.Index(fields=("at",), name="event_alone", condition=models.Q(batch__isnull=True)),
        )

    def __str__(self) -> str:
        """The verb and its subject."""
        return f"{self.verb} {self.noun} {self.noun_id}"

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """(field, before, after) for each changed field, in the order of the names."""
        before, after = self.before or {}, self.after or {}
        return [(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]


class Sealed(models.Model):
    """One row: how far the chain of seals has come. Whoever seals holds it, so that there is one chain."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        """How many are sealed."""
        return str(self.sequence)
