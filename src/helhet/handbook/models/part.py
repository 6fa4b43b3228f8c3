"""The seven parts of service documentation, and what is said of them beside their text."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.items.models import Item


class Part(models.TextChoices):
    """The seven parts, in their order. Each is the `part` of a document of the service or product."""

    DESCRIPTION = "description", pgettext_lazy("part", "Description")
    TASKS = "tasks", pgettext_lazy("part", "Operational tasks")
    LEVELS = "levels", pgettext_lazy("part", "Service levels")
    ORDERS = "orders", pgettext_lazy("part", "Orders")
    CHANGES = "changes", pgettext_lazy("part", "Standard changes")
    SUPPORT = "support", pgettext_lazy("part", "Support paths")
    SUPPLIERS = "suppliers", pgettext_lazy("part", "Suppliers")


class NotApplicable(models.Model):
    """This part does not apply to this service or product, for a reason, by a name; until it is taken back."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="not_applicable")
    part = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Once for each part."""

        constraints = (models.UniqueConstraint(fields=("item", "part"), name="not_applicable_once"),)

    def __str__(self) -> str:
        """Its reason."""
        return self.reason


class Weight(models.Model):
    """How much a part counts in completeness, 0 to 100; a part without a row counts 10, and 0 leaves it out."""

    part = models.CharField(max_length=40, primary_key=True)
    weight = models.PositiveSmallIntegerField(default=10)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        """Part and weight."""
        return f"{self.part}: {self.weight}"


class Contradiction(models.Model):
    """Operations says that the service cannot be run from what is written, in a part (or as a whole), until settled."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="contradictions")
    part = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    user_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    settled_text = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Oldest first."""

        ordering = ("id",)
        indexes = (models.Index(fields=("item",), name="contradiction_open", condition=Q(settled_at__isnull=True)),)

    def __str__(self) -> str:
        """Its beginning."""
        return self.text[:60]
