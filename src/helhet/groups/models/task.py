"""What a group or a person is to do, and the lists that people keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.groups.models.group import Group, Person
from helhet.groups.permissions import GroupPermission
from helhet.items.models import Item

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class TaskState(models.TextChoices):
    """A task is open until it is done or dropped with a reason."""

    OPEN = "open", pgettext_lazy("task", "open")
    DONE = "done", pgettext_lazy("task", "done")
    DROPPED = "dropped", pgettext_lazy("task", "dropped")


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The tasks that the caller may see."""
        return self if caller.may(GroupPermission.TASK_VIEW) else self.none()

    def waiting_for(self, caller: Caller) -> Self:
        """What waits for the caller: his own open tasks, and those of his groups that no person has taken, save what he
        asked for himself and others are to do.
        """
        if caller.person_id is None and not caller.member_of:
            return self.none()
        own = Q(person_id=caller.person_id) if caller.person_id else Q(pk__in=())
        of_groups = Q(person__isnull=True, group_id__in=caller.member_of)
        if caller.user_id is not None:
            of_groups &= ~Q(asked_by=caller.user_id)
        return self.filter(own | of_groups, state=TaskState.OPEN)


class Task(models.Model):
    """What a group or person is to do, by when, about which item, and from what.

    `origin` names what made it (`assign`, `report`, `condition`...), `origin_id` that thing's number. `asked_by` is the
    user for whom it does not wait, although it is his group's: he asked for it, and may not do it himself.
    """

    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="tasks")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="tasks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="tasks")
    due_on = models.DateField(null=True)
    origin = models.CharField(max_length=40, default="hand")
    origin_id = models.BigIntegerField(null=True)
    asked_by = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default=TaskState.OPEN)
    outcome = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        """Soonest first. A task is somebody's."""

        ordering = (models.F("due_on").asc(nulls_last=True), "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(group__isnull=False) | Q(person__isnull=False), name="task_is_somebodys"
            ),
        )

    def __str__(self) -> str:
        """What is to be done."""
        return self.title

    @property
    def state_label(self) -> str:
        """The state in the language of the reader."""
        return str(TaskState(self.state).label)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Views as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """Shared views, and one's own."""
        return self.filter(Q(is_shared=True) | Q(user_id=caller.user_id)) if caller.is_signed_in else self.none()


class SavedView(models.Model):
    """A named filter with its columns and order, private or shared, usable in the page and the API by its slug."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    listing = models.CharField(max_length=30, default="items")
    filter = models.CharField(max_length=2_000, blank=True)
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=60, blank=True)
    is_shared = models.BooleanField(default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="views")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def __str__(self) -> str:
        """Its name."""
        return self.name
