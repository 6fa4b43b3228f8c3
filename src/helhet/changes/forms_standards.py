"""What people fill in about standard changes. The verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.changes.forms import MomentInput
from helhet.changes.models import Risk
from helhet.groups.forms import group_choices
from helhet.items.models import Kind


def _long(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=required, max_length=20_000, widget=area, help_text=help_text)


class WordingForm(forms.Form):
    """One wording."""

    conditions = _long(_("Conditions"), _("What must be so for it to be raised."))
    routine = _long(_("How it is done"), required=True)
    way_back = _long(_("Way back"))
    minutes = forms.IntegerField(label=_("Minutes that it takes"), min_value=1, max_value=14 * 24 * 60, initial=60)
    risk = forms.ChoiceField(label=_("Risk"), choices=[(one.key, one.label) for one in Risk if one])


class StandardForm(WordingForm):
    """A new one."""

    name = forms.CharField(label=_("Name"), max_length=200)
    group = forms.ChoiceField(label=_("Group"))
    item = forms.CharField(
        label=_("For an item"), required=False, max_length=300, help_text=_("The reference, such as SRV-12.")
    )
    kind = forms.ChoiceField(label=_("Or for a kind"), required=False)
    field_order = ("name", "group", "item", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the groups and kinds that there are."""
        super().__init__(*args, **kwargs)
        group, kind = self.fields["group"], self.fields["kind"]
        assert isinstance(group, forms.ChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        group.choices = group_choices()
        kind.choices = [("", "–"), *((one.key, one.name) for one in Kind.objects.filter(is_listed=True))]


class RaiseForm(forms.Form):
    """On what, and when."""

    item = forms.CharField(label=_("Item"), required=False, max_length=300)
    starts_at = forms.DateTimeField(
        label=_("From"), required=False, widget=MomentInput(),
        help_text=_("Without a time it is a draft, whose page suggests free times."),
    )  # fmt: skip


class DecisionForm(forms.Form):
    """The management team's word."""

    approve = forms.ChoiceField(label=_("Decision"), choices=[("yes", _("Approve")), ("no", _("Refuse"))])
    words = forms.CharField(label=_("Why"), required=False, max_length=500)


class RetireForm(forms.Form):
    """Why it is raised no longer."""

    reason = forms.CharField(label=_("Why"), max_length=500)
