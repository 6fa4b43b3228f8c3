"""This house's own words for the glossary's nouns."""

from __future__ import annotations

from django.db import models


class LocalName(models.Model):
    """The word that this house uses for a noun of the glossary, in one language and form."""

    noun = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    form = models.CharField(max_length=20)
    text = models.CharField(max_length=100)

    class Meta:
        """One word for one form."""

        constraints = (models.UniqueConstraint(fields=("noun", "language", "form"), name="local_name_once"),)

    def __str__(self) -> str:
        """The word."""
        return self.text
