"""What one person answered in a browser that another uses after: neither lost, nor shown, nor sent as the other's."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helhet.routines.models import RunStep
from helhet.routines.tests.written import make_routine
from tests.browser.conftest import Complaints
from tests.browser.walking import sign_in
from tests.world import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
DONE = "Klart, nästa steg"
OWN = "#hh-run[data-ready]"


def boxes(page: Page) -> list[str]:
    """The boxes of kept pages in the browser, by name."""
    return list(page.evaluate("caches.keys()"))


def test_answers_kept_by_one_person_wait_for_him_while_another_uses_the_browser(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    sign_in(page, cast.reader, live_server)
    page.goto(make_routine(group=cast.group).get_absolute_url())
    page.get_by_role("button", name="Kör rutinen").click()
    expect(page.locator(OWN)).to_be_attached()
    own_run = page.url
    page.context.route("**/answers/", lambda route: route.abort())
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_contain_text("1 svar")
    assert boxes(page) == [f"helhet-runs {cast.reader.pk}"]
    page.locator("[data-sign-out]").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/sign-in/")
    assert boxes(page) == []

    sign_in(page, cast.member, live_server)
    page.context.unroute("**/answers/")
    page.goto(own_run)
    expect(page.locator(OWN)).to_be_attached()
    expect(page.locator(".hh-step.now h2")).to_have_text("Kontrollera larmet")
    expect(page.locator("#hh-run-net")).to_be_hidden()
    assert boxes(page) == [f"helhet-runs {cast.member.pk}"]
    assert not RunStep.objects.exists()

    # The session ends without a word, and the first is back.
    sign_in(page, cast.reader, live_server)
    page.goto(own_run)
    expect(page.locator(".hh-step.now h2")).to_have_text("Läs köns längd")
    expect(page.locator("#hh-run-net")).to_be_hidden()
    expect(page.locator(OWN)).to_be_attached()
    assert [row.user_id for row in RunStep.objects.all()] == [cast.reader.pk]
    assert boxes(page) == [f"helhet-runs {cast.reader.pk}"]
    complaints.found = [one for one in complaints.found if "ERR_FAILED" not in one]
