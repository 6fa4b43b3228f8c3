"""Suppliers, contacts, contracts and deliveries, by verbs and in the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from helhet.items.models import Item, State
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Invalid, NotFound, Stale
from helhet.suppliers.actions import (
    add_contact,
    change_contact,
    change_contract,
    change_supplier,
    create_contract,
    create_supplier,
    end_contact,
    end_supplier,
    remove_delivery,
    set_levels,
    state_delivery,
)
from helhet.suppliers.finding import find_contract, find_supplier
from helhet.suppliers.history import lines
from helhet.suppliers.models import Contact, Supplier
from helhet.suppliers.reading import contacts_of, notice_of
from helhet.suppliers.views import pages
from tests.world import SYSTEM, Cast, make_item

pytestmark = pytest.mark.django_db


def made(name: str = "Journalbolaget") -> Supplier:
    return create_supplier(by=SYSTEM, name=name, web="https://journal.example")


def events_of(noun: str, noun_id: int) -> list[tuple[str, Any, Any]]:
    rows = Event.objects.filter(noun=noun, noun_id=noun_id).order_by("pk")
    return [(one.verb, one.before, one.after) for one in rows]


def test_each_change_is_one_event_with_the_changed_fields_alone() -> None:
    supplier = made()
    ref = supplier.item.reference
    change_supplier(ref, by=SYSTEM, version=1, note="Bra", web="https://journal.example")
    contact = add_contact(ref, by=SYSTEM, role="Jour", phone="08-1")
    change_contact(ref, contact.pk, by=SYSTEM, version=1, phone="08-2", role="Jour")
    assert events_of("supplier", supplier.pk)[1:] == [("suppliers.supplier.changed", {"note": ""}, {"note": "Bra"})]
    assert events_of("contact", contact.pk)[1:] == [("suppliers.contact.changed", {"phone": "08-1"}, {"phone": "08-2"})]


def test_a_change_from_an_older_version_is_refused() -> None:
    supplier = made()
    change_supplier(supplier.item.reference, by=SYSTEM, version=1, name="Journal AB")
    with pytest.raises(Stale):
        change_supplier(supplier.item.reference, by=SYSTEM, version=1, note="För sent")


def test_the_history_tells_what_was_emptied_as_gone_and_values_in_words() -> None:
    ref = made().item.reference
    contact = add_contact(ref, by=SYSTEM, role="Jour", phone="08-1", hours="8-17")
    change_contact(ref, contact.pk, by=SYSTEM, version=1, hours="", email="a@b.example", use="escalation")
    contract = create_contract(by=SYSTEM, supplier=ref, name="Drift", notice_months=3)
    change_contract(contract.item.reference, by=SYSTEM, version=1, notice_months=6, ends_on=dt.date(2031, 5, 1))
    with override("en"):
        told = {
            (line.before, line.after)
            for line in lines(Event.objects.filter(verb__startswith="suppliers.", verb__endswith=".changed"))
        }
    assert told == {
        ("8-17", ""), ("", "a@b.example"), ("support", "escalation"), ("3 months", "6 months"),
        ("", "1\u00a0May\u00a02031"),
    }  # fmt: skip


def test_contacts_stand_in_the_order_of_calling() -> None:
    ref = made().item.reference
    for role in ("Support", "Jour", "Avtal"):
        add_contact(ref, by=SYSTEM, role=role, phone="08-1")
    last = Contact.objects.get(role="Avtal")
    change_contact(ref, last.pk, by=SYSTEM, version=1, place=1)
    end_contact(ref, Contact.objects.get(role="Support").pk, by=SYSTEM, version=1)
    assert [one.role for one in contacts_of(find_supplier(ref, SYSTEM))] == ["Avtal", "Jour"]


@pytest.mark.parametrize(
    "fields", [{"phone": ""}, {"phone": "1", "web": "javascript:alert(1)"}, {"phone": "1", "use": "x"}]
)
def test_a_contact_can_be_reached_and_its_addresses_are_addresses(fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        add_contact(made().item.reference, by=SYSTEM, role="Jour", **fields)


def test_a_bare_item_is_read_as_it_is_and_adopted_by_its_first_change() -> None:
    supplier, contract = make_item("Kabel AB", kind="supplier"), make_item("Ramavtal", kind="contract")
    assert find_supplier(supplier.reference, SYSTEM).note == ""
    assert not Supplier.objects.exists()
    with pytest.raises(Invalid, match="leverantör"):
        change_contract(contract.reference, by=SYSTEM, version=1, number="7")
    change_contract(contract.reference, by=SYSTEM, version=1, supplier=supplier.reference, number="7")
    assert find_contract(contract.reference, SYSTEM).supplier.item == supplier
    assert find_supplier(supplier.reference, SYSTEM).item.reference == supplier.reference


def test_what_is_no_supplier_is_not_found_as_one() -> None:
    with pytest.raises(NotFound):
        find_supplier(make_item("Server").reference, SYSTEM)


def test_a_contract_says_its_last_day_of_notice_with_the_sum() -> None:
    contract = create_contract(
        by=SYSTEM, name="Avtal", supplier=made().item.reference, begins_on="2024-05-01", ends_on="2028-04-30",
        notice_months=6,
    )  # fmt: skip
    notice = notice_of(contract, dt.date(2027, 9, 1))
    assert notice is not None
    assert (notice.on, notice.mark) == (dt.date(2027, 10, 31), "due")
    assert "6" in notice.sum
    with pytest.raises(Invalid, match="innan"):
        change_contract(contract.item.reference, by=SYSTEM, version=1, ends_on="2020-01-01")


def test_agreed_levels_are_set_whole_and_told_before_and_after() -> None:
    contract = create_contract(by=SYSTEM, name="Avtal", supplier=made().item.reference)
    ref = contract.item.reference
    set_levels(ref, by=SYSTEM, version=1, levels=[{"measure": "Svar", "target": "1 h"}, {"measure": ""}])
    again = set_levels(ref, by=SYSTEM, version=2, levels=[{"measure": "Svar", "target": "2 h"}])
    assert [str(one) for one in again.levels.all()] == ["Svar: 2 h"]
    *_first, (_verb, before, after) = events_of("contract", contract.pk)
    assert (before["levels"][0]["target"], after["levels"][0]["target"]) == ("1 h", "2 h")
    with pytest.raises(Invalid, match="rad 1"):
        set_levels(ref, by=SYSTEM, version=3, levels=[{"measure": "Svar"}])


def test_a_delivery_is_stated_once_and_under_the_suppliers_own_contract() -> None:
    supplier, other = made(), made("Kabel AB")
    service = make_item("Vårdjournal", kind="business_service")
    theirs = create_contract(by=SYSTEM, name="Avtal", supplier=other.item.reference)
    with pytest.raises(Invalid, match="avtal"):
        state_delivery(supplier.item.reference, service.reference, by=SYSTEM, contract=theirs.item.reference)
    for note in ("Drift", "Drift", "Allt"):
        state_delivery(supplier.item.reference, service.reference, by=SYSTEM, note=note)
    assert supplier.deliveries.get().note == "Allt"
    assert len([one for one in events_of("supplier", supplier.pk) if "delivery" in one[0]]) == 2


def test_a_supplier_ends_when_nothing_is_delivered_and_no_contract_runs() -> None:
    supplier, service = made(), make_item("Vårdjournal", kind="business_service")
    ref = supplier.item.reference
    state_delivery(ref, service.reference, by=SYSTEM)
    with pytest.raises(Clash, match="Vårdjournal"):
        end_supplier(ref, by=SYSTEM, version=1)
    remove_delivery(ref, service.reference, by=SYSTEM)
    end_supplier(ref, by=SYSTEM, version=1)
    assert Item.objects.get(pk=supplier.pk).state == State.RETIRED


def test_the_pages_show_whom_to_call_and_the_item_who_delivers_it() -> None:
    cast = Cast()
    client = Client()
    client.force_login(cast.coordinator)
    ref = made().item.reference
    service = make_item("Vårdjournal", kind="business_service")
    client.post(f"/suppliers/{ref}/contacts/new/", {"role": "Jour", "use": "support", "phone": "08-123"})
    told = client.post(f"/suppliers/{ref}/deliveries/new/", {"item": service.reference}, follow=True).text
    assert "Vårdjournal är sparad." in told
    client.post("/contracts/new/", {"name": "Avtal ett", "supplier": ref, "ends_on": "2030-12-31"})
    contract = make_item("Bart avtal", kind="contract")
    for address in ("/suppliers/", f"/suppliers/{ref}/", f"/items/{service.reference}/"):
        assert "tel:08-123" in client.get(address).text
    assert "Avtal ett" in client.get("/contracts/").text
    assert contract.reference in client.get(f"/contracts/{contract.reference}/").text


def test_each_figure_leads_to_its_suppliers_or_contracts_whichever_page_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "SIZE", 1)
    first, second = made("Alfa"), made("Beta")
    add_contact(first.item.reference, by=SYSTEM, role="Jour", phone="08-123")
    soon = timezone.localdate() + dt.timedelta(30)
    create_contract(by=SYSTEM, name="Avtal A", supplier=first.item.reference)
    due = create_contract(
        by=SYSTEM, name="Avtal B", supplier=second.item.reference, begins_on="2020-01-01", ends_on=soon, notice_months=0
    )
    make_item("Avtal C", kind="contract")
    client = Client()
    client.force_login(Cast().reader)
    lists = {"suppliers": ("nobody",), "contracts": ("soon", "bare")}
    shown = {show: client.get(f"/{one}/?show={show}").text for one, keys in lists.items() for show in keys}
    assert [name in shown["nobody"] for name in ("Alfa", "Beta")] == [False, True]
    assert [due.item.reference in shown[one] for one in ("soon", "bare")] == [True, False]
    assert "Avtal C" in shown["bare"]
    assert "?show=soon" in client.get("/contracts/").text
    assert "/contracts/?show=soon" in client.get("/suppliers/").text
    for name in ("Gamma", "Delta"):
        end_supplier(made(name).item.reference, by=SYSTEM, version=1)
    assert "show=ended&amp;from=1" in client.get("/suppliers/?show=ended").text
