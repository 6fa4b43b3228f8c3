"""The paths that people walk: first start, import, assign, rule, search, language, many at once, phone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from helhet.accounts import actions
from helhet.accounts.models import User
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Answer
from helhet.importers.models import Run
from helhet.items.models import Item
from helhet.kit.jobs.worker import drain
from helhet.responsibility.models import Rule
from helhet.search.indexing import index_all
from tests.browser.walking import is_scripted, sign_in, wide_parts
from tests.world import DAY, SYSTEM, Cast, make_group, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PASSWORD = "en mening som är lång nog"


def answers_for(name: str) -> str:
    """The name of the group that answers for the item now, empty for none."""
    answer = Answer.objects.open().select_related("group__item").filter(item__name=name).first()
    return answer.group.name if answer is not None and answer.group is not None else ""


def test_the_first_start_leads_from_the_link_to_the_demonstration_or_an_import(page: Page) -> None:
    link = actions.first_link()
    assert link is not None
    page.goto(urlsplit(link).path)
    page.locator("main form .btn-primary").click()
    page.get_by_label("Ditt namn").fill("Astrid Ek")
    page.get_by_label("E-postadress").fill("astrid@sjovik.example")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form .btn-primary").click()
    expect(page).to_have_url(re.compile(r"/$"))
    drain()
    page.reload()
    expect(page.locator("main form button")).to_be_visible()
    page.locator("main a[href$='/imports/new/']").click()
    expect(page).to_have_url(re.compile(r"/imports/new/$"))
    assert User.objects.get().email == "astrid@sjovik.example"


FAULTY = """key,kind,name,group,part_of,state
a1,server,Dörrvakten,,,live
a2,server,Brevbäraren,Okända gruppen,a1,live
,server,Utan nyckel,,,live
a4,tidsmaskin,Okänd typ,,,live
a1,server,Samma nyckel igen,,,live
a6,application,Bokningen,,a2,retiring
"""


def test_an_import_is_tried_out_and_then_applied(page: Page, live_server: Any, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(FAULTY, encoding="utf-8")
    sign_in(page, cast.coordinator, live_server)
    page.goto("/imports/")
    page.locator("main a[href$='/imports/new/']").first.click()
    page.locator("input[name=file]").set_input_files(tmp_path / "items.csv")
    page.locator("input[name=source]").fill("kalkylblad")
    page.locator("main form .btn-primary").click()
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))
    drain()
    page.reload()
    expect(page.locator("main")).to_contain_text("Dörrvakten")
    assert not Item.objects.filter(name="Dörrvakten").exists()
    page.locator("main a[href='?show=refused']").click()
    refused = page.locator("section[aria-labelledby=rows] tbody")
    expect(refused.locator("tr")).to_have_count(3)
    expect(refused).to_contain_text("tidsmaskin")
    with page.expect_response("**/apply/"):
        page.locator("form[action$='/apply/'] button").click()
    drain()
    page.goto(f"/imports/{Run.objects.get().pk}/")
    expect(page.locator("form[action$='/undo/'] button")).to_be_visible()
    assert set(Item.objects.filter(kind__is_listed=True).values_list("name", flat=True)) == {
        "Dörrvakten", "Brevbäraren", "Bokningen",
    }  # fmt: skip
    page.goto("/imports/findings/")
    expect(page.locator("main")).to_contain_text("Okända gruppen")


def test_the_unowned_is_assigned_from_the_coverage_page(page: Page, live_server: Any, cast: Cast) -> None:
    for number in range(3):
        known = make_item(f"vaktmästaren-{number}", attributes={"location": "Hall 1"}, key=f"k{number}")
        assign_by_hand([known.pk], cast.group, by=SYSTEM, on=DAY)
    lost = make_item("vaktmästaren-9", attributes={"location": "Hall 1"}, key="k9")
    sign_in(page, cast.coordinator, live_server)
    page.goto("/coverage/")
    pile = page.locator("section[aria-labelledby=pile] li", has_text=lost.name)
    expect(pile).to_contain_text("Drift")
    pile.get_by_role("button", name="Tilldela").click()
    expect(page.locator("#hh-toasts")).to_contain_text("1")
    expect(page.locator("section[aria-labelledby=pile]")).to_have_count(0)
    assert answers_for(lost.name) == "Drift"


def test_a_rule_shows_what_it_would_move_while_it_is_written(page: Page, live_server: Any, cast: Cast) -> None:
    for number in range(4):
        make_item(f"brandvägg {number}", kind="network_device")
    sign_in(page, cast.coordinator, live_server)
    page.goto("/rules/")
    page.get_by_role("link", name="Ny regel").first.click()
    is_scripted(page)
    page.locator("select[name=group]").select_option(str(cast.other_group.pk))
    page.locator("input[name=filter]").press_sequentially("kind:network_device", delay=5)
    preview = page.locator("#preview")
    expect(preview).to_contain_text("4")
    expect(preview).to_contain_text("Nät")
    assert answers_for("brandvägg 0") == ""
    page.locator("input[name=note]").fill("De kan nätet.")
    page.get_by_role("button", name="Spara regeln").click()
    expect(page.locator("#hh-toasts")).to_contain_text("4")
    assert answers_for("brandvägg 0") == "Nät"
    assert Rule.objects.filter(group=cast.other_group).get().note == "De kan nätet."


def test_a_rule_that_cannot_be_read_says_where(page: Page, live_server: Any, cast: Cast) -> None:
    sign_in(page, cast.coordinator, live_server)
    page.goto("/rules/new/")
    is_scripted(page)
    page.locator("select[name=group]").select_option(str(cast.group.pk))
    page.locator("input[name=filter]").press_sequentially("kind:skrivmaskin", delay=5)
    expect(page.locator("#preview")).to_contain_text("skrivmaskin")
    assert not Rule.objects.filter(sort="named").exists()


def test_an_inflected_word_finds_the_thing(page: Page, live_server: Any, cast: Cast) -> None:
    item = make_item("Journalsystem för skolsköterskor", kind="application")
    index_all()
    sign_in(page, cast.reader, live_server)
    page.goto("/")
    page.locator(".hh-top input[type=search]").fill("skolsköterskans")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/"))
    expect(page.locator("main")).to_contain_text("Journalsystem för skolsköterskor")
    expect(page.locator("main mark").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Journalsystem")).first.click()
    expect(page).to_have_url(re.compile(item.reference))


def test_the_palette_goes_to_things_and_pages(page: Page, live_server: Any, cast: Cast) -> None:
    item = make_item("Journalsystem", kind="application")
    index_all()
    sign_in(page, cast.reader, live_server)
    page.goto("/groups/")
    is_scripted(page)
    page.keyboard.press("Control+k")
    field = page.locator("#hh-palette input[type=search]")
    expect(field).to_be_focused()
    field.press_sequentially("journalsy", delay=5)
    expect(page.locator("#hh-hits")).to_contain_text("Journalsystem")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(item.reference))


def test_the_language_that_is_chosen_is_kept(page: Page, live_server: Any, cast: Cast) -> None:
    sign_in(page, cast.reader, live_server)
    page.goto("/groups/")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    page.locator(".hh-top button[lang=en]:visible").click()
    expect(page).to_have_url(re.compile(r"/groups/$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/coverage/")
    expect(page.locator("h1")).to_have_text("Coverage")
    assert User.objects.get(pk=cast.reader.pk).language == "en"


def test_many_are_changed_at_once_and_set_back_at_once(page: Page, live_server: Any, cast: Cast) -> None:
    for number in range(3):
        make_item(f"skrivare {number}")
    sign_in(page, cast.coordinator, live_server)
    page.goto("/items/?q=kind:server")
    is_scripted(page)
    page.locator("[data-select-all]").check()
    expect(page.locator("[data-count]")).to_have_text("3")
    page.locator(".hh-bulk button[formaction*=fields]").click()
    page.locator("select[name=state]").select_option("retiring")
    page.locator("input[name=reason]").fill("Byts ut i vår.")
    page.locator("main form .btn-primary").click()
    preview = page.locator("section[aria-labelledby=preview]")
    expect(preview).to_contain_text("skrivare 2")
    states = Item.objects.filter(kind__key="server").values_list("state", flat=True)
    assert len(set(states)) == 1
    before = states[0]
    preview.locator(".btn-primary").click()
    expect(page).to_have_url(re.compile(r"/items/changes/\d+/$"))
    assert set(states.all()) != {before}
    page.locator("main form[action$='/undo/'] button").click()
    expect(page.locator("#hh-toasts")).to_contain_text("3")
    assert set(states.all()) == {before}


def test_one_field_is_changed_where_it_stands_and_undone(page: Page, live_server: Any, cast: Cast) -> None:
    item = make_item("skrivare")
    sign_in(page, cast.coordinator, live_server)
    page.goto(f"/items/{item.reference}/")
    is_scripted(page)
    page.locator("#hh-field-name").get_by_role("link").click()
    field = page.locator("#hh-field-name input[name=value]")
    field.fill("skrivaren vid trappan")
    field.press("Enter")
    expect(page.locator("#hh-toasts")).to_contain_text("Ångra")
    item.refresh_from_db()
    assert item.name == "skrivaren vid trappan"
    page.locator("#hh-toasts button", has_text="Ångra").click()
    expect(page.locator("h1")).to_have_text(re.compile("^skrivare"))
    with transaction.atomic():
        item.refresh_from_db()
    assert item.name == "skrivare"


def test_the_daily_round_is_walked_on_a_phone(page: Page, live_server: Any, cast: Cast) -> None:
    item = make_item("skrivare", key="k1")
    make_group("Lager", chair=None)
    sign_in(page, cast.member, live_server)
    page.set_viewport_size({"width": 360, "height": 740})
    for address in (
        "/",
        "/items/",
        f"/items/{item.reference}/",
        "/coverage/",
        "/groups/",
        "/tasks/",
        "/search/?q=skrivare",
    ):
        page.goto(address)
        assert wide_parts(page) == [], address
    page.goto(f"/items/{item.reference}/")
    page.get_by_role("button", name=re.compile("^Ta ")).first.click()
    expect(page.locator("#hh-toasts")).to_contain_text(item.reference)
    assert answers_for("skrivare") == "Drift"
