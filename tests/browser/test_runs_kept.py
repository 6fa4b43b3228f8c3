"""What a browser keeps of runs: for one person, of one edition of the product; and when it can keep nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from helhet.routines.actions import answer_step
from helhet.routines.models import Run, RunStep
from helhet.routines.tests.written import make_routine
from tests.browser.conftest import Complaints
from tests.browser.walking import sign_in
from tests.world import Cast, as_caller

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
DONE = "Klart, nästa steg"
FULL = "() => { IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError') } }"
OWN = "#hh-run[data-ready]"


def begin(page: Page, cast: Cast, live_server: Any) -> None:
    """Let the reader begin a run."""
    sign_in(page, cast.reader, live_server)
    page.goto(make_routine(group=cast.group).get_absolute_url())
    page.get_by_role("button", name="Kör rutinen").click()
    expect(page.locator(OWN)).to_be_attached()


def answer_without_network(page: Page, cast: Cast, live_server: Any) -> str:
    """Let the reader begin a run and answer its first step while no answer gets through: the run's address."""
    begin(page, cast, live_server)
    page.context.route("**/answers/", lambda route: route.abort())
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_contain_text("1 svar")
    return page.url


def boxes(page: Page) -> list[str]:
    """The boxes of kept pages in the browser, by name."""
    return list(page.evaluate("caches.keys()"))


