"""What people fill in about readers and approval. Forms check shape; the verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.documents.models import Approver
from helhet.groups.forms import group_choices
from helhet.kit.forms import VersionedForm


class AudienceForm(VersionedForm):
    """An audience. The key is chosen once."""

    key = forms.CharField(
        label=_("Key"), max_length=40,
        help_text=_("Small letters, digits and hyphens. Offline copies and exported pages name the audience so."),
    )  # fmt: skip
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=100)
    name_en = forms.CharField(
        label=_("Name in English"), max_length=100, required=False, help_text=_("Left empty: as in Swedish.")
    )
    is_open = forms.BooleanField(label=_("Everyone who is signed in"), required=False)
    groups = forms.MultipleChoiceField(
        label=_("Members of these groups"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Coordinators, and the group that answers for a document, read it whatever its audience."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        """Groups as they are now. A new audience has no version, an old one keeps its key."""
        super().__init__(*args, **kwargs)
        del self.fields["version" if is_new else "key"]
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = group_choices()[1:]


class ApprovalForm(VersionedForm):
    """Who of a group approves its documents."""

    approver = forms.ChoiceField(label=_("Who approves"), choices=Approver.choices, widget=forms.RadioSelect)
    needs_review = forms.BooleanField(label=_("A member who did not write the draft reviews it first"), required=False)
