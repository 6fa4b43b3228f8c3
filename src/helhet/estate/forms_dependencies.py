"""Forms of dependencies and of their types: their shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.estate.models import Dependency, DependencyType, LinkCriticality
from helhet.estate.types import NAMES, USES
from helhet.items.models import Family, Kind
from helhet.kit.forms import ThingInput

NEEDS, NEEDED_BY = "needs", "needed_by"
LEVELS = [(str(one.value), one.label) for one in LinkCriticality]


def type_choices(now: str = "") -> list[tuple[str, str]]:
    """The types by their names; a word that is no type stays a choice for what has it."""
    found = [(one.key, one.name) for one in DependencyType.objects.all()]
    return found if not now or now in dict(found) else [*found, (now, now)]


class DependencyForm(forms.Form):
    """What is said of a dependency. A new one asks which way and for the other end."""

    direction = forms.ChoiceField(
        label=gettext_lazy("Which way"),
        choices=[(NEEDS, gettext_lazy("It needs the other")), (NEEDED_BY, gettext_lazy("The other needs it"))],
    )
    to = forms.CharField(
        label=gettext_lazy("The other item"), max_length=400, widget=ThingInput(),
        help_text=gettext_lazy("A reference such as SRV-12, or source:key."),
    )  # fmt: skip
    type = forms.ChoiceField(label=gettext_lazy("Type"))
    criticality = forms.ChoiceField(label=gettext_lazy("What a failure does"), choices=LEVELS)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    anyway = forms.BooleanField(
        label=gettext_lazy("State it anyway"), required=False,
        help_text=gettext_lazy("The type is not meant for these two; it is then listed among the findings."),
    )  # fmt: skip

    def __init__(self, *args: Any, one: Dependency | None = None, **kwargs: Any) -> None:
        """`one` is what is changed: its ends stay. `anyway` is asked only once it was refused."""
        super().__init__(*args, **kwargs)
        field = self.fields["type"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = type_choices(one.type if one else "")
        if one is not None:
            del self.fields["direction"]
            del self.fields["to"]
        if not self.is_bound:
            del self.fields["anyway"]

    @classmethod
    def new(cls) -> DependencyForm:
        """Empty, with what is meant most often."""
        return cls(initial={"direction": NEEDS, "type": USES, "criticality": LinkCriticality.HARD})

    @classmethod
    def of(cls, one: Dependency) -> DependencyForm:
        """As it stands."""
        now = {"type": one.type, "criticality": one.criticality, "note": one.note, "version": one.version}
        return cls(one=one, initial=now)


def end_choices() -> list[tuple[str, Any]]:
    """What an end of a pair may be: anything, a family, or a kind."""
    families = [(f"family:{key}", label) for key, label in Family.choices if key != Family.GROUP]
    kinds = [(f"kind:{kind.key}", kind.name) for kind in Kind.objects.filter(is_listed=True)]
    return [("", _("anything")), (_("Families"), families), (_("Kinds"), kinds)]


class TypeForm(forms.Form):
    """The words of a type; its pairs are rows beside it."""

    key = forms.CharField(max_length=60)
    name_sv = forms.CharField(max_length=60)
    turned_sv = forms.CharField(max_length=60)
    name_en = forms.CharField(max_length=60)
    turned_en = forms.CharField(max_length=60)
    words = forms.CharField(max_length=4_000, required=False)
    turned_words = forms.CharField(max_length=4_000, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, one: DependencyType | None = None, **kwargs: Any) -> None:
        """Labels in the reader's language; a type keeps its key."""
        super().__init__(*args, **kwargs)
        labels = {
            "key": (_("Key"), _("What files and the API call it. It cannot be changed later.")),
            "name_sv": (_("In Swedish, from what depends"), _("Such as körs på.")),
            "turned_sv": (_("In Swedish, from the other end"), _("Such as bär.")),
            "name_en": (_("In English, from what depends"), _("Such as runs on.")),
            "turned_en": (_("In English, from the other end"), _("Such as carries.")),
            "words": (_("What sources call it"), _("With commas between.")),
            "turned_words": (_("What sources call it from the other end"), _("With commas between.")),
        }  # fmt: skip
        for name, (label, help_text) in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = help_text
        if one is not None:
            del self.fields["key"]

    @classmethod
    def of(cls, one: DependencyType) -> TypeForm:
        """As it stands."""
        now: dict[str, Any] = {name: getattr(one, name) for name in NAMES}
        now |= {"words": ", ".join(one.words), "turned_words": ", ".join(one.turned_words), "version": one.version}
        return cls(one=one, initial=now)

    def values(self) -> dict[str, Any]:
        """What the verbs take, without key and version."""
        data: dict[str, Any] = {name: self.cleaned_data[name] for name in NAMES}
        return data | {name: self.cleaned_data[name].split(",") for name in ("words", "turned_words")}
