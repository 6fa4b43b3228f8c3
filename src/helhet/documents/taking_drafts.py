"""Documents that are drafts where they come from: their text is a draft here too, and nothing of it is published.

Each function must run inside a transaction. Rights, and who wins when both sides were edited, are the importer's
business.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Max
from django.utils import timezone

from helhet.documents.awaiting import end_waiting
from helhet.documents.models import Described, Document, Draft, DraftState, DraftText, TextLink
from helhet.documents.ports import Publication, many_published
from helhet.documents.taking import Edition
from helhet.kit.engines import save
from helhet.kit.rights import Caller

WRITTEN = ("title", "text", "fields", "note", "state", "submitted_at", "changed_at", "writers", "writer_ids", "version")


def add_drafts(
    editions: Sequence[Edition], *, by: Caller, note: str, is_beside: bool = False
) -> list[DraftText]:  # fmt: skip
    """Let each text be its document's draft, in place of the one there is, and what is published of it be so no more,
    save `is_beside`; its versions are kept. In the order given. Nobody here wrote it, so whoever may approve drafts may
    approve it; what stands beside is what whoever brings it wrote in a file.
    """
    ids = [one.document.pk for one in editions]
    drafts = {one.document_id: one for one in Draft.objects.filter(document_id__in=ids)}
    known = set(drafts)
    last = DraftText.objects.filter(document_id__in=ids).order_by().values_list("document_id").annotate(Max("version"))
    numbers = dict(last)
    now = timezone.now()
    for one in editions:
        pk = one.document.pk
        draft = drafts.setdefault(pk, Draft(document=one.document, base=one.document.published))
        before = draft if pk in known else one.document.published
        kept = before.fields if before else {}
        draft.title, draft.text, draft.fields = one.title, one.text, kept if one.fields is None else one.fields
        draft.note, draft.state, draft.submitted_at, draft.changed_at = note[:500], DraftState.WRITING, None, now
        is_known = is_beside and by.user_id is not None
        draft.writers, draft.writer_ids = ([by.name], [by.user_id]) if is_known else ([], [])
        draft.version = numbers.get(pk, 0) + 1
    Draft.objects.bulk_create((one for pk, one in drafts.items() if pk not in known), batch_size=500)
    save(Draft, [drafts[pk] for pk in known], WRITTEN)
    texts = [
        DraftText(document_id=pk, version=draft.version, title=draft.title, text=draft.text, fields=draft.fields,
                  by=by.name[:200], at=now)
        for pk, draft in drafts.items()
    ]  # fmt: skip
    if not is_beside:
        _unpublish([one.document for one in editions], by)
    return DraftText.objects.bulk_create(texts, batch_size=500)


def _unpublish(documents: Sequence[Document], by: Caller) -> None:
    """Take what is published of these back, and with it what it states."""
    shown = [one for one in documents if one.published_id is not None]
    if not shown:
        return
    for document in shown:
        document.published = None
    save(Document, shown, ["published"])
    Described.objects.filter(document__in=shown).delete()
    TextLink.objects.filter(document__in=shown).delete()
    for participant in many_published:
        participant([Publication(document, None, by) for document in shown])


def end_drafts(documents: Collection[Document]) -> None:
    """What was drafted of these is published now: nobody has it before him any more."""
    drafts = Draft.objects.filter(document__in=documents)
    for draft in drafts.exclude(state=DraftState.WRITING).select_related("document__item"):
        end_waiting(draft.document)
    drafts.delete()
