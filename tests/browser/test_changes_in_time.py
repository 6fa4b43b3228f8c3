"""The walks of time: a clash is met, a free time taken, a clash signed for, a freeze stated; and how it all looks."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helhet.changes.models import Change, ChangeState, ClashSignature, Freeze
from helhet.changes.tests.planned import make_change, make_freeze, make_window
from helhet.groups.answering import assign_by_hand
from helhet.items.models import Item
from tests.browser.walking import faults_of, sign_in, wide_parts
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def node(cast: Cast) -> Item:
    """A node that Drift answers for."""
    item = make_item("Lagringsnod Norr 2")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    return item


def evening(days: int, hour: int = 18) -> dt.datetime:
    """A local time so many days from now."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) + dt.timedelta(hours=hour)


def planned(cast: Cast, node: Item) -> Change:
    """A change that clashes with another group's, and with a freeze that Drift stated itself."""
    make_change("Ny version", [node], evening(3, 20), evening(3, 22), group=cast.other_group)
    make_freeze("Lönekörning", evening(2, 16), evening(5, 8), item=node, stated_by=cast.group)
    day = timezone.localdate() + dt.timedelta(days=6)
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
    make_window("Datahallens serviceperiod", day, 18, 8, f"FREQ=WEEKLY;BYDAY={weekday}", item=node)
    return make_change("Byte av lagringsnod", [node], evening(3), evening(3, 26), group=cast.group, state="approved")


def test_a_clash_is_met_and_a_free_time_taken(page: Page, live_server: Any, cast: Cast, node: Item) -> None:
    change = planned(cast, node)
    sign_in(page, cast.member, live_server)
    page.goto(f"/changes/{change.reference}/")
    section = page.locator("section[aria-labelledby=clashes]")
    expect(section).to_contain_text("Krock med ändringsstoppet Lönekörning")
    expect(section).to_contain_text("Båda ändrar Lagringsnod Norr 2.")
    section.get_by_role("button", name="Flytta hit").first.click()
    expect(page.locator("main")).to_contain_text("krockar inte med något")
    change.refresh_from_db()
    assert (change.starts_at, change.ends_at) == (evening(6), evening(6, 26))


def test_a_clash_is_signed_for(page: Page, live_server: Any, cast: Cast, node: Item) -> None:
    make_change("Ny version", [node], evening(3, 20), evening(3, 22), group=cast.other_group)
    change = make_change("Byte", [node], evening(3), evening(3, 26), group=cast.group, state=ChangeState.APPROVED)
    sign_in(page, cast.chair, live_server)
    page.goto(f"/changes/{change.reference}/")
    page.get_by_role("link", name="Skriv under").click()
    page.get_by_label("Varför den får stå kvar").fill("Samma folk gör båda")
    page.get_by_role("button", name="Skriv under").click()
    expect(page.locator("section[aria-labelledby=clashes]")).to_contain_text("skrev under")
    assert ClashSignature.objects.get().reason == "Samma folk gör båda"


def test_a_freeze_is_stated_after_its_preview(page: Page, live_server: Any, cast: Cast, node: Item) -> None:
    make_change("Byte av lagringsnod", [node], evening(3), evening(3, 26), group=cast.group)
    sign_in(page, cast.chair, live_server)
    page.goto("/changes/calendar/")
    page.get_by_role("link", name="Ange ändringsstopp").click()
    page.get_by_label("Namn").fill("Lönekörning")
    page.get_by_label("Från").fill(evening(2, 16).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Till", exact=True).fill(evening(5, 8).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("För ett objekt").fill(node.reference)
    page.get_by_label("Angett av").select_option(cast.group.reference)
    page.get_by_role("button", name="Visa vad det innebär").click()
    expect(page.locator("section[aria-labelledby=preview]")).to_contain_text("Byte av lagringsnod")
    assert not Freeze.objects.exists()
    page.get_by_role("button", name="Spara").click()
    expect(page).to_have_url(re.compile(r"/changes/freezes/\d+/$"))
    assert Freeze.objects.get().item == node


PAGES = (
    "/changes/{change}/times/", "/changes/calendar/", "/changes/calendar/?view=week&on={day}",
    "/changes/calendar/?view=groups&on={day}", "/changes/periods/", "/changes/freezes/new/", "/changes/windows/new/",
    "/changes/feeds/",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_the_pages_of_time_are_sound_wide_and_on_a_phone(
    page: Page, live_server: Any, cast: Cast, node: Item, address: str
) -> None:
    change = planned(cast, node)
    sign_in(page, cast.chair, live_server)
    page.goto(address.format(change=change.reference, day=evening(3).date()))
    assert faults_of(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert wide_parts(page) == []
