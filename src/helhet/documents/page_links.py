"""Links between pages of one set: which document each leads to, whatever order they came in and wherever one moved.

A page's text stays as its source wrote it; what its links mean is written down beside it (`TextLink.is_local`) and
found anew when pages of the set come, move or are gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from helhet.documents.models import Document, TextLink
from helhet.documents.ports import sets
from helhet.items.models import Item, KeySort, Presence, SourceKey
from helhet.kit.engines import save
from helhet.kit.markdown import Addresses, anchor_of
from helhet.kit.rights import Caller
from helhet.rules.page_links import Known, PageSet, place_in

CHUNK = 500


def tie(source_id: int, parts: QuerySet[Any]) -> int:
    """Find where all links within this source's set of pages lead now; returns how many changed. `parts` gives the
    numbers of those of its documents that are parts of an item's documentation. In a transaction.
    """
    keys = SourceKey.objects.filter(source_id=source_id, sort=KeySort.ITEM).order_by()
    of_set = Q(document__part="", document__item__in=keys.values("item_id")) | Q(document__in=parts)
    links = TextLink.objects.filter(of_set, is_local=True)
    return _tie(links, [_set_of(source_id)])


def tie_document(document: Document) -> None:
    """The same of one document whose text was published here."""
    links = TextLink.objects.filter(is_local=True, document=document)
    if links.exists():
        known = _sources_of([document.item_id]).get(document.item_id, ())
        sources = [pk for port in sets for pk in port(document)] if document.part else known
        _tie(links, [_set_of(pk) for pk in sources])


def tie_documents(documents: QuerySet[Document]) -> None:
    """The same of those among these, none of them a part, that lead anywhere within a set."""
    links = TextLink.objects.filter(is_local=True, document__in=documents)
    pairs = dict(links.order_by().values_list("document_id", "document__item_id").distinct())
    of_sources: dict[tuple[int, ...], list[int]] = {}
    known = _sources_of(pairs.values())
    for pk, item_id in pairs.items():
        of_sources.setdefault(known.get(item_id, ()), []).append(pk)
    for sources, ids in of_sources.items():
        pages = [_set_of(source_id) for source_id in sources]
        for start in range(0, len(ids), CHUNK):
            _tie(links.filter(document__in=ids[start : start + CHUNK]), pages)


def _sources_of(item_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """By item the sources that know it as a page, in the order in which they came to."""
    listed, found = sorted(set(item_ids)), dict[int, tuple[int, ...]]()
    for start in range(0, len(listed), CHUNK):
        keys = SourceKey.objects.filter(item_id__in=listed[start : start + CHUNK], sort=KeySort.ITEM).order_by("id")
        for item_id, source_id in keys.values_list("item_id", "source_id"):
            found[item_id] = tuple(dict.fromkeys((*found.get(item_id, ()), source_id)))
    return found


def _tie(links: QuerySet[TextLink], sets: Sequence[PageSet]) -> int:
    changed = []
    for link in links.select_related("document").only("item_id", "target", "document__path").iterator(CHUNK):
        found = next((item for one in sets if (item := _led(one, link)) is not None), None)
        if found != link.item_id:
            link.item_id = found
            changed.append(link)
    save(TextLink, changed, ["item"])
    return len(changed)


def _led(pages: PageSet, link: TextLink) -> int | None:
    of = link.document.path
    if link.is_named:
        return pages.named(of, link.target)
    return pages.find(of, link.target)


def _set_of(source_id: int) -> PageSet:
    """The set of a source, by every path that its pages have or had."""
    rows = Document.objects.filter(
        part="", item__presence=Presence.HERE, item__source_keys__source_id=source_id,
        item__source_keys__sort=KeySort.ITEM,
    ).order_by()  # fmt: skip
    told = rows.values_list("item__source_keys__key", "item_id", "item__name", "front_matter", "former_paths")
    now, former = [], []
    for key, item_id, name, facts, paths in told.iterator(CHUNK):
        now.append(Known(key, item_id, _names(name, facts)))
        former += [Known(path, item_id) for path in paths]
    return PageSet(now, former)


def _names(title: str, facts: Mapping[str, Any]) -> list[str]:
    aliases = facts.get("aliases")
    also = aliases if isinstance(aliases, list) else [aliases]
    return [title, *(one for one in also if isinstance(one, str) and not one.startswith("/"))]


def addresses_of(document: Document, caller: Caller) -> Addresses:
    """Where the links within its set lead here: to the document that the caller may read, else to its item; None for
    those that lead nowhere.
    """
    if not document.path:
        return {}
    links = list(TextLink.objects.filter(document=document, is_local=True))
    ids = {link.item_id for link in links if link.item_id is not None}
    if not ids:
        return {link.target: None for link in links}
    read = Document.objects.visible_to(caller).filter(item_id__in=ids, part="").select_related("item")
    where = {item.pk: item.get_absolute_url() for item in Item.objects.visible_to(caller).filter(pk__in=ids)}
    where |= {one.item_id: reverse("documents:document", args=[one.address]) for one in read}
    return {link.target: _with_place(where.get(link.item_id or 0), link) for link in links}


def _with_place(address: str | None, link: TextLink) -> str | None:
    place = "" if link.is_named else place_in(link.target)
    return f"{address}#s-{anchor_of(place)}" if address and place else address


def led_to(ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Of these documents, by link within their set, the reference of the document that it leads to."""
    found: dict[int, dict[str, str]] = {}
    links = TextLink.objects.filter(document_id__in=ids, is_local=True, item__presence=Presence.HERE)
    for link in links.select_related("item"):
        assert link.item is not None
        found.setdefault(link.document_id, {})[link.target] = link.item.reference
    return found
