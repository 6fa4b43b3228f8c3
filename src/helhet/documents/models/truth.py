"""What a document describes, and what is doubted of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.documents.models.document import Document, Version
from helhet.groups.models import Task
from helhet.items.models import Item


class About(models.Model):
    """The document is for this item: the service, product or component that a reader looks from."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="about")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="described_in")

    class Meta:
        """Once for each."""

        constraints = (models.UniqueConstraint(fields=("document", "item"), name="about_once"),)

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.document_id} about {self.item_id}"


class Described(models.Model):
    """Something that the published text states as it is: an item, group, person, contact, contract or routine.

    `noun` and `noun_id` are the journal's. `aspect` names the field of that thing which is stated (`name`, `phone`,
    `attributes.version`, `dependencies`...); empty: any of them. When an event alters it, the document is doubted.
    `stated` holds the names that were stated of an aspect which is compared (`documents/aspects.py`), else null.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="described")
    noun = models.CharField(max_length=40)
    noun_id = models.BigIntegerField()
    aspect = models.CharField(max_length=100, blank=True)
    stated = models.JSONField(null=True)

    class Meta:
        """Found by the thing that was altered; those that are compared, by their aspect."""

        constraints = (
            models.UniqueConstraint(fields=("document", "noun", "noun_id", "aspect"), name="described_once"),
        )
        indexes = (
            models.Index(fields=("noun", "noun_id"), name="described_thing"),
            models.Index(fields=("aspect",), name="described_compared", condition=Q(stated__isnull=False)),
        )

    def __str__(self) -> str:
        """What, and which side of it."""
        return f"{self.noun} {self.noun_id} {self.aspect}".strip()


class Cause(models.TextChoices):
    """Why a document is doubted."""

    CHANGED = "changed", pgettext_lazy("doubt", "what it describes has changed")
    REPORTED = "reported", pgettext_lazy("doubt", "a reader says that it is wrong")
    FAILED = "failed", pgettext_lazy("doubt", "a run of it failed")
    HAND = "hand", pgettext_lazy("doubt", "somebody asked for a check")


class Doubt(models.Model):
    """A reason to check a document, until somebody says that it is still true or publishes it anew.

    `event_id` is the journal's event that raised it, `noun`, `noun_id`, `aspect`, `before` and `after` what it altered,
    so that the page can say it in the reader's language. One open doubt for each thing and aspect: a later change of
    the same thing renews it.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="doubts")
    cause = models.CharField(max_length=10)
    noun = models.CharField(max_length=40, blank=True)
    noun_id = models.BigIntegerField(null=True)
    aspect = models.CharField(max_length=100, blank=True)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    event_id = models.BigIntegerField(null=True)
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, related_name="doubts")
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    settled_how = models.CharField(max_length=20, blank=True)
    settled_text = models.CharField(max_length=500, blank=True)

    class Meta:
        """Oldest first; the open ones are found at once."""

        ordering = ("id",)
        indexes = (models.Index(fields=("document",), name="doubt_open", condition=Q(settled_at__isnull=True)),)
        constraints = (
            models.UniqueConstraint(
                fields=("document", "noun", "noun_id", "aspect"),
                name="doubt_once",
                condition=Q(settled_at__isnull=True, cause="changed"),
            ),
        )

    def __str__(self) -> str:
        """Its cause."""
        return self.cause


class TextLink(models.Model):
    """Where the published text leads inside the product: to an item by its reference, to an address, or (`is_local`) to
    another page of the set that its document came from, by a name in double brackets when it `is_named`.

    `item` is the item that it leads to. Without one it leads nowhere that is known, unless `is_page`: an address of the
    product that names no item, or a file that lies beside the pages of the set.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links")
    target = models.CharField(max_length=500)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, related_name="linked_from")
    is_page = models.BooleanField(default=False)
    is_local = models.BooleanField(default=False)
    is_named = models.BooleanField(default=False)

    class Meta:
        """Once for each target."""

        constraints = (models.UniqueConstraint(fields=("document", "target"), name="text_link_once"),)

    def __str__(self) -> str:
        """Where."""
        return self.target


class Followed(models.Model):
    """Row 1: the last event (by sequence) whose changes have been held against what documents describe. Another row, of
    a measure of `restating`: the last document that has been looked through by it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """How far."""
        return str(self.sequence)


class Remark(models.Model):
    """What somebody says to a passage: the words themselves (`quote`), with a little of what stands around them."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="remarks")
    of_version = models.ForeignKey(Version, on_delete=models.SET_NULL, null=True, related_name="remarks")
    quote = models.CharField(max_length=1_000, blank=True)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    user_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order of saying."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Its beginning."""
        return self.text[:60]
