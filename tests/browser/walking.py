"""What walks share: signing in, dressing a page, and looking it over."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from helhet.accounts.models import User

PATIENCE = 15_000
"""Milliseconds. Walks run beside other tests: what must come may come late, and only what never comes fails."""


def sign_in(page: Page, user: User, live_server: Any) -> None:
    """Give the page the user's session."""
    client = Client()
    client.force_login(user)
    for name, morsel in client.cookies.items():
        page.context.add_cookies([{"name": name, "value": morsel.value, "url": str(live_server)}])


def faults_of(page: Page) -> list[tuple[str, str]]:
    """What axe finds on the page: the rule, and the first place that breaks it."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in found]


def wide_parts(page: Page) -> list[str]:
    """What makes the page scroll sideways: the parts that reach beyond its edge, empty when it does not scroll."""
    return list(
        page.evaluate(
            """() => {
                const edge = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= edge) return [];
                return [...document.querySelectorAll("body *")]
                    .filter((one) => one.getBoundingClientRect().right > edge + 1)
                    .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`);
            }"""
        )
    )


def is_scripted(page: Page) -> None:
    """Wait until scripts have taken hold of the page."""
    expect(page.locator("html[data-scripted]")).to_be_attached()
