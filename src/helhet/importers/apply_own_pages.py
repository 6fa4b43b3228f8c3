"""Pages that this Helhet let out and that come back: what was edited in them becomes the next edition, or the draft, of
the document that they are. Who answers for it, who reads it and what is said of its routine is set here alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from helhet.documents.exporting import beside_of
from helhet.documents.models import Document, Draft, DraftState, DraftText, Version
from helhet.documents.origin import BESIDE, seal_of
from helhet.documents.permissions import DocumentPermission
from helhet.documents.taking import plain
from helhet.importers.at_home import Asked, facts_then, is_sealed, items_of, made_from
from helhet.importers.meeting import (
    Meeting,
    Text,
    compare_facts,
    contest,
    facts_of,
    only_fields_differ,
    says,
    taken_fields,
    tell_text,
    text_of,
    write_known,
)
from helhet.importers.models import PageReturned, PageTaken, Statement, Verdict
from helhet.importers.rows import OWN, PageRow
from helhet.importers.spool import Taken
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import Item, Presence, State
from helhet.items.text import fold
from helhet.items.writing import change_items
from helhet.rules.pages import read_page, says_language


@dataclass(slots=True)
class Coming:
    """One page on its way: what it was let out of, and what came of it."""

    taken: Taken
    item: Item
    document: Document | None = None
    returned: PageReturned | None = None
    meeting: Meeting | None = None

    @property
    def row(self) -> PageRow:
        """Its row."""
        row: PageRow = self.taken.row
        return row


def take_own_pages(work: Importing, rows: Sequence[Taken]) -> None:
    """Hold pages against the documents that they were let out of, and write what was edited in them."""
    items = items_of([one.row for one in rows])
    every = [Coming(_named(one), items[one.row.key]) for one in rows if one.row.key in items]
    _find(work, every)
    known = work.statements(OWN, [one.row.key for one in every])
    met = [one for one in every if not _is_refused(work, one)]
    for one, base in zip(met, made_from([_asked(one) for one in met]), strict=True):
        _compare(work, one, base)
    _look_beside(work, met)
    if work.is_trial:
        for one in every:
            work.hang(OWN, known.get(one.row.key), hangs=one.meeting is None)
    else:
        _write(work, met)
        work.state((_stated(work, one) for one in every), known)
    for one in met:
        if one.meeting is not None and one.meeting.told:
            work.tell(
                Verdict.CHANGED, OWN, one.row, name=one.row.name, item_id=one.item.pk, changes=one.meeting.told
            )  # fmt: skip
    _settle(work, [one.row.key for one in every])


def documents_of(source_id: int) -> QuerySet[Document]:
    """The documents of this place that came back as pages of the source."""
    ids = Statement.objects.filter(source_id=source_id, noun=OWN, object_id__isnull=False).values("object_id")
    return Document.objects.filter(pk__in=ids)


def _named(one: Taken) -> Taken:
    """With the title that it would have where it was let out: a file that was only moved is not renamed."""
    row: PageRow = one.row
    path = (row.told_home or {}).get("path")
    if not isinstance(path, str) or path == row.key:
        return one
    return one._replace(row=row._replace(name=read_page(path, row.front_matter, row.text).title))


def _find(work: Importing, every: Sequence[Coming]) -> None:
    ids = sorted({one.item.pk for one in every})
    documents: dict[int, Document] = {}
    for start in range(0, len(ids), CHUNK):
        found = Document.objects.filter(item_id__in=ids[start : start + CHUNK], part="")
        found = found.select_related("item__kind", "published", "draft").prefetch_related("audiences")
        documents |= {one.item_id: one for one in found}
    rows = PageReturned.objects.filter(source_id=work.source_id, document__in=documents.values())
    returned = {one.document_id: one for one in rows.select_related("version", "draft_text")}
    for one in every:
        one.document = documents.get(one.item.pk)
        one.returned = returned.get(one.document.pk) if one.document is not None else None


def _is_refused(work: Importing, one: Coming) -> bool:
    """Whether nothing of it may be taken, which is told."""
    code, value, params = "", one.item.reference, {}
    if one.item.presence == Presence.MERGED and one.item.merged_into is not None:
        code, params = "own_merged", {"into": one.item.merged_into.reference}
    elif one.item.presence != Presence.HERE or one.document is None:
        code = "own_gone"
    elif not work.by.may(DocumentPermission.WRITE, one.document):
        code = "own_forbidden"
    elif one.item.state == State.RETIRED:
        code = "own_withdrawn"
    elif other := _claimed_by_another(work, one):
        code, value = "own_twice", other
    if code:
        _refuse(work, one, "document", value, code, **params)
    return bool(code)


def _refuse(work: Importing, one: Coming, name: str, value: str, code: str, **params: Any) -> None:
    details = {"code": code, "params": {"value": value, "document": one.item.reference, **params}}
    work.open("unreadable", OWN, one.row, name, value, item_id=one.item.pk, details=details)


def _claimed_by_another(work: Importing, one: Coming) -> str:
    """The path of another page that is this document: of several, the one that lies where it was let out is."""
    claims = work.plan.claims.get(one.item.pk, ())
    paths = [key for key, _is_there in claims]
    there = [key for key, is_there in claims if is_there]
    chosen = there if len(there) == 1 else paths if len(paths) == 1 else []
    if chosen == [one.row.key]:
        return ""
    return next((key for key in (*chosen, *paths) if key != one.row.key), "")


# ---- what stands here ----


def _asked(one: Coming) -> Asked:
    """What it says that it was made from."""
    assert one.document is not None
    told = one.row.told_home or {}
    last = (one.returned.version or one.returned.draft_text) if one.returned is not None else None
    return Asked(one.document, told.get("version"), told.get("draft"), last, getattr(one.document, "draft", None))


def _compare(work: Importing, one: Coming, base: Version | DraftText | None) -> None:
    document, row = one.document, one.row
    assert document is not None
    draft: Draft | None = getattr(document, "draft", None)
    before = PageTaken(
        document=document, version=base if isinstance(base, Version) else None,
        draft_text=base if isinstance(base, DraftText) else None,
    )  # fmt: skip
    meeting = Meeting(one.taken, one.item.pk, document, before, {}, noun=OWN, draft=draft)
    meeting.is_own, meeting.fields, one.meeting = True, _fields(work, one, base), meeting
    compare_own_text(work, meeting, base)
    meeting.facts = _facts(work, row, document, has_new_text=meeting.has_new_text and not row.draft)
    # Where nobody knows what stood then, what is set here stands.
    unknown = {"review_unit": document.review_unit, "due_on": meeting.facts["due_on"]}
    known = one.returned.facts if one.returned is not None else unknown
    revision = (row.told_home or {}).get("revision")
    before.facts = facts_then(row, document, meeting.facts, known, revision=revision, is_edited=True)
    compare_facts(work, meeting)
    if meeting.has_new_text and not row.draft and document.not_seen_since is not None:
        meeting.wanted["not_seen_since"] = None


def compare_own_text(work: Importing, one: Meeting, base: Version | DraftText | None) -> None:
    """What was edited in the page alone is taken; what was edited here as well stands. A draft counts as an edit."""
    assert one.document is not None
    row, held, draft = one.taken.row, one.document.published, one.draft
    new: Text = (row.name, row.text, text_of(base)[2] if one.fields is None and base else one.fields or {})
    is_draft = bool(row.draft)
    if base is not None and new == text_of(base) and is_draft == isinstance(base, DraftText):
        return
    here = draft if is_draft and draft is not None else held
    if here is not None and says(here, one, new) and (here is draft or not is_draft or isinstance(base, DraftText)):
        one.agrees = True
    elif base is not None and _is_as_let_out(one, base, new):
        one.has_new_text = True
        tell_text(one, text_of(base), new)
    else:
        contest(work, one, "text", held.number if held else "")


def _is_as_let_out(one: Meeting, base: Version | DraftText, new: Text) -> bool:
    """Whether nobody has written here since the page was made, save that its draft was published as it was."""
    assert one.document is not None
    held, draft = one.document.published, one.draft
    if draft is not None:
        is_its = isinstance(base, DraftText) and text_of(draft) == text_of(base)
        return draft.state == DraftState.WRITING and (is_its or says(draft, one, new))
    if held is None:
        return isinstance(base, DraftText)
    return text_of(held) == text_of(base) or (isinstance(base, Version) and only_fields_differ(one, held, base))


def _fields(work: Importing, one: Coming, base: Version | DraftText | None) -> dict[str, Any] | None:
    """What is structured beside the text; just as it was let out it needs no check."""
    assert one.document is not None
    if base is not None and one.row.fields == base.fields:
        return one.row.fields
    return taken_fields(work, one.row, one.document.sort, noun=OWN, item_id=one.item.pk)


def _facts(work: Importing, row: PageRow, document: Document, *, has_new_text: bool) -> dict[str, Any]:
    """What the page states. Its sort is the document's, as is its language where it does not say one: what a text looks
    like is no reason to alter them. Its path stays too, by which a source of its own may know it.
    """
    facts = facts_of(row, document.language) | {"sort": document.sort, "path": document.path}
    if not says_language(row.front_matter):
        facts["language"] = document.language
    edited = row.last_commit or work.on.isoformat()
    facts["edited_on"] = edited if has_new_text else plain(document.edited_on)
    return facts


# ---- what is set here alone ----


def _look_beside(work: Importing, met: Sequence[Coming]) -> None:
    """Tell what was altered in the page of owner, readers and routine, and is not taken."""
    altered = [one for one in met if _altered_beside(one.row) or _names_owner(one.row)]
    stands = beside_of([one.document for one in altered if one.document is not None])
    for one in altered:
        assert one.document is not None
        held = stands[one.document.pk]
        told = {"owner": one.row.owner, "audiences": sorted(one.row.audiences or ()), "routine": one.row.routine}
        names = [name for name in BESIDE if _altered_beside(one.row) and (told[name] or None) != held.get(name)]
        stood = one.document.published.text if one.document.published else ""
        before = read_page("", one.document.front_matter, stood).owners
        if _names_owner(one.row) and fold(one.row.group or "") not in {*map(fold, before), fold(held.get("owner", ""))}:
            names = list(dict.fromkeys(["owner", *names]))
        for name in names:
            value = one.row.group if name == "owner" and one.row.group else told[name]
            _refuse(work, one, name, str(value)[:200], f"own_{name}")


def _altered_beside(row: PageRow) -> bool:
    told = {"owner": row.owner or None, "audiences": row.audiences, "routine": row.routine}
    return "beside" in row.seals and row.seals["beside"] != seal_of(
        {name: list(one) if isinstance(one, tuple) else one for name, one in told.items()}
    )


def _names_owner(row: PageRow) -> bool:
    """Whether the page's own facts were altered and name an owner."""
    return bool(row.group) and not is_sealed(row)


