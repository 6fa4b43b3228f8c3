"""Walks: raise a standard change with one click, explain what an import altered, move a change with one after it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helhet.changes.actions import put_after
from helhet.changes.actions.standards import decide_version, propose_standard
from helhet.changes.actions.thresholds import state_threshold
from helhet.changes.models import Change, ChangeState, Unregistered
from helhet.changes.tests.planned import make_change
from helhet.changes.tests.test_unregistered import alter
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Person, Task
from helhet.items.models import Item
from tests.browser.walking import faults_of, sign_in, wide_parts
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def node(cast: Cast) -> Item:
    """A node that Drift answers for."""
    item = make_item("Lagringsnod Norr 2", kind="storage")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    return item


def evening(days: int, hour: int = 18) -> dt.datetime:
    """A local time so many days from now."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) + dt.timedelta(hours=hour)


def is_sound(page: Page) -> None:
    """Axe finds nothing, and on a phone nothing reaches beyond the edge."""
    assert faults_of(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert wide_parts(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_standard_change_is_raised_with_one_click_and_stands_in_the_calendar(
    page: Page, live_server: Any, cast: Cast, node: Item
) -> None:
    one = propose_standard(
        by=SYSTEM, name="Starta om nod", group=cast.group.reference, item=node.reference, routine="Starta om den"
    )
    decide_version(one.pk, by=SYSTEM, version=one.version, approve=True)
    sign_in(page, cast.member, live_server)
    page.goto(node.get_absolute_url())
    page.get_by_role("button", name="Lägg in på första lediga tid").click()
    expect(page.locator(".hh-toast")).to_contain_text("Ändringen är schemalagd")
    change = Change.objects.get()
    assert (change.type, change.state) == ("standard", ChangeState.SCHEDULED)
    assert change.starts_at is not None
    page.goto(f"/changes/calendar/?view=week&on={timezone.localdate(change.starts_at)}")
    expect(page.get_by_role("link", name=change.reference).first).to_be_visible()


def test_what_an_import_altered_is_explained(page: Page, live_server: Any, cast: Cast, node: Item) -> None:
    make_change("Byte", [node], evening(-40), evening(-40, 20), group=cast.group, state="closed", outcome="done")
    alter(node, attributes={"cpu": 8})
    sign_in(page, cast.chair, live_server)
    page.goto(cast.group.get_absolute_url())
    expect(page.get_by_role("link", name="Förklara förändringar som ingen ändring berättade om")).to_be_visible()
    page.goto("/changes/unregistered/")
    expect(page.locator("main")).to_contain_text("attributes.cpu")
    page.get_by_role("link", name="Förklara").click()
    page.get_by_label("Vad det var").select_option("cover")
    page.get_by_label("Vilken uppgift eller beställning").fill("Beställning 12")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".hh-says")).to_contain_text("är förklarad")
    assert Unregistered.objects.get().words == "Beställning 12"
    assert not Task.objects.filter(origin="unregistered", state="open").exists()


def test_a_change_is_moved_and_the_one_after_it_comes_along(
    page: Page, live_server: Any, cast: Cast, node: Item
) -> None:
    other, third = make_item("Databas", kind="database"), make_item("Brandvägg", kind="server")
    first = make_change("Byte av nod", [node], evening(3), evening(3, 20), group=cast.group, state="approved")
    mine = make_change("Flytt av databas", [other], evening(3, 20), evening(3, 21), group=cast.group, state="approved")
    theirs = make_change("Ny regel", [third], evening(3, 20), evening(3, 21), group=cast.other_group)
    for after in (mine, theirs):
        put_after(after.reference, first.reference, by=SYSTEM)
    sign_in(page, cast.member, live_server)
    page.goto(first.get_absolute_url())
    page.get_by_role("link", name="Flytta till en annan tid").click()
    is_sound(page)
    page.get_by_label("Börjar").fill(evening(3, 19).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Slutar").fill(evening(3, 21).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Flytta den").click()
    expect(page.locator("section[aria-labelledby=followers]")).to_contain_text("Nät ombeds flytta den")
    is_sound(page)
    page.get_by_role("button", name="Flytta den").click()
    expect(page.locator(".hh-toast")).to_contain_text(mine.reference)
    for one in (first, mine, theirs):
        one.refresh_from_db()
    assert (first.starts_at, mine.starts_at, theirs.starts_at) == (evening(3, 19), evening(3, 21), evening(3, 20))
    assert Task.objects.get(origin="order").group == cast.other_group


def test_whoever_drafts_is_told_that_no_change_is_needed_while_choosing(
    page: Page, live_server: Any, cast: Cast, node: Item
) -> None:
    state_threshold(by=SYSTEM, text="Mer minne", covered_by="Beställning 12", kind="storage")
    sign_in(page, cast.member, live_server)
    page.goto("/changes/new/")
    page.get_by_label("Ändrar").press_sequentially(node.reference)
    expect(page.locator("#covered")).to_contain_text("Mer minne: behöver ingen ändring alls")
    page.get_by_label("Typ").select_option("emergency")
    expect(page.locator("#covered")).to_be_empty()


@pytest.mark.parametrize("address", ["/changes/{change}/", "/changes/thresholds/", "{group}", "{person}"])
def test_the_pages_are_sound_and_the_menu_stays_on_a_phone(
    page: Page, live_server: Any, cast: Cast, node: Item, address: str
) -> None:
    state_threshold(by=SYSTEM, text="Mer minne", covered_by="Beställning 12", kind="storage")
    change = make_change("Byte av nod", [node], evening(3), evening(3, 20), group=cast.group, state="approved")
    sign_in(page, cast.member, live_server)
    person = Person.objects.get(user=cast.member).get_absolute_url()
    page.goto(address.format(change=change.reference, group=cast.group.get_absolute_url(), person=person))
    is_sound(page)
    if "{change}" in address:
        page.set_viewport_size({"width": 360, "height": 740})
        page.get_by_text("Mer", exact=True).first.click()
        box = page.locator(".hh-acts .hh-pop").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        expect(page.get_by_role("link", name="Ställ in ändringen")).to_be_visible()
