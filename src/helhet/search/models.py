"""The index of the one search, and how far it has come."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from helhet.documents.models import Document


class Noun(models.IntegerChoices):
    """What can be found, in the order in which hits are shown. An entry's id is `number * 8 + noun`."""

    GROUP = 0
    ITEM = 1
    PERSON = 2
    TASK = 3
    VIEW = 4
    RULE = 5
    CHANGE = 6
    DOCUMENT = 7


STRIDE = 8


class Entry(models.Model):
    """The words of one thing: distinct, raw and stemmed, with a space between. A title's words stand again with a mark.

    The engine's own index stands over `words`; what is shown is read from the thing itself.
    """

    id = models.BigIntegerField(primary_key=True)
    words = models.TextField()

    def __str__(self) -> str:
        """Which thing."""
        return f"{Noun(self.id % STRIDE).name.lower()} {self.id // STRIDE}"


class DocumentText(models.Model):
    """What is shown of a found document, as its published version `of_version` was: laying out is too slow for hits.

    `names` are what people may call it by, one a line: its address, symptoms, labels of alerts, and what it is about.
    Nobody reads this but through `Document.objects.visible_to`. Drafts are never here.
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="searched")
    of_version = models.BigIntegerField()
    title = models.CharField(max_length=300)
    names = models.TextField(blank=True)
    headings = models.TextField(blank=True)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Reached(models.Model):
    """One row: the last event (by sequence) that the index knows of, the highest ids of the items and of the documents'
    versions in it, and the analyser (`rules.words.ANALYSER`) that it was made with.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    item_id = models.BigIntegerField(default=0)
    version_id = models.BigIntegerField(default=0)
    analyser = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """How far."""
        return f"event {self.sequence}, item {self.item_id}"
