"""One row per thing that can be pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.items.models.kind import Kind
from helhet.items.permissions import ItemPermission

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class State(models.IntegerChoices):
    """Where an item is in its life."""

    PLANNED = 0, _("planned")
    LIVE = 1, _("live")
    RETIRING = 2, _("retiring")
    RETIRED = 3, _("retired")

    @property
    def key(self) -> str:
        """Its word in files, filters and the API."""
        return self.name.lower()


class Criticality(models.IntegerChoices):
    """How much depends on an item, as stated."""

    UNSET = 0, _("not set")
    LOW = 1, _("low")
    MEDIUM = 2, _("medium")
    HIGH = 3, _("high")
    CRITICAL = 4, _("critical")

    @property
    def key(self) -> str:
        """Its word in files, filters and the API; empty when not set."""
        return self.name.lower() if self else ""


class Presence(models.IntegerChoices):
    """Whether an item stands in the register, or has left it by an undo or a merge."""

    HERE = 0, "here"
    WITHDRAWN = 1, "withdrawn"
    MERGED = 2, "merged"


class ItemQuerySet(models.QuerySet["Item"]):
    """Items as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The items that the caller may see: the one door for reading."""
        return self.filter(presence=Presence.HERE) if caller.may(ItemPermission.VIEW) else self.none()

    def counted(self) -> Self:
        """The items over which coverage is counted: those that must be owned and are not retired."""
        return self.filter(presence=Presence.HERE, kind__must_be_owned=True).exclude(state=State.RETIRED)


class Item(models.Model):
    """A thing: hardware, software, service, document, routine, contract, group... Nouns of other rooms point here.

    The reference (`SRV-12`) is `prefix` and `number`; it is never used again and survives a change of kind.
    `name_key` sorts as Swedish does, `name_fold` is what filters compare with; both are computed in `rules.text`.
    `retired_on` is the day on which the state became retired, so that counts for past days can be made.
    """

    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, db_index=False, related_name="items")
    prefix = models.CharField(max_length=8)
    number = models.BigIntegerField()
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=240)
    name_fold = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    state = models.SmallIntegerField(default=State.LIVE)
    criticality = models.SmallIntegerField(default=Criticality.UNSET)
    attributes = models.JSONField(default=dict)
    tags = models.JSONField(default=list)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False, related_name="parts")
    presence = models.SmallIntegerField(default=Presence.HERE)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="merged_from"
    )
    created_on = models.DateField()
    retired_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    created_in = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ItemQuerySet.as_manager()

    class Meta:
        """Each shown column that can be sorted by has its index, ended by the id that breaks ties."""

        ordering = ("name_key", "id")
        constraints = (models.UniqueConstraint(fields=("prefix", "number"), name="item_reference"),)
        indexes = (
            models.Index(fields=("name_key", "id"), name="item_by_name"),
            models.Index(fields=("name_fold",), name="item_by_fold"),
            models.Index(fields=("kind", "id"), name="item_by_kind"),
            models.Index(fields=("state", "id"), name="item_by_state"),
            models.Index(fields=("criticality", "id"), name="item_by_criticality"),
            models.Index(fields=("updated_at", "id"), name="item_by_update"),
            models.Index(fields=("part_of",), name="item_parts", condition=models.Q(part_of__isnull=False)),
            models.Index(fields=("merged_into",), name="item_merged", condition=models.Q(merged_into__isnull=False)),
        )

    def __str__(self) -> str:
        """Name and reference."""
        return f"{self.name} {self.reference}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("item", args=[self.reference])

    @property
    def reference(self) -> str:
        """What people call it by, such as `SRV-12`."""
        return f"{self.prefix}-{self.number}"

    @property
    def state_word(self) -> State:
        """The state with its words."""
        return State(self.state)

    @property
    def criticality_word(self) -> Criticality:
        """The criticality with its words."""
        return Criticality(self.criticality)

    def as_data(self) -> dict[str, Any]:
        """The fields that events tell of, as plain values."""
        return {
            "kind": self.kind.key,
            "name": self.name,
            "description": self.description,
            "state": State(self.state).key,
            "criticality": Criticality(self.criticality).key,
            "attributes": dict(self.attributes),
            "tags": list(self.tags),
            "part_of": self.part_of_id,
        }


class ValueName(models.Model):
    """The name of an attribute that some item has, so that it can be filtered on. `name` is lower case."""

    name = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=100)

    def __str__(self) -> str:
        """The name as first given."""
        return self.label


class Value(models.Model):
    """One distinct value of one attribute. `fold` is what filters compare with; `number` is set where it is one."""

    name = models.ForeignKey(ValueName, on_delete=models.CASCADE, db_index=False)
    fold = models.CharField(max_length=200)
    text = models.CharField(max_length=200)
    number = models.FloatField(null=True)

    class Meta:
        """Equality, prefix and comparison are each one index."""

        constraints = (models.UniqueConstraint(fields=("name", "fold"), name="value_once"),)
        indexes = (
            models.Index(fields=("name", "number"), name="value_number", condition=models.Q(number__isnull=False)),
        )

    def __str__(self) -> str:
        """As first given."""
        return self.text


class ItemValue(models.Model):
    """This item has this attribute value: the index that filters on attributes and tags use."""

    pk = models.CompositePrimaryKey("item_id", "value_id")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, db_index=False, related_name="values")
    value = models.ForeignKey(Value, on_delete=models.CASCADE, db_index=False)

    class Meta:
        """By item through the key, by value through the index."""

        indexes = (models.Index(fields=("value", "item"), name="items_with_value"),)

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.item_id}: {self.value_id}"
