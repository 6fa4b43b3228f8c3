"""Addresses of the lists behind the figures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def items_url(text: str = "") -> str:
    """The list of items with this filter."""
    return reverse("items") + (f"?{urlencode({'q': text})}" if text else "")


def address(*names: str) -> str:
    """Where the first of these names that exists leads; empty when none does."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def joined(*terms: str) -> str:
    """Terms that must all hold, as one filter."""
    return " ".join(term for term in terms if term)
