"""Pages: each an item of the register and a published document, and what becomes of one that comes again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from helhet.documents.models import Document, Draft, Version
from helhet.documents.ports import cleaned_fields
from helhet.documents.taking import (
    Edition,
    NewPage,
    add_pages,
    add_versions,
    as_kept,
    computed_due,
    plain,
    set_facts,
    set_not_seen,
)
from helhet.importers.apply_items import write_compared
from helhet.importers.compare_items import Compared, compare, learn, said
from helhet.importers.models import PageTaken, Verdict
from helhet.importers.page_owners import with_owners
from helhet.importers.resolving import ITEM
from helhet.importers.rows import Attribute, ItemRow, PageRow
from helhet.importers.spool import Taken
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import KeySort, SourceKey
from helhet.items.writing import NewItem, NewKey, add_items
from helhet.kit.engines import save
from helhet.kit.errors import Invalid
from helhet.routines.taking import Beside, New, add_routines, read_told

ALWAYS = ("edited_on", "path", "front_matter", "front_form")
"""Facts that nobody states here."""
FALLBACK = "sv"


@dataclass(slots=True)
class Meeting:
    """A page that comes again, with what it is here. `document` is None while its item is known by name only."""

    taken: Taken
    item: Compared
    document: Document | None
    before: PageTaken | None
    is_drafted: bool
    facts: dict[str, Any]
    wanted: dict[str, Any] = field(default_factory=dict)
    told: dict[str, list[Any]] = field(default_factory=dict)
    fields: dict[str, Any] | None = None
    beside: Beside | None = None
    has_new_text: bool = False
    agrees: bool = False
    is_contested: bool = False


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


def _facts(row: PageRow, language: str) -> dict[str, Any]:
    """What the page states of its document, as plain values."""
    return {
        "sort": row.sort, "language": row.language or language, "review_count": row.review_count,
        "review_unit": row.review_unit or "month", "reviewed_on": row.reviewed_on, "due_on": row.due_on,
        "edited_on": row.last_commit or row.edited_on, "valid_from": row.valid_from, "valid_to": row.valid_to,
        "path": row.key, "front_matter": row.front_matter,
        "front_form": row.front_form,
    }  # fmt: skip


def _fields(work: Importing, row: PageRow) -> dict[str, Any] | None:
    """What is structured beside the text, checked by the room whose it is; what it refuses is left out."""
    if row.fields is None:
        return None
    try:
        cleaned = cleaned_fields(row.sort, "", row.fields)
    except Invalid as refusal:
        told = str(refusal.message)
    else:
        if cleaned or not row.fields:
            return cleaned
        told = _("documents of this sort have nothing of the kind.")
    _refuse(work, row, "fields", told)
    return None


def _refuse(work: Importing, row: PageRow, name: str, told: str) -> None:
    details = {"code": "fields_refused", "params": {"told": told}}
    work.open("unreadable", "pages", row, name, told[:200], details=details)


def _note(work: Importing) -> str:
    """What the versions of this import say of how they came to be published."""
    return _("Imported from %(source)s, without approval here.") % {"source": work.source.name}


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
            _fields(work, one.row)
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
    facts = [_facts(one.row, language) for _item_id, one in pairs]
    pages = [
        NewPage(
            item_id, one.row.name, one.row.text, audiences=one.row.audiences, fields=_fields(work, one.row),
            **as_kept(given),
        )
        for (item_id, one), given in zip(pairs, facts, strict=True)
    ]  # fmt: skip
    documents = add_pages(pages, by=work.by, note=_note(work))
    PageTaken.objects.bulk_create(
        (
            PageTaken(document=document, source=work.source, version=document.published, facts=given)
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
        _refuse(work, row, "routine", str(refusal.message))
        return None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _take_again(work: Importing, rows: Sequence[Taken], language: str) -> None:
    if not rows:
        return
    compared = compare(work, [_as_item(one) for one in rows])
    if not work.is_trial:
        write_compared(work, compared)
    meetings = _meetings(rows, compared, language)
    new_paths = {old: new for new, old in work.moved.items()} if work.is_trial else {}
    for one in meetings:
        if one.document is not None and one.before is not None:
            _compare_text(work, one)
            one.beside = _beside(work, one.taken.row)
            _compare_facts(work, one)
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


def _meetings(rows: Sequence[Taken], compared: Sequence[Compared], language: str) -> list[Meeting]:
    ids = [one.item.pk for one in compared]
    documents: dict[int, Document] = {}
    for start in range(0, len(ids), CHUNK):
        found = Document.objects.filter(item_id__in=ids[start : start + CHUNK], part="")
        documents |= {one.item_id: one for one in found.select_related("published", "taken__version")}
    drafted = set(
        Draft.objects.filter(document__in=[one.pk for one in documents.values()]).values_list("document_id", flat=True)
    )
    meetings = []
    for taken, one in zip(rows, compared, strict=True):
        document = documents.get(one.item.pk)
        before = getattr(document, "taken", None) if document else None
        is_drafted = document is not None and document.pk in drafted
        meetings.append(Meeting(taken, one, document, before, is_drafted, _facts(taken.row, language)))
    return meetings


def _compare_text(work: Importing, one: Meeting) -> None:
    """The source's text is taken when it alone was altered; when the one here was too, that one stands."""
    assert one.document is not None
    assert one.before is not None
    row, held, base = one.taken.row, one.document.published, one.before.version
    one.fields = _fields(work, row)
    new = (row.name, row.text, base.fields if one.fields is None else one.fields)
    if new == (base.title, base.text, base.fields):
        return
    if held is not None and new == (held.title, held.text, held.fields if one.fields is None else one.fields):
        one.agrees = True
    elif held is not None and not one.is_drafted and (held.pk == base.pk or _only_fields_differ(one, held, base)):
        one.has_new_text = True
        if row.name != base.title:
            one.told["title"] = [base.title, row.name]
        if new[2] != base.fields:
            one.told["fields"] = [len(base.fields), len(new[2])]
        if row.text != base.text:
            one.told["text"] = [_("%(count)d characters") % {"count": len(base.text)},
                                _("%(count)d characters") % {"count": len(row.text)}]  # fmt: skip
    else:
        _contest(work, one, "text", held.number if held else "")


