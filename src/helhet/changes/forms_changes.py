"""What people fill in about changes and positions. Forms check shape; the verbs check truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helhet.changes.forms import MomentInput
from helhet.changes.models import Change, ChangeState, ChangeType, Outcome, Stance
from helhet.changes.permissions import ChangePermission
from helhet.changes.thresholds import hint
from helhet.groups.forms import group_choices
from helhet.groups.models import Group, GroupState
from helhet.kit.forms import DayInput, ThingInput, VersionedForm
from helhet.kit.rights import Caller

TEXT = 20_000
ONLY_IN_DRAFT = ("type", "group", "items", "starts_at", "ends_at")
AFTERWARDS = (ChangeState.REVIEW, ChangeState.CLOSED)


def _area(label: Any, help_text: Any = "", rows: int = 4, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=TEXT, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=False, help_text=help_text, widget=MomentInput())


def _line(label: Any, help_text: Any = "", *, limit: int = 2_000, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=required, help_text=help_text)


def groups_for(caller: Caller, permission: ChangePermission) -> list[tuple[str, str]]:
    """The living groups for which the caller may do it, by reference. A sent form takes any: the verb refuses."""
    groups = Group.objects.filter(item__presence=0).exclude(state=GroupState.CLOSED).select_related("item")
    return [(one.reference, one.name) for one in groups if caller.may(permission, one)]


class ChangeForm(VersionedForm):
    """A change. What the groups are asked about is altered in a draft alone."""

    title = _line(_("What is to be altered"), limit=300, required=True)
    type = forms.ChoiceField(
        label=pgettext_lazy("change", "Type"), choices=ChangeType.choices,
        help_text=_("A normal change asks those whom it touches. An emergency begins at once and asks afterwards."),
    )  # fmt: skip
    group = forms.ChoiceField(label=_("Group"), help_text=_("The group that answers for the change."))
    items = forms.CharField(
        label=_("Alters"), max_length=2_000, required=False, widget=ThingInput(several=True),
        help_text=_("References with commas between, such as SRV-12, DB-4; write the beginning of a name to find it."),
    )  # fmt: skip
    starts_at = _moment(_("Begins"))
    ends_at = _moment(_("Ends"), _("Time to take it back included."))
    owner = _line(_("Owner"), _("Who sees to it that it is done: a name or an e-mail address."), limit=300)
    people = _line(_("Takes part"), _("Names with commas between. Their time is looked after too."))
    purpose = _area(_("Why"))
    plan = _area(_("Plan"), _("How it is done, step by step."))
    test = _area(_("Test"), _("How it is known that it works."))
    way_back = _area(_("Way back"), _("How it is taken back, and how long that takes."))
    learnt = _area(_("Learnt"))

    def __init__(self, *args: Any, caller: Caller, change: Change | None = None, **kwargs: Any) -> None:
        """A new change has no version; one that was asked about has no fields that a draft alone has."""
        super().__init__(*args, **kwargs)
        group = self.fields["group"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = group_choices() if self.is_bound else groups_for(caller, ChangePermission.DRAFT)
        self.fields["owner"].widget.attrs |= {"list": "persons", "autocomplete": "off"}
        self._say_what_covers(caller)
        if change is None:
            del self.fields["version"]
        elif change.group is not None and (here := (change.group.reference, change.group.name)) not in group.choices:
            group.choices = [*group.choices, here]
        if change is not None and change.state != ChangeState.DRAFT:
            for name in ONLY_IN_DRAFT:
                del self.fields[name]
        if change is None or change.state not in AFTERWARDS:
            del self.fields["learnt"]

    def _say_what_covers(self, caller: Caller) -> None:
        """Beside the items, while they are chosen: whether they need a change at all."""
        for name, when in (("items", "input changed delay:400ms, change"), ("type", "change")):
            self.fields[name].widget.attrs |= {
                "hx-get": reverse_lazy("changes:covered"), "hx-include": "#id_items, #id_type", "hx-trigger": when,
                "hx-target": "#covered", "hx-swap": "innerHTML", "hx-sync": "this:replace",
            }  # fmt: skip
        # Not by `self["items"]`: what is read so keeps the help that stands there now.
        said = self.data if self.is_bound else self.initial
        covered = hint(str(said.get("items") or ""), str(said.get("type") or ""), caller)
        self.fields["items"].help_text = format_html(
            '{} <span id="covered" aria-live="polite">{}</span>', self.fields["items"].help_text, covered
        )

    def values(self, names: Sequence[str]) -> dict[str, Any]:
        """These fields as the verbs take them: lists where several are written with commas between."""
        data = {name: self.cleaned_data[name] for name in names}
        for name in ("items", "people"):
            if name in data:
                data[name] = [one for text in data[name].split(",") if (one := text.strip())]
        return data


def of_change(change: Change) -> dict[str, Any]:
    """A change as `ChangeForm` begins with."""
    fields = ("type", "starts_at", "ends_at", "purpose", "plan", "test", "way_back", "learnt", "version")
    items = change.affected.select_related("item").order_by("item_id")
    people = change.people.select_related("person").order_by("pk")
    return {name: getattr(change, name) for name in fields} | {
        "title": change.name, "group": change.group.reference if change.group else "",
        "owner": change.owner.name if change.owner else "",
        "items": ", ".join(one.item.reference for one in items),
        "people": ", ".join(one.person.name for one in people),
    }  # fmt: skip


class AskForm(VersionedForm):
    """By when the groups are to answer."""

    answer_by = _moment(_("Answer by"), _("Two working days from now when left empty."))


class FinishForm(VersionedForm):
    """How it went."""

    outcome = forms.ChoiceField(
        label=_("How did it go?"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in Outcome if one != Outcome.CANCELLED],
    )  # fmt: skip
    learnt = _area(_("What was learnt"), _("Needed when it failed, was taken back or was an emergency."))


class CloseForm(VersionedForm):
    """The review."""

    learnt = _area(_("What was learnt"), _("Needed when it failed, was taken back or was an emergency."))


class CancelForm(VersionedForm):
    """Why it will not be done."""

    reason = _line(_("Why"), limit=400, required=True)


class AnswerForm(VersionedForm):
    """What the group says."""

    stance = forms.ChoiceField(label=_("What does the group say?"), choices=Stance.choices, widget=forms.RadioSelect)
    conditions = _area(
        _("If"), _("What must be done first, one thing a line. Each becomes a task of the change’s group."),
    )  # fmt: skip
    words = _area(_("Words"), _("A no says why, and preferably what would suit."))

    def verb_fields(self) -> dict[str, Any]:
        """As the verb takes it."""
        data = self.cleaned_data
        return {"stance": data["stance"], "words": data["words"], "conditions": data["conditions"].splitlines()}


class SettleForm(VersionedForm):
    """What the management team decides."""

    goes_on = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[("yes", _("The change goes on")), ("no", _("The change does not go on"))],
    )  # fmt: skip
    words = _area(_("Why"), _("The reason is kept, and those concerned can read it."), required=True)


class MarkForm(VersionedForm):
    """What people know better than the dependencies."""

    item = forms.CharField(
        label=_("Item"), max_length=300, widget=ThingInput(),
        help_text=_("The reference, such as SRV-12; write the beginning of the name to find it."),
    )  # fmt: skip
    is_hit = forms.ChoiceField(
        label=_("What is so?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("It is also hit")), ("no", _("It is not hit"))],
    )
    reason = _line(_("Why"), limit=500, required=True)


class OrderForm(forms.Form):
    """What must be finished first."""

    before = _line(_("Change"), _("Its reference, such as CHG-3."), limit=300, required=True)
    note = _line(_("Why"), limit=500)


class IncidentForm(forms.Form):
    """An incident that the change caused."""

    incident = _line(_("Its number"), _("As its own tool has it."), limit=100, required=True)
    text = _line(_("What happened"), limit=500)
    url = _line(_("Address"), limit=500)
    minutes = forms.IntegerField(label=_("Minutes that it lasted"), required=False, min_value=0, max_value=1_000_000)


class AdvanceForm(forms.Form):
    """A yes in advance."""

    group = forms.ChoiceField(label=_("Group"))
    item = _line(_("Item"), _("Its reference; changes of any item when left empty."), limit=300)
    type = forms.ChoiceField(
        label=pgettext_lazy("change", "Type"), required=False, choices=[("", _("any type")), *ChangeType.choices]
    )
    until_on = forms.DateField(label=_("Holds until"), widget=DayInput())
    words = _line(_("Words"), limit=500)

    def __init__(self, *args: Any, caller: Caller, **kwargs: Any) -> None:
        """Of the groups that the caller leads."""
        super().__init__(*args, **kwargs)
        group = self.fields["group"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = group_choices() if self.is_bound else groups_for(caller, ChangePermission.GIVE_AHEAD)
