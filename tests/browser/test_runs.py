"""A routine is found and run: on a phone whose network goes away in the middle, and with a step that fails."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from helhet.groups.models import Task
from helhet.routines.models import Run, RunStep
from helhet.routines.tests.written import make_routine
from tests.browser.conftest import Complaints
from tests.browser.walking import faults_of, sign_in, wide_parts
from tests.world import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
DONE = "Klart, nästa steg"


def now(page: Page, title: str) -> None:
    """Wait until the step with this title is the one to do."""
    expect(page.locator(".hh-step.now h2")).to_have_text(title)


def answered() -> list[tuple[str, str]]:
    """What the server has, in order."""
    return list(RunStep.objects.order_by("pk").values_list("step", "state"))


def begin(page: Page, cast: Cast, live_server: Any) -> None:
    """Find the routine by its symptom and run it."""
    make_routine(group=cast.group, symptoms="Journalen är seg")
    sign_in(page, cast.reader, live_server)
    page.goto("/routines/")
    page.get_by_label("Sök en rutin").fill("seg")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Omstart av motorn").click()
    page.get_by_role("button", name="Kör rutinen").click()
    now(page, "Kontrollera larmet")
    expect(page.locator("#hh-run[data-ready]")).to_be_attached()


def test_a_run_on_a_phone_loses_and_doubles_nothing_when_the_network_goes_away(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    begin(page, cast, live_server)
    assert (wide_parts(page), faults_of(page)) == ([], [])
    with page.expect_response("**/answers/"):
        page.get_by_role("button", name=DONE).click()
    now(page, "Läs köns längd")
    expect(page.locator("#hh-run-place")).to_have_text("Steg 2 av 4, ")
    expect(page.locator("#hh-run-bar")).to_have_attribute("aria-label", "1 av 4 steg")
    # Not before the phone knows that the answer has come in: one whose reply is lost is rightly kept and sent again.
    expect(page.locator("#hh-run-net")).to_have_attribute("data-left", "0")
    page.context.set_offline(True)
    page.get_by_label("Värde").fill("12")
    page.get_by_role("button", name=DONE).click()
    now(page, "Vänta")
    page.get_by_role("button", name=DONE).click()
    now(page, "Skriv vad du såg")
    expect(page.locator("#hh-run-net")).to_contain_text("Inget nät. 2 svar sparade i telefonen")
    page.reload()
    now(page, "Skriv vad du såg")
    expect(page.locator("#hh-run-net")).to_contain_text("2 svar")
    assert answered() == [("check", "done")]
    page.context.set_offline(False)
    expect(page.locator("#hh-run-net")).to_be_hidden(timeout=20_000)
    page.get_by_role("button", name="Hoppa över steget").click()
    now(page, "Meddela servicedesk")
    page.get_by_role("button", name=DONE).click()
    has_no_step_left(page)
    expect(page.locator("#hh-run-net")).to_be_hidden()
    page.reload()
    has_no_step_left(page)
    page.get_by_role("button", name="Det gick bra").click()
    expect(page.locator(".hh-ended")).to_be_visible()
    assert answered() == [("check", "done"), ("queue", "done"), ("wait", "done"), ("note", "skipped"), ("tell", "done")]
    assert Run.objects.get().outcome == "worked"
    complaints.found = [one for one in complaints.found if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_server_that_falls_while_answering_has_each_answer_once_and_a_failed_run_is_a_task(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    begin(page, cast, live_server)
    falls = iter(["taken, and the reply lost", "away", "503"])

    def fall(route: Route) -> None:
        how = next(falls, "")
        if how.startswith("taken"):
            route.fetch()
            route.abort()
        elif how == "away":
            route.abort()
        elif how:
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.context.route("**/answers/", fall)
    page.get_by_role("button", name=DONE).click()
    now(page, "Läs köns längd")
    page.get_by_label("Värde").fill("900")
    page.get_by_role("button", name=DONE).click()
    now(page, "Skriv vad du såg")
    expect(page.locator("#hh-run-net")).to_be_hidden(timeout=40_000)
    assert answered() == [("check", "done"), ("queue", "failed")]
    # Before the click that opens the ending: the server would refuse that it worked.
    expect(page.locator("[name=outcome][value=worked]")).to_be_disabled()
    expect(page.locator("[name=outcome][value=deviations]")).to_have_class("btn btn-primary")
    page.get_by_text("Avsluta körningen", exact=True).click()
    page.get_by_label("Anteckning").last.fill("Kön står still")
    page.get_by_role("button", name="Det misslyckades").click()
    page.get_by_role("link", name="Uppgiften").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Omstart av motorn")
    assert Task.objects.get().group == cast.group
    complaints.found = [one for one in complaints.found if "ERR_FAILED" not in one and "503" not in one]


def test_a_stop_that_was_not_passed_is_told_at_once_and_leaves_failed_as_the_only_end(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    stop = {"id": "check", "title": "Kontrollera larmet", "stop": True}
    make_routine(group=cast.group, steps=[stop, {"id": "tell", "title": "Meddela servicedesk"}])
    sign_in(page, cast.reader, live_server)
    page.goto("/routines/")
    page.get_by_role("link", name="Omstart av motorn").click()
    page.get_by_role("button", name="Kör rutinen").click()
    expect(page.locator("#hh-run[data-ready]")).to_be_attached()
    expect(page.locator("#hh-run-held")).to_be_hidden()
    page.context.set_offline(True)
    page.get_by_role("button", name="Gick inte").click()
    is_held(page)
    page.context.set_offline(False)
    expect(page.locator("#hh-run-net")).to_be_hidden(timeout=20_000)
    page.reload()
    is_held(page)
    assert (wide_parts(page), faults_of(page)) == ([], [])
    page.get_by_role("button", name="Det misslyckades").click()
    expect(page.locator(".hh-ended")).to_be_visible()
    assert Run.objects.get().outcome == "failed"
    complaints.found = [one for one in complaints.found if "ERR_INTERNET_DISCONNECTED" not in one]


def has_no_step_left(page: Page) -> None:
    """Every step is answered: the heading names none, the same before and after the page is read anew."""
    expect(page.locator("#hh-run-ending[open]")).to_be_attached()
    expect(page.locator("#hh-run-place")).to_be_hidden()
    expect(page.locator("#hh-run-bar")).to_have_attribute("aria-label", "5 av 5 steg")


def is_held(page: Page) -> None:
    """The page says what held the run up, counts the step as one that did not work, and offers one end."""
    expect(page.locator("#hh-run-held")).to_contain_text("”Kontrollera larmet” passerades inte")
    expect(page.locator("#hh-run-done summary")).to_contain_text("Steg klara: 0 gick inte: 1")
    expect(page.locator("#hh-run-bar li").first).to_have_class("over")
    expect(page.get_by_role("button", name="Det gick bra")).to_be_hidden()
    expect(page.get_by_role("button", name="Gick med avvikelser")).to_be_hidden()
    expect(page.get_by_role("button", name="Det misslyckades")).to_be_visible()
