"""How a document stands in an address of the product: `DOC-5`, and `SRV-12~orders` or `SRV-12/orders` for a part.

With a slash only the seven parts are known: any other word after it is what is asked of the document itself. A server
that hands on `%2F` hands it on as a slash.
"""

from __future__ import annotations

from django.urls import register_converter, reverse

from helhet.rules.service_parts import PARTS

NAME = "document"
REFERENCE = r"[A-Za-zÅÄÖåäö][A-Za-zÅÄÖåäö0-9]{0,7}-\d{1,18}"
AFTER_SLASH = f"/(?:{'|'.join(PARTS)})(?=/|$)"
REGEX = f"{REFERENCE}(?:~[a-z_]{{1,40}}|{AFTER_SLASH})?"
API_NAME = "document_address"
API_ONE = f"/{{{API_NAME}:address}}"
"""One document in the paths of the API."""


class DocumentConverter:
    """A document's address; as it is written here, one segment."""

    regex = REGEX

    def to_python(self, value: str) -> str:
        """From the address bar."""
        return value.replace("~", "/")

    def to_url(self, value: str) -> str:
        """To the address bar."""
        return as_segment(str(value))


class ApiConverter(DocumentConverter):
    """The same where whatever names no document is told so, and not that there is no such address."""

    regex = f"[^/]+(?:{AFTER_SLASH})?"


def as_segment(address: str) -> str:
    """The address as one segment of a path."""
    return address.replace("/", "~")


def href_of(address: str) -> str:
    """Where the API has the document."""
    return f"{reverse('api:api-root')}documents/{as_segment(address)}"


register_converter(DocumentConverter, NAME)
register_converter(ApiConverter, API_NAME)
