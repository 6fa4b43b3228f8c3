"""What people fill in about standard changes. The verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.changes.forms import MomentInput
from helhet.changes.models import Risk
from helhet.groups.forms import group_choices
from helhet.items.models import Kind
from helhet.kit.forms import ThingInput


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of things that are listed, by key, and none."""
    return [("", "–"), *((one.key, one.name) for one in Kind.objects.filter(is_listed=True))]


def _long(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=required, max_length=20_000, widget=area, help_text=help_text)


class OfItemOrKind(forms.Form):
    """For an item or a kind, with the group that states it."""

    group = forms.ChoiceField(label=_("Group"))
    item = forms.CharField(
        label=_("For an item"), required=False, max_length=300, widget=ThingInput(),
        help_text=_("The reference, such as SRV-12; write the beginning of the name to find it."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Or for a kind"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the groups and kinds that there are."""
        super().__init__(*args, **kwargs)
        group, kind = self.fields["group"], self.fields["kind"]
        assert isinstance(group, forms.ChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        group.choices = group_choices()
        kind.choices = kind_choices()


class WordingForm(forms.Form):
    """One wording."""

    conditions = _long(_("Conditions"), _("What must be so for it to be raised."))
    routine = _long(_("How it is done"), required=True)
    way_back = _long(_("Way back"))
    minutes = forms.IntegerField(label=_("Minutes that it takes"), min_value=1, max_value=14 * 24 * 60, initial=60)
    risk = forms.ChoiceField(label=_("Risk"), choices=[(one.key, one.label) for one in Risk if one])


class StandardForm(WordingForm, OfItemOrKind):
    """A new one."""

    name = forms.CharField(label=_("Name"), max_length=200)
    field_order = ("name", "group", "item", "kind")


class ThresholdForm(OfItemOrKind):
    """What needs no change."""

    text = forms.CharField(
        label=_("What needs no change"), max_length=500, help_text=_("In a few words, such as “More memory”.")
    )
    covered_by = forms.CharField(
        label=_("Covered by"), max_length=500,
        help_text=_("The documented task or order by which it is done, so that it can be found afterwards."),
    )  # fmt: skip
    group = forms.ChoiceField(
        label=_("Stated by"), required=False,
        help_text=_("The group whose chair and deputies may end it. With none only the management team may."),
    )  # fmt: skip
    fields_ = forms.CharField(
        label=_("Fields that an import may alter"), required=False, max_length=2_000,
        help_text=_("With commas between, such as attributes.ram. With none it is all of them."),
    )  # fmt: skip
    field_order = ("text", "covered_by", "item", "kind", "group", "fields_")

    def verb_fields(self) -> dict[str, Any]:
        """As the verb takes it."""
        data = dict(self.cleaned_data)
        return data | {"fields": [one.strip() for one in data.pop("fields_").split(",")]}


class RaiseForm(forms.Form):
    """On what, and when."""

    item = forms.CharField(label=_("Item"), required=False, max_length=300)
    starts_at = forms.DateTimeField(
        label=_("From"), required=False, widget=MomentInput(),
        help_text=_("Without a time it is a draft, unless it is to have the first that is free."),
    )  # fmt: skip
    at_first_free = forms.BooleanField(label=_("At the first time that is free"), required=False)


class DecisionForm(forms.Form):
    """The management team's word."""

    approve = forms.ChoiceField(label=_("Decision"), choices=[("yes", _("Approve")), ("no", _("Refuse"))])
    words = forms.CharField(label=_("Why"), required=False, max_length=500)


class RetireForm(forms.Form):
    """Why it is raised no longer."""

    reason = forms.CharField(label=_("Why"), max_length=500)
