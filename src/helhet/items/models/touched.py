"""Which items were changed in a way that kept pictures of the estate must know."""

from __future__ import annotations

from django.db import models


class Touched(models.Model):
    """The items from `low` to `high` were touched by a transaction that bears the stamp (`kit.engines`)."""

    low = models.BigIntegerField()
    high = models.BigIntegerField()
    stamp = models.BigIntegerField()

    class Meta:
        """Found by its number or by its stamp."""

        indexes = (models.Index(fields=("stamp",), name="touched_by_stamp"),)

    def __str__(self) -> str:
        """The first and the last."""
        return f"{self.low} to {self.high}"
