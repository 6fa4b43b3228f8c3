"""Who answers for what, since when and on what ground."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.groups.models.group import Group
from helhet.items.models import Item, Source


class GroundSort(models.IntegerChoices):
    """What decided an answer."""

    NONE = 0, _("no rule yields a group")
    HAND = 1, _("assigned by hand")
    RULE = 2, _("by rule")
    SOURCE = 3, _("as the source says")
    PART_OF = 4, _("as what it is part of")


class Ground(models.Model):
    """The ground of many answers, as it was at the time: the rule's id, number and text outlive the rule.

    `rule_id` is a plain value, since rules stand in a room above; 0 where no rule decided. `text` also holds who
    assigned by hand and why.
    """

    sort = models.SmallIntegerField()
    rule_id = models.BigIntegerField(default=0)
    number = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=2_000, blank=True)

    class Meta:
        """Each ground is kept once."""

        constraints = (models.UniqueConstraint(fields=("sort", "rule_id", "number", "text"), name="ground_once"),)

    def __str__(self) -> str:
        """Its words."""
        return self.text or str(GroundSort(self.sort).label)


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers by day."""

    def open(self) -> Self:
        """The answers that hold now."""
        return self.filter(to_on__isnull=True)

    def on(self, day: dt.date) -> Self:
        """The answers that held at the end of the day, as now known."""
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), from_on__lte=day)


class Answer(models.Model):
    """From a day on (half-open) this group answers for the item, or none does (`group` empty: unowned).

    The database holds at most one open answer per item. `recorded_at` is when it was written, whatever the day.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, db_index=False, related_name="answers")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, db_index=False, related_name="answers")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, db_index=False)
    is_contested = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=timezone.now)
    batch_id = models.BigIntegerField(null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        """One open answer per item; any past day is one range of one index."""

        constraints = (
            models.UniqueConstraint(fields=("item",), condition=Q(to_on__isnull=True), name="one_open_answer"),
        )
        indexes = (
            models.Index(fields=("item", "from_on"), name="answer_by_day"),
            models.Index(fields=("group", "item"), name="answer_open", condition=Q(to_on__isnull=True)),
            models.Index(fields=("ground", "item"), name="answer_ground", condition=Q(to_on__isnull=True)),
        )

    def __str__(self) -> str:
        """The item and its group."""
        return f"{self.item_id}: {self.group_id} {self.from_on}"


FURTHER_ROLES = {
    "supports": _("supports"),
    "implements changes": _("implements changes"),
    "consulted": _("consulted"),
}
"""The further roles that the product knows by name; any other text is a role too."""


class ItemRole(models.Model):
    """A named further role of a group for an item: supports, implements changes, is consulted."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="roles")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=60)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        """A group has a role once at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("item", "group", "role"), condition=Q(to_on__isnull=True), name="open_role_once"
            ),
        )

    def __str__(self) -> str:
        """Who does what."""
        return f"{self.group_id} {self.role} {self.item_id}"

    @property
    def role_label(self) -> str:
        """The role in the language of the reader."""
        return str(FURTHER_ROLES.get(self.role, self.role))
