"""Suppliers: made, changed, ended, taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.actions.assigning import assign
from helhet.items.finding import checked_name
from helhet.items.models import Item, Kind, State
from helhet.items.writing import NewItem, add_items, change_items
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.suppliers.finding import SUPPLIER, find_supplier
from helhet.suppliers.models import Contract, Supplier
from helhet.suppliers.permissions import SupplierPermission
from helhet.suppliers.writing import change_row, line, text, web


def own_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a supplier, cleaned. Raises Invalid for an unknown one."""
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "organisation_number":
            wanted[name] = line(value, name, 40)
        elif name == "web":
            wanted[name] = web(value)
        elif name == "note":
            wanted[name] = text(value, name)
        else:
            raise Invalid(_("A supplier has no field %(name)s.") % {"name": name}, field=name)
    return wanted


def new_item(kind: str, name: str, group: str, by: Caller) -> Item:
    """An item of this room's kinds; with a group (reference or name) that it is assigned to by hand."""
    draft = NewItem(kind=Kind.objects.get(key=kind), name=checked_name(name))
    (item_id,) = add_items([draft], by=by, on=timezone.localdate())
    if group.strip():
        assign([item_id], group, by=by)
    return Item.objects.select_related("kind").get(pk=item_id)


@transaction.atomic
def create_supplier(*, by: Caller, name: str, group: str = "", **fields: Any) -> Supplier:
    """Somebody new outside who delivers. `group` (reference or name) answers for it; without one the rules decide."""
    by.require(SupplierPermission.CREATE)
    wanted = own_fields(fields)
    item = new_item(SUPPLIER, name, group, by)
    made = Supplier.objects.create(item=item, **wanted)
    record("suppliers.supplier.created", "supplier", made.pk, by=by, after={"name": item.name, **wanted})
    return made


@transaction.atomic
def change_supplier(reference: str, *, by: Caller, version: int | None, reason: str = "", **fields: Any) -> Supplier:
    """Set name, organisation_number, web or note. A new name is told by the item, as wherever an item is renamed."""
    supplier = taken(reference, by, version)
    name = checked_name(fields.pop("name") or "") if "name" in fields else supplier.item.name
    wanted = own_fields(fields)
    is_renamed = change_items([(supplier.item, {"name": name})], by=by, on=timezone.localdate(), reason=reason)
    change_row(supplier, wanted, noun="supplier", by=by, reason=reason, grows=bool(is_renamed))
    return supplier


@transaction.atomic
def end_supplier(reference: str, *, by: Caller, version: int | None, reason: str = "") -> Supplier:
    """It delivers no longer. Refused while it delivers something or a contract with it has not run out."""
    supplier = taken(reference, by, version)
    if supplier.item.state == State.RETIRED:
        raise Clash(_("%(name)s has ended already.") % {"name": supplier.item.name})
    today = timezone.localdate()
    runs = Contract.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), supplier=supplier, item__presence=0)
    named = [str(one) for one in runs.select_related("item")[:5]]
    named += [str(one.item) for one in supplier.deliveries.filter(item__presence=0).select_related("item")[:5]]
    if named:
        raise Clash(
            _("It still has a contract or delivers something: %(names)s.") % {"names": ", ".join(named)},
            todo=_("Say when the contracts end, and take its deliveries away, before it is ended."),
        )  # fmt: skip
    return _set_state(supplier, State.RETIRED, "ended", by, reason)


@transaction.atomic
def return_supplier(reference: str, *, by: Caller, version: int | None) -> Supplier:
    """It delivers again."""
    supplier = taken(reference, by, version)
    if supplier.item.state != State.RETIRED:
        raise Clash(_("%(name)s has not ended.") % {"name": supplier.item.name})
    return _set_state(supplier, State.LIVE, "returned", by, "")


def _set_state(supplier: Supplier, state: State, verb: str, by: Caller, reason: str) -> Supplier:
    change_items(
        [(supplier.item, {"state": int(state)})], by=by, on=timezone.localdate(), reason=reason,
        verb=f"suppliers.supplier.{verb}",
    )  # fmt: skip
    change_row(supplier, {}, noun="supplier", by=by, grows=True)
    return supplier


def taken(reference: str, by: Caller, version: int | None) -> Supplier:
    """The supplier for a change from this version."""
    supplier = find_supplier(reference, by, for_change=True)
    by.require(SupplierPermission.CHANGE, supplier.item)
    check_version(supplier, version, supplier.item.reference)
    return supplier
