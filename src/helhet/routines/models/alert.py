"""Alerts that monitoring sends, and the routine that each asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from helhet.documents.models import Document
from helhet.groups.models import Answer
from helhet.items.models import Item
from helhet.routines.models.routine import Routine, Run
from helhet.routines.permissions import RoutinePermission

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts as people may see them, and by their routine."""

    def visible_to(self, caller: Caller) -> Self:
        """All, each with whether he may read its routine (`reads_routine`) and that of its run (`reads_run`)."""
        if not caller.may(RoutinePermission.VIEW):
            return self.none()
        documents = Document.objects.visible_to(caller)
        return self.annotate(
            reads_routine=Exists(documents.filter(pk=OuterRef("routine"))),
            reads_run=Exists(documents.filter(pk=OuterRef("run__routine"))),
        )

    def without_routine(self) -> Self:
        """Those that no routine in use is tied to."""
        return self.exclude(routine__in=Routine.objects.in_use())


class Alert(models.Model):
    """One alert, told by its sender's group key and fingerprint; told again it is the same, resolved it is closed.

    `times` counts how often it came up again after it was resolved. `began_at` is since when it is open (or when what
    is over began), `told_began_at` the latest beginning that its sender told of. With `routine_by_hand` and
    `item_by_hand` people have said what it asks for and is about, which no telling alters.
    """

    sender = models.CharField(max_length=20)
    group_key = models.CharField(max_length=500, blank=True)
    fingerprint = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    summary = models.CharField(max_length=500, blank=True)
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    url = models.CharField(max_length=1_000, blank=True)
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="alerts")
    routine = models.ForeignKey(Routine, on_delete=models.SET_NULL, null=True, related_name="alerts")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="alerts")
    routine_by_hand = models.BooleanField(default=False)
    item_by_hand = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    told_began_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)
    times = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    objects = AlertQuerySet.as_manager()

    class Meta:
        """Newest first; open ones are found at once."""

        ordering = ("-began_at", "-id")
        constraints = (models.UniqueConstraint(fields=("sender", "group_key", "fingerprint"), name="alert_once"),)
        indexes = (models.Index(fields=("began_at",), name="alert_open", condition=Q(resolved_at__isnull=True)),)

    def __str__(self) -> str:
        """Its name."""
        return self.name

    @property
    def answering_group_id(self) -> int | None:
        """The group that answers for its item; without one, for its routine's document."""
        about = self.item_id or (self.routine.document.item_id if self.routine is not None else None)
        if about is None:
            return None
        return Answer.objects.open().filter(item_id=about).values_list("group_id", flat=True).first()
