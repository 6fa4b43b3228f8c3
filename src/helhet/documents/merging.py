"""Two who write in one document at once: what the second is shown, so that nothing of either is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from helhet.documents.models import Document, DraftText, Version
from helhet.documents.standing import draft_of
from helhet.rules.merging_texts import Conflict, merge, text_of


@dataclass(frozen=True, slots=True)
class Begun:
    """What an editor began from: the draft's version (0: none) and the published version's number (0: none)."""

    draft: int
    published: int


@dataclass(frozen=True, slots=True)
class Stands:
    """What is written now: in the draft, else in the published version. `by` wrote it last."""

    title: str
    text: str
    fields: dict[str, Any]
    by: str
    version: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """Theirs, mine, and both put together; `conflicts` are the places where both altered the same words, `their_title`
    what they call it where both renamed it otherwise.
    """

    theirs: Stands
    text: str
    title: str
    conflicts: int
    base_fields: dict[str, Any]
    their_title: str = ""


def edition_begun_from(document: Document, published: int) -> str:
    """The number of the edition that an editor began from; empty for none."""
    one = Version.objects.filter(document=document, pk=published).only("major", "minor").first()
    return one.number if one is not None else ""


def stands_now(document: Document) -> Stands:
    """What another editor would begin from now."""
    draft = draft_of(document)
    if draft is not None:
        last = DraftText.objects.filter(document=document, version=draft.version).first()
        return Stands(draft.title, draft.text, draft.fields, last.by if last else "", draft.version, draft.note)
    version = document.published
    if version is None:
        return Stands(document.item.name, "", {}, "", 0)
    return Stands(version.title, version.text, version.fields, version.published_by or version.written_by, 0)


def join(document: Document, begun: Begun, *, title: str, text: str) -> Joined:
    """Put what the caller wrote together with what stands now, by what he began from."""
    theirs = stands_now(document)
    base_title, base, fields = _base(document, begun)
    pieces = merge(base, text, theirs.text)
    names = {"mine": _("Your words"), "theirs": _("Words of %(name)s") % {"name": theirs.by or _("somebody else")}}
    return Joined(
        theirs,
        text_of(pieces, **names),
        theirs.title if title == base_title else title,
        sum(isinstance(piece, Conflict) for piece in pieces),
        fields,
        theirs.title if theirs.title not in {base_title, title} and title != base_title else "",
    )


def _base(document: Document, begun: Begun) -> tuple[str, str, dict[str, Any]]:
    """Title, text and fields that he began from; empty when they are kept no more, so that both are shown whole."""
    if begun.draft:
        saved = DraftText.objects.filter(document=document, version=begun.draft).first()
        if saved is not None:
            return saved.title, saved.text, saved.fields
    version = Version.objects.filter(document=document, pk=begun.published).first()
    return (version.title, version.text, version.fields) if version is not None else ("", "", {})
