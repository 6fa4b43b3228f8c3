"""Undoing what an import altered of documents: facts are set back, and the text before is published anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Draft, DraftState, DraftText, Version
from helhet.documents.taking import (
    Edition,
    add_versions,
    as_kept,
    edition_of,
    plain,
    set_facts,
    set_not_seen,
    take_out,
)
from helhet.documents.taking_drafts import add_drafts, end_drafts
from helhet.importers.models import PageReturned, PageTaken, Statement, Verdict
from helhet.importers.moved_pages import rename
from helhet.importers.rows import OWN, PARTS
from helhet.importers.undo_kept import Kept
from helhet.items.models import Presence, Source
from helhet.journal.models import Batch, Event

if TYPE_CHECKING:
    from helhet.importers.undo import Undoing

IMPORTED = "documents.document.imported"


def set_back(work: Undoing, events: Sequence[Event]) -> None:
    """Undo these events, of whatever verb, as far as nobody has altered the same since."""
    mine = [event for event in events if event.verb == IMPORTED]
    ids = {event.noun_id for event in mine}
    documents = {
        one.pk: one
        for one in Document.objects.filter(pk__in=ids, item__presence=Presence.HERE).select_related(
            "published", "item__kind", "taken"
        )
    }
    for event in mine:
        document = documents.get(event.noun_id)
        if document is not None:
            _one(work, document, event.before or {}, event.after or {})


def seen(source: Source, item_id: int, since: str | None) -> None:
    """Whether its source shows the page is again as it was before."""
    if PageTaken.objects.filter(source=source, document__item_id=item_id).exists():
        set_not_seen([item_id], dt.date.fromisoformat(since) if since else None)


def _one(work: Undoing, document: Document, before: dict[str, Any], after: dict[str, Any]) -> None:
    if document.part:
        rows = Statement.objects.filter(source=work.source, noun=PARTS, object_id=document.pk)
        rows.update(digest=None, **({"not_seen_since": None} if "not_seen_since" in before else {}))
        if before.get("published", "") is None and "draft" not in before:
            _take_away(work, document, after)
            return
    else:
        Statement.objects.filter(source=work.source, noun=OWN, object_id=document.pk).update(digest=None)
    held = {name: plain(getattr(document, name)) for name in before if name not in {"published", "draft"}}
    wanted = {name: before[name] for name, value in held.items() if value == after[name]}
    left = sorted(held.keys() - wanted.keys())
    text: Version | DraftText | None = None
    editions = None
    if "published" in before:
        text = _again(work, document, before, after)
        if text is None:
            left.append("text")
        else:
            now = edition_of(document.published, None if isinstance(text, Version) else text.version)
            editions = {document.pk: ({name: after.get(name) for name in now}, now)}
    set_facts(
        [(document, as_kept(wanted))], by=work.by, batch=work.batch, reason=work.batch.title, editions=editions
    )  # fmt: skip
    if wanted.get("path"):
        rename(work.source.pk, after["path"], wanted["path"])
    # What the source gave last is what stood before, so that its next import tells the same anew.
    taken: PageTaken | PageReturned | None = _last_given(work.source, document)
    if taken is not None:
        taken.facts = {**taken.facts, **{name: before[name] for name in held if name in taken.facts}}
        if text is not None:
            taken.version = text if isinstance(text, Version) else None
            taken.draft_text = text if isinstance(text, DraftText) else None
        taken.save(update_fields=["facts", "version", "draft_text"])
    work.forget([document.item_id])
    if left:
        told = _("Changed by somebody since, and kept: %(fields)s.") % {"fields": ", ".join(left)}
        work.keep(Kept("pages", document.address, document.item.name, document.item_id, told))
    if wanted or text is not None:
        work.report.count(Verdict.CHANGED, "pages", 1)


def _last_given(source: Source, document: Document) -> PageTaken | PageReturned | None:
    """What this source gave last; another's is left as it is."""
    taken: PageTaken | None = getattr(document, "taken", None)
    if taken is not None and taken.source_id == source.pk:
        return taken
    return PageReturned.objects.filter(source=source, document=document).first()


def _take_away(work: Undoing, document: Document, after: dict[str, Any]) -> None:
    """A part that the import made is taken out of use, unless somebody has built on it."""
    draft = Draft.objects.filter(document=document).first()
    number = document.published.number if document.published else None
    is_its = draft is None or (draft.version == after.get("draft") and draft.state == DraftState.WRITING)
    if number != after["published"] or (number is None and draft is None) or not is_its:
        work.keep(Kept(PARTS, document.address, document.item.name, document.item_id, _("Edited since.")))
        return
    end_drafts([document])
    take_out(document, since=work.on, by=work.by, batch=work.batch, reason=work.batch.title)
    PageTaken.objects.filter(document=document).delete()


def _again(
    work: Undoing, document: Document, before: dict[str, Any], after: dict[str, Any]
) -> Version | DraftText | None:  # fmt: skip
    """The text before, published or a draft anew; None where what the import left is no longer what stands."""
    held, draft = document.published, Draft.objects.filter(document=document).first()
    if (held.number if held else None) != after["published"]:
        return None
    if draft is not None and (draft.version != after.get("draft") or draft.state != DraftState.WRITING):
        return None
    is_beside = held is not None and before["published"] == after["published"] and "draft" in after
    old = _text(document, {**before, "published": None} if is_beside and "draft" in before else before)
    if old is None:
        return None
    edition = Edition(document, old.title, old.text, old.fields)
    if is_beside:
        # What is published stood all the time.
        end_drafts([document])
        return add_drafts([edition], by=work.by, note=work.batch.title, is_beside=True)[0] if old != held else old
    if isinstance(old, Version):
        end_drafts([document])
        return add_versions([edition], by=work.by, note=work.batch.title)[0]
    return add_drafts([edition], by=work.by, note=work.batch.title)[0]


def _text(document: Document, told: dict[str, Any]) -> Version | DraftText | None:
    """The text that an event tells of by its number."""
    if told["published"] is None:
        return DraftText.objects.filter(document=document, version=told.get("draft") or 0).first()
    major, _dot, minor = told["published"].partition(".")
    return Version.objects.filter(document=document, major=int(major), minor=int(minor or 0)).first()


def edited(ids: Sequence[int], of: Batch) -> Iterator[int]:
    """Of these items, those whose document somebody has edited, drafts or has set something of since the import."""
    documents = Document.objects.filter(item_id__in=ids)
    touched = Event.objects.filter(noun="document", noun_id__in=documents.values("pk")).exclude(batch=of)
    touched = touched.exclude(batch__undo_of=of).exclude(verb=IMPORTED)
    is_its = Q(draft__version=F("taken__draft_text__version"), draft__state=DraftState.WRITING)
    as_given = documents.filter(is_its, published__isnull=True)
    is_other = Q(draft__isnull=False) | ~Q(published=F("taken__version"))
    changed = Q(pk__in=touched.values("noun_id")) | (is_other & ~Q(pk__in=as_given.values("pk")))
    yield from documents.filter(changed).values_list("item_id", flat=True).distinct()
