"""Documents that come from elsewhere, published as they are: for an import, many at once.

Each function must run inside a transaction. Rights, and who wins when both sides were edited, are the importer's
business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from helhet.documents.awaiting import end_waiting
from helhet.documents.describing import forget_described, write_all_described
from helhet.documents.models import Audience, Document, DocumentAudience, Sort, Unit, Version
from helhet.documents.ports import Publication, many_published
from helhet.journal.actions import make, record_many
from helhet.journal.models import Batch
from helhet.kit.engines import save
from helhet.kit.rights import Caller
from helhet.rules.reviewing import Interval, due_on

EVERYBODY = ("all",)
FACTS = (
    "sort", "language", "review_count", "review_unit", "reviewed_on", "due_on", "edited_on", "valid_from", "valid_to",
    "path", "front_matter", "front_form",
)  # fmt: skip
"""The fields of a document that stand beside its text and that a page may state."""


@dataclass(slots=True)
class NewPage:
    """A page that is to be a document of an item that exists, or with `part` that part of its documentation; published
    unless it is a draft. The dates are those of the model.

    `due_on` counts only where no interval gives one. `audiences` are the keys of those who may read it, of which those
    count that are known here; None is everybody. `fields` is what is structured beside the text.
    """

    item_id: int
    title: str
    text: str = ""
    sort: str = Sort.OTHER
    language: str = "sv"
    review_count: int | None = None
    review_unit: str = Unit.MONTH
    reviewed_on: dt.date | None = None
    due_on: dt.date | None = None
    edited_on: dt.date | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    path: str = ""
    front_matter: dict[str, Any] = field(default_factory=dict)
    front_form: str = "yaml"
    audiences: Sequence[str] | None = None
    part: str = ""
    fields: dict[str, Any] | None = None
    is_draft: bool = False


def computed_due(
    reviewed_on: dt.date | None, count: int | None, unit: str, stated: dt.date | None = None
) -> dt.date | None:
    """The day that review day and interval give, else the stated one."""
    return due_on(reviewed_on, Interval(count, unit) if count else None) or stated


def add_pages(pages: Sequence[NewPage], *, by: Caller, note: str) -> list[Document]:
    """Write documents whose first version is published without approval, which its note says; in the order given.
    Of drafts it writes all but the text: that is `taking_drafts`.
    """
    documents = [
        Document(
            **{name: getattr(page, name) for name in FACTS if name != "due_on"}, item_id=page.item_id,
            part=page.part, due_on=computed_due(page.reviewed_on, page.review_count, page.review_unit, page.due_on),
        )
        for page in pages
    ]  # fmt: skip
    Document.objects.bulk_create(documents, batch_size=500)
    readers = {one.key: one for one in Audience.objects.all()}
    DocumentAudience.objects.bulk_create(
        (
            DocumentAudience(document=document, audience=readers[key])
            for document, page in zip(documents, pages, strict=True)
            for key in (EVERYBODY if page.audiences is None else dict.fromkeys(page.audiences))
            if key in readers
        ),
        batch_size=1_000,
    )
    editions = [
        Edition(document, page.title, page.text, page.fields)
        for document, page in zip(documents, pages, strict=True)
        if not page.is_draft
    ]
    add_versions(editions, by=by, note=note)
    return documents


@dataclass(slots=True)
class Edition:
    """What is to be published of a document. Without `fields`, what is structured beside the text stays."""

    document: Document
    title: str
    text: str
    fields: dict[str, Any] | None = None


def add_versions(editions: Sequence[Edition], *, by: Caller, note: str) -> list[Version]:
    """Publish the next edition of each document, and let what follows a publication follow."""
    ids = [one.document.pk for one in editions]
    last = {
        one.document_id: one for one in Version.objects.filter(document_id__in=ids).order_by("major", "minor")
    }  # the highest number of each
    now = timezone.now()
    versions = []
    for one in editions:
        before = last.get(one.document.pk)
        kept = before.fields if before else {}
        versions.append(
            Version(
                document=one.document, major=before.major + 1 if before else 1, title=one.title, text=one.text,
                fields=kept if one.fields is None else one.fields, note=note[:500], published_by=by.name[:200],
                published_at=now,
            )
        )  # fmt: skip
    Version.objects.bulk_create(versions, batch_size=500)
    for version in versions:
        version.document.published = version
    save(Document, [version.document for version in versions], ["published"])
    write_all_described([(version.document, version) for version in versions], are_foreign=True)
    for participant in many_published:
        participant([Publication(version.document, version, by) for version in versions])
    return versions


def set_facts(
    wanted: Iterable[tuple[Document, dict[str, Any]]],
    *,
    by: Caller,
    batch: Batch | None,
    reason: str,
    editions: Mapping[int, tuple[Mapping[str, Any], Mapping[str, Any]]] | None = None,
) -> None:
    """Set FACTS of documents, or `not_seen_since` of parts. `editions` gives, by document, what became of its text
    (`edition_of` before and now): told as well.

    Each document that changed gets one event and a higher version.
    """
    editions = editions or {}
    changed, events = [], []
    for document, facts in wanted:
        before = {name: getattr(document, name) for name in facts}
        new = {name: value for name, value in facts.items() if before[name] != value}
        if not new and document.pk not in editions:
            continue
        for name, value in new.items():
            setattr(document, name, value)
        document.version += 1
        changed.append(document)
        old = {name: plain(before[name]) for name in new}
        told = {name: plain(value) for name, value in new.items()}
        if (edition := editions.get(document.pk)) is not None:
            old, told = {**old, **edition[0]}, {**told, **edition[1]}
        events.append(
            make("documents.document.imported", "document", document.pk, by=by, before=old, after=told, reason=reason,
                 batch=batch)
        )  # fmt: skip
    save(Document, changed, [*FACTS, "not_seen_since", "version"])
    record_many(events)


def edition_of(version: Version | None, draft: int | None = None) -> dict[str, Any]:
    """What there is of a text, as events tell it: the number of the published version, and of the draft if any."""
    published = {"published": version.number if version else None}
    return published if draft is None else {**published, "draft": draft}


def set_not_seen(item_ids: Iterable[int], since: dt.date | None) -> None:
    """The source of these pages shows them no more since that day, or (None) again. The event is the item's."""
    pages = Document.objects.filter(item_id__in=list(item_ids), part="")
    pages.filter(not_seen_since__isnull=since is not None).update(not_seen_since=since)


