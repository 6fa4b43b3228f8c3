"""Responsibility rules, and readings of coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.groups.models import Group
from helhet.items.models import Item, Kind, Source
from helhet.responsibility.permissions import ResponsibilityPermission

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class RuleSort(models.TextChoices):
    """What a rule yields."""

    NAMED = "named", _("a named group")
    SOURCE = "source", _("as the source says")
    PART_OF = "part_of", _("as what it is part of")


class RuleQuerySet(models.QuerySet["Rule"]):
    """Rules as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The rules that the caller may see."""
        return self if caller.may(ResponsibilityPermission.RULE_VIEW) else self.none()


class Rule(models.Model):
    """One rule in the one ordered list. `number` is how people name it, and stays when the rule moves."""

    number = models.PositiveIntegerField(unique=True)
    position = models.PositiveIntegerField(db_index=True)
    sort = models.CharField(max_length=10, default=RuleSort.NAMED)
    filter = models.CharField(max_length=2_000, blank=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="rules")
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = RuleQuerySet.as_manager()

    class Meta:
        """In the order of deciding. Only a named rule has a group, and it always has one."""

        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(sort=RuleSort.NAMED, group__isnull=False)
                | (~models.Q(sort=RuleSort.NAMED) & models.Q(group__isnull=True)),
                name="rule_names_its_group",
            ),
        )

    def __str__(self) -> str:
        """Number and filter."""
        return f"{self.number}: {self.filter or self.sort}"


class Claim(models.Model):
    """This named rule selects this item: kept, so that answers are decided by joining tables alone."""

    pk = models.CompositePrimaryKey("rule_id", "item_id")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, db_index=False, related_name="claims")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="claims")

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.rule_id}: {self.item_id}"


class ReadingSort(models.TextChoices):
    """What a row of a reading counts."""

    ALL = "all"
    KIND = "kind"
    GROUP = "group"
    SOURCE = "source"


class Reading(models.Model):
    """The counts of coverage on one day (or just after one import): for all, by kind, by group and by source."""

    on = models.DateField()
    batch_id = models.BigIntegerField(null=True)
    sort = models.CharField(max_length=10, default=ReadingSort.ALL)
    kind = models.ForeignKey(Kind, on_delete=models.CASCADE, null=True)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True)
    items = models.PositiveIntegerField()
    owned = models.PositiveIntegerField()
    unowned = models.PositiveIntegerField()
    contested = models.PositiveIntegerField()
    dead_owner = models.PositiveIntegerField()
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Over time, for one breakdown."""

        indexes = (models.Index(fields=("sort", "on"), name="reading_over_time"),)

    def __str__(self) -> str:
        """Day and figures."""
        return f"{self.on} {self.sort}: {self.owned}/{self.items}"


class Digest(models.Model):
    """A daily round of mail to the groups: what was recorded after `since_at`, up to `until_at`, has been told."""

    since_at = models.DateTimeField()
    until_at = models.DateTimeField()
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        """Newest first."""

        ordering = ("-until_at",)

    def __str__(self) -> str:
        """Until when."""
        return self.until_at.isoformat()
