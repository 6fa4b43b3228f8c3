"""Operational tasks, their occurrences, and what one shift tells the next."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.groups.models import Answer, Group, Person
from helhet.items.models import Item
from helhet.routines.models.routine import Routine, Run


class ClosedDay(models.TextChoices):
    """What to do when a day that comes up is closed (a weekend or a Swedish holiday)."""

    KEEP = "keep", pgettext_lazy("closed day", "do it anyway")
    NEXT = "next", pgettext_lazy("closed day", "the next open day")
    BEFORE = "before", pgettext_lazy("closed day", "the last open day before")
    SKIP = "skip", pgettext_lazy("closed day", "leave it out")


class OperationalTask(models.Model):
    """A recurring preventive activity on an item. The item's group does it unless `group` is set.

    `rule` is a recurrence rule of RFC 5545 from `first_on`, by the local clock; with `after_days` set it comes again so
    many days after it was last done, and `rule` is empty. `lead_days` before its day an occurrence stands in the day
    list.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="operational_tasks")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="operational_tasks")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="operational_tasks")
    routine = models.ForeignKey(Routine, on_delete=models.PROTECT, null=True, related_name="operational_tasks")
    rule = models.CharField(max_length=500, blank=True)
    first_on = models.DateField()
    at = models.TimeField(null=True)
    after_days = models.PositiveIntegerField(null=True)
    closed_day = models.CharField(max_length=10, default=ClosedDay.KEEP)
    lead_days = models.PositiveIntegerField(default=0)
    minutes = models.PositiveIntegerField(null=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    made_up_to = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By title; it recurs in one way."""

        ordering = ("title", "id")
        constraints = (
            models.CheckConstraint(condition=Q(rule="") | Q(after_days__isnull=True), name="operation_recurs_one_way"),
        )

    def __str__(self) -> str:
        """What is to be done."""
        return self.title

    @property
    def answering_group_id(self) -> int | None:
        """The group that does it: its own, else the item's."""
        if self.group is not None:
            return int(self.group.pk)
        return Answer.objects.open().filter(item_id=self.item_id).values_list("group_id", flat=True).first()


class OccurrenceState(models.TextChoices):
    """An occurrence stays open until it is done or skipped with a reason."""

    OPEN = "open", pgettext_lazy("occurrence", "to do")
    DONE = "done", pgettext_lazy("occurrence", "done")
    SKIPPED = "skipped", pgettext_lazy("occurrence", "skipped")


class Occurrence(models.Model):
    """One time that an operational task is to be done. `rule_on` is the day of the rule, `due_on` after closed days."""

    task = models.ForeignKey(OperationalTask, on_delete=models.CASCADE, related_name="occurrences")
    rule_on = models.DateField()
    due_on = models.DateField()
    at = models.TimeField(null=True)
    state = models.CharField(max_length=10, default=OccurrenceState.OPEN)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="occurrences")
    reason = models.CharField(max_length=500, blank=True)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="occurrences")
    minutes = models.PositiveIntegerField(null=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Soonest first; a day of the rule comes once."""

        ordering = ("due_on", "id")
        constraints = (models.UniqueConstraint(fields=("task", "rule_on"), name="occurrence_once"),)
        indexes = (models.Index(fields=("due_on", "task"), name="occurrence_open", condition=Q(state="open")),)

    def __str__(self) -> str:
        """Its day."""
        return f"{self.task_id} {self.due_on}"

    @property
    def answering_group_id(self) -> int | None:
        """The group that does it."""
        return self.task.answering_group_id


class Handover(models.Model):
    """What one shift of a group tells the next, until somebody says that it was read."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="handovers")
    text = models.TextField()
    user_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    taken_by = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """Its beginning."""
        return self.text[:60]

    @property
    def answering_group_id(self) -> int | None:
        """Its group."""
        return int(self.group.pk)
