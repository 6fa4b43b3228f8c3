"""When two items are one, what is said of their documentation and their suppliers follows, and goes back again."""

from __future__ import annotations

from typing import Any

import pytest

from helhet.documents.actions import create_document, publish
from helhet.documents.checking import check_all
from helhet.documents.doubting import open_doubts
from helhet.documents.models import Described, TextLink
from helhet.handbook.actions import contradict, rule_out
from helhet.handbook.models import Contradiction, NotApplicable
from helhet.items.actions import change_item
from helhet.items.merging import merge_items, split_items
from helhet.items.models import Item
from helhet.kit.errors import Clash
from helhet.suppliers.actions import add_contact, create_contract, create_supplier, state_delivery
from helhet.suppliers.models import Contact, Contract, Delivery, Supplier
from tests.world import SYSTEM, make_item

pytestmark = pytest.mark.django_db


def merged(kept: Item, gone: Item) -> Any:
    kept.refresh_from_db()
    return merge_items(kept.reference, gone.reference, by=SYSTEM, version=kept.version)


def parts_of(item: Item) -> set[tuple[str, str]]:
    return set(NotApplicable.objects.filter(item=item).values_list("part", "reason"))


def test_contradictions_and_what_does_not_apply_follow_a_service_and_go_back() -> None:
    kept, gone = (make_item(name, kind="business_service") for name in ("Journal", "Journalen"))
    rule_out(kept.reference, "orders", by=SYSTEM, reason="Eget")
    for part in ("orders", "levels", "tasks"):
        rule_out(gone.reference, part, by=SYSTEM, reason="Annat")
    create_document(by=SYSTEM, sort="documentation", title="t", item=kept.reference, part="tasks")
    said = contradict(gone.reference, by=SYSTEM, text="Numret är fel")
    batch = merged(kept, gone)
    assert parts_of(kept) == {("orders", "Eget"), ("levels", "Annat")}
    assert Contradiction.objects.get(pk=said.pk).item == kept
    split_items(batch.pk, by=SYSTEM)
    assert parts_of(kept) == {("orders", "Eget")}
    assert parts_of(gone) == {("orders", "Annat"), ("levels", "Annat"), ("tasks", "Annat")}
    assert Contradiction.objects.get(pk=said.pk).item == gone


def test_what_a_text_states_of_an_item_is_held_against_the_one_that_it_became() -> None:
    kept, gone = make_item("Kö"), make_item("Kön")
    document = create_document(by=SYSTEM, sort="routine", title="Omstart", text=f"Se [[{gone.reference}]].")
    publish(document.address, by=SYSTEM, version=1)
    batch = merged(kept, gone)
    check_all()
    assert TextLink.objects.get().item == kept
    kept.refresh_from_db()
    change_item(kept.reference, by=SYSTEM, version=kept.version, name="Kö 2")
    check_all()
    assert ("name", "Kö 2") in {(one.aspect, one.after) for one in open_doubts(document)}
    split_items(batch.pk, by=SYSTEM)
    assert set(Described.objects.filter(noun="item").values_list("noun_id", flat=True)) == {gone.pk}
    assert TextLink.objects.get().item == gone


def test_two_suppliers_become_one_with_the_contacts_contracts_and_deliveries_of_both() -> None:
    service = make_item("Journal", kind="business_service")
    kept, gone = (create_supplier(by=SYSTEM, name=name) for name in ("Journal AB", "Journal Aktiebolag"))
    first = add_contact(kept.item.reference, by=SYSTEM, role="Jour", phone="08-1")
    second = add_contact(gone.item.reference, by=SYSTEM, role="Sälj", phone="08-2")
    contract = create_contract(by=SYSTEM, name="Avtal", supplier=gone.item.reference)
    state_delivery(gone.item.reference, service.reference, by=SYSTEM, contract=contract.item.reference)
    batch = merged(kept.item, gone.item)
    assert list(kept.contacts.all()) == [first, second]
    assert Contract.objects.get().supplier == kept
    assert Delivery.objects.get().supplier == kept
    split_items(batch.pk, by=SYSTEM)
    assert (list(kept.contacts.all()), list(gone.contacts.all())) == ([first], [second])
    assert {Contract.objects.get().supplier, Delivery.objects.get().supplier} == {gone}


def test_a_bare_supplier_and_a_bare_contract_are_described_by_those_that_become_them() -> None:
    bare, bare_contract = make_item("Kabel AB", kind="supplier"), make_item("Avtal", kind="contract")
    described = create_supplier(by=SYSTEM, name="Kabel", note="Fiber")
    add_contact(described.item.reference, by=SYSTEM, role="Jour", phone="08-1")
    contract = create_contract(by=SYSTEM, name="Kabelavtal", supplier=described.item.reference, number="7")
    batches = [merged(bare, described.item), merged(bare_contract, contract.item)]
    assert Supplier.objects.get(pk=bare.pk).note == "Fiber"
    assert Contact.objects.get().supplier_id == bare.pk
    adopted = Contract.objects.get(pk=bare_contract.pk)
    assert (adopted.number, adopted.supplier_id) == ("7", bare.pk)
    for batch in reversed(batches):
        split_items(batch.pk, by=SYSTEM)
    assert not Supplier.objects.filter(pk=bare.pk).exists()
    assert not Contract.objects.filter(pk=bare_contract.pk).exists()
    assert Contact.objects.get().supplier == described


def test_a_delivered_item_is_delivered_still_when_it_is_another_and_a_supplier_becomes_nothing_else() -> None:
    kept, gone = make_item("Motor"), make_item("Motorn")
    supplier = create_supplier(by=SYSTEM, name="Journal AB")
    for item in (kept, gone):
        state_delivery(supplier.item.reference, item.reference, by=SYSTEM)
    other = create_supplier(by=SYSTEM, name="Kabel AB")
    state_delivery(other.item.reference, gone.reference, by=SYSTEM)
    merged(kept, gone)
    assert set(Delivery.objects.filter(item=kept).values_list("supplier", flat=True)) == {supplier.pk, other.pk}
    with pytest.raises(Clash):
        merged(kept, other.item)
