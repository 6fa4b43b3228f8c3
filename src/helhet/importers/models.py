"""Import runs and what they found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helhet.documents.models import Document, DraftText, Version
from helhet.items.models import Item, Source
from helhet.journal.models import Batch


class RunState(models.TextChoices):
    """How far a run has come."""

    UPLOADED = "uploaded", _("uploaded")
    PLANNING = "planning", _("being read")
    PLANNED = "planned", _("tried out")
    REFUSED = "refused", _("refused")
    APPLYING = "applying", _("being applied")
    DONE = "done", pgettext_lazy("import", "done")
    FAILED = "failed", pgettext_lazy("import", "failed")
    UNDONE = "undone", _("undone")


class Run(models.Model):
    """One file taken in, or tried out, from one source.

    `stored` is the kept file (relative to the files folder), `encoding` that of its texts where they are no UTF-8.
    `marker` says exactly how far applying has come, in the same transaction as the rows themselves, so that a killed
    run goes on where it stopped. `counts` has the number of rows by verdict and noun: for each noun created, changed,
    unchanged, refused and waiting together are what was read.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, null=True, related_name="run")
    state = models.CharField(max_length=12, default=RunState.UPLOADED)
    title = models.CharField(max_length=300)
    mapping = models.CharField(max_length=200, default="plain")
    mapping_text = models.TextField(blank=True)
    stored = models.CharField(max_length=300, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    on = models.DateField()
    encoding = models.CharField(max_length=20, blank=True)
    is_partial = models.BooleanField(default=False)
    user_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200, blank=True)
    counts = models.JSONField(default=dict)
    marker = models.JSONField(default=dict)
    is_upload = models.BooleanField(default=False)
    message = models.TextField(blank=True)
    todo = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """What was taken in."""
        return self.title

    @property
    def can_be_applied(self) -> bool:
        """Whether it was tried out, or failed, and its file is still kept."""
        return self.state in {RunState.PLANNED, RunState.FAILED} and bool(self.stored)


class Verdict(models.TextChoices):
    """What a run does, or would do, with a row. One that waits has an unknown end, and a finding that tells which."""

    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", _("refused")
    WAITING = "waiting", _("waiting")
    NOTED = "noted", _("taken, with a note")
    NOT_SEEN = "not_seen", _("not seen")
    KEPT = "kept", _("kept at the undo")


class RunRow(models.Model):
    """One row of a run's report. Unchanged rows are counted only; created ones are listed up to a limit."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_index=False, related_name="rows")
    verdict = models.CharField(max_length=10)
    noun = models.CharField(max_length=20)
    place = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    item_id = models.BigIntegerField(null=True)
    changes = models.JSONField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        """By verdict, in the order of the file."""

        indexes = (models.Index(fields=("run", "verdict", "id"), name="run_row_by_verdict"),)

    def __str__(self) -> str:
        """Verdict and key."""
        return f"{self.verdict} {self.key}"


class Statement(models.Model):
    """What a source states besides items and groups: a person, a membership, a role, a part, a link, a dependency.

    `key` is the row's key as the source gave it. `object_id` is the row of the noun's own table that it became, null
    while an end is unknown; `item_id` the item that it is about. `batch_id` is the import that first stated it.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, related_name="statements")
    noun = models.CharField(max_length=20)
    key = models.CharField(max_length=700)
    digest = models.BigIntegerField(null=True)
    object_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)
    not_seen_since = models.DateField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        """By key, by item and by what an import made."""

        constraints = (models.UniqueConstraint(fields=("source", "noun", "key"), name="statement_key"),)
        indexes = (
            models.Index(fields=("item_id",), name="statement_item", condition=Q(item_id__isnull=False)),
            models.Index(fields=("batch_id",), name="statement_batch", condition=Q(batch_id__isnull=False)),
        )

    def __str__(self) -> str:
        """Noun and key."""
        return f"{self.noun} {self.key}"


class Finding(models.Model):
    """Something in a source that does not hold together: an end that is unknown, a loop, a value that cannot be read.

    It is tied up by itself when the missing end arrives (`closed_at`), and kept for the record.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="findings")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="findings")
    sort = models.CharField(max_length=40)
    noun = models.CharField(max_length=20)
    key = models.CharField(max_length=700)
    field = models.CharField(max_length=100, blank=True)
    value = models.CharField(max_length=700, blank=True)
    place = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """One open finding for one value; the missing ends are found by their value."""

        constraints = (
            models.UniqueConstraint(
                fields=("source", "sort", "noun", "key", "field", "value"),
                condition=Q(closed_at__isnull=True),
                name="open_finding_once",
            ),
        )
        indexes = (models.Index(fields=("sort", "value"), name="finding_waits", condition=Q(closed_at__isnull=True)),)

    def __str__(self) -> str:
        """What and where."""
        return f"{self.sort} {self.key} {self.value}"


class PageReturned(models.Model):
    """What a file that was let out here gave last of its document when it came back: the text that it became, and the
    facts beside it. The document is nobody's but ours, and may have a source of its own besides (`PageTaken`).
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="returned")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False, null=True, related_name="+")
    draft_text = models.ForeignKey(DraftText, on_delete=models.CASCADE, db_index=False, null=True, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        """Once for each source."""

        constraints = (models.UniqueConstraint(fields=("source", "document"), name="page_returned_once"),)

    def __str__(self) -> str:
        """Which version."""
        return f"{self.document_id} {self.version_id}"


class PageTaken(models.Model):
    """What a source gave last of a document: the version that its text became, or the text of a draft where it is one
    there, and the facts beside it.

    Against these it is seen who altered what since, the source or somebody here.
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="taken")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, related_name="pages")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False, null=True, related_name="+")
    draft_text = models.ForeignKey(DraftText, on_delete=models.CASCADE, db_index=False, null=True, related_name="+")
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        """Which version."""
        return f"{self.document_id} {self.version_id}"
