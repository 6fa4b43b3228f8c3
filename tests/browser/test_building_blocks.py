"""The pattern page in a browser: nothing for axe to find in any dress, and what script adds does its work."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from helhet.accounts.models import User
from tests.world import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def sign_in(page: Page, user: User, live_server: Any) -> None:
    """Give the page the user's session."""
    client = Client()
    client.force_login(user)
    for name, morsel in client.cookies.items():
        page.context.add_cookies([{"name": name, "value": morsel.value, "url": str(live_server)}])


@pytest.fixture
def blocks(page: Page, live_server: Any) -> Page:
    """The pattern page, as a reader sees it."""
    sign_in(page, make_user("maja@example.org", name="Maja Lindqvist"), live_server)
    page.goto("/_kit/")
    expect(page.locator("html[data-scripted]")).to_be_attached()
    return page


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("sv", "light", 1280), ("en", "dark", 1280), ("sv", "dark", 360), ("en", "light", 360)],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, live_server: Any, language: str, theme: str, width: int
) -> None:
    sign_in(page, make_user("maja@example.org", name="Maja Lindqvist", access="reader"), live_server)
    User.objects.filter(email="maja@example.org").update(language=language, theme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/_kit/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_keyboard_walks_the_rows(blocks: Page) -> None:
    blocks.keyboard.press("j")
    blocks.keyboard.press("j")
    expect(blocks.locator("[data-rows] tbody tr:nth-child(2) a.hh-thing")).to_be_focused()
    blocks.keyboard.press("x")
    expect(blocks.locator("[data-count]")).to_have_text("1")
    expect(blocks.locator(".hh-bulk")).to_be_visible()
    blocks.locator("[data-select-all]").check()
    expect(blocks.locator("[data-count]")).to_have_text("3")
    blocks.keyboard.press("/")
    expect(blocks.locator("[data-filter]").first).to_be_focused()


def test_the_help_on_keys_opens_and_closes(blocks: Page) -> None:
    blocks.keyboard.press("?")
    expect(blocks.locator("#hh-keys")).to_be_visible()
    blocks.keyboard.press("Escape")
    expect(blocks.locator("#hh-keys")).to_be_hidden()


def test_menus_close_by_escape_and_by_a_click_elsewhere(blocks: Page) -> None:
    menu = blocks.locator(".hh-filter .hh-menu").first
    menu.locator("summary").first.click()
    expect(menu).to_have_attribute("open", "")
    blocks.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").first.click()
    blocks.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_the_theme_changes_at_once_and_is_kept(blocks: Page) -> None:
    blocks.locator(".hh-top .hh-menu > summary").click()
    with blocks.expect_response("**/theme/**"):
        blocks.locator(".hh-top button[name=theme][value=dark]").click()
    expect(blocks.locator("html")).to_have_attribute("data-bs-theme", "dark")
    blocks.reload()
    expect(blocks.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_paper_shows_every_column_though_it_is_as_narrow_as_a_phone(blocks: Page) -> None:
    blocks.set_viewport_size({"width": 680, "height": 900})
    hidden = blocks.locator("[data-rows] td.hh-only-wide").first
    expect(hidden).to_be_hidden()
    blocks.emulate_media(media="print")
    expect(hidden).to_be_visible()
    expect(blocks.locator("[data-rows] thead").first).to_be_visible()
