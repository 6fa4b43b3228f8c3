"""A job: work that a caller asked for and a worker does later. And the slots of the timetable that have been taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.kit.errors import Clash, Forbidden
from helhet.kit.jobs import mirror
from helhet.kit.jobs.clock import database_now
from helhet.kit.jobs.permissions import JobPermission
from helhet.kit.permissions import KitPermission

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class JobState(models.TextChoices):
    """Where a job stands. `failed`: it gave up, trying again cannot help. `dead`: all tries were used up."""

    WAITING = "waiting", gettext_lazy("waiting")
    RUNNING = "running", gettext_lazy("running")
    DONE = "done", gettext_lazy("done")
    FAILED = "failed", gettext_lazy("failed")
    CANCELLED = "cancelled", gettext_lazy("cancelled")
    DEAD = "dead", gettext_lazy("given up")


OPEN = (JobState.WAITING, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, by who may see them and where they stand."""

    def visible_to(self, caller: Caller) -> Self:
        """The caller's own jobs; all of them with the right to see all."""
        if caller.may(KitPermission.JOB_SEE_ALL):
            return self.all()
        if caller.user_id is None:
            return self.none()
        return self.filter(caller_id=caller.user_id)

    def open(self) -> Self:
        """Those that wait or run."""
        return self.filter(state__in=OPEN)


class Job(models.Model):
    """One piece of work. Its row is the truth; the row of the task backend beside it is kept in step.

    `fence` rises with each claim and take-over, so that a holder who was given up can finish nothing.
    """

    task_id = models.CharField(max_length=64, default="")
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=300, default="")
    queue = models.CharField(max_length=32, default="default")
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=12, default=JobState.WAITING)
    caller_id = models.BigIntegerField(null=True)
    arguments = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, default="")
    equal_key = models.CharField(max_length=64, default="")

    tries = models.PositiveIntegerField(default=0)
    max_tries = models.PositiveIntegerField(default=5)
    lease_seconds = models.FloatField(default=60.0)
    fence = models.PositiveBigIntegerField(default=0)
    beat = models.PositiveBigIntegerField(default=0)
    holder = models.CharField(max_length=200, default="")
    is_cancel_asked = models.BooleanField(default=False)

    waits_from_at = models.DateTimeField(null=True)
    waits_until_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    done = models.BigIntegerField(null=True)
    total = models.BigIntegerField(null=True)
    rate = models.FloatField(null=True)
    message = models.CharField(max_length=300, default="")
    progressed_at = models.DateTimeField(null=True)

    result = models.JSONField(null=True)
    error = models.TextField(default="")
    trace = models.TextField(default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            # None is partial: SQLite cannot see that a bound value meets an index's condition.
            models.Index("state", F("priority").desc(), "id", name="job_next"),
            models.Index("name", "unique_key", "state", "id", name="job_same"),
            models.Index("caller_id", F("id").desc(), name="job_caller"),
            models.Index("state", "finished_at", name="job_finished"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["equal_key"],
                name="job_equal_waits_once",
                condition=Q(state="waiting", fence=0) & ~Q(equal_key=""),
            ),
            models.UniqueConstraint(
                fields=["name", "unique_key"],
                name="job_same_runs_alone",
                condition=Q(state="running") & ~Q(unique_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    def cancel(self, *, by: Caller) -> None:
        """Cancel: at once if it waits, at its next check if it runs.

        Raises:
            Forbidden: it is another's job and the caller may not steer all.
            Clash: it has ended already.

        """
        self._require_steering(by)
        with transaction.atomic():
            now = database_now()
            waiting = Job.objects.filter(pk=self.pk, state=JobState.WAITING)
            if waiting.update(state=JobState.CANCELLED, fence=F("fence") + 1, finished_at=now, is_cancel_asked=True):
                mirror.ended(self.task_id, now, error="cancelled")
            elif not Job.objects.filter(pk=self.pk, state=JobState.RUNNING).update(is_cancel_asked=True):
                raise Clash(_("The job has ended already."))
        self.refresh_from_db()

    def run_again(self, *, by: Caller) -> None:
        """Let a failed, dead or cancelled job wait again, with all its tries.

        Raises:
            Forbidden: it is another's job and the caller may not steer all.
            Clash: it is not one that ended without success.

        """
        self._require_steering(by)
        ended = (JobState.FAILED, JobState.DEAD, JobState.CANCELLED)
        with transaction.atomic():
            revived = Job.objects.filter(pk=self.pk, state__in=ended).update(
                state=JobState.WAITING,
                fence=F("fence") + 1,
                tries=0,
                is_cancel_asked=False,
                finished_at=None,
                waits_from_at=None,
                waits_until_at=None,
            )
            if not revived:
                raise Clash(_("Only a job that ended without success can be run again."))
            mirror.waits(self.task_id, None)
        self.refresh_from_db()

    def _require_steering(self, caller: Caller) -> None:
        is_own = caller.user_id is not None and caller.user_id == self.caller_id
        if not is_own and not caller.may(JobPermission.JOB_STEER_ALL):
            raise Forbidden(_("This job was asked for by somebody else."), todo=_("Ask an administrator."))


class Slot(models.Model):
    """A slot of the timetable that some worker has taken. The constraint is what makes each be taken once."""

    name = models.CharField(max_length=100)
    era = models.PositiveIntegerField(default=0)
    slot_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="slots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "era", "slot_at"], name="slot_taken_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.slot_at.isoformat()}"
