"""What a supplier delivers, and under which contract."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.suppliers.finding import find_contract, find_supplier
from helhet.suppliers.models import Contract, Delivery, Supplier
from helhet.suppliers.permissions import SupplierPermission
from helhet.suppliers.writing import line


@transaction.atomic
def state_delivery(reference: str, item: str, *, by: Caller, contract: str = "", note: str = "") -> Delivery:
    """The supplier delivers this item (reference), perhaps under one of its contracts; said again it is altered."""
    supplier = find_supplier(reference, by, for_change=True)
    delivered = find_item(item, by)
    _may(supplier, delivered, by)
    under = _under(contract, supplier, by)
    said = line(note, "note", 300)
    known = Delivery.objects.filter(supplier=supplier, item=delivered).select_related("contract__item").first()
    before = _told(known) if known else None
    made, _is_new = Delivery.objects.update_or_create(
        supplier=supplier, item=delivered, defaults={"contract": under, "note": said}
    )
    if _told(made) != before:
        record(
            "suppliers.delivery.stated", "supplier", supplier.pk, by=by,
            before={"deliveries": before} if before else None, after={"deliveries": _told(made)},
        )  # fmt: skip
    return made


@transaction.atomic
def remove_delivery(reference: str, item: str, *, by: Caller) -> None:
    """The supplier delivers the item no longer. Raises NotFound when it was not said to."""
    supplier = find_supplier(reference, by, for_change=True)
    delivered = find_item(item, by)
    _may(supplier, delivered, by)
    known = Delivery.objects.filter(supplier=supplier, item=delivered).select_related("contract__item").first()
    if known is None:
        raise NotFound(
            _("%(supplier)s is not said to deliver %(item)s.")
            % {"supplier": supplier.item.name, "item": delivered.reference},
            where=delivered.reference,
        )
    told = {"deliveries": _told(known)}
    known.delete()
    record("suppliers.delivery.removed", "supplier", supplier.pk, by=by, before=told, after={"deliveries": None})


def _may(supplier: Supplier, item: Item, by: Caller) -> None:
    """The group of the supplier may say it, and the group of what is delivered."""
    if not by.may(SupplierPermission.CHANGE, item):
        by.require(SupplierPermission.CHANGE, supplier.item)


def _under(contract: str, supplier: Supplier, by: Caller) -> Contract | None:
    if not contract.strip():
        return None
    found = find_contract(contract, by)
    if found.supplier_id != supplier.pk:
        raise Invalid(
            _("%(contract)s is not a contract with %(supplier)s.")
            % {"contract": found.item.reference, "supplier": supplier.item.name},
            todo=_("Choose one of its own contracts."), field="contract",
        )  # fmt: skip
    return found


def _told(one: Delivery) -> dict[str, str]:
    return {
        "item": one.item.reference, "contract": one.contract.item.reference if one.contract else "", "note": one.note
    }  # fmt: skip