def take_out(document: Document, *, since: dt.date, by: Caller, batch: Batch, reason: str) -> None:
    """What an import published of an item's documentation is in use no more, and free to be taken anew."""
    before = document.published.number if document.published else None
    document.published, document.not_seen_since, document.version = None, since, document.version + 1
    document.save(update_fields=["published", "not_seen_since", "version"])
    record_many([
        make("documents.document.withdrawn", "document", document.pk, by=by, before={"published": before},
             after={"published": None}, reason=reason, batch=batch)
    ])  # fmt: skip
    end_waiting(document)
    forget_described(document)
    for participant in many_published:
        participant([Publication(document, None, by)])


def set_former_path(item_id: int, old: str, new: str) -> None:
    """The page moved within its set: links to its former path still lead to it. The event is that of the new path."""
    document = Document.objects.get(item_id=item_id, part="")
    paths = [path for path in document.former_paths if path not in {old, new}]
    document.former_paths = [*paths, old][-FORMER:]
    document.save(update_fields=["former_paths"])


FORMER = 50
"""How many former paths of a page are kept."""
DAYS = frozenset({"reviewed_on", "due_on", "edited_on", "valid_from", "valid_to", "not_seen_since"})


def as_kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as events tell them, as the model keeps them."""
    return {name: dt.date.fromisoformat(value) if name in DAYS and value else value for name, value in facts.items()}


def plain(value: Any) -> Any:
    """A value as events tell it."""
    return value.isoformat() if isinstance(value, dt.date) else value
