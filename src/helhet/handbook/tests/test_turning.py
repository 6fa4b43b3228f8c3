"""Which change turns which part: what it states does, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.changes.actions.standards import decide_version, propose_standard, propose_version, retire_standard
from helhet.changes.models import StandardChange
from helhet.documents.actions import bring_back, create_document, edit_minor, publish, save_draft, withdraw
from helhet.documents.checking import check_all
from helhet.documents.doubting import open_doubts
from helhet.documents.models import Described, Document
from helhet.documents.restating import MEASURE, restate
from helhet.estate.dependencies import add_dependency
from helhet.groups.actions import close_group
from helhet.groups.answering import assign_by_hand
from helhet.handbook.actions import begin_part
from helhet.handbook.tests.written import written
from helhet.items.actions import change_item
from helhet.items.models import Item, State
from helhet.kit.errors import Clash, Forbidden
from helhet.suppliers.actions import (
    add_contact,
    change_contract,
    change_supplier,
    create_contract,
    create_supplier,
    set_levels,
    state_delivery,
)
from tests.world import DAY, SYSTEM, Cast, as_caller, make_group, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def part(cast: Cast, item: Item, name: str, rows: list[dict[str, Any]] | None = None) -> Document:
    """The part, written by the member and published by the chair, with nothing doubted."""
    begun = begin_part(item.reference, name, by=as_caller(cast.member))
    draft = save_draft(
        begun.address, by=as_caller(cast.member), version=1, text="Text", fields={"rows": rows} if rows else {}
    )
    publish(begun.address, by=as_caller(cast.chair), version=draft.version)
    check_all()
    assert turned(begun) == set()
    return begun


def turned(document: Document) -> set[str]:
    """The aspects that are doubted once the journal is followed."""
    check_all()
    return {one.aspect for one in open_doubts(document)}


def alter(item: Item, **fields: object) -> None:
    item.refresh_from_db()
    change_item(item.reference, by=SYSTEM, version=item.version, **fields)


@pytest.fixture
def service(cast: Cast) -> Item:
    item = make_item("Vårdjournal", kind="business_service", attributes={"version": "4", "rack": "A1"})
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    return item


def test_the_description_turns_for_what_it_shows_and_for_nothing_else(cast: Cast, service: Item) -> None:
    component, needed = make_item("Motor", part_of_id=service.pk), make_item("Databas")
    add_dependency(service, needed, by=SYSTEM)
    supplier = create_supplier(by=SYSTEM, name="Journal AB")
    state_delivery(supplier.item.reference, service.reference, by=SYSTEM)
    document = part(cast, service, "description")
    alter(service, description="Annat", tags=["ny"], attributes={"version": "4", "rack": "B2"})
    alter(component, attributes={"rack": "C3"})
    change_supplier(supplier.item.reference, by=SYSTEM, version=1, note="Annat")
    assert turned(document) == set()
    steps: list[tuple[str, Callable[[], object]]] = [
        ("attributes.version", lambda: alter(service, attributes={"version": "5", "rack": "B2"})),
        ("components", lambda: alter(component, name="Motor 2")),
        ("dependencies", lambda: alter(needed, state="retired")),
        ("suppliers", lambda: state_delivery(create_supplier(by=SYSTEM, name="Kabel AB").item.reference,
                                             service.reference, by=SYSTEM)),
        ("group", lambda: assign_by_hand([service.pk], make_group("Vård"), by=SYSTEM, on=DAY)),
        ("name", lambda: alter(service, name="Vårdjournalen")),
    ]  # fmt: skip
    expected = set()
    for aspect, step in steps:
        step()
        expected.add(aspect)
        assert turned(document) == expected, aspect


def test_a_part_that_leans_on_a_routine_turns_for_a_new_edition_but_not_for_a_minor_edit(
    cast: Cast, service: Item
) -> None:
    chair = as_caller(cast.chair)
    routine = create_document(by=chair, sort="routine", title="Omstart", text="Starta om.")
    publish(routine.address, by=chair, version=1)
    document = part(cast, service, "tasks", [{"name": "Omstart", "routine": routine.item.reference}])
    routine.refresh_from_db()
    edit_minor(routine.address, by=chair, version=routine.version, text="Starta  om!")
    assert turned(document) == set()
    draft = save_draft(routine.address, by=chair, version=None, text="Ring först.")
    publish(routine.address, by=chair, version=draft.version)
    assert turned(document) == {"published"}


def test_standard_changes_turn_for_what_is_approved_or_retired_not_for_what_is_proposed(
    cast: Cast, service: Item
) -> None:
    coordinator = as_caller(cast.coordinator)
    words: dict[str, Any] = {
        "conditions": "Utanför kontorstid", "routine": "Öka minnet", "way_back": "Sänk det", "minutes": 30,
    }  # fmt: skip
    standard = propose_standard(
        by=coordinator, name="Mer minne", group=cast.group.reference, item=service.reference, **words
    )
    standard = decide_version(standard.pk, by=coordinator, version=standard.version, approve=True)
    document = part(cast, service, "changes", [{"name": "Mer minne", "standard": str(standard.pk)}])
    standard = propose_version(standard.pk, by=coordinator, version=standard.version, conditions="När som helst")
    assert turned(document) == set()
    standard = decide_version(standard.pk, by=coordinator, version=standard.version, approve=True)
    assert turned(document) == {"approved"}
    retire_standard(standard.pk, by=coordinator, version=standard.version, reason="Behövs inte")
    assert turned(document) == {"approved"}


def test_the_suppliers_turn_for_the_days_and_levels_of_a_contract_not_for_a_note(cast: Cast, service: Item) -> None:
    supplier = create_supplier(by=SYSTEM, name="Journal AB")
    contract = create_contract(by=SYSTEM, name="Avtal", supplier=supplier.item.reference).item.reference
    document = part(cast, service, "suppliers", [{"supplier": supplier.item.reference, "contract": contract}])
    change_contract(contract, by=SYSTEM, version=1, note="Ligger i pärmen", number="7")
    assert turned(document) == set()
    change_contract(contract, by=SYSTEM, version=2, ends_on="2030-12-31")
    set_levels(contract, by=SYSTEM, version=3, levels=[{"measure": "Svar", "target": "1 h"}])
    assert turned(document) == {"ends_on", "levels"}


def test_whoever_closes_a_group_sees_the_support_paths_that_name_it_and_they_turn(cast: Cast, service: Item) -> None:
    desk = make_group("Servicedesk")
    document = part(cast, service, "support", [{"who": desk.reference}, {"who": "Jouren", "contact": "1000"}])
    client = Client()
    client.force_login(cast.coordinator)
    page = client.get(f"/groups/{desk.reference}/").text
    assert f"/services/{service.reference}/#part-support" in page
    closing = client.get(f"/groups/{desk.reference}/close/").text
    assert _("Support paths and tasks of services that name it") in closing
    close_group(desk.reference, by=SYSTEM, version=desk.item.version, leave=True, reason="Uppgår i Drift")
    assert turned(document) == {"state"}
    shown = client.get(f"/services/{service.reference}/").text
    assert "hh-mark over" in shown
    assert "Servicedesk" in client.get("/dependencies/findings/").text


def test_a_withdrawn_part_is_taken_into_use_again_as_it_was_or_written_anew(cast: Cast, service: Item) -> None:
    levels = part(cast, service, "levels", [{"measure": "Tillgänglighet", "target": "99,9 %"}])
    withdraw(levels.address, by=as_caller(cast.chair), version=2, reason="Gäller inte")
    offers = {}
    for who in ("reader", "member", "chair"):
        client = Client()
        client.force_login(getattr(cast, who))
        for url in (f"/services/{service.reference}/", reverse("documents:document", args=[levels.address])):
            page = client.get(url).content.decode()
            assert "99,9" not in page
            assert url[:5] == "/serv" or f'href="/services/{service.reference}/#part-levels"' in page
            offers[who, url[:5]] = (_("Take into use again") in page, _("Write anew") in page)
    assert {one: offers[one, "/serv"] for one in ("reader", "member", "chair")} == {
        "reader": (False, False), "member": (False, True), "chair": (True, True)
    }  # fmt: skip
    assert {pages for (_who, _url), pages in offers.items()} == {(False, False), (False, True), (True, True)}
    with pytest.raises(Forbidden):
        bring_back(levels.address, by=as_caller(cast.member), version=3)
    back = reverse("documents:bring_back", args=[levels.address])
    answer = client.post(back, {"version": "3", "to": f"/services/{service.reference}/#part-levels"})
    assert answer.headers["Location"] == f"/services/{service.reference}/#part-levels"
    assert "99,9" in client.get(f"/services/{service.reference}/").content.decode()
    levels.refresh_from_db()
    assert (levels.published.number, levels.version) == ("1", 4)
    with pytest.raises(Clash):
        bring_back(levels.address, by=as_caller(cast.chair), version=4)
    # Who writes it anew goes on from there, under the next number.
    withdraw(levels.address, by=as_caller(cast.chair), version=4, reason="Nytt avtal")
    draft = save_draft(levels.address, by=as_caller(cast.chair), version=None, text="Nya nivåer")
    with pytest.raises(Clash):
        bring_back(levels.address, by=as_caller(cast.chair), version=5)
    assert publish(levels.address, by=as_caller(cast.chair), version=draft.version).number == "2"


def test_what_was_published_before_more_was_stated_turns_for_it_too_and_for_nothing_that_was(
    cast: Cast, service: Item
) -> None:
    levels = part(cast, service, "description")
    old = make_item("Gammal", kind="supporting_service")
    assign_by_hand([old.pk], cast.group, by=SYSTEM, on=DAY)
    gone = part(cast, old, "description")
    kept = Described.objects.filter(document=levels, aspect="group")
    kept.update(stated=["Andra"])
    Described.objects.filter(document__in=(levels, gone)).exclude(aspect="group").delete()
    Item.objects.filter(pk=gone.item_id).update(state=State.RETIRED)
    alter(service, name="Journal 2")
    assert restate() > 0
    assert kept.get().stated == ["Andra"]
    assert Described.objects.filter(document=gone).count() == 1
    # What came before it was stated is no doubt; what comes after is.
    assert "name" not in turned(levels)
    alter(service, name="Journal 3")
    assert "name" in turned(levels)
    before = Described.objects.count()
    assert restate() == 0
    assert Described.objects.count() == before


STATED_BY_MEASURE = {
    2: {
        "changes": "standard.approved",
        "description": (
            "item.attributes.garanti till item.attributes.i drift sedan item.attributes.in_service "
            "item.attributes.support till item.attributes.support_end item.attributes.version "
            "item.attributes.warranty_end item.components item.dependencies item.group item.name item.state "
            "item.suppliers"
        ),
        "policy": (
            "item.attributes.edition item.attributes.model item.attributes.os item.attributes.os_version "
            "item.attributes.release item.attributes.version item.kind item.name item.presence item.state"
        ),
        "suppliers": (
            "contact. contract.ends_on contract.levels contract.notice_months contract.supplier item.name item.state"
        ),
        "support": "contact. item.name item.state",
        "tasks": "document.published item.contacts item.name item.state",
    }
}


def test_what_is_stated_grows_with_a_new_measure_alone(cast: Cast, service: Item) -> None:
    """Whoever lets a text state more raises `MEASURE` and writes here what it states then: else what was published
    before would never turn for it.
    """
    supplier = create_supplier(by=SYSTEM, name="Journal AB").item.reference
    add_contact(supplier, by=SYSTEM, role="Jour", phone="08-777")
    contract = create_contract(by=SYSTEM, name="Avtal", supplier=supplier).item.reference
    routine = written("Omstart", routine="desk").address
    standard = StandardChange.objects.create(name="Mer minne", item=service, group=cast.group)
    part(cast, service, "description")
    part(cast, service, "tasks", [{"name": "x", "routine": routine, "who": cast.group.reference}])
    part(cast, service, "changes", [{"name": "x", "standard": str(standard.pk)}])
    part(cast, service, "support", [{"who": supplier}])
    part(cast, service, "suppliers", [{"supplier": supplier, "contract": contract}])
    other = create_document(by=SYSTEM, sort="policy", title="Policy", text=f"Se {service.reference}.", about=[routine])
    publish(other.address, by=SYSTEM, version=1)
    stated: dict[str, str] = {}
    rows = Described.objects.order_by("document__sort", "document__part", "noun", "aspect")
    for sort, name, noun, aspect in rows.values_list("document__sort", "document__part", "noun", "aspect").distinct():
        stated[name or sort] = f"{stated.get(name or sort, '')} {noun}.{aspect}".strip()
    assert (max(STATED_BY_MEASURE), stated) == (MEASURE, STATED_BY_MEASURE[MEASURE])


def test_what_was_altered_is_told_in_the_readers_words(cast: Cast, service: Item) -> None:
    routine, desk = make_item("Byta lås", kind="routine"), make_group("Desken")
    supplier = create_supplier(by=SYSTEM, name="Journal AB")
    contract = create_contract(by=SYSTEM, name="Avtalet", supplier=supplier.item.reference, ends_on="2031-05-01")
    part(cast, service, "orders", [{"name": "Lås", "routine": routine.reference}])
    part(cast, service, "support", [{"who": desk.reference, "contact": "08-1"}])
    part(cast, service, "suppliers", [{"supplier": supplier.item.reference, "contract": contract.item.reference}])
    alter(routine, state="retired")
    close_group(desk.reference, by=SYSTEM, version=desk.item.version, leave=True)
    levels = [{"measure": "Inställelse", "target": "4 timmar"}, {"measure": "Svar", "target": "1 h"}]
    set_levels(contract.item.reference, by=SYSTEM, version=1, levels=levels)
    change_contract(contract.item.reference, by=SYSTEM, version=2, ends_on="2032-06-01")
    check_all()
    client = Client(headers={"accept-language": "sv"})
    client.force_login(cast.member)
    page = client.get(f"/services/{service.reference}/").text.replace("\N{NO-BREAK SPACE}", " ")
    for was, now in (("i bruk", "avvecklad"), ("aktiv", "stängd"), ("1 maj 2031", "1 juni 2032"),
                     ("–", "Inställelse, 4 timmar; Svar, 1 h")):  # fmt: skip
        assert f"<del>{was}</del> <ins>{now}</ins>" in page
    told = client.get(f"/api/v1/services/{service.reference}").json()["documentation"]
    altered = {(one["before"], one["after"]) for some in told for one in some["doubts"]}
    assert {("live", "retired"), ("active", "closed"), ("2031-05-01", "2032-06-01")} <= altered
    told = [*told, client.get(f"/api/v1/documents/{service.reference}~orders").json()]
    words = [(one["before"], one["before_words"], one["after_words"]) for some in told for one in some["doubts"]]
    assert words.count(("live", "i bruk", "avvecklad")) == 2
    document = client.get(f"/documents/{service.reference}~orders/").text
    assert "<del>i bruk</del> <ins>avvecklad</ins>" in document
