"""Contracts: made, changed, with their agreed levels."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.items.finding import checked_name
from helhet.items.writing import change_items
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.rows import Column, read_rows
from helhet.suppliers.actions.supplier import new_item
from helhet.suppliers.finding import CONTRACT, find_contract, find_supplier
from helhet.suppliers.models import AgreedLevel, Contract, Supplier
from helhet.suppliers.permissions import SupplierPermission
from helhet.suppliers.writing import change_row, line, plain, text

LONGEST_NOTICE = 120
NAMED = 5
LEVELS = (
    Column("measure", required=True, limit=200), Column("target", required=True, limit=200),
    Column("hours", limit=200),
)  # fmt: skip


def _own_fields(fields: dict[str, Any], by: Caller) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "supplier":
            wanted["supplier"] = find_supplier(str(value or ""), by, for_change=True)
        elif name == "number":
            wanted[name] = line(value, name, 100)
        elif name in {"begins_on", "ends_on"}:
            wanted[name] = _day(value, name)
        elif name == "notice_months":
            wanted[name] = _months(value)
        elif name == "note":
            wanted[name] = text(value, name)
        else:
            raise Invalid(_("A contract has no field %(name)s.") % {"name": name}, field=name)
    return wanted


def _day(value: Any, field: str) -> dt.date | None:
    if value in (None, ""):
        return None
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid(_("That is no day."), todo=_("Write it as 2026-01-31."), field=field) from error


def _months(value: Any) -> int | None:
    if value in (None, ""):
        return None
    if not isinstance(value, int) or not 0 <= value <= LONGEST_NOTICE:
        raise Invalid(_("Notice is given in 0 to %(limit)d months.") % {"limit": LONGEST_NOTICE}, field="notice_months")
    return value


def _check_days(begins_on: dt.date | None, ends_on: dt.date | None) -> None:
    if begins_on and ends_on and ends_on < begins_on:
        raise Invalid(_("The contract ends before it begins."), field="ends_on")


@transaction.atomic
def create_contract(*, by: Caller, name: str, supplier: str, group: str = "", **fields: Any) -> Contract:
    """A contract with a supplier (reference). `fields`: number, begins_on, ends_on, notice_months, note."""
    by.require(SupplierPermission.CREATE)
    wanted = _own_fields({"supplier": supplier, **fields}, by)
    _check_days(wanted.get("begins_on"), wanted.get("ends_on"))
    item = new_item(CONTRACT, name, group, by)
    made = Contract.objects.create(item=item, **wanted)
    record("suppliers.contract.created", "contract", made.pk, by=by, after={"name": item.name, **_told(wanted)})
    return made


@transaction.atomic
def change_contract(reference: str, *, by: Caller, version: int | None, reason: str = "", **fields: Any) -> Contract:
    """Set fields of a contract. One that nobody has described yet must be given its supplier."""
    contract = _taken(reference, by, version)
    name = checked_name(fields.pop("name") or "") if "name" in fields else contract.item.name
    wanted = _own_fields(fields, by)
    begins_on, ends_on = (wanted.get(day, getattr(contract, day)) for day in ("begins_on", "ends_on"))
    _check_days(begins_on, ends_on)
    _check_supplier(contract, wanted.get("supplier"))
    is_renamed = bool(change_items([(contract.item, {"name": name})], by=by, on=timezone.localdate(), reason=reason))
    if contract._state.adding:
        _adopt(contract, wanted, by, reason)
    else:
        change_row(contract, wanted, noun="contract", by=by, reason=reason, grows=is_renamed)
    return contract


def _check_supplier(contract: Contract, wanted: Supplier | None) -> None:
    """What one supplier delivers is not delivered under a contract with another."""
    if wanted is None or contract._state.adding or wanted.pk == contract.supplier_id:
        return
    under = contract.deliveries.filter(item__presence=0).select_related("item")[:NAMED]
    if names := ", ".join(str(one.item) for one in under):
        raise Clash(
            _("%(supplier)s delivers under it: %(names)s.")
            % {"supplier": contract.supplier.item.name, "names": names},
            todo=_("Take these deliveries away first, or make a contract with the other supplier."), field="supplier",
        )  # fmt: skip


def _adopt(contract: Contract, wanted: dict[str, Any], by: Caller, reason: str) -> None:
    if "supplier" not in wanted:
        raise Invalid(_("Say which supplier it is with."), todo=_("Choose a supplier."), field="supplier")
    for name, value in wanted.items():
        setattr(contract, name, value)
    contract.version += 1
    contract.save(force_insert=True)
    record("suppliers.contract.adopted", "contract", contract.pk, by=by, after=_told(wanted), reason=reason)


@transaction.atomic
def set_levels(reference: str, *, by: Caller, version: int | None, levels: list[dict[str, Any]]) -> Contract:
    """What the supplier promises under it, whole and in this order: rows of measure, target, hours."""
    contract = _taken(reference, by, version)
    if contract._state.adding:
        raise Invalid(_("Say which supplier it is with."), todo=_("Edit the contract first."), field="supplier")
    rows, faults = read_rows(levels, LEVELS)
    if faults:
        raise Invalid(
            _("Each agreed level says a measure and its target."),
            todo=_("Look at row %(number)d.") % {"number": faults[0].row + 1}, field="levels",
        )  # fmt: skip
    before = [{"measure": one.measure, "target": one.target, "hours": one.hours} for one in contract.levels.all()]
    if rows == before:
        return contract
    contract.levels.all().delete()
    AgreedLevel.objects.bulk_create(
        AgreedLevel(contract=contract, position=place, **row) for place, row in enumerate(rows)
    )
    change_row(contract, {}, noun="contract", by=by, grows=True)
    record("suppliers.contract.changed", "contract", contract.pk, by=by, before={"levels": before},
           after={"levels": rows})  # fmt: skip
    return contract


def _taken(reference: str, by: Caller, version: int | None) -> Contract:
    contract = find_contract(reference, by, for_change=True)
    by.require(SupplierPermission.CHANGE, contract.item)
    check_version(contract, version, contract.item.reference)
    return contract


def _told(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in wanted.items()}
