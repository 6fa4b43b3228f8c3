"""What each part states, so that it alone is doubted when that changes. Fills `documents.describes`.

Each is (noun, id, aspect) by the journal's names; an empty aspect is any of them. A part states exactly what it points
at and what of it it shows: a number that is drawn from the register stands right by itself, yet whoever changed it may
have changed who is called, so the part is asked about. A note or a mark that no part shows turns none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from helhet.changes.models import StandardChange
from helhet.documents.aspects import APPROVED, COMPARED, PUBLISHED
from helhet.documents.models import Sort
from helhet.documents.ports import Stated, Written
from helhet.handbook.models import Part
from helhet.handbook.pointing import Pointed, pointed_at, rows_of
from helhet.handbook.shapes import CONTRACT, ROUTINE, SHAPES, STANDARD, SUPPLIER, WHO
from helhet.handbook.showing import LIFECYCLE
from helhet.items.models import Item
from helhet.rules.rows import Row

OF_SERVICE = ("name", "state", *COMPARED)
"""What the description shows of the service, beside its lifecycle."""
OF_CONTRACT = ("supplier", "ends_on", "notice_months", "levels")


def describes(version: Written) -> Iterable[Stated]:
    """What the version states; nothing for what is no part."""
    document = version.document
    if document.sort != Sort.DOCUMENTATION or document.part not in SHAPES:
        return []
    if document.part == Part.DESCRIPTION:
        return [("item", document.item_id, aspect) for aspect in (*OF_SERVICE, *lifecycle_of(document.item))]
    rows = rows_of(version.fields)
    found = pointed_at(rows)
    return list(dict.fromkeys(stated for row in rows for stated in _of_row(row, found)))


def named(noun: str, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    """Fills `documents.named`: standard changes by number, with their pages."""
    if noun != "standard":
        return {}
    return {one.pk: (one.name, one.get_absolute_url()) for one in StandardChange.objects.filter(pk__in=ids)}


def lifecycle_of(item: Item) -> list[str]:
    """The aspects of the attributes that the description shows, under the item's own names of them too."""
    own = (name for name in item.attributes if name.lower() in LIFECYCLE)
    return [f"attributes.{name}" for name in dict.fromkeys((*LIFECYCLE, *own))]


def _of_row(row: Row, found: Pointed) -> Iterator[Stated]:
    routine = found.item(row.get(ROUTINE) or "")
    if routine is not None:
        yield from _of_item(routine)
        if routine.pk in found.written:
            yield "document", found.written[routine.pk], PUBLISHED
    who = found.item(row.get(WHO) or "")
    if who is not None:
        yield from _of_item(who)
        if who.pk in found.groups and not row.get("contact"):
            yield "item", who.pk, "contacts"
    supplier = found.item(row.get(SUPPLIER) or "")
    if supplier is not None:
        yield from _of_item(supplier)
    if supplier is not None or not row.get("contact"):
        for contact in found.called(row):
            yield "contact", contact.pk, ""
    contract = found.item(row.get(CONTRACT) or "")
    if contract is not None:
        yield from _of_item(contract)
        yield from (("contract", contract.pk, aspect) for aspect in OF_CONTRACT)
    standard = found.standards.get(str(row.get(STANDARD) or ""))
    if standard is not None:
        yield "standard", standard.pk, APPROVED


def _of_item(item: Item) -> Iterator[Stated]:
    yield "item", item.pk, "name"
    yield "item", item.pk, "state"
