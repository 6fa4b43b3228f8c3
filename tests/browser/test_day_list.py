"""The day list on a phone, from shift to shift, and the way from a few words to the task of a run that failed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helhet.groups.answering import assign_by_hand
from helhet.routines.actions.operations import create_operation
from helhet.routines.models import Occurrence
from helhet.routines.tests.written import make_routine
from helhet.search.indexing import index_all
from tests.browser.walking import faults_of, is_scripted, sign_in, wide_parts
from tests.world import DAY, SYSTEM, Cast, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
TAPE, LOG = "Byt band i kopieroboten", "Läs nattens logg"


def night(cast: Cast) -> None:
    """Two operational tasks of Drift: one is from yesterday, one is today's."""
    robot = make_item("Kopierobot")
    assign_by_hand([robot.pk], cast.group, by=SYSTEM, on=DAY)
    for title in (LOG, TAPE):
        create_operation(
            by=SYSTEM, title=title, item=robot.reference, rule="FREQ=MONTHLY", first_on=timezone.localdate(), minutes=10
        )
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Occurrence.objects.filter(task__title=TAPE).update(due_on=yesterday)


def test_a_shift_does_its_day_on_a_phone_and_the_next_one_sees_it(page: Page, cast: Cast, live_server: Any) -> None:
    night(cast)
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, cast.member, live_server)
    page.goto("/day/")
    expect(page.locator(".hh-says")).to_contain_text("1 är försenad")
    assert page.locator("main h2").all_inner_texts()[:2] == ["Försenade", "I dag"]
    assert page.locator(".hh-dev b").all_inner_texts() == [TAPE, LOG]
    assert (wide_parts(page), faults_of(page)) == ([], [])
    page.get_by_role("link", name=f"Ange tid {TAPE}").click()
    page.get_by_label("Använda minuter").fill("25")
    page.get_by_role("button", name="Klart").click()
    page.get_by_role("link", name=f"Hoppa över {LOG}").click()
    page.get_by_label("Varför").fill("Loggen roteras i natt")
    assert (wide_parts(page), faults_of(page)) == ([], [])
    page.get_by_role("button", name="Hoppa över den här gången").click()
    page.get_by_label("Vad de bör veta").fill("Band 7 är nytt, håll ett öga på det.")
    page.get_by_role("button", name="Lämna anteckningen").press("Enter")
    expect(page.locator(".hh-says")).to_contain_text("Inget mer ska göras i dag")

    sign_in(page, cast.chair, live_server)
    page.goto("/day/")
    expect(page.locator("main")).to_contain_text("Band 7 är nytt")
    closed = page.locator("section[aria-labelledby=closed]")
    expect(closed).to_contain_text(TAPE)
    expect(closed).to_contain_text("Loggen roteras i natt")
    assert (wide_parts(page), faults_of(page)) == ([], [])
    page.get_by_role("button", name="Jag har läst den").click()
    expect(page.locator("section[aria-labelledby=notes]")).to_be_hidden()
    told = Occurrence.objects.order_by("due_on").values_list("state", "minutes", "reason", "closed_by")
    who = str(cast.member)
    assert list(told) == [("done", 25, "", who), ("skipped", None, "Loggen roteras i natt", who)]


def test_a_few_words_lead_to_the_routine_and_a_failed_step_to_the_groups_task(
    page: Page, cast: Cast, live_server: Any
) -> None:
    make_routine(group=cast.group, symptoms="Journalen är seg")
    index_all()
    sign_in(page, cast.reader, live_server)
    page.goto("/groups/")
    is_scripted(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("segt i journal")
    expect(page.locator("#hh-hits [aria-selected=true]")).to_contain_text("Omstart av motorn")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Omstart av motorn")
    page.get_by_role("button", name="Kör rutinen").click()
    expect(page.locator("#hh-run[data-ready]")).to_be_attached()
    page.get_by_role("button", name="Gick inte").click()
    page.get_by_text("Avsluta körningen", exact=True).click()
    page.locator("#end-note").fill("Inget larm syns")
    page.get_by_role("button", name="Det misslyckades").click()
    expect(page.locator(".hh-ended")).to_be_visible()
    page.goto(cast.group.get_absolute_url())
    page.get_by_role("link", name="Rutinen Omstart av motorn misslyckades").first.click()
    expect(page.locator("main")).to_contain_text("Inget larm syns")
    expect(page.locator("main")).to_contain_text("Drift")
