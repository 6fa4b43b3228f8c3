"""One print, for the page, the API and the command alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helhet.documents.finding import find_document
from helhet.documents.models import Document
from helhet.handbook.printing.docx import docx_of
from helhet.handbook.printing.pdf import pdf_of
from helhet.handbook.printing.printed import Printed, print_document, print_service
from helhet.items.finding import find_item
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


def print_file(reference: str, name: str, form: str, caller: Caller) -> File:
    """The document at `reference` (`name` document), a part of its service documentation, or all of it (`service`).

    Raises:
        NotFound: there is no such thing, none that the caller may read, or no such form.
        Clash: nothing of it is published.
        Invalid: something in it cannot be set.

    """
    if form not in FORMS:
        raise NotFound(
            _("There is no form %(form)s.") % {"form": form[:20]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(FORMS)},
        )
    now = timezone.now()
    if name == SERVICE:
        item = find_item(reference, caller)
        printed = print_service(item, caller, now=now)
    else:
        document = find_document(reference if name == "document" else f"{reference}/{name}", caller)
        with translation.override(document.language):
            printed = print_document(document, now=now)
    content_type, made = FORMS[form]
    file = printed.reference.lower().replace("/", "-") + (f"-{SERVICE}" if name == SERVICE else "")
    return File(f"{file}.{form}", content_type, made(printed))


def papers_of(document: Document) -> list[tuple[str, str]]:
    """Fills `documents.papers`: each form with its address."""
    name = document.part or "document"
    reference = document.item.reference
    return [(form.upper(), reverse("handbook:printed", args=[reference, name, form])) for form in FORMS]
