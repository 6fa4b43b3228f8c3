"""The rights matrix of suppliers and contracts, and something to point it at."""

from __future__ import annotations

from typing import Any

from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Group
from helhet.items.models import Item
from helhet.suppliers.models import Contact, Contract, Delivery, Supplier
from tests.matrix import MEMBERS, OWN_MEMBERS, READERS, Line, Operation
from tests.world import DAY, SYSTEM, Cast, make_item

VERSION = {"version": "1"}
ONE, CONTACT, CONTRACT = ("supplier",), ("supplier", "contact"), ("agreement",)
PAGES: dict[str, Line] = {
    "suppliers:suppliers": Line(READERS),
    "suppliers:supplier_new": Line(MEMBERS, MEMBERS, body={"name": "Kabelbolaget"}),
    "suppliers:supplier": Line(READERS, args=ONE),
    "suppliers:supplier_edit": Line(OWN_MEMBERS, OWN_MEMBERS, args=ONE, body={"name": "Nytt namn", **VERSION}),
    "suppliers:supplier_end": Line(OWN_MEMBERS, OWN_MEMBERS, args=ONE, body=VERSION),
    "suppliers:supplier_return": Line(post=OWN_MEMBERS, args=ONE, body=VERSION),
    "suppliers:contact_new": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=ONE, body={"role": "Jour", "use": "support", "phone": "08-1"}
    ),
    "suppliers:contact": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=CONTACT, body={"role": "Jour", "use": "support", "phone": "08-2", **VERSION}
    ),
    "suppliers:contact_end": Line(post=OWN_MEMBERS, args=CONTACT, body=VERSION),
    "suppliers:delivery_new": Line(READERS, OWN_MEMBERS, args=ONE, body={"item": "{item}"}),
    "suppliers:delivery_end": Line(post=OWN_MEMBERS, args=("supplier", "item")),
    "suppliers:contracts": Line(READERS),
    "suppliers:contract_new": Line(MEMBERS, MEMBERS, body={"name": "Ramavtal", "supplier": "{supplier}"}),
    "suppliers:contract": Line(READERS, args=CONTRACT),
    "suppliers:contract_edit": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=CONTRACT, body={"name": "Avtal", "supplier": "{supplier}", **VERSION}
    ),
    "suppliers:levels": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=CONTRACT, body={"rows-0-measure": "Svar", "rows-0-target": "1 h", **VERSION}
    ),
}
READ = Operation(READERS, writes=False)
SUPPLIER = "/suppliers/{reference}"
API: dict[str, Operation] = {
    "GET /suppliers": READ,
    "POST /suppliers": Operation(MEMBERS, {"name": "Kabelbolaget"}),
    f"GET {SUPPLIER}": READ,
    f"PATCH {SUPPLIER}": Operation(OWN_MEMBERS, {"note": "Bra"}),
    f"POST {SUPPLIER}/end": Operation(OWN_MEMBERS, {"reason": "Slut"}),
    f"POST {SUPPLIER}/return": Operation(OWN_MEMBERS),
    f"POST {SUPPLIER}/contacts": Operation(OWN_MEMBERS, {"role": "Jour", "phone": "08-1"}),
    f"PATCH {SUPPLIER}/contacts/{{contact_id}}": Operation(OWN_MEMBERS, {"phone": "08-2"}),
    f"DELETE {SUPPLIER}/contacts/{{contact_id}}": Operation(OWN_MEMBERS),
    f"PUT {SUPPLIER}/deliveries/{{item}}": Operation(OWN_MEMBERS, {"note": "Allt"}),
    f"DELETE {SUPPLIER}/deliveries/{{item}}": Operation(OWN_MEMBERS),
    "GET /contracts": READ,
    "POST /contracts": Operation(MEMBERS, {"name": "Ramavtal", "supplier": "{supplier}"}),
    "GET /contracts/{reference}": READ,
    "PATCH /contracts/{reference}": Operation(OWN_MEMBERS, {"note": "Bra"}),
    "PUT /contracts/{reference}/levels": Operation(OWN_MEMBERS, {"levels": [{"measure": "Svar", "target": "1 h"}]}),
}
# Which sample stands in a hole of a path, and where the beginning of a path says that a hole means something else.
HOLES: dict[str, str] = {"contact_id": "contact"}
OTHER_HOLES: dict[str, dict[str, str]] = {
    "/suppliers": {"reference": "supplier", "item": "item"},
    "/contracts": {"reference": "agreement"},
}
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME: dict[str, str] = {
    "suppliers:supplier_new": "POST /suppliers",
    "suppliers:supplier_edit": f"PATCH {SUPPLIER}",
    "suppliers:supplier_end": f"POST {SUPPLIER}/end",
    "suppliers:supplier_return": f"POST {SUPPLIER}/return",
    "suppliers:contact_new": f"POST {SUPPLIER}/contacts",
    "suppliers:contact": f"PATCH {SUPPLIER}/contacts/{{contact_id}}",
    "suppliers:contact_end": f"DELETE {SUPPLIER}/contacts/{{contact_id}}",
    "suppliers:delivery_new": f"PUT {SUPPLIER}/deliveries/{{item}}",
    "suppliers:delivery_end": f"DELETE {SUPPLIER}/deliveries/{{item}}",
    "suppliers:contract_new": "POST /contracts",
    "suppliers:contract_edit": "PATCH /contracts/{reference}",
    "suppliers:levels": "PUT /contracts/{reference}/levels",
}
# What belongs to the browser alone, and why.
ALONE: dict[str, str] = {}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """By name what stands in the holes. The things are the group's, or nobody's."""
    del cast
    supplier, agreement = make_item("Journalbolaget", kind="supplier"), make_item("Avtal", kind="contract")
    if group is not None:
        assign_by_hand([supplier.pk, agreement.pk], group, by=SYSTEM, on=DAY)
    one = Supplier.objects.create(item=supplier)
    contract = Contract.objects.create(item=agreement, supplier=one)
    contact = Contact.objects.create(supplier=one, role="Support", phone="08-0")
    Delivery.objects.create(supplier=one, item=item, contract=contract)
    return {"supplier": supplier.reference, "agreement": agreement.reference, "contact": contact.pk}
