"""A controlled document, its draft and versions, and who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from helhet.documents.permissions import DocumentPermission
from helhet.groups.models import Answer, Group
from helhet.items.models import Item, Presence
from helhet.kit.ordered_json import OrderedJSONField
from helhet.kit.rights import Level

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class Sort(models.TextChoices):
    """What sort of document."""

    DOCUMENTATION = "documentation", pgettext_lazy("document", "service documentation")
    ROUTINE = "routine", pgettext_lazy("document", "routine")
    PROCESS = "process", pgettext_lazy("document", "process")
    POLICY = "policy", pgettext_lazy("document", "policy")
    AGREEMENT = "agreement", pgettext_lazy("document", "agreement")
    MINUTES = "minutes", pgettext_lazy("document", "minutes")
    OTHER = "other", pgettext_lazy("document", "other")


class Unit(models.TextChoices):
    """What a review interval is counted in."""

    DAY = "day", pgettext_lazy("interval", "days")
    WEEK = "week", pgettext_lazy("interval", "weeks")
    MONTH = "month", pgettext_lazy("interval", "months")
    YEAR = "year", pgettext_lazy("interval", "years")


class DraftState(models.TextChoices):
    """How far a draft has come."""

    WRITING = "writing", pgettext_lazy("draft", "being written")
    REVIEW = "review", pgettext_lazy("draft", "in review")
    APPROVED = "approved", pgettext_lazy("draft", "approved")


class Audience(models.Model):
    """Who may read: everyone who is signed in (`is_open`), or the members of some groups. Bundles are made for one."""

    key = models.SlugField(max_length=40, unique=True)
    name_sv = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    is_open = models.BooleanField(default=False)
    is_builtin = models.BooleanField(default=False)
    groups: models.ManyToManyField[Group, models.Model] = models.ManyToManyField(Group, related_name="audiences")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By key."""

        ordering = ("key",)

    def __str__(self) -> str:
        """Its key."""
        return self.key


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The documents whose text the caller may read: the one door for reading.

        Those of an open audience, those of an audience that a group of his belongs to, those that a group of his
        answers for; coordinators read all. That a document exists, with its name and group, the register tells all.
        """
        here = self.filter(item__presence=Presence.HERE)
        if not caller.may(DocumentPermission.VIEW):
            return here.none()
        if caller.level >= Level.COORDINATOR:
            return here
        through = DocumentAudience.objects.filter(document_id=OuterRef("pk"))
        reads = Q(Exists(through.filter(audience__is_open=True)))
        if caller.member_of:
            mine = Answer.objects.open().filter(item_id=OuterRef("item_id"), group_id__in=caller.member_of)
            reads |= Q(Exists(through.filter(audience__groups__in=caller.member_of))) | Q(Exists(mine))
        return here.filter(reads)


class Document(models.Model):
    """A controlled document: what is published, what is being drafted, when it is to be looked at again.

    With `part` empty the item itself is the document (`DOC-5`, `RUT-3`); else it is that part of the item's service
    documentation (`SRV-12/orders`) and is answered for by the item's group. The text lives in versions and a draft.
    `due_on` is kept: the day `review_count` `review_unit`s after `reviewed_on` (`rules/reviewing.py`), null where it
    cannot be computed. `edited_on` is when the text was last altered, which is another fact than its review.
    `is_doubtful` is true while it has an open doubt. `not_seen_since` is the day from which its source no longer shows
    the page (`path`, before it moved `former_paths`) that it came from, until that comes back or somebody here reviews
    or publishes it. `front_form` is how its `front_matter` was written, one of `rules/front_matter_forms.py`.
    `made_key` is what the sender of a new one made up, by which the same sent twice is known.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="documents")
    part = models.CharField(max_length=40, blank=True)
    sort = models.CharField(max_length=20, default=Sort.OTHER)
    language = models.CharField(max_length=5, default="sv")
    review_count = models.PositiveSmallIntegerField(null=True)
    review_unit = models.CharField(max_length=10, default=Unit.MONTH)
    reviewed_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    edited_on = models.DateField(null=True)
    not_seen_since = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    published = models.ForeignKey("documents.Version", on_delete=models.PROTECT, null=True, related_name="+")
    is_doubtful = models.BooleanField(default=False)
    path = models.CharField(max_length=500, blank=True)
    former_paths = models.JSONField(default=list)
    front_matter = OrderedJSONField(default=dict)
    front_form = models.CharField(max_length=4, default="yaml")
    audiences: models.ManyToManyField[Audience, DocumentAudience] = models.ManyToManyField(
        Audience, through="documents.DocumentAudience", related_name="documents"
    )
    created_at = models.DateTimeField(default=timezone.now)
    made_key = models.CharField(max_length=64, null=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        """An item is one document, and each part of its documentation is one."""

        ordering = ("item__name_key", "item_id", "part")
        constraints = (models.UniqueConstraint(fields=("item", "part"), name="document_once"),)
        indexes = (
            models.Index(fields=("due_on",), name="document_due", condition=Q(due_on__isnull=False)),
            models.Index(fields=("item",), name="document_doubtful", condition=Q(is_doubtful=True)),
            models.Index(fields=("sort", "item"), name="document_by_sort"),
        )

    def __str__(self) -> str:
        """Its address."""
        return self.address

    @property
    def address(self) -> str:
        """What it is called by: `DOC-5`, or `SRV-12/orders` for a part."""
        return f"{self.item.reference}/{self.part}" if self.part else self.item.reference

    @property
    def answering_group_id(self) -> int | None:
        """The group that answers for its item."""
        return Answer.objects.open().filter(item_id=self.item_id).values_list("group_id", flat=True).first()


class DocumentAudience(models.Model):
    """This audience may read this document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="read_by")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="reads")

    class Meta:
        """Once for each."""

        constraints = (models.UniqueConstraint(fields=("document", "audience"), name="document_audience_once"),)

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.audience_id} reads {self.document_id}"


class Version(models.Model):
    """One published text, never altered. `2.1` is the first minor edit of the second edition.

    `fields` is what is structured beside the text: the steps of a routine, the lines of a support path. Its shape is
    its sort's and part's own (port `documents.fields`). Names are kept as text: they outlive accounts.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    written_by = models.CharField(max_length=300, blank=True)
    reviewed_by = models.CharField(max_length=300, blank=True)
    approved_by = models.CharField(max_length=300, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Newest first; a number is given once."""

        ordering = ("-major", "-minor")
        constraints = (models.UniqueConstraint(fields=("document", "major", "minor"), name="version_once"),)

    def __str__(self) -> str:
        """Its number."""
        return self.number

    @property
    def number(self) -> str:
        """As people say it: `2`, or `2.1` after a minor edit."""
        return f"{self.major}.{self.minor}" if self.minor else str(self.major)


class Draft(models.Model):
    """What is being written beside the published version. `version` guards it: two who edit at once meet a merge.

    `base` is the version that it began from. `writers` are the names of all who wrote in it.
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="draft")
    state = models.CharField(max_length=10, default=DraftState.WRITING)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    base = models.ForeignKey(Version, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    writers = models.JSONField(default=list)
    writer_ids = models.JSONField(default=list)
    begun_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class DraftText(models.Model):
    """Each text that was saved in a draft, kept when it is published or dropped too: nothing is lost."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="draft_texts")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Verdict(models.Model):
    """What a reviewer or an approver said of a draft as it stood then (`draft_version`)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="verdicts")
    draft_version = models.PositiveIntegerField()
    step = models.CharField(max_length=10, choices=(("review", "review"), ("approval", "approval")))
    is_yes = models.BooleanField()
    text = models.TextField(blank=True)
    user_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """In the order of saying."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Who said what."""
        return f"{self.by}: {self.step} {'yes' if self.is_yes else 'no'}"


class Approver(models.TextChoices):
    """Who of a group may approve its documents."""

    LEAD = "lead", pgettext_lazy("approver", "the chair or a deputy")
    OTHER = "other", pgettext_lazy("approver", "a member who did not write it")
    MEMBER = "member", pgettext_lazy("approver", "any member")


class ApprovalRule(models.Model):
    """What a group's mandate says of its documents: who approves, and whether somebody must review before."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, primary_key=True, related_name="approval_rule")
    approver = models.CharField(max_length=10, default=Approver.LEAD)
    needs_review = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        """Who."""
        return self.approver
