"""A document's text as HTML that needs nothing beside it: no address outside the bundle, no script, no far picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

import nh3
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).use(tasklists_plugin)
_TAG = re.compile(r'<(/?)(a|img)\b((?:[^>"]|"[^"]*")*)>')
_VALUE = re.compile(r'\b(href|src|alt)="([^"]*)"')
_REFERENCE = re.compile(r"(?:^|/)([A-Z]{1,8}-\d{1,18}(?:/[a-z_]{1,40})?)/?(?:#.*)?$")
_WAYS_OUT = ("mailto:", "tel:")


def html_of(text: str) -> str:
    """Markdown as safe HTML."""
    return nh3.clean(_MARKDOWN.render(text), tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)


_TAGS = {*nh3.ALLOWED_TAGS, "input"} - {"map", "area"}
_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "input": {"type", "checked", "disabled"}, "li": {"class"}, "ul": {"class"},
}  # fmt: skip


def offline(html: str, pages: Mapping[str, str], up: str = "../") -> str:
    """The same HTML (already safe, as a cleaner writes it) with its links led to files of the bundle.

    A link to an item, group or document that the bundle shows leads to its page. Any other becomes text with its
    address behind it, as on paper; mail and telephone stay. A picture becomes its words.
    """
    behind: list[str] = []

    def turned(match: re.Match[str]) -> str:
        closes, tag, rest = match.groups()
        values = {name: unescape(value) for name, value in _VALUE.findall(rest)}
        if tag == "img":
            words = values.get("alt") or values.get("src", "")
            return f'<span class="picture">{escape(_("Picture: %(words)s") % {"words": words})}</span>'
        if closes:
            return behind.pop() if behind else ""
        opening, closing = _anchor(values.get("href", ""), pages, up)
        behind.append(closing)
        return opening

    return _TAG.sub(turned, html)


def _anchor(address: str, pages: Mapping[str, str], up: str) -> tuple[str, str]:
    if address.startswith(("#", *_WAYS_OUT)):
        return f'<a href="{escape(address)}">', "</a>"
    found = _REFERENCE.search(address)
    page = pages.get(found[1]) if found else None
    if page:
        return f'<a href="{up}{page}">', "</a>"
    return '<span class="outside">', f" ({escape(address)})</span>" if address else "</span>"
