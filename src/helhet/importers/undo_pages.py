"""Undoing what an import altered of documents: facts are set back, and the text before is published anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Draft, Version
from helhet.documents.taking import Edition, add_versions, as_kept, plain, set_facts, set_not_seen, take_out
from helhet.importers.models import PageTaken, Statement, Verdict
from helhet.importers.moved_pages import rename
from helhet.importers.rows import PARTS
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
        if before.get("published", "") is None:
            _take_away(work, document, after)
            return
    held = {name: plain(getattr(document, name)) for name in before if name != "published"}
    wanted = {name: before[name] for name, value in held.items() if value == after[name]}
    left = sorted(held.keys() - wanted.keys())
    old = document.published
    edition: tuple[Version | None, Version] | None = None
    if "published" in before:
        version = _earlier(document, before, after)
        if version is None:
            left.append("text")
        else:
            again = Edition(document, version.title, version.text, version.fields)
            edition = (old, add_versions([again], by=work.by, note=work.batch.title)[0])
    editions = {document.pk: edition} if edition else None
    set_facts(
        [(document, as_kept(wanted))], by=work.by, batch=work.batch, reason=work.batch.title, editions=editions
    )  # fmt: skip
    if wanted.get("path"):
        rename(work.source.pk, after["path"], wanted["path"])
    # What the source gave last is what stood before, so that its next import tells the same anew.
    taken: PageTaken | None = getattr(document, "taken", None)
    if taken is not None:
        taken.facts = {**taken.facts, **{name: before[name] for name in held if name in taken.facts}}
        if edition:
            taken.version = edition[1]
        taken.save(update_fields=["facts", "version"])
    work.forget([document.item_id])
    if left:
        told = _("Changed by somebody since, and kept: %(fields)s.") % {"fields": ", ".join(left)}
        work.keep(Kept("pages", document.address, document.item.name, document.item_id, told))
    if wanted or edition:
        work.report.count(Verdict.CHANGED, "pages", 1)


def _take_away(work: Undoing, document: Document, after: dict[str, Any]) -> None:
    """A part that the import made is taken out of use, unless somebody has built on it."""
    is_drafted = Draft.objects.filter(document=document).exists()
    if document.published is None or document.published.number != after["published"] or is_drafted:
        work.keep(Kept(PARTS, document.address, document.item.name, document.item_id, _("Edited since.")))
        return
    take_out(document, since=work.on, by=work.by, batch=work.batch, reason=work.batch.title)
    PageTaken.objects.filter(document=document).delete()


def _earlier(document: Document, before: dict[str, Any], after: dict[str, Any]) -> Version | None:
    """The version that was published before, if the one of the import is still published and nobody drafts."""
    if document.published is None or document.published.number != after["published"]:
        return None
    if before["published"] is None or Draft.objects.filter(document=document).exists():
        return None
    major, _dot, minor = before["published"].partition(".")
    return Version.objects.filter(document=document, major=int(major), minor=int(minor or 0)).first()


def edited(ids: Sequence[int], of: Batch) -> Iterator[int]:
    """Of these items, those whose document somebody has edited, drafts or has set something of since the import."""
    documents = Document.objects.filter(item_id__in=ids)
    touched = Event.objects.filter(noun="document", noun_id__in=documents.values("pk")).exclude(batch=of)
    touched = touched.exclude(batch__undo_of=of).exclude(verb=IMPORTED)
    changed = Q(draft__isnull=False) | ~Q(published=F("taken__version")) | Q(pk__in=touched.values("noun_id"))
    yield from documents.filter(changed).values_list("item_id", flat=True).distinct()
