"""What people fill in about routines and runs. The verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.kit.forms import VersionedForm
from helhet.routines.models import RoutineKind, RunOutcome


class RoutineForm(VersionedForm):
    """What is said of a routine beside its text."""

    kind = forms.ChoiceField(label=_("What it is for"), choices=RoutineKind.choices)
    symptoms = forms.CharField(
        label=_("Symptoms"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The words by which people look for it, one a line: what the user says, what the screen shows."),
    )  # fmt: skip
    labels = forms.CharField(
        label=_("Labels of alerts"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, such as alertname=DiskFull. An alert with the label leads here."),
    )  # fmt: skip
    expected_minutes = forms.IntegerField(label=_("Expected minutes"), required=False, min_value=1)
    prove_days = forms.IntegerField(
        label=_("Is to be proven within days"), required=False, min_value=1,
        help_text=_("It is doubtful when no run or exercise has worked for so long."),
    )  # fmt: skip

    def wanted(self) -> dict[str, Any]:
        """As the verb takes them."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {**data, "labels": data["labels"].splitlines()}


class ReportForm(forms.Form):
    """What is wrong with a routine."""

    text = forms.CharField(
        label=_("What is wrong?"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Those who answer for the routine get it as a task."),
    )  # fmt: skip
    step = forms.CharField(label=_("In which step"), required=False, max_length=200)


class EndForm(forms.Form):
    """How a run went."""

    outcome = forms.ChoiceField(
        choices=[one for one in RunOutcome.choices if one[0] != RunOutcome.ABANDONED], required=False
    )
    note = forms.CharField(required=False, max_length=20_000)
    minutes = forms.IntegerField(required=False, min_value=0)
    cost = forms.DecimalField(required=False, min_value=0, max_digits=12, decimal_places=2, localize=True)
    tickets = forms.CharField(required=False, max_length=5_000)

    def wanted(self) -> dict[str, Any]:
        """As the verb takes them."""
        data = self.cleaned_data
        return {**data, "tickets": data["tickets"].replace(",", " ").split()}
