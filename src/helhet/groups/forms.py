"""What people fill in about groups, persons, memberships and tasks. Forms check shape; the verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.groups.actions.group import CONTACT_WAYS, MANDATE_LIMIT
from helhet.groups.models import Basis, Group, GroupState, Role
from helhet.kit.forms import DayInput, ThingInput, VersionedForm

NOBODY = ("", "–")
KNOWN_ROLES = [str(role) for role in Role]


def group_choices(*, but: Group | None = None) -> list[tuple[str, str]]:
    """Groups that are not closed, by reference, after an empty choice."""
    groups = Group.objects.filter(item__presence=0).exclude(state=GroupState.CLOSED).select_related("item")
    chosen = [(group.reference, group.name) for group in groups if but is None or group.pk != but.pk]
    return [NOBODY, *chosen]


def _text(label: Any, limit: int, *, required: bool = False, help_text: Any = "", **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, required=required, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


def _area(label: Any, help_text: Any = "", rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=MANDATE_LIMIT, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, help_text=help_text, widget=DayInput())


def _person(label: Any, *, required: bool = True) -> forms.CharField:
    help_text = _("Write a name or an e-mail address.")
    return _text(label, 300, required=required, list="persons", autocomplete="off", help_text=help_text)


class GroupForm(VersionedForm):
    """A group. Who only leads it changes name, mandate and contact ways."""

    name = _text(_("Name"), 300, required=True)
    mandate = _area(_("Mandate"), _("What the group answers for, and how far its word goes, in a few sentences."))
    basis = forms.ChoiceField(label=_("Formed by"), choices=Basis.choices, required=False)
    parent = forms.ChoiceField(label=_("Stands under"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[(state, state.label) for state in GroupState if state != GroupState.CLOSED],
        help_text=_("A group that is closing gives things away. It is closed by a button of its own."),
    )  # fmt: skip
    is_management_team = forms.BooleanField(
        label=_("Is the management team"), required=False,
        help_text=_("The group over the groups. Its members are coordinators and may change all but settings."),
    )  # fmt: skip

    def __init__(self, *args: Any, group: Group | None = None, whole: bool = True, **kwargs: Any) -> None:
        """`whole`: also what only coordinators change. A new group has no version."""
        super().__init__(*args, **kwargs)
        for way, label in CONTACT_WAYS.items():
            self.fields[f"contact_{way}"] = _text(label, 300)
        if group is None:
            del self.fields["version"]
        if group is None or group.state == GroupState.CLOSED or not whole:
            del self.fields["state"]
        if whole:
            parent = self.fields["parent"]
            assert isinstance(parent, forms.ChoiceField)
            parent.choices = group_choices(but=group)
            if group is not None and group.parent is not None:
                here = (group.parent.reference, group.parent.name)
                parent.choices = [*parent.choices, here] if here not in parent.choices else parent.choices
        else:
            for name in ("basis", "parent", "is_management_team"):
                del self.fields[name]

    def wanted(self) -> dict[str, Any]:
        """As the verbs take it: contact ways are one field."""
        wanted = super().wanted()
        if not wanted.get("state", "active"):
            del wanted["state"]
        changed = [name for name in wanted if name.startswith("contact_")]
        for name in changed:
            del wanted[name]
        if changed:
            wanted["contacts"] = {way: self.cleaned_data[f"contact_{way}"] for way in CONTACT_WAYS}
        return wanted


def of_group(group: Group) -> dict[str, Any]:
    """A group as `GroupForm` begins with."""
    return {
        "version": group.item.version,
        "name": group.name,
        "mandate": group.mandate,
        "basis": group.basis,
        "parent": group.parent.reference if group.parent else "",
        "state": group.state,
        "is_management_team": group.is_management_team,
        **{f"contact_{way}": text for way, text in group.contacts.items()},
    }


class CloseForm(VersionedForm):
    """Who takes over from a group that closes."""

    to = forms.ChoiceField(label=_("Who takes over what it answers for"), required=False)
    leave = forms.BooleanField(
        label=_("Close it although things are left"), required=False,
        help_text=_("They then count as owned by a group that cannot answer, until somebody takes them."),
    )  # fmt: skip
    reason = _text(_("Why"), 400)

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        """The group that closes cannot take over."""
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = group_choices(but=group)


class MemberForm(forms.Form):
    """Somebody new in a group."""

    person = _person(_("Person"))
    role = _text(
        _("Role"), 60, list="roles", autocomplete="off",
        help_text=_("Member, chair, deputy, or any other word. Empty is member."),
    )  # fmt: skip
    from_on = _day(_("First day"), _("Empty is today."))
    to_on = _day(_("Last day"), _("Empty is until further notice."))
    share = _text(_("Share of working time, percent"), 10, inputmode="decimal")


class MembershipForm(VersionedForm):
    """A membership."""

    role = _text(_("Role"), 60, required=True, list="roles", autocomplete="off")
    from_on = _day(_("First day"))
    to_on = _day(_("Last day"), _("Empty is until further notice."))
    share = _text(_("Share of working time, percent"), 10, inputmode="decimal")


class ChairForm(forms.Form):
    """Who is to chair."""

    person = _person(_("Person"))
    on = _day(_("From"), _("Empty is today. Who chaired until then stays as a member."))


class PersonForm(VersionedForm):
    """A person."""

    name = _text(_("Name"), 200, required=True)
    email = _text(_("E-mail address"), 254, help_text=_("Ties the person to the user who signs in with it."))
    title = _text(_("Title"), 200)
    unit = _text(_("Home unit"), 200, help_text=_("Where the person is employed. Groups are apart from that."))
    phone = _text(_("Phone"), 60)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        """A new person has no version."""
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["version"]


class EndForm(VersionedForm):
    """A person leaves."""

    tasks_to = forms.ChoiceField(
        label=_("Who takes over tasks that are this person's alone"), required=False,
        help_text=_("Tasks of a group go back to that group."),
    )  # fmt: skip
    reason = _text(_("Why"), 400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Any living group may take over."""
        super().__init__(*args, **kwargs)
        tasks_to = self.fields["tasks_to"]
        assert isinstance(tasks_to, forms.ChoiceField)
        tasks_to.choices = group_choices()


