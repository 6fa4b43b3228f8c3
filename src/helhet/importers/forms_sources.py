"""The form of a source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.importers.sources import OWNABLE
from helhet.kit.forms import VersionedForm

ALL, CHOSEN = "all", "chosen"


class OwnsForm(VersionedForm):
    """Which fields a source owns."""

    extent = forms.ChoiceField(
        label=gettext_lazy("The source owns"),
        choices=[(ALL, gettext_lazy("All that it gives")), (CHOSEN, gettext_lazy("Only the fields marked below"))],
        widget=forms.RadioSelect,
    )
    owns = forms.MultipleChoiceField(
        label=gettext_lazy("Fields"), choices=list(OWNABLE.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "An import overwrites what the source owns. In other fields it leaves what a person has written."
        ),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Marked fields and the choice above must agree."""
        data = super().clean() or {}
        if data.get("extent") == CHOSEN and not data.get("owns"):
            self.add_error("owns", _("Mark at least one field."))
        return data

    def owned(self) -> list[str]:
        """The fields, none for all that it gives."""
        return list(self.cleaned_data["owns"]) if self.cleaned_data["extent"] == CHOSEN else []
