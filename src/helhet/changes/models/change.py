"""A change, what it alters, who does it, what it hits, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.changes.permissions import ChangePermission
from helhet.groups.models import Group, Person, Task
from helhet.items.models import Item

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class ChangeType(models.TextChoices):
    """How a change is gone about."""

    STANDARD = "standard", pgettext_lazy("change", "standard")
    NORMAL = "normal", pgettext_lazy("change", "normal")
    EMERGENCY = "emergency", pgettext_lazy("change", "emergency")


class ChangeState(models.TextChoices):
    """How far a change has come."""

    DRAFT = "draft", pgettext_lazy("change", "draft")
    ASKING = "asking", pgettext_lazy("change", "asking")
    APPROVED = "approved", pgettext_lazy("change", "approved")
    SCHEDULED = "scheduled", pgettext_lazy("change", "scheduled")
    UNDER_WAY = "under_way", pgettext_lazy("change", "under way")
    REVIEW = "review", pgettext_lazy("change", "review")
    CLOSED = "closed", pgettext_lazy("change", "closed")


class Outcome(models.TextChoices):
    """How a closed change went."""

    DONE = "done", pgettext_lazy("change", "done")
    FAULTS = "faults", pgettext_lazy("change", "done with faults")
    FAILED = "failed", pgettext_lazy("change", "failed")
    REVERTED = "reverted", pgettext_lazy("change", "reverted")
    CANCELLED = "cancelled", pgettext_lazy("change", "cancelled")


class Risk(models.IntegerChoices):
    """The risk of a change: the highest of impact times the chance of failure."""

    UNSET = 0, pgettext_lazy("change", "not set")
    LOW = 1, pgettext_lazy("change", "low")
    MEDIUM = 2, pgettext_lazy("change", "medium")
    HIGH = 3, pgettext_lazy("change", "high")

    @property
    def key(self) -> str:
        """Its word in files, filters and the API; empty when not set."""
        return self.name.lower() if self else ""


PLANNED = (ChangeState.ASKING, ChangeState.APPROVED, ChangeState.SCHEDULED, ChangeState.UNDER_WAY)
"""The states in which a change with a window takes up its time."""


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The changes that the caller may see: the one door for reading."""
        here = self.filter(item__presence=0)
        return here if caller.may(ChangePermission.VIEW) else here.none()

    def planned(self) -> Self:
        """Those that take up time: asked for, approved, scheduled or under way, with a window."""
        return self.filter(state__in=PLANNED, starts_at__isnull=False)


