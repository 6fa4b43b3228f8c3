"""Groups, persons and memberships."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.groups.permissions import GroupPermission
from helhet.items.models import Item, Source

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class Basis(models.TextChoices):
    """What a group was formed by."""

    DELIVERY = "delivery", _("delivery content")
    TECHNOLOGY = "technology", _("technology")
    OTHER = "other", _("other")


class GroupState(models.TextChoices):
    """A closed group answers for nothing; a closing one gives things away."""

    ACTIVE = "active", _("active")
    CLOSING = "closing", _("closing")
    CLOSED = "closed", _("closed")


class Role(models.TextChoices):
    """The roles that the product knows; any other text is a role by name only."""

    MEMBER = "member", _("member")
    CHAIR = "chair", _("chair")
    DEPUTY = "deputy", _("deputy")


BY_NAME = Coalesce("item__name_key", Value(""))
"""The order of names, computed: by the bare column a planner walks the names of all items to find the few groups."""


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The groups that the caller may see."""
        here = self.filter(item__presence=0)
        return here if caller.may(GroupPermission.VIEW) else here.none()

    def by_name(self) -> Self:
        """In the order of their names."""
        return self.order_by(BY_NAME, "pk")

    def living(self, day: dt.date) -> Self:
        """The groups that can answer on the day: not closed, with a current chair and a current member.

        A chair is a member too, so the chair alone is enough.
        """
        return self.exclude(state=GroupState.CLOSED).filter(
            pk__in=Membership.objects.on(day).filter(role=Role.CHAIR).values("group_id")
        )


class Group(models.Model):
    """A virtual group that answers for a part of the environment; not a line unit. Its name is its item's."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="as_group")
    basis = models.CharField(max_length=20, default=Basis.OTHER)
    mandate = models.TextField(blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    state = models.CharField(max_length=20, default=GroupState.ACTIVE)
    closed_on = models.DateField(null=True)
    contacts = models.JSONField(default=dict)
    is_management_team = models.BooleanField(default=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        """As people look for them; at most one management team."""

        ordering = (BY_NAME,)
        constraints = (
            models.UniqueConstraint(
                fields=("is_management_team",), condition=Q(is_management_team=True), name="one_management_team"
            ),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("groups:group", args=[self.item.reference])

    @property
    def name(self) -> str:
        """The name, kept on the item."""
        return self.item.name

    @property
    def reference(self) -> str:
        """The reference, kept on the item."""
        return self.item.reference

    @property
    def state_label(self) -> str:
        """The state in the language of the reader."""
        return str(GroupState(self.state).label)


class PersonQuerySet(models.QuerySet["Person"]):
    """Persons as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The persons that the caller may see."""
        return self if caller.may(GroupPermission.PERSON_VIEW) else self.none()


class Person(models.Model):
    """Somebody in the organisation. The home unit is a mere attribute; what counts is the memberships."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=240)
    email = models.EmailField(blank=True)
    unit = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="person")
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True)
    source_key = models.CharField(max_length=300, blank=True)
    digest = models.BigIntegerField(null=True)
    not_seen_since = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = PersonQuerySet.as_manager()

    class Meta:
        """By name, as Swedish sorts."""

        ordering = ("name_key", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "source_key"), condition=Q(source__isnull=False), name="person_source_key"
            ),
        )
        indexes = (
            models.Index(fields=("name_key", "id"), name="person_by_name"),
            models.Index(fields=("email",), name="person_by_email"),
        )

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("groups:person", args=[self.pk])


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by day."""

    def on(self, day: dt.date) -> Self:
        """Those that hold on the day; `to_on` is the last day. The person must not have ended."""
        return self.filter(
            Q(from_on__isnull=True) | Q(from_on__lte=day),
            Q(to_on__isnull=True) | Q(to_on__gte=day),
            Q(person__ended_on__isnull=True) | Q(person__ended_on__gt=day),
        )


class Membership(models.Model):
    """A person in a group, with role, from and to (the last day) and share of working time in percent."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=60, default=Role.MEMBER)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True)
    source_key = models.CharField(max_length=700, blank=True)
    digest = models.BigIntegerField(null=True)
    not_seen_since = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        """Chair first is a matter of the page; here by person. A source states a membership once."""

        ordering = ("group", "person__name_key")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "source_key"), condition=Q(source__isnull=False), name="membership_source_key"
            ),
        )

    def __str__(self) -> str:
        """Who, where and as what."""
        return f"{self.person_id} {self.role} {self.group_id}"

    @property
    def role_label(self) -> str:
        """The role in the language of the reader."""
        return str(Role(self.role).label) if self.role in Role.values else self.role
