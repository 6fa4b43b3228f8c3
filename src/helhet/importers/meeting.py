"""A page that comes again: what its source says now held against what it said before and what stands here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from helhet.documents.models import Document, Version
from helhet.documents.taking import Edition, add_versions, as_kept, computed_due, plain, set_facts
from helhet.importers.models import PageTaken
from helhet.importers.rows import PageRow
from helhet.importers.spool import Taken
from helhet.importers.work import Importing

ALWAYS = ("edited_on", "path", "front_matter", "front_form")
"""Facts that nobody states here."""


@dataclass(slots=True)
class Meeting:
    """A page that comes again, with what it is here and what its source gave before. `document` is None while its item
    is known by name only.
    """

    taken: Taken
    item_id: int
    document: Document | None
    before: PageTaken | None
    is_drafted: bool
    facts: dict[str, Any]
    wanted: dict[str, Any] = field(default_factory=dict)
    told: dict[str, list[Any]] = field(default_factory=dict)
    fields: dict[str, Any] | None = None
    has_new_text: bool = False
    agrees: bool = False
    is_contested: bool = False
    noun: str = "pages"


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


def compare_text(work: Importing, one: Meeting) -> None:
    """The source's text is taken when it alone was altered; when the one here was too, that one stands.

    `fields` of the meeting is to be set before.
    """
    assert one.document is not None
    assert one.before is not None
    row, held, base = one.taken.row, one.document.published, one.before.version
    new = (row.name, row.text, base.fields if one.fields is None else one.fields)
    if new == (base.title, base.text, base.fields):
        return
    if held is not None and new == (held.title, held.text, new[2] if one.fields is None else held.fields):
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
        contest(work, one, "text", held.number if held else "")


def _only_fields_differ(one: Meeting, held: Version, base: Version) -> bool:
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
    fresh = [one for one in known if one.has_new_text]
    texts = [Edition(one.document, one.taken.row.name, one.taken.row.text, one.fields) for one in fresh]  # type: ignore[arg-type] # the same
    before = {one.document.pk: one.document.published for one in fresh}  # type: ignore[union-attr] # looked at above
    versions = add_versions(texts, by=work.by, note=note_of(work))
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
