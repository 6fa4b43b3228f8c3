"""Where items come from, and under which keys their sources know them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from helhet.items.models.item import Item


class Source(models.Model):
    """A lasting source of facts, such as an inventory. `owns` lists the fields that it overwrites."""

    name = models.CharField(max_length=60, unique=True)
    mapping = models.TextField(blank=True)
    owns = models.JSONField(null=True)
    last_on = models.DateField(null=True)
    last_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Its name, which has no colon."""
        return self.name


class KeySort(models.IntegerChoices):
    """A source may use the same key for an item, a group and a change."""

    ITEM = 0, "item"
    GROUP = 1, "group"
    CHANGE = 2, "change"


class SourceKeyQuerySet(models.QuerySet["SourceKey"]):
    """Keys of sources."""

    def vanished(self) -> Self:
        """Those that their source no longer shows, unless it shows the same thing under another key."""
        twin = SourceKey.objects.filter(
            item_id=OuterRef("item_id"), source_id=OuterRef("source_id"), sort=OuterRef("sort"),
            not_seen_since__isnull=True,
        )  # fmt: skip
        return self.filter(~Exists(twin), not_seen_since__isnull=False)


class SourceKey(models.Model):
    """A source knows the item under this key.

    `digest` is that of the record as last taken, empty once a person altered what the source owns: an equal digest
    means that nothing need be done. `says_group` is the one group (an item) that the source names as responsible,
    `claimants` those that it names without saying which. A vanished record has `not_seen_since`.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False, related_name="keys")
    sort = models.SmallIntegerField(default=KeySort.ITEM)
    key = models.CharField(max_length=300)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="source_keys")
    digest = models.BigIntegerField(null=True)
    says_group = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    claimants = models.JSONField(null=True)
    not_seen_since = models.DateField(null=True)

    objects = SourceKeyQuerySet.as_manager()

    class Meta:
        """A key means one item; the vanished are few and found by their own index."""

        constraints = (models.UniqueConstraint(fields=("source", "sort", "key"), name="source_key"),)
        indexes = (
            models.Index(
                fields=("not_seen_since",), name="source_key_vanished", condition=models.Q(not_seen_since__isnull=False)
            ),
            models.Index(fields=("says_group",), name="source_says", condition=models.Q(says_group__isnull=False)),
        )

    def __str__(self) -> str:
        """As it is written where an item is named."""
        return f"{self.source.name}:{self.key}"
