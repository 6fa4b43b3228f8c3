"""Addresses of the lists behind the figures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from helhet.groups.models import Group
from helhet.items.models import Kind
from helhet.rules.filters import parse as parse_filter
from helhet.rules.filters import plain_value, to_text, with_term


def items_url(text: str = "") -> str:
    """The list of items with this filter."""
    return reverse("estate:items") + ("?" + urlencode({"q": text}) if text else "")


def counted(
    *, kinds: list[Kind] | None = None, family: str = "", group: Group | None = None, word: str = "counted"
) -> str:
    """The filter that lists what a figure counts."""
    node = with_term(parse_filter(""), "coverage", plain_value(word))
    if family:
        node = with_term(node, "kind", plain_value(family))
    elif kinds:
        node = parse_filter(f"{to_text(node)} kind:={','.join(kind.key for kind in kinds)}")
    if group is not None:
        node = with_term(node, "group", plain_value(group.reference))
    return to_text(node)
