"""Kinds of items, their families and attributes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helhet.kit.once import once


class Family(models.TextChoices):
    """Kinds form families; matrices open by family."""

    SERVICE = "service", _("Services")
    PRODUCT = "product", _("Products")
    SOFTWARE = "software", _("Software")
    HARDWARE = "hardware", _("Hardware")
    PLATFORM = "platform", _("Platforms")
    PLACE = "place", _("Places")
    DOCUMENT = "document", _("Documents")
    ROUTINE = "routine", _("Routines")
    PROCESS = "process", _("Processes")
    CONTRACT = "contract", _("Contracts")
    GROUP = "group", _("Groups")
    OTHER = "other", _("Other")


class Kind(models.Model):
    """What sort of item: its words, its prefix of references, its attributes, and whether it must be owned.

    `schema` is a JSON Schema of an object: the attributes that items of the kind have. An attribute that it does not
    name is allowed, since imports bring more than anybody has declared.
    """

    key = models.CharField(max_length=60, unique=True)
    family = models.CharField(max_length=30)
    name_sv = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    plural_sv = models.CharField(max_length=100)
    plural_en = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8)
    icon = models.CharField(max_length=40, default="product")
    must_be_owned = models.BooleanField(default=True)
    is_listed = models.BooleanField(default=True)
    is_builtin = models.BooleanField(default=False)
    schema = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=1000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order of matrices."""

        ordering = ("position", "key")

    def __str__(self) -> str:
        """Its name in the language of the reader."""
        return self.name

    @property
    def name(self) -> str:
        """Singular, in the language of the reader."""
        return self.name_en if get_language() == "en" else self.name_sv

    @property
    def plural(self) -> str:
        """Plural, in the language of the reader."""
        return self.plural_en if get_language() == "en" else self.plural_sv

    @property
    def attributes(self) -> dict[str, dict[str, Any]]:
        """The declared attributes, name to JSON Schema."""
        properties = self.schema.get("properties", {})
        return properties if isinstance(properties, dict) else {}


def every_kind() -> dict[int, Kind]:
    """All kinds by id, in the order of matrices. They are few, and a page asks for them in many places."""
    return once("items.kinds", lambda: {kind.pk: kind for kind in Kind.objects.all()})


class ReferenceCounter(models.Model):
    """The last number given under each prefix; numbers are never given twice."""

    prefix = models.CharField(max_length=8, primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """The last reference given."""
        return f"{self.prefix}-{self.last}"
