"""Whom to call outside: suppliers with contacts, contract numbers and what each delivers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.template.defaultfilters import date as as_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.handbook.bundle.document_pages import json_list
from helhet.handbook.bundle.frames import Frame
from helhet.handbook.bundle.holding import Holding, hidden_among, mark_of
from helhet.handbook.bundle.placing import Writing
from helhet.items.models import Presence
from helhet.suppliers.models import Contact, Contract, Delivery, Supplier


def write_suppliers(holding: Holding, frame: Frame, writing: Writing) -> int:
    """One page with all of them. Returns how many there are."""
    told = _suppliers(holding)
    writing.add("suppliers.html", frame.page("suppliers.html", "suppliers", suppliers=told))
    with json_list(writing, "json/suppliers.json") as add:
        for one in told:
            items = [item.reference for item in one["items"]]
            contracts = [
                {"reference": contract["reference"], "name": contract["name"], "number": contract["number"],
                 "levels": contract["levels"]}
                for contract in one["contracts"]
            ]  # fmt: skip
            add({**one, "items": items, "contracts": contracts})
    return len(told)


def delivered_by(holding: Holding) -> dict[int, list[tuple[str, str, str, str]]]:
    """By item who delivers it: mark on the page of suppliers, name, contract and note."""
    found: dict[int, list[tuple[str, str, str, str]]] = defaultdict(list)
    rows = Delivery.objects.filter(supplier__item__presence=Presence.HERE).select_related(
        "supplier__item", "contract__item"
    )
    for row in rows:
        if row.item_id in holding.items:
            contract = f"{row.contract.number or row.contract.item.reference}" if row.contract else ""
            item = row.supplier.item
            found[row.item_id].append((mark_of(item.reference), item.name, contract, row.note))
    return found


def _suppliers(holding: Holding) -> list[dict[str, Any]]:
    contacts: dict[int, list[dict[str, str]]] = defaultdict(list)
    for contact in Contact.objects.filter(ended_at__isnull=True):
        contacts[contact.supplier_id].append(_contact(contact))
    contracts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Contract.objects.filter(item__presence=Presence.HERE).select_related("item").prefetch_related("levels")
    hidden = hidden_among(holding, rows.values_list("pk", flat=True))
    for contract in rows.exclude(pk__in=hidden):
        contracts[contract.supplier_id].append(_contract(contract))
    items: dict[int, list[Any]] = defaultdict(list)
    for supplier_id, item_id in Delivery.objects.values_list("supplier_id", "item_id"):
        if item_id in holding.items:
            items[supplier_id].append(holding.items[item_id])
    return [
        {
            "mark": mark_of(one.item.reference), "reference": one.item.reference, "name": one.item.name,
            "contacts": contacts[one.pk], "contracts": contracts[one.pk],
            "items": sorted(items[one.pk], key=lambda item: item.name_key),
        }
        for one in Supplier.objects.filter(item__presence=Presence.HERE).select_related("item")
    ]  # fmt: skip


def _contact(contact: Contact) -> dict[str, str]:
    use = {
        "support": pgettext("contact", "support"),
        "escalation": pgettext("contact", "escalation"),
        "contract": pgettext("contact", "contract"),
    }.get(contact.use, pgettext("contact", "other"))
    return {
        "use": use, "who": str(contact), "phone": contact.phone, "email": contact.email, "web": contact.web,
        "hours": contact.hours,
    }  # fmt: skip


def _contract(contract: Contract) -> dict[str, Any]:
    levels = [
        f"{level.measure}: {level.target}" + (f" ({level.hours})" if level.hours else "")
        for level in contract.levels.all()
    ]
    facts = [(_("Contract number"), contract.number or "–")]
    days = [as_date(day, "Y-m-d") if day else "" for day in (contract.begins_on, contract.ends_on)]
    if any(days):
        facts.append((pgettext("contract", "Holds"), " – ".join(days)))
    facts += [(_("Agreed level"), level) for level in levels]
    return {
        "reference": contract.item.reference, "name": contract.item.name, "number": contract.number, "facts": facts,
        "levels": levels,
    }  # fmt: skip
