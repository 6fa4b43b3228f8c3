"""The forms of importing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from helhet.importers.mapping import find_mapping, shipped
from helhet.importers.reading import ENCODINGS, ENDINGS
from helhet.importers.uploads import Upload
from helhet.items.models import Source

OWN = "own"


class UploadForm(forms.Form):
    """A file, where it comes from, and how it is read."""

    file = forms.FileField()
    source = forms.CharField(max_length=60)
    mapping = forms.ChoiceField()
    mapping_text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 12, "class": "hh-code"}))
    encoding = forms.ChoiceField(required=False)
    on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    is_partial = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Labels in the reader's language."""
        super().__init__(*args, **kwargs)
        labels = {
            "file": _("File"), "source": _("Source"), "mapping": _("Mapping"), "mapping_text": _("Your own mapping"),
            "encoding": _("Encoding of text files"),
            "on": _("Holds from"), "is_partial": _("It is only a part: what it lacks has not vanished"),
        }  # fmt: skip
        helps = {
            "file": _("Files that can be read: %(endings)s, each also with .gz, and .zip of several.")
            % {"endings": ", ".join(ENDINGS)},
            "source": _("The system that the file comes from, such as netbox. Use the same name each time."),
            "mapping": _("How its records become items, groups and the rest. Without a mapping: the plain layout."),
            "mapping_text": _("Needed only when you choose your own."),
            "encoding": _("Excel may save CSV files as Windows-1252. What is UTF-8 is read as that in any case."),
            "on": _("Leave it empty for today."),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = helps.get(name, "")
        field = self.fields["mapping"]
        assert isinstance(field, forms.ChoiceField)
        names = sorted(shipped(), key=lambda name: name != "plain")
        field.choices = [*((name, _(find_mapping(name).title)) for name in names), (OWN, _("Your own, written below"))]
        field = self.fields["encoding"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("UTF-8, or as the file says")), *((name, name) for name in ENCODINGS[1:])]
        self.fields["source"].widget.attrs["list"] = "sources"

    def clean(self) -> dict[str, Any]:
        """One's own mapping must be written."""
        data = super().clean() or {}
        if data.get("mapping") == OWN and not data.get("mapping_text", "").strip():
            self.add_error("mapping_text", _("Write the mapping, or choose one that is ready."))
        return data

    def upload(self) -> Upload:
        """What came."""
        data = self.cleaned_data
        own = data["mapping"] == OWN
        return Upload(
            data["file"].name, data["file"].chunks(), data["source"], "plain" if own else data["mapping"],
            data["mapping_text"] if own else "", data["on"], data["is_partial"], data["encoding"],
        )  # fmt: skip

    @staticmethod
    def sources() -> list[str]:
        """Names that have been used before."""
        return list(Source.objects.values_list("name", flat=True))
