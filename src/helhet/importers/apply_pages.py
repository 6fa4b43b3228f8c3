"""Pages: each an item of the register and a published document, and what becomes of one that comes again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from helhet.documents.models import Document, Draft
from helhet.documents.taking import Edition, NewPage, add_pages, as_kept, set_not_seen
from helhet.documents.taking_drafts import add_drafts
from helhet.importers.apply_items import write_compared
from helhet.importers.at_home import items_of, rebase
from helhet.importers.compare_items import Compared, compare, learn, said
from helhet.importers.meeting import (
    Meeting,
    compare_facts,
    compare_text,
    contest,
    draft_note_of,
    facts_of,
    note_of,
    refuse_fields,
    taken_fields,
    write_known,
)
from helhet.importers.models import PageTaken, Verdict
from helhet.importers.page_owners import with_owners
from helhet.importers.resolving import ITEM
from helhet.importers.rows import Attribute, ItemRow, PageRow
from helhet.importers.spool import Taken
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import KeySort, SourceKey, State
from helhet.items.writing import NewItem, NewKey, add_items, change_items
from helhet.kit.engines import save
from helhet.kit.errors import Invalid
from helhet.routines.taking import Beside, New, add_routines, read_told

FALLBACK = "sv"


@dataclass(slots=True)
class PageMeeting(Meeting):
    """With the item that the page is."""

    item: Compared = field(kw_only=True)
    beside: Beside | None = None


def take_pages(work: Importing, rows: Sequence[Taken]) -> None:
    """Write pages whose keys are new, and hold the others against what stands here."""
    if work.is_trial and work.moved:
        rows = [_where_it_was(work, one) for one in rows]
    known = _known_keys(work, [one.row.key for one in rows])
    spoken = Counter(one.row.language for one in rows if one.row.language)
    language = spoken.most_common(1)[0][0] if spoken else FALLBACK
    learn(work, [_as_item(one) for one in rows])
    rows = with_owners(work, rows)
    _take_new(work, [one for one in rows if one.row.key not in known], language)
    _take_again(work, [one for one in rows if one.row.key in known], language)


def _where_it_was(work: Importing, one: Taken) -> Taken:
    """A page that moved, for a trial: it is not known by its new path yet."""
    return one._replace(row=one.row._replace(key=work.moved.get(one.row.key, one.row.key)))


def _known_keys(work: Importing, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        rows = SourceKey.objects.filter(
            source_id=work.source_id, sort=KeySort.ITEM, key__in=keys[start : start + CHUNK]
        )
        found |= set(rows.values_list("key", flat=True))
    return found


def _as_item(one: Taken) -> Taken:
    """The page as a row of the register."""
    row: PageRow = one.row
    given = {"first_commit": row.first_commit, "last_commit": row.last_commit, "commits": row.commits}
    attributes: dict[str, Attribute] = {name: value for name, value in given.items() if value is not None}
    item = ItemRow(
        row.key, row.kind, row.name, None, None, None, attributes, row.group, row.groups, (), None, None, row.place
    )
    return Taken(item, one.digest)


def _take_new(work: Importing, rows: Sequence[Taken], language: str) -> None:
    if not rows:
        return
    items = [_as_item(one).row for one in rows]
    saying = [said(work, item) for item in items]
    ids: list[int] = []
    if not work.is_trial:
        drafts = [
            NewItem(
                kind=work.kinds[item.kind], name=item.name, attributes=dict(item.attributes),
                state=State.PLANNED if one.row.draft else State.LIVE,
                key=NewKey(
                    work.source_id, item.key, digest=one.digest, says_group_id=says.group_id,
                    claimants=says.claimants or None,
                ),
            )
            for one, item, says in zip(rows, items, saying, strict=True)
        ]  # fmt: skip
        ids = add_items(drafts, by=work.by, on=work.on, batch=work.batch)
        work.resolver.remember(ITEM, (one.row.key for one in rows), ids)
        _write_documents(work, list(zip(ids, rows, strict=True)), language)
    else:
        for one in rows:
            taken_fields(work, one.row, one.row.sort)
            _beside(work, one.row)
    by_key = dict(zip((one.row.key[:700] for one in rows), ids, strict=False))
    work.opened = [one._replace(item_id=by_key.get(one.key)) for one in work.opened]
    listed = min(len(rows), work.report.room(Verdict.CREATED))
    for at, one in enumerate(rows[:listed]):
        work.tell(Verdict.CREATED, "pages", one.row, name=one.row.name, item_id=ids[at] if ids else None)
    work.report.count(Verdict.CREATED, "pages", len(rows) - listed)
    _settle(work, rows, are_new=True)


def _write_documents(work: Importing, pairs: Sequence[tuple[int, Taken]], language: str) -> None:
    """Documents with their first versions for items that have none."""
    facts = [facts_of(one.row, language) for _item_id, one in pairs]
    pages = [
        NewPage(
            item_id, one.row.name, one.row.text, audiences=one.row.audiences,
            fields=taken_fields(work, one.row, one.row.sort), is_draft=bool(one.row.draft), **as_kept(given),
        )
        for (item_id, one), given in zip(pairs, facts, strict=True)
    ]  # fmt: skip
    documents = add_pages(pages, by=work.by, note=note_of(work))
    drafted = [
        Edition(document, page.title, page.text, page.fields)
        for document, page in zip(documents, pages, strict=True)
        if page.is_draft
    ]
    texts = {one.document_id: one for one in add_drafts(drafted, by=work.by, note=draft_note_of(work))}
    PageTaken.objects.bulk_create(
        (
            PageTaken(
                document=document,
                source=work.source,
                version=document.published,
                draft_text=texts.get(document.pk),
                facts=given,
            )
            for document, given in zip(documents, facts, strict=True)
        ),
        batch_size=500,
    )
    _add_routines(
        (document, one.row, _beside(work, one.row)) for document, (_id, one) in zip(documents, pairs, strict=True)
    )


def _add_routines(told: Iterable[tuple[Document, PageRow, Beside | None]]) -> None:
    add_routines(New(document.pk, row.alert, beside) for document, row, beside in told if row.sort == "routine")


def _beside(work: Importing, row: PageRow) -> Beside | None:
    """What a page from a Helhet says of its routine; what the room refuses is left out."""
    try:
        return read_told(row.routine) if row.routine else None
    except Invalid as refusal:
        refuse_fields(work, row, "routine", str(refusal.message))
        return None


def _take_again(work: Importing, rows: Sequence[Taken], language: str) -> None:
    if not rows:
        return
    compared = compare(work, [_as_item(one) for one in rows])
    if not work.is_trial:
        write_compared(work, compared)
    meetings = _meetings(rows, compared, language)
    at_home = items_of([one.row for one in rows])
    new_paths = {old: new for new, old in work.moved.items()} if work.is_trial else {}
    for one in meetings:
        if one.document is not None and one.before is not None:
            if at_home.get(one.taken.row.key) == one.item.item:
                rebase(one.taken.row, one.document, one.before, one.facts)
            one.fields = taken_fields(work, one.taken.row, one.taken.row.sort)
            compare_text(work, one)
            one.beside = _beside(work, one.taken.row)
            compare_facts(work, one)
            path = new_paths.get(one.taken.row.key, one.facts["path"])
            if path != one.document.path:
                one.told["path"] = [one.document.path, path]
    if not work.is_trial:
        _write(work, meetings, language)
    for one in meetings:
        told = one.item.changes | one.told
        verdict = Verdict.CREATED if one.item.comes_back else Verdict.CHANGED if told else None
        if verdict:
            work.tell(verdict, "pages", one.taken.row, name=one.taken.row.name, item_id=one.item.item.pk,
                      changes=told or None)  # fmt: skip
    _settle(work, rows, are_new=False)


def _settle(work: Importing, rows: Sequence[Taken], *, are_new: bool) -> None:
    """Findings of owners are the item's, so that they are tied up as all others are; the rest are the page's."""
    keys = [one.row.key for one in rows]
    opened = work.opened
    for noun in ("items", "pages"):
        work.opened = [one for one in opened if one.noun == noun]
        work.settle_findings(noun, keys, are_new=are_new)


def _meetings(rows: Sequence[Taken], compared: Sequence[Compared], language: str) -> list[PageMeeting]:
    ids = [one.item.pk for one in compared]
    documents: dict[int, Document] = {}
    for start in range(0, len(ids), CHUNK):
        found = Document.objects.filter(item_id__in=ids[start : start + CHUNK], part="")
        documents |= {
            one.item_id: one for one in found.select_related("published", "taken__version", "taken__draft_text")
        }
    drafts = {one.document_id: one for one in Draft.objects.filter(document__in=[one.pk for one in documents.values()])}
    meetings = []
    for taken, one in zip(rows, compared, strict=True):
        document = documents.get(one.item.pk)
        before = getattr(document, "taken", None) if document else None
        draft = drafts.get(document.pk) if document else None
        facts = facts_of(taken.row, language)
        meetings.append(PageMeeting(taken, one.item.pk, document, before, facts, item=one, draft=draft))
    return meetings


def _write(work: Importing, meetings: Sequence[PageMeeting], language: str) -> None:
    new = [one for one in meetings if one.document is None]
    _write_documents(work, [(one.item.item.pk, one.taken) for one in new], language) if new else None
    _adopt(work, [one for one in meetings if one.document is not None and one.before is None])
    known = [one for one in meetings if one.document is not None and one.before is not None]
    write_known(work, known)
    save(PageTaken, [one.before for one in known if one.before], ["version", "draft_text", "facts"])
    planned = [one.item.item for one in known if one.has_new_text and not one.taken.row.draft]
    change_items(
        [(item, {"state": int(State.LIVE)}) for item in planned if item.state == State.PLANNED],
        by=work.by, on=work.on, batch=work.batch,
    )  # fmt: skip
    contested = [one.item.key.pk for one in known if one.is_contested]
    SourceKey.objects.filter(pk__in=contested).update(digest=None)
    set_not_seen([one.item.item.pk for one in meetings], None)
    _add_routines((one.document, one.taken.row, one.beside) for one in known if one.document is not None)


def _adopt(work: Importing, meetings: Sequence[PageMeeting]) -> None:
    """Documents that were written here before their source told of them stand as they are."""
    for one in meetings:
        contest(work, one, "text", "")
        SourceKey.objects.filter(pk=one.item.key.pk).update(digest=None)
