"""What a reader sees of a version in plain words, and where in it the remarks stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helhet.documents.contents import Chapter, contents_of
from helhet.documents.laid_out import AsRead, altered_as_read
from helhet.documents.models import Document, Draft, Remark, Version
from helhet.documents.ports import plain_fields, shown_fields
from helhet.documents.rendering import html_of_text
from helhet.documents.standing import draft_for
from helhet.kit.markdown import plain_of
from helhet.kit.rights import Caller
from helhet.rules.marking import marked
from helhet.rules.passages import Passage, find_passage, squeezed


@dataclass(frozen=True, slots=True)
class RemarkSeen:
    """A remark, and whether the words that it was made on still stand; `is_gone` only where it had some."""

    remark: Remark
    is_gone: bool
    may_settle: bool = False
    may_remove: bool = False


def words_of_version(version: Version | None) -> str:
    """Its text and what is structured beside it, without Markdown's signs."""
    return "\n".join((plain_of(version.text), plain_fields(version))) if version is not None else ""


@dataclass(frozen=True, slots=True)
class DraftRead:
    """A draft as it is read: its title, text and fields as safe HTML, and what it alters of what is published."""

    address: str
    title: str
    language: str
    body: SafeString
    fields: SafeString
    altered: AsRead | None
    contents: list[Chapter]


def draft_read(document: Document, caller: Caller) -> DraftRead | None:
    """The draft as those who may read it see it; None where there is none."""
    draft = draft_for(document, caller)
    return as_read(document, draft, caller) if draft is not None else None


def as_read(document: Document, draft: Draft, caller: Caller) -> DraftRead:
    """This draft, which the caller may read."""
    now = document.published
    return DraftRead(
        address=document.address, title=draft.title, language=document.language,
        body=html_of_text(draft.text, caller, of=document, top=3), fields=shown_fields(draft, caller),
        altered=altered_as_read(now, draft, caller) if now is not None else None,
        contents=contents_of(draft.text, top=3),
    )  # fmt: skip


def with_marks(html: str, remarks: Sequence[RemarkSeen]) -> SafeString:
    """Clean HTML with the passages that remarks are on marked, each leading to its remark on the same page."""
    links = [
        (
            Passage(one.remark.quote, one.remark.before, one.remark.after),
            format_html(
                '<a class="hh-remarked" href="#remark-{}" aria-label="{}"></a>', one.remark.pk,
                _("Remark by %(name)s") % {"name": one.remark.by},
            ),
        )
        for one in remarks
        if one.remark.quote and not one.is_gone
    ]  # fmt: skip
    return mark_safe(marked(html, links))  # noqa: S308 - cleaned before, and nothing is added but what stands here


def remarks_of(document: Document) -> list[RemarkSeen]:
    """Those that are not removed, the open ones first, each in the order of saying."""
    rows = list(Remark.objects.filter(document=document, removed_at__isnull=True).select_related("of_version"))
    whole = squeezed(words_of_version(document.published)) if any(row.quote for row in rows) else ""
    rows.sort(key=lambda row: (row.settled_at is not None, row.pk))
    return [
        RemarkSeen(row, bool(row.quote) and find_passage(whole, Passage(row.quote, row.before, row.after)) is None)
        for row in rows
    ]
