"""Several who keep the register of suppliers: nothing of anybody's is lost, and nobody does what he may not."""

from __future__ import annotations

import pytest
from django.test import Client

from helhet.groups.answering import assign_by_hand
from helhet.items.actions import withdraw
from helhet.kit.errors import Clash, Invalid
from helhet.suppliers.actions import (
    change_contract,
    change_supplier,
    create_contract,
    create_supplier,
    end_supplier,
    set_levels,
    state_delivery,
)
from helhet.suppliers.models import Contract, Delivery
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = pytest.mark.django_db


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_of_two_who_set_the_levels_the_second_keeps_his_words_and_sees_what_stands() -> None:
    cast = Cast()
    supplier = create_supplier(by=SYSTEM, name="Journal AB", group=cast.group.reference)
    contract = create_contract(
        by=SYSTEM, name="Avtal", supplier=supplier.item.reference, group=cast.group.reference
    ).item.reference
    client = signed_in(cast.member)
    address = f"/contracts/{contract}/levels/"
    sent = {"version": "1", "rows-0-measure": "Tillgänglighet", "rows-0-target": "99 %"}
    set_levels(contract, by=SYSTEM, version=1, levels=[{"measure": "Svar", "target": "en timme"}])
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert all(
        words in answer.text for words in ("Tillgänglighet", "99 %", "Svar: en timme", 'name="version" value="2"')
    )
    assert [one.measure for one in Contract.objects.get().levels.all()] == ["Svar"]
    assert client.post(address, {**sent, "version": "2"}).status_code == 302
    assert [one.measure for one in Contract.objects.get().levels.all()] == ["Tillgänglighet"]


def test_a_note_that_is_too_long_is_refused_and_never_cut() -> None:
    supplier = create_supplier(by=SYSTEM, name="Journal AB", note="x" * 20_000)
    with pytest.raises(Invalid):
        change_supplier(supplier.item.reference, by=SYSTEM, version=1, note="x" * 20_001)


def test_a_contract_stays_with_the_supplier_that_delivers_under_it() -> None:
    one, other = (create_supplier(by=SYSTEM, name=name).item.reference for name in ("Journal AB", "Kabel AB"))
    contract = create_contract(by=SYSTEM, name="Avtal", supplier=one).item.reference
    state_delivery(one, make_item("Motor").reference, by=SYSTEM, contract=contract)
    with pytest.raises(Clash, match="Motor"):
        change_contract(contract, by=SYSTEM, version=1, supplier=other)
    Delivery.objects.all().delete()
    assert change_contract(contract, by=SYSTEM, version=1, supplier=other).supplier.item.reference == other


def test_what_has_left_the_register_does_not_keep_a_supplier_from_ending() -> None:
    supplier, item = create_supplier(by=SYSTEM, name="Journal AB"), make_item("Motor")
    state_delivery(supplier.item.reference, item.reference, by=SYSTEM)
    withdraw([item], by=SYSTEM, batch=None, reason="Skrotad")
    end_supplier(supplier.item.reference, by=SYSTEM, version=1, reason="Uppköpt")
    client = signed_in(Cast().reader)
    page = client.get(f"/suppliers/{supplier.item.reference}/").text
    assert "Uppköpt" in page
    assert "deliveries/new" not in page


def test_the_group_of_what_is_delivered_takes_its_delivery_away_and_no_other() -> None:
    cast = Cast()
    supplier, mine, foreign = create_supplier(by=SYSTEM, name="Journal AB"), make_item("Motor"), make_item("Kö")
    assign_by_hand([mine.pk], cast.group, by=SYSTEM, on=DAY)
    for item in (mine, foreign):
        state_delivery(supplier.item.reference, item.reference, by=SYSTEM)
    page = signed_in(cast.member).get(f"/suppliers/{supplier.item.reference}/").text
    assert f"deliveries/{mine.reference}/end/" in page
    assert f"deliveries/{foreign.reference}/end/" not in page
