"""Addresses of the lists behind the figures of this room."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from helhet.groups.models import Group


def items_url(text: str) -> str:
    """The list of items with this filter."""
    return f"{reverse('items')}?{urlencode({'q': text})}"


def items_of(group: Group, more: str = "") -> str:
    """The items that the group answers for, perhaps narrowed further."""
    return items_url(f"group:{group.reference} {more}".strip())
