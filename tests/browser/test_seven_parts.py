"""A service's seven parts are written, reviewed, approved and published by hand; a contact that changes turns one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from helhet.accounts.models import User
from helhet.changes.models import StandardChange
from helhet.documents.checking import check_all
from helhet.documents.models import ApprovalRule, Doubt, Version
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Membership, Role
from helhet.handbook.models import Part
from helhet.items.models import Item
from helhet.suppliers.actions import add_contact, create_contract, create_supplier
from tests.browser.walking import PATIENCE, faults_of, sign_in, wide_parts
from tests.world import DAY, SYSTEM, Cast, make_item, make_person, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
REVIEWED = (Part.DESCRIPTION, Part.SUPPLIERS)
"""What a third person looks through first; of the others the group's mandate asks for approval alone."""
Rows = dict[str, dict[str, str]]


@pytest.fixture
def service(cast: Cast) -> Item:
    """A service of Drift's, whose mandate may ask for a review by a member before the chair approves."""
    item = make_item("Vårdjournal", kind="business_service")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    ApprovalRule.objects.create(group=cast.group, needs_review=True)
    return item


def written(cast: Cast, service: Item) -> Rows:
    """What is written in each part, by part and column, with what it points at."""
    routine = make_item("Omstart av motorn", kind="routine")
    standard = StandardChange.objects.create(name="Mer minne", item=service, group=cast.group)
    supplier = create_supplier(by=SYSTEM, name="Journal AB", group=cast.group.reference)
    duty = add_contact(supplier.item.reference, by=SYSTEM, role="Jour", phone="08-777")
    contract = create_contract(by=SYSTEM, name="Driftavtal", supplier=supplier.item.reference)
    return {
        Part.DESCRIPTION: {},
        Part.TASKS: {"name": "Omstart", "routine": routine.reference, "interval": "varje vecka",
                     "who": cast.group.reference, "minutes": "25", "cost": "400"},
        Part.LEVELS: {"measure": "Tillgänglighet", "target": "99,9 %", "hours": "dygnet runt"},
        Part.ORDERS: {"name": "Nytt konto", "for_whom": "Chefer", "approval": "Enhetschef",
                      "routine": routine.reference, "lead_time": "2 dagar"},
        Part.CHANGES: {"name": "Mer minne", "standard": str(standard.pk), "conditions": "Utanför kontorstid",
                       "routine": routine.reference},
        Part.SUPPORT: {"who": "Servicedesk", "hours": "vardagar 7-17", "contact": "1000", "escalate_minutes": "15"},
        Part.SUPPLIERS: {"supplier": supplier.item.reference, "contract": contract.item.reference,
                         "contacts": str(duty.pk), "note": "Driften av journalen"},
    }  # fmt: skip


def as_user(chromium: Browser, user: User, live_server: Any) -> Page:
    """A page of somebody else, in a browser of his own."""
    context = chromium.new_context(base_url=str(live_server), locale="sv-SE")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, user, live_server)
    return page


def press(page: Page, *words: str) -> None:
    """Press a link or a button of the page's own, and wait for what is said."""
    for word in words:
        role = "link" if word.startswith("→") else "button"
        page.locator("main").get_by_role(role, name=word.lstrip("→"), exact=True).click()


def write(page: Page, part: str, row: dict[str, str]) -> None:
    """Begin the part from the page of the service, write it and ask for approval."""
    page.locator(f"#part-{part}").get_by_role("button", name="Börja").click()
    page.locator("[name=text]").fill(f"Det här gäller {part}.")
    for name, value in row.items():
        field = page.locator(f"[name=rows-0-{name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    press(page, "Spara utkastet", "→Be om godkännande", "Be om godkännande")


def approve(page: Page, service: Item, part: str) -> None:
    """Publish the draft, which says yes to it; of one part the yes is said first."""
    page.goto(f"/documents/{service.reference}~{part}/")
    if part == Part.DESCRIPTION:
        press(page, "→Svara på utkastet", "Svara")
    press(page, "→Publicera", "Publicera")
    expect(page.locator(".hh-toast")).to_contain_text("Det är publicerat")


def test_seven_parts_are_written_approved_and_published_and_a_changed_contact_turns_one(
    page: Page, chromium: Browser, live_server: Any, cast: Cast, service: Item
) -> None:
    rows = written(cast, service)
    reviewer = make_user("granskare@sjovik.example")
    person = make_person(str(reviewer), email=reviewer.email, user=reviewer)
    Membership.objects.create(group=cast.group, person=person, role=Role.MEMBER, from_on=DAY)
    here = f"/services/{service.reference}/"
    sign_in(page, cast.member, live_server)
    second, chair = (as_user(chromium, one, live_server) for one in (reviewer, cast.chair))
    for part, row in rows.items():
        ApprovalRule.objects.update(needs_review=part in REVIEWED)
        page.goto(here)
        write(page, part, row)
        if part in REVIEWED:
            second.goto(f"/documents/{service.reference}~{part}/")
            press(second, "→Granska utkastet", "Svara")
        approve(chair, service, part)
    second.context.close()
    page.goto(here)
    expect(page.locator(".hh-says")).to_contain_text("7 av 7")
    names = {(one.written_by, one.reviewed_by, one.approved_by) for one in Version.objects.all()}
    writer, approver = str(cast.member), str(cast.chair)
    assert names == {(writer, str(reviewer), approver), (writer, "", approver)}
    for row in rows.values():
        for shown in (row.get("minutes"), row.get("target"), row.get("lead_time"), row.get("conditions")):
            expect(page.locator(".hh-partlist")).to_contain_text(shown or "")
    chair.goto(f"/suppliers/{rows[Part.SUPPLIERS]['supplier']}/")
    press(chair, "→Ändra")
    chair.get_by_label("Telefon").fill("08-888")
    press(chair, "Spara")
    # What follows is told at once, and leads to the one that the journal turns a moment later.
    chair.get_by_role("link", name="1 dokument ska kontrolleras").click()
    expect(chair.locator("tbody th")).to_contain_text(f"{service.reference}/{Part.SUPPLIERS}")
    assert faults_of(chair) == []
    chair.context.close()
    check_all()
    page.goto(here)
    expect(page.locator(".hh-partlist > .hh-part", has_text="Kontroll behövs")).to_have_count(1)
    turned = page.locator("#part-suppliers")
    expect(turned.locator(".hh-ask")).to_contain_text("08-777")
    expect(turned.locator(".hh-ask")).to_contain_text("08-888")
    assert faults_of(page) == []
    turned.get_by_role("button", name="Stämmer fortfarande").click()
    expect(page.locator(".hh-says")).to_contain_text("7 av 7")
    assert Doubt.objects.get().settled_by == str(cast.member)
    page.set_viewport_size({"width": 360, "height": 740})
    assert wide_parts(page) == []
