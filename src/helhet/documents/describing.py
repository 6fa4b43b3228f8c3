"""What a published text states: written down when it is published, so that a change of it is noticed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from helhet.documents.aspects import COMPARED
from helhet.documents.links import Found, links_in
from helhet.documents.models import About, Described, Document, TextLink
from helhet.documents.page_links import tie_document
from helhet.documents.ports import Stated, Written, describes
from helhet.documents.stating import stated_now
from helhet.rules.page_links import may_be_page

NAMED = ("name", "kind", "state", "presence")
"""What a text states of an item by naming it."""
VERSIONS = ("version", "os", "os_version", "release", "edition", "model")
"""Attributes that a text about an item is written for: another version may be handled in another way."""


def write_described(document: Document, version: Written) -> None:
    """Write what this text states, and where it leads, in place of what the former did. In the verb's transaction."""
    write_all_described([(document, version)])
    if document.path:
        tie_document(document)


def write_all_described(written: Sequence[tuple[Document, Written]], *, are_foreign: bool = False) -> None:
    """The same of many. In texts that were written elsewhere (`are_foreign`) only what leads to something here, or to a
    page of their own set, counts; where the latter lead is then to be found by `page_links.tie`.
    """
    links = links_in([version.text for _document, version in written])
    if are_foreign:
        links = [[one for one in some if one.item_id is not None or one.is_local] for some in links]
    ids = [document.pk for document, _version in written]
    stated = _all_stated(written, links)
    Described.objects.filter(document_id__in=ids).delete()
    TextLink.objects.filter(document_id__in=ids).delete()
    _write_stated(zip(ids, stated, strict=True))
    TextLink.objects.bulk_create(
        (_link(document, one) for (document, _version), some in zip(written, links, strict=True) for one in some),
        batch_size=500,
    )


def state_missing(published: Sequence[Document]) -> int:
    """Write what the published texts state by today's measure and nobody wrote down when they were published; returns
    how much. What was written then stands: it may be of another day, and is held against what has been altered since.
    """
    written = [(document, version) for document in published if (version := document.published) is not None]
    known: dict[int, set[Stated]] = {}
    rows = Described.objects.filter(document__in=[document.pk for document, _version in written])
    for pk, noun, number, aspect in rows.values_list("document_id", "noun", "noun_id", "aspect"):
        known.setdefault(pk, set()).add((noun, number, aspect))
    stated = _all_stated(written, links_in([version.text for _document, version in written]))
    missing = [
        (document.pk, some - known.get(document.pk, set()))
        for (document, _version), some in zip(written, stated, strict=True)
    ]
    _write_stated(missing)
    return sum(len(some) for _pk, some in missing)


def _all_stated(
    written: Sequence[tuple[Document, Written]], links: Sequence[Sequence[Found]]
) -> list[set[Stated]]:  # fmt: skip
    about: dict[int, set[int]] = {}
    ids = [document.pk for document, _version in written]
    for pk, item_id in About.objects.filter(document_id__in=ids).values_list("document_id", "item_id"):
        about.setdefault(pk, set()).add(item_id)
    return [
        _stated(document, version, some, about.get(document.pk, set()))
        for (document, version), some in zip(written, links, strict=True)
    ]


def _write_stated(stated: Iterable[tuple[int, set[Stated]]]) -> None:
    listed = list(stated)
    numbers = {aspect: {pk for _id, some in listed for _n, pk, one in some if one == aspect} for aspect in COMPARED}
    now = {aspect: stated_now(aspect, some) for aspect, some in numbers.items()}
    Described.objects.bulk_create(
        (
            Described(
                document_id=document_id, noun=noun, noun_id=number, aspect=aspect,
                stated=now[aspect].get(number, []) if aspect in now else None,
            )
            for document_id, some in listed
            for noun, number, aspect in sorted(some)
        ),
        batch_size=500,
    )  # fmt: skip


def _link(document: Document, found: Found) -> TextLink:
    """A file beside the pages of a set (a picture, a program) stayed where it was, and is not missed."""
    is_local = found.is_local and bool(document.path)
    is_file = is_local and not found.is_named and not may_be_page(found.target)
    return TextLink(
        document=document, target=found.target, item_id=found.item_id, is_page=found.is_page or is_file,
        is_local=is_local, is_named=is_local and found.is_named,
    )  # fmt: skip


def _stated(document: Document, version: Written, links: Sequence[Found], about: set[int]) -> set[tuple[str, int, str]]:
    items = {one.item_id for one in links if one.item_id is not None} | about
    items.discard(document.item_id)
    aspects = (*NAMED, *(f"attributes.{name}" for name in VERSIONS))
    stated = {("item", pk, aspect) for pk in items for aspect in aspects}
    return stated | {(noun, number, aspect[:100]) for port in describes for noun, number, aspect in port(version)}


def forget_described(document: Document) -> None:
    """Nothing is stated any more."""
    Described.objects.filter(document=document).delete()
    TextLink.objects.filter(document=document).delete()


def state_anew(document: Document, things: set[tuple[str, int, str]]) -> None:
    """Somebody says that the text holds as these compared aspects are now: what is stated of them is what stands."""
    for aspect in COMPARED:
        numbers = {number for _noun, number, one in things if one == aspect}
        rows = list(Described.objects.filter(Q(aspect=aspect), document=document, noun_id__in=numbers))
        stands = stated_now(aspect, numbers)
        for row in rows:
            row.stated = stands.get(row.noun_id, [])
        Described.objects.bulk_update(rows, ["stated"])
