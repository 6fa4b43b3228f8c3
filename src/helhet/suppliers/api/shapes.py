"""Shapes of the API of this room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema

from helhet.items.models import State
from helhet.kit.api import Strict
from helhet.kit.api_examples import example, example_of
from helhet.suppliers.models import Contact, Contract, Delivery, Supplier
from helhet.suppliers.reading import contacts_of, deliveries_of, has_run_out, notice_of


class SupplierIn(Strict):
    """A supplier. `group` (reference or name) answers for it; without one the responsibility rules decide."""

    model_config = example(
        name="Journalbolaget", group="GRP-3", organisation_number="556000-0000", web="https://journal.example"
    )

    name: str
    group: str = ""
    organisation_number: str = ""
    web: str = ""
    note: str = ""


class SupplierPatch(Strict):
    """What is to be changed."""

    model_config = example(web="https://journal.example")

    name: str = ""
    organisation_number: str = ""
    web: str = ""
    note: str = ""


class ContactIn(Strict):
    """Somebody to call. `use` is support, escalation, contract or other; `place` counts from 1, who is called first."""

    model_config = example(role="Jour", phone="08-123 456", hours="dygnet runt", use="support", place=1)

    role: str
    name: str = ""
    use: str = "support"
    phone: str = ""
    email: str = ""
    web: str = ""
    hours: str = ""
    place: int | None = None


class ContactPatch(Strict):
    """What is to be changed."""

    model_config = example(phone="08-123 457")

    role: str = ""
    name: str = ""
    use: str = "support"
    phone: str = ""
    email: str = ""
    web: str = ""
    hours: str = ""
    place: int | None = None


class ContactOut(Schema):
    """Somebody to call."""

    model_config = example(
        id=4, role="Jour", name="", use="support", phone="08-123 456", email="", web="", hours="dygnet runt", version=1
    )

    id: int
    role: str
    name: str
    use: str
    phone: str
    email: str
    web: str
    hours: str
    version: int


class ContactChangedOut(ContactOut):
    """A contact, and what followed from altering it."""

    model_config = example(
        id=4, role="Jour", name="", use="support", phone="08-123 456", email="", web="", hours="dygnet runt", version=2,
        to_check=["SRV-12/support"],
    )  # fmt: skip

    to_check: list[str]
    """The addresses of the documents that state what was altered, of those that the caller may read: they are to be
    checked."""


class DeliveryIn(Strict):
    """Under which contract (reference), and a note."""

    model_config = example(contract="AGR-3", note="Drift och support")

    contract: str = ""
    note: str = ""


class DeliveryOut(Schema):
    """What a supplier delivers."""

    model_config = example(item="SRV-4", name="Vårdjournal", contract="AGR-3", note="")

    item: str
    name: str
    contract: str | None
    note: str


class LevelIn(Strict):
    """A promised value."""

    model_config = example(measure="Tillgänglighet", target="99,80 %", hours="dygnet runt")

    measure: str
    target: str
    hours: str = ""


class LevelsIn(Strict):
    """All agreed levels of a contract, in their order."""

    model_config = example(levels=[example_of(LevelIn)])

    levels: list[LevelIn]


class LevelOut(Schema):
    """A promised value."""

    measure: str
    target: str
    hours: str


class ContractIn(Strict):
    """A contract with a supplier (reference). Days are inclusive; without `ends_on` it runs until further notice."""

    model_config = example(
        name="Avtal Journalbolaget", supplier="LEV-2", number="2024/17", begins_on="2024-05-01", ends_on="2028-04-30",
        notice_months=6,
    )  # fmt: skip

    name: str
    supplier: str
    group: str = ""
    number: str = ""
    begins_on: dt.date | None = None
    ends_on: dt.date | None = None
    notice_months: int | None = None
    note: str = ""


class ContractPatch(Strict):
    """What is to be changed."""

    model_config = example(ends_on="2029-04-30")

    name: str = ""
    supplier: str = ""
    number: str = ""
    begins_on: dt.date | None = None
    ends_on: dt.date | None = None
    notice_months: int | None = None
    note: str = ""


class ContractOut(Schema):
    """A contract. `last_notice_on` is the last day to end it, `sum` how that was counted; a contract that nobody has
    described yet has no supplier.
    """

    model_config = example(
        reference="AGR-3", name="Avtal Journalbolaget", supplier="LEV-2", number="2024/17", begins_on="2024-05-01",
        ends_on="2028-04-30", notice_months=6, last_notice_on="2027-10-31", has_run_out=False, note="", version=1,
        sum="30 april 2028 minus 6 månader är 31 oktober 2027", levels=[example_of(LevelIn)],
    )  # fmt: skip

    reference: str
    name: str
    supplier: str | None
    number: str
    begins_on: dt.date | None
    ends_on: dt.date | None
    notice_months: int | None
    last_notice_on: dt.date | None
    sum: str
    has_run_out: bool
    note: str
    levels: list[LevelOut]
    version: int


class SupplierOut(Schema):
    """A supplier with its contacts in the order of calling, its contracts (references) and what it delivers."""

    model_config = example(
        reference="LEV-2", name="Journalbolaget", state="live", organisation_number="556000-0000", web="", note="",
        contacts=[example_of(ContactOut)], contracts=["AGR-3"], deliveries=[example_of(DeliveryOut)], version=1,
    )  # fmt: skip

    reference: str
    name: str
    state: str
    organisation_number: str
    web: str
    note: str
    contacts: list[ContactOut]
    contracts: list[str]
    deliveries: list[DeliveryOut]
    version: int


def contact_data(one: Contact) -> dict[str, Any]:
    """A contact as the API gives it."""
    return {"id": one.pk, **{name: getattr(one, name) for name in ContactOut.model_fields if name != "id"}}


def delivery_data(one: Delivery) -> dict[str, Any]:
    """A delivery as the API gives it."""
    contract = one.contract.item.reference if one.contract else None
    return {"item": one.item.reference, "name": one.item.name, "contract": contract, "note": one.note}


def contract_data(one: Contract) -> dict[str, Any]:
    """A contract as the API gives it."""
    notice = notice_of(one)
    own = ("number", "begins_on", "ends_on", "notice_months", "note", "version")
    return {
        "reference": one.item.reference, "name": one.item.name, **{name: getattr(one, name) for name in own},
        "supplier": None if one._state.adding else one.supplier.item.reference,
        "last_notice_on": notice.on if notice else None, "sum": notice.sum if notice else "",
        "has_run_out": has_run_out(one),
        "levels": [{"measure": level.measure, "target": level.target, "hours": level.hours}
                   for level in one.levels.all()],
    }  # fmt: skip


def supplier_data(one: Supplier) -> dict[str, Any]:
    """A supplier as the API gives it."""
    contracts = Contract.objects.filter(supplier_id=one.pk, item__presence=0).select_related("item")
    return {
        "reference": one.item.reference, "name": one.item.name, "state": State(one.item.state).key,
        "organisation_number": one.organisation_number, "web": one.web, "note": one.note, "version": one.version,
        "contacts": [contact_data(contact) for contact in contacts_of(one)],
        "contracts": [contract.item.reference for contract in contracts],
        "deliveries": [delivery_data(delivery) for delivery in deliveries_of(one)],
    }  # fmt: skip
