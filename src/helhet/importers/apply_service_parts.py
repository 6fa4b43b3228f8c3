"""Pages that are parts of service documentation: documents of services and products that are here already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from helhet.documents.models import Document, Draft, DraftText, Sort, Version
from helhet.documents.permissions import DocumentPermission
from helhet.documents.taking import Edition, NewPage, add_pages, as_kept, edition_of, set_facts
from helhet.documents.taking_drafts import add_drafts
from helhet.handbook.models import NotApplicable
from helhet.handbook.taking import PartTold, read_told
from helhet.importers.apply_own_pages import compare_own_text
from helhet.importers.apply_pages import FALLBACK
from helhet.importers.at_home import Asked, facts_then, made_from
from helhet.importers.meeting import (
    Meeting,
    compare_facts,
    compare_text,
    contest,
    draft_note_of,
    facts_of,
    note_of,
    says,
    write_known,
)
from helhet.importers.models import PageTaken, Statement, Verdict
from helhet.importers.rows import PARTS, PageRow
from helhet.importers.service_rows import translated
from helhet.importers.service_things import Things
from helhet.importers.spool import Taken
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import Item
from helhet.kit.errors import Invalid

Key = tuple[int, str]
"""An item and its part."""


@dataclass(slots=True)
class Coming:
    """One page on its way: what it says of itself, whose part it is, its fields as this place keeps them."""

    taken: Taken
    facts: dict[str, Any]
    told: PartTold | None = None
    service: Item | None = None
    fields: dict[str, Any] | None = None
    document: Document | None = None
    meeting: Meeting | None = None
    is_whole: bool = True
    is_home: bool = False
    is_new: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def row(self) -> PageRow:
        """Its row."""
        row: PageRow = self.taken.row
        return row


def take_service_parts(work: Importing, rows: Sequence[Taken]) -> None:
    """Write parts that are new, and hold the others against what stands here."""
    spoken = Counter(one.row.language for one in rows if one.row.language)
    language = spoken.most_common(1)[0][0] if spoken else FALLBACK
    every = [Coming(one, facts_of(one.row, language) | {"sort": Sort.DOCUMENTATION.value}) for one in rows]
    for one in every:
        _read(work, one)
    things = Things(work.resolver, [one.told for one in every if one.told])
    for one in every:
        _place(work, things, one)
    known = work.statements(PARTS, [one.row.key for one in every])
    _meet(work, every)
    if work.is_trial:
        for one in every:
            work.hang(PARTS, known.get(one.row.key), hangs=one.service is None)
    else:
        _write(work, [one for one in every if one.service is not None])
        work.state((_stated(work, one) for one in every), known)
    for one in every:
        _tell(work, one)
    _settle(work, [one.row.key for one in every])


def sources_of(document: Document) -> list[int]:
    """Fills `documents.sets`: the sources that have a page which is this part."""
    rows = Statement.objects.filter(noun=PARTS, object_id=document.pk) if document.part else Statement.objects.none()
    return list(rows.order_by("source_id").values_list("source_id", flat=True).distinct())


def documents_of(source_id: int) -> QuerySet[Statement, int | None]:
    """The numbers of the documents that this source's pages are parts as."""
    return Statement.objects.filter(source_id=source_id, noun=PARTS).values_list("object_id", flat=True)


# ---- what it says of itself ----


def _read(work: Importing, one: Coming) -> None:
    raw = one.row.told_part or {}
    try:
        one.told = read_told(raw.get("told") or {}, raw.get("document"), raw.get("edition"))
    except Invalid as refusal:
        _astray(work, one, "part", str((raw.get("told") or {}).get("name")), "part_unknown", told=str(refusal.message))


def _astray(work: Importing, one: Coming, name: str, value: str, code: str, **params: Any) -> None:
    """What could not be taken is told, and looked at again at the next import."""
    one.is_whole = False
    item_id = one.service.pk if one.service else None
    details = {"code": code, "params": {"value": value[:200], **params}}
    work.open("unreadable", PARTS, one.row, name[:100], value, item_id=item_id, details=details)


def _place(work: Importing, things: Things, one: Coming) -> None:
    """Whose part it is, and what its rows mean here."""
    if one.told is None:
        return
    found = things.service(one.told)
    called = one.told.service.name or one.told.service.reference
    if found.item is None:
        code = "part_services" if found.number > 1 else "part_service"
        _astray(work, one, "part", called, code, count=found.number)
        return
    if not work.by.may(DocumentPermission.WRITE, found.item):
        _astray(work, one, "part", called, "part_forbidden")
        return
    one.service = found.item
    one.fields, left = translated(one.told, one.row.fields, things, found.item)
    for place in left:
        _astray(work, one, place.field, place.value, place.code, **place.params)
    one.is_home = things.is_home(one.told)
    if not one.is_home:
        one.told = one.told._replace(revision=0, edition="")


