"""A short word that something was done, with undo where there is one: a toast on the next page or HTMX answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html

UNDO = "undo:"


def toast(
    request: HttpRequest, text: str, *, undo_url: str = "", failed: bool = False, more: tuple[str, str] = ("", "")
) -> None:
    """Keep `text` for the page shown next. `undo_url` takes a POST that takes the deed back; `more` is what followed
    from it and where that is seen.
    """
    words, address = more
    text = format_html('{} <a href="{}">{}</a>', text, address, words) if address else text
    level = messages.ERROR if failed else messages.SUCCESS
    messages.add_message(request, level, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")
