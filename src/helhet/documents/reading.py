"""What a reader sees of a version in plain words, and where in it the remarks stand."""

from __future__ import annotations

from dataclasses import dataclass

from helhet.documents.models import Document, Remark, Version
from helhet.documents.ports import plain_fields
from helhet.kit.markdown import plain_of
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


def remarks_of(document: Document) -> list[RemarkSeen]:
    """Those that are not removed, the open ones first, each in the order of saying."""
    rows = list(Remark.objects.filter(document=document, removed_at__isnull=True).select_related("of_version"))
    whole = squeezed(words_of_version(document.published)) if any(row.quote for row in rows) else ""
    rows.sort(key=lambda row: (row.settled_at is not None, row.pk))
    return [
        RemarkSeen(row, bool(row.quote) and find_passage(whole, Passage(row.quote, row.before, row.after)) is None)
        for row in rows
    ]