# ---- writing ----


def _write(work: Importing, met: Sequence[Coming]) -> None:
    meetings = [one.meeting for one in met if one.meeting is not None]
    write_known(work, meetings)
    shown = [one for one in meetings if one.has_new_text and not one.taken.row.draft and one.document is not None]
    change_items(
        [(one.document.item, _of_item(one)) for one in shown if one.document], by=work.by, on=work.on, batch=work.batch
    )
    PageReturned.objects.bulk_create(
        (_kept(work, one) for one in met), update_conflicts=True, unique_fields=["source", "document"],
        update_fields=["version", "draft_text", "facts"],
    )  # fmt: skip


def _of_item(one: Meeting) -> dict[str, Any]:
    """What a publication alters of the document's item."""
    assert one.document is not None
    is_planned = one.document.item.state == State.PLANNED
    return {"name": one.taken.row.name} | ({"state": int(State.LIVE)} if is_planned else {})


def _kept(work: Importing, one: Coming) -> PageReturned:
    before = one.meeting.before if one.meeting is not None else None
    assert before is not None
    return PageReturned(
        source=work.source, document=one.document, version=before.version, draft_text=before.draft_text,
        facts=before.facts,
    )  # fmt: skip


def _stated(work: Importing, one: Coming) -> Statement:
    stated = work.statement(OWN, one.row.key, one.taken.digest)
    stated.item_id = one.item.pk
    if one.meeting is None or one.meeting.is_contested or one.document is None:
        stated.digest = None
    if one.meeting is not None and one.document is not None:
        stated.object_id = one.document.pk
    return stated


def _settle(work: Importing, keys: Sequence[str]) -> None:
    """What was noted of a page when it was read is the page's; the rest is this noun's."""
    opened, work.opened = work.opened, []
    work.settle_findings("pages", keys, are_new=False)
    work.opened = opened
    work.settle_findings(OWN, keys, are_new=False)
