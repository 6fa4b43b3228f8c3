"""A page that comes again: what its source says now held against what it said before and what stands here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Draft, DraftState, DraftText, Version
from helhet.documents.ports import cleaned_fields
from helhet.documents.taking import Edition, add_versions, as_kept, computed_due, edition_of, plain, set_facts
from helhet.documents.taking_drafts import add_drafts, end_drafts
from helhet.importers.models import PageTaken
from helhet.importers.rows import PageRow
from helhet.importers.spool import Taken
from helhet.importers.work import Importing
from helhet.kit.errors import Invalid

Text = tuple[str, str, dict[str, Any]]
"""Title, text and what is structured beside it."""
ALWAYS = ("edited_on", "path", "front_matter", "front_form")
"""Facts that nobody states here."""


@dataclass(slots=True)
class Meeting:
    """A page that comes again, with what it is here and what its source gave before. `document` is None while its item
    is known by name only. `is_own`: it was let out here, and what is published stands while it is drafted.
    `contested` are the facts that were set here and that the page says otherwise.
    """

    taken: Taken
    item_id: int
    document: Document | None
    before: PageTaken | None
    facts: dict[str, Any]
    wanted: dict[str, Any] = field(default_factory=dict)
    told: dict[str, list[Any]] = field(default_factory=dict)
    fields: dict[str, Any] | None = None
    has_new_text: bool = False
    agrees: bool = False
    is_contested: bool = False
    noun: str = "pages"
    draft: Draft | None = None
    is_own: bool = False
    contested: set[str] = field(default_factory=set)

    def facts_to_keep(self) -> dict[str, Any]:
        """What the next page is held against: what this one states, and of what is contested what stood before: else
        the same page would say nothing new the next time, and what it says be forgotten.
        """
        before = self.before.facts if self.before is not None else {}
        kept = {name: value for name, value in self.facts.items() if name not in self.contested}
        return kept | {name: before[name] for name in self.contested if name in before}


def facts_of(row: PageRow, language: str) -> dict[str, Any]:
    """What the page states of its document, as plain values."""
    return {
        "sort": row.sort, "language": row.language or language, "review_count": row.review_count,
        "review_unit": row.review_unit or "month", "reviewed_on": row.reviewed_on, "due_on": row.due_on,
        "edited_on": row.last_commit or row.edited_on, "valid_from": row.valid_from, "valid_to": row.valid_to,
        "path": row.key, "front_matter": row.front_matter,
        "front_form": row.front_form,
    }  # fmt: skip


def note_of(work: Importing) -> str:
    """What the versions of this import say of how they came to be published."""
    return _("Imported from %(source)s, without approval here.") % {"source": work.source.name}


def draft_note_of(work: Importing) -> str:
    """The same of its drafts."""
    return _("Imported from %(source)s, where it is a draft.") % {"source": work.source.name}


def note_of_own(work: Importing) -> str:
    """What a draft says that came with a page that was let out here."""
    return _("Imported from %(source)s.") % {"source": work.source.name}


def taken_fields(
    work: Importing, row: PageRow, sort: str, *, noun: str = "pages", item_id: int | None = None
) -> dict[str, Any] | None:  # fmt: skip
    """What is structured beside the text, checked by the room whose it is; what it refuses is left out, which is told.
    None: the page tells of nothing, or nothing of it may be taken.
    """
    if row.fields is None:
        return None
    try:
        cleaned = cleaned_fields(sort, "", row.fields)
    except Invalid as refusal:
        told = str(refusal.message)
    else:
        if cleaned or not row.fields:
            return cleaned
        told = _("documents of this sort have nothing of the kind.")
    refuse_fields(work, row, "fields", told, noun=noun, item_id=item_id)
    return None


def refuse_fields(
    work: Importing, row: PageRow, name: str, told: str, *, noun: str = "pages", item_id: int | None = None
) -> None:  # fmt: skip
    """Tell why what the page says under this name is left out."""
    details = {"code": "fields_refused", "params": {"told": told}}
    work.open("unreadable", noun, row, name, told[:200], item_id=item_id, details=details)


def compare_text(work: Importing, one: Meeting) -> None:
    """The source's text is taken when it alone was altered; when the one here was too, that one stands.

    That the page is shown where it comes from, or is a draft there, goes with its text. `fields` of the meeting is to
    be set before.
    """
    assert one.document is not None
    assert one.before is not None
    row, held = one.taken.row, one.document.published
    base = one.before.version or one.before.draft_text
    given = text_of(base) if base else ("", "", {})
    new = (row.name, row.text, given[2] if one.fields is None else one.fields)
    if new == given and bool(row.draft) == (one.before.version is None):
        return
    here = one.draft if row.draft and held is None else None if row.draft else held
    if here is not None and says(here, one, new):
        one.agrees = True
    elif _is_as_given(one, base, new):
        one.has_new_text = True
        tell_text(one, given, new)
    else:
        contest(work, one, "text", held.number if held else "")


def text_of(written: Version | Draft | DraftText) -> Text:
    """What is written there."""
    return written.title, written.text, written.fields


def says(here: Version | Draft, one: Meeting, new: Text) -> bool:
    """Whether it says the same, as far as the source tells of it."""
    return (here.title, here.text) == new[:2] and (one.fields is None or here.fields == new[2])


def _is_as_given(one: Meeting, base: Version | DraftText | None, new: Text) -> bool:
    """Whether nobody here has altered what the source gave last, or to other words than it says now. A draft that was
    dropped is in nobody's way.
    """
    assert one.document is not None
    assert one.before is not None
    held, draft = one.document.published, one.draft
    if one.before.version is not None:
        is_its = held is not None and (held == base or only_fields_differ(one, held, one.before.version))
        return is_its and draft is None
    if draft is None or base is None:
        return held is None
    is_its = draft.state == DraftState.WRITING and text_of(draft) == text_of(base)
    return held is None and (is_its or says(draft, one, new))


def tell_text(one: Meeting, base: Text, new: Text) -> None:
    """Say what becomes of the text."""
    assert one.before is not None
    was_draft, is_draft = one.before.version is None, bool(one.taken.row.draft)
    if was_draft != is_draft:
        one.told["draft"] = [was_draft, is_draft]
    if new[0] != base[0]:
        one.told["title"] = [base[0], new[0]]
    if new[2] != base[2]:
        one.told["fields"] = [len(base[2]), len(new[2])]
    if new[1] != base[1]:
        one.told["text"] = [_("%(count)d characters") % {"count": len(text)} for text in (base[1], new[1])]


def only_fields_differ(one: Meeting, held: Version, base: Version) -> bool:
    """Steps and the like were written here beside the source's text, of which that text says nothing: both stand."""
    return one.fields is None and (held.title, held.text) == (base.title, base.text)


