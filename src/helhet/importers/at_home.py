"""Pages that this very Helhet let out, told from those with the same references elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from helhet.documents.models import Document, Draft, DraftText, Version
from helhet.documents.origin import mark_of, seal_of_page
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


class Asked(NamedTuple):
    """What a page says that it was let out of: of this document the edition `version`, else the draft `drafted`, by
    their numbers as the page tells them. `last` is what it gave before, `draft` what is drafted now.
    """

    document: Document
    version: object
    drafted: object
    last: Version | DraftText | None
    draft: Draft | None


def made_from(asked: Sequence[Asked]) -> list[Version | DraftText | None]:
    """The texts that pages were made from, in order: those from which they were let out, where these still stand, else
    what they gave before. A file that is edited again and again names the first edition for ever.
    """
    return [
        first if one.last is None or _is_now(one, first) else one.last
        for one, first in zip(asked, _let_out(asked), strict=True)
    ]


def _is_now(one: Asked, first: Version | DraftText | None) -> bool:
    if isinstance(first, Version):
        return one.draft is None and first.pk == one.document.published_id
    is_draft = first is not None and one.draft is not None and one.draft.version == first.version
    return is_draft and one.document.published_id is None


def _let_out(asked: Sequence[Asked]) -> list[Version | DraftText | None]:
    """The texts that they were let out of; None also where it is none that stands, and the page gave one since."""
    held = [_published(one.document, one.version) for one in asked]
    keys = [None if version else _key(one) for one, version in zip(asked, held, strict=True)]
    wanted = {key for key in keys if key is not None}
    found = _found(Version.objects.all(), ("document_id", "major", "minor"), wanted)
    found |= _found(DraftText.objects.all(), ("document_id", "version"), wanted)
    return [version or (found.get(key) if key else None) for version, key in zip(held, keys, strict=True)]


def _key(one: Asked) -> tuple[int, ...] | None:
    """Document, major and minor of an edition that has to be looked up, or document and number of a draft."""
    if one.version is None:
        number = str(one.drafted)
        is_number = number.isascii() and number.isdigit() and len(number) < LONGEST
        return (one.document.pk, int(number)) if is_number else None
    if one.last is not None or not EDITION.fullmatch(str(one.version)):
        return None
    major, _dot, minor = str(one.version).partition(".")
    return one.document.pk, int(major), int(minor or 0)


def _found(texts: QuerySet[Any], names: Sequence[str], wanted: Collection[tuple[int, ...]]) -> dict[Any, Any]:
    """By these fields, all of them asked for at once, the newest of each text that is wanted by so many."""
    keys = {key for key in wanted if len(key) == len(names)}
    if not keys:
        return {}
    some = texts.filter(document__in={key[0] for key in keys}, **{f"{names[1]}__in": {key[1] for key in keys}})
    numbers = {tuple(key): pk for *key, pk in some.order_by("pk").values_list(*names, "pk")}
    ids = {key: numbers[key] for key in keys if key in numbers}
    rows = texts.in_bulk(list(ids.values()))
    return {key: rows[pk] for key, pk in ids.items()}


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
    return row.seals.get("facts") == seal_of_page(row.front_matter, row.text)


def _published(document: Document, number: object) -> Version | None:
    """What is published of it, where it is the edition of this number."""
    held = document.published
    return held if held is not None and held.number == str(number) else None