def test_answers_kept_by_one_person_wait_for_him_while_another_uses_the_browser(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    own_run = answer_without_network(page, cast, live_server)
    assert [name.split()[-1] for name in boxes(page)] == [str(cast.reader.pk)]
    page.locator("[data-sign-out]").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/sign-in/")
    assert boxes(page) == []

    sign_in(page, cast.member, live_server)
    page.context.unroute("**/answers/")
    page.goto(own_run)
    expect(page.locator(OWN)).to_be_attached()
    expect(page.locator(".hh-step.now h2")).to_have_text("Kontrollera larmet")
    expect(page.locator("#hh-run-net")).to_be_hidden()
    assert [name.split()[-1] for name in boxes(page)] == [str(cast.member.pk)]
    assert not RunStep.objects.exists()

    # The session ends without a word, and the first is back.
    sign_in(page, cast.reader, live_server)
    page.goto(own_run)
    expect(page.locator(".hh-step.now h2")).to_have_text("Läs köns längd")
    expect(page.locator("#hh-run-net")).to_be_hidden()
    expect(page.locator(OWN)).to_be_attached()
    assert [row.user_id for row in RunStep.objects.all()] == [cast.reader.pk]
    assert [name.split()[-1] for name in boxes(page)] == [str(cast.reader.pk)]
    complaints.found = [one for one in complaints.found if "ERR_FAILED" not in one]


def test_a_browser_whose_store_is_full_says_so_and_sends_answers_and_end_in_order(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    begin(page, cast, live_server)
    page.evaluate(FULL)
    page.context.set_offline(True)
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_contain_text("Lämna sidan öppen tills de har skickats: 1.")
    page.get_by_label("Värde").fill("12")
    page.get_by_role("button", name=DONE).click()
    page.get_by_text("Avsluta körningen", exact=True).click()
    page.get_by_role("button", name="Avbryt körningen").click()
    expect(page.locator("#hh-run-net")).to_contain_text("skickats: 3.")
    expect(page.locator("#hh-run-ending")).to_be_hidden()
    assert not RunStep.objects.exists()
    page.context.set_offline(False)
    expect(page.locator(".hh-ended")).to_be_visible(timeout=20_000)
    assert list(RunStep.objects.order_by("pk").values_list("step", flat=True)) == ["check", "queue"]
    assert Run.objects.get().outcome == "abandoned"
    complaints.found = [one for one in complaints.found if "ERR_INTERNET_DISCONNECTED" not in one]


def test_answers_of_a_run_that_was_left_without_network_are_sent_from_any_other_page(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    own_run = answer_without_network(page, cast, live_server)
    page.goto("/groups/")
    page.context.unroute("**/answers/")
    with page.expect_response("**/answers/"):
        page.goto("/routines/")
    # It is held until the answers are sent and the run's kept page is fetched anew.
    page.evaluate("navigator.locks.request('helhet-runs', () => null)")
    assert page.evaluate("localStorage.getItem('helhet:runs-wait')") is None
    assert [(row.step, row.user_id) for row in RunStep.objects.all()] == [("check", cast.reader.pk)]
    page.context.set_offline(True)
    page.goto(own_run)
    expect(page.locator(".hh-step.now h2")).to_have_text("Läs köns längd")
    page.context.set_offline(False)
    complaints.found = [one for one in complaints.found if "ERR_" not in one]


def test_what_an_older_edition_kept_is_fetched_anew_and_its_files_go(page: Page, cast: Cast, live_server: Any) -> None:
    begin(page, cast, live_server)
    (name,) = boxes(page)
    old = {"name": f"helhet-runs 0 {cast.reader.pk}", "path": page.url}
    page.evaluate("async ({name, path}) => (await caches.open(name)).put(path, new Response('old'))", old)
    page.goto("/routines/")
    page.get_by_role("link", name="Omstart av motorn").click()
    page.get_by_role("button", name="Kör rutinen").click()
    expect(page.locator(OWN)).to_be_attached()
    assert boxes(page) == [name]
    text = page.evaluate("async (path) => (await (await caches.match(path)).text())", old["path"])
    assert "hh-run-data" in text


def test_an_answer_kept_without_network_that_comes_second_holds_nothing_back_and_is_chosen_about(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    answer_without_network(page, cast, live_server)
    run = Run.objects.get()
    for number, answer in enumerate(("12", "")):
        if answer:
            page.get_by_label("Värde").fill(answer)
        page.get_by_role("button", name=DONE).click()
        expect(page.locator("#hh-run-net")).to_contain_text(f"{number + 2} svar")
    # A colleague answers the same step meanwhile, and otherwise, so that the third no longer applies.
    for step, value in (("check", ""), ("queue", "5")):
        answer_step(run.pk, by=as_caller(cast.member), key=f"annan-{step}-1", step=step, state="done", value=value)
    page.get_by_label("Ditt svar").fill("Det blinkade")
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_contain_text("4 svar")
    page.context.unroute("**/answers/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-choice]")).to_have_count(2)
    expect(page.locator("#hh-run-refused")).to_contain_text("Vänta: Steget gäller inte")
    expect(page.locator("#hh-run-net")).to_be_hidden()
    assert RunStep.objects.get(step="note", counts=True).value == "Det blinkade"
    (queue,) = page.locator("[data-choice]").filter(has_text="Läs köns längd").all()
    queue.get_by_role("button", name="Ta mitt svar").click()
    expect(page.locator("[data-choice]")).to_have_count(1)
    expect(page.locator("#hh-run[data-ready]")).to_be_attached()
    page.get_by_role("button", name="Försök igen").click()
    expect(page.locator("#hh-run-refused")).to_be_hidden()
    page.get_by_role("button", name="Behåll det som gäller").click()
    expect(page.locator("[data-choice]")).to_have_count(0)
    counted = RunStep.objects.filter(counts=True).order_by("pk").values_list("step", "value", "user_id")
    assert set(counted) == {
        ("check", "", cast.member.pk), ("queue", "12", cast.reader.pk), ("note", "Det blinkade", cast.reader.pk),
        ("wait", "", cast.reader.pk),
    }  # fmt: skip
    assert RunStep.objects.count() == 6
    complaints.found = [one for one in complaints.found if "ERR_FAILED" not in one and "409" not in one]


def test_a_large_photo_comes_through_a_weak_connection_once(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints, tmp_path: Path
) -> None:
    sign_in(page, cast.reader, live_server)
    steps = [{"id": "foto", "title": "Fotografera", "input": "photo"}, {"id": "sist", "title": "Sist"}]
    page.goto(make_routine(group=cast.group, steps=steps).get_absolute_url())
    page.get_by_role("button", name="Kör rutinen").click()
    expect(page.locator(OWN)).to_be_attached()
    photo = tmp_path / "rack.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(8 * 1024 * 1024))
    wire = page.context.new_cdp_session(page)
    weak = {"offline": False, "latency": 100, "downloadThroughput": 400_000, "uploadThroughput": 350_000}
    wire.send("Network.emulateNetworkConditions", weak)
    page.get_by_label("Foto").set_input_files(photo)
    page.get_by_role("button", name=DONE).click()
    expect(page.locator(".hh-step.now h2")).to_have_text("Sist")
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_be_hidden(timeout=90_000)
    assert list(RunStep.objects.order_by("pk").values_list("step", "state")) == [("foto", "done"), ("sist", "done")]
    kept = RunStep.objects.get(step="foto").photo
    assert kept is not None
    assert kept.size == photo.stat().st_size
    assert complaints.found == []


def test_what_was_answered_after_the_session_had_ended_is_sent_when_its_person_is_back(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    begin(page, cast, live_server)
    page.context.set_offline(True)
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_contain_text("1 svar")
    Session.objects.all().delete()
    page.context.set_offline(False)
    expect(page.locator("#hh-run-net")).to_contain_text("Logga in igen", timeout=20_000)
    page.get_by_label("Värde").fill("12")
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_contain_text("Logga in igen")
    assert not RunStep.objects.exists()
    # In another tab, which sends what is kept when the first one is closed; the first one sends it itself.
    other = page.context.new_page()
    sign_in(other, cast.reader, live_server)
    # Signing in makes a new token, which the first tab does not have.
    other.context.add_cookies([{"name": settings.CSRF_COOKIE_NAME, "value": "x" * 32, "url": str(live_server)}])
    other.goto("/routines/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#hh-run-net")).to_be_hidden(timeout=40_000)
    assert list(RunStep.objects.order_by("pk").values_list("step", "value")) == [("check", ""), ("queue", "12")]
    other.close()
    complaints.found = [
        one for one in complaints.found if "ERR_INTERNET_DISCONNECTED" not in one and not re.search("40[13]", one)
    ]


def test_a_form_sent_before_the_scripts_were_there_and_refused_leaves_the_run_at_its_own_address(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    begin(page, cast, live_server)
    own_run = page.url
    with page.expect_navigation(url="**/answers/"):
        page.locator("#hh-answer").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    expect(page.locator(OWN)).to_be_attached()
    assert page.url == own_run
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_be_hidden()
    expect(page.locator("#hh-run-done [data-done]")).to_have_count(1)
    page.reload()
    expect(page.locator(".hh-step.now h2")).to_have_text("Läs köns längd")
    complaints.found = [one for one in complaints.found if "422" not in one]


def test_what_is_refused_without_a_word_is_told_and_not_sent_for_ever(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    begin(page, cast, live_server)
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=413, content_type="text/html", body="<title>413 Request Entity Too Large</title>")

    page.context.route("**/answers/", refuse)
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-refused")).to_contain_text("Servern tog inte emot det (HTTP 413).")
    assert len(asked) == 1
    page.context.unroute("**/answers/")
    page.get_by_role("button", name="Försök igen").click()
    expect(page.locator("#hh-run-refused")).to_be_hidden()
    expect(page.locator("#hh-run-net")).to_be_hidden()
    assert RunStep.objects.get().step == "check"
    complaints.found = [one for one in complaints.found if "413" not in one]


def test_two_tabs_of_one_run_send_each_answer_once(
    page: Page, cast: Cast, live_server: Any, complaints: Complaints
) -> None:
    answer_without_network(page, cast, live_server)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#hh-run-net")).to_contain_text("1 svar")
    expect(other.locator(".hh-step.now h2")).to_have_text("Läs köns längd")
    page.context.unroute("**/answers/")
    for one in (page, other):
        one.evaluate("dispatchEvent(new Event('online'))")
    for one in (page, other):
        expect(one.locator("#hh-run-net")).to_be_hidden(timeout=40_000)
    assert [(row.step, row.waits) for row in RunStep.objects.all()] == [("check", False)]
    other.close()
    complaints.found = [one for one in complaints.found if "ERR_FAILED" not in one]
