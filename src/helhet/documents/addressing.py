"""How a document stands in an address of the product: `DOC-5`, and `SRV-12~orders` for `SRV-12/orders`."""

from __future__ import annotations

from django.urls import register_converter

NAME = "document"
REGEX = r"[A-Za-zÅÄÖåäö][A-Za-zÅÄÖåäö0-9]{0,7}-\d{1,18}(?:[~][a-z_]{1,40})?"


class DocumentConverter:
    """A document's address as one segment: a slash would hide what follows it."""

    regex = REGEX

    def to_python(self, value: str) -> str:
        """From the address bar."""
        return value.replace("~", "/")

    def to_url(self, value: str) -> str:
        """To the address bar."""
        return str(value).replace("/", "~")


register_converter(DocumentConverter, NAME)
