"""A routine beside its document, and each use of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.documents.models import Document, Version
from helhet.groups.models import Group, Person, Task
from helhet.items.models import Attachment, Item, Presence, State
from helhet.routines.permissions import RoutinePermission

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class RoutineKind(models.TextChoices):
    """What sort of work a routine is for."""

    OPERATION = "operation", pgettext_lazy("routine", "operational task")
    DESK = "desk", pgettext_lazy("routine", "service desk action")
    INCIDENT = "incident", pgettext_lazy("routine", "incident action and escalation")
    ORDER = "order", pgettext_lazy("routine", "order fulfilment")
    CHANGE = "change", pgettext_lazy("routine", "standard change")
    RECOVERY = "recovery", pgettext_lazy("routine", "recovery")


class RoutineQuerySet(models.QuerySet["Routine"]):
    """Routines by whether they are in use. Who may read one is asked of its document."""

    def in_use(self) -> Self:
        """Those that have not been withdrawn."""
        here = self.filter(document__item__presence=Presence.HERE)
        return here.exclude(document__item__state=State.RETIRED)


class Routine(models.Model):
    """How a recurring piece of work is done. Its text and steps are its document's versions (`fields["steps"]`).

    `symptoms` are the words by which people look for it, one a line. A routine is doubtful when it was last proven
    more than `prove_days` ago, or never; `last_proven_on` is the day of the last run or exercise that worked, and
    `proven_to` is kept beside it: the last day on which that still counts.
    """

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="routine")
    kind = models.CharField(max_length=20, default=RoutineKind.OPERATION)
    symptoms = models.TextField(blank=True)
    expected_minutes = models.PositiveIntegerField(null=True)
    prove_days = models.PositiveIntegerField(null=True)
    last_proven_on = models.DateField(null=True)
    proven_to = models.DateField(null=True)
    uses = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = RoutineQuerySet.as_manager()

    class Meta:
        """By name."""

        ordering = ("document__item__name_key", "document_id")

    def __str__(self) -> str:
        """Its document's address."""
        return str(self.document)

    def get_absolute_url(self) -> str:
        """Its own page."""
        return reverse("routines:routine", args=[self.document.item.reference])

    @property
    def answering_group_id(self) -> int | None:
        """The group that answers for its document."""
        return self.document.answering_group_id

    @property
    def is_withdrawn(self) -> bool:
        """Whether its document has been taken out of use: it can be read, and no longer be run."""
        return int(self.document.item.state) == State.RETIRED

    def keep_proof(self) -> None:
        """Keep `proven_to` in step with the day that it was proven and its interval."""
        self.proven_to = None
        if self.last_proven_on is not None and self.prove_days is not None:
            self.proven_to = self.last_proven_on + dt.timedelta(days=self.prove_days)


class RoutineLabel(models.Model):
    """An alert with this label and value asks for this routine; an empty value means any."""

    routine = models.ForeignKey(Routine, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=100)
    value = models.CharField(max_length=300, blank=True)

    class Meta:
        """Found by label."""

        constraints = (models.UniqueConstraint(fields=("routine", "name", "value"), name="routine_label_once"),)
        indexes = (models.Index(fields=("name", "value"), name="routine_by_label"),)

    def __str__(self) -> str:
        """As written in a matcher."""
        return f"{self.name}={self.value or '*'}"


class RunOrigin(models.TextChoices):
    """Where a run was begun from."""

    ROUTINE = "routine", pgettext_lazy("run", "the routine")
    ALERT = "alert", pgettext_lazy("run", "an alert")
    ITEM = "item", pgettext_lazy("run", "an item")
    DAY = "day", pgettext_lazy("run", "the day list")


class RunOutcome(models.TextChoices):
    """How a run went."""

    WORKED = "worked", pgettext_lazy("run", "worked")
    DEVIATIONS = "deviations", pgettext_lazy("run", "worked with deviations")
    FAILED = "failed", pgettext_lazy("run", "failed")
    ABANDONED = "abandoned", pgettext_lazy("run", "abandoned")


class RunQuerySet(models.QuerySet["Run"]):
    """Runs as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The runs of routines that the caller may see."""
        if not caller.may(RoutinePermission.VIEW):
            return self.none()
        return self.filter(routine__document__in=Document.objects.visible_to(caller))


class Run(models.Model):
    """One use of a routine. It keeps the version that it ran; times and names are the server's.

    `user_id`, `by`, `person` and `group` are whose it is now, `runners` the ids of the users whose it was before.
    `key` is made by whoever begins it, so that a begin that is sent twice makes one run. `outcome` is empty while it
    is under way.
    """

    key = models.CharField(max_length=64, unique=True)
    routine = models.ForeignKey(Routine, on_delete=models.PROTECT, related_name="runs")
    of_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="runs")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="runs")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="runs")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="runs")
    user_id = models.BigIntegerField(null=True)
    runners = models.JSONField(default=list)
    by = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, default=RunOrigin.ROUTINE)
    origin_id = models.BigIntegerField(null=True)
    is_exercise = models.BooleanField(default=False)
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    note = models.TextField(blank=True)
    minutes = models.PositiveIntegerField(null=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    tickets = models.JSONField(default=list)
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, related_name="runs")
    version = models.PositiveIntegerField(default=1)

    objects = RunQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ("-id",)
        indexes = (
            models.Index(fields=("routine", "begun_at"), name="run_of_routine"),
            models.Index(fields=("group", "begun_at"), name="run_of_group"),
            models.Index(fields=("person",), name="run_open", condition=Q(outcome="")),
        )

    def __str__(self) -> str:
        """Its key."""
        return self.key

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("routines:run", args=[self.pk])

    @property
    def answering_group_id(self) -> int | None:
        """The group that runs it."""
        return self.group_id


class StepState(models.TextChoices):
    """What became of a step."""

    DONE = "done", pgettext_lazy("step", "done")
    SKIPPED = "skipped", pgettext_lazy("step", "skipped")
    FAILED = "failed", pgettext_lazy("step", "failed")
    APPROVED = "approved", pgettext_lazy("step", "approved")
    REFUSED = "refused", pgettext_lazy("step", "refused")


class RunStep(models.Model):
    """An answer to one step of a run. `key` is made by the phone, so that none is doubled.

    One answer of a step `counts`. Another that came without knowing of it `waits` until somebody chooses; what is
    neither stays in the history. `said_at` is when the phone says that it was ticked, `at` when the server took it.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=64)
    step = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    value = models.TextField(blank=True)
    photo = models.ForeignKey(Attachment, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True)
    user_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=200)
    said_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=timezone.now)
    counts = models.BooleanField(default=True)
    waits = models.BooleanField(default=False)

    class Meta:
        """In the order of taking."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("run", "key"), name="run_step_once"),
            models.UniqueConstraint(fields=("run", "step"), condition=Q(counts=True), name="run_step_counts_once"),
        )
        indexes = (models.Index(fields=("run",), condition=Q(waits=True), name="run_step_waits"),)

    def __str__(self) -> str:
        """Which step, and how."""
        return f"{self.step}: {self.state}"
