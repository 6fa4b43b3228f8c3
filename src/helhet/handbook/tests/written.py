"""Documents, routines and suppliers for tests, written straight."""

from __future__ import annotations

import datetime as dt
from typing import Any

from helhet.documents.models import About, Audience, Document, DocumentAudience, Sort, Version
from helhet.items.models import Item, Kind
from helhet.items.writing import NewItem, add_items
from helhet.routines.models import Routine
from helhet.suppliers.models import Contact, Contract, Delivery, Supplier
from tests.world import DAY, SYSTEM


def written(
    name: str,
    text: str = "",
    *,
    audience: str = "operations",
    item: Item | None = None,
    part: str = "",
    about: tuple[Item, ...] = (),
    routine: str = "",
    fields: dict[str, Any] | None = None,
    **facts: Any,
) -> Document:
    """A published document; with `routine` (a kind of routine) also that, with `part` a part of the item's."""
    if item is None:
        kind = Kind.objects.get(key="routine" if routine else "document")
        (pk,) = add_items([NewItem(kind=kind, name=name)], by=SYSTEM, on=DAY)
        item = Item.objects.get(pk=pk)
    sort = Sort.ROUTINE if routine else Sort.DOCUMENTATION if part else Sort.OTHER
    document = Document.objects.create(item=item, part=part, sort=sort, **facts)
    document.published = Version.objects.create(
        document=document, major=1, title=name, text=text, fields=fields or {}, approved_by="Anna Berg"
    )
    document.save()
    read_by = Audience.objects.get_or_create(key=audience, defaults={"name_sv": audience, "name_en": audience})[0]
    DocumentAudience.objects.create(document=document, audience=read_by)
    for one in about:
        About.objects.create(document=document, item=one)
    if routine:
        Routine.objects.create(document=document, kind=routine, symptoms="Inloggning misslyckas")
    return document


def a_supplier(name: str, *, delivers: Item, number: str = "A-2026-17", phone: str = "08-123 45 67") -> Supplier:
    """A supplier with a contact and a contract, which delivers the item."""
    kinds = (Kind.objects.get(key="supplier"), Kind.objects.get(key="contract"))
    first, second = add_items([NewItem(kind=kind, name=name) for kind in kinds], by=SYSTEM, on=dt.date(2026, 1, 1))
    supplier = Supplier.objects.create(item_id=first)
    Contact.objects.create(supplier=supplier, role="Jour", phone=phone)
    contract = Contract.objects.create(item_id=second, supplier=supplier, number=number)
    Delivery.objects.create(supplier=supplier, item=delivers, contract=contract)
    return supplier
