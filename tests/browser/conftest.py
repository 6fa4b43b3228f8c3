"""A browser for the walks that people take: Debian's Chromium, and our own server beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.walking import PATIENCE
from tests.world import Cast

WIDE = {"width": 1280, "height": 900}
expect.set_options(timeout=PATIENCE)


@dataclass
class Complaints:
    """What the browser complained of: errors in scripts, refusals by the content policy, calls to other hosts."""

    found: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all walks; Playwright's own downloads are never used."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Chromium: apt-get install -y chromium")
    # Playwright runs a loop of its own in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> Complaints:
    """Empty at first; a walk fails in the end when something is in it."""
    return Complaints()


def _watch(page: Page, host: str, complaints: Complaints) -> None:
    page.on("pageerror", lambda error: complaints.found.append(f"script: {error}"))
    page.on("console", lambda line: complaints.found.append(f"console: {line.text}") if line.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((host, "data:", "blob:", "about:"))
            else complaints.found.append(f"call to another host: {request.url}")
        ),
    )


@pytest.fixture
def context(chromium: Browser, live_server: object) -> Iterator[BrowserContext]:
    """A fresh visitor who reads Swedish, on a wide screen."""
    context = chromium.new_context(base_url=str(live_server), viewport=WIDE, locale="sv-SE")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    # The first page of all loads every module, beside whatever else the machine does.
    context.set_default_navigation_timeout(4 * PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, live_server: object, complaints: Complaints) -> Iterator[Page]:
    """A page of that visitor. The walk fails when the browser complained; a refusal that is meant is cleared before."""
    page = context.new_page()
    _watch(page, str(live_server), complaints)
    yield page
    assert complaints.found == []


@pytest.fixture
def cast(db: None) -> Cast:
    """Sjövik's people."""
    del db
    return Cast()
