"""Impact and the map as people walk them: draw a dependency, open, move, save, take it home, and read by group."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page, expect

from helhet.estate.dependencies import add_dependency
from helhet.estate.models import Dependency, Picture
from helhet.items.models import Item
from tests.browser.walking import faults_of, is_scripted, sign_in, wide_parts
from tests.world import SYSTEM, Cast, make_group, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def chain(cast: Cast) -> tuple[Item, Item, Item]:
    """A shelf; a database on it; a service on that. Three groups."""
    del cast
    disk = make_item("Diskhylla", says=make_group("Hallar"))
    base = make_item("Databas", kind="database", says=make_group("Databaser"))
    service = make_item("Lönesystem", kind="business_service", says=make_group("Lön"))
    add_dependency(base, disk, by=SYSTEM)
    return disk, base, service


def open_map(page: Page, address: str) -> None:
    """The map, drawn."""
    page.goto(address)
    expect(page.locator("#hh-map[data-ready]")).to_be_attached()


def shows(page: Page, count: int) -> None:
    """Wait until so many boxes are drawn."""
    expect(page.locator(f'#hh-map[data-nodes="{count}"]')).to_be_attached()


def test_a_dependency_is_drawn_opened_and_saved_and_stands_where_it_was(
    page: Page, live_server: Any, cast: Cast, chain: tuple[Item, Item, Item]
) -> None:
    disk, base, service = chain
    sign_in(page, cast.coordinator, live_server)
    page.goto(base.get_absolute_url())
    page.locator(f"main a[href$='/map/?start={base.reference}']").click()
    expect(page.locator("#hh-map[data-ready]")).to_be_attached()
    shows(page, 2)
    page.locator("input[name=add]").fill(service.reference)
    page.locator("form[data-map-form] .btn").first.click()
    shows(page, 3)
    page.locator("#hh-map-shown").get_by_role("button", name=f"Dölj {disk.name}").click()
    shows(page, 2)
    page.locator('[data-map-act="undo"]').click()
    shows(page, 3)
    assert not Dependency.objects.filter(from_item=service).exists()
    page.locator("#hh-map-shown tr", has_text=service.name).locator("[data-map-choose]").click()
    panel = page.locator("#hh-map-chosen")
    expect(panel).to_contain_text(service.name)
    panel.locator("summary").click()
    panel.locator("input[name=provider]").fill(base.reference)
    panel.locator("select[name=criticality]").select_option("degrades")
    panel.locator("form .btn").click()
    expect(page.locator("#hh-map-says")).to_contain_text("2 beroenden")
    assert Dependency.objects.get(from_item=service).criticality == "degrades"
    page.locator("summary", has_text="Spara kartan").click()
    page.get_by_label("Kartans namn").fill("Löner")
    page.get_by_role("button", name="Spara som ny").click()
    expect(page).to_have_url(re.compile(r"picture=loner"))
    expect(page.locator("#hh-map[data-ready]")).to_be_attached()
    stood = {one.item_id: (one.x, one.y) for one in Picture.objects.get().places.all()}
    assert all(at is not None for place in stood.values() for at in place)
    add_dependency(make_item("Ny granne"), base, by=SYSTEM)
    open_map(page, "/map/?picture=loner")
    page.locator("#hh-map-shown").get_by_role("button", name=re.compile(f"Visa 1 till kring {base.name}")).click()
    shows(page, 4)
    page.locator("summary", has_text="Spara kartan").click()
    with page.expect_response(lambda got: got.request.method == "POST"):
        page.get_by_role("button", name="Spara i Löner").click()
    expect(page.locator("#hh-map[data-ready]")).to_be_attached()
    after = {one.item_id: (one.x, one.y) for one in Picture.objects.get().places.all()}
    assert {item: after[item] for item in stood} == stood
    assert len(after) == 4


def test_the_map_goes_out_as_a_drawing_with_its_text(
    page: Page, live_server: Any, cast: Cast, chain: tuple[Item, Item, Item], tmp_path: Path
) -> None:
    disk, base, _service = chain
    sign_in(page, cast.reader, live_server)
    open_map(page, f"/map/?start={base.reference}")
    shows(page, 2)
    with page.expect_download() as svg:
        page.locator('[data-map-act="svg"]').click()
    svg.value.save_as(tmp_path / "karta.svg")
    drawn = ET.parse(tmp_path / "karta.svg")  # noqa: S314 - made by our own page a moment ago
    texts = {one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {disk.name, base.name} <= texts
    assert any((one or "").startswith("Databaser") for one in texts)
    with page.expect_download() as png:
        page.locator('[data-map-act="png"]').click()
    png.value.save_as(tmp_path / "karta.png")
    assert (tmp_path / "karta.png").read_bytes().startswith(b"\x89PNG")


def test_impact_by_group_is_opened_from_its_picture(
    page: Page, live_server: Any, cast: Cast, chain: tuple[Item, Item, Item]
) -> None:
    disk, base, service = chain
    add_dependency(service, base, by=SYSTEM)
    sign_in(page, cast.reader, live_server)
    page.goto(f"/items/{disk.reference}/impact/")
    drawing = page.locator("main svg.hh-near")
    expect(drawing.locator("a")).to_have_count(2)
    drawing.locator("a", has_text="Lön").first.click()
    items = page.locator("section[aria-labelledby=items]")
    expect(items).to_contain_text(service.name)
    expect(items.locator(".hh-thing")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 360])
def test_pictures_and_map_are_sound_for_everybody_and_do_not_scroll_sideways(
    page: Page, live_server: Any, cast: Cast, chain: tuple[Item, Item, Item], width: int
) -> None:
    disk, base, _service = chain
    sign_in(page, cast.coordinator, live_server)
    page.set_viewport_size({"width": width, "height": 800})
    for address in (
        base.get_absolute_url(),
        f"/items/{disk.reference}/impact/",
        f"/map/?start={base.reference}",
        "/map/",
    ):
        page.goto(address)
        is_scripted(page)
        assert (address, faults_of(page)) == (address, [])
        assert (address, wide_parts(page)) == (address, [])