# ---- what stands here ----


def _meet(work: Importing, every: Sequence[Coming]) -> None:
    """Each beside the document that it is here, if any."""
    placed = {(one.service.pk, one.told.part): one for one in every if one.service is not None and one.told}
    ids = sorted({pk for pk, _part in placed})
    documents: dict[Key, Document] = {}
    ruled: set[Key] = set()
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        found = Document.objects.filter(item_id__in=some).exclude(part="")
        documents |= {
            (one.item_id, one.part): one
            for one in found.select_related("published", "taken__version", "taken__draft_text")
        }
        ruled |= set(NotApplicable.objects.filter(item_id__in=some).values_list("item_id", "part"))
    pks = [one.pk for one in documents.values()]
    drafts = {one.document_id: one for one in Draft.objects.filter(document__in=pks)}
    others = _by_others(work, pks)
    again: list[tuple[Coming, Document, Draft | None]] = []
    for one in every:
        if one.service is None or one.told is None:
            continue
        key = one.service.pk, one.told.part
        document = documents.get(key)
        taken = others.get(document.pk if document else 0, ())
        twin = work.parts_met.get(key, ("", None))[0] or next((k for k in taken if k != one.row.key), "")
        if twin or key in ruled:
            code, value = ("part_twice", twin) if twin else ("part_ruled_out", one.service.name)
            _astray(work, one, "part", value, code)
            one.service = None
            continue
        work.parts_met[key] = one.row.key, document.pk if document is not None else None
        draft = drafts.get(document.pk) if document is not None else None
        one.document, one.is_new = document, _is_new(document, draft)
        if document is not None and not one.is_new:
            again.append((one, document, draft))
    bases = made_from([_asked(work, *some) for some in again])
    for (one, document, draft), base in zip(again, bases, strict=True):
        _compare(work, one, document, draft, base)


def _is_new(document: Document | None, draft: Draft | None) -> bool:
    """One that an undo took out of use is as if it had never been."""
    return document is None or (document.published is None and bool(document.not_seen_since) and draft is None)


def _by_others(work: Importing, pks: Sequence[int]) -> dict[int, list[str]]:
    """By document the keys of pages that this file has too and that were taken as it."""
    found: dict[int, list[str]] = {}
    rows = Statement.objects.filter(source_id=work.source_id, noun=PARTS, object_id__in=pks)
    for pk, key, batch in rows.values_list("object_id", "key", "batch_id"):
        if work.plan.has(PARTS, key) or (work.batch_id is not None and batch == work.batch_id):
            found.setdefault(pk or 0, []).append(key)
    return found


def _compare(
    work: Importing, one: Coming, document: Document, draft: Draft | None, base: Version | DraftText | None
) -> None:
    """Hold a page against the part that is here. `base` is the text that it was made from: what the source gave last,
    or what was let out here; None where the part was written here without it.
    """
    if one.is_home and document.path:
        one.facts["path"] = document.path  # by which a source of its own may know it
    ours = _ours(work, document)
    # Where nobody knows what stood then, what is set here stands.
    facts = ours.facts if ours is not None else {"review_unit": document.review_unit}
    before = PageTaken(document=document, source=work.source if work.source.pk else None, facts=facts)
    meeting = Meeting(
        one.taken, document.item_id, document, before, one.facts, noun=PARTS, draft=draft, is_own=one.is_home
    )
    meeting.fields, one.meeting = one.fields, meeting
    stands = document.published
    row, fields = one.row, one.fields
    if base is None and stands is not None and (row.name, row.text) == (stands.title, stands.text):
        base = stands if fields is None or fields == stands.fields else None
    if base is None and row.draft and draft is not None and says(draft, meeting, (row.name, row.text, fields or {})):
        meeting.agrees = True
    elif base is None:
        contest(work, meeting, "text", stands.number if stands else "")
    else:
        before.version = base if isinstance(base, Version) else None
        before.draft_text = base if isinstance(base, DraftText) else None
        compare_own_text(work, meeting, base) if one.is_home else compare_text(work, meeting)
        if one.is_home and one.told is not None:
            before.facts = facts_then(
                row, document, one.facts, before.facts, revision=one.told.revision, is_edited=meeting.has_new_text
            )
        compare_facts(work, meeting)
        if document.path not in {"", one.facts["path"]}:
            meeting.told["path"] = [document.path, one.row.key]
        if document.not_seen_since is not None:
            meeting.wanted["not_seen_since"] = None
    one.is_whole = one.is_whole and not meeting.is_contested
    one.changes = meeting.told


def _ours(work: Importing, document: Document) -> PageTaken | None:
    """What this source gave of it last."""
    taken: PageTaken | None = getattr(document, "taken", None)
    return taken if taken is not None and taken.source_id == work.source.pk else None


