"""A short word that something was done, with undo where there is one: a toast on the next page or HTMX answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def toast(request: HttpRequest, text: str, *, undo_url: str = "", failed: bool = False) -> None:
    """Keep `text` for the page shown next. `undo_url` takes a POST that takes the deed back."""
    level = messages.ERROR if failed else messages.SUCCESS
    messages.add_message(request, level, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")
