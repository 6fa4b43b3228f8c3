"""What people write about a rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.groups.models import Group, GroupState
from helhet.kit.rights import Caller
from helhet.responsibility.actions import Draft
from helhet.responsibility.links import items_url
from helhet.responsibility.models import Rule, RuleSort


class GroupChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # takes no argument at run time
    """Groups by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and reference."""
        return f"{obj.name} ({obj.reference})"


class RuleForm(forms.Form):
    """A rule: what it points at, which items it selects, and its place."""

    sort = forms.ChoiceField(label=_("Gives"), choices=RuleSort.choices, initial=RuleSort.NAMED)
    filter = forms.CharField(
        label=_("Which items"), max_length=2_000,
        help_text=_(
            'Written as in the list of items, such as kind:server location:"Hall 1*". Left empty it means everything, '
            "but not where the rule gives a named group."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    group = GroupChoice(label=_("Group"), queryset=Group.objects.none(), empty_label=_("Choose a group"))
    place = forms.IntegerField(
        label=_("Place in the list"), min_value=1, required=False,
        help_text=_("The first rule in the list that gives a group decides. Left empty, this one stands last."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Why"), max_length=500, required=False,
        help_text=_("Stands on the page of every item that the rule decides for."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, caller: Caller, **kwargs: Any) -> None:
        """The groups that the caller may see and that can answer."""
        super().__init__(*args, **kwargs)
        self.fields["filter"].widget.attrs["data-complete-url"] = items_url()
        if self.is_bound and self.data.get("sort") != RuleSort.NAMED:
            self.fields["filter"].required = self.fields["group"].required = False
        field = self.fields["group"]
        assert isinstance(field, GroupChoice)
        field.queryset = Group.objects.visible_to(caller).exclude(state=GroupState.CLOSED).select_related("item")

    def draft(self) -> Draft:
        """What was written, when it has the right shape."""
        data = self.cleaned_data
        is_named = data["sort"] == RuleSort.NAMED
        return Draft(data["sort"], data["filter"], data["group"] if is_named else None, data["note"], data["place"])


def initial_of(rule: Rule, place: int) -> dict[str, Any]:
    """A rule as the form shows it."""
    return {
        "sort": rule.sort, "filter": rule.filter, "group": rule.group_id, "place": place, "note": rule.note,
        "version": rule.version,
    }  # fmt: skip