def _only_fields_differ(one: Meeting, held: Version, base: Version) -> bool:
    """Steps and the like were written here beside the source's text, of which that text says nothing: both stand."""
    return one.fields is None and (held.title, held.text) == (base.title, base.text)


def _contest(work: Importing, one: Meeting, name: str, value: str) -> None:
    one.is_contested = True
    work.open("edited_here", "pages", one.taken.row, name, value, item_id=one.item.item.pk)


def _compare_facts(work: Importing, one: Meeting) -> None:
    """Fact by fact: what the source altered is taken, unless somebody set it here meanwhile."""
    assert one.document is not None
    assert one.before is not None
    document, base = one.document, one.before.facts
    held = {name: plain(getattr(document, name)) for name in one.facts}
    together = ("review_count", "review_unit")
    for names in (together, *((name,) for name in one.facts if name not in {*together, "due_on"})):
        new, old = ([given.get(name) for name in names] for given in (one.facts, base))
        here = [held[name] for name in names]
        if new in (old, here):
            continue
        if names == ("edited_on",) and here[0] and not one.has_new_text and here[0] > (new[0] or ""):
            continue  # the text that stands was written here, later
        is_later = names == ("reviewed_on",) and new[0] and here[0] and new[0] > here[0]
        if here == old or names[0] in ALWAYS or is_later:
            one.wanted |= dict(zip(names, new, strict=True))
        elif names != ("reviewed_on",):
            _contest(work, one, names[0], " ".join(str(part) for part in new if part is not None))
    wanted = as_kept(one.wanted)
    after = {name: wanted.get(name, getattr(document, name)) for name in ("reviewed_on", "review_count", "review_unit")}
    stated = _day(one.facts["due_on"]) if one.facts["due_on"] != base.get("due_on") else document.due_on
    due = computed_due(after["reviewed_on"], after["review_count"], after["review_unit"], stated)
    if due != document.due_on:
        one.wanted["due_on"] = plain(due)
    one.told |= {
        name: [held[name], value]
        for name, value in one.wanted.items()
        if name not in {"front_matter", "front_form", "path"}
    }
    if "front_matter" in one.wanted and not one.told:
        one.told["front_matter"] = [len(held["front_matter"]), len(one.facts["front_matter"])]


def _write(work: Importing, meetings: Sequence[Meeting], language: str) -> None:
    new = [one for one in meetings if one.document is None]
    _write_documents(work, [(one.item.item.pk, one.taken) for one in new], language) if new else None
    _adopt(work, [one for one in meetings if one.document is not None and one.before is None])
    known = [one for one in meetings if one.document is not None and one.before is not None]
    fresh = [one for one in known if one.has_new_text]
    texts = [Edition(one.document, one.taken.row.name, one.taken.row.text, one.fields) for one in fresh]  # type: ignore[arg-type] # the same
    before = {one.document.pk: one.document.published for one in fresh}  # type: ignore[union-attr] # looked at above
    versions = add_versions(texts, by=work.by, note=_note(work))
    editions: dict[int, tuple[Version | None, Version]] = {
        version.document_id: (before[version.document_id], version) for version in versions
    }
    set_facts(
        [(one.document, as_kept(one.wanted)) for one in known],  # type: ignore[misc] # the same
        by=work.by, batch=work.batch, reason=work.source.name, editions=editions,
    )  # fmt: skip
    for one in known:
        assert one.before is not None
        assert one.document is not None
        if one.has_new_text or one.agrees:
            one.before.version = one.document.published  # type: ignore[assignment] # it has one
        one.before.facts = one.facts
    save(PageTaken, [one.before for one in known if one.before], ["version", "facts"])
    contested = [one.item.key.pk for one in known if one.is_contested]
    SourceKey.objects.filter(pk__in=contested).update(digest=None)
    set_not_seen([one.item.item.pk for one in meetings], None)
    _add_routines((one.document, one.taken.row, one.beside) for one in known if one.document is not None)


def _adopt(work: Importing, meetings: Sequence[Meeting]) -> None:
    """Documents that were written here before their source told of them stand as they are."""
    for one in meetings:
        _contest(work, one, "text", "")
        SourceKey.objects.filter(pk=one.item.key.pk).update(digest=None)
