"""What depends on what, and the pictures of it that people keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helhet.items.models import Item, Source

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class LinkCriticality(models.TextChoices):
    """What a failure of the other end does."""

    HARD = "hard", _("stops it")
    DEGRADES = "degrades", _("degrades it")
    NONE = "none", _("does not touch it")


class Redundancy(models.Model):
    """Of the dependencies of one item that belong to it, `least` must hold for the item to stand; with `is_share` it is
    a share of them in percent. `name` is what a source calls the set, empty where people stated it.
    """

    name = models.CharField(max_length=60, blank=True)
    least = models.PositiveSmallIntegerField()
    is_share = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """How many."""
        return f"{self.least} %" if self.is_share else str(self.least)

    def least_of(self, providers: int) -> int:
        """How many of so many providers must hold."""
        return -(-self.least * providers // 100) if self.is_share else self.least


class DependencyType(models.Model):
    """A way of depending, in words for both directions: an application runs on a server, the server carries it.

    `pairs` are the pairs of ends that it may tie, each `family:KEY`, `kind:KEY` or empty for any; none of them: all.
    `words` and `turned_words` are what sources call it, seen from the one end and from the other.
    """

    key = models.CharField(max_length=60, unique=True)
    name_sv = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    turned_sv = models.CharField(max_length=60)
    turned_en = models.CharField(max_length=60)
    pairs = models.JSONField(default=list)
    words = models.JSONField(default=list)
    turned_words = models.JSONField(default=list)
    is_builtin = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=1000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """As they are offered."""

        ordering = ("position", "key")

    def __str__(self) -> str:
        """Its name in the language of the reader."""
        return self.name

    @property
    def name(self) -> str:
        """Seen from what depends, in the language of the reader."""
        return self.name_en if get_language() == "en" else self.name_sv

    @property
    def turned(self) -> str:
        """Seen from what is depended on, in the language of the reader."""
        return self.turned_en if get_language() == "en" else self.turned_sv


class Standing(models.TextChoices):
    """What the group of the other end says of a dependency."""

    STATED = "stated", _("not confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    QUESTIONED = "questioned", _("questioned")


class Dependency(models.Model):
    """`from_item` depends on `to_item`: if the latter fails or changes, the former may suffer.

    `type` is the key of a type, or a source's own word that nobody has said the meaning of. `is_from_provider` tells
    which end stated it: the other end confirms or questions. `is_by_hand`: somebody set type, criticality or note,
    which then hold against the source.
    """

    from_item = models.ForeignKey(Item, on_delete=models.CASCADE, db_index=False, related_name="needs")
    to_item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="needed_by")
    type = models.CharField(max_length=60, default="uses")
    criticality = models.CharField(max_length=10, default=LinkCriticality.HARD)
    note = models.CharField(max_length=500, blank=True)
    redundancy = models.ForeignKey(Redundancy, on_delete=models.SET_NULL, null=True, related_name="dependencies")
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True)
    not_seen_since = models.DateField(null=True)
    batch_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    is_from_provider = models.BooleanField(default=False)
    is_by_hand = models.BooleanField(default=False)
    standing = models.CharField(max_length=10, default=Standing.STATED)
    standing_by = models.CharField(max_length=200, blank=True)
    standing_at = models.DateTimeField(null=True)
    standing_words = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """A dependency of one type is stated once; a thing does not depend on itself."""

        constraints = (
            models.UniqueConstraint(fields=("from_item", "to_item", "type"), name="dependency_once"),
            models.CheckConstraint(condition=~Q(from_item=models.F("to_item")), name="dependency_on_another"),
        )
        indexes = (
            models.Index(fields=("standing",), name="dependency_questioned", condition=Q(standing="questioned")),
            models.Index(
                fields=("not_seen_since",), name="dependency_vanished", condition=Q(not_seen_since__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.from_item_id} {self.type} {self.to_item_id}"

    @property
    def stating_end(self) -> Item:
        """The end whose group stated it."""
        return self.to_item if self.is_from_provider else self.from_item

    @property
    def other_end(self) -> Item:
        """The end whose group confirms or questions it."""
        return self.from_item if self.is_from_provider else self.to_item


class PictureQuerySet(models.QuerySet["Picture"]):
    """Pictures as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """Shared pictures, and one's own: the one door for reading."""
        return self.filter(Q(is_shared=True) | Q(user_id=caller.user_id)) if caller.is_signed_in else self.none()


