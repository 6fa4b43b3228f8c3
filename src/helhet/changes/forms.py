"""What people fill in about time: signatures, exemptions, windows and freezes. The verbs check truth."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.changes.models import Freeze, Window
from helhet.groups.forms import group_choices
from helhet.kit.forms import DayInput, ThingInput, VersionedForm
from helhet.kit.rights import Caller

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OWN_RULE = "own"
REPEATS = (
    ("", _("once")),
    ("FREQ=DAILY", _("every day")),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", _("every day from Monday to Friday")),
    ("weekly", _("every week, the same weekday")),
    ("second", _("every second week, the same weekday")),
    ("monthly", _("every month, the same weekday of the same week")),
    (OWN_RULE, _("by a rule of its own")),
)


class TimeInput(forms.TimeInput):
    """A clock time as the browser asks for it."""

    input_type = "time"

    def __init__(self) -> None:
        """ISO, whatever the language."""
        super().__init__(attrs={"class": "form-control"}, format="%H:%M")


class MomentInput(forms.DateTimeInput):
    """A local day and clock time as the browser asks for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        """ISO, whatever the language."""
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%dT%H:%M")


class SignForm(forms.Form):
    """Why a clash may stand."""

    key = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it may stand"), max_length=500,
        help_text=_("You answer for it with your name. It no longer holds when either of the two is moved."),
    )  # fmt: skip


class ExemptionForm(forms.Form):
    """Why the freeze should let the change through."""

    key = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Why the change cannot wait"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It becomes a task of those who decide about the freeze. They answer by signing for the clash."),
    )  # fmt: skip


class MoveForm(VersionedForm):
    """To when. `along` is asked for when others wait for the change; `seen` says which, in what versions."""

    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MomentInput(), help_text=_("Time to take it back included."))
    reason = forms.CharField(label=_("Why"), required=False, max_length=400)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    along = forms.ChoiceField(
        label=_("What about those that wait for it?"), required=False, widget=forms.RadioSelect, initial="yes",
        choices=[("yes", _("Move them along, and ask those whose changes I may not move")), ("no", _("Leave them"))],
    )  # fmt: skip

    def __init__(self, *args: Any, has_followers: bool = False, **kwargs: Any) -> None:
        """Without those that wait for it nothing is asked about them."""
        super().__init__(*args, **kwargs)
        if not has_followers:
            del self.fields["along"], self.fields["seen"]


class PeriodForm(VersionedForm):
    """What windows and freezes have in common."""

    name = forms.CharField(label=_("Name"), max_length=200)
    item = forms.CharField(
        label=_("For an item"), required=False, max_length=300, widget=ThingInput(),
        help_text=_(
            "The reference, such as SRV-12; write the beginning of its name to find it. It then holds for what stands "
            "on it by dependencies too."
        ),
    )  # fmt: skip
    group = forms.ChoiceField(
        label=_("For a group"), required=False, help_text=_("For all that the group answers for.")
    )
    filter = forms.CharField(
        label=_("For what a filter finds"), required=False, max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("As in the list of items, such as kind:server tag:lön. With none of the three it holds for all."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)
    stated_by = forms.ChoiceField(
        label=_("Stated by"), required=False,
        help_text=_("The group whose chair and deputies may alter it. With none only the management team may."),
    )  # fmt: skip

    def __init__(self, *args: Any, caller: Caller, of: Window | Freeze | None = None, **kwargs: Any) -> None:
        """A new one has no version; who stated it is not altered."""
        super().__init__(*args, **kwargs)
        choices = group_choices()
        group = self.fields["group"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = choices
        if of is None:
            del self.fields["version"]
            stated_by = self.fields["stated_by"]
            assert isinstance(stated_by, forms.ChoiceField)
            stated_by.choices = choices
            del caller
        else:
            del self.fields["stated_by"]

    def verb_fields(self) -> dict[str, Any]:
        """As the verbs take it."""
        names = [name for name in self.fields if name != "version"]
        return {name: self.cleaned_data[name] for name in names}


class FreezeForm(PeriodForm):
    """A freeze."""

    starts_at = forms.DateTimeField(label=_("From"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=_("To"), widget=MomentInput())
    field_order = ("version", "name", "starts_at", "ends_at", "reason", "item", "group", "filter", "stated_by")


class WindowForm(PeriodForm):
    """A maintenance window."""

    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    starts_time = forms.TimeField(label=_("From"), widget=TimeInput())
    hours = forms.DecimalField(
        label=_("How many hours"), min_value=0, max_value=14 * 24, decimal_places=2, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    repeat = forms.ChoiceField(label=_("Comes back"), required=False, choices=REPEATS)
    rule = forms.CharField(
        label=_("The rule"), required=False, max_length=500,
        help_text=_("Only with a rule of its own, as in RFC 5545. Each month's last Sunday: FREQ=MONTHLY;BYDAY=-1SU"),
    )  # fmt: skip
    field_order = ("version", "name", "starts_on", "starts_time", "hours", "repeat", "rule", "item", "group", "filter",
                   "reason", "stated_by")  # fmt: skip

    def verb_fields(self) -> dict[str, Any]:
        """As the verbs take it: the length in minutes, and the chosen repeat as a rule."""
        wanted = super().verb_fields()
        wanted["minutes"] = round(wanted.pop("hours") * 60)
        repeat = wanted.pop("repeat")
        if repeat != OWN_RULE:
            wanted["rule"] = rule_of(repeat, wanted["starts_on"])
        return wanted


def rule_of(repeat: str, on: dt.date) -> str:
    """The rule that a choice means for this first day."""
    weekday = WEEKDAYS[on.weekday()]
    return {
        "weekly": f"FREQ=WEEKLY;BYDAY={weekday}",
        "second": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
        "monthly": f"FREQ=MONTHLY;BYDAY={(on.day - 1) // 7 + 1}{weekday}",
    }.get(repeat, repeat)


def repeat_of(window: Window) -> str:
    """The choice that a window's rule is, or that it has one of its own."""
    for key, _label in REPEATS[:-1]:
        if rule_of(key, window.starts_on) == window.rule:
            return key
    return OWN_RULE


def of_period(period: Window | Freeze) -> dict[str, Any]:
    """A window or freeze as its form begins with."""
    common: dict[str, Any] = {
        "version": period.version, "name": period.name, "reason": period.reason, "filter": period.filter,
        "item": period.item.reference if period.item else "", "group": period.group.reference if period.group else "",
    }  # fmt: skip
    if isinstance(period, Freeze):
        return common | {"starts_at": period.starts_at, "ends_at": period.ends_at}
    repeat = repeat_of(period)
    return common | {
        "starts_on": period.starts_on, "starts_time": period.starts_time, "repeat": repeat,
        "hours": Decimal(period.minutes) / 60,
        "rule": period.rule if repeat == OWN_RULE else "",
    }  # fmt: skip
