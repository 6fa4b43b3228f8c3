"""When changes may and may not be made: maintenance windows, freezes, signatures under clashes, and calendar feeds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.changes.models.change import Change
from helhet.changes.permissions import ChangePermission
from helhet.groups.models import Group, Person
from helhet.items.models import Item

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class PeriodQuerySet(models.QuerySet[Any]):
    """Windows and freezes as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """Those that the caller may see: the one door for reading."""
        return self if caller.may(ChangePermission.VIEW) else self.none()


class Period(models.Model):
    """For what it holds: one item (and by dependencies what stands on it), what one group answers for, what a filter
    finds, or, with none of these, everything. `stated_by` is the group whose leads may alter it, none: coordinators.
    """

    name = models.CharField(max_length=200)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="+")
    filter = models.CharField(max_length=2_000, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    stated_by = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        """A base."""

        abstract = True

    def __str__(self) -> str:
        """Its name."""
        return self.name

    @property
    def answering_group_id(self) -> int | None:
        """Who may alter it."""
        return self.stated_by_id


class Window(Period):
    """A recurring time in which changes to what it holds for may be made: the first occurrence (`starts_on` at
    `starts_time`, for `minutes`) and a recurrence rule as RFC 5545 has it, in the installation's time zone. An empty
    rule is that one occurrence.
    """

    starts_on = models.DateField()
    starts_time = models.TimeField()
    minutes = models.PositiveIntegerField()
    rule = models.CharField(max_length=500, blank=True)

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:window", args=[self.pk])


class Freeze(Period):
    """A time in which changes to what it holds for are not allowed."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        """As they come."""

        ordering = ("starts_at", "id")
        constraints = (models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="freeze_window"),)
        indexes = (models.Index(fields=("ends_at", "starts_at"), name="freeze_by_end"),)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:freeze", args=[self.pk])


class ClashSignature(models.Model):
    """Somebody answers for letting a clash stand. `key` says which: the reason and what is clashed with, as
    `rules.clashes` makes it, so that it no longer holds when either is moved.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, db_index=False, related_name="signatures")
    key = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    signed_by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Each clash once."""

        constraints = (models.UniqueConstraint(fields=("change", "key"), name="clash_signed_once"),)

    def __str__(self) -> str:
        """Which clash."""
        return self.key


class FeedOf(models.TextChoices):
    """What a calendar holds."""

    CHANGES = "changes", pgettext_lazy("calendar", "changes")
    OPERATIONS = "operations", pgettext_lazy("calendar", "operational tasks")
    BOTH = "both", pgettext_lazy("calendar", "changes and operational tasks")


class FeedQuerySet(models.QuerySet["Feed"]):
    """Feeds as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """One's own: nobody sees another's."""
        return self.filter(user_id=caller.user_id) if caller.may(ChangePermission.FEED_MANAGE) else self.none()

    def living(self, now: dt.datetime) -> Self:
        """Those that answer: neither ended nor lapsed, of users that may sign in."""
        return self.filter(ended_at__isnull=True, expires_at__gt=now, user__is_active=True)


class Feed(models.Model):
    """The secret address of a calendar: of one group, or of one person. Only its hash is kept; it expires, and ends
    with its owner's account.
    """

    hash = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    what = models.CharField(max_length=12, default=FeedOf.CHANGES)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = FeedQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(group__isnull=False, person__isnull=True) | Q(group__isnull=True, person__isnull=False),
                name="feed_of_one",
            ),
        )

    def __str__(self) -> str:
        """The part that may be shown."""
        return f"{self.prefix}…"

    @property
    def what_label(self) -> str:
        """What it holds, in the language of the reader."""
        return str(FeedOf(self.what).label)
