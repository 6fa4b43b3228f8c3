"""Writing a draft: nothing that was saved is ever lost, and of two who edit at once the second is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.awaiting import end_waiting
from helhet.documents.finding import find_document
from helhet.documents.models import Document, Draft, DraftState, DraftText
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import cleaned_fields
from helhet.documents.standing import draft_of, words_of
from helhet.items.finding import checked_name
from helhet.items.models import State
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, Stale
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.document_flow import Hindrance

TEXT_LIMIT = 1_000_000
NOTE_LIMIT = 500


@transaction.atomic
def save_draft(
    address: str,
    *,
    by: Caller,
    version: int | None,
    base: str | None = None,
    title: str | None = None,
    text: str | None = None,
    fields: Mapping[str, Any] | None = None,
    note: str | None = None,
) -> Draft:
    """Save what is given in the draft; begin one from the published version when there is none (`version` 0 or None).

    Whoever begins one says with `base` from which edition he wrote (empty: from none): while he wrote, another may have
    written a draft and published it, whose words would be taken back. None is for what alters no text that was read.
    A draft that was submitted or approved is being written again. Raises Stale when the draft was saved, begun, dropped
    or published by another meanwhile; what he wrote is then in the draft or in a version, and what was refused here is
    still the caller's to merge.
    """
    document = find_document(address, by, for_change=True)
    by.require(DocumentPermission.WRITE, document)
    if not document.part and document.item.state == State.RETIRED:
        what, todo = words_of(Hindrance.WITHDRAWN)
        raise Clash(what, todo=todo)
    draft = draft_of(document)
    check_draft(document, draft, version)
    if draft is None and base is not None:
        _check_base(document, base)
    return write_draft(document, draft, by=by, title=title, text=text, fields=fields, note=note)


def check_draft(document: Document, draft: Draft | None, version: int | None) -> None:
    """Raise unless the draft is the one that was read: `version` is its, 0 or None where there was none."""
    if draft is None:
        if version:
            raise _stale(document, version, 0)
    elif not version:
        raise _stale(document, 0, draft.version)
    else:
        check_version(draft, version, document.address)


def _check_base(document: Document, base: str) -> None:
    now = document.published.number if document.published is not None else ""
    if base != now:
        raise Stale(
            _("%(document)s stands in edition %(now)s, and the text was written from %(base)s.")
            % {"document": document.address, "now": now or _("none"), "base": base[:20] or _("none")},
            todo=_("Put both texts together, and say with base which edition they are written from."),
            given=base[:20], current=now,
        )  # fmt: skip


def _stale(document: Document, given: int, current: int) -> Stale:
    return Stale(
        _("The draft of %(document)s was altered by somebody else meanwhile.") % {"document": document.address},
        todo=_("Look at it as it is now, and put both texts together."), given=given, current=current,
    )  # fmt: skip


def write_draft(
    document: Document,
    draft: Draft | None,
    *,
    by: Caller,
    title: str | None,
    text: str | None,
    fields: Mapping[str, Any] | None,
    note: str | None,
) -> Draft:
    """Write a draft of a document whose row is taken; the rest is as `save_draft` has it."""
    is_new = draft is None
    draft = draft or _begun(document)
    wanted = _checked(document, title, text, fields, note)
    new = {name: value for name, value in wanted.items() if getattr(draft, name) != value}
    if not new and not is_new:
        return draft
    for name, value in new.items():
        setattr(draft, name, value)
    draft.changed_at = timezone.now()
    draft.state, draft.submitted_at = DraftState.WRITING, None
    if by.name not in draft.writers:
        draft.writers = [*draft.writers, by.name]
    if by.user_id is not None and by.user_id not in draft.writer_ids:
        draft.writer_ids = [*draft.writer_ids, by.user_id]
    draft.version += not is_new
    draft.save()
    DraftText.objects.create(
        document=document, version=draft.version, title=draft.title, text=draft.text, fields=draft.fields,
        by=by.name[:200],
    )  # fmt: skip
    # The journal is read by all, the text by its readers alone: it tells what was written in, not what.
    record(
        "documents.draft.begun" if is_new else "documents.draft.saved", "document", document.pk, by=by,
        after={"draft": draft.version, "altered": sorted(new)},
    )  # fmt: skip
    if not is_new:
        end_waiting(document)
    return draft


def _begun(document: Document) -> Draft:
    last = document.published
    return Draft(
        document=document, base=last, title=last.title if last else document.item.name,
        text=last.text if last else "", fields=last.fields if last else {}, version=_first_number(document),
    )  # fmt: skip


def _first_number(document: Document) -> int:
    """Higher than any draft before had, so that a save that was meant for one of those is refused."""
    last = DraftText.objects.filter(document=document).order_by("-version").values_list("version", flat=True).first()
    return (last or 0) + 1


def _checked(
    document: Document, title: str | None, text: str | None, fields: Mapping[str, Any] | None, note: str | None
) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if title is not None:
        wanted["title"] = checked_name(title)
    if text is not None:
        wanted["text"] = checked_text(text)
    if fields is not None:
        wanted["fields"] = cleaned_fields(document.sort, document.part, fields)
    if note is not None:
        wanted["note"] = " ".join(note.split())[:NOTE_LIMIT]
    return wanted


def checked_text(text: str) -> str:
    """A usable Markdown text with plain line ends. Raises Invalid."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise Invalid(_("The text holds a sign that cannot be stored (NUL)."), field="text")
    if len(text) > TEXT_LIMIT:
        raise Invalid(
            _("The text is longer than %(most)s characters.") % {"most": TEXT_LIMIT},
            todo=_("Split it into several documents, or attach it as a file."), field="text",
        )  # fmt: skip
    return text
