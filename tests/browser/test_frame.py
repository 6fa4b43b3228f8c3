"""What goes with every page and has to bear a slow network and a keyboard: the palette, the scope, work that polls."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from helhet.groups.models import Group
from helhet.kit.jobs.models import Job, JobState
from helhet.search.indexing import index_all
from tests.browser.walking import faults_of, is_scripted, sign_in
from tests.world import Cast, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def test_what_is_typed_into_the_palette_wins_over_an_earlier_slow_answer(page: Page, live_server: Any) -> None:
    cast = Cast()
    make_item("Journalsystem", kind="application")
    index_all()
    sign_in(page, cast.reader, live_server)

    def slowly(route: Route) -> None:
        time.sleep(0.6)
        route.continue_()

    page.route(re.compile(r"/palette/\?q=$"), slowly)
    page.goto("/groups/")
    is_scripted(page)
    page.keyboard.press("Control+k")
    page.locator("#hh-palette input[type=search]").press_sequentially("journalsy", delay=5)
    expect(page.locator("#hh-hits")).to_contain_text("Journalsystem")
    page.wait_for_timeout(800)
    expect(page.locator("#hh-hits")).to_contain_text("Journalsystem")


def test_any_group_is_looked_through_from_the_keyboard(page: Page, live_server: Any) -> None:
    cast = Cast()
    make_item("Alpha", says=cast.other_group)
    sign_in(page, cast.reader, live_server)
    page.goto("/groups/")
    is_scripted(page)
    menu = page.locator(".hh-scope summary")
    menu.focus()
    menu.press("Enter")
    choice = page.locator(".hh-scope .hh-pop").get_by_role("link", name=cast.other_group.name)
    expect(choice).to_be_visible()
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    expect(menu).to_be_focused()
    menu.press("Enter")
    choice.press("Enter")
    expect(page).to_have_url(re.compile(f"scope={cast.other_group.reference}"))
    expect(menu).to_have_text(re.compile(cast.other_group.name))


def test_work_that_is_polled_keeps_the_focus_of_the_keyboard_and_stops_asking(page: Page, live_server: Any) -> None:
    cast = Cast()
    now = timezone.now()
    job = Job.objects.create(
        name="kit.tidy_jobs", caller_id=cast.administrator.pk, state=JobState.RUNNING, done=1, total=9,
        created_at=now, due_at=now, started_at=now,
    )  # fmt: skip
    sign_in(page, cast.administrator, live_server)
    page.goto(f"/jobs/{job.pk}/")
    is_scripted(page)
    stop = page.locator(".hh-job form button")
    stop.focus()
    Job.objects.filter(pk=job.pk).update(done=7)
    expect(page.locator(".hh-job [role=status]")).to_contain_text("7 av 9")
    expect(stop).to_be_focused()
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=now)
    expect(page.locator(".hh-job")).to_contain_text("Klart")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_200)
    assert asked == []


def test_the_mandate_of_a_group_is_written_where_it_stands(page: Page, live_server: Any) -> None:
    cast = Cast()
    sign_in(page, cast.coordinator, live_server)
    page.goto(cast.group.get_absolute_url())
    is_scripted(page)
    page.locator("#field-mandate").get_by_role("link").click()
    field = page.locator("#field-mandate textarea")
    expect(field).to_be_focused()
    field.fill("Svarar för nätet.\nDygnet runt.")
    page.locator("#field-mandate button[type=submit]").click()
    expect(page.locator("#field-mandate")).to_contain_text("Dygnet runt.")
    assert Group.objects.get(pk=cast.group.pk).mandate == "Svarar för nätet.\nDygnet runt."


def test_the_api_can_be_tried_from_its_page(page: Page, live_server: Any) -> None:
    cast = Cast()
    make_item("Journalsystem", kind="application")
    sign_in(page, cast.administrator, live_server)
    page.goto("/api/v1/docs")
    operation = page.locator(".opblock", has=page.get_by_text("/api/v1/kinds", exact=True)).first
    operation.locator(".opblock-summary").first.click(timeout=30_000)
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table")).to_contain_text("business_service")
