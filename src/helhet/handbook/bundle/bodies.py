"""A document's text as HTML that needs nothing beside it: no address outside the bundle, no script, no far picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import unquote

from django.conf import settings
from django.utils.translation import gettext as _

from helhet.items.kinds import PREFIX
from helhet.kit.markdown import REFERENCE

_TAG = re.compile(r'<(/?)(a|img)\b((?:[^>"]|"[^"]*")*)>')
_VALUE = re.compile(r'\b(href|src|alt|id|class)="([^"]*)"')
_ID = re.compile(r'<[a-z0-9]+\b[^>]*\bid="([^"]*)"')
_REFERENCE = re.compile(rf"(?:^|/)({PREFIX.pattern}-\d{{1,18}})(?:[/~]([a-z_]{{1,40}}))?/?(?:[?#].*)?$", re.IGNORECASE)
_PIECES = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')
_CLOSED = re.compile(r"<(/?)(?:a|code|pre)\b")
_NUMBER = re.compile(r"/attachments/(\d{1,18})/\Z")
_NONE: Mapping[int, str] = {}
_WAYS_OUT = ("mailto:", "tel:")


def offline(html: str, pages: Mapping[str, str], up: str = "../", pictures: Mapping[int, str] = _NONE) -> str:
    """The same HTML (already safe, as a cleaner writes it) with its links led to files of the bundle.

    A link to an item, group or document that the bundle shows leads to its page, and so does its bare reference. Any
    other becomes text with its address behind it, as on paper; mail and telephone stay. A picture is that of the bundle
    (`pictures`: the file by the number of the attachment), or its words where there is none.
    """
    marks = set(_ID.findall(html)) if 'href="#' in html else set()
    return _TAG.sub(_turner(pages, up, marks, pictures), _with_references(html, pages))


def _turner(
    pages: Mapping[str, str], up: str, marks: set[str], pictures: Mapping[int, str]
) -> Callable[[re.Match[str]], str]:
    behind: list[str] = []

    def turned(match: re.Match[str]) -> str:
        closes, tag, rest = match.groups()
        values = {name: unescape(value) for name, value in _VALUE.findall(rest)}
        if tag == "img":
            words = values.get("alt") or values.get("src", "")
            number = _NUMBER.search(values.get("src", ""))
            if number and int(number[1]) in pictures:
                return f'<img src="{up}{pictures[int(number[1])]}" alt="{escape(words)}">'
            return f'<span class="picture">{escape(_("Picture: %(words)s") % {"words": words})}</span>'
        if closes:
            return behind.pop() if behind else ""
        kept = "".join(f' {name}="{escape(values[name])}"' for name in ("id", "class") if name in values)
        opening, closing = _anchor(values.get("href", ""), kept, pages, up, marks)
        behind.append(closing)
        return opening

    return turned


def _with_references(html: str, pages: Mapping[str, str]) -> str:
    """References that stand as words, outside links and code, made links."""
    if not any(match[0] in pages for match in REFERENCE.finditer(html)):
        return html
    told, inside = [], 0
    for piece in _PIECES.split(html):
        if piece.startswith("<"):
            match = _CLOSED.match(piece)
            inside += (-1 if match[1] else 1) if match else 0
            told.append(piece)
        else:
            told.append(piece if inside else REFERENCE.sub(lambda one: _named(one[0], pages), piece))
    return "".join(told)


def _named(reference: str, pages: Mapping[str, str]) -> str:
    return f'<a href="{reference}">{reference}</a>' if reference in pages else reference


def _page(address: str, pages: Mapping[str, str]) -> str | None:
    """The file for an address inside the product; elsewhere an end such as /RUT-3 means something else."""
    base = str(settings.BASE_URL).rstrip("/")
    inside = address.removeprefix(base) if base and address.startswith(f"{base}/") else address
    found = _REFERENCE.search(unquote(inside)) if "://" not in inside and not inside.startswith("//") else None
    if found is None:
        return None
    reference = found[1].upper()
    return pages.get(f"{reference}/{found[2].lower()}" if found[2] else reference)


def _anchor(address: str, kept: str, pages: Mapping[str, str], up: str, marks: set[str]) -> tuple[str, str]:
    """A link within the text leads there, or is its words alone where the text has no such place."""
    if address.startswith("#") and escape(address[1:]) not in marks:
        return f"<span{kept}>", "</span>"
    if address.startswith(("#", *_WAYS_OUT)):
        return f'<a href="{escape(address)}"{kept}>', "</a>"
    if page := _page(address, pages):
        return f'<a href="{up}{page}">', "</a>"
    return '<span class="outside">', f" ({escape(address)})</span>" if address else "</span>"
