"""What people add to an item: comments, attachments, links."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from helhet.items.models.item import Item


class Comment(models.Model):
    """What somebody said about an item. `user_id` is a plain value: the words outlive the account."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="comments")
    user_id = models.BigIntegerField(null=True)
    author = models.CharField(max_length=200)
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """In the order of saying."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Its beginning."""
        return self.text[:60]


class Attachment(models.Model):
    """A file kept with an item, stored under a random name outside what the web server shows.

    With `part` it is of that part of the item's documentation: for those alone who may read the part.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="attachments")
    part = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=100, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    user_id = models.BigIntegerField(null=True)
    author = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first; what somebody has added lately is counted at each file."""

        ordering = ("-id",)
        indexes = (models.Index(fields=("user_id", "at"), name="attachment_by_user"),)

    def __str__(self) -> str:
        """The name that it came with."""
        return self.name


class Link(models.Model):
    """A typed relation between two items that carries no failure, such as `replaces` or `described in`."""

    from_item = models.ForeignKey(Item, on_delete=models.CASCADE, db_index=False, related_name="links_out")
    to_item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="links_in")
    type = models.CharField(max_length=60)
    source_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A link is stated once."""

        constraints = (models.UniqueConstraint(fields=("from_item", "to_item", "type"), name="link_once"),)

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.from_item_id} {self.type} {self.to_item_id}"
