"""What people fill in about documents. The verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helhet.documents.models import Audience, Document, Sort, Unit
from helhet.groups.forms import group_choices
from helhet.groups.models import Group
from helhet.kit.forms import DayInput, ThingsArea, VersionedForm
from helhet.kit.rights import Caller

LANGUAGES = (("sv", _("Swedish")), ("en", _("English")))


def audience_choices() -> list[tuple[str, str]]:
    """Every audience by key, under its name."""
    is_swedish = (get_language() or "sv").startswith("sv")
    return [(one.key, one.name_sv if is_swedish else one.name_en) for one in Audience.objects.all()]


def _about() -> forms.CharField:
    return forms.CharField(
        label=_("About"), required=False, max_length=4_000, widget=ThingsArea(attrs={"rows": 3}),
        help_text=_(
            "The services and other things that a reader looks from: references such as SRV-4, one a line; write the "
            "beginning of a name to find it."
        ),
    )  # fmt: skip


def references_in(text: str) -> list[str]:
    """References one a line, or with commas between."""
    return [one.strip() for line in text.splitlines() for one in line.split(",") if one.strip()]


class NewForm(forms.Form):
    """A new document. `key` is made with the page, so that two presses of its button make one."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    title = forms.CharField(label=_("Title"), max_length=300)
    sort = forms.ChoiceField(label=_("Sort"), choices=[("", _("Choose")), *Sort.choices])
    about = _about()
    group = forms.ChoiceField(
        label=_("Group that answers"), required=False, help_text=_("With none the responsibility rules decide.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    audiences = forms.MultipleChoiceField(label=_("Readers"), widget=forms.CheckboxSelectMultiple, initial=["all"])

    def __init__(self, *args: Any, caller: Caller, **kwargs: Any) -> None:
        """Groups and audiences as they are now. Who is in one group writes for it, who is in several says which."""
        super().__init__(*args, **kwargs)
        nobody, *groups = group_choices()
        own = _references(caller)
        mine = [one for one in groups if one[0] in own]
        others = [one for one in groups if one not in mine]
        nobody = ("", str(_("Choose"))) if len(mine) > 1 else nobody
        choices = [nobody, (_("My groups"), mine), (_("Other groups"), others)] if mine else [nobody, *others]
        for name, some in (("group", choices), ("audiences", audience_choices())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = some
        if len(mine) > 1:
            self.fields["group"].required, self.fields["group"].help_text = True, ""
        if len(mine) == 1:
            self.initial.setdefault("group", mine[0][0])


def _references(caller: Caller) -> set[str]:
    groups = Group.objects.filter(pk__in=caller.member_of).select_related("item")
    return {group.reference for group in groups}


class FactsForm(VersionedForm):
    """What stands beside the text."""

    sort = forms.ChoiceField(label=_("Sort"), choices=Sort.choices)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    about = _about()
    review_count = forms.IntegerField(
        label=_("Review every"), required=False, min_value=1, max_value=3_650,
        help_text=_("Empty: no review is asked for."),
    )  # fmt: skip
    review_unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=DayInput())
    valid_to = forms.DateField(label=_("Valid to, that day included"), required=False, widget=DayInput())

    @staticmethod
    def of(document: Document) -> dict[str, Any]:
        """The facts as the form has them."""
        names = ("sort", "language", "review_count", "review_unit", "valid_from", "valid_to", "version")
        about = [row.item.reference for row in document.about.select_related("item").order_by("item__name_key")]
        return {**{name: getattr(document, name) for name in names}, "about": "\n".join(about)}

    def wanted(self) -> dict[str, Any]:
        """As the verb takes them."""
        found = super().wanted()
        if "about" in found:
            found["about"] = references_in(found["about"])
        return found


class ReadersForm(VersionedForm):
    """Who may read it."""

    audiences = forms.MultipleChoiceField(
        label=_("Readers"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever may not read it still sees that it exists, under its name and group."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Audiences as they are now."""
        super().__init__(*args, **kwargs)
        field = self.fields["audiences"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = audience_choices()


class SubmitForm(VersionedForm):
    """What was altered, for those who are asked and for the history."""

    note = forms.CharField(label=_("What has been altered"), required=False, max_length=500)


class VerdictForm(VersionedForm):
    """A yes or a no to the draft."""

    step = forms.ChoiceField(choices=(("review", "review"), ("approval", "approval")), widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=(("yes", _("Yes")), ("no", _("No, it must be altered"))),
    )
    text = forms.CharField(
        label=_("What has to be altered"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReasonForm(VersionedForm):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=500)


class DropForm(VersionedForm):
    """Why, where one wants to say it."""

    reason = forms.CharField(label=_("Why"), required=False, max_length=500)


class DoubtForm(forms.Form):
    """What is to be checked."""

    text = forms.CharField(
        label=_("What is to be checked"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
