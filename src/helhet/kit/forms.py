"""What forms of all rooms share: a verb's refusal shown at its field, and days and versions as inputs."""

from __future__ import annotations

from django import forms

from helhet.kit.errors import Refused


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
