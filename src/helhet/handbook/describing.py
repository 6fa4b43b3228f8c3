"""What each part states, so that it alone is doubted when that changes. Fills `documents.describes`.

Each is (noun, id, aspect) by the journal's names; an empty aspect is any of them. A part states exactly what it points
at and what of it it shows: a number that is drawn from the register stands right by itself, yet whoever changed it may
have changed who is called, so the part is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from helhet.documents.models import Sort
from helhet.documents.ports import Stated, Written
from helhet.handbook.models import Part
from helhet.handbook.pointing import Pointed, pointed_at, rows_of
from helhet.handbook.shapes import CONTRACT, ROUTINE, SHAPES, STANDARD, SUPPLIER, WHO
from helhet.items.models import Item
from helhet.rules.rows import Row


def describes(version: Written) -> Iterable[Stated]:
    """What the version states; nothing for what is no part."""
    document = version.document
    if document.sort != Sort.DOCUMENTATION or document.part not in SHAPES:
        return []
    if document.part == Part.DESCRIPTION:
        return [
            ("item", document.item_id, aspect)
            for aspect in ("name", "state", "part_of_id", "dependencies", "attributes")
        ]
    rows = rows_of(version.fields)
    found = pointed_at(rows)
    return list(dict.fromkeys(stated for row in rows for stated in _of_row(row, found)))


def _of_row(row: Row, found: Pointed) -> Iterator[Stated]:
    routine = found.item(row.get(ROUTINE) or "")
    if routine is not None:
        yield from _of_item(routine)
        yield "routine", routine.pk, ""
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
        yield "contract", contract.pk, ""
    standard = found.standards.get(str(row.get(STANDARD) or ""))
    if standard is not None:
        yield "standard", standard.pk, ""


def _of_item(item: Item) -> Iterator[Stated]:
    yield "item", item.pk, "name"
    yield "item", item.pk, "state"
