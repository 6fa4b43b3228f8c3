"""What forms of all rooms share: a verb's refusal shown at its field, versions, and days as inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.kit.errors import Refused
from helhet.kit.spoken import NOTHING


def put_refusal(form: forms.BaseForm, error: Refused) -> None:
    """Show a verb's refusal at the field that it names, or above the form when that has no such field."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, " ".join(str(part) for part in (error.message, error.todo) if part))


class DayInput(forms.DateInput):
    """A day as the browser asks for it."""

    input_type = "date"

    def __init__(self) -> None:
        """ISO, whatever the language."""
        super().__init__(format="%Y-%m-%d")


class ThingInput(forms.TextInput):
    """A field for the reference of a thing; things whose name begins as what is written are offered. `several` holds
    more of them, with commas between.
    """

    def __init__(self, *, several: bool = False) -> None:
        """The address is asked for when the field is shown."""
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false"})
        self.several = several

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With where to ask."""
        return super().get_context(name, value, {**(attrs or {}), "data-complete-url": things_url(self.several)})


class ThingsArea(forms.Textarea):
    """The same for several, one a line."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With where to ask."""
        return super().get_context(name, value, {**(attrs or {}), "data-complete-url": things_url(several=True)})


def things_url(several: bool) -> str:
    """Where things are offered from."""
    return reverse("things") + ("?several=1" if several else "")


class VersionedForm(forms.Form):
    """A form that carries the version of the thing that it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def wanted(self) -> dict[str, Any]:
        """What was altered, by field; the version apart."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}

    def show_stale(self, current: Mapping[str, Any], version: int) -> None:
        """Somebody else was first: keep what was typed, show what stands now, and build on the current version."""
        self.data = {**self.data.dict(), "version": str(version)} if isinstance(self.data, QueryDict) else self.data
        self.add_error(
            None, _("Somebody else changed this meanwhile. Look at both, and save again if yours is to stand.")
        )
        for name, value in current.items():
            if name in self.fields and str(self.cleaned_data.get(name) or "") != str(value or ""):
                shown = dict(getattr(self.fields[name], "choices", [])).get(value, value)
                self.add_error(name, _("Now it says: %(value)s") % {"value": shown or NOTHING})
