"""Finding one supplier, contract or contact by what people call it.

A bare item of the kind (known to exist, not yet described) is one too: it is read as one with nothing in it, and
adopted when it is first changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.kit.errors import NotFound
from helhet.suppliers.models import Contact, Contract, Supplier
from helhet.suppliers.permissions import SupplierPermission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from helhet.kit.rights import Caller

SUPPLIER, CONTRACT = "supplier", "contract"


def suppliers_of(caller: Caller) -> QuerySet[Item]:
    """The items that are suppliers, described or bare."""
    return _items(SUPPLIER, caller).select_related("as_supplier")


def contracts_of(caller: Caller) -> QuerySet[Item]:
    """The items that are contracts, described or bare."""
    return _items(CONTRACT, caller).select_related("as_contract__supplier__item")


def _items(kind: str, caller: Caller) -> QuerySet[Item]:
    found = Item.objects.visible_to(caller).filter(kind__key=kind).select_related("kind")
    return found if caller.may(SupplierPermission.VIEW) else found.none()


def find_supplier(text: str, caller: Caller, *, for_change: bool = False) -> Supplier:
    """The supplier with this reference (`LEV-3`) or `source:key`. Raises NotFound.

    `for_change` takes its item's row for the transaction, and adopts a bare item.
    """
    caller.require(SupplierPermission.VIEW)
    item = find_item(text, caller, for_change=for_change)
    if item.kind.key != SUPPLIER:
        raise NotFound(
            _("%(text)s is no supplier.") % {"text": item.reference},
            todo=_("Write a reference such as LEV-3, or source:key."), where=text[:100], field="supplier",
        )  # fmt: skip
    found = Supplier.objects.filter(pk=item.pk).first()
    if found is None:
        found = Supplier(item=item)
        if for_change:
            found.save(force_insert=True)
    found.item = item
    return found


def find_contract(text: str, caller: Caller, *, for_change: bool = False) -> Contract:
    """The contract with this reference (`AGR-3`) or `source:key`. A bare one has no supplier and is not saved.

    Raises NotFound. `for_change` takes its item's row for the transaction.
    """
    caller.require(SupplierPermission.VIEW)
    item = find_item(text, caller, for_change=for_change)
    if item.kind.key != CONTRACT:
        raise NotFound(
            _("%(text)s is no contract.") % {"text": item.reference},
            todo=_("Write a reference such as AGR-3, or source:key."), where=text[:100], field="contract",
        )  # fmt: skip
    found = Contract.objects.select_related("supplier__item__kind").filter(pk=item.pk).first() or Contract(item=item)
    found.item = item
    return found


def find_contact(contact_id: int, supplier: Supplier) -> Contact:
    """The contact of the supplier with this number. Raises NotFound."""
    found = Contact.objects.filter(supplier_id=supplier.pk, pk=contact_id, ended_at__isnull=True).first()
    if found is None:
        raise NotFound(
            _("%(supplier)s has no contact %(number)s.") % {"supplier": supplier.item.name, "number": contact_id},
            where=str(contact_id),
        )
    found.supplier = supplier
    return found
