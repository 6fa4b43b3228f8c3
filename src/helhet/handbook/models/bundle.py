"""The offline copies that were made."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone


class BundleQuerySet(models.QuerySet["Bundle"]):
    """Copies by what became of them."""

    def made(self) -> Self:
        """Those that came to an end: written, checked and put in place."""
        return self.exclude(digest="")


class Bundle(models.Model):
    """One offline copy for one audience. `number` only rises; `digest` is its manifest's, empty while it is being made.

    `sequence` is the last sealed event that is in it. `places` are the folders that it was put into, each with `fault`
    (why it was not, or empty) and `host`: the machine that keeps a copy there by itself, empty where somebody chose it.
    """

    audience = models.CharField(max_length=40)
    number = models.BigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(default=0)
    sequence = models.BigIntegerField(default=0)
    folder = models.CharField(max_length=500, blank=True)
    places = models.JSONField(default=list)
    by = models.CharField(max_length=200, blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        """Newest first; a number is given once for an audience."""

        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("audience", "number"), name="bundle_once"),)

    def __str__(self) -> str:
        """Audience and number."""
        return f"{self.audience} {self.number}"

    @property
    def host(self) -> str:
        """The machine at whose own places it stands; empty for one that was made by hand."""
        return str(self.places[0].get("host", "")) if self.places else ""