def contest(work: Importing, one: Meeting, name: str, value: str) -> None:
    """What stands here stays, and a finding says so until both say the same."""
    one.is_contested = True
    work.open("edited_here", one.noun, one.taken.row, name, value, item_id=one.item_id)


def compare_facts(work: Importing, one: Meeting) -> None:
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
            one.contested.update(names)
            contest(work, one, names[0], " ".join(str(part) for part in new if part is not None))
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


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def write_known(work: Importing, known: Sequence[Meeting]) -> None:
    """Write what was found to differ of documents that their source gave before; `before` is to be saved after it."""
    editions = _write_texts(work, [one for one in known if one.has_new_text])
    set_facts(
        [(one.document, as_kept(one.wanted)) for one in known],  # type: ignore[misc] # the same
        by=work.by, batch=work.batch, reason=work.source.name, editions=editions,
    )  # fmt: skip
    altered = [one for one in known if one.has_new_text or one.agrees]
    drafts = _last_drafts([one.document.pk for one in altered if one.document and _is_drafted(one)])
    for one in altered:
        assert one.before is not None
        assert one.document is not None
        draft = drafts.get(one.document.pk)
        one.before.version, one.before.draft_text = None if draft else one.document.published, draft
    for one in known:
        assert one.before is not None
        one.before.facts = one.facts_to_keep()


def _is_drafted(one: Meeting) -> bool:
    """Whether what the page says is a draft here now."""
    assert one.document is not None
    is_draft = bool(one.taken.row.draft) and (one.has_new_text or one.draft is not None)
    return is_draft if one.is_own else one.document.published_id is None


def _write_texts(
    work: Importing, meetings: Sequence[Meeting]
) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:  # fmt: skip
    """Publish what these pages say, or let it be their draft; returns what there was and is of each, by document."""
    before: dict[int, dict[str, Any]] = {}
    shown: list[Edition] = []
    hidden: list[Edition] = []
    beside: list[Edition] = []
    for one in meetings:
        assert one.document is not None
        before[one.document.pk] = edition_of(one.document.published, one.draft.version if one.draft else None)
        edition = Edition(one.document, one.taken.row.name, one.taken.row.text, one.fields)
        (beside if one.is_own and one.taken.row.draft else hidden if one.taken.row.draft else shown).append(edition)
    end_drafts([one.document for one in shown])
    now = {one.document_id: edition_of(one) for one in add_versions(shown, by=work.by, note=note_of(work))}
    for text in add_drafts(hidden, by=work.by, note=draft_note_of(work)):
        now[text.document_id] = edition_of(None, text.version)
    stand = {one.document.pk: one.document.published for one in beside}
    for text in add_drafts(beside, by=work.by, note=note_of_own(work), is_beside=True):
        now[text.document_id] = edition_of(stand[text.document_id], text.version)
    return {pk: (before[pk], told) for pk, told in now.items()}


def _last_drafts(ids: Sequence[int]) -> dict[int, DraftText]:
    """By document the text that its draft has now."""
    texts = DraftText.objects.filter(document_id__in=ids)
    newest = texts.order_by().values("document_id").annotate(last=Max("pk")).values("last")
    return {one.document_id: one for one in texts.filter(pk__in=newest)}
