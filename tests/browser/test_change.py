"""A walk: draft a change from an item, be asked and answer as another group, yes-if, and settle a no."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helhet.accounts.models import User
from helhet.changes.models import Change
from helhet.estate.dependencies import add_dependency
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Membership, Role
from tests.browser.walking import sign_in
from tests.world import DAY, SYSTEM, Cast, make_group, make_item, make_person, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def leading(email: str, group: Any) -> User:
    """A user who leads the group."""
    user = make_user(email)
    person = make_person(str(user), email=email, user=user)
    Membership.objects.create(group=group, person=person, role=Role.CHAIR, from_on=DAY)
    return user


def answer(page: Page, user: User, live_server: Any, change: Change, stance: str, **fields: str) -> None:
    """As the group's chair, from the page of the change."""
    sign_in(page, user, live_server)
    page.goto(change.get_absolute_url())
    page.get_by_role("link", name="Svara", exact=True).click()
    page.get_by_label(stance, exact=True).check()
    for label, text in fields.items():
        page.get_by_role("textbox", name=label).fill(text)
    page.get_by_role("button", name="Svara").click()


def test_a_change_is_drafted_from_an_item_asked_about_answered_and_settled(
    page: Page, live_server: Any, complaints: Any
) -> None:
    cast = Cast()
    school, care = make_group("Skola", chair=None), make_group("Vård", chair=None)
    school_chair, care_chair = leading("skola@sjovik.example", school), leading("vard@sjovik.example", care)
    node = make_item("Lagringsnod Norr 2", kind="storage")
    services = [make_item(name, kind="business_service") for name in ("Läroplattform", "Vårdjournal")]
    for item, group in ((node, cast.group), (services[0], school), (services[1], care)):
        assign_by_hand([item.pk], group, by=SYSTEM, on=DAY)
    for service in services:
        add_dependency(service, node, by=SYSTEM)

    sign_in(page, cast.member, live_server)
    page.goto(node.get_absolute_url())
    page.get_by_role("link", name="Skriv en ändring av det").click()
    page.get_by_label("Vad ska ändras").fill("Byte av Lagringsnod Norr 2")
    page.get_by_label("Börjar").fill("2031-11-24T18:00")
    page.get_by_label("Slutar").fill("2031-11-25T02:00")
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.locator(".hh-says")).to_contain_text("2 andra grupper berörs")
    page.get_by_role("link", name="Fråga berörda grupper").click()
    page.get_by_role("button", name="Fråga").click()
    change = Change.objects.get()
    expect(page.get_by_role("table")).to_contain_text("Läroplattform")
    expect(page.get_by_role("button", name="Påminn")).to_have_count(2)

    answer(page, care_chair, live_server, change, "ja, om", **{"Om (får": "Reservrutinen är utdelad"})
    expect(page.get_by_role("link", name="Reservrutinen är utdelad")).to_be_visible()
    answer(page, school_chair, live_server, change, "nej", Kommentar="Nationella prov")
    expect(page.locator(".hh-says")).to_contain_text("1 nej")

    sign_in(page, cast.coordinator, live_server)
    page.goto(change.get_absolute_url())
    page.get_by_role("link", name="Avgör").click()
    page.get_by_label("Ändringen går vidare").check()
    page.get_by_role("textbox", name="Varför").fill("Noden håller inte till sommaren")
    page.get_by_role("button", name="Spara beslutet").click()
    expect(page.get_by_text("Noden håller inte till sommaren").first).to_be_visible()
    page.get_by_role("link", name="Reservrutinen är utdelad").click()
    page.get_by_role("button", name="Klart").click()
    page.goto(change.get_absolute_url())
    page.get_by_role("button", name="Godkänn").click()
    expect(page.locator(".hh-says")).to_contain_text("Godkänd")
    assert complaints.found == []