def _asked(work: Importing, one: Coming, document: Document, draft: Draft | None) -> Asked:
    """What it says that it was made from. One that was let out elsewhere was made from what its source gave last."""
    ours = _ours(work, document)
    last = (ours.version or ours.draft_text) if ours is not None else None
    edition = one.told.edition if one.told is not None else ""
    number = (one.row.told_part or {}).get("draft") if one.is_home else None
    return Asked(document, edition or None, number, last, draft)


# ---- writing ----


def _write(work: Importing, every: Sequence[Coming]) -> None:
    new = [one for one in every if one.is_new]
    again = [one for one in new if one.document is not None]
    _write_new(work, [one for one in new if one.document is None])
    _take_up(work, again)
    known = [one.meeting for one in every if one.meeting is not None and one.meeting.before is not None]
    sound = [one for one in known if one.agrees or (one.before and (one.before.version_id or one.before.draft_text_id))]
    write_known(work, sound)
    PageTaken.objects.bulk_create(
        [one.before for one in sound if one.before is not None], update_conflicts=True, unique_fields=["document"],
        update_fields=["source", "version", "draft_text", "facts"],
    )  # fmt: skip


def _write_new(work: Importing, new: Sequence[Coming]) -> None:
    pages = [
        NewPage(
            one.service.pk, one.row.name, one.row.text, audiences=one.row.audiences, part=one.told.part,
            fields=one.fields, is_draft=bool(one.row.draft), **as_kept(one.facts),
        )
        for one in new
        if one.service is not None and one.told is not None
    ]  # fmt: skip
    hidden = []
    for one, page, document in zip(new, pages, add_pages(pages, by=work.by, note=note_of(work)), strict=True):
        one.document = document
        if page.is_draft:
            hidden.append(Edition(document, page.title, page.text, page.fields))
    drafts = {one.document_id: one for one in add_drafts(hidden, by=work.by, note=draft_note_of(work))}
    _say_published(work, new, drafts)


def _take_up(work: Importing, again: Sequence[Coming]) -> None:
    """Parts that an undo took out of use are published anew, with what the page says."""
    meetings = []
    for one in again:
        wanted = {**one.facts, "not_seen_since": None}
        meeting = Meeting(one.taken, one.document.item_id, one.document, PageTaken(), one.facts, wanted)  # type: ignore[union-attr] # has one
        meeting.fields, meeting.has_new_text = one.fields or {}, True
        meetings.append(meeting)
    write_known(work, meetings)
    _keep(work, again, {one.document.pk: one.before.draft_text for one in meetings if one.document and one.before})


def _say_published(work: Importing, new: Sequence[Coming], drafts: Mapping[int, DraftText]) -> None:
    numbers = {pk: one.version for pk, one in drafts.items()}
    editions = {
        one.document.pk: (edition_of(None), edition_of(one.document.published, numbers.get(one.document.pk)))
        for one in new
        if one.document
    }
    documents: list[tuple[Document, dict[str, Any]]] = [(one.document, {}) for one in new if one.document is not None]
    set_facts(documents, by=work.by, batch=work.batch, reason=work.source.name, editions=editions)
    _keep(work, new, drafts)


def _keep(work: Importing, new: Sequence[Coming], drafts: Mapping[int, DraftText | None]) -> None:
    """What the source gave, for the next import."""
    documents = [one.document for one in new if one.document is not None]
    PageTaken.objects.filter(document__in=documents).delete()
    PageTaken.objects.bulk_create(
        PageTaken(
            document=one.document,
            source=work.source,
            version=one.document.published,
            facts=one.facts,
            draft_text=drafts.get(one.document.pk),
        )
        for one in new
        if one.document is not None
    )


def _stated(work: Importing, one: Coming) -> Statement:
    stated = work.statement(PARTS, one.row.key, one.taken.digest)
    stated.digest = one.taken.digest if one.is_whole else None
    if one.service is not None and one.document is not None:
        stated.object_id, stated.item_id = one.document.pk, one.service.pk
    return stated


def _tell(work: Importing, one: Coming) -> None:
    if one.service is None:
        return
    comes_back = one.meeting is not None and "not_seen_since" in one.meeting.wanted
    verdict = Verdict.CREATED if one.is_new or comes_back else Verdict.CHANGED if one.changes else None
    if verdict:
        changes = {name: value for name, value in one.changes.items() if name != "not_seen_since"}
        work.tell(verdict, PARTS, one.row, name=one.row.name, item_id=one.service.pk, changes=changes or None)


def _settle(work: Importing, keys: Sequence[str]) -> None:
    """What was noted of a page when it was read is the page's; the rest is the part's."""
    opened, work.opened = work.opened, []
    work.settle_findings("pages", keys, are_new=False)
    work.opened = opened
    work.settle_findings(PARTS, keys, are_new=False)
