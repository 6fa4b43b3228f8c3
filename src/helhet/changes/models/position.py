"""What the touched groups say to a change: positions, conditions, settlements, and positions given in advance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.changes.models.change import Change
from helhet.changes.permissions import ChangePermission
from helhet.groups.models import Group, Task
from helhet.items.models import Item

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class Stance(models.TextChoices):
    """What a group says. Empty: it has not answered."""

    YES = "yes", pgettext_lazy("change", "yes")
    YES_IF = "yes_if", pgettext_lazy("change", "yes, if")
    NO = "no", pgettext_lazy("change", "no")


class AdvanceQuerySet(models.QuerySet["Advance"]):
    """Positions given in advance as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """All, for whoever may see changes."""
        return self if caller.may(ChangePermission.VIEW) else self.none()

    def holding(self) -> Self:
        """Those that still answer."""
        return self.filter(ended_at__isnull=True, until_on__gte=timezone.localdate())


class Advance(models.Model):
    """A position that a group gives in advance: always yes to this type of change (empty: any) to this item (none: any
    of the group's) until the day, the last one.
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="advances")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="advances")
    type = models.CharField(max_length=20, blank=True)
    until_on = models.DateField()
    words = models.CharField(max_length=500, blank=True)
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = AdvanceQuerySet.as_manager()

    class Meta:
        """Those that end soonest first."""

        ordering = ("until_on", "id")

    def __str__(self) -> str:
        """Until when."""
        return f"yes until {self.until_on}"

    @property
    def answering_group_id(self) -> int:
        """Whose it is."""
        return int(self.group_id)


class PositionQuerySet(models.QuerySet["Position"]):
    """Positions as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """Those of changes that the caller may see."""
        here = self.filter(change__item__presence=0, withdrawn_at__isnull=True)
        return here if caller.may(ChangePermission.VIEW) else here.none()

    def open(self) -> Self:
        """Those that have been asked for and not been answered."""
        return self.filter(withdrawn_at__isnull=True, stance="")


class Position(models.Model):
    """What one touched group says to a change, and why it is asked.

    `reason` is {"count": n, "services": [ids], "path": [ids of items]} as it was when the group was asked. `task` is
    the task by which it waits for somebody. `told_at` is when the group was told by mail, `escalated_at` when silence
    made it a matter of the management team.
    One whose group the change no longer touches is withdrawn.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, db_index=False, related_name="positions")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="positions")
    stance = models.CharField(max_length=10, blank=True)
    words = models.CharField(max_length=1_000, blank=True)
    reason = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    advance = models.ForeignKey(Advance, on_delete=models.PROTECT, null=True, related_name="positions")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="asks")
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = PositionQuerySet.as_manager()

    class Meta:
        """A group is asked once; what it says may change."""

        constraints = (models.UniqueConstraint(fields=("change", "group"), name="position_once"),)
        indexes = (
            models.Index(
                fields=("due_at",), name="position_open", condition=models.Q(stance="", withdrawn_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        """What is said."""
        return f"{self.group_id} to {self.change_id}: {self.stance or '-'}"

    @property
    def answering_group_id(self) -> int:
        """Who answers it."""
        return int(self.group_id)


class Condition(models.Model):
    """Something that must be done for a yes-if to be a yes: a task of the change's group."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="conditions")
    text = models.CharField(max_length=500)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="conditions")

    class Meta:
        """In the order of stating."""

        ordering = ("id",)

    def __str__(self) -> str:
        """What must be done."""
        return self.text


class Settlement(models.Model):
    """The management team's decision on a position that says no, or on one that never came. `goes_on` says whether the
    change may go on in spite of it.
    """

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="settlements")
    goes_on = models.BooleanField()
    words = models.CharField(max_length=1_000)
    decided_by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The newest first: it holds."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """What was decided."""
        return self.words[:60]
