"""Forms of items: their shape only; what they mean is for the verbs to judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from helhet.groups.models import Group, GroupState
from helhet.items.models import Criticality, Family, Item, Kind, State
from helhet.items.schemas import AttributeType, type_of
from helhet.kit.forms import ThingInput

BLANK = ("", "–")


def kind_choices() -> list[tuple[str, Any]]:
    """Listed kinds by family, for a select."""
    families: dict[str, list[tuple[str, str]]] = {}
    for kind in Kind.objects.filter(is_listed=True).order_by("position", "key"):
        families.setdefault(kind.family, []).append((kind.key, kind.name))
    labels = dict(Family.choices)
    return [(str(labels.get(family, family)), kinds) for family, kinds in families.items()]


def state_choices() -> list[tuple[str, str]]:
    """States by their words."""
    return [(state.key, str(state.label).capitalize()) for state in State]


def criticality_choices() -> list[tuple[str, str]]:
    """Criticalities by their words; the first is not set."""
    return [(one.key, str(one.label).capitalize()) for one in Criticality]


def group_choices() -> list[tuple[str, str]]:
    """Groups that can answer, by name."""
    found = Group.objects.exclude(state=GroupState.CLOSED).select_related("item").by_name()
    return [(group.reference, group.name) for group in found]


class NewItemForm(forms.Form):
    """A new item: kind and name at least."""

    kind = forms.ChoiceField()
    name = forms.CharField(max_length=300)
    state = forms.ChoiceField(required=False, initial="live")
    criticality = forms.ChoiceField(required=False)
    part_of = forms.CharField(required=False, max_length=400, widget=ThingInput())
    tags = forms.CharField(required=False, max_length=2_000)
    description = forms.CharField(required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Choices and labels in the reader's language."""
        super().__init__(*args, **kwargs)
        labels = {
            "kind": _("Kind"), "name": _("Name"), "state": _("State"), "criticality": _("Criticality"),
            "part_of": _("Part of"), "tags": _("Tags"), "description": _("Description"),
        }  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
        choices = {"kind": kind_choices(), "state": state_choices(), "criticality": criticality_choices()}
        for name, known in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = known
        self.fields["part_of"].help_text = _("A reference such as SRV-12, or source:key.")
        self.fields["tags"].help_text = _("With commas between.")

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        data = dict(self.cleaned_data)
        data["tags"] = tags_of(data["tags"])
        return data


def tags_of(text: str) -> list[str]:
    """Tags from text with commas between."""
    return [tag for tag in (part.strip() for part in text.split(",")) if tag]


class KindOfItemForm(forms.Form):
    """Another kind for an item."""

    kind = forms.ChoiceField()
    reason = forms.CharField(required=False, max_length=400)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Choices and labels in the reader's language."""
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kind_choices()
        field.label = _("Kind")
        self.fields["reason"].label = _("Why")


class AssignForm(forms.Form):
    """A group for an item, by hand."""

    group = forms.ChoiceField()
    reason = forms.CharField(required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Choices and labels in the reader's language."""
        super().__init__(*args, **kwargs)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [BLANK, *group_choices()]
        field.label = _("Responsible group")
        self.fields["reason"].label = _("Why")
        self.fields["reason"].help_text = _("It stands beside the answer as long as it holds.")


class LinkForm(forms.Form):
    """A link to another item."""

    other = forms.CharField(max_length=400)
    type = forms.CharField(max_length=60)


def field_for(item: Item, name: str, attribute: str) -> tuple[forms.Field, Any]:  # noqa: PLR0911 - one for each field
    """The input for one field of an item, and its value now. Raises KeyError for a field that there is not."""
    if name == "name":
        return forms.CharField(label=_("Name"), max_length=300), item.name
    if name == "description":
        widget = forms.Textarea(attrs={"rows": 6})
        return forms.CharField(
            label=_("Description"), required=False, max_length=100_000, widget=widget
        ), item.description
    if name == "state":
        return forms.ChoiceField(label=_("State"), choices=state_choices()), State(item.state).key
    if name == "criticality":
        choices = criticality_choices()
        return forms.ChoiceField(label=_("Criticality"), required=False, choices=choices), Criticality(
            item.criticality
        ).key
    if name == "tags":
        return forms.CharField(label=_("Tags"), required=False, max_length=2_000), ", ".join(item.tags)
    if name == "part_of":
        now = item.part_of.reference if item.part_of else ""
        return forms.CharField(label=_("Part of"), required=False, max_length=400, widget=ThingInput()), now
    if name == "attribute" and attribute:
        return attribute_field(attribute, item.kind.attributes.get(attribute), item.attributes.get(attribute))
    raise KeyError(name)


def attribute_field(name: str, schema: Any, now: Any) -> tuple[forms.Field, Any]:
    """The input that an attribute's schema asks for. One that nobody declared keeps the sort of value that it has."""
    kind = type_of(schema) if schema is not None else _type_of_value(now)
    if kind == AttributeType.NUMBER:
        return forms.CharField(label=name, required=False, max_length=40, widget=_numeric()), "" if now is None else now
    if kind == AttributeType.DATE:
        return forms.DateField(label=name, required=False, widget=forms.DateInput(attrs={"type": "date"})), now
    if kind == AttributeType.BOOLEAN:
        choices = [BLANK, ("true", _("yes")), ("false", _("no"))]
        given = "" if now is None else str(now).lower()
        return forms.ChoiceField(label=name, required=False, choices=choices), given
    if kind == AttributeType.CHOICE:
        words = [(word, word) for word in schema["enum"]]
        other = [(now, now)] if isinstance(now, str) and now and now not in schema["enum"] else []
        return forms.ChoiceField(label=name, required=False, choices=[BLANK, *words, *other]), now
    if kind == AttributeType.OTHER:
        widget = forms.Textarea(attrs={"rows": 4})
        return forms.JSONField(label=name, required=False, widget=widget), now
    return forms.CharField(label=name, required=False, max_length=10_000), "" if now is None else now


def _numeric() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal"})


def _type_of_value(value: Any) -> str:
    if isinstance(value, bool):
        return AttributeType.BOOLEAN
    if isinstance(value, int | float):
        return AttributeType.NUMBER
    if isinstance(value, list | dict):
        return AttributeType.OTHER
    return AttributeType.TEXT


def attribute_value(text: Any, schema: Any, now: Any) -> Any:
    """What was written, as the sort of value that the attribute holds. Text that is none is kept, for the schema to
    refuse with its reason.
    """
    if text in (None, ""):
        return None
    kind = type_of(schema) if schema is not None else _type_of_value(now)
    if kind == AttributeType.BOOLEAN:
        return {"true": True, "false": False}.get(str(text).lower(), text)
    if kind == AttributeType.NUMBER:
        return number_written(str(text), text)
    if kind == AttributeType.DATE:
        return text.isoformat() if hasattr(text, "isoformat") else str(text)
    return text


def number_written(text: str, otherwise: Any) -> Any:
    """A number as people write it: decimal comma, spaces between thousands."""
    plain = text.replace("\u00a0", "").replace(" ", "").replace("\u2212", "-").replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return otherwise
    if not abs(number) < float("inf"):
        return otherwise
    return int(number) if number.is_integer() and "." not in plain and "e" not in plain.lower() else number