class Picture(models.Model):
    """A picture of the estate kept under a name: where it starts, which way and how far it looks, how it is grouped and
    filtered. What stands in it and where, and what people know better, are rows of their own.

    `grouping` is `group`, `service`, `criticality` (which a map draws by group) or `none`; `depth` None is all the way;
    `filter` is the one filter language; `closed` names the groups that are drawn as one node.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    is_shared = models.BooleanField(default=False)
    direction = models.CharField(max_length=10, default="dependants")
    depth = models.PositiveSmallIntegerField(null=True)
    with_parts = models.BooleanField(default=False)
    grouping = models.CharField(max_length=20, default="group")
    filter = models.CharField(max_length=2_000, blank=True)
    closed = models.JSONField(default=list)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pictures")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = PictureQuerySet.as_manager()

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def __str__(self) -> str:
        """Its name."""
        return self.name


class PictureItem(models.Model):
    """An item in a picture: whether the picture starts at it, and where it stands, in the units of the map."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="places", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    is_start = models.BooleanField(default=False)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)

    class Meta:
        """An item stands once in a picture."""

        constraints = (models.UniqueConstraint(fields=("picture", "item"), name="picture_item_once"),)

    def __str__(self) -> str:
        """Both."""
        return f"{self.picture_id} {self.item_id}"


class PictureMark(models.Model):
    """What somebody knows better than the dependencies: this item is also hit, or is not, and why."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="marks", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    is_hit = models.BooleanField()
    reason = models.CharField(max_length=500)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One mark for an item in a picture."""

        constraints = (models.UniqueConstraint(fields=("picture", "item"), name="picture_mark_once"),)

    def __str__(self) -> str:
        """Both."""
        return f"{self.picture_id} {self.item_id}"


class GraphFile(models.Model):
    """The newest file of the graph in one data folder (`place`), and how far it had read when it was written.

    It holds what transactions wrote that had ended by then: all rows of `items.Touched` up to `seen` whose stamp is
    below `oldest_open`. While the first file of a place is being built, `token` is empty and `seen` below all rows.
    """

    place = models.CharField(max_length=32, unique=True)
    token = models.CharField(max_length=32, blank=True)
    seen = models.BigIntegerField(default=-1)
    oldest_open = models.BigIntegerField(default=0)
    claimed_at = models.DateTimeField(default=timezone.now)
    built_at = models.DateTimeField(null=True)
    items = models.BigIntegerField(default=0)
    links = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        """Where it is."""
        return self.place


class WeakReading(models.Model):
    """One row: the latest look for weak points. Of `candidates`, which something depends on, `walked` were walked
    exactly; `has_cuts` tells whether items that hold the rest together were looked for. `event_id` is the last event
    then.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField(default=timezone.now)
    seconds = models.FloatField(default=0)
    candidates = models.BigIntegerField(default=0)
    walked = models.BigIntegerField(default=0)
    has_cuts = models.BooleanField(default=False)
    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """When."""
        return str(self.at)


class WeakPoint(models.Model):
    """What the failure of this item alone does: how many services it stops or only degrades and how many items it
    reaches; `worst` is the highest criticality stated of what it stops.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True, related_name="+")
    stops = models.PositiveIntegerField(default=0)
    degrades = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    worst = models.SmallIntegerField(default=0)
    is_cut = models.BooleanField(default=False)
    is_past_redundancy = models.BooleanField(default=False)

    class Meta:
        """What would hurt most first."""

        ordering = ("-stops", "-reached", "item_id")

    def __str__(self) -> str:
        """The item."""
        return str(self.item_id)


class SeenName(models.Model):
    """What a source of traces or flows calls something, and the item that it means.

    `is_outside`: it is none of ours, such as `user`. `is_by_hand`: somebody said so, and it is not matched anew.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, related_name="+")
    name = models.CharField(max_length=300)
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="seen_as")
    is_outside = models.BooleanField(default=False)
    is_by_hand = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """A source calls one thing by a name."""

        constraints = (models.UniqueConstraint(fields=("source", "name"), name="seen_name_once"),)

    def __str__(self) -> str:
        """The name."""
        return self.name


class Observation(models.Model):
    """One was seen to call another: evidence, kept apart from what is declared. `count` is of the last reading."""

    client = models.ForeignKey(SeenName, on_delete=models.CASCADE, db_index=False, related_name="calls")
    server = models.ForeignKey(SeenName, on_delete=models.CASCADE, related_name="called")
    evidence = models.CharField(max_length=10)
    detail = models.CharField(max_length=60, blank=True)
    count = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Once for each pair, evidence and detail."""

        constraints = (
            models.UniqueConstraint(fields=("client", "server", "evidence", "detail"), name="observation_once"),
        )

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.client_id} {self.evidence} {self.server_id}"
