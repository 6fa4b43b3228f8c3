"""Pages that this very Helhet let out, told from those with the same references elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from helhet.documents.models import Document, Draft, DraftText, Version
from helhet.documents.origin import mark_of, seal_of
from helhet.documents.taking import FACTS, plain
from helhet.importers.models import PageTaken
from helhet.importers.resolving import REFERENCE, standing
from helhet.importers.rows import PageRow
from helhet.items.models import Item, KeySort, SourceKey

CHUNK = 500
LONGEST = 9
EDITION = re.compile(r"\d{1,8}(\.\d{1,8})?", re.ASCII)


def items_of(rows: Sequence[PageRow]) -> dict[str, Item]:
    """By path the item that the page was let out of here, whatever has become of it since."""
    wanted = {row.key: found for row in rows if (found := _reference(row)) is not None}
    by_prefix: dict[str, set[int]] = {}
    for prefix, number in wanted.values():
        by_prefix.setdefault(prefix, set()).add(number)
    items: dict[tuple[str, int], Item] = {}
    for prefix, numbers in by_prefix.items():
        listed = sorted(numbers)
        for start in range(0, len(listed), CHUNK):
            some = Item.objects.filter(prefix=prefix, number__in=listed[start : start + CHUNK]).select_related("kind")
            items |= {(one.prefix, one.number): one for one in some}
    marks = {row.key: str((row.told_home or {}).get("home")) for row in rows}
    named = {key: items[pair] for key, pair in wanted.items() if pair in items}
    return {key: item for key, item in named.items() if mark_of(item) == marks[key]}


def _reference(row: PageRow) -> tuple[str, int] | None:
    found = REFERENCE.match(str(row.told_home["document"])) if row.told_home is not None else None
    return (found[1].upper(), int(found[2])) if found else None


class AtHome:
    """Which pages of a file are documents of this place that their source does not know as pages of its own."""

    def __init__(self, source_id: int | None, *, is_partial: bool) -> None:
        """`source_id` is None for a source that is not known yet."""
        self._source_id = source_id
        self._is_partial = is_partial

    def of(self, rows: Sequence[PageRow]) -> dict[str, Item]:
        """By path the item. A page that its source gave before is its source's, also where it has another path now,
        save that of a part of a set nobody knows what moved.
        """
        found = items_of(rows)
        if not found or self._source_id is None:
            return found
        ids = {item.pk: standing(item.pk, item.presence, item.merged_into_id) for item in found.values()}
        keys = SourceKey.objects.filter(source_id=self._source_id, sort=KeySort.ITEM)
        known: dict[int, set[str]] = {}
        wanted = sorted({pk for pk in (*ids, *ids.values()) if pk is not None})
        for start in range(0, len(wanted), CHUNK):
            pairs = keys.filter(item_id__in=wanted[start : start + CHUNK]).values_list("item_id", "key")
            for pk, key in pairs:
                known.setdefault(pk, set()).add(key)
        its = {key: known.get(one.pk, set()) | known.get(ids[one.pk] or 0, set()) for key, one in found.items()}
        return {key: item for key, item in found.items() if key not in its[key] and (self._is_partial or not its[key])}


def let_out(row: PageRow, document: Document) -> Version | DraftText | None:
    """The text from which the page was let out of this document."""
    told: dict[str, Any] = row.told_home or {}
    if told.get("version") is not None:
        number, held = str(told["version"]), document.published
        return held if held is not None and held.number == number else edition(document, number)
    return drafted(document, told.get("draft"))


def drafted(document: Document, number: object) -> DraftText | None:
    """The text that its draft had under this number."""
    text = str(number)
    if not (text.isascii() and text.isdigit() and len(text) < LONGEST):
        return None
    return DraftText.objects.filter(document=document, version=text).first()


def made_from(
    first: Version | DraftText | None, last: Version | DraftText | None, document: Document, draft: Draft | None
) -> Version | DraftText | None:  # fmt: skip
    """The text that a page was made from: `first` from which it was let out, where that still stands, else `last`, what
    it gave before. A file that is edited again and again names the first edition for ever.
    """
    is_now = first is not None and (
        draft is None and first.pk == document.published_id
        if isinstance(first, Version)
        else draft is not None and draft.version == first.version and document.published_id is None
    )
    return first if is_now or last is None else last


def rebase(row: PageRow, document: Document, before: PageTaken, facts: Mapping[str, Any]) -> None:
    """Hold a page against what stands here, where it was made from just that: its source says nothing older then.
    `facts` are what the page states, which nobody altered where its seal is whole.
    """
    now = _published(document, (row.told_home or {}).get("version"))
    if now is not None:
        before.version, before.draft_text = now, None
    is_edited = now is None or (now.title, now.text) != (row.name, row.text) or row.fields not in (None, now.fields)
    revision = (row.told_home or {}).get("revision")
    before.facts = facts_then(row, document, facts, before.facts, revision=revision, is_edited=is_edited)


def facts_then(
    row: PageRow, document: Document, stated: Mapping[str, Any], known: Mapping[str, Any], *, revision: object,
    is_edited: bool,
) -> dict[str, Any]:  # fmt: skip
    """The facts that those which a page states are held against: just these where its seal is whole, since nobody
    altered any in it, save day and path of a text that was edited; what stands here where it was let out of this very
    `revision`; else what is `known` of it.
    """
    if is_sealed(row):
        return {**stated, "edited_on": plain(document.edited_on), "path": document.path} if is_edited else {**stated}
    if revision == document.version:
        return {name: plain(getattr(document, name)) for name in FACTS}
    return dict(known)


def is_sealed(row: PageRow) -> bool:
    """Whether the page's own facts are those with which it was let out."""
    return row.seals.get("facts") == seal_of(row.front_matter)


def _published(document: Document, number: object) -> Version | None:
    """What is published of it, where it is the edition of this number."""
    held = document.published
    return held if held is not None and held.number == str(number) else None


def edition(document: Document, number: str) -> Version | None:
    """The edition that is called so."""
    if not EDITION.fullmatch(number):
        return None
    major, _dot, minor = number.partition(".")
    return Version.objects.filter(document=document, major=int(major), minor=int(minor or 0)).first()
