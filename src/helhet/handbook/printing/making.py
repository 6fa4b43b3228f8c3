"""One print, for the page, the API and the command alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.documents.finding import find_document
from helhet.documents.models import Document
from helhet.handbook.printing.docx import docx_of
from helhet.handbook.printing.pdf import pdf_of
from helhet.handbook.printing.printed import Printed, print_document, print_service, published_parts
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.kit.errors import NotFound
from helhet.kit.rights import Caller

SERVICE = "service"
FORMS: dict[str, tuple[str, Callable[[Printed], bytes]]] = {
    "pdf": ("application/pdf", pdf_of),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx_of),
}


@dataclass(frozen=True, slots=True)
class File:
    """A finished print with the name to save it under."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be printed, and of which published texts. `name` is `document`, a part or `service`; `language` is
    that of the words around a service's parts, a document has its own.
    """

    item: Item
    name: str
    form: str
    language: str
    documents: tuple[Document, ...]

    @property
    def size(self) -> int:
        """The characters of its texts and fields."""
        versions = [one.published for one in self.documents if one.published]
        return sum(len(one.text) + len(json.dumps(one.fields)) for one in versions)

    @property
    def file_name(self) -> str:
        """What the file is called."""
        address = self.item.reference if self.name in {SERVICE, "document"} else f"{self.item.reference}-{self.name}"
        return f"{address.lower()}{f'-{SERVICE}' if self.name == SERVICE else ''}.{self.form}"


def wanted(reference: str, name: str, form: str, caller: Caller) -> Wanted:
    """The document at `reference` (`name` document), a part of its service documentation, or all of it (`service`).

    Raises:
        NotFound: there is no such thing, none that the caller may read, or no such form.

    """
    if form not in FORMS:
        raise NotFound(
            _("There is no form %(form)s.") % {"form": form[:20]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(FORMS)},
        )
    if name == SERVICE:
        item = find_item(reference, caller)
        parts = published_parts(item, caller)
        return Wanted(item, name, form, get_language() or "sv", tuple(parts[key] for key in sorted(parts)))
    document = find_document(reference if name == "document" else f"{reference}/{name}", caller)
    return Wanted(document.item, name, form, document.language, (document,))


def print_file(one: Wanted, caller: Caller) -> File:
    """Print it now.

    Raises:
        Clash: nothing of it is published.
        Invalid: something in it cannot be set.

    """
    now = timezone.now()
    with translation.override(one.language):
        if one.name == SERVICE:
            printed = print_service(one.item, caller, now=now)
        else:
            printed = print_document(one.documents[0], now=now)
    content_type, made = FORMS[one.form]
    return File(one.file_name, content_type, made(printed))


def papers_of(document: Document) -> list[tuple[str, str]]:
    """Fills `documents.papers`: each form with its address."""
    name = document.part or "document"
    reference = document.item.reference
    return [(form.upper(), reverse("handbook:printed", args=[reference, name, form])) for form in FORMS]
