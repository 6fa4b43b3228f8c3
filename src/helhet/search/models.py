"""The index of the one search, and how far it has come."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Noun(models.IntegerChoices):
    """What can be found, in the order in which hits are shown. An entry's id is `number * 8 + noun`."""

    GROUP = 0
    ITEM = 1
    PERSON = 2
    TASK = 3
    VIEW = 4
    RULE = 5
    CHANGE = 6


STRIDE = 8


class Entry(models.Model):
    """The words of one thing: distinct, raw and stemmed, with a space between. A title's words stand again with a mark.

    The engine's own index stands over `words`; what is shown is read from the thing itself.
    """

    id = models.BigIntegerField(primary_key=True)
    words = models.TextField()

    def __str__(self) -> str:
        """Which thing."""
        return f"{Noun(self.id % STRIDE).name.lower()} {self.id // STRIDE}"


class Reached(models.Model):
    """One row: the last event (by sequence) that the index knows of, and the highest id of the items in it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    item_id = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """How far."""
        return f"event {self.sequence}, item {self.item_id}"
