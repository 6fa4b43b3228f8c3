"""The index of the one search."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """What the search knows of one thing. `words` are its analysed words; the engine's own index stands beside it."""

    noun = models.CharField(max_length=20)
    noun_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    reference = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    words = models.TextField(blank=True)
    title_words = models.TextField(blank=True)
    version = models.BigIntegerField(default=0)

    class Meta:
        """One entry for one thing."""

        constraints = (models.UniqueConstraint(fields=("noun", "noun_id"), name="entry_once"),)

    def __str__(self) -> str:
        """Its title."""
        return self.title