class Change(models.Model):
    """Something that is to be altered, by whom and when. Its name and reference (`CHG-12`) are its item's.

    The window (`starts_at` to `ends_at`) is what is planned, `began_at` and `finished_at` what was. `is_history` is
    true for a change that another tool ran and an import told of: it is never asked about nor altered here.
    `risk_facts` holds the figures that the risk's sentence is made from.
    """

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="as_change")
    type = models.CharField(max_length=20, default=ChangeType.NORMAL)
    state = models.CharField(max_length=20, default=ChangeState.DRAFT)
    outcome = models.CharField(max_length=20, blank=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="changes")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="owned_changes")
    standard = models.ForeignKey(
        "changes.StandardVersion", on_delete=models.PROTECT, null=True, related_name="changes"
    )  # fmt: skip
    purpose = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    test = models.TextField(blank=True)
    way_back = models.TextField(blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    learnt = models.TextField(blank=True)
    went_around = models.BooleanField(default=False)
    risk = models.SmallIntegerField(default=Risk.UNSET)
    risk_facts = models.JSONField(default=dict)
    reverts = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="reverted_by")
    is_history = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        """Newest first. A window ends after it begins, and what is scheduled has one."""

        ordering = ("-item_id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_history=True)
                | Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
                name="change_window",
            ),
            models.CheckConstraint(
                condition=Q(is_history=True) | ~Q(state="scheduled") | Q(starts_at__isnull=False),
                name="change_scheduled_has_window",
            ),
        )
        indexes = (
            # The end too, so that those that overlap a time are found in the index alone.
            models.Index(fields=("state", "starts_at", "ends_at"), name="change_by_state"),
            models.Index(fields=("starts_at", "ends_at"), name="change_by_window"),
            models.Index(fields=("ends_at", "starts_at"), name="change_by_end"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:change", args=[self.item.reference])

    @property
    def name(self) -> str:
        """The name, kept on the item."""
        return self.item.name

    @property
    def reference(self) -> str:
        """The reference, kept on the item."""
        return self.item.reference

    @property
    def answering_group_id(self) -> int | None:
        """The group whose members and leads may act on it."""
        return self.group_id

    @property
    def is_over(self) -> bool:
        """Whether it takes up no time any more."""
        return self.is_history or self.state in {ChangeState.REVIEW, ChangeState.CLOSED}

    @property
    def type_label(self) -> str:
        """The type in the language of the reader."""
        return str(ChangeType(self.type).label)

    @property
    def state_label(self) -> str:
        """The state, or for a closed change how it went, in the language of the reader."""
        if self.state == ChangeState.CLOSED and self.outcome:
            return str(Outcome(self.outcome).label)
        return str(ChangeState(self.state).label)


class ChangeItem(models.Model):
    """The change alters this item."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, db_index=False, related_name="affected")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="changed_by")

    class Meta:
        """Each item once."""

        constraints = (models.UniqueConstraint(fields=("change", "item"), name="change_item_once"),)

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.change_id} alters {self.item_id}"


class ChangePerson(models.Model):
    """Somebody who takes part in carrying the change out; the time is his too."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, db_index=False, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="takes_part")
    does = models.CharField(max_length=200, blank=True)

    class Meta:
        """Each person once."""

        constraints = (models.UniqueConstraint(fields=("change", "person"), name="change_person_once"),)

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.person_id} in {self.change_id}"


class ImpactMark(models.Model):
    """What people know better than the graph about this change: the item is also hit, or is not hit. It survives a
    recomputation, and starts or stops the walk where it stands (decision 0006).
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, db_index=False, related_name="marks")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="marked_by")
    is_hit = models.BooleanField()
    reason = models.CharField(max_length=500)
    made_by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One mark an item."""

        constraints = (models.UniqueConstraint(fields=("change", "item"), name="change_mark_once"),)

    def __str__(self) -> str:
        """What it says."""
        return f"{self.item_id} {'hit' if self.is_hit else 'not hit'}"


class Snapshot(models.Model):
    """What the change would hit, as computed at one time.

    `groups` is a list of {"group": id, "count": n, "services": [ids], "path": [ids of items]}, `services` of ids,
    `items` a list of [id, distance, via id or null, effect] of the nearest; `is_whole` says that these are all.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="snapshots")
    moment = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    reached = models.PositiveIntegerField()
    groups = models.JSONField(default=list)
    services = models.JSONField(default=list)
    items = models.JSONField(default=list)
    is_whole = models.BooleanField(default=True)

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """How many."""
        return f"{self.reached} at {self.at:%Y-%m-%d %H:%M}"


class Order(models.Model):
    """`after` may begin only when `before` is finished.

    `task` asks those who may move `after` to do so, since `before` was moved beyond its beginning; `told_at` is when
    they were told by mail.
    """

    before = models.ForeignKey(Change, on_delete=models.CASCADE, db_index=False, related_name="goes_before")
    after = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="goes_after")
    note = models.CharField(max_length=500, blank=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="asks_to_move")
    told_at = models.DateTimeField(null=True)

    class Meta:
        """Stated once; not of itself."""

        constraints = (
            models.UniqueConstraint(fields=("before", "after"), name="change_order_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="change_order_of_two"),
        )

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.before_id} before {self.after_id}"


class Consequence(models.Model):
    """An incident that the change caused, as known in another tool."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="consequences")
    reference = models.CharField(max_length=100)
    text = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    told_by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Each incident once."""

        constraints = (models.UniqueConstraint(fields=("change", "reference"), name="consequence_once"),)

    def __str__(self) -> str:
        """What the other tool calls it."""
        return self.reference
