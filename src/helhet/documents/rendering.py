"""A document's text as people read it."""

from __future__ import annotations

from django.utils.safestring import SafeString

from helhet.estate.references import links_for
from helhet.kit.markdown import html_of
from helhet.kit.rights import Caller


def html_of_text(text: str, caller: Caller, *, top: int = 2, mark: str = "") -> SafeString:
    """The Markdown as safe HTML, with chips for the items that it names and that the caller may see."""
    return html_of(text, links=links_for(caller), top=top, mark=mark)
