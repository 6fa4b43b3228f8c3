"""Tags of the pages of an offline copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def document_line(context: dict[str, Any], line: Any) -> SafeString:
    """A document in a list, with what is doubted of it."""
    shown: SafeString = context["frame"].line("_document_line", line, context["up"])
    return shown


@register.simple_tag(takes_context=True)
def item_line(context: dict[str, Any], item: Any) -> SafeString:
    """An item in a list, by name where it has a page."""
    shown: SafeString = context["frame"].line("_item_line", item, context["up"])
    return shown