class TaskForm(VersionedForm):
    """A task. Whose it is, is chosen when it is made, and handed over later."""

    title = _text(_("What is to be done"), 300, required=True)
    group = forms.ChoiceField(label=_("Group"), required=False)
    person = _person(_("Person"), required=False)
    due_on = _day(_("By when"))
    item = forms.CharField(
        label=_("About"), max_length=300, required=False, widget=ThingInput(),
        help_text=_("The reference of an item, such as SRV-12; write the beginning of its name to find it."),
    )  # fmt: skip
    text = _area(_("More about it"), rows=4)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        """A new task has no version, an old one is handed over by another form."""
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["version"]
            group = self.fields["group"]
            assert isinstance(group, forms.ChoiceField)
            group.choices = group_choices()
        else:
            del self.fields["group"], self.fields["person"]


class HandOverForm(VersionedForm):
    """To whom a task goes."""

    group = forms.ChoiceField(label=_("Group"), required=False)
    person = _person(_("Person"), required=False)
    reason = _text(_("Why"), 400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """To any living group."""
        super().__init__(*args, **kwargs)
        group = self.fields["group"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = group_choices()


class DropForm(VersionedForm):
    """Why a task will not be done."""

    reason = _text(_("Why it will not be done"), 400, required=True)


class ViewForm(VersionedForm):
    """A saved view."""

    name = _text(_("Name"), 100, required=True)
    filter = _text(_("Filter"), 2_000, autocomplete="off", spellcheck="false")
    is_shared = forms.BooleanField(label=_("Share it with everybody"), required=False)
