"""What people fill in about operational tasks, the day list and handover. The verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helhet.groups.forms import group_choices
from helhet.kit.forms import DayInput, ThingInput, VersionedForm
from helhet.routines.models import ClosedDay, OperationalTask

OWN, AFTER = "own", "after"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REPEATS: tuple[tuple[str, Any], ...] = (
    ("weekly", _("every week, on these weekdays")),
    ("second", _("every second week, on these weekdays")),
    ("FREQ=DAILY", _("every day")),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", _("every day from Monday to Friday")),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", _("the first weekday of the month")),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", _("the last weekday of the month")),
    ("monthly", _("every month, on the day of the month of the first day")),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", _("the last day of the month")),
    ("yearly", _("every year, on the date of the first day")),
    (AFTER, _("so many days after it was last done")),
    ("", _("once")),
    (OWN, _("by a rule of its own")),
)
DAYS = (
    ("MO", pgettext_lazy("weekday", "Mon")), ("TU", pgettext_lazy("weekday", "Tue")),
    ("WE", pgettext_lazy("weekday", "Wed")), ("TH", pgettext_lazy("weekday", "Thu")),
    ("FR", pgettext_lazy("weekday", "Fri")), ("SA", pgettext_lazy("weekday", "Sat")),
    ("SU", pgettext_lazy("weekday", "Sun")),
)  # fmt: skip


def _text(label: Any, limit: int, help_text: Any = "", *, required: bool = False, **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, required=required, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


def _cost(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=12, decimal_places=2, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


class OperationForm(VersionedForm):
    """An operational task."""

    title = _text(_("What is to be done"), 300, required=True)
    item = forms.CharField(
        label=_("On which item"), max_length=300, widget=ThingInput(),
        help_text=_("The reference, such as SRV-12; write the beginning of the name to find it."),
    )  # fmt: skip
    repeat = forms.ChoiceField(label=_("Comes"), required=False, choices=REPEATS)
    days = forms.MultipleChoiceField(
        label=_("Weekdays"), required=False, choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    after_days = forms.IntegerField(label=_("Days after it was last done"), required=False, min_value=1)
    rule = _text(
        _("The rule"), 500, _("Only with a rule of its own, as in RFC 5545. Each month's second Tuesday: "
                              "FREQ=MONTHLY;BYDAY=2TU"),
        spellcheck="false", autocomplete="off",
    )  # fmt: skip
    first_on = forms.DateField(label=_("From"), widget=DayInput())
    at = forms.TimeField(
        label=_("At"), required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M"),
    )  # fmt: skip
    closed_day = forms.ChoiceField(
        label=_("When that is a weekend or a holiday"), choices=ClosedDay.choices,
        help_text=_("Swedish holidays count, and the eves of Midsummer, Christmas and New Year."),
    )  # fmt: skip
    lead_days = forms.IntegerField(
        label=_("Shown so many days before"), required=False, min_value=0, max_value=60, initial=0
    )
    routine = _text(
        _("Routine"),
        300,
        _("The reference, such as RUT-3; write a part of the name to find it. It can then be run from the day list."),
        list="routines",
        autocomplete="off",
    )
    group = forms.ChoiceField(label=_("Group"), required=False, help_text=_("Empty is the group of the item."))
    person = _text(_("Person"), 300, _("Only when it is always the same one."), list="persons", autocomplete="off")
    minutes = forms.IntegerField(label=_("Planned minutes"), required=False, min_value=0)
    cost = _cost(_("Planned cost, kronor"))
    text = forms.CharField(
        label=_("More about it"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        """A new one has no version."""
        super().__init__(*args, **kwargs)
        group = self.fields["group"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = group_choices()
        if is_new:
            del self.fields["version"]

    def verb_fields(self) -> dict[str, Any]:
        """As the verbs take it, save the person: the chosen repeat as a rule or as days after."""
        wanted = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        repeat, days = wanted.pop("repeat"), wanted.pop("days")
        if repeat != AFTER:
            wanted["after_days"] = None
        if repeat != OWN:
            wanted["rule"] = rule_of(repeat, days, wanted["first_on"])
        return wanted

    def clean(self) -> dict[str, Any]:
        """What the chosen repeat asks for."""
        data = super().clean() or self.cleaned_data
        if data.get("repeat") == AFTER and not data.get("after_days"):
            self.add_error("after_days", _("Say after how many days."))
        if data.get("repeat") == OWN and not data.get("rule"):
            self.add_error("rule", _("Write the rule, or choose another repeat."))
        return data


def rule_of(repeat: str, days: list[str], first_on: Any) -> str:
    """The rule that a choice means, with these weekdays, else that of the first day."""
    chosen = ",".join(one for one in WEEKDAYS if one in days) or WEEKDAYS[first_on.weekday()]
    return {
        "weekly": f"FREQ=WEEKLY;BYDAY={chosen}",
        "second": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={chosen}",
        "monthly": f"FREQ=MONTHLY;BYMONTHDAY={first_on.day}",
        "yearly": f"FREQ=YEARLY;BYMONTH={first_on.month};BYMONTHDAY={first_on.day}",
        AFTER: "",
    }.get(repeat, repeat)


def of_operation(task: OperationalTask) -> dict[str, Any]:
    """A task as `OperationForm` begins with: the repeat that makes its rule, else a rule of its own."""
    names = ("version", "title", "rule", "first_on", "at", "after_days", "closed_day", "lead_days", "minutes", "cost",
             "text")  # fmt: skip
    parts = dict(part.partition("=")[::2] for part in task.rule.split(";")) if task.rule else {}
    days = parts.get("BYDAY", "").split(",")
    repeat = AFTER if task.after_days is not None else OWN
    for choice, _label in REPEATS:
        if repeat == OWN and choice not in {OWN, AFTER} and rule_of(choice, days, task.first_on) == task.rule:
            repeat = choice
    return {name: getattr(task, name) for name in names} | {
        "item": task.item.reference, "group": task.group.reference if task.group else "",
        "person": task.person.name if task.person else "", "repeat": repeat, "days": days,
        "routine": task.routine.document.item.reference if task.routine else "",
    }  # fmt: skip


class DoneForm(VersionedForm):
    """What it took."""

    minutes = forms.IntegerField(label=_("Minutes spent"), required=False, min_value=0)
    cost = _cost(_("Cost, kronor"))


class ReasonForm(VersionedForm):
    """Why it is not done, or comes no more."""

    reason = _text(_("Why"), 500, required=True)
