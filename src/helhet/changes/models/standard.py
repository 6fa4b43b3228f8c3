"""Changes that are approved beforehand, and what needs no change at all."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.changes.models.change import Risk
from helhet.groups.models import Group
from helhet.items.models import Item, Kind


class VersionState(models.TextChoices):
    """How far a version of a standard change has come. One at most is approved."""

    PROPOSED = "proposed", pgettext_lazy("change", "proposed")
    APPROVED = "approved", pgettext_lazy("change", "approved")
    REFUSED = "refused", pgettext_lazy("change", "refused")
    REPLACED = "replaced", pgettext_lazy("change", "replaced")
    RETIRED = "retired", pgettext_lazy("change", "retired")


OF_ONE = Q(item__isnull=False, kind__isnull=True) | Q(item__isnull=True, kind__isnull=False)


class StandardChange(models.Model):
    """A change that may be raised on this item, or on any item of this kind, without asking anybody."""

    name = models.CharField(max_length=200)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="standard_changes")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, null=True, related_name="standard_changes")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="standard_changes")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By name. It is of an item or of a kind."""

        ordering = ("name", "id")
        constraints = (models.CheckConstraint(condition=OF_ONE, name="standard_of_one"),)

    def __str__(self) -> str:
        """Its name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:standard", args=[self.pk])

    @property
    def answering_group_id(self) -> int:
        """Who may propose a new version."""
        return int(self.group_id)


class StandardVersion(models.Model):
    """One wording of a standard change: under which conditions, by which routine, how it is taken back, how long it
    takes, and its risk. A change that was raised keeps the version that it was raised by.
    """

    standard = models.ForeignKey(StandardChange, on_delete=models.CASCADE, db_index=False, related_name="versions")
    number = models.PositiveIntegerField()
    conditions = models.TextField(blank=True)
    routine = models.TextField()
    way_back = models.TextField(blank=True)
    minutes = models.PositiveIntegerField(default=60)
    risk = models.SmallIntegerField(default=Risk.LOW)
    state = models.CharField(max_length=20, default=VersionState.PROPOSED)
    proposed_by = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        """Newest first; at most one is approved."""

        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("standard", "number"), name="standard_version_once"),
            models.UniqueConstraint(fields=("standard",), condition=Q(state="approved"), name="standard_one_approved"),
        )

    def __str__(self) -> str:
        """Its number."""
        return str(self.number)

    @property
    def state_label(self) -> str:
        """The state in the language of the reader."""
        return str(VersionState(self.state).label)

    @property
    def risk_label(self) -> str:
        """The risk in the language of the reader."""
        return str(Risk(self.risk).label)


class Threshold(models.Model):
    """What needs no change on this item, or on items of this kind, since a documented task or order covers it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="thresholds")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, null=True, related_name="thresholds")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="thresholds")
    text = models.CharField(max_length=500)
    covered_by = models.CharField(max_length=500)
    fields = models.JSONField(default=list)
    stated_by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """As stated. It is of an item or of a kind."""

        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=OF_ONE, name="threshold_of_one"),)

    def __str__(self) -> str:
        """What needs no change."""
        return self.text

    @property
    def answering_group_id(self) -> int | None:
        """Who may alter it; none: coordinators."""
        return self.group_id
