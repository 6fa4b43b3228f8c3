"""What people fill in about service documentation beside its text. The verbs check truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.handbook.models import Part
from helhet.handbook.shapes import part_label
from helhet.kit.forms import VersionedForm


class ReasonForm(forms.Form):
    """Why a part does not apply."""

    reason = forms.CharField(
        label=_("Why it does not apply"), max_length=500, help_text=_("Such as: nothing of it can be ordered.")
    )


class ContradictionForm(forms.Form):
    """What is wrong or missing."""

    part = forms.ChoiceField(label=_("Part"), required=False)
    text = forms.CharField(
        label=_("What is wrong or missing"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Of one part or of the whole."""
        super().__init__(*args, **kwargs)
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The whole")), *((key, part_label(key)) for key in Part.values)]


class SettlementForm(VersionedForm):
    """What was done about it."""

    text = forms.CharField(label=_("What was done"), max_length=500)


class WeightsForm(forms.Form):
    """What each part counts."""

    def __init__(self, *args: Any, weights: Mapping[str, int], versions: Mapping[str, int], **kwargs: Any) -> None:
        """A number for each part, with the version that it was made from."""
        super().__init__(*args, **kwargs)
        for part, weight in weights.items():
            self.fields[part] = forms.IntegerField(label=part_label(part), min_value=0, max_value=100, initial=weight)
            self.fields[f"version_{part}"] = forms.IntegerField(widget=forms.HiddenInput, initial=versions.get(part, 1))

    def changed(self) -> dict[str, tuple[int, int]]:
        """By part what was altered: (weight, version)."""
        data = self.cleaned_data
        return {part: (data[part], data[f"version_{part}"]) for part in self.changed_data if part in Part.values}
