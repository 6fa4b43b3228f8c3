"""The first start: the link from the terminal signs the first administrator in, once."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from helhet.accounts import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def test_the_first_link_signs_in_and_does_so_once(page: Page) -> None:
    link = actions.first_link()
    assert link is not None
    path = urlsplit(link).path
    page.goto(path)
    page.locator("main form.hh-form .btn-primary").click()
    expect(page).not_to_have_url(re.compile(r"/(sign-in|link)/"))
    expect(page.locator("h1")).to_be_visible()
    assert actions.first_link() is None


def test_whoever_is_not_signed_in_comes_to_the_sign_in_page(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/sign-in/"))
    expect(page.locator("html")).to_have_attribute("lang", "sv")


def test_every_page_uses_our_own_font_and_styles(page: Page) -> None:
    page.goto("/sign-in/")
    assert page.evaluate("document.fonts.check('14px \"Inter Variable\"')")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--hh-paper')") != ""
