"""A document's text as people read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.utils.safestring import SafeString

from helhet.documents.models import Document
from helhet.documents.page_links import addresses_of
from helhet.estate.references import links_for
from helhet.kit.markdown import html_of, html_of_both
from helhet.kit.parts import Chip
from helhet.kit.rights import Caller
from helhet.rules.comparing_laid_out import Part


def html_of_text(
    text: str, caller: Caller, *, of: Document | None = None, top: int = 2, mark: str = ""
) -> SafeString:  # fmt: skip
    """The Markdown as safe HTML, with chips for the items that it names and that the caller may see. Links of a page to
    others of its set lead to these, when the text is `of` that document.
    """
    pages = addresses_of(of, caller) if of is not None else None
    return html_of(text, links=links_for(caller), pages=pages, top=top, mark=mark)


def html_of_both_texts(before: str, after: str, caller: Caller, *, of: Document) -> list[Part]:
    """Two texts of a document as one, with what was altered between them marked."""
    pages = addresses_of(of, caller)
    return html_of_both(before, after, links=links_for(caller), pages=pages, top=3, mark="both")


def html_of_texts(texts: Sequence[tuple[str, str]], caller: Caller, *, top: int = 2) -> list[SafeString]:
    """The same of several texts on one page, each with its mark: what all of them name is asked for at once."""
    wanted: set[str] = set()

    def noted(references: Collection[str]) -> Mapping[str, Chip | None]:
        wanted.update(references)
        return {}

    first = [html_of(text, links=noted, top=top, mark=mark) for text, mark in texts]
    if not wanted:
        return first
    known = links_for(caller)(wanted)
    return [html_of(text, links=lambda _wanted: known, top=top, mark=mark) for text, mark in texts]
