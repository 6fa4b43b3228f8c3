"""The offline copies that were made."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Bundle(models.Model):
    """One offline copy for one audience. `number` only rises; `digest` is its manifest's."""

    audience = models.CharField(max_length=40)
    number = models.BigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(default=0)
    sequence = models.BigIntegerField(default=0)
    folder = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        """Newest first; a number is given once for an audience."""

        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("audience", "number"), name="bundle_once"),)

    def __str__(self) -> str:
        """Audience and number."""
        return f"{self.audience} {self.number}"
