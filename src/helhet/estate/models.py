"""What depends on what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.items.models import Item, Source


class LinkCriticality(models.TextChoices):
    """What a failure of the other end does."""

    HARD = "hard", _("stops it")
    DEGRADES = "degrades", _("degrades it")
    NONE = "none", _("does not touch it")


class Redundancy(models.Model):
    """Of the dependencies of one item that belong to it, `least` must hold for the item to stand; with `is_share` it is
    a share of them in percent.
    """

    least = models.PositiveSmallIntegerField()
    is_share = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """How many."""
        return f"{self.least} %" if self.is_share else str(self.least)

    def least_of(self, providers: int) -> int:
        """How many of so many providers must hold."""
        return -(-self.least * providers // 100) if self.is_share else self.least


class Dependency(models.Model):
    """`from_item` depends on `to_item`: if the latter fails or changes, the former may suffer."""

    from_item = models.ForeignKey(Item, on_delete=models.CASCADE, db_index=False, related_name="needs")
    to_item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="needed_by")
    type = models.CharField(max_length=60, default="uses")
    criticality = models.CharField(max_length=10, default=LinkCriticality.HARD)
    note = models.CharField(max_length=500, blank=True)
    redundancy = models.ForeignKey(Redundancy, on_delete=models.SET_NULL, null=True, related_name="dependencies")
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True)
    not_seen_since = models.DateField(null=True)
    batch_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A dependency of one type is stated once; a thing does not depend on itself."""

        constraints = (
            models.UniqueConstraint(fields=("from_item", "to_item", "type"), name="dependency_once"),
            models.CheckConstraint(condition=~Q(from_item=models.F("to_item")), name="dependency_on_another"),
        )

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.from_item_id} {self.type} {self.to_item_id}"
