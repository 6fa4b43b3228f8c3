"""What imports find: items that were altered outside any change, and changes whose times do not hold together."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.changes.models.change import Change
from helhet.groups.models import Answer
from helhet.items.models import Item


class Lasting(models.TextChoices):
    """What became of an alteration that no change told of."""

    OPEN = "open", pgettext_lazy("change", "open")
    TIED = "tied", pgettext_lazy("change", "tied to a change")
    COVERED = "covered", pgettext_lazy("change", "needs no change")
    DISMISSED = "dismissed", pgettext_lazy("change", "no change, for a reason")


class Unregistered(models.Model):
    """An import altered the item in such fields while no change of it was under way. `fields` are {name: [before,
    after]}.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="unregistered")
    batch_id = models.BigIntegerField(null=True)
    fields = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=20, default=Lasting.OPEN)
    change = models.ForeignKey(Change, on_delete=models.SET_NULL, null=True, related_name="explains")
    words = models.CharField(max_length=500, blank=True)
    explained_by = models.CharField(max_length=200, blank=True)
    explained_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first; what an import altered is told once."""

        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("item", "batch_id"), name="unregistered_once"),)
        indexes = (models.Index(fields=("state", "id"), name="unregistered_by_state"),)

    def __str__(self) -> str:
        """Which item."""
        return str(self.item_id)

    @property
    def answering_group_id(self) -> int | None:
        """The group that answers for the item now, whose members explain it."""
        found = Answer.objects.open().filter(item_id=self.item_id).values_list("group_id", flat=True).first()
        return int(found) if found is not None else None

    @property
    def state_label(self) -> str:
        """What became of it, in the language of the reader."""
        return str(Lasting(self.state).label)
